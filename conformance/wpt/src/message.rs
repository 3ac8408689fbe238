//! The messages between script and network, as JSON: the request that script makes, and what script may see of the response.

use corsac::browser::{
    Api, BodyKind, CacheMode, Client, FilteredResponse, Profile, ReferrerPolicy, Request, RequestInit,
};
use corsac::header::HeaderList;
use corsac::origin::Origin;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::page::Page;

/// A request, as the glue around `fetch()` and `XMLHttpRequest` describes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    #[serde(default)]
    api: String,
    #[serde(default)]
    upload_listeners: bool,
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    /// The kind of the body: `none` or one of those below.
    body: String,
    /// The type of a `Blob` or of form data.
    #[serde(default)]
    body_type: String,
    mode: String,
    credentials: String,
    redirect: String,
    cache: String,
    referrer: String,
    referrer_policy: String,
}

impl Message {
    /// Checks the request as the core does: [`RequestInit::build_for`].
    pub fn build(&self, page: &Page, profile: &Profile) -> Result<Request, String> {
        self.init(page)?.build_for(profile).map_err(|error| error.to_string())
    }

    /// The cache mode as script wrote it.
    pub fn cache_mode(&self) -> &str {
        &self.cache
    }

    fn init(&self, page: &Page) -> Result<RequestInit, String> {
        let text = |error: &dyn ToString| error.to_string();
        let mut client = Client::new(Origin::of(&page.url));
        client.embedder_policy = page.embedder_policy;
        client.url = match self.referrer.as_str() {
            "about:client" => Some(page.url.clone()),
            "no-referrer" => Url::parse("about:blank").ok(),
            referrer => Some(Url::parse(referrer).map_err(|error| text(&error))?),
        };
        let url = Url::parse(&self.url).map_err(|error| text(&error))?;
        let mut init = RequestInit::new(url, client);
        init.api = match self.api.as_str() {
            "xhr" => Api::XmlHttpRequest { upload_listeners: self.upload_listeners },
            _ => Api::Fetch,
        };
        init.method.clone_from(&self.method);
        init.headers =
            self.headers.iter().map(|(name, value)| (name.clone(), latin1(value))).collect::<HeaderList>();
        let kind = match self.body.as_str() {
            "none" => None,
            "text" => Some(BodyKind::Text),
            "form" => Some(BodyKind::UrlSearchParams),
            "blob" => Some(BodyKind::Blob { media_type: self.body_type.clone() }),
            "stream" => Some(BodyKind::Stream),
            // fetch() has added the type to the headers, where script can see it.
            _ => Some(BodyKind::BufferSource),
        };
        // The host keeps the bytes and sends them itself.
        init.body = kind.map(Into::into);
        init.mode = self.mode.parse().map_err(|error| text(&error))?;
        init.credentials = self.credentials.parse().map_err(|error| text(&error))?;
        init.redirect = self.redirect.parse().map_err(|error| text(&error))?;
        init.cache = match self.cache.as_str() {
            // The core does not model the HTTP cache, and treats both modes in the same way.
            "only-if-cached" => CacheMode::ForceCache,
            cache => cache.parse().map_err(|error| text(&error))?,
        };
        init.referrer_policy = match self.referrer_policy.as_str() {
            "" => page.referrer_policy,
            policy => policy.parse::<ReferrerPolicy>().map_err(|error| text(&error))?,
        };
        Ok(init)
    }
}

/// What script may see of how a fetch ended.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    Error {
        error: String,
    },
    #[serde(rename_all = "camelCase")]
    Response {
        #[serde(rename = "type")]
        kind: &'static str,
        status: u16,
        status_text: String,
        url: String,
        redirected: bool,
        headers: Vec<(String, String)>,
        no_body: bool,
        timing_allowed: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        body_error: Option<String>,
    },
}

impl Answer {
    pub fn of(response: &FilteredResponse) -> Self {
        let lines = response.headers.iter();
        Self::Response {
            kind: response.kind.as_str(),
            status: response.status,
            status_text: String::new(),
            url: response.url.as_ref().map(ToString::to_string).unwrap_or_default(),
            redirected: response.redirected,
            headers: lines
                .map(|line| (line.name.clone(), line.value.iter().map(|byte| char::from(*byte)).collect()))
                .collect(),
            no_body: false,
            timing_allowed: response.timing_allowed,
            body_error: None,
        }
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A byte string from script, with one byte for each character.
pub fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
}
