//! Text of a request in a log.

use std::fmt;

use corsac::text::{Printable, QUOTED};
use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};

/// Bytes that somebody sent, in a form in which they begin no line, field or quotation of their own: shortened, and everything escaped but
/// printable ASCII without space, `"`, `` ` `` and `\`.
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printable::field(self.0, QUOTED).fmt(f)
    }
}

/// What an explanation quotes of a request, in the same form.
pub(crate) fn as_shown(request: &HeaderMap) -> HeaderMap {
    let mut shown = HeaderMap::new();
    for name in [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS] {
        for value in request.get_all(&name) {
            let text = Shown(value.as_bytes()).to_string();
            shown.extend(HeaderValue::try_from(text).ok().map(|value| (name.clone(), value)));
        }
    }
    shown
}
