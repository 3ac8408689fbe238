//! The checks of a response, and what script sees of it.

use corsac::browser::{EmbedderPolicy, Mode, ResponseHead, ResponseType};
use corsac::header::HeaderList;
use corsac::origin::Origin;

use super::headers::{extract_tokens, get_decode_and_split, is};
use super::{NetworkError, Request, Response, Seen, sent};

/// <https://fetch.spec.whatwg.org/#concept-cors-check>
pub(super) fn cors_check(request: &Request, response: &ResponseHead) -> bool {
    // 1-3
    let Some(origin) = response.headers.get("Access-Control-Allow-Origin") else { return false };
    if !request.includes() && *origin == *b"*" {
        return true;
    }
    // 4-5
    if request.byte_serialized_origin().as_bytes() != &*origin {
        return false;
    }
    if !request.includes() {
        return true;
    }
    // 6-8
    response.headers.get("Access-Control-Allow-Credentials").as_deref() == Some(b"true")
}

/// <https://fetch.spec.whatwg.org/#concept-tao-check>
pub(super) fn tao_check(request: &Request, response: &ResponseHead) -> bool {
    // 2-3
    if request.timing_allow_failed {
        return false;
    }
    let values = get_decode_and_split(&response.headers, "Timing-Allow-Origin");
    // 4-5
    if values.iter().any(|value| *value == "*" || *value == request.byte_serialized_origin()) {
        return true;
    }
    // 6-8
    if request.made.mode == Mode::Navigate && !request.is_same_origin() {
        return false;
    }
    request.response_tainting == ResponseType::Basic
}

/// <https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check>: the policy alone, and then what the page's embedder policy makes of it
pub(super) fn cross_origin_resource_policy_check(request: &Request, response: &ResponseHead) -> bool {
    let internal_check = |embedder_policy| {
        // 2-3
        let policy = response.headers.get("Cross-Origin-Resource-Policy");
        let policy = policy
            .as_deref()
            .filter(|policy| [&b"same-origin"[..], b"same-site", b"cross-origin"].contains(policy));
        // 4
        let policy = policy.or(match embedder_policy {
            EmbedderPolicy::Credentialless => sent(request, None).credentials.then_some(b"same-origin"),
            EmbedderPolicy::RequireCorp => Some(b"same-origin"),
            _ => None,
        });
        // 5
        match policy {
            Some(b"same-origin") => request.is_same_origin(),
            Some(b"same-site") => {
                request.origin().schemelessly_same_site(&Origin::of(request.current_url()))
                    && (request.origin().scheme() == Some("https")
                        || request.current_url().scheme() != "https")
            }
            _ => true,
        }
    };
    internal_check(EmbedderPolicy::UnsafeNone) && internal_check(request.made.client.embedder_policy)
}

/// <https://fetch.spec.whatwg.org/#concept-main-fetch>, steps 14 to 22
pub(super) fn filtered(request: &Request, response: Response) -> Result<Seen, NetworkError> {
    let timing_allowed = !request.timing_allow_failed;
    let url = {
        let mut url = request.current_url().clone();
        url.set_fragment(None);
        Some(url.to_string())
    };
    let redirected = request.url_list.len() > 1;
    let kind = request.response_tainting;
    let internal = match response {
        Response::OpaqueRedirect => {
            let kind = ResponseType::OpaqueRedirect;
            return Ok(Seen { kind, status: 0, headers: HeaderList::new(), url, redirected, timing_allowed });
        }
        Response::Internal(internal) => internal,
    };
    // 14.1. We read: "is neither null nor failure", as all engines do.
    let header_names =
        extract_tokens(&internal.headers, "Access-Control-Expose-Headers").ok().flatten().unwrap_or_default();
    let exposes_all = !request.includes() && header_names.iter().any(|name| name == "*");
    // 14.2
    let is_readable = |name: &str| match kind {
        _ if is(name, "Set-Cookie") || is(name, "Set-Cookie2") => false,
        ResponseType::Basic => true,
        _ => {
            let safelisted = [
                "Cache-Control",
                "Content-Language",
                "Content-Length",
                "Content-Type",
                "Expires",
                "Last-Modified",
                "Pragma",
            ];
            exposes_all
                || safelisted.iter().any(|safe| is(safe, name))
                || header_names.iter().any(|item| is(item, name))
        }
    };
    if kind != ResponseType::Opaque {
        let lines = internal.headers.iter().filter(|line| is_readable(&line.name));
        let headers = lines.map(|line| (line.name.clone(), line.value.clone())).collect();
        return Ok(Seen { kind, status: internal.status, headers, url, redirected, timing_allowed });
    }
    // 21
    if matches!(internal.status, 206 | 416)
        && internal.range_requested
        && !request.made.headers.contains("Range")
    {
        return Err("range");
    }
    Ok(Seen { kind, status: 0, headers: HeaderList::new(), url: None, redirected: false, timing_allowed })
}
