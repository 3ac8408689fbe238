//! The preflight as an exchange: its status, and redirects.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::{Fact, RedirectKind};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::PreflightStatus,
        title: "The preflight was answered with an error",
        what: "Before the {method} request the browser asked the server for permission with `OPTIONS {url}`. \
               The answer has status {status}; only 200 to 299 is a yes.",
        why: "The preflight asks whether the request itself may be sent. An error is no answer to that \
              question, whatever headers come with it.",
        causes: &[
            Cause::when(
                &[Fact::Status(401, 403)],
                "Authentication, a firewall or bot protection runs before the CORS layer. A preflight never \
                 carries cookies or tokens, so whatever asks for them says no.",
                "Is the status 401 or 403?",
            ),
            Cause::when(
                &[Fact::Status(403, 403)],
                "The server's CORS layer does not allow this origin, method or header, and says so with \
                 status 403.",
                "Ask with an origin that is on the server's list.",
            ),
            Cause::when(
                &[Fact::Status(404, 404)],
                "Nothing answers `OPTIONS` at this path: the route exists for {method} only, or the path is \
                 wrong, or the function is not deployed.",
                "Is the status 404? Does {method} to the same URL work from curl?",
            ),
            Cause::proven(
                &[Fact::Status(405, 405)],
                "The server knows the path, and refuses the method `OPTIONS` there.",
                "Is the status 405? Its `Allow` header lists what the server takes.",
            ),
            Cause::when(
                &[Fact::Status(400, 400)],
                "The CORS layer refuses the origin, the method or a header (some libraries use 400 for \
                 that), or the server wants something that a preflight does not carry, such as a body, a \
                 header or a query parameter.",
                "Read the response's body, and ask with an origin that is on the server's list.",
            ),
            Cause::proven(
                &[Fact::Status(429, 429)],
                "A rate limit counts preflights as requests.",
                "Is the status 429? Does it go away after a while?",
            ),
            Cause::when(
                &[Fact::Status(500, 501)],
                "The handler for `OPTIONS` crashes, often because it reads a body, a header or a session \
                 that a preflight does not have.",
                "Look into the server's log for the `OPTIONS` request.",
            ),
            Cause::proven(
                &[Fact::Status(502, 504)],
                "The server behind the proxy is down or too slow.",
                "Does any other request to it work?",
            ),
            Cause::proven(
                &[Fact::Status(300, 399)],
                "The preflight was answered with a redirect, or with 304. Browsers do not follow redirects \
                 there.",
                "Is the status 301, 302, 307 or 308? Look at `Location`.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Status(500, 599)],
                "When the status is 500 to 599",
                "Look into the server's log first: it failed while it answered `OPTIONS`, and no header mends \
                 that.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Status(401, 403)],
                "With status 401 or 403",
                "Let the CORS layer run first, or let `OPTIONS` through without a login. Answer it with \
                 status 204 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::Status(401, 403))],
                "With another status",
                "Answer `OPTIONS` at this path with status 204 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::always(
                "Or make a request that needs no preflight, if it can do without what made one necessary: \
                 methods GET, HEAD and POST, no headers of your own, and a form's `Content-Type`.",
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
        what: "Before the {method} request the browser asked the server for permission with `OPTIONS {url}`. \
               The answer is a redirect (status {status}) to {location}, and browsers do not follow \
               redirects there.",
        why: "The preflight asks about one URL. Permission for another one is not an answer to that.",
        causes: &[
            Cause::proven(
                &[Fact::Redirect(RedirectKind::ToHttps)],
                "The request goes to `http://`, and the server sends everybody to https, preflights too.",
                "Does `Location` differ in the scheme only?",
            ),
            Cause::proven(
                &[Fact::Redirect(RedirectKind::Slash)],
                "The server wants the path with a slash at the end, or without, and redirects to the \
                 spelling it likes.",
                "Does `Location` differ by one slash only?",
            ),
            Cause::proven(
                &[Fact::Redirect(RedirectKind::Login)],
                "The server sends visitors who are not logged in to a login page. A preflight never carries \
                 cookies, so it always looks like such a visitor.",
                "Is `Location` a login page?",
            ),
            Cause::proven(
                &[Fact::Redirect(RedirectKind::Www)],
                "The server wants the host with `www.`, or without, and redirects to the one it likes.",
                "Does `Location` differ by `www.` only?",
            ),
            Cause::when(
                &[Fact::Redirect(RedirectKind::Elsewhere)],
                "The resource moved, or a proxy adds a language, a version or another host.",
                "Look at `Location`.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::Not(&Fact::Redirect(RedirectKind::Login))],
                "",
                "Ask for the URL that the redirect leads to, so that there is none: `{location}`",
                &[],
            ),
            FixTemplate::always(
                "Let the CORS layer run before redirects and login, and answer `OPTIONS` with status 204 \
                 and:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Redirect(RedirectKind::Login)],
                "When `Location` is a login page",
                "Answer requests of scripts that are not logged in with status 401 and CORS headers, not \
                 with a redirect. The page can then open the login itself.",
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
