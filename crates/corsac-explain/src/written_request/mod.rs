//! Reads a request that a person copied or wrote: "Copy as cURL", "Copy as fetch", PowerShell, HTTPie, an `.http` file.
//!
//! [`read`] says what the page's script asked for. Nothing is run, and no file is read: what would need that is an error that names it. Headers
//! that browsers set themselves are left out, because they would change which preflight a browser sends; [`WrittenRequest::notes`] says so.

mod bash;
mod browser_headers;
mod cmd;
mod command_line;
mod curl;
mod cursor;
mod draft;
mod error;
mod http_file;
mod httpie;
mod javascript;
mod power_shell;
mod preflight_copy;
mod start;

use corsac::browser::{Credentials, Mode, RedirectMode, ReferrerPolicy};
use corsac::origin::Origin;
use url::Url;

pub use error::ReadError;

/// The longest text that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// The form in which a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// curl in a Unix shell.
    CurlBash,
    /// curl in the command prompt of Windows.
    CurlCmd,
    /// PowerShell: `Invoke-WebRequest`, `Invoke-RestMethod` or curl.
    PowerShell,
    /// `fetch()` or axios, as in a page.
    Fetch,
    /// `fetch()` with headers that only Node.js lets script set, such as `Cookie`.
    NodeFetch,
    /// HTTPie: the commands `http` and `https`.
    Httpie,
    /// An `.http` file, or the head of a request as it is sent.
    HttpFile,
}

impl Kind {
    /// Returns the name of the form, for the middle of a sentence.
    ///
    /// ```
    /// assert_eq!(corsac_explain::written_request::Kind::CurlCmd.title(), "a curl command of Windows");
    /// ```
    pub fn title(self) -> &'static str {
        match self {
            Self::CurlBash => "a curl command",
            Self::CurlCmd => "a curl command of Windows",
            Self::PowerShell => "a PowerShell command",
            Self::Fetch => "a call of fetch()",
            Self::NodeFetch => "a call of fetch() for Node.js",
            Self::Httpie => "an HTTPie command",
            Self::HttpFile => "a request of an .http file",
        }
    }
}

/// The request that a text describes, as script in a page would make it. [`read`] has an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenRequest {
    /// The form in which it was written.
    pub kind: Kind,
    /// The URL. A user name and a password in a command's URL are an `Authorization` header instead.
    pub url: Url,
    /// The method.
    pub method: String,
    /// The headers that script sets, in their order. Lines of one name are not joined. What browsers set themselves is not here.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The cookies, each as `name=value`.
    pub cookies: Vec<String>,
    /// The body.
    pub body: Option<Vec<u8>>,
    /// fetch()'s `credentials`, if the text says anything about it: `include` if it has a `Cookie` header.
    pub credentials: Option<Credentials>,
    /// fetch()'s `mode`, if the text says anything about it. Never `navigate`.
    pub mode: Option<Mode>,
    /// fetch()'s `redirect`, if the text says anything about it.
    pub redirect: Option<RedirectMode>,
    /// fetch()'s `referrerPolicy`, if the text says anything about it.
    pub referrer_policy: Option<ReferrerPolicy>,
    /// The page's origin: that of the `Origin` header, else of the `Referer` header or fetch()'s `referrer`.
    pub origin: Option<Origin>,
    /// Whether certificates are not checked, as with curl's `-k`.
    pub insecure: bool,
    /// What was left out or assumed, and why. Each is a sentence without secrets.
    pub notes: Vec<String>,
}

/// Reads a request in any of the forms of [`Kind`]: at most 1 MiB.
///
/// ```
/// use corsac::browser::Credentials;
/// use corsac_explain::written_request::read;
///
/// let request = read(
///     r#"curl 'https://api.example/items' \
///   -H 'origin: https://app.example' -H 'sec-fetch-mode: cors' -H 'content-type: application/json' \
///   -b 'session=1' --data-raw '{"a":1}'"#,
/// )
/// .unwrap();
/// assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://api.example/items"));
/// assert_eq!(request.headers, [("content-type".to_owned(), b"application/json".to_vec())]);
/// assert_eq!(request.origin.unwrap().as_str(), "https://app.example");
/// assert_eq!(request.credentials, Some(Credentials::Include)); // it has a cookie
/// ```
///
/// # Errors
///
/// If the text is not a request, or if running it would do more than send one: see [`ReadError`].
pub fn read(text: &str) -> Result<WrittenRequest, ReadError> {
    if text.len() > LONGEST {
        return Err(ReadError::TooLong);
    }
    let text = start::normalized(text);
    let (text, kind) = start::kind(&text);
    let draft = match kind {
        _ if text.is_empty() => return Err(ReadError::Empty),
        None => return Err(ReadError::UnknownKind),
        Some(Kind::CurlBash) => curl::read(Kind::CurlBash, bash::words(text)?)?,
        Some(Kind::CurlCmd) => curl::read(Kind::CurlCmd, cmd::words(text)?)?,
        Some(Kind::PowerShell) => power_shell::read(text)?,
        Some(Kind::Fetch | Kind::NodeFetch) => javascript::read(text)?,
        Some(Kind::Httpie) => httpie::read(bash::words(text)?)?,
        Some(Kind::HttpFile) => http_file::read(text)?,
    };
    draft.finish()
}

/// Returns the form in which a request seems to be written, from how the text starts. `None` for everything else, such as a console message. The
/// text may still have an error; [`read`] reports it.
///
/// ```
/// use corsac_explain::written_request::{Kind, looks_like};
///
/// assert_eq!(looks_like("$ curl https://api.example/"), Some(Kind::CurlBash));
/// assert_eq!(looks_like("await fetch('https://api.example/')"), Some(Kind::Fetch));
/// assert_eq!(looks_like("Access to fetch at 'https://api.example/' from origin ..."), None);
/// ```
pub fn looks_like(text: &str) -> Option<Kind> {
    if text.len() > LONGEST {
        return None;
    }
    start::kind(&start::normalized(text)).1
}

#[cfg(test)]
mod tests;
