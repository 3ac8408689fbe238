//! Responses that are refused for a reason other than CORS.

use corsac::browser::ReasonCode;

use super::spec;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::ResourcePolicy,
        title: "The response may not be used by other sites",
        what: "{resource-policy} keeps {the-page} from using {url}. Elements such as images and scripts are loaded \
               without CORS, so CORS headers change nothing.",
        why: "`Cross-Origin-Resource-Policy` lets a server keep its images, scripts and data out of other sites' \
              pages, even if the page does not read them. A page with `Cross-Origin-Embedder-Policy` requires the \
              header of what it embeds.",
        causes: &[
            Cause::when(
                &[Fact::ValuePresent],
                "A security middleware sends `Cross-Origin-Resource-Policy: {value}` with every response.",
                "Look for a setting of that name.",
            ),
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The page has a `Cross-Origin-Embedder-Policy`, and the server does not say that other sites may use \
                 the resource.",
                "Check the headers of the page itself.",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "If other sites may embed it, its server should send:",
                &[Line::Text("Cross-Origin-Resource-Policy: cross-origin")],
            ),
            FixTemplate::when(
                &[Fact::ModeNoCors],
                "",
                "Or make it a CORS request, to which the header does not apply: leave `mode: \"no-cors\"` out, and \
                 send:",
                &[Line::ResponseHeaders],
            ),
            FixTemplate::when(
                &[Fact::TakesCrossorigin],
                "",
                "Or make it a CORS request, to which the header does not apply: give the element the attribute \
                 `crossorigin`, and send:",
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
        title: "The server sent a partial response that was not requested",
        what: "{url} answered with status {status}, which is for requests with a `Range` header. This one had none.",
        why: "Otherwise a page could combine parts of two responses into one that no server ever sent.",
        causes: &[Cause::maybe(
            "A cache or a service worker answers with the part that it stored for an earlier request.",
            "Does it work with the cache disabled in the developer tools?",
        )],
        fixes: &[FixTemplate::always(
            "Make the service worker or cache answer with complete responses only, or forward the request.",
            &[],
        )],
        spec: spec::MAIN_FETCH,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[],
    },
];
