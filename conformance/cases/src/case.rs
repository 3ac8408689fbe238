//! A case: what a page does, and how the server responds. It is plain data; the README has the schema.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One page, its requests in sequence, and the server's responses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Stable: `family/row` in the catalogue, `seed-N/i` for a generated case.
    pub name: String,
    /// What the case shows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The key of the page's origin, or `null` for a sandboxed page.
    #[serde(default = "own", skip_serializing_if = "is_own")]
    pub page: String,
    /// What the page does, in order.
    pub steps: Vec<Step>,
    /// Each URL, without query and fragment, with its responses. For other URLs the server responds with 404 without CORS headers.
    #[serde(default)]
    pub server: BTreeMap<String, Resource>,
}

/// One thing that the page does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "nearly all steps are calls")]
pub enum Step {
    /// Wait for this many milliseconds.
    Wait {
        /// Milliseconds.
        wait: u64,
    },
    /// Make several requests at once and wait for the end of all.
    Together {
        /// The requests; they start in this order.
        together: Vec<Call>,
    },
    /// Make a request and wait for its end.
    Call(Call),
}

/// One request, as script makes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Call {
    pub url: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub api: Api,
    /// An element or another interface that makes the request instead of `api`: `img`, `font` and so on, as `corsac check --as` names them.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub load: Option<String>,
    /// The element's attribute `crossorigin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crossorigin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// In order; each character of a value is one byte.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub body: Body,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer_policy: Option<String>,
}

/// Which function makes the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Api {
    #[default]
    Fetch,
    Xhr,
    /// XMLHttpRequest with a listener on `upload`.
    XhrUpload,
}

/// The body of a request. Each kind has its own `Content-Type`, which is sent unless the headers have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    #[default]
    None,
    /// A string.
    Text,
    /// `URLSearchParams`.
    Form,
    /// A `Blob` of type `application/json`.
    Json,
    /// A `Uint8Array`, which has no type.
    Bytes,
    /// A `ReadableStream`.
    Stream,
}

impl Body {
    /// The `Content-Type` that comes with the body.
    pub fn content_type(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("text/plain;charset=UTF-8"),
            Self::Form => Some("application/x-www-form-urlencoded;charset=UTF-8"),
            Self::Json => Some("application/json"),
            Self::None | Self::Bytes | Self::Stream => None,
        }
    }
}

/// The responses of one URL. Each list is used from the front; its last response is repeated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The responses to `OPTIONS` with `Access-Control-Request-Method`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preflight: Vec<Reply>,
    /// The responses to all other requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request: Vec<Reply>,
}

/// One response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    #[serde(default = "ok", skip_serializing_if = "is_ok")]
    pub status: u16,
    /// In order; each character of a value is one byte. `{origin}` stands for the request's `Origin`, and `{websocket-accept}` for the
    /// correct response to its `Sec-WebSocket-Key`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The file that is the body.
    #[serde(default, skip_serializing_if = "is_default")]
    pub file: File,
    /// Whether to close the connection instead of responding.
    #[serde(default, skip_serializing_if = "is_default")]
    pub close: bool,
}

/// A body that an element can use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum File {
    /// `ok`, which is also a script.
    #[default]
    Text,
    Png,
    Font,
    Wav,
    /// An event stream with one event.
    Events,
}

impl File {
    /// The bytes.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Text => b"ok",
            Self::Png => include_bytes!("../files/pixel.png"),
            Self::Font => include_bytes!("../files/square.ttf"),
            Self::Wav => include_bytes!("../files/silence.wav"),
            Self::Events => b"data: ok\n\n",
        }
    }
}

impl Case {
    /// The requests, without the waits between them.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.steps.iter().flat_map(Step::calls)
    }

    /// Returns `true` if it makes requests at once, so that the order in which they arrive is left to chance.
    pub fn is_parallel(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Together { .. }))
    }
}

impl Step {
    fn calls(&self) -> &[Call] {
        match self {
            Self::Wait { .. } => &[],
            Self::Together { together } => together,
            Self::Call(call) => std::slice::from_ref(call),
        }
    }

    /// The requests, mutable.
    pub(crate) fn calls_mut(&mut self) -> &mut [Call] {
        match self {
            Self::Wait { .. } => &mut [],
            Self::Together { together } => together,
            Self::Call(call) => std::slice::from_mut(call),
        }
    }
}

fn own() -> String {
    "a".to_owned()
}

fn is_own(page: &str) -> bool {
    page == "a"
}

fn ok() -> u16 {
    200
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_ok(status: &u16) -> bool {
    *status == 200
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
