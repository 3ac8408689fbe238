//! One `CorsConfiguration`.

use crate::document::{Key, Node, Text};
use crate::files::At;
use crate::filter::{
    Allowed, Expressions, Filter, Matcher, Names, escape, joined, not_read, own, without_effect,
};
use crate::note::{NoteKind, Noted};
use crate::server::{Matching, Mentioned};

/// How a configuration is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Properties of Spring Boot. Without an origin there is no configuration.
    Boot,
    /// Properties of the gateway. Without an origin the configuration allows nobody.
    Gateway,
    /// Metadata of a route of the gateway: keys are looked up as they are written, and a text is one item.
    Metadata,
}

/// The fields of a `CorsConfiguration`.
const FIELDS: [&str; 7] = [
    "allowedOrigins",
    "allowedOriginPatterns",
    "allowedMethods",
    "allowedHeaders",
    "exposedHeaders",
    "allowCredentials",
    "maxAge",
];

pub(super) struct Reader {
    pub(super) expressions: Expressions,
    pub(super) notes: Vec<Noted>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { expressions: Expressions::default(), notes: Vec::new() }
    }

    /// Reads a [`CorsConfiguration`](https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/web/cors/CorsConfiguration.html), with the
    /// place at which it is refused at the first request, if it is. `None` if there is none in effect, or if it is not known which origins it allows.
    pub(super) fn filter(
        &mut self,
        node: &Node,
        age: Option<&str>,
        form: Form,
    ) -> Option<(Filter, Option<At>)> {
        if form == Form::Metadata {
            self.keys(node);
        }
        let mut filter = Filter::new(node.at);
        let origins = self.texts(node, "allowed-origins", form);
        let everybody = origins.iter().find(|text| text.text == "*").cloned();
        match &everybody {
            Some(star) => {
                filter.origins.push(Allowed { sent: Some("*".to_owned()), ..Allowed::any(star.at) });
            }
            None => filter.origins.extend(origins.iter().map(origin)),
        }
        for pattern in self.texts(node, "allowed-origin-patterns", form) {
            let allowed = self.pattern(&pattern);
            filter.origins.push(allowed);
        }
        let named = ["allowed-origins", "allowed-origin-patterns"];
        let is_named = named
            .iter()
            .any(|key| field(node, key, form).is_some_and(|(_, value)| !value.texts().is_empty()));
        if filter.origins.is_empty() && (form == Form::Boot || is_named) {
            return None;
        }
        // What is not set is GET and HEAD.
        let methods = self.texts(node, "allowed-methods", form);
        self.methods(&methods);
        filter.methods = Names::listed_or_asked(&methods, ",");
        if methods.is_empty() {
            let names = vec!["GET".to_owned(), "HEAD".to_owned()];
            filter.methods = Names::Listed { names, sent: "GET,HEAD".to_owned(), at: node.at };
        }
        filter.headers = Names::listed_or_asked(&self.texts(node, "allowed-headers", form), ", ");
        filter.exposed = joined(&self.texts(node, "exposed-headers", form), ", ");
        filter.max_age = age.map(|age| Text { text: age.to_owned(), at: node.at });
        if let Some((key, value)) = field(node, "max-age", form) {
            match value.text().and_then(seconds) {
                Some(seconds) => filter.max_age = Some(Text { text: seconds.to_string(), at: value.at }),
                None => self
                    .notes
                    .push(not_read(key.at, "This age is neither a number of seconds nor a duration.")),
            }
        }
        let credentials = field(node, "allow-credentials", form).or_else(|| node.relaxed("allow-credential"));
        if let Some((_, value)) = credentials
            && value.boolean() == Some(true)
        {
            filter.credentials = Some(value.at);
        }
        let fails = everybody.and(filter.credentials);
        if let Some(at) = fails {
            self.notes.push(refused(at));
        }
        Some((filter, fails))
    }

    /// Compiles a pattern: `*` stands for any characters, and `:[8080,8081]` or `:[*]` at the end for ports.
    fn pattern(&mut self, text: &Text) -> Allowed {
        let Text { text: pattern, at } = text;
        if pattern == "*" {
            return Allowed::any(*at);
        }
        // A part of a list of ports that was divided.
        if pattern.matches('[').count() != pattern.matches(']').count() {
            return Allowed { matcher: Matcher::Nothing, sent: None, mentioned: None, at: *at };
        }
        let trimmed = pattern.trim_end_matches('/');
        let ports = trimmed.strip_suffix(']').and_then(|rest| rest.rsplit_once(":["));
        let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let ports = ports.filter(|(_, ports)| *ports == "*" || ports.split(',').all(is_port));
        let (host, port) = ports.map_or((trimmed, String::new()), |(host, ports)| {
            let port =
                if ports == "*" { r"(:\d+)?".to_owned() } else { format!(":({})", ports.replace(',', "|")) };
            (host, port)
        });
        let parts: Vec<String> = host.split('*').map(escape).collect();
        let expression = format!("{}{port}", parts.join(".*"));
        let mut allowed = self.expressions.allowed(&own(expression, *at), Matching::Whole, false);
        if ports.is_none() {
            allowed.mentioned =
                Allowed::glob(&Text { text: trimmed.to_owned(), at: *at }, crate::filter::Star::Anything)
                    .mentioned;
        }
        allowed
    }

    /// The texts of a property: of a list, or of one text with commas. Placeholders count as their defaults.
    fn texts(&mut self, node: &Node, key: &str, form: Form) -> Vec<Text> {
        let Some((_, value)) = field(node, key, form) else { return Vec::new() };
        let mut texts = Vec::new();
        let is_list = matches!(value.value, crate::document::Value::List(_));
        for Text { text, at } in value.texts() {
            let Some(text) = self.resolved(&text, at) else { continue };
            if form == Form::Metadata {
                if text.contains(',') && key == "allowed-headers" {
                    let why = format!(
                        "In `metadata.cors` a text is one item, so `{text}` is the name of one header, which none has."
                    );
                    self.notes.push(without_effect(at, why, "Write a list: `[Content-Type, X-Own]`."));
                }
                texts.push(Text { text, at });
                continue;
            }
            // A list of ports is kept together only in an item of a list: one text is divided at each comma before.
            let (mut from, mut depth) = (0_usize, 0_usize);
            let mut parts = Vec::new();
            for (offset, letter) in text.char_indices() {
                match letter {
                    '[' => depth = depth.saturating_add(1),
                    ']' => depth = depth.saturating_sub(1),
                    ',' if depth == 0 || !is_list => {
                        if depth > 0 {
                            self.notes.push(divided(&text, at));
                        }
                        parts.extend(text.get(from..offset));
                        from = offset.saturating_add(1);
                    }
                    _ => {}
                }
            }
            parts.extend(text.get(from..));
            let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
            texts.extend(parts.map(|part| Text { text: part.to_owned(), at }));
        }
        texts
    }

    /// Notes keys of metadata that are not looked up.
    fn keys(&mut self, node: &Node) {
        let fold = |key: &str| key.replace(['-', '_'], "").to_ascii_lowercase();
        for (key, _) in node.entries() {
            let meant = FIELDS.iter().find(|field| fold(field) == fold(&key.text) && **field != key.text);
            if let Some(meant) = meant {
                let why = format!(
                    "In `metadata.cors` keys are looked up as they are written, so nothing reads `{}`.",
                    key.text
                );
                self.notes.push(without_effect(key.at, why, &format!("Write `{meant}`.")));
            }
        }
    }

    /// Notes methods that are none, because they are compared byte by byte.
    fn methods(&mut self, methods: &[Text]) {
        for Text { text, at } in methods {
            let upper = text.to_ascii_uppercase();
            let (why, instead) = if text.contains(',') {
                let list: Vec<&str> = text.split(',').map(str::trim).collect();
                ("a text is one item of the list here", format!("Write a list: `[{}]`.", list.join(", ")))
            } else if *text != upper {
                ("methods are compared byte by byte", format!("Write `{upper}`."))
            } else {
                continue;
            };
            let why = format!(
                "`{text}` is no method that a browser sends: {why}. Spring answers with 403 what no listed method allows."
            );
            self.notes.push(Noted::new(NoteKind::Dead, "method-never-matches", *at, why).instead(instead));
        }
    }

    /// The text with the defaults of its placeholders; `None` if one has none.
    fn resolved(&mut self, text: &str, at: At) -> Option<String> {
        let Some((before, rest)) = text.split_once("${") else { return Some(text.to_owned()) };
        let (placeholder, after) = rest.split_once('}')?;
        let (name, default) =
            placeholder.split_once(':').map_or((placeholder, None), |(name, default)| (name, Some(default)));
        let why = match default {
            Some(default) => {
                format!("`{name}` is set where the application runs. Read is its default, `{default}`.")
            }
            None => {
                format!("`{name}` is set where the application runs, so it is not known here what it is.")
            }
        };
        self.notes.push(not_read(at, why));
        let default = default?;
        if after.contains("${") {
            return None;
        }
        Some(format!("{before}{default}{after}"))
    }
}

/// A field, by its name with `-`.
fn field<'n>(node: &'n Node, key: &str, form: Form) -> Option<(&'n Key, &'n Node)> {
    if form != Form::Metadata {
        return node.relaxed(key);
    }
    let plain = key.replace('-', "");
    node.entry(FIELDS.iter().find(|field| field.eq_ignore_ascii_case(&plain))?)
        .filter(|(_, value)| !value.is_null())
}

/// A list of ports in a text that is divided at its commas.
fn divided(text: &str, at: At) -> Noted {
    let message = format!(
        "`{text}` is one text, which is divided at each comma, also between brackets. What is left before and after it never matches an origin."
    );
    Noted::new(NoteKind::Dead, "origin-never-matches", at, message)
        .instead("Write it as an item of a list, which is not divided there.")
}

/// Compared without regard to case; a slash at the end is left out.
fn origin(text: &Text) -> Allowed {
    let trimmed = text.text.strip_suffix('/').unwrap_or(&text.text);
    Allowed {
        matcher: Matcher::IgnoringCase(trimmed.to_owned()),
        sent: None,
        mentioned: Some(Mentioned::Text { text: trimmed.to_owned(), ignores_case: true }),
        at: text.at,
    }
}

fn refused(at: At) -> Noted {
    let message = "Spring refuses `*` in `allowedOrigins` together with credentials: each request gets an exception and the status 500.";
    Noted::new(NoteKind::Dead, "wildcard-with-credentials", at, message)
        .instead("Name the origins in `allowedOrigins`. `allowedOriginPatterns: \"*\"` would allow every site to act as the user.")
}

/// A number of seconds, a duration like `30m`, or one like `PT30M`.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix('p') {
        let mut total = 0_u64;
        let mut number = String::new();
        for letter in rest.chars() {
            let unit = match letter {
                't' => continue,
                '0'..='9' => {
                    number.push(letter);
                    continue;
                }
                'd' => 86_400,
                'h' => 3_600,
                'm' => 60,
                's' => 1,
                _ => return None,
            };
            total = total.checked_add(std::mem::take(&mut number).parse::<u64>().ok()?.checked_mul(unit)?)?;
        }
        return number.is_empty().then_some(total);
    }
    let digits = lower.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = lower.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    match unit.trim() {
        "ms" => Some(number.checked_div(1_000)?),
        "s" => Some(number),
        "m" => number.checked_mul(60),
        "h" => number.checked_mul(3_600),
        "d" => number.checked_mul(86_400),
        _ => None,
    }
}
