//! `Access-Control-Allow-Origin`: missing, or there several times.

use corsac::browser::ReasonCode;

use super::{FOR_EVERYBODY, mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::AllowOriginMissing,
        title: "The response has no `Access-Control-Allow-Origin`",
        what: "There is no `Access-Control-Allow-Origin` header in {response}, so the browser keeps it from \
               {the-page}.",
        why: "A page may read a response from another origin only if the server says so, and this header is \
              how it says so. Only browsers ask: curl, Postman and server code get the same response and \
              never look for the header.",
        causes: &[
            Cause::proven(
                &[Fact::Preflight, Fact::Status(401, 401)],
                "Authentication refuses the preflight before the CORS layer sees it. A preflight never \
                 carries cookies or tokens, so whatever asks for them says no.",
                "Does `OPTIONS {url}` without cookies and tokens give 401?",
            ),
            Cause::when(
                &[Fact::Preflight, Fact::Status(403, 403)],
                "A firewall, bot protection or login layer refuses the preflight before the CORS layer sees \
                 it. A preflight never carries cookies or tokens.",
                "Does the application's own log show the `OPTIONS` request?",
            ),
            Cause::when(
                &[Fact::Preflight, Fact::Status(403, 403)],
                "The CORS layer itself refuses the origin, the method or a header, and says so with status \
                 403.",
                "Ask with an origin that is on the server's list.",
            ),
            Cause::proven(
                &[Fact::Preflight, Fact::Status(404, 405)],
                "Nothing on the server answers `OPTIONS` here.",
                "Does `OPTIONS {url}` give 404 or 405?",
            ),
            Cause::proven(
                &[Fact::Status(500, 599)],
                "The server failed, and its error page is made by code that knows nothing of CORS.",
                "Is the status 500 or more? Does the header come back when the request succeeds?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::Preflight), Fact::Status(400, 499)],
                "The headers are set for successful responses only, and this one is an error.",
                "Does the header come back when the request succeeds?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::Preflight), Fact::Status(300, 399)],
                "The response is a redirect. Each response on the way needs the header, and redirects are \
                 often made before the CORS layer runs.",
                "Is the status 301, 302, 303, 307 or 308?",
            ),
            Cause::proven(
                &[Fact::OriginLostInRedirect],
                "A redirect went from one foreign origin to another. From there on the browser says `Origin: \
                 null`, which no server has on its list.",
                "Is there a redirect to another host on the way?",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "The request was redirected to a server that sends no CORS headers, such as a CDN, a storage \
                 bucket or a login page.",
                "Open the network panel: is the last URL another one than you asked for?",
            ),
            Cause::maybe(
                "CORS is not switched on for this path, or the request goes to another server than you think.",
                "Ask for a path that is known to work, with the same origin.",
            ),
            Cause::maybe(
                "{page} is not on the server's list. Many servers then leave the header out.",
                "Ask with an origin that is on the list: if the header is there, the list is what to change.",
            ),
            Cause::when(
                &[Fact::Not(&Fact::Preflight)],
                "A cache or CDN hands out a copy that was stored for a request without `Origin`.",
                "Look for `Age` or `X-Cache` in the response. Does the header come when you add `?x=1` to \
                 the URL?",
            ),
            Cause::maybe(
                "A proxy, gateway or CDN in front answers by itself, or drops the header.",
                "Ask the application directly, without what stands in front of it.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Preflight, Fact::Status(500, 599)],
                "When the status is 500 to 599",
                "Look into the server's log first: it failed while it answered `OPTIONS`, and no header mends \
                 that.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Preflight, Fact::Status(401, 403)],
                "When the preflight is refused (401, 403)",
                "Let the CORS layer run first, so that it answers the preflight before anything asks who the \
                 user is. Answer `OPTIONS` with status 204 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[
                    Fact::Preflight,
                    Fact::Not(&Fact::Status(401, 403)),
                    Fact::Not(&Fact::OriginLostInRedirect),
                ],
                "When the preflight has another status",
                "Answer `OPTIONS` with status 204 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::Preflight), Fact::Status(400, 599)],
                "When the status is an error",
                "Look first at why the server answers with status {status}. Then send the CORS headers with \
                 errors too: nginx `add_header … always`, Apache `Header always set …`, in an application \
                 the CORS layer outermost:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[
                    Fact::Not(&Fact::Preflight),
                    Fact::Not(&Fact::Status(400, 599)),
                    Fact::Not(&Fact::OriginLostInRedirect),
                ],
                "When the status is 200 to 399",
                "Send with this response:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::OriginLostInRedirect],
                "After a redirect to another host",
                "Ask for the last URL of the redirects directly, so that the browser can say who asks, and \
                 let it answer:",
                &[Line::CorsHeaders],
            ),
            FOR_EVERYBODY,
            FixTemplate::always(
                "If the server is not yours, ask its owner, or call it from your own server and let the page \
                 ask that one.",
                &[],
            ),
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSMissingAllowOrigin"),
        chromium: ChromiumNames::both("MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"),
        firefox: &["CORSMissingAllowOrigin"],
        related: &[ReasonCode::PreflightStatus, ReasonCode::AllowOriginMismatch],
    },
    Entry {
        code: ReasonCode::AllowOriginMultiple,
        title: "`Access-Control-Allow-Origin` has several values",
        what: "The response says `Access-Control-Allow-Origin: {value}`. The header can hold one origin, or \
               `*`, and nothing beside it.",
        why: "One value leaves no doubt about who may read the response. With several, browsers allow \
              nobody, even if the right one is among them.",
        causes: &[
            Cause::proven(
                &[Fact::SeveralLines],
                "Two layers each add the header: the application, and a proxy, gateway or function in front \
                 of it.",
                "Count the header's lines in the raw response. Ask the application directly: does it send \
                 one?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::SeveralLines)],
                "A list of allowed origins was written into the header.",
                "Is there a comma or a space in one line?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::SeveralLines)],
                "A proxy joined the header lines of two layers into one.",
                "Ask the application directly: does it send one value?",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::SeveralLines],
                "With several lines",
                "Let one layer own the CORS headers, and take them away in the other: nginx \
                 `proxy_hide_header Access-Control-Allow-Origin`, Apache `Header unset`, or CORS switched \
                 off in the application. What is left is:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::SeveralLines)],
                "With one line",
                "Keep the list on the server. Compare the request's `Origin` with it, and send back the one \
                 that asked:",
                &[Line::CorsHeaders],
            ),
            FOR_EVERYBODY,
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSMultipleAllowOriginNotAllowed"),
        chromium: ChromiumNames::both("MultipleAllowOriginValues", "PreflightMultipleAllowOriginValues"),
        firefox: &["CORSMultipleAllowOriginNotAllowed", "CORSAllowOriginNotMatchingOrigin"],
        related: &[ReasonCode::AllowOriginMismatch, ReasonCode::AllowOriginInvalid],
    },
];
