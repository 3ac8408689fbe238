//! One entry of a HAR: a request with its response, as far as they were recorded, without their secrets.

use std::io::Read;

use corsac::browser::ResponseHead;
use corsac::header::HeaderList;
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE,
    ORIGIN,
};
use url::Url;

use super::json::{Json, Result};
use super::time;
use crate::secrets::{redacted_header, redacted_text, redacted_url};

/// The most that is kept of a part of an entry, in bytes.
const LONGEST_URL: usize = 8 * 1024;
const LONGEST_VALUE: usize = 4 * 1024;
const LONGEST_WORD: usize = 200;
const LONGEST_BODY: usize = 16 * 1024;
const MOST_HEADERS: usize = 200;

/// An entry. Its URLs and headers are redacted when they are read, so nothing that is made of it can show a secret.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded {
    pub(super) index: usize,
    /// Milliseconds since 1970.
    pub(super) started: Option<i64>,
    pub(super) page: Option<String>,
    pub(super) method: String,
    pub(super) url: Option<Url>,
    pub(super) request: HeaderList,
    pub(super) has_cookies: bool,
    pub(super) body_type: Option<String>,
    pub(super) has_body: bool,
    /// 0 if there was no response.
    pub(super) status: u16,
    pub(super) response: HeaderList,
    /// The target of a redirect.
    pub(super) redirect: Option<String>,
    /// What the browser called the failure.
    pub(super) error: Option<String>,
    /// The beginning of the response's body.
    pub(super) body: Option<String>,
    /// What asked for it, such as `xhr`, as Chromium names it.
    pub(super) resource_type: Option<String>,
    pub(super) from_cache: bool,
    pub(super) from_service_worker: bool,
}

impl Recorded {
    /// Reads an entry.
    pub(super) fn read<R: Read>(json: &mut Json<R>, index: usize) -> Result<Self> {
        let mut entry = Self { index, ..Self::default() };
        json.object(|json, name| {
            match name {
                "startedDateTime" => {
                    entry.started = json.text(LONGEST_WORD)?.as_deref().and_then(time::milliseconds);
                }
                "pageref" => entry.page = json.text(LONGEST_WORD)?,
                "request" => entry.read_request(json)?,
                "response" => entry.read_response(json)?,
                "_resourceType" => entry.resource_type = json.text(LONGEST_WORD)?,
                "_fromCache" => entry.from_cache |= is_said(json)?,
                name => entry.read_other(json, name)?,
            }
            Ok(())
        })?;
        if entry.method.is_empty() {
            "GET".clone_into(&mut entry.method);
        }
        if !entry.looks_failed() {
            entry.body = None;
        }
        Ok(entry)
    }

    fn read_request<R: Read>(&mut self, json: &mut Json<R>) -> Result<()> {
        json.object(|json, name| {
            match name {
                "method" => self.method = json.text(LONGEST_WORD)?.unwrap_or_default(),
                "url" => self.url = json.text(LONGEST_URL)?.as_deref().and_then(parsed),
                "headers" => self.request = headers(json)?,
                "cookies" => {
                    let mut count = 0_usize;
                    json.array(|json| {
                        count = count.saturating_add(1);
                        json.skip()
                    })?;
                    self.has_cookies |= count > 0;
                }
                "postData" => {
                    self.has_body = true;
                    json.object(|json, name| {
                        match name {
                            "mimeType" => self.body_type = json.text(LONGEST_WORD)?,
                            _ => json.skip()?,
                        }
                        Ok(())
                    })?;
                }
                "bodySize" => self.has_body |= json.integer()?.is_some_and(|size| size > 0),
                name => self.read_other(json, name)?,
            }
            Ok(())
        })
    }

    fn read_response<R: Read>(&mut self, json: &mut Json<R>) -> Result<()> {
        json.object(|json, name| {
            match name {
                "status" => {
                    let status = json.integer()?.and_then(|status| u16::try_from(status).ok());
                    self.status = status.filter(|status| (100..=999).contains(status)).unwrap_or_default();
                }
                "headers" => self.response = headers(json)?,
                "redirectURL" => {
                    let target = json.text(LONGEST_URL)?.filter(|target| !target.is_empty());
                    self.redirect = target.map(|target| redacted_url(&target));
                }
                "content" => self.body = body(json)?,
                name => self.read_other(json, name)?,
            }
            Ok(())
        })
    }

    /// Reads what the browsers add, which stands in the entry, the request or the response.
    fn read_other<R: Read>(&mut self, json: &mut Json<R>, name: &str) -> Result<()> {
        match name {
            "_error" | "_failureText" | "_errorText" | "_blockedReason" => {
                let error = json.text(LONGEST_VALUE)?.filter(|error| !error.trim().is_empty());
                if let Some(error) = error {
                    self.error.get_or_insert(redacted_text(error.trim()));
                }
            }
            "_fetchedViaServiceWorker" | "_fromServiceWorker" | "_wasFetchedViaServiceWorker" => {
                self.from_service_worker |= is_said(json)?;
            }
            "_serviceWorkerResponseSource" => {
                let source = json.text(LONGEST_WORD)?;
                self.from_service_worker |= source.is_some_and(|source| source != "network");
            }
            "_fromDiskCache" | "_fromMemoryCache" | "_servedFromCache" => self.from_cache |= is_said(json)?,
            _ => json.skip()?,
        }
        Ok(())
    }

    /// Returns `true` if the response's body may tell why the request failed.
    fn looks_failed(&self) -> bool {
        self.error.is_some()
            || self.status >= 400
            || self.request.contains(ORIGIN) && !self.response.contains(ACCESS_CONTROL_ALLOW_ORIGIN)
    }

    /// Returns `true` for a preflight.
    pub(super) fn is_preflight(&self) -> bool {
        self.resource_type.as_deref() == Some("preflight")
            || self.method == "OPTIONS" && self.request.contains(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Returns the method that a preflight asks for.
    pub(super) fn requested_method(&self) -> Option<String> {
        self.request.text(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Returns the header names that a preflight asks for.
    pub(super) fn requested_headers(&self) -> Vec<String> {
        let names = self.request.text(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
        let names = names.split(',').map(|name| name.trim().to_ascii_lowercase());
        names.filter(|name| !name.is_empty()).collect()
    }

    /// Returns the response, if there was one.
    pub(super) fn head(&self) -> Option<ResponseHead> {
        (self.status > 0).then(|| {
            let mut head = ResponseHead::default();
            head.status = self.status;
            head.headers = self.response.clone();
            // Some programs record the target of a redirect alone.
            if let Some(target) =
                self.redirect.as_ref().filter(|_| head.is_redirect() && !head.headers.contains("Location"))
            {
                head.headers.append("Location", target.as_bytes());
            }
            head
        })
    }

    /// Returns the URL to which the response redirects.
    pub(super) fn redirect_target(&self) -> Option<Url> {
        let head = self.head().filter(ResponseHead::is_redirect)?;
        let location = head.headers.text("Location")?;
        let mut target = self.url.as_ref()?.join(&location).ok()?;
        target.set_fragment(None);
        Some(target)
    }

    /// Returns the type of the request's body.
    pub(super) fn content_type(&self) -> Option<String> {
        self.request
            .text(CONTENT_TYPE)
            .or_else(|| self.body_type.clone())
            .filter(|media_type| !media_type.is_empty())
    }

    /// Returns about how much memory the entry takes.
    pub(super) fn size(&self) -> usize {
        const LINE: usize = 64;
        let lines = self.request.iter().chain(&self.response);
        let lines = lines.map(|line| line.name.len().saturating_add(line.value.len()).saturating_add(LINE));
        let url = self.url.as_ref().map_or(0, |url| url.as_str().len());
        let body = self.body.as_ref().map_or(0, String::len);
        size_of::<Self>().saturating_add(lines.sum()).saturating_add(url).saturating_add(body)
    }
}

/// Returns the URL without its secrets, fragment, user name and password.
fn parsed(url: &str) -> Option<Url> {
    let mut url = Url::parse(&redacted_url(url)).ok()?;
    url.set_fragment(None);
    // Refused only for URLs without a host, which have none.
    let _ = (url.set_username(""), url.set_password(None));
    Some(url)
}

fn headers<R: Read>(json: &mut Json<R>) -> Result<HeaderList> {
    let mut list = HeaderList::new();
    json.array(|json| {
        let (mut name, mut value) = (None, None);
        json.object(|json, member| {
            match member {
                "name" => name = json.text(LONGEST_WORD)?,
                "value" => value = json.text(LONGEST_VALUE)?,
                _ => json.skip()?,
            }
            Ok(())
        })?;
        // HTTP/2 has the parts of the request line as headers that begin with a colon.
        if let Some(name) = name.filter(|name| !name.starts_with(':') && list.len() < MOST_HEADERS) {
            // Chromium joins lines of one name with a line feed.
            for value in value.unwrap_or_default().split('\n') {
                list.append(name.as_str(), redacted_header(&name, value.trim()));
            }
        }
        Ok(())
    })?;
    Ok(list)
}

/// Reads the beginning of a body. A body in base64 is nothing that a person could read.
fn body<R: Read>(json: &mut Json<R>) -> Result<Option<String>> {
    let (mut text, mut is_encoded) = (None, false);
    json.object(|json, name| {
        match name {
            "text" => text = json.text(LONGEST_BODY)?.filter(|text| !text.is_empty()),
            "encoding" => is_encoded = json.text(LONGEST_WORD)?.is_some_and(|encoding| !encoding.is_empty()),
            _ => json.skip()?,
        }
        Ok(())
    })?;
    Ok(text.filter(|_| !is_encoded).map(|text| redacted_text(&text)))
}

/// Returns `true` for `true` and for a string such as `disk`.
fn is_said<R: Read>(json: &mut Json<R>) -> Result<bool> {
    use struson::reader::{JsonReader as _, ValueType};
    match json.reader.peek()? {
        ValueType::String => {
            let text = json.text(LONGEST_WORD)?.unwrap_or_default();
            Ok(!text.is_empty() && text != "false")
        }
        _ => json.boolean(),
    }
}
