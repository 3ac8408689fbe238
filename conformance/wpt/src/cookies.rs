//! A cookie jar, as far as tests of CORS need one: host, path, expiry, `Secure` and `SameSite` of RFC 6265.

use std::time::{Duration, SystemTime};

use corsac::origin::Origin;
use url::Url;

#[derive(Debug, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
}

#[derive(Debug)]
struct Cookie {
    name: String,
    value: String,
    domain: String,
    host_only: bool,
    path: String,
    expires: Option<SystemTime>,
    secure: bool,
    http_only: bool,
    same_site: bool,
}

impl Jar {
    /// Takes a `Set-Cookie` line, or an assignment to `document.cookie`.
    pub fn set(&mut self, url: &Url, line: &str, from_script: bool) {
        let Some(cookie) = Cookie::parse(url, line) else { return };
        if from_script && cookie.http_only {
            return;
        }
        self.cookies.retain(|other| {
            (&other.name, &other.domain, &other.path) != (&cookie.name, &cookie.domain, &cookie.path)
        });
        if cookie.is_alive() {
            self.cookies.push(cookie);
        }
    }

    /// The value of `Cookie` for a request that `page` makes.
    pub fn header(&self, url: &Url, page: &Origin) -> Option<String> {
        let same_site = Origin::of(url).same_site(page);
        self.join(url, |cookie| same_site || !cookie.same_site)
    }

    /// `document.cookie`.
    pub fn of_document(&self, url: &Url) -> String {
        self.join(url, |cookie| !cookie.http_only).unwrap_or_default()
    }

    fn join(&self, url: &Url, wanted: impl Fn(&Cookie) -> bool) -> Option<String> {
        let mut found: Vec<&Cookie> =
            self.cookies.iter().filter(|cookie| cookie.is_for(url) && wanted(cookie)).collect();
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> =
            found.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

impl Cookie {
    fn parse(url: &Url, line: &str) -> Option<Self> {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let host = url.host_str()?.to_owned();
        let mut cookie = Self {
            name: name.trim().into(),
            value: value.trim().into(),
            domain: host,
            host_only: true,
            path: default_path(url),
            expires: None,
            secure: false,
            http_only: false,
            same_site: false,
        };
        let mut max_age = None;
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => {
                    let domain = value.trim().trim_start_matches('.').to_ascii_lowercase();
                    if cookie.domain != domain && !cookie.domain.ends_with(&format!(".{domain}")) {
                        return None;
                    }
                    cookie.domain = domain;
                    cookie.host_only = false;
                }
                "path" if value.trim().starts_with('/') => cookie.path = value.trim().into(),
                "max-age" => max_age = value.trim().parse::<i64>().ok(),
                "expires" if is_past(value) => cookie.expires = Some(SystemTime::UNIX_EPOCH),
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "samesite" => {
                    cookie.same_site =
                        ["lax", "strict"].contains(&value.trim().to_ascii_lowercase().as_str());
                }
                _ => {}
            }
        }
        if let Some(seconds) = max_age {
            let left = Duration::from_secs(seconds.max(0).unsigned_abs());
            cookie.expires =
                Some(if seconds <= 0 { SystemTime::UNIX_EPOCH } else { SystemTime::now() + left });
        }
        Some(cookie)
    }

    fn is_alive(&self) -> bool {
        self.expires.is_none_or(|expires| expires > SystemTime::now())
    }

    fn is_for(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let domain_fits =
            host == self.domain || (!self.host_only && host.ends_with(&format!(".{}", self.domain)));
        let path = url.path();
        let path_fits = path == self.path
            || path
                .strip_prefix(&self.path)
                .is_some_and(|rest| self.path.ends_with('/') || rest.starts_with('/'));
        domain_fits && path_fits && self.is_alive() && (!self.secure || url.scheme() == "https")
    }
}

fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        Some(end) if end > 0 => url.path().get(..end).unwrap_or("/").to_owned(),
        _ => "/".to_owned(),
    }
}

/// Tests delete cookies with a date in the distant past, and set none that expire while they run, so the year is enough.
fn is_past(date: &str) -> bool {
    date.split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 4)
        .and_then(|digits| digits.parse::<u32>().ok())
        .is_some_and(|year| year < 2025)
}
