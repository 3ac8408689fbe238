//! A request while its text is read, and how it becomes the request of a page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use corsac::browser::{Credentials, Mode, RedirectMode, ReferrerPolicy};
use corsac::header::names::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN, REFERER};
use corsac::origin::Origin;
use corsac::text::{Printable, QUOTED, without_user_info};
use url::Url;

use crate::secrets::redacted;

use super::browser_headers::{Setter, Signs};
use super::command_line::Word;
use super::{Kind, ReadError, WrittenRequest, preflight_copy};

/// What a text says so far.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) url: Option<String>,
    /// The scheme of a URL that has none.
    pub(super) default_scheme: &'static str,
    /// More parameters for the query, encoded.
    pub(super) query: Vec<String>,
    pub(super) method: Option<String>,
    /// All header lines, those that browsers set themselves included.
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) cookies: Vec<String>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) credentials: Option<Credentials>,
    pub(super) mode: Option<Mode>,
    pub(super) redirect: Option<RedirectMode>,
    pub(super) referrer_policy: Option<ReferrerPolicy>,
    pub(super) referrer: Option<String>,
    pub(super) insecure: bool,
    /// What was ignored because a page's request does not have it, such as an option.
    pub(super) ignored: Vec<String>,
    /// The variables whose names stand in place of their values.
    pub(super) variables: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Draft {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            url: None,
            default_scheme: "http",
            query: Vec::new(),
            method: None,
            headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
            credentials: None,
            mode: None,
            redirect: None,
            referrer_policy: None,
            referrer: None,
            insecure: false,
            ignored: Vec::new(),
            variables: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn header(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        let value: Vec<u8> = value.into();
        self.headers.push((name.trim().to_owned(), value.trim_ascii().to_vec()));
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
    }

    /// Adds the header unless the text has one of this name.
    pub(super) fn default_header(&mut self, name: &str, value: &str) {
        if !self.has_header(name) {
            self.header(name, value);
        }
    }

    /// Adds `Authorization` for a user name and a password.
    pub(super) fn basic_authorization(&mut self, user_and_password: &[u8]) {
        let value = format!("Basic {}", STANDARD.encode(user_and_password));
        self.default_header("Authorization", &value);
    }

    /// Returns the bytes of a word in which the value of a variable does not matter.
    pub(super) fn value(&mut self, word: Word) -> Vec<u8> {
        self.variables.extend(word.variables.into_iter().map(|(_, variable)| variable));
        word.bytes
    }

    /// Notes that the text has more requests than the one that is read.
    pub(super) fn note_others(&mut self, others: usize) {
        if others > 0 {
            let (what, verb) =
                if others == 1 { ("other request", "was") } else { ("other requests", "were") };
            self.notes.push(format!("Only the first request was read, and {others} {what} {verb} ignored."));
        }
    }

    /// Turns everything that was read into the request of a page.
    pub(super) fn finish(mut self) -> Result<WrittenRequest, ReadError> {
        let url = self.read_url()?;
        let lines = std::mem::take(&mut self.headers);
        let signs = Signs::of(&lines, self.kind);
        let (mut headers, mut left_out, mut origins) = (Vec::new(), Vec::new(), (None, None));
        for (name, value) in &lines {
            let text = String::from_utf8_lossy(value);
            match signs.setter(name, &text) {
                Setter::Script => headers.push((name.clone(), value.clone())),
                // These are not left out, but used below.
                Setter::Browser if is_one_of(name, &[COOKIE, ORIGIN, REFERER]) => {}
                Setter::Browser => left_out.push(name.as_str()),
            }
            match name.to_ascii_lowercase().as_str() {
                COOKIE => self.cookies.extend(cookies(&text)),
                ORIGIN => origins.0 = Origin::parse(&text).ok().or(origins.0),
                REFERER => origins.1 = origin_of(&text).or(origins.1),
                "sec-fetch-mode" => self.read_mode(&text),
                _ => {}
            }
        }
        let referrer = self.referrer.as_deref().and_then(origin_of);
        let default_method = if self.body.is_some() { "POST" } else { "GET" };
        let mut method = self.method.take().unwrap_or_else(|| default_method.to_owned());
        if let Some(asked) = preflight_copy::request(&method, &lines) {
            method = asked.method;
            headers.retain(|(name, _)| name.eq_ignore_ascii_case(ACCEPT));
            headers.extend(asked.headers);
            self.notes.push(asked.note);
        }
        self.note_left_out(&left_out);
        self.note_cookies(signs.is_copy);
        Ok(WrittenRequest {
            kind: self.kind,
            url,
            method,
            headers,
            cookies: self.cookies,
            body: self.body,
            credentials: self.credentials,
            mode: self.mode,
            redirect: self.redirect,
            referrer_policy: self.referrer_policy,
            origin: origins.0.or(origins.1).or(referrer),
            insecure: self.insecure,
            notes: self.notes,
        })
    }

    fn read_url(&mut self) -> Result<Url, ReadError> {
        let text = self.url.take().ok_or(ReadError::UrlMissing)?;
        let text = text.trim();
        let is_command = !matches!(self.kind, Kind::Fetch | Kind::NodeFetch);
        let has_scheme = text.contains("://");
        let absolute = match (has_scheme, &self.referrer) {
            (true, _) => Url::parse(text),
            (false, Some(page)) if !is_command => Url::parse(page).and_then(|page| page.join(text)),
            (false, None) if !is_command => {
                return Err(invalid(text, "it is relative, so write the whole URL"));
            }
            (false, _) => {
                self.notes.push(format!("The URL has no scheme, so it is a URL of {}.", self.default_scheme));
                Url::parse(&format!("{}://{text}", self.default_scheme))
            }
        };
        let mut url = absolute.map_err(|error| invalid(text, &error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
            return Err(invalid(text, "only URLs of http, https, ws and wss can be requested"));
        }
        if is_command && (!url.username().is_empty() || url.password().is_some()) {
            let decoded = |part: &str| percent_encoding::percent_decode_str(part).collect::<Vec<u8>>();
            let user = [decoded(url.username()), decoded(url.password().unwrap_or_default())].join(&b':');
            self.basic_authorization(&user);
            // Neither fails, because the URL has a host.
            let _ = url.set_username("").and_then(|()| url.set_password(None));
            self.notes.push(
                "A page cannot request a URL with a user name and a password, so they are an `Authorization` header.".to_owned(),
            );
        }
        if !self.query.is_empty() {
            let before = url.query().into_iter().map(str::to_owned).filter(|query| !query.is_empty());
            let query = before.chain(std::mem::take(&mut self.query)).collect::<Vec<_>>().join("&");
            url.set_query(Some(&query));
        }
        Ok(url)
    }

    /// Takes the mode from `Sec-Fetch-Mode`, which says more than the text otherwise does.
    fn read_mode(&mut self, text: &str) {
        match text {
            "navigate" => self.notes.push(
                "This is the request of a navigation, to which CORS does not apply. It is read as one that script makes with fetch()."
                    .to_owned(),
            ),
            "no-cors" if self.mode.is_none() => {
                self.mode = Some(Mode::NoCors);
                self.notes.push(
                    "`sec-fetch-mode` says `no-cors`, so the page does not ask to read the response. If your code does, use the mode `cors`."
                        .to_owned(),
                );
            }
            "same-origin" if self.mode.is_none() => self.mode = Some(Mode::SameOrigin),
            _ => {}
        }
    }

    fn note_left_out(&mut self, left_out: &[&str]) {
        let shown = |names: &[String], verb: &str, why: &str| {
            (!names.is_empty()).then(|| format!("{verb}: {}. {why}", list(names)))
        };
        let mut names: Vec<String> = left_out.iter().map(|name| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        let left_out =
            shown(&names, "Left out", "The browser sets these headers, and not the page's script.");
        let mut ignored = std::mem::take(&mut self.ignored);
        ignored.dedup();
        let ignored = shown(&ignored, "Ignored", "This changes nothing about the request that a page makes.");
        let mut variables = std::mem::take(&mut self.variables);
        variables.sort_unstable();
        variables.dedup();
        let variables = shown(
            &variables,
            "The values of these variables are not known",
            "Their names stand in their place: CORS looks at the names of headers, but the server may look at the values.",
        );
        self.notes.extend([left_out, ignored, variables].into_iter().flatten());
    }

    /// Cookies are sent to another origin only with `include`.
    fn note_cookies(&mut self, is_copy: bool) {
        if self.kind == Kind::Fetch || self.credentials.is_some() {
            return;
        }
        if !self.cookies.is_empty() {
            self.credentials = Some(Credentials::Include);
            self.notes.push(
                "The request has cookies, which a browser sends to another origin only with `credentials: \"include\"`. So that is assumed."
                    .to_owned(),
            );
        } else if is_copy {
            self.notes.push(
                "The request has no cookies, and does not say whether the page's code has `credentials: \"include\"`. It is read as code without that."
                    .to_owned(),
            );
        }
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// Returns the pairs of a `Cookie` header.
pub(super) fn cookies(header: &str) -> impl Iterator<Item = String> {
    header.split(';').map(str::trim).filter(|pair| !pair.is_empty()).map(str::to_owned)
}

/// Returns the origin of a URL. A referrer such as `about:client` has none.
fn origin_of(url: &str) -> Option<Origin> {
    let url = Url::parse(url.trim()).ok().filter(Url::has_host)?;
    Some(Origin::of(&url)).filter(|origin| !origin.is_opaque())
}

/// The error of a URL. Its query may have a secret, so it is not quoted.
fn invalid(url: &str, why: &str) -> ReadError {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    ReadError::Url { url: without_user_info(url), why: why.to_owned() }
}

/// Returns the names as a list for a sentence: at most 20. What stands in the place of a name can hold a secret.
fn list(names: &[String]) -> String {
    const MOST: usize = 20;
    let quoted = names.iter().take(MOST).map(|name| format!("`{}`", Printable::new(&redacted(name), QUOTED)));
    let mut list = quoted.collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(MOST);
    if more > 0 {
        list.push_str(&format!(" and {more} more"));
    }
    list
}

/// The type of a body that an HTML form sends.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Adds the type of a form's body, unless the text has a type.
pub(super) fn default_to_form(draft: &mut Draft) {
    draft.default_header(CONTENT_TYPE, FORM);
}

/// Sets the token of `Authorization`.
pub(super) fn bearer(draft: &mut Draft, token: &[u8]) {
    draft.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(AUTHORIZATION));
    draft.header("Authorization", [b"Bearer ".as_slice(), token].concat());
}
