//! Disagreements that are accepted: the browser does something that no profile describes, for the reason given here.
//!
//! An entry names one engine and one kind of difference, as narrowly as it can. What CORS decides never belongs here: that is a profile's field.

use corsac::browser::Engine;

use crate::case::{Api, Case};
use crate::compare::Difference;

/// One explanation.
pub(crate) struct Explanation {
    pub(crate) engine: Engine,
    pub(crate) why: &'static str,
    pub(crate) applies: fn(&Case, &Difference) -> bool,
}

impl Explanation {
    /// The reason of the first of these explanations that applies.
    pub(crate) fn first(
        explanations: &[Self],
        engine: Engine,
        case: &Case,
        difference: &Difference,
    ) -> Option<&'static str> {
        let applies = |known: &&Self| known.engine == engine && (known.applies)(case, difference);
        explanations.iter().find(applies).map(|known| known.why)
    }
}

/// Why this difference does not concern CORS, if that is explained.
pub fn explain(engine: Engine, case: &Case, difference: &Difference) -> Option<&'static str> {
    Explanation::first(EXPLANATIONS, engine, case, difference)
}

/// Returns `true` if every difference of a case is explained. One difference may cause others, so each is checked.
pub fn all_explained(engine: Engine, case: &Case, differences: &[Difference]) -> bool {
    differences.iter().all(|difference| explain(engine, case, difference).is_some())
}

const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        engine: Engine::Chromium,
        why: "the HTTP layer writes a byte range that it understands in its own form (`Bytes=00-01` becomes `bytes=0-1`)",
        applies: |_, difference| {
            on_wire(difference, "range")
                && difference.browser.starts_with("`bytes=")
                && difference.profile.starts_with('`')
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "lines of Content-Type in a response are joined with `,`, without a space",
        applies: |_, difference| readable(difference, "content-type") && same_without_spaces(difference),
    },
    Explanation {
        engine: Engine::Firefox,
        why: "empty lines are left out when lines are joined, and one at the end replaces the others",
        applies: |_, difference| same_without_empty_items(difference) || has_empty_item(&difference.profile),
    },
    Explanation {
        engine: Engine::Firefox,
        why: "a PUT by XMLHttpRequest to the page's own origin whose connection closes without a response ends with a `load` event and status 0",
        applies: |case, difference| {
            difference.place.ends_with(" verdict")
                && difference.browser == "readable"
                && difference.profile.ends_with(": connection closed)")
                && case.calls().any(|call| {
                    call.api != Api::Fetch
                        && call.method.as_deref().is_some_and(|method| method.eq_ignore_ascii_case("PUT"))
                })
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "WebKitGTK refuses a redirect to ftp in redirect mode manual too; with other schemes that it cannot fetch, script gets an opaque redirect",
        applies: |case, difference| {
            difference.place.ends_with(" verdict")
                && difference.profile == "opaque"
                && case.calls().any(|call| call.redirect.as_deref() == Some("manual"))
                && locations(case).any(|location| location.starts_with("ftp:"))
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "WebKitGTK reads an image of the type `application/pdf` as a PDF, which its bytes are not",
        applies: |case, difference| {
            difference.place.ends_with(" verdict") && case.name == "load-img/type-pdf"
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a beacon is sent with `Cache-Control: max-age=0`, and an EventSource keeps its `Cache-Control` across redirects",
        applies: |case, difference| {
            on_wire(difference, "cache-control") && (loads(case, "beacon") || loads(case, "eventsource"))
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a beacon of a sandboxed page has the origin of the page's URL if its body needs no preflight",
        applies: |case, difference| {
            on_wire(difference, "origin") && case.page == "null" && loads(case, "beacon")
        },
    },
];

fn loads(case: &Case, load: &str) -> bool {
    case.calls().any(|call| call.load.as_deref() == Some(load))
}

/// Where the case's redirects lead.
fn locations(case: &Case) -> impl Iterator<Item = &str> {
    let lines = case.server.values().flat_map(|resource| &resource.request).flat_map(|reply| &reply.headers);
    lines.filter(|(name, _)| name.eq_ignore_ascii_case("location")).map(|(_, value)| value.as_str())
}

fn on_wire(difference: &Difference, name: &str) -> bool {
    difference.place.starts_with("wire ") && difference.place.ends_with(&format!(" {name}"))
}

fn readable(difference: &Difference, name: &str) -> bool {
    difference.place.starts_with("call ") && difference.place.ends_with(&format!(" {name}"))
}

fn same_without_spaces(difference: &Difference) -> bool {
    let plain = |text: &str| text.replace(' ', "");
    plain(&difference.browser) == plain(&difference.profile)
}

fn same_without_empty_items(difference: &Difference) -> bool {
    let plain = |text: &str| -> Vec<String> {
        let items = text.trim_matches('`').split(',').map(|item| item.trim().to_owned());
        items.filter(|item| !item.is_empty()).collect()
    };
    difference.browser.starts_with('`')
        && difference.profile.starts_with('`')
        && plain(&difference.browser) == plain(&difference.profile)
}

fn has_empty_item(text: &str) -> bool {
    let inner = text.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    inner.is_some_and(|text| text.contains(',') && text.split(',').any(|item| item.trim().is_empty()))
}
