//! Requests that end before anything is sent.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::SchemeNotHttp,
        title: "The URL is not http or https",
        what: "`{url}` has the scheme `{scheme}`. To another origin only http and https will do.",
        why: "The permission to read a response is given in HTTP headers. A file or another kind of URL has \
              none.",
        causes: &[
            Cause::proven(
                &[Fact::SchemeIs(&["file"])],
                "The page or its data was opened from disk.",
                "Does the address bar start with `file://`?",
            ),
            Cause::proven(
                &[Fact::SchemeLooksLikeHost],
                "`http://` is missing: in `localhost:8080/api` browsers take `localhost` for the scheme.",
                "Does the URL start with a host name?",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "A redirect leads to a URL that is not http, such as an app's own scheme.",
                "Look at the redirect's `Location`.",
            ),
            Cause::maybe(
                "The URL is put together from parts, and the first one is wrong.",
                "Print the URL that is asked for.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::SchemeIs(&["file"])],
                "With `file://`",
                "Serve the files with a local web server, such as `python3 -m http.server`, and open the \
                 page from `http://localhost:8000/`.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::SchemeLooksLikeHost],
                "Without a scheme",
                "Write the scheme: `http://{url}`",
                &[],
            ),
            FixTemplate::always("Ask for an `http://` or `https://` URL.", &[]),
        ],
        spec: spec::MAIN_FETCH,
        mdn: mdn_error!("CORSRequestNotHttp"),
        chromium: ChromiumNames::request("CorsDisabledScheme"),
        firefox: &["CORSRequestNotHttp"],
        related: &[ReasonCode::ModeSameOrigin],
    },
    Entry {
        code: ReasonCode::ModeSameOrigin,
        title: "The request allows its own origin only",
        what: "The request was made with `mode: \"same-origin\"`, and {url} is of another origin than \
               {the-page}.",
        why: "The page asked for it: in this mode nothing is sent to another origin.",
        causes: &[
            Cause::maybe(
                "The URL is of another host, port or scheme than it was meant to be.",
                "Compare it with the page's address.",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "The URL is of the own origin, and redirects to another one.",
                "Look at the redirect's `Location`.",
            ),
            Cause::maybe("A library or a service worker sets the mode.", "Look for `mode:` in the code."),
        ],
        fixes: &[
            FixTemplate::always(
                "If the other origin is meant, leave `mode` out: `\"cors\"` is the default of `fetch()`.",
                &[],
            ),
            FixTemplate::always("If the own origin is meant, write the URL as a path, such as `/api`.", &[]),
        ],
        spec: spec::MAIN_FETCH,
        mdn: None,
        chromium: ChromiumNames::request("DisallowedByMode"),
        firefox: &[],
        related: &[ReasonCode::NoCorsRedirectMode],
    },
    Entry {
        code: ReasonCode::NoCorsRedirectMode,
        title: "`mode: \"no-cors\"` needs `redirect: \"follow\"`",
        what: "The request was made with `mode: \"no-cors\"` and another redirect mode than `\"follow\"`, to \
               another origin.",
        why: "Where a redirect leads can give away whether the user is logged in. In this mode a page is not \
              to learn anything.",
        causes: &[Cause::maybe("A library sets the redirect mode.", "Look for `redirect:` in the code.")],
        fixes: &[
            FixTemplate::always("Leave `redirect` out: `\"follow\"` is the default.", &[]),
            FixTemplate::always(
                "If the page wants to read the response, `mode: \"cors\"` is the one to use.",
                &[],
            ),
        ],
        spec: spec::MAIN_FETCH,
        mdn: None,
        chromium: ChromiumNames::request("NoCorsRedirectModeNotFollow"),
        firefox: &[],
        related: &[ReasonCode::ModeSameOrigin],
    },
    Entry {
        code: ReasonCode::MixedContent,
        title: "A page on https asked for an http URL",
        what: "The page at {page} was loaded over https, and browsers let it ask for https \
               URLs only. {url} is http; nothing was sent.",
        why: "Whoever sits between the user and an http server can read and change what it says, and with it \
              the page.",
        causes: &[
            Cause::maybe(
                "The API's address is configured with `http://`.",
                "Look at where the page takes the address from.",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "An https URL redirects to http.",
                "Look at the redirect's `Location`.",
            ),
            Cause::maybe(
                "The server builds links with `http://`, because it does not know that a proxy in front of \
                 it speaks https.",
                "Does the server look at `X-Forwarded-Proto` or `Forwarded`?",
            ),
        ],
        fixes: &[
            FixTemplate::always("Serve the API over https, and ask for `https://{host}`.", &[]),
            FixTemplate::always(
                "Or serve it from the page's own origin, through a path that your web server forwards.",
                &[],
            ),
        ],
        spec: spec::MIXED_CONTENT,
        mdn: Some("https://developer.mozilla.org/en-US/docs/Web/Security/Defenses/Mixed_content"),
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::LocalNetworkInsecure],
    },
    Entry {
        code: ReasonCode::BadPort,
        title: "Browsers never connect to this port",
        what: "Browsers refuse to connect to port {port}. Nothing was sent.",
        why: "Nearly all of the ports that they refuse belong to other protocols. A page could otherwise talk \
              to mail servers and the like, which take an HTTP request for commands of their own. Port 0 is \
              no port that a server can have.",
        causes: &[Cause::maybe(
            "A development server was started on the first port that came to mind.",
            "Does another port work?",
        )],
        fixes: &[FixTemplate::always("Let the server listen on another port, such as 8080 or 3000.", &[])],
        spec: spec::PORTS,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::ConnectionRefused],
    },
    Entry {
        code: ReasonCode::StreamBodyUnsupported,
        title: "A streamed body cannot be sent here",
        what: "The request's body is a stream, and this browser, or the connection to \
               {host}, cannot send one.",
        why: "Chromium streams request bodies over HTTP/2 and newer only. WebKit and Firefox do not do it at \
              all.",
        causes: &[
            Cause::maybe(
                "The server speaks HTTP/1.1 only.",
                "Look at the protocol column of the network panel.",
            ),
            Cause::maybe(
                "The page is used in a browser other than Chromium.",
                "Does it work in Chrome or Edge?",
            ),
        ],
        fixes: &[FixTemplate::always("Send a string, a `Blob` or form data in place of the stream.", &[])],
        spec: spec::HTTP_FETCH,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::StreamBodyRedirected],
    },
];
