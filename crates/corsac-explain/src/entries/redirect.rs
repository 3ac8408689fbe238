//! Redirects that browsers do not follow.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::RedirectCredentials,
        title: "A redirect leads to a URL with a user name or password",
        what: "The server redirects to `{location}`, and that URL contains a user name or password. Browsers do not \
               follow such a redirect in a CORS request.",
        why: "Otherwise a server could make the page's request carry a login of its choice, and log the user in as \
              somebody else.",
        causes: &[
            Cause::maybe(
                "The server builds `Location` from a configured URL that contains a login, such as \
                 `https://user:secret@internal/`.",
                "Is there an `@` in the server's configured base URL?",
            ),
            Cause::maybe(
                "A proxy rewrites `Location` to the URL of its own upstream.",
                "Send the request to the application directly, and compare `Location`.",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Remove the login from the URL that the server redirects to. If the target needs one, send it in an \
             `Authorization` header, or let the server fetch the resource.",
            &[],
        )],
        spec: spec::REDIRECT,
        mdn: mdn_error!("CORSDidNotSucceed"),
        chromium: ChromiumNames::request("RedirectContainsCredentials"),
        firefox: &["CORSDidNotSucceed"],
        related: &[ReasonCode::LocationInvalid],
    },
    Entry {
        code: ReasonCode::RedirectModeError,
        title: "The server redirected a request with `redirect: \"error\"`",
        what: "{url} answered with a redirect, and the request was made with `redirect: \"error\"`.",
        why: "The page chose this: in this mode, any redirect makes the request fail.",
        causes: &[
            Cause::maybe(
                "The URL is not quite the one that the server uses: it has http instead of https, or a slash too \
                 many or too few.",
                "Open the URL in a tab, and see where it leads.",
            ),
            Cause::maybe("A library or a service worker sets the mode.", "Look for `redirect:` in the code."),
        ],
        fixes: &[
            FixTemplate::always("Request the URL that the redirect leads to.", &[]),
            FixTemplate::always("Or leave `redirect` out: `\"follow\"` is the default.", &[]),
        ],
        spec: spec::HTTP_FETCH,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &["CORSDidNotSucceed"],
        related: &[ReasonCode::TooManyRedirects],
    },
    Entry {
        code: ReasonCode::TooManyRedirects,
        title: "More than 20 redirects",
        what: "The server kept redirecting; browsers stop after 20. The last URL was {url}.",
        why: "Endless redirects would keep the page waiting forever.",
        causes: &[
            Cause::maybe(
                "Two rules send the request back and forth, such as http to https in one place and https to http in \
                 another.",
                "Follow the redirects by hand: does a URL appear twice?",
            ),
            Cause::maybe(
                "The server sets a cookie and redirects to check that it comes back, but the request does not send \
                 cookies.",
                "Is there a `Set-Cookie` next to `Location`?",
            ),
        ],
        fixes: &[
            FixTemplate::always("Find the two rules that conflict, and request the final URL.", &[]),
            FixTemplate::when(
                &[Fact::Not(&Fact::Credentials)],
                "",
                "If the server expects a cookie, make the request with `credentials: \"include\"`.",
                &[],
            ),
        ],
        spec: spec::REDIRECT,
        mdn: mdn_error!("CORSDidNotSucceed"),
        chromium: ChromiumNames::NONE,
        firefox: &["CORSDidNotSucceed"],
        related: &[],
    },
    Entry {
        code: ReasonCode::LocationInvalid,
        title: "The redirect's `Location` is not a URL",
        what: "{url} answered with a redirect whose `Location` is `{value}`, which is not a valid URL.",
        why: "The browser does not know where to go.",
        causes: &[
            Cause::maybe(
                "Two layers each add a `Location`, with different values.",
                "Count the header's lines in the raw response.",
            ),
            Cause::maybe(
                "The value is built from parts, and one of them is empty or wrong, such as the port.",
                "Look at the raw header line.",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Send one `Location`, with a full URL or a path:",
            &[Line::Text("Location: https://<host>/<path>")],
        )],
        spec: spec::REDIRECT,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &["CORSDidNotSucceed"],
        related: &[ReasonCode::RedirectCredentials],
    },
    Entry {
        code: ReasonCode::StreamBodyRedirected,
        title: "A streamed body cannot be sent again after a redirect",
        what: "The request's body is a stream, which can be sent only once, and the server answered with a redirect \
               that needs the body again.",
        why: "Browsers do not keep a copy of a stream.",
        causes: &[Cause::maybe(
            "The URL is not quite the one that the server uses.",
            "Look at the redirect's `Location`.",
        )],
        fixes: &[
            FixTemplate::always("Send the request to the URL that the redirect leads to.", &[]),
            FixTemplate::always(
                "Or send a string, a `Blob` or form data instead of the stream: those can be sent again.",
                &[],
            ),
        ],
        spec: spec::REDIRECT,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &["CORSDidNotSucceed"],
        related: &[ReasonCode::StreamBodyUnsupported],
    },
];
