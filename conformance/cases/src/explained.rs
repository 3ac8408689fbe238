//! Disagreements that stay: the browser does something that no profile describes, and here is why.
//!
//! An entry names one engine and one kind of difference, as narrowly as it can. What CORS decides never belongs here: that is a profile's field.

use corsac::browser::Engine;

use crate::case::{Api, Body, Call, Case, Reply};
use crate::compare::Difference;

/// One explanation.
struct Explanation {
    engine: Engine,
    why: &'static str,
    applies: fn(&Case, &Difference) -> bool,
}

/// Why this difference is none of ours, if it is explained.
pub fn explain(engine: Engine, case: &Case, difference: &Difference) -> Option<&'static str> {
    let explanation =
        EXPLANATIONS.iter().find(|known| known.engine == engine && (known.applies)(case, difference));
    explanation.map(|known| known.why)
}

/// Is every difference of a case explained? A first difference may bring others along, so they are looked at one by one.
pub fn all_explained(engine: Engine, case: &Case, differences: &[Difference]) -> bool {
    differences.iter().all(|difference| explain(engine, case, difference).is_some())
}

const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        engine: Engine::Chromium,
        why: "the HTTP layer writes a byte range that it understands in its own form (`Bytes=00-01` becomes `bytes=0-1`)",
        applies: |_, difference| on_wire(difference, "range") && difference.browser.starts_with("`bytes="),
    },
    Explanation {
        engine: Engine::Chromium,
        why: "XMLHttpRequest writes a Content-Type with a charset anew, and loses the comma of a joined one",
        applies: |case, difference| {
            on_wire(difference, "content-type")
                && case.calls().any(|call| call.api != Api::Fetch)
                && difference.profile.replace(',', "") == difference.browser
        },
    },
    Explanation {
        engine: Engine::Chromium,
        why: "a request of a page of an opaque origin that is redirected to the same URL again uses the answer to its own preflight",
        applies: |case, difference| {
            case.page == "null" && difference.place.starts_with("wire ") && redirects_to_itself(case)
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
        why: "lines of Access-Control-Allow-Origin are counted only where the name is spelled so; in lower case they are merged like any other",
        applies: |case, _| {
            let replies = case.server.values().flat_map(|all| all.preflight.iter().chain(&all.request));
            let called = |reply: &Reply, given: &str| reply.headers.iter().any(|(name, _)| name == given);
            let mut both = replies.filter(|reply| called(reply, "Access-Control-Allow-Origin"));
            both.any(|reply| called(reply, "access-control-allow-origin"))
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "in mode no-cors, a redirect leaves `Origin` as it was, or takes it away, whatever the referrer policy",
        applies: |case, difference| {
            on_wire(difference, "origin") && case.calls().any(|call| call.mode.as_deref() == Some("no-cors"))
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "XMLHttpRequest leaves out all but the type and charset of a Content-Type with a body",
        applies: |case, difference| {
            on_wire(difference, "content-type")
                && case.calls().any(|call| call.api != Api::Fetch)
                && difference.profile.contains(';')
                && difference.profile.starts_with(difference.browser.trim_end_matches('`'))
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "an Accept with bytes above ASCII is not safelisted, so mode no-cors leaves it out; our requests are checked before an engine is chosen",
        applies: |case, difference| {
            on_wire(difference, "accept")
                && case.calls().any(|call| call.mode.as_deref() == Some("no-cors"))
                && difference.profile.contains('?')
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "with origin-when-cross-origin, `Referer` is the page's URL again when redirects through other origins lead home",
        applies: |case, difference| {
            on_wire(difference, "referer")
                && case
                    .calls()
                    .any(|call| call.referrer_policy.as_deref() == Some("origin-when-cross-origin"))
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a User-Agent that script set is not sent after a redirect",
        applies: |_, difference| on_wire(difference, "user-agent"),
    },
    Explanation {
        engine: Engine::WebKit,
        why: "the type that comes with a body is sent in mode no-cors, safelisted or not",
        applies: |case, difference| {
            on_wire(difference, "content-type")
                && case
                    .calls()
                    .any(|call| call.mode.as_deref() == Some("no-cors") && brings_unsafe_type(call))
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "a Content-Type with a comma is not safelisted, so mode no-cors leaves out the line that brings it; our requests are checked \
              before an engine is chosen",
        applies: |case, difference| {
            on_wire(difference, "content-type")
                && case.calls().any(|call| call.mode.as_deref() == Some("no-cors") && has_several_types(call))
        },
    },
    Explanation {
        engine: Engine::Firefox,
        why: "after a redirect whose Referrer-Policy tells more than the policy before it, `Referer` is still what it was",
        applies: |case, difference| {
            on_wire(difference, "referer")
                && changes_policy(case)
                && difference.profile.starts_with(difference.browser.trim_end_matches('`'))
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "in mode no-cors, a redirect from the page's own origin to another that turns POST into GET takes the Content-Type away for good",
        applies: |case, difference| {
            on_wire(difference, "content-type")
                && difference.browser == "absent"
                && case.calls().any(|call| call.mode.as_deref() == Some("no-cors"))
                && redirects_to_get(case)
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a request whose origin a redirect tainted, redirected to the same URL again, uses the answer to its own preflight: the opaque \
              origin is new for each fetch, and lives as long as it does",
        applies: |case, difference| {
            difference.place.starts_with("wire ")
                && redirects_to_itself(case)
                && (difference.profile.starts_with("OPTIONS <") || difference.browser == "nothing")
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "WebKitGTK refuses a redirect to ftp in redirect mode manual, too; other schemes that it cannot fetch give an opaque redirect",
        applies: |case, difference| {
            difference.place.ends_with(" verdict")
                && difference.profile == "opaque"
                && case.calls().any(|call| call.redirect.as_deref() == Some("manual"))
                && locations(case).any(|location| location.starts_with("ftp:"))
        },
    },
    Explanation {
        engine: Engine::WebKit,
        why: "a redirect that is refused for its URL (http from an https page, a user name) is refused only behind the preflight",
        applies: |case, difference| {
            (matches!(case.page.as_str(), "s" | "t") || redirects_to_credentials(case))
                && difference.browser.starts_with("OPTIONS <")
                && difference.profile == "nothing"
        },
    },
];

fn redirects_to_itself(case: &Case) -> bool {
    locations(case).any(|location| location.starts_with(['#', '?']))
}

fn redirects_to_credentials(case: &Case) -> bool {
    locations(case).any(|location| location.contains('@'))
}

fn redirects_to_get(case: &Case) -> bool {
    let mut replies = case.server.values().flat_map(|resource| &resource.request);
    replies.any(|reply| matches!(reply.status, 301..=303))
}

/// Does a redirect set a referrer policy?
fn changes_policy(case: &Case) -> bool {
    let replies = case.server.values().flat_map(|resource| &resource.request);
    let mut redirects = replies.filter(|reply| matches!(reply.status, 301..=308));
    redirects.any(|reply| reply.headers.iter().any(|(name, _)| name == "Referrer-Policy"))
}

fn has_several_types(call: &Call) -> bool {
    call.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type")).count() > 1
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

/// Does the body bring a `Content-Type` that is not safelisted?
fn brings_unsafe_type(call: &Call) -> bool {
    let set_by_script = call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    call.body == Body::Json && (!set_by_script || call.mode.as_deref() == Some("no-cors"))
}
