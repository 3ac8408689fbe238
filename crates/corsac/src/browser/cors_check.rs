//! The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).

use std::borrow::Cow;

use url::Url;

use super::exchange::ResponseHead;
use super::flight::Flight;
use super::reason::Reason;
use crate::header::names::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};

/// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check): may this response be shared with the request's origin?
///
/// Compares bytes, as the standard does: `https://a.example/` is not `https://a.example`. Gives the evidence, or the reason against.
pub(crate) fn cors_check(flight: &Flight<'_>, response: &ResponseHead) -> Result<Cow<'static, str>, Reason> {
    // 1-2
    let Some(allowed) = response.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN) else {
        return Err(Reason::AllowOriginMissing);
    };
    // 3
    if !flight.credentials_mode_is_include() && *allowed == *b"*" {
        return Ok(Cow::Borrowed("Access-Control-Allow-Origin: *"));
    }
    // 4
    if *allowed != *flight.serialized_origin().as_bytes() {
        return Err(wrong_allow_origin(flight, response, &allowed));
    }
    // 5
    if !flight.credentials_mode_is_include() {
        return Ok(Cow::Owned(["Access-Control-Allow-Origin: ", flight.serialized_origin()].concat()));
    }
    // 6-8
    let credentials = response.headers.get(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    if credentials.as_deref() == Some(b"true") {
        let evidence = [
            "Access-Control-Allow-Origin: ",
            flight.serialized_origin(),
            "; Access-Control-Allow-Credentials: true",
        ];
        return Ok(Cow::Owned(evidence.concat()));
    }
    Err(Reason::AllowCredentialsNotTrue { value: response.headers.text(ACCESS_CONTROL_ALLOW_CREDENTIALS) })
}

/// Step 4 failed: which of the mistakes is it? The standard makes no difference; people do.
fn wrong_allow_origin(flight: &Flight<'_>, response: &ResponseHead, allowed: &[u8]) -> Reason {
    if allowed == b"*" {
        return Reason::CredentialsWildcard;
    }
    let value = String::from_utf8_lossy(allowed).into_owned();
    let lines = response.headers.all(ACCESS_CONTROL_ALLOW_ORIGIN).count();
    if lines > 1 || value.contains([',', ' ']) {
        return Reason::AllowOriginMultiple { value, lines };
    }
    if value != "null" && Url::parse(&value).map_or(true, |url| url.cannot_be_a_base()) {
        return Reason::AllowOriginInvalid { value };
    }
    Reason::AllowOriginMismatch { value, origin: flight.serialized_origin().to_owned() }
}
