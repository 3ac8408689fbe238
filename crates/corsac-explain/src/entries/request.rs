//! Requests that fail before anything is sent.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::SchemeNotHttp,
        title: "The URL is not http or https",
        what: "`{url}` has the scheme `{scheme}`. Cross-origin requests need http or https.",
        why: "The permission to read a response is given in HTTP headers. Files and other kinds of URLs have none.",
        causes: &[
            Cause::proven(
                &[Fact::SchemeIs(&["file"])],
                "The page or its data was opened from disk.",
                "Does the address bar start with `file://`?",
            ),
            Cause::proven(
                &[Fact::SchemeLooksLikeHost],
                "`http://` is missing: in `localhost:8080/api`, browsers read `localhost` as the scheme.",
                "Does the URL start with a host name?",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "A redirect leads to a URL that is not http, such as an app's own scheme.",
                "Look at the redirect's `Location`.",
            ),
            Cause::maybe(
                "The URL is built from parts, and the first one is wrong.",
                "Print the URL that the page requests.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::SchemeIs(&["file"])],
                "With `file://`",
                "Serve the files with a local web server, such as `python3 -m http.server`, and open the page from \
                 `http://localhost:8000/`.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::SchemeLooksLikeHost],
                "Without a scheme",
                "Write the scheme: `http://{url}`",
                &[],
            ),
            FixTemplate::always("Request an `http://` or `https://` URL.", &[]),
        ],
        spec: spec::MAIN_FETCH,
        mdn: mdn_error!("CORSRequestNotHttp"),
        chromium: ChromiumNames::request("CorsDisabledScheme"),
        firefox: &["CORSRequestNotHttp"],
        related: &[ReasonCode::ModeSameOrigin],
    },
    Entry {
        code: ReasonCode::ModeSameOrigin,
        title: "The request is limited to the page's own origin",
        what: "The request was made with `mode: \"same-origin\"`, and {url} has another origin than {the-page}.",
        why: "The page chose this: in this mode nothing is sent to another origin.",
        causes: &[
            Cause::maybe(
                "The URL has another host, port or scheme than intended.",
                "Compare it with the page's address.",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "The URL has the page's own origin, but redirects to another one.",
                "Look at the redirect's `Location`.",
            ),
            Cause::maybe("A library or a service worker sets the mode.", "Look for `mode:` in the code."),
        ],
        fixes: &[
            FixTemplate::always(
                "If you want the other origin, leave `mode` out: `\"cors\"` is the default of `fetch()`.",
                &[],
            ),
            FixTemplate::always(
                "If you want the page's own origin, write the URL as a path, such as `/api`.",
                &[],
            ),
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
        what: "The request to another origin was made with `mode: \"no-cors\"` and a redirect mode other than \
               `\"follow\"`.",
        why: "Where a redirect leads can reveal whether the user is logged in. In this mode a page must not learn \
              anything.",
        causes: &[Cause::maybe("A library sets the redirect mode.", "Look for `redirect:` in the code.")],
        fixes: &[
            FixTemplate::always("Leave `redirect` out: `\"follow\"` is the default.", &[]),
            FixTemplate::always("If the page needs to read the response, use `mode: \"cors\"`.", &[]),
        ],
        spec: spec::MAIN_FETCH,
        mdn: None,
        chromium: ChromiumNames::request("NoCorsRedirectModeNotFollow"),
        firefox: &[],
        related: &[ReasonCode::ModeSameOrigin],
    },
    Entry {
        code: ReasonCode::MixedContent,
        title: "A page on https requested an http URL",
        what: "The page at {page} was loaded over https, so browsers let it request https URLs only. {url} is http; \
               nothing was sent.",
        why: "Anyone between the user and an http server can read and change its responses, and through them the page.",
        causes: &[
            Cause::maybe(
                "The API's URL is configured with `http://`.",
                "Check where the page gets the URL from.",
            ),
            Cause::when(
                &[Fact::AfterRedirect],
                "An https URL redirects to http.",
                "Look at the redirect's `Location`.",
            ),
            Cause::maybe(
                "The server builds links with `http://`, because it does not know that the proxy in front of it uses \
                 https.",
                "Does the server read `X-Forwarded-Proto` or `Forwarded`?",
            ),
        ],
        fixes: &[
            FixTemplate::always("Serve the API over https, and request `https://{host}`.", &[]),
            FixTemplate::always(
                "Or serve it from the page's own origin, at a path that your web server forwards to it.",
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
        why: "Nearly all of the blocked ports belong to other protocols. Otherwise a page could send commands to \
              mail servers and the like, which would not recognize an HTTP request as such. Port 0 is not a port \
              that a server can have.",
        causes: &[Cause::maybe(
            "A development server was started on an arbitrary port.",
            "Does another port work?",
        )],
        fixes: &[FixTemplate::always("Make the server listen on another port, such as 8080 or 3000.", &[])],
        spec: spec::PORTS,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::ConnectionRefused],
    },
    Entry {
        code: ReasonCode::StreamBodyUnsupported,
        title: "A streamed body cannot be sent here",
        what: "The request's body is a stream, which this browser, or the connection to {host}, cannot send.",
        why: "Chromium streams request bodies over HTTP/2 and newer only. WebKit and Firefox do not stream them at \
              all.",
        causes: &[
            Cause::maybe(
                "The server supports HTTP/1.1 only.",
                "Look at the protocol column of the network panel.",
            ),
            Cause::maybe("The browser is not based on Chromium.", "Does it work in Chrome or Edge?"),
        ],
        fixes: &[FixTemplate::always("Send a string, a `Blob` or form data instead of the stream.", &[])],
        spec: spec::HTTP_FETCH,
        mdn: None,
        chromium: ChromiumNames::NONE,
        firefox: &[],
        related: &[ReasonCode::StreamBodyRedirected],
    },
];
