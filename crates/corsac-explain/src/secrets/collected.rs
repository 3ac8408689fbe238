//! Removes secrets from a report: tokens, cookies and signatures, of requests and of responses.
//!
//! A secret can appear in many places of a report: header lines, URLs, console messages, a quoted body. So all secrets are collected first, and
//! then replaced in everything that is printed.

use corsac::browser::{CompletedExchange, Exchange};
use corsac::header::names::{AUTHORIZATION, COOKIE, SET_COOKIE};
use corsac::header::{HeaderLine, HeaderList, is_cors_header};
use corsac::text::Printable;
use url::Url;

use super::{REDACTED, is_secret_name, is_web_token};
use crate::spelled;

/// A value of this length or more is replaced everywhere. A shorter one is replaced only next to its name, because it could be a common word.
const LONG: usize = 8;

/// What [`Printable`] writes where it cuts.
const CUT: &str = "…";

/// A printed value is cut after this many characters.
const PRINTED: usize = 300;

/// The secrets of a report, each with its replacement.
///
/// ```
/// use corsac::browser::{CompletedExchange, Exchange, ExchangeKind, ResponseHead};
/// use corsac_explain::Secrets;
///
/// let exchange = Exchange::new(ExchangeKind::Request, "GET", "https://api.example/?page=2&access_token=t0p-s3cret".parse().unwrap());
/// let response = ResponseHead::new(200, [("Set-Cookie", "id=abcdefgh; Path=/")]);
/// let mut secrets = Secrets::default();
/// secrets.add_completed(&CompletedExchange::new(exchange, Ok(response)));
/// assert_eq!(secrets.hide("GET /?page=2&access_token=t0p-s3cret"), "GET /?page=2&access_token=REDACTED");
/// assert_eq!(secrets.hide("the cookie abcdefgh"), "the cookie REDACTED");
/// ```
#[derive(Clone, Default)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Adds the secrets of header lines: the values of `Authorization`, `Cookie`, `Set-Cookie` and of headers with the name of a secret.
    ///
    /// ```
    /// let mut secrets = corsac_explain::Secrets::default();
    /// secrets.add_headers(&[("Authorization", "Bearer t0p-s3cret")].into_iter().collect());
    /// assert_eq!(secrets.hide("Authorization: Bearer t0p-s3cret"), "Authorization: Bearer REDACTED");
    /// ```
    pub fn add_headers(&mut self, headers: &HeaderList) {
        headers.iter().for_each(|line| self.add_line(line));
        self.sort();
    }

    /// Adds the value of a cookie, given as `name=value`.
    ///
    /// ```
    /// let mut secrets = corsac_explain::Secrets::default();
    /// secrets.add_cookie("id=7");
    /// assert_eq!(secrets.hide("7 items for id=7"), "7 items for id=REDACTED"); // a short value only next to its name
    /// ```
    pub fn add_cookie(&mut self, cookie: &str) {
        self.add_pair(cookie);
        self.sort();
    }

    /// Returns `true` if there are none.
    ///
    /// ```
    /// assert!(corsac_explain::Secrets::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a value that is a secret wherever it stands. One of fewer than four characters is not hidden, because it could be part of any word.
    ///
    /// ```
    /// let mut secrets = corsac_explain::Secrets::default();
    /// secrets.add_value_of_any_name("k7k7");
    /// assert_eq!(secrets.hide("the key k7k7"), "the key REDACTED");
    /// ```
    pub fn add_value_of_any_name(&mut self, value: &str) {
        const SHORTEST: usize = 4;
        if value.len() >= SHORTEST {
            self.add(value.to_owned(), REDACTED.to_owned());
            self.sort();
        }
    }

    /// Adds the tokens, signatures and the password of a URL.
    ///
    /// ```
    /// let mut secrets = corsac_explain::Secrets::default();
    /// secrets.add_url(&"https://files.example/a?X-Amz-Signature=0123456789".parse().unwrap());
    /// assert_eq!(secrets.hide("a?X-Amz-Signature=0123456789"), "a?X-Amz-Signature=REDACTED");
    /// ```
    pub fn add_url(&mut self, url: &Url) {
        self.add_parts_of_url(url);
        self.sort();
    }

    /// Adds the secrets of a request: those of its URL and of its header lines.
    pub fn add_exchange(&mut self, exchange: &Exchange) {
        self.add_request(exchange);
        self.sort();
    }

    /// Adds the secrets of a request and of its response, JSON Web Tokens in its body included.
    pub fn add_completed(&mut self, completed: &CompletedExchange) {
        self.add_request(&completed.exchange);
        if let Some(response) = completed.response() {
            for line in &response.headers {
                self.add_line(line);
                // The URL of a redirect may contain a token.
                if let Ok(url) = completed.exchange.url.join(&line.text()) {
                    self.add_parts_of_url(&url);
                }
            }
        }
        String::from_utf8_lossy(completed.body.as_deref().unwrap_or_default())
            .split(|character: char| !is_of_token(character))
            .filter(|word| is_web_token(word))
            .for_each(|word| self.add_value(word));
        self.sort();
    }

    /// Returns the value of a header with all secrets replaced. If there are any, the value of a header with the name of a secret is replaced
    /// as a whole, except the scheme of `Authorization`.
    ///
    /// ```
    /// let mut secrets = corsac_explain::Secrets::default();
    /// secrets.add_cookie("id=abcdefgh");
    /// assert_eq!(secrets.hide_value("x-api-key", "k7"), "REDACTED");
    /// assert_eq!(secrets.hide_value("x-trace", "abcdefgh"), "REDACTED");
    /// assert_eq!(secrets.hide_value("vary", "Origin"), "Origin");
    /// ```
    pub fn hide_value(&self, name: &str, value: &str) -> String {
        let hidden = self.hide(value);
        if self.0.is_empty() || !is_name_of_secret_header(name) {
            return hidden;
        }
        let names_scheme = name.to_ascii_lowercase().ends_with("authorization");
        match hidden.split_once(' ').filter(|_| names_scheme) {
            Some((scheme, _)) => format!("{scheme} {REDACTED}"),
            None => REDACTED.to_owned(),
        }
    }

    /// Returns the text with all secrets replaced by `REDACTED`.
    pub fn hide(&self, text: &str) -> String {
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

    /// Puts the longest first, because one may contain another.
    fn sort(&mut self) {
        self.0.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        self.0.dedup();
    }

    fn add_request(&mut self, exchange: &Exchange) {
        self.add_parts_of_url(&exchange.url);
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
            for name in [line.name.clone(), spelled(&line.name)] {
                self.add(format!("{name}: {}", text.trim()), format!("{name}: {REDACTED}"));
            }
            self.add_value(text.trim());
        }
    }

    fn add_parts_of_url(&mut self, url: &Url) {
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

    /// Adds a secret. It is also replaced in the form in which [`Printable`] writes it.
    fn add(&mut self, secret: String, instead: String) {
        let printed = Printable::new(&secret, PRINTED).to_string();
        if printed != secret {
            self.0.push((printed, instead.clone()));
        }
        self.0.push((secret, instead));
    }
}

fn is_name_of_secret_header(name: &str) -> bool {
    !is_cors_header(name) && is_secret_name(name) && !name.eq_ignore_ascii_case("www-authenticate")
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

fn is_of_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '=')
}
