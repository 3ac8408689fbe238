//! Redirects that browsers do not follow.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::RedirectCredentials,
        title: "A redirect leads to a URL with a user name or password",
        what: "The server redirects to `{location}`, and that URL holds a user name or password. Browsers do \
               not follow it in a CORS request.",
        why: "A server that can make a page's request carry a login of the server's choice could log the \
              user in as somebody else.",
        causes: &[
            Cause::maybe(
                "The server builds `Location` from a configured address that has a login in it, such as \
                 `https://user:secret@internal/`.",
                "Look for `@` in the server's configured base URL.",
            ),
            Cause::maybe(
                "A proxy rewrites `Location` to its own upstream address.",
                "Ask the application directly and compare `Location`.",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Take the login out of the address that the server redirects to. If the target needs one, send \
             it as an `Authorization` header, or fetch the resource on the server.",
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
        title: "A redirect came, and the request does not want any",
        what: "{url} answers with a redirect, and the request was made with `redirect: \
               \"error\"`.",
        why: "The page asked for it: with this mode any redirect ends the request.",
        causes: &[
            Cause::maybe(
                "The address is not quite the one that the server serves: http for https, a slash too many \
                 or too few.",
                "Open the address in a tab and look at where it leads.",
            ),
            Cause::maybe("A library or a service worker sets the mode.", "Look for `redirect:` in the code."),
        ],
        fixes: &[
            FixTemplate::always("Ask for the URL that the redirect leads to.", &[]),
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
        why: "Redirects that never end would keep a page waiting for ever.",
        causes: &[
            Cause::maybe(
                "Two rules send the request back and forth, such as http to https in one place and https to \
                 http in another.",
                "Follow the redirects by hand: does a URL come twice?",
            ),
            Cause::maybe(
                "The server sets a cookie and redirects to see whether it comes back, and the request sends \
                 none.",
                "Is there a `Set-Cookie` beside `Location`?",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "Find the two rules that disagree, and ask for the URL that is meant in the end.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::Credentials)],
                "",
                "If the redirect waits for a cookie, make the request with `credentials: \"include\"`.",
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
        what: "{url} answers with a redirect whose `Location` is `{value}`, which is not \
               one URL.",
        why: "There is nowhere to go.",
        causes: &[
            Cause::maybe(
                "Two layers each add a `Location`, and they differ.",
                "Count the header's lines in the raw response.",
            ),
            Cause::maybe(
                "The value is put together from parts, and one of them is empty or wrong, such as the port.",
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
        title: "A redirect cannot take a streamed body along",
        what: "The request's body is a stream, which is gone once it is sent, and the \
               server answered with a redirect that needs it again.",
        why: "Browsers do not keep a copy of a stream.",
        causes: &[Cause::maybe(
            "The address is not quite the one that the server serves.",
            "Look at the redirect's `Location`.",
        )],
        fixes: &[
            FixTemplate::always("Send the request to the URL that the redirect leads to.", &[]),
            FixTemplate::always(
                "Or send a string, a `Blob` or form data in place of the stream: those can be sent again.",
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
