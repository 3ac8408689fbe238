//! The middleware `headers`, as Traefik has it since 3.6.22 and 3.7.6.

use crate::caddy::expression::{Compiler, Expression};
use crate::document::Text;
use crate::files::At;
use crate::headers::is_of_cors;
use crate::server::{Asked, Line};

use super::declared::Setting;

/// What the middleware is set to.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers {
    credentials: Option<At>,
    pub(super) origins: Vec<Text>,
    pub(super) expressions: Vec<(Text, Option<Expression>)>,
    methods: Vec<Text>,
    request_headers: Vec<Text>,
    expose_headers: Vec<Text>,
    max_age: Option<Text>,
    vary: Option<At>,
    custom: Vec<(String, Text)>,
}

impl Headers {
    /// Reads the settings below `headers`.
    pub(super) fn read(settings: &[Setting], compiler: &mut Compiler) -> Self {
        let mut headers = Self::default();
        for setting in settings {
            let at = setting.at;
            let list = || setting.list();
            let truth = || setting.text().is_some_and(|text| text.eq_ignore_ascii_case("true")).then_some(at);
            match setting.key() {
                "accesscontrolallowcredentials" => headers.credentials = truth(),
                "accesscontrolalloworiginlist" => headers.origins.extend(list()),
                "accesscontrolalloworiginlistregex" => {
                    headers.expressions.extend(list().into_iter().map(|text| {
                        let expression = compiler.compile(&text.text);
                        (text, expression)
                    }));
                }
                "accesscontrolallowmethods" => headers.methods.extend(list()),
                "accesscontrolallowheaders" => headers.request_headers.extend(list()),
                "accesscontrolexposeheaders" => headers.expose_headers.extend(list()),
                "accesscontrolmaxage" => {
                    headers.max_age = setting.text().map(|text| Text { text: text.to_owned(), at });
                }
                "addvaryheader" => headers.vary = truth(),
                "customresponseheaders" => {
                    let name = setting.original.clone();
                    headers
                        .custom
                        .push((name, Text { text: setting.text().unwrap_or_default().to_owned(), at }));
                }
                _ => {}
            }
        }
        headers
    }

    pub(super) fn has_cors(&self) -> bool {
        self.credentials.is_some()
            || self.vary.is_some()
            || self.max_age.is_some()
            || !self.expressions.is_empty()
            || [&self.origins, &self.methods, &self.request_headers, &self.expose_headers]
                .iter()
                .any(|list| !list.is_empty())
    }

    /// Whether it sends or removes headers that CORS depends on.
    pub(super) fn is_about_cors(&self) -> bool {
        self.has_cors() || self.custom.iter().any(|(name, _)| is_of_cors(name))
    }

    /// The origin that it sends to everybody.
    pub(super) fn fixed_origin(&self) -> Option<&Text> {
        let mut custom = self.custom.iter();
        let found = custom.find(|(name, _)| name.eq_ignore_ascii_case("access-control-allow-origin"));
        found.map(|(_, text)| text)
    }

    /// Where something is allowed, if no origin is.
    pub(super) fn without_origins(&self) -> Option<At> {
        let allows_none =
            self.origins.is_empty() && self.expressions.is_empty() && self.fixed_origin().is_none();
        let lists = [&self.methods, &self.request_headers, &self.expose_headers];
        let first = lists.into_iter().flatten().map(|text| text.at);
        first.chain(self.credentials).min().filter(|_| allows_none)
    }

    /// Where it begins to answer preflights.
    pub(super) fn at(&self) -> Option<At> {
        let lists = [&self.methods, &self.origins, &self.request_headers, &self.expose_headers];
        let first = lists.into_iter().flatten().map(|text| text.at);
        first
            .chain(self.expressions.iter().map(|(text, _)| text.at))
            .chain(self.credentials)
            .chain(self.vary)
            .next()
    }

    /// The answer to a preflight, which it gives to every origin; `None` for other requests.
    pub(super) fn preflight(&self, asked: &Asked<'_>) -> Option<Vec<Line>> {
        let origin = first(asked, "Origin").filter(|origin| !origin.is_empty())?;
        let method = first(asked, "Access-Control-Request-Method").filter(|method| !method.is_empty())?;
        if !self.has_cors() || asked.method != "OPTIONS" {
            return None;
        }
        let mut lines = Vec::new();
        if let Some(at) = self.credentials {
            set(&mut lines, "Access-Control-Allow-Credentials", "true", at);
        }
        let named = first(asked, "Access-Control-Request-Headers").unwrap_or_default();
        self.allowed(&mut lines, "Access-Control-Allow-Headers", &self.request_headers, &named);
        self.allowed(&mut lines, "Access-Control-Allow-Methods", &self.methods, &method);
        if let Some((value, at)) = self.origin(&origin) {
            set(&mut lines, "Access-Control-Allow-Origin", &value, at);
        }
        if let Some(Text { text, at }) = &self.max_age {
            set(&mut lines, "Access-Control-Max-Age", text, *at);
        }
        self.exposed(&mut lines);
        Some(lines)
    }

    /// With credentials `*` stands for what was asked for.
    fn allowed(&self, lines: &mut Vec<Line>, name: &str, list: &[Text], asked_for: &str) {
        let Some(at) = list.first().map(|text| text.at) else { return };
        let star = list.iter().find(|text| text.text == "*").filter(|_| self.credentials.is_some());
        match star {
            Some(star) if !asked_for.is_empty() => set(lines, name, asked_for, star.at),
            Some(_) => {}
            None => set(lines, name, &joined(list), at),
        }
    }

    fn exposed(&self, lines: &mut Vec<Line>) {
        let Some(at) = self.expose_headers.first().map(|text| text.at) else { return };
        if self.credentials.is_none() || self.expose_headers.iter().all(|text| text.text != "*") {
            set(lines, "Access-Control-Expose-Headers", &joined(&self.expose_headers), at);
        }
    }

    /// Changes a response on its way back.
    pub(super) fn respond(&self, asked: &Asked<'_>, lines: &mut Vec<Line>) {
        for (name, Text { text, at }) in &self.custom {
            lines.retain(|line| !line.name.eq_ignore_ascii_case(name));
            if !text.is_empty() {
                lines.push(Line { name: name.clone(), value: text.clone(), at: Some(*at) });
            }
        }
        if let Some((value, at)) = self.origin(&first(asked, "Origin").unwrap_or_default()) {
            set(lines, "Access-Control-Allow-Origin", &value, at);
        }
        if let Some(at) = self.credentials {
            set(lines, "Access-Control-Allow-Credentials", "true", at);
        }
        self.exposed(lines);
        let Some(at) = self.vary else { return };
        let vary =
            lines.iter().find(|line| line.name.eq_ignore_ascii_case("vary")).map(|line| line.value.clone());
        match vary.as_deref() {
            // It knows no other spelling, and then names `Origin` twice.
            Some("Origin") => {}
            Some(vary) if !vary.is_empty() => set(lines, "Vary", &format!("{vary},Origin"), at),
            _ => set(lines, "Vary", "Origin", at),
        }
    }

    fn origin(&self, origin: &str) -> Option<(String, At)> {
        for item in &self.origins {
            if item.text == origin {
                return Some((item.text.clone(), item.at));
            }
            if item.text == "*" {
                let value = if self.credentials.is_some() { origin } else { "*" };
                return Some((value.to_owned(), item.at));
            }
        }
        let found = self.expressions.iter().find(|(_, expression)| {
            expression.as_ref().is_some_and(|expression| expression.is_match(origin))
        });
        found.map(|(text, _)| (origin.to_owned(), text.at))
    }
}

fn joined(list: &[Text]) -> String {
    list.iter().map(|text| text.text.as_str()).collect::<Vec<_>>().join(",")
}

fn set(lines: &mut Vec<Line>, name: &str, value: &str, at: At) {
    lines.retain(|line| !line.name.eq_ignore_ascii_case(name));
    lines.push(Line { name: name.to_owned(), value: value.to_owned(), at: Some(at) });
}

fn first(asked: &Asked<'_>, name: &str) -> Option<String> {
    asked.headers.all(name).next().map(|value| String::from_utf8_lossy(value).into_owned())
}
