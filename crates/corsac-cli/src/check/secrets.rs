//! Removes secrets from a report: tokens, cookies and signatures, of the request and of the responses.
//!
//! A secret can appear in many places of a report: header lines, URLs, console messages, a quoted body. So all secrets are collected first, and
//! then replaced in everything that is printed.

use corsac::browser::{CompletedExchange, Exchange};
use corsac::header::names::{AUTHORIZATION, COOKIE, SET_COOKIE};
use corsac::header::{HeaderLine, is_cors_header};
use serde_json::Value;
use url::Url;

use super::controls::ControlResult;
use super::{Question, Report};
use crate::terminal::printable;

const REDACTED: &str = "REDACTED";

/// A value of this length or more is replaced everywhere. A shorter one is replaced only next to its name, because it could be a common word.
const LONG: usize = 8;

/// What [`Printable`](corsac::text::Printable) writes where it cuts.
const CUT: &str = "…";

/// The secrets of a report, each with its replacement.
pub(crate) struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Collects the secrets of a question and its report. With `--show-secrets` there are none.
    pub(crate) fn of(question: &Question, report: &Report) -> Self {
        let mut secrets = Self(Vec::new());
        if question.show_secrets {
            return secrets;
        }
        question.request.headers().iter().for_each(|line| secrets.add_line(line));
        question.cookies.iter().for_each(|cookie| secrets.add_pair(cookie));
        secrets.add_url(&question.request.init().url);
        let fetched = report.engines.iter().flat_map(|engine| &engine.fetched.exchanges);
        fetched.for_each(|completed| secrets.add_completed(completed));
        for control in &report.controls {
            match &control.result {
                ControlResult::Sent(completed) => secrets.add_completed(completed),
                ControlResult::Skipped { exchange, .. } => secrets.add_exchange(exchange),
            }
        }
        secrets.sort();
        secrets
    }

    /// Collects the secrets of some exchanges.
    pub(crate) fn of_exchanges<'c>(exchanges: impl Iterator<Item = &'c CompletedExchange>) -> Self {
        let mut secrets = Self(Vec::new());
        exchanges.for_each(|completed| secrets.add_completed(completed));
        secrets.sort();
        secrets
    }

    /// Puts the longest first, because one may contain another.
    fn sort(&mut self) {
        self.0.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        self.0.dedup();
    }

    /// Collects the secrets of a URL.
    pub(crate) fn of_url(url: &Url) -> Self {
        let mut secrets = Self(Vec::new());
        secrets.add_url(url);
        secrets
    }

    /// Returns the text with all secrets replaced.
    pub(crate) fn hide(&self, text: &str) -> String {
        let mut hidden = text.to_owned();
        for (secret, instead) in &self.0 {
            if hidden.contains(secret.as_str()) {
                hidden = hidden.replace(secret.as_str(), instead);
            }
        }
        self.hide_beginnings(&hidden)
    }

    /// Replaces the beginnings of secrets. A long value is cut when it is printed, so a part of a secret may remain before [`CUT`] or at the end.
    fn hide_beginnings(&self, text: &str) -> String {
        let parts = text.split(CUT).map(|part| {
            let beginning = |secret: &String| {
                let longest = secret.len().min(part.len());
                (LONG..longest.saturating_add(1))
                    .rev()
                    .find(|end| secret.get(..*end).is_some_and(|start| part.ends_with(start)))
            };
            let values = self.0.iter().filter(|(_, instead)| instead == REDACTED).map(|(secret, _)| secret);
            match values.filter_map(beginning).max() {
                Some(length) => {
                    let kept = part.get(..part.len().saturating_sub(length)).unwrap_or_default();
                    format!("{kept}{REDACTED}")
                }
                None => part.to_owned(),
            }
        });
        parts.collect::<Vec<_>>().join(CUT)
    }

    /// Replaces secrets in every string of a JSON value.
    pub(crate) fn hide_in(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide(text),
            Value::Array(items) => match items.as_mut_slice() {
                // A header line: its name, and its value.
                [Value::String(name), Value::String(value)]
                    if !self.0.is_empty() && is_name_of_secret_header(name) =>
                {
                    *value = without_secret(name, &self.hide(value));
                }
                items => items.iter_mut().for_each(|item| self.hide_in(item)),
            },
            Value::Object(fields) => fields.values_mut().for_each(|field| self.hide_in(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn add_completed(&mut self, completed: &CompletedExchange) {
        self.add_exchange(&completed.exchange);
        if let Some(response) = completed.response() {
            for line in &response.headers {
                self.add_line(line);
                // The URL of a redirect may contain a token.
                if let Ok(url) = completed.exchange.url.join(&line.text()) {
                    self.add_url(&url);
                }
            }
        }
        String::from_utf8_lossy(completed.body.as_deref().unwrap_or_default())
            .split(|character: char| !is_of_token(character))
            .filter(|word| is_web_token(word))
            .for_each(|word| self.add_value(word));
    }

    fn add_exchange(&mut self, exchange: &Exchange) {
        self.add_url(&exchange.url);
        exchange.headers.iter().for_each(|line| self.add_line(line));
    }

    fn add_line(&mut self, line: &HeaderLine) {
        let text = line.text();
        if line.is(AUTHORIZATION) || line.is("proxy-authorization") {
            match text.trim().split_once(' ') {
                Some((scheme, value)) => {
                    self.add(text.trim().to_owned(), format!("{scheme} {REDACTED}"));
                    self.add_value(value.trim());
                }
                None => {
                    let name = line.name.as_str();
                    self.add(format!("{name}: {}", text.trim()), format!("{name}: {REDACTED}"));
                    self.add_value(text.trim());
                }
            }
        } else if line.is(COOKIE) {
            text.split(';').for_each(|pair| self.add_pair(pair));
        } else if line.is(SET_COOKIE) {
            text.split(';').take(1).for_each(|pair| self.add_pair(pair));
        } else if is_name_of_secret_header(&line.name) && !text.trim().is_empty() {
            // A short value is replaced only next to its name.
            for name in [line.name.clone(), corsac_explain::spelled(&line.name)] {
                self.add(format!("{name}: {}", text.trim()), format!("{name}: {REDACTED}"));
            }
            self.add_value(text.trim());
        }
    }

    fn add_url(&mut self, url: &Url) {
        for pair in url.query().unwrap_or_default().split('&') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            if is_secret_name(name) || is_web_token(value) {
                self.add_pair(pair);
            }
        }
        url.path().split('/').filter(|segment| is_web_token(segment)).for_each(|token| self.add_value(token));
        if let Some(password) = url.password() {
            self.add(format!(":{password}@"), format!(":{REDACTED}@"));
        }
    }

    /// `name=value`
    fn add_pair(&mut self, pair: &str) {
        if let Some((name, value)) = pair.trim().split_once('=')
            && !value.is_empty()
        {
            self.add(pair.trim().to_owned(), format!("{name}={REDACTED}"));
            self.add_value(value);
        }
    }

    fn add_value(&mut self, value: &str) {
        if value.len() >= LONG {
            self.add(value.to_owned(), REDACTED.to_owned());
        }
    }

    /// Adds a secret. It is also replaced in the form in which [`printable`] writes it.
    fn add(&mut self, secret: String, instead: String) {
        let printed = printable(&secret);
        if printed != secret {
            self.0.push((printed, instead.clone()));
        }
        self.0.push((secret, instead));
    }
}

fn is_name_of_secret_header(name: &str) -> bool {
    !is_cors_header(name) && is_secret_name(name) && !name.eq_ignore_ascii_case("www-authenticate")
}

/// Redacts the value of a header. The scheme of `Authorization` is kept.
fn without_secret(name: &str, value: &str) -> String {
    let names_scheme = name.to_ascii_lowercase().ends_with("authorization");
    match value.split_once(' ').filter(|_| names_scheme) {
        Some((scheme, _)) => format!("{scheme} {REDACTED}"),
        None => REDACTED.to_owned(),
    }
}

/// Returns `true` for names of URL parameters and headers whose value is a signature, a token or a password.
pub(super) fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 9] = [
        "signature",
        "token",
        "secret",
        "credential",
        "password",
        "hmac",
        "apikey",
        "authorization",
        "sessionid",
    ];
    const NAMES: [&str; 10] =
        ["sig", "sign", "key", "auth", "jwt", "session", "sid", "code", "pwd", "assertion"];
    let mut name = name.to_ascii_lowercase();
    name.retain(|character| character.is_ascii_alphanumeric());
    PARTS.iter().any(|part| name.contains(part)) || NAMES.contains(&name.as_str())
}

/// Returns `true` for a JSON Web Token ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).
pub(super) fn is_web_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.matches('.').count() >= 2
}

fn is_of_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '=')
}
