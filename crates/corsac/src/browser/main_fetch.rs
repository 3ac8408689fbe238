//! [Main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch): how a request is made, at each URL of its URL list.

use super::body::Body;
use super::engine::{PreflightAfterRedirect, StreamBody};
use super::flight::{Flight, Refused};
use super::reason::Reason;
use super::refusal::ResponseTainting;
use super::request_values::{Mode, RedirectMode};
use super::trace::Rule;
use super::{mixed_content, redirect, referrer};
use crate::header;
use crate::method;
use crate::origin::is_bad_port;

/// The branch that main fetch chooses for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Branch {
    /// A `data:` URL: the response is in the URL.
    Data,
    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), with or without makeCORSPreflight.
    Http { make_preflight: bool },
}

/// [Main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch), steps 7 to 12.
pub(crate) fn choose_branch(flight: &mut Flight<'_>) -> Result<Branch, Refused> {
    let stage = flight.stage_before_exchange();
    // 5
    if mixed_content::is_upgraded(flight) {
        flight.upgrade_url();
        flight.note(
            stage,
            Rule::MixedContent,
            "an http URL of this kind on an https page: upgraded to https",
        );
    }
    // 7
    bad_port(flight)?;
    if mixed_content::is_mixed_content(flight, flight.url()) {
        let refused = Refused::new(stage, Rule::MixedContent, Reason::MixedContent);
        if !(flight.redirected() && flight.profile.preflight_precedes_refusal) {
            return Err(refused);
        }
        flight.refused_before_request = Some(refused);
    }
    stream_body(flight)?;
    // 8-9
    referrer::determine(flight);
    if !flight.redirected() {
        flight.referrer.keep_first();
    }

    let own_origin = flight.url_origin().same_origin(flight.request().origin());
    let scheme = flight.url().scheme();

    // 12, first statement that matches. The check of the tainting keeps a redirect back to the page's own origin in the cors branch.
    let is_same_origin = own_origin && flight.response_tainting == ResponseTainting::Basic;
    if is_same_origin || scheme == "data" || matches!(flight.mode(), Mode::Navigate | Mode::WebSocket) {
        let evidence = if is_same_origin {
            "the URL has the page's own origin: no CORS"
        } else {
            "this mode does not use CORS"
        };
        flight.response_tainting = ResponseTainting::Basic;
        if flight.url().scheme() == "data" {
            flight.note(stage, Rule::MainFetch, "a data: URL: nothing is sent");
            return Ok(Branch::Data);
        }
        http_scheme(flight)?;
        flight.note(stage, Rule::MainFetch, evidence);
        return Ok(Branch::Http { make_preflight: false });
    }
    if flight.mode() == Mode::SameOrigin {
        return Err(Refused::new(stage, Rule::MainFetch, Reason::ModeSameOrigin));
    }
    if flight.mode() == Mode::NoCors {
        if flight.request().init().redirect != RedirectMode::Follow {
            return Err(Refused::new(stage, Rule::MainFetch, Reason::NoCorsRedirectMode));
        }
        flight.response_tainting = ResponseTainting::Opaque;
        http_scheme(flight)?;
        flight.note(stage, Rule::MainFetch, "mode no-cors: the response will be opaque");
        return Ok(Branch::Http { make_preflight: false });
    }
    http_scheme(flight)?;
    flight.response_tainting = ResponseTainting::Cors;
    Ok(Branch::Http { make_preflight: cors_with_preflight(flight) })
}

/// Step 12, the last two statements: returns `true` if this request needs a preflight. fetch(), XMLHttpRequest and sendBeacon() always set
/// the unsafe-request flag, and other loads never do.
fn cors_with_preflight(flight: &mut Flight<'_>) -> bool {
    let stage = flight.stage_before_exchange();
    flight.preflight.unsafe_names =
        header::unsafe_request_header_names(&flight.headers, &flight.profile.safelist);
    let repeats = repeats_after_redirect(flight);
    let unsafe_method = !method::is_cors_safelisted_method(&flight.method);
    if flight.request().init().api.load().is_some_and(|load| !load.sets_unsafe_request_flag()) {
        flight.note(stage, Rule::MainFetch, "cross-origin, and a request of this kind needs no preflight");
        return false;
    }

    let evidence = if unsafe_method {
        format!("the method {} is not safelisted", flight.method)
    } else if !flight.preflight.unsafe_names.is_empty() {
        format!("not safelisted: {}", flight.preflight.unsafe_names.join(", "))
    } else if flight.preflight.forced {
        "the use-CORS-preflight flag is set".to_owned()
    } else if repeats {
        "it was needed before the redirect, and this engine does not decide again".to_owned()
    } else {
        flight.note(stage, Rule::MainFetch, "cross-origin, and nothing in the request needs a preflight");
        return false;
    };
    flight.note(stage, Rule::MainFetch, format!("cross-origin with preflight: {evidence}"));
    flight.preflight.was_needed = true;
    true
}

/// Engine difference: see [`PreflightAfterRedirect`]. Returns `true` if a preflight is needed whatever the redirect dropped. This may also
/// change the names to ask for.
fn repeats_after_redirect(flight: &mut Flight<'_>) -> bool {
    let rule = flight.profile.preflight_after_redirect;
    if rule == PreflightAfterRedirect::WhenNeeded || !flight.redirected() {
        return false;
    }
    let mut first = header::unsafe_request_header_names(&flight.script.headers, &flight.profile.safelist);
    let ignores_body_type = redirect::body_type_is_not_set_by_script(flight);
    let set_by_script = first.iter().any(|name| !ignores_body_type || name != "content-type");
    if !set_by_script && !flight.preflight.was_needed {
        return false;
    }
    if rule == PreflightAfterRedirect::ByFirstNames {
        let other_names = first.len() > 1;
        first.retain(|name| redirect::asks_for_again(flight, name, other_names));
    }
    if first != flight.preflight.unsafe_names {
        let stage = flight.stage_before_exchange();
        flight.note(
            stage,
            Rule::EngineDifference,
            "asks for headers that script set, although a redirect dropped them",
        );
        flight.preflight.unsafe_names = first;
    }
    true
}

/// Refuses a streamed body in an engine that cannot send one.
fn stream_body(flight: &Flight<'_>) -> Result<(), Refused> {
    if flight.body == Body::Stream && flight.profile.stream_body == StreamBody::Unsupported {
        return Err(Refused::new(
            flight.stage_before_exchange(),
            Rule::StreamBody,
            Reason::StreamBodyUnsupported,
        ));
    }
    Ok(())
}

/// Step 12, "request's current URL's scheme is not an HTTP(S) scheme". In the other branches, scheme fetch refuses the same.
fn http_scheme(flight: &Flight<'_>) -> Result<(), Refused> {
    let scheme = flight.url().scheme();
    if matches!(scheme, "http" | "https") {
        return Ok(());
    }
    let reason = Reason::SchemeNotHttp { scheme: scheme.to_owned(), url: flight.url().to_string() };
    Err(Refused::new(flight.stage_before_exchange(), Rule::MainFetch, reason))
}

/// [Should a request be blocked due to a bad port?](https://fetch.spec.whatwg.org/#block-bad-port)
fn bad_port(flight: &Flight<'_>) -> Result<(), Refused> {
    match flight.url().port() {
        Some(port) if matches!(flight.url().scheme(), "http" | "https") && is_bad_port(port) => {
            Err(Refused::new(flight.stage_before_exchange(), Rule::BadPort, Reason::BadPort { port }))
        }
        _ => Ok(()),
    }
}
