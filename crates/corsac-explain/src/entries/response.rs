//! Responses that are refused for a reason other than CORS, or that are not the application's own.

use corsac::browser::ReasonCode;

use super::spec;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::ResourcePolicy,
        title: "The response may not be used by other sites",
        what: "{resource-policy} keeps {the-page} from using {url}. Elements such as images and scripts ask without \
               CORS, and CORS headers change nothing.",
        why: "`Cross-Origin-Resource-Policy` lets a server keep its images, scripts and data out of foreign \
              pages, also where the page does not want to read them. A page with \
              `Cross-Origin-Embedder-Policy` asks for that itself.",
        causes: &[
            Cause::when(
                &[Fact::ValuePresent],
                "A security middleware sends `Cross-Origin-Resource-Policy: {value}` with everything.",
                "Look for a setting of that name.",
            ),
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The page has a `Cross-Origin-Embedder-Policy`, and the server does not say that foreign \
                 pages may use the resource.",
                "Look at the headers of the page itself.",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "If other sites may embed it, let its server send:",
                &[Line::Text("Cross-Origin-Resource-Policy: cross-origin")],
            ),
            FixTemplate::when(
                &[Fact::ModeNoCors],
                "",
                "Or make it a CORS request, which the header does not touch: leave `mode: \"no-cors\"` out, \
                 and send:",
                &[Line::ResponseHeaders],
            ),
            FixTemplate::when(
                &[Fact::TakesCrossorigin],
                "",
                "Or make it a CORS request, which the header does not touch: give the element the attribute `crossorigin`, and send:",
                &[Line::ResponseHeaders],
            ),
        ],
        spec: spec::RESOURCE_POLICY,
        mdn: Some("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Cross-Origin_Resource_Policy"),
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::NoCorsRedirectMode],
    },
    Entry {
        code: ReasonCode::RangeNotRequested,
        title: "Part of a response came, and nobody had asked for a part",
        what: "{url} answered with status {status}, which is for requests with `Range`. \
               This one had none.",
        why: "A page could otherwise put together a response from parts of two, and have the browser take it \
              for something that no server ever sent.",
        causes: &[Cause::maybe(
            "A cache or a service worker answers with what it has: a part that an earlier request asked for.",
            "Does it work with the cache switched off in the developer tools?",
        )],
        fixes: &[FixTemplate::always(
            "Let the service worker, or the cache, answer with whole responses only, or pass the request on.",
            &[],
        )],
        spec: spec::MAIN_FETCH,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[],
    },
];
