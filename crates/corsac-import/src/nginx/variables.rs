//! The values of variables, for one request.

use super::expression::{Captured, Expression};
use super::model::Map;
use super::run::Run;
use super::value::{Part, Value};

/// The longest value. Longer ones are cut, so that no sequence of `set` can grow without end.
const LONGEST: usize = 16 << 10;
const WORK_OF_VARIABLE: usize = 200;
/// The most levels of maps of maps.
const MOST_LEVELS: usize = 50;

impl Run<'_> {
    pub(super) fn value(&mut self, value: &Value) -> String {
        let mut text = String::new();
        for part in &value.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Variable(name) => text.push_str(&self.variable(name)),
                Part::Group(number) => {
                    text.push_str(self.groups.get(number.saturating_sub(1)).map_or("", String::as_str));
                }
            }
            if text.len() > LONGEST {
                let mut end = LONGEST;
                while !text.is_char_boundary(end) {
                    end = end.saturating_sub(1);
                }
                text.truncate(end);
                break;
            }
        }
        text
    }

    /// The value of a variable; empty if there is none.
    pub(super) fn variable(&mut self, name: &str) -> String {
        if self.work == 0 || self.levels > MOST_LEVELS {
            return String::new();
        }
        let value = self.looked_up(name);
        self.work = self.work.saturating_sub(WORK_OF_VARIABLE.saturating_add(value.len()));
        value
    }

    fn looked_up(&mut self, name: &str) -> String {
        if let Some(value) = self.set.get(name).or_else(|| self.mapped.get(name)) {
            return value.clone();
        }
        let configuration = self.configuration;
        match configuration.maps.get(name) {
            Some(map) => {
                self.levels = self.levels.saturating_add(1);
                let value = self.mapped_by(map);
                self.levels = self.levels.saturating_sub(1);
                if !map.is_volatile {
                    self.mapped.insert(name.to_owned(), value.clone());
                }
                value
            }
            None => self.built_in(name).unwrap_or_default(),
        }
    }

    fn mapped_by(&mut self, map: &Map) -> String {
        let source = self.value(&map.source);
        let value = map.value(&source, |expression| self.matches(expression, &source));
        self.value(value)
    }

    /// Whether an expression matches; what it captures is kept.
    pub(super) fn matches(&mut self, expression: &Expression, text: &str) -> bool {
        let Some(left) = self.work.checked_sub(expression.cost(text.len())) else { return false };
        self.work = left;
        // Most do not match, and to find that out is cheaper.
        let captured = expression.is_match(text).then(|| expression.captures(text)).flatten();
        captured.is_some_and(|captured| {
            self.keep(captured);
            true
        })
    }

    pub(super) fn keep(&mut self, captured: Captured) {
        self.groups = captured.groups;
        self.set.extend(captured.named);
    }

    fn built_in(&self, name: &str) -> Option<String> {
        let asked = self.asked;
        if let Some(header) = name.strip_prefix("http_") {
            let header = header.replace('_', "-");
            return if header == "host" { Some(self.host.clone()) } else { asked.header(&header) };
        }
        if let Some(header) = name.strip_prefix("upstream_http_") {
            let lines = self.is_from_upstream.then_some(&asked.behind.headers)?;
            return joined(lines.iter().map(|(name, value)| (name.as_str(), value.as_str())), header);
        }
        if let Some(header) = name.strip_prefix("sent_http_") {
            return joined(self.lines.iter().map(|line| (line.name.as_str(), line.value.as_str())), header);
        }
        if let Some(argument) = name.strip_prefix("arg_") {
            let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
            return pairs
                .into_iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(argument))
                .map(|(_, value)| value.to_owned());
        }
        if let Some(cookie) = name.strip_prefix("cookie_") {
            let cookies = asked.header("cookie")?;
            let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
            return pairs
                .find(|(key, _)| key.eq_ignore_ascii_case(cookie))
                .map(|(_, value)| value.to_owned());
        }
        Some(match name {
            "request_method" => self.method.clone(),
            "uri" | "document_uri" => self.uri.clone(),
            "request_uri" => asked.path.to_owned(),
            "args" | "query_string" => self.query.clone(),
            "is_args" if self.query.is_empty() => String::new(),
            "is_args" => "?".to_owned(),
            "host" => self.host.to_ascii_lowercase(),
            "scheme" => asked.scheme.to_owned(),
            "https" if asked.scheme == "https" => "on".to_owned(),
            "server_port" if asked.scheme == "https" => "443".to_owned(),
            "server_port" => "80".to_owned(),
            "server_name" => self.server.first_name(),
            "server_protocol" => "HTTP/1.1".to_owned(),
            "request" => format!("{} {} HTTP/1.1", self.method, asked.path),
            "request_filename" => format!("/var/www{}", self.uri),
            "document_root" => "/var/www".to_owned(),
            "remote_addr" => "203.0.113.7".to_owned(),
            "status" => self.status.to_string(),
            "upstream_status" if self.is_from_upstream => asked.behind.status.to_string(),
            "nginx_version" => "1.28.0".to_owned(),
            _ => return None,
        })
    }
}

/// All lines of a header whose name is written with `_`.
fn joined<'l>(lines: impl Iterator<Item = (&'l str, &'l str)>, header: &str) -> Option<String> {
    let values: Vec<&str> = lines
        .filter(|(name, _)| name.to_ascii_lowercase().replace('-', "_") == header)
        .map(|(_, value)| value)
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// Returns `true` for a variable that nginx has itself, or one of its modules.
pub(super) fn is_built_in(name: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "http_",
        "upstream_",
        "sent_http_",
        "sent_trailer_",
        "arg_",
        "cookie_",
        "request",
        "ssl_",
        "proxy_",
        "geoip",
        "time_",
        "msec",
        "connection",
        "tcpinfo_",
        "body_",
        "bytes_",
        "content_",
        "server_",
        "remote_",
        "document_",
        "realpath_",
        "limit_",
        "gzip_",
        "pid",
        "pipe",
        "hostname",
        "host",
        "scheme",
        "https",
        "uri",
        "args",
        "is_args",
        "query_string",
        "status",
        "nginx_version",
        "binary_remote_addr",
        "uid_",
        "invalid_referer",
        "fastcgi_",
        "jwt_",
        "spdy",
        "http2",
        "http3",
        "memcached_",
        "secure_link",
        "slice_range",
        "session",
        "modern_browser",
        "ancient_browser",
        "date_",
        "otel_",
        "request_id",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
