//! The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).

use std::borrow::Cow;

use url::Url;

use super::exchange::ResponseHead;
use super::reason::Reason;
use crate::header::names::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};

/// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check): whether this response may be shared with the request's origin.
///
/// Compares bytes, as the standard does: `https://a.example/` is not `https://a.example`. Returns the evidence, or the reason for the
/// refusal. `credentialed` is whether the credentials mode is "include"; `origin` is the byte-serialized origin of the request.
pub(crate) fn cors_check(
    credentialed: bool,
    origin: &str,
    response: &ResponseHead,
) -> Result<Cow<'static, str>, Reason> {
    // 1-2
    let Some(allowed) = response.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN) else {
        return Err(Reason::AllowOriginMissing);
    };
    // 3
    if !credentialed && *allowed == *b"*" {
        return Ok(Cow::Borrowed("Access-Control-Allow-Origin: *"));
    }
    // 4
    if *allowed != *origin.as_bytes() {
        return Err(wrong_allow_origin(origin, response, &allowed));
    }
    // 5
    if !credentialed {
        return Ok(Cow::Owned(["Access-Control-Allow-Origin: ", origin].concat()));
    }
    // 6-8
    let credentials = response.headers.get(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    if credentials.as_deref() == Some(b"true") {
        let evidence = ["Access-Control-Allow-Origin: ", origin, "; Access-Control-Allow-Credentials: true"];
        return Ok(Cow::Owned(evidence.concat()));
    }
    Err(Reason::AllowCredentialsNotTrue { value: response.headers.text(ACCESS_CONTROL_ALLOW_CREDENTIALS) })
}

/// Step 4 failed: finds which mistake it is. The standard does not distinguish them, but people need to.
fn wrong_allow_origin(origin: &str, response: &ResponseHead, allowed: &[u8]) -> Reason {
    if allowed == b"*" {
        return Reason::CredentialsWildcard;
    }
    let value = String::from_utf8_lossy(allowed).into_owned();
    let lines = response.headers.all(ACCESS_CONTROL_ALLOW_ORIGIN).count();
    let exact_lines =
        response.headers.iter().filter(|line| line.name == "Access-Control-Allow-Origin").count();
    if lines > 1 || value.contains([',', ' ']) {
        return Reason::AllowOriginMultiple { value, lines, exact_lines };
    }
    match Url::parse(&value) {
        Err(_) if value != "null" => Reason::AllowOriginInvalid { value, is_url: false },
        Ok(url) if url.cannot_be_a_base() => Reason::AllowOriginInvalid { value, is_url: true },
        _ => Reason::AllowOriginMismatch { value, origin: origin.to_owned() },
    }
}
