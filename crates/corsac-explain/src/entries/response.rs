//! Responses that are refused for a reason other than CORS, or that are not the application's own.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::ErrorStatus,
        title: "The server answered with an error, and its error page has no CORS headers",
        what: "This is not CORS in the first place. {url} answered with status {status}. Because that answer \
               has no CORS headers, the page cannot see the status, and the console speaks of CORS.",
        why: "The browser keeps any response without CORS headers from the page, errors too. So the real \
              error hides behind a CORS message.",
        causes: &[
            Cause::when(
                &[Fact::Status(500, 501)],
                "The application crashed, and the error page is made outside the CORS layer.",
                "Look into the server's log.",
            ),
            Cause::proven(
                &[Fact::Status(502, 504)],
                "The proxy or load balancer cannot reach the application, or lost patience with it.",
                "How long did the answer take? Timeouts come after a round number of seconds.",
            ),
            Cause::when(
                &[Fact::Status(413, 413)],
                "The upload is larger than the web server takes; nginx stops at 1 MB unless \
                 `client_max_body_size` says otherwise.",
                "Do small uploads work?",
            ),
            Cause::proven(&[Fact::Status(429, 429)], "A rate limit.", "Does it work again after a while?"),
            Cause::when(
                &[Fact::Status(401, 401), Fact::Not(&Fact::Credentials)],
                "The request carries no login: it was made without cookies, and without an `Authorization` \
                 header that the server accepts.",
                "Does the request need `credentials: \"include\"` or a token?",
            ),
            Cause::when(
                &[Fact::Status(401, 403)],
                "Authentication, a firewall or a gateway refused the request before the application saw it.",
                "Compare with the same request from curl, with the same login.",
            ),
            Cause::when(
                &[Fact::Status(404, 404)],
                "The URL is wrong, or the function is not deployed there.",
                "Open the URL in a tab.",
            ),
            Cause::when(
                &[Fact::Status(400, 400)],
                "The server does not accept the request, or does not know the host name in it.",
                "Read the response's body in the network panel.",
            ),
            Cause::proven(
                &[Fact::Status(405, 405)],
                "The path is right, and does not take {method}.",
                "Look at the response's `Allow` header.",
            ),
            Cause::maybe(
                "The web server sets the CORS headers for successful responses only.",
                "Do successful responses of the same path have them?",
            ),
        ],
        fixes: &[
            FixTemplate::always("Mend what the status says. The CORS message goes away with it.", &[]),
            FixTemplate::always(
                "Then send the CORS headers with errors too, so that the page can tell next time: nginx \
                 `add_header … always`, Apache `Header always set …`, gateways in their own error responses, \
                 in an application the CORS layer outermost:",
                &[Line::CorsHeaders],
            ),
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSMissingAllowOrigin"),
        chromium: ChromiumNames::both("MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"),
        firefox: &["CORSMissingAllowOrigin"],
        related: &[ReasonCode::AllowOriginMissing, ReasonCode::PreflightStatus],
    },
    Entry {
        code: ReasonCode::ChallengePage,
        title: "Bot protection answered in the server's place",
        what: "This is not CORS. Something in front of {host} answered with status {status} and a challenge \
               for people (`{sign}`). The application never saw the request.",
        why: "A challenge is a page that a person's browser has to solve. A request of a script cannot, and \
              a preflight carries none of the cookies that would show that it was solved before.",
        causes: &[
            Cause::maybe(
                "The protection takes the request, or its preflight, for a bot.",
                "Does its log show the request as blocked?",
            ),
            Cause::maybe(
                "The deployment is protected against the public: previews on hosting platforms often are.",
                "Can you open the URL in a private window?",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "Let the API's paths through without a challenge, `OPTIONS` above all: add a rule that skips \
                 it there.",
                &[],
            ),
            FixTemplate::always(
                "For a preview deployment, allow `OPTIONS` or switch the protection off.",
                &[],
            ),
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSMissingAllowOrigin"),
        chromium: ChromiumNames::both("MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"),
        firefox: &["CORSMissingAllowOrigin"],
        related: &[ReasonCode::ErrorStatus, ReasonCode::PreflightStatus],
    },
    Entry {
        code: ReasonCode::ResourcePolicy,
        title: "The response may not be used by other sites",
        what: "This is not CORS. {resource-policy} keeps the response of {url} from {the-page}.",
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
                "If other sites may use the resource, let its server send:",
                &[Line::Text("Cross-Origin-Resource-Policy: cross-origin")],
            ),
            FixTemplate::when(
                &[Fact::ModeNoCors],
                "",
                "Or make it a CORS request, which the header does not touch: leave `mode: \"no-cors\"` out, \
                 and send:",
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
        what: "This is not CORS. {url} answered with status {status}, which is for requests with `Range`. \
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
