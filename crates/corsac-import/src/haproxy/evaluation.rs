//! What samples and conditions are during an exchange.

use super::configuration::{Acl, Condition, Named, Proxy};
use super::exchange::Exchange;
use super::message::{MOST_BYTES, Values};
use super::sample::{Converter, Fetch, Header, Sample, Value};

/// The ACLs that HAProxy defines itself, and the methods of some.
const METHODS: &[(&str, &[&str])] = &[
    ("METH_CONNECT", &["CONNECT"]),
    ("METH_DELETE", &["DELETE"]),
    ("METH_GET", &["GET", "HEAD"]),
    ("METH_HEAD", &["HEAD"]),
    ("METH_OPTIONS", &["OPTIONS"]),
    ("METH_PATCH", &["PATCH"]),
    ("METH_POST", &["POST"]),
    ("METH_PUT", &["PUT"]),
    ("METH_TRACE", &["TRACE"]),
];

/// The others, for a request of a browser.
const PREDEFINED: &[(&str, bool)] = &[
    ("FALSE", false),
    ("HTTP", true),
    ("HTTP_1.0", false),
    ("HTTP_1.1", true),
    ("HTTP_2.0", false),
    ("HTTP_CONTENT", false),
    ("HTTP_URL_ABS", false),
    ("HTTP_URL_SLASH", true),
    ("HTTP_URL_STAR", false),
    ("LOCALHOST", false),
    ("RDP_COOKIE", false),
    ("REQ_CONTENT", false),
    ("TRUE", true),
    ("WAIT_END", true),
];

/// Whether HAProxy defines an ACL of this name.
pub(super) fn is_predefined(name: &str) -> bool {
    METHODS.iter().any(|(known, _)| *known == name) || PREDEFINED.iter().any(|(known, _)| *known == name)
}

impl Exchange<'_> {
    /// Whether a condition holds; `None` if that cannot be known.
    pub(super) fn holds(&self, condition: &Condition, proxy: &Proxy) -> Option<bool> {
        let mut any = Some(false);
        for terms in &condition.any {
            let mut all = Some(true);
            for term in terms {
                let holds = self.assumed.holds(&term.acl, proxy).or_else(|| match &term.acl {
                    Named::Acl(name) => self.named(name, proxy),
                    Named::Anonymous(acl) => self.acl(acl),
                });
                all = and(all, holds.map(|holds| holds != term.negated));
            }
            any = or(any, all);
        }
        any.map(|any| any != condition.unless)
    }

    fn named(&self, name: &str, proxy: &Proxy) -> Option<bool> {
        if let Some(lines) = proxy.acls.get(name) {
            let mut any = Some(false);
            for acl in lines {
                any = or(any, self.acl(acl));
            }
            return any;
        }
        if let Some((_, methods)) = METHODS.iter().find(|(known, _)| *known == name) {
            return Some(methods.contains(&self.method.as_str()));
        }
        PREDEFINED.iter().find(|(known, _)| *known == name).map(|(_, holds)| *holds)
    }

    fn acl(&self, acl: &Acl) -> Option<bool> {
        // When the response comes, what only the request has matches nothing.
        let mut any = Some(false);
        for value in self.values(&acl.sample, true)? {
            any = or(any, acl.matcher.fits(&value, &acl.keys, acl.ignores_case));
        }
        any
    }

    /// The values of a sample; `None` if they cannot be known. An ACL tries each value, and anything else takes the last.
    pub(super) fn values(&self, sample: &Sample, each: bool) -> Option<Values> {
        let is_here =
            if self.response.is_some() { !sample.is_of_request() } else { !sample.is_of_response() };
        if !is_here {
            return Some(Vec::new());
        }
        let mut values = self.fetch(&sample.fetch, each)?;
        for converter in &sample.converters {
            let mut converted = Vec::new();
            for value in values {
                let new = self.convert(converter, &value)?;
                // What does not fit into HAProxy's buffer is lost.
                converted.extend(
                    new.filter(|value| !matches!(value, Value::Text(text) if text.len() > MOST_BYTES)),
                );
            }
            values = converted;
        }
        Some(values)
    }

    fn fetch(&self, fetch: &Fetch, each: bool) -> Option<Values> {
        let text = |text: &str| vec![Value::Text(text.to_owned())];
        Some(match fetch {
            Fetch::Header(header) => {
                let mut values = self.headers(header);
                match header.occurrence {
                    Some(number) if number != 0 => {
                        let index = usize::try_from(number.unsigned_abs().saturating_sub(1)).ok()?;
                        let found =
                            if number > 0 { values.get(index) } else { values.iter().rev().nth(index) };
                        values = found.cloned().into_iter().collect();
                    }
                    _ if !each => values = values.into_iter().next_back().into_iter().collect(),
                    _ => {}
                }
                values.into_iter().map(Value::Text).collect()
            }
            Fetch::HeaderCount(header) => {
                vec![Value::Number(i64::try_from(self.headers(header).len()).unwrap_or(i64::MAX))]
            }
            Fetch::Method => text(&self.method),
            Fetch::OriginalMethod => text(self.asked.method),
            Fetch::Path => text(&self.path),
            Fetch::OriginalUrl => text(self.asked.path),
            Fetch::Base => text(&format!("{}{}", self.host, self.path)),
            Fetch::Variable { name, default } => {
                let value = self.variables.get(name).or(default.as_ref());
                value.map(|value| Value::Text(value.clone())).into_iter().collect()
            }
            Fetch::Captured(slot) => {
                self.captured.get(*slot).cloned().flatten().map(Value::Text).into_iter().collect()
            }
            Fetch::Constant(value) => vec![value.clone()],
            Fetch::Status => {
                let status = self.response.as_ref().map(|response| Value::Number(i64::from(response.status)));
                status.into_iter().collect()
            }
            Fetch::Tls => vec![Value::Boolean(self.asked.scheme == "https")],
            Fetch::Port => vec![Value::Number(if self.asked.scheme == "https" { 443 } else { 80 })],
            Fetch::Host => text(&self.host),
            Fetch::Servers(name) => {
                let backend = self.configuration.proxies.iter().find(|proxy| proxy.name == *name)?;
                vec![Value::Number(i64::try_from(backend.servers).unwrap_or(i64::MAX))]
            }
            // A preflight never has a password. Whether another request has the right one, nobody knows.
            Fetch::Credentials if self.asked.method == "OPTIONS" => vec![Value::Boolean(false)],
            Fetch::Credentials | Fetch::Unknown(_) => return None,
            Fetch::Absent => Vec::new(),
        })
    }

    /// The values of a header: its lines, or what commas separate in them.
    fn headers(&self, header: &Header) -> Vec<String> {
        let mut lines: Vec<&str> = Vec::new();
        match (&self.response, header.of_request) {
            (Some(response), false) => lines.extend(
                response.lines.iter().filter(|line| line.name == header.name).map(|line| line.value.as_str()),
            ),
            (None, true) => lines.extend(
                self.request.iter().filter(|(name, _)| *name == header.name).map(|(_, value)| value.as_str()),
            ),
            _ => {}
        }
        if lines.is_empty() && header.of_request && header.name == "host" {
            lines.push(&self.host);
        }
        if header.whole {
            return lines.into_iter().map(str::to_owned).collect();
        }
        let parts = lines.into_iter().flat_map(|line| line.split(','));
        parts.map(|part| part.trim().to_owned()).collect()
    }

    /// What a converter makes of a value: nothing, if there is none for it. `None` if that cannot be known.
    fn convert(&self, converter: &Converter, value: &Value) -> Option<Option<Value>> {
        let text = value.text();
        if let Some(converted) = converter.of_text(&text) {
            return Some(converted.map(Value::Text));
        }
        Some(match converter {
            Converter::Concat { before, variable, after } => {
                let inside = variable.as_ref().and_then(|name| self.variables.get(name));
                Some(Value::Text(format!("{text}{before}{}{after}", inside.map_or("", String::as_str))))
            }
            Converter::Map(map) => {
                let found = map.keys.iter().find(|(key, _)| map.matcher.fits_one(&text, key, false));
                found.map(|(_, value)| value).or(map.default.as_ref()).cloned().map(Value::Text)
            }
            Converter::Length => Some(Value::Number(i64::try_from(text.len()).unwrap_or(i64::MAX))),
            Converter::Compare { variable } => {
                let order = self.variables.get(variable).map(|other| text.as_str().cmp(other.as_str()));
                order.map(|order| Value::Number(order as i64))
            }
            Converter::Either { yes, no } => {
                let is_true = !matches!(text.as_str(), "0" | "");
                Some(Value::Text(if is_true { yes.clone() } else { no.clone() }))
            }
            Converter::Not => Some(Value::Boolean(matches!(text.as_str(), "0" | ""))),
            // The others need nothing but the text.
            _ => return None,
        })
    }
}

fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}
