//! The module haproxy-lua-cors: `http-request lua.cors` and `http-response lua.cors`. What it does was compared with its version 2 in HAProxy 2.6.

use super::configuration::LuaCors;
use super::exchange::{Exchange, Next};
use super::matcher::Matcher;
use super::sample::Key;
use super::syntax::Syntax;
use crate::files::At;
use crate::server::{Matching, Mentioned};

/// The arguments of haproxy-lua-cors: methods, origins, and headers. Its first version compares hosts, the second one the ends of origins.
pub(super) fn arguments(
    syntax: &mut Syntax<'_, '_>,
    arguments: &[String],
    first_version: bool,
    at: At,
) -> LuaCors {
    let argument = |index: usize| arguments.get(index).cloned().unwrap_or_default();
    let listed = argument(1);
    let mut origins = Vec::new();
    for origin in listed.split(',') {
        let pattern = if first_version { first_pattern(origin) } else { pattern(origin) };
        if let Some(pattern) = pattern {
            let expression = Some(syntax.expression(&pattern, false, at));
            origins.push(Key { at, text: origin.to_owned(), expression });
        }
    }
    LuaCors {
        methods: argument(0),
        any_origin: listed.split(',').any(|origin| origin == "*"),
        origins,
        headers: argument(2),
    }
}

/// An entry of the list as a regular expression.
fn pattern(origin: &str) -> Option<String> {
    let origin: String = origin.split_whitespace().collect();
    if origin.is_empty() {
        return None;
    }
    let has_scheme = origin.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let start = if has_scheme || origin.starts_with("//") || origin.starts_with('.') { "" } else { "//" };
    let (host, port) = match origin.strip_suffix('*').map(|host| (host, host.trim_end_matches(':'))) {
        Some((before, host)) if before.len() > host.len() => (host.to_owned(), ":+[0-9]+"),
        _ => (origin, ""),
    };
    // Lua repeats one character with these three, too.
    let escaped: String = host
        .chars()
        .map(|character| match character {
            '*' | '+' | '?' => character.to_string(),
            _ => regex_syntax::escape(character.encode_utf8(&mut [0; 4])),
        })
        .collect();
    Some(format!("{start}{escaped}{port}$"))
}

/// What the first version compares: the host with its port, or its end after a dot.
fn first_pattern(origin: &str) -> Option<String> {
    if origin.is_empty() {
        return None;
    }
    let escaped = regex_syntax::escape(origin);
    Some(if origin.starts_with('.') {
        format!("//[^/]*{escaped}(?:/|$)")
    } else {
        format!("//{escaped}(?:/|$)")
    })
}

/// The origins that an entry of the list stands for.
pub(super) fn mentioned(key: &Key) -> Vec<Mentioned> {
    let bare = key.text.trim().trim_start_matches("//");
    // Without a scheme it is for both. On the machine itself http is as good as https.
    if !bare.contains("://") && is_local(bare) {
        let text = |scheme: &str| Mentioned::Text { text: format!("{scheme}://{bare}"), ignores_case: false };
        return vec![text("http"), text("https")];
    }
    let expression = key.expression.iter().map(|expression| Mentioned::Expression {
        expression: expression.text.clone(),
        matching: Matching::Search,
        ignores_case: false,
    });
    expression.collect()
}

/// Whether a host, with or without a port, is the browser's own machine.
pub(super) fn is_local(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    (name == "localhost" || name == "127.0.0.1" || name.ends_with(".localhost"))
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the module remembers of a request.
pub(super) struct Remembered<'c> {
    origin: String,
    arguments: Option<&'c LuaCors>,
}

impl<'c> Exchange<'c> {
    pub(super) fn lua_request(&mut self, cors: &'c LuaCors, at: At) -> Next {
        let Some(origin) =
            self.request.iter().find(|(name, _)| name == "origin").map(|(_, value)| value.clone())
        else {
            return Next::Rule;
        };
        if origin.is_empty() {
            return Next::Rule;
        }
        if self.method != "OPTIONS" || cors.methods.is_empty() {
            // Without arguments it is the first version, which answers nothing.
            let arguments = (!cors.methods.is_empty()).then_some(cors);
            self.lua = Some(Remembered { origin, arguments });
            return Next::Rule;
        }
        self.own(204, Some(at), false);
        self.append("access-control-allow-methods", cors.methods.clone(), at);
        self.append("access-control-allow-headers", cors.headers.clone(), at);
        self.append("access-control-max-age", "600".to_owned(), at);
        if let Some(allowed) = allowed(cors, &origin) {
            let varies = allowed != "*";
            self.append("access-control-allow-origin", allowed, at);
            if varies {
                self.append("vary", "Accept-Encoding,Origin".to_owned(), at);
            }
        }
        Next::Answered
    }

    pub(super) fn lua_response(&mut self, first_version: Option<&LuaCors>, at: At) {
        let lua = self.lua.take();
        if let Some(cors) = first_version {
            self.append("vary", "Accept-Encoding,Origin".to_owned(), at);
            let Some(allowed) = lua.and_then(|lua| allowed(cors, &lua.origin)) else { return };
            self.append("access-control-allow-origin", allowed, at);
            if self.method == "OPTIONS" {
                self.append("access-control-allow-methods", cors.methods.clone(), at);
                self.append("access-control-max-age", "600".to_owned(), at);
            }
            return;
        }
        let Some(Remembered { origin, arguments: Some(cors) }) = lua else { return };
        let Some(allowed) = allowed(cors, &origin) else { return };
        let varies = allowed != "*";
        self.retain(|name, _| name != "access-control-allow-origin");
        self.append("access-control-allow-origin", allowed, at);
        if varies {
            self.append("vary", "Accept-Encoding,Origin".to_owned(), at);
        }
    }
}

/// What the module sends for an origin.
fn allowed(cors: &LuaCors, origin: &str) -> Option<String> {
    if cors.any_origin {
        return Some("*".to_owned());
    }
    let fits = cors.origins.iter().any(|key| Matcher::Expression.fits_one(origin, key, false));
    fits.then(|| origin.to_owned())
}
