//! Turns the header lines and the body that script passes into those of the request: what `Headers`, `new Request()` and `XMLHttpRequest`
//! do before anything is fetched.

use std::collections::HashMap;

use super::body::{Body, BodyKind};
use super::charset;
use super::engine::{Profile, StreamBody};
use super::request_values::Mode;
use crate::header::names::CONTENT_TYPE;
use crate::header::{self, HeaderLine, HeaderList, SafelistRules};

/// A request's headers and body at its start.
#[derive(Clone, Debug)]
pub(crate) struct ScriptHeaders {
    pub(crate) headers: HeaderList,
    /// The headers and body with which a request starts.
    pub(crate) ignored: Vec<HeaderLine>,
    pub(crate) body: Body,
    /// Whether the `Content-Type` comes with the body, and not from script.
    pub(crate) type_comes_with_body: bool,
}

impl ScriptHeaders {
    /// What a browser makes of these lines, in this mode, for `fetch()` or for `XMLHttpRequest` (`xhr`).
    pub(crate) fn read(
        lines: &HeaderList,
        body: Option<&BodyKind>,
        mode: Mode,
        xhr: bool,
        profile: &Profile,
    ) -> Self {
        // Engine difference: see `StreamBody::SentAsText`. Text can be sent again, as other bytes can.
        let is_text = body == Some(&BodyKind::Stream) && profile.stream_body == StreamBody::SentAsText;
        let body = if is_text { Some(&BodyKind::Text) } else { body };

        let (mut kept, mut ignored) = guarded(lines, mode, profile);
        if xhr {
            kept = combined(kept);
            if let Some(body) = body {
                for line in kept.iter_mut().filter(|line| line.is(CONTENT_TYPE)) {
                    line.value = charset::as_sent(&line.value, body, profile.xhr_charset);
                }
            }
        }
        let mut type_comes_with_body = false;
        let own_type = body.and_then(BodyKind::content_type);
        if let Some(own_type) = own_type.filter(|_| !kept.iter().any(|line| line.is(CONTENT_TYPE))) {
            let value = own_type.into_owned().into_bytes();
            let safelisted = is_no_cors_safelisted(CONTENT_TYPE, &value, &profile.safelist);
            let line = HeaderLine { name: "Content-Type".to_owned(), value };
            if mode == Mode::NoCors && profile.no_cors_guards_body_type && !safelisted {
                ignored.push(line);
            } else {
                type_comes_with_body = true;
                kept.push(line);
            }
        }
        let body = match body {
            None => Body::None,
            Some(BodyKind::Stream) => Body::Stream,
            Some(_) => Body::Bytes,
        };
        let headers = kept.into_iter().map(|line| (line.name, line.value)).collect();
        Self { headers, ignored, body, type_comes_with_body }
    }
}

/// The [headers' guard](https://fetch.spec.whatwg.org/#concept-headers-guard): which lines script may set. Returns those that are kept, and
/// those that are left out.
fn guarded(lines: &HeaderList, mode: Mode, profile: &Profile) -> (Vec<HeaderLine>, Vec<HeaderLine>) {
    let mut kept: Vec<HeaderLine> = Vec::new();
    let mut ignored = Vec::new();
    // [Append](https://fetch.spec.whatwg.org/#concept-headers-append), step 3: the guard of mode `no-cors` looks at the value that the lines
    // so far and this one make together.
    let mut so_far: HashMap<String, Vec<u8>> = HashMap::new();
    for line in lines {
        let value = header::normalize(&line.value);
        let mut allowed = !header::is_forbidden_request_header(&line.name, value);
        if allowed && mode == Mode::NoCors {
            let before = so_far.get(&line.name.to_ascii_lowercase());
            let joined = before.map_or_else(|| value.to_vec(), |before| [before, &b", "[..], value].concat());
            allowed = is_no_cors_safelisted(&line.name, &joined, &profile.safelist);
            if allowed {
                so_far.insert(line.name.to_ascii_lowercase(), joined);
            }
        }
        if allowed {
            kept.push(HeaderLine { name: line.name.clone(), value: value.to_vec() });
        } else {
            ignored.push(line.clone());
        }
    }
    (kept, ignored)
}

/// A [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header), by an engine's rules.
fn is_no_cors_safelisted(name: &str, value: &[u8], rules: &SafelistRules) -> bool {
    header::is_no_cors_safelisted_name(name) && header::is_safelisted_request_header(name, value, rules)
}

/// [setRequestHeader()](https://xhr.spec.whatwg.org/#the-setrequestheader()-method), step 5:
/// [combine](https://fetch.spec.whatwg.org/#concept-header-list-set-structured-header) the values of a name in one line.
fn combined(lines: Vec<HeaderLine>) -> Vec<HeaderLine> {
    let mut combined: Vec<HeaderLine> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let place = *places.entry(line.name.to_ascii_lowercase()).or_insert(combined.len());
        match combined.get_mut(place) {
            Some(known) => {
                known.value.extend_from_slice(b", ");
                known.value.extend_from_slice(&line.value);
            }
            None => combined.push(line),
        }
    }
    combined
}
