//! The [TAO check](https://fetch.spec.whatwg.org/#concept-tao-check): whether the page may see the timing of the response.

use super::exchange::ResponseHead;
use super::flight::Flight;
use super::refusal::ResponseTainting;
use super::request_values::Mode;
use super::trace::Rule;
use super::verdict::Stage;
use crate::header::names::TIMING_ALLOW_ORIGIN;

/// [TAO check](https://fetch.spec.whatwg.org/#concept-tao-check). A failure sets the request's timing allow failed flag; it does not end the fetch.
pub(crate) fn tao_check(flight: &mut Flight<'_>, stage: Stage, response: &ResponseHead) {
    if !passes(flight, response) {
        if !flight.timing_allow_failed && response.headers.contains(TIMING_ALLOW_ORIGIN) {
            flight.note(
                stage,
                Rule::TaoCheck,
                "Timing-Allow-Origin does not name the page: script sees no timing",
            );
        }
        flight.timing_allow_failed = true;
    }
}

fn passes(flight: &Flight<'_>, response: &ResponseHead) -> bool {
    // 2
    if flight.timing_allow_failed {
        return false;
    }
    // 3-5
    let values = response.headers.get_decode_and_split(TIMING_ALLOW_ORIGIN).unwrap_or_default();
    if values.iter().any(|value| value == "*" || value == flight.serialized_origin()) {
        return true;
    }
    // 6
    if flight.mode() == Mode::Navigate && !flight.url_origin().same_origin(flight.request().origin()) {
        return false;
    }
    // 7-8
    flight.response_tainting == ResponseTainting::Basic
}
