//! [Filtered responses](https://fetch.spec.whatwg.org/#concept-filtered-response): what script can see.

use std::collections::HashSet;

use url::Url;

use super::exchange::ResponseHead;
use super::flight::{Flight, Refused};
use super::load::Load;
use super::outcome::{FilteredResponse, Outcome, ResponseType};
use super::reason::Reason;
use super::refusal::ResponseTainting;
use super::request::Api;
use super::trace::Rule;
use super::verdict::Stage;
use crate::header::names::{ACCESS_CONTROL_EXPOSE_HEADERS, RANGE};
use crate::header::{self, HeaderList};

/// Main fetch, from "if response is not a network error and response is not a filtered response" to the range check.
pub(crate) fn filter(
    flight: &mut Flight<'_>,
    stage: Stage,
    response: &ResponseHead,
) -> Result<Outcome, Refused> {
    // A page cannot read a document of another origin that replaces it. Where two documents meet, [same
    // origin-domain](https://html.spec.whatwg.org/#same-origin-domain) decides; `document.domain` is not modelled.
    let navigates = flight.request().init().api == Api::Load(Load::Navigation);
    let elsewhere = navigates && !flight.url_origin().same_origin(flight.request().origin());
    let kind = match flight.response_tainting {
        _ if elsewhere => ResponseType::Opaque,
        ResponseTainting::Basic => ResponseType::Basic,
        ResponseTainting::Cors => ResponseType::Cors,
        ResponseTainting::Opaque => ResponseType::Opaque,
    };
    if kind == ResponseType::Opaque {
        range_check(flight, stage, response)?;
        flight.note(stage, Rule::ResponseFilter, "opaque: script sees neither status nor headers nor body");
        let timing_allowed = !flight.timing_allow_failed;
        return Ok(Outcome::Opaque(FilteredResponse { timing_allowed, ..FilteredResponse::opaque() }));
    }
    let exposed = if kind == ResponseType::Cors { Exposed::of(flight, response) } else { Exposed::All };
    let headers: HeaderList = response
        .headers
        .iter()
        .filter(|line| !header::is_forbidden_response_header_name(&line.name) && exposed.contains(&line.name))
        .map(|line| (line.name.clone(), line.value.clone()))
        .collect();
    let evidence = format!(
        "{}: script can read {} of {} header lines",
        kind.as_str(),
        headers.len(),
        response.headers.len()
    );
    flight.note(stage, Rule::ResponseFilter, evidence);
    Ok(Outcome::Readable(FilteredResponse {
        kind,
        status: response.status,
        headers,
        url: Some(without_fragment(flight.url())),
        redirected: flight.redirected(),
        timing_allowed: !flight.timing_allow_failed,
    }))
}

/// The [CORS-exposed header-name list](https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list).
enum Exposed {
    All,
    /// In lower case. A set, as a server can list many names and send many headers.
    Names(HashSet<String>),
}

impl Exposed {
    /// Main fetch, step 14.1. The standard's text says "non-null or failure" where a list is meant; all engines expose nothing when the
    /// header does not parse (measured).
    fn of(flight: &Flight<'_>, response: &ResponseHead) -> Self {
        let Some(Ok(names)) = response.headers.extract_tokens(ACCESS_CONTROL_EXPOSE_HEADERS) else {
            return Self::Names(HashSet::new());
        };
        if !flight.credentials_mode_is_include() && names.iter().any(|name| name == "*") {
            return Self::All;
        }
        Self::Names(names.into_iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    /// Returns `true` for a [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name), or
    /// one that the server exposes.
    fn contains(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => {
                header::is_safelisted_response_header_name(name)
                    || (!names.is_empty() && names.contains(&name.to_ascii_lowercase()))
            }
        }
    }
}

/// Main fetch, step 21: a request without a range must not get a partial response.
fn range_check(flight: &Flight<'_>, stage: Stage, response: &ResponseHead) -> Result<(), Refused> {
    if matches!(response.status, 206 | 416) && response.range_requested && !flight.headers.contains(RANGE) {
        let reason = Reason::RangeNotRequested { status: response.status };
        return Err(Refused::new(stage, Rule::RangeCheck, reason));
    }
    Ok(())
}

/// [Scheme fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch) of a `data:` URL: a response of status 200 with the URL's media type.
/// The body stays with the caller, in the URL.
pub(crate) fn data_url_response(flight: &Flight<'_>) -> Outcome {
    let path = flight.url().path();
    let media_type = path.split_once(',').map_or("", |(media_type, _)| media_type);
    let media_type = media_type.strip_suffix(";base64").unwrap_or(media_type).trim();
    let media_type = if media_type.is_empty() { "text/plain;charset=US-ASCII" } else { media_type };
    Outcome::Readable(FilteredResponse {
        kind: ResponseType::Basic,
        status: 200,
        headers: HeaderList::from_iter([("Content-Type", media_type)]),
        url: Some(without_fragment(flight.url())),
        redirected: false,
        timing_allowed: true,
    })
}

pub(crate) fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
