//! The status of the preflight's response, and redirects.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::{Fact, RedirectKind};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::PreflightStatus,
        title: "The preflight was answered with an error",
        what: "Before the {method} request the browser asked the server for permission with `OPTIONS {url}`. The \
               answer has status {status}; only 200 to 299 gives permission.",
        why: "The preflight asks whether the request itself may be sent. An error does not give permission, whatever \
              its headers.",
        causes: &[
            Cause::when(
                &[Fact::Status(401, 403)],
                "Authentication, a firewall or bot protection runs before the CORS layer. A preflight never carries \
                 cookies or tokens, so any check for them rejects it.",
                "Is the status 401 or 403?",
            ),
            Cause::when(
                &[Fact::Status(403, 403)],
                "The server's CORS layer rejects this origin, method or header with status 403.",
                "Try an origin that is on the server's list.",
            ),
            Cause::when(
                &[Fact::Status(404, 404)],
                "Nothing answers `OPTIONS` at this path: the route exists for {method} only, the path is wrong, or \
                 the function is not deployed.",
                "Is the status 404? Does {method} to the same URL work with curl?",
            ),
            Cause::proven(
                &[Fact::Status(405, 405)],
                "The server knows the path, but does not allow the method `OPTIONS` there.",
                "Is the status 405? Its `Allow` header lists the methods that the server takes.",
            ),
            Cause::when(
                &[Fact::Status(400, 400)],
                "The CORS layer rejects the origin, the method or a header (some libraries use 400 for that), or the \
                 server requires something that a preflight does not have, such as a body or a header.",
                "Read the response's body, and try an origin that is on the server's list.",
            ),
            Cause::proven(
                &[Fact::Status(429, 429)],
                "The rate limit counts preflights as requests.",
                "Is the status 429? Does it go away after a while?",
            ),
            Cause::when(
                &[Fact::Status(500, 501)],
                "The handler for `OPTIONS` crashes, often because it expects a body, a header or a session that a \
                 preflight does not have.",
                "Check the server's log for the `OPTIONS` request.",
            ),
            Cause::proven(
                &[Fact::Status(502, 504)],
                "The server that the proxy forwards to is down or too slow.",
                "Does any other request to the server work?",
            ),
            Cause::proven(
                &[Fact::Status(300, 399)],
                "The preflight was answered with a redirect, or with 304. Browsers do not follow redirects of a \
                 preflight.",
                "Is the status 301, 302, 307 or 308? Look at `Location`.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Status(500, 599)],
                "When the status is 500 to 599",
                "Check the server's log first: it failed on the `OPTIONS` request, and no header will fix that.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Status(401, 403)],
                "With status 401 or 403",
                "Let the CORS layer run first, or exempt `OPTIONS` from the login. Answer `OPTIONS` with status 204 \
                 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::Status(401, 403))],
                "With another status",
                "Answer `OPTIONS` at this path with status 204 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::always(
                "Or avoid the preflight, if you can: use GET, HEAD or POST, no custom headers, and a `Content-Type` \
                 that a form can send.",
                &[],
            ),
        ],
        spec: spec::PREFLIGHT,
        mdn: mdn_error!("CORSPreflightDidNotSucceed"),
        chromium: ChromiumNames::preflight("PreflightInvalidStatus"),
        firefox: &["CORSPreflightDidNotSucceed"],
        related: &[ReasonCode::PreflightRedirected, ReasonCode::AllowOriginMissing],
    },
    Entry {
        code: ReasonCode::PreflightRedirected,
        title: "The preflight was answered with a redirect",
        what: "Before the {method} request the browser asked the server for permission with `OPTIONS {url}`. The \
               answer is a redirect (status {status}) to {location}, and browsers do not follow redirects of a \
               preflight.",
        why: "The preflight asks for permission for one URL. Another URL cannot give it.",
        causes: &[
            Cause::proven(
                &[Fact::Redirect(RedirectKind::ToHttps)],
                "The request goes to `http://`, and the server redirects everything to https, preflights included.",
                "Does `Location` differ in the scheme only?",
            ),
            Cause::proven(
                &[Fact::Redirect(RedirectKind::Slash)],
                "The server expects the path with a slash at the end, or without one, and redirects to that form.",
                "Does `Location` differ by one slash only?",
            ),
            Cause::proven(
                &[Fact::Redirect(RedirectKind::Login)],
                "The server redirects visitors who are not logged in to a login page. A preflight never carries \
                 cookies, so it always looks like such a visitor.",
                "Is `Location` a login page?",
            ),
            Cause::proven(
                &[Fact::Redirect(RedirectKind::Www)],
                "The server expects the host with `www.`, or without it, and redirects to that one.",
                "Does `Location` differ by `www.` only?",
            ),
            Cause::when(
                &[Fact::Redirect(RedirectKind::Elsewhere)],
                "The resource has moved, or a proxy redirects to a language, a version or another host.",
                "Look at `Location`.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Not(&Fact::Redirect(RedirectKind::Login))],
                "",
                "Request the URL that the redirect leads to: `{location}`",
                &[],
            ),
            FixTemplate::always(
                "Let the CORS layer run before redirects and login, and answer `OPTIONS` with status 204 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Redirect(RedirectKind::Login)],
                "When `Location` is a login page",
                "Answer API requests without a login with status 401 and CORS headers, not with a redirect. The page \
                 can then open the login page itself.",
                &[],
            ),
        ],
        spec: spec::PREFLIGHT,
        mdn: mdn_error!("CORSExternalRedirectNotAllowed"),
        chromium: ChromiumNames::preflight("PreflightDisallowedRedirect"),
        firefox: &["CORSExternalRedirectNotAllowed", "CORSPreflightDidNotSucceed"],
        related: &[ReasonCode::PreflightStatus],
    },
];
