//! `Access-Control-Allow-Origin`: missing, or with several values.

use corsac::browser::ReasonCode;

use super::{PUBLIC_DATA, mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::AllowOriginMissing,
        title: "The response has no `Access-Control-Allow-Origin`",
        what: "There is no `Access-Control-Allow-Origin` header in {response}, so the browser does not let \
               {the-page} read it.",
        why: "A page may read a response from another origin only if the server allows it, and this header is how it \
              does. Only browsers check it: curl, Postman and server code get the same response and ignore the \
              header.",
        causes: &[
            Cause::maybe(
                "CORS is not enabled for this path, or the request goes to another server than you think.",
                "Try a path that is known to work, from the same origin.",
            ),
            Cause::maybe(
                "{page} is not on the server's list. Many servers then omit the header.",
                "Try an origin that is on the list: if the header is there, change the list.",
            ),
            Cause::proven(
                &[Fact::Preflight, Fact::Status(401, 401)],
                "Authentication rejects the preflight before the CORS layer sees it. A preflight never carries \
                 cookies or tokens, so any check for them rejects it.",
                "Does `OPTIONS {url}` without cookies and tokens give 401?",
            ),
            Cause::when(
                &[Fact::Preflight, Fact::Status(403, 403)],
                "A firewall, bot protection or login layer rejects the preflight before the CORS layer sees it. A \
                 preflight never carries cookies or tokens.",
                "Does the application's own log show the `OPTIONS` request?",
            ),
            Cause::when(
                &[Fact::Preflight, Fact::Status(403, 403)],
                "The CORS layer itself rejects the origin, the method or a header with status 403.",
                "Try an origin that is on the server's list.",
            ),
            Cause::proven(
                &[Fact::Preflight, Fact::Status(404, 405)],
                "Nothing on the server answers `OPTIONS` here.",
                "Does `OPTIONS {url}` give 404 or 405?",
            ),
            Cause::proven(
                &[Fact::Status(500, 599)],
                "The server failed, and the code that makes its error page does not add CORS headers.",
                "Is the status 500 or more? Does the header come back when the request succeeds?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::Preflight), Fact::Status(400, 499)],
                "The server sets the headers on successful responses only, and this one is an error.",
                "Does the header come back when the request succeeds?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::Preflight), Fact::Status(300, 399)],
                "The response is a redirect. Each response along the way needs the header, and redirects are often \
                 sent before the CORS layer runs.",
                "Does the URL that it leads to answer with the header if it is requested directly?",
            ),
            Cause::proven(
                &[Fact::OriginLostInRedirect],
                "A redirect led from one foreign origin to another. From then on the browser sends `Origin: null`, \
                 which is on no server's list.",
                "Is there a redirect to another host along the way?",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "The request was redirected to a server that sends no CORS headers, such as a CDN, a storage bucket \
                 or a login page.",
                "Open the network panel: is the last URL the one that you requested?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::Preflight)],
                "A cache or CDN returns a copy that was stored for a request without `Origin`.",
                "Look for `Age` or `X-Cache` in the response. Is the header there when you add `?x=1` to the URL?",
            ),
            Cause::maybe(
                "A proxy, gateway or CDN in front of the server answers by itself, or removes the header.",
                "Send the request to the application directly, bypassing what is in front of it.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Preflight, Fact::Status(500, 599)],
                "When the preflight has status 500 to 599",
                "Check the server's log first: it failed on the `OPTIONS` request, and no header will fix that.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Preflight, Fact::Status(401, 403)],
                "When the preflight is rejected (401, 403)",
                "Let the CORS layer run first, so that it answers the preflight before authentication. Answer \
                 `OPTIONS` with status 204 and:",
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
                "Find out first why the server answers with status {status}. Then send the CORS headers with errors, \
                 too: use nginx `add_header … always` or Apache `Header always set …`, or make the CORS layer the \
                 outermost one of the application:",
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
                "Request the last URL of the redirects directly, so that the browser sends the page's origin. Its \
                 response needs:",
                &[Line::CorsHeaders],
            ),
            PUBLIC_DATA,
            FixTemplate::always(
                "If the server is not yours, ask its owner to allow the page, or let your own server call it and the \
                 page call your server.",
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
        what: "The response says `Access-Control-Allow-Origin: {value}`. The header must contain exactly one origin, \
               or `*`.",
        why: "A single value leaves no doubt about who may read the response. With several, browsers allow no \
              origin, even if the right one is among them.",
        causes: &[
            Cause::proven(
                &[Fact::SeveralLines],
                "Two layers each add the header: the application, and a proxy, gateway or function in front of it.",
                "Count the header's lines in the raw response. Does the application send one line when you call it \
                 directly?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::SeveralLines)],
                "A list of allowed origins was written into the header.",
                "Is there a comma or a space in one line?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::SeveralLines)],
                "A proxy joined the header lines of two layers into one.",
                "Does the application send one value when you call it directly?",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::SeveralLines],
                "With several lines",
                "Set the CORS headers in one layer only, and remove them from the other: nginx `proxy_hide_header \
                 Access-Control-Allow-Origin`, Apache `Header unset`, or turn off CORS in the application. The \
                 response should then contain:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::SeveralLines)],
                "With one line",
                "Keep the list on the server. Compare the request's `Origin` with it, and send back that origin if \
                 it is on the list:",
                &[Line::CorsHeaders],
            ),
            PUBLIC_DATA,
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSMultipleAllowOriginNotAllowed"),
        chromium: ChromiumNames::both("MultipleAllowOriginValues", "PreflightMultipleAllowOriginValues"),
        firefox: &["CORSMultipleAllowOriginNotAllowed", "CORSAllowOriginNotMatchingOrigin"],
        related: &[ReasonCode::AllowOriginMismatch, ReasonCode::AllowOriginInvalid],
    },
];
