//! `Access-Control-Allow-Origin`: another origin, or something that is not an origin.

use corsac::browser::ReasonCode;

use super::{PUBLIC_DATA, mdn_error, spec};
use crate::difference::Difference;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::AllowOriginMismatch,
        title: "`Access-Control-Allow-Origin` names another origin",
        what: "The server allows `{value}`, and the request's origin is `{origin}`. The two must be the same, byte \
               for byte.",
        why: "The header names the one origin that may read the response. Browsers compare it as text: patterns, \
              paths and a slash at the end never match.",
        causes: &[
            Cause::proven(
                &[Fact::Differs(Difference::TrailingSlash)],
                "The header's value ends with a slash. An origin never does.",
                "Does the value end with `/`?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Path)],
                "The header's value has a path. An origin ends after the host and port.",
                "Is there anything after the host and port?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Scheme)],
                "One is http and the other https.",
                "Compare the parts before `://`.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Www)],
                "One has `www.` and the other does not. To a browser these are two origins.",
                "Compare the hosts.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Port)],
                "The ports differ. The port is part of an origin, unless it is the scheme's default: 443 for https, \
                 80 for http.",
                "Compare the parts after the host.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::DefaultPort)],
                "The header's value includes the scheme's default port. Browsers leave it out of an origin.",
                "Does the value end with `:443` or `:80`?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Case)],
                "The header's value has capital letters. Browsers write origins in lower case.",
                "Is there a capital letter in the value?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::LoopbackName)],
                "`localhost`, `127.0.0.1` and `[::1]` are the same machine and three different origins.",
                "Compare the hosts.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::AllowsNull)],
                "The server allows `null`, which is sent for pages without an origin. This page has one.",
                "Is the value the word `null`?",
            ),
            Cause::proven(
                &[Fact::ValueIsServersOwnOrigin],
                "The server sends its own origin. The header has to name the page's origin.",
                "Is the value the origin of {url}?",
            ),
            Cause::proven(
                &[Fact::OriginLostInRedirect],
                "A redirect led from one foreign origin to another. From then on the browser sends `Origin: null`, \
                 because a foreign server chose where the request goes.",
                "Is there a redirect to another host along the way?",
            ),
            Cause::proven(
                &[Fact::Not(&Fact::PageHasOrigin)],
                "The page has no origin of its own: it is a file, a sandboxed frame or a `data:` URL. The browser \
                 sends `Origin: null` for such pages.",
                "Does the page's address start with `http`?",
            ),
            Cause::when(
                &[Fact::Differs(Difference::Subdomain)],
                "Both belong to the same site, but they are different hosts, and each host is a separate origin.",
                "Compare the hosts.",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherHost)],
                "The server sends one fixed value to every origin.",
                "Send another `Origin`: is the value the same?",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherHost)],
                "{page} is not on the server's list, and the server answers with the first origin of that list.",
                "Look the origin up in the server's configuration.",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherHost)],
                "A cache or CDN returns a copy that was stored for another origin, because the response lacks `Vary: \
                 Origin`.",
                "Look for `Age` or `X-Cache` in the response.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::DiffersOnly(Difference::TrailingSlash)],
                "When the value ends with a slash",
                "Remove the slash at the end of the value:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::OriginLostInRedirect],
                "After a redirect to another host",
                "Request the last URL of the redirects directly, so that the browser sends the page's origin. Its \
                 response needs:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::PageHasOrigin)],
                "When the page has no origin",
                "Serve the page from http or https, so that it has an origin, and allow that one. Do not allow \
                 `null`: every sandboxed frame on the web has that origin.",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::OriginLostInRedirect), Fact::PageHasOrigin],
                "When the page has an origin",
                "Compare the `Origin` of each request with your list of allowed origins. If it is on the list, send \
                 it back:",
                &[Line::CorsHeaders],
            ),
            PUBLIC_DATA,
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSAllowOriginNotMatchingOrigin"),
        chromium: ChromiumNames::both("AllowOriginMismatch", "PreflightAllowOriginMismatch"),
        firefox: &["CORSAllowOriginNotMatchingOrigin"],
        related: &[ReasonCode::AllowOriginInvalid, ReasonCode::AllowOriginMultiple],
    },
    Entry {
        code: ReasonCode::AllowOriginInvalid,
        title: "`Access-Control-Allow-Origin` is not an origin",
        what: "The response says `Access-Control-Allow-Origin: {value}`. That is neither an origin, such as {page}, \
               nor `*`.",
        why: "An origin is a scheme, a host and a port, written `https://app.example` or `http://localhost:3000`. \
              Browsers compare the header with the page's origin as text, so nothing else can ever match.",
        causes: &[
            Cause::proven(
                &[Fact::Differs(Difference::Empty)],
                "The header is there, but empty. Often a setting or environment variable is not set.",
                "Look at the raw header line.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Pattern)],
                "The value is a pattern. Browsers do not support patterns: the server has to match the origin \
                 itself, and send it back.",
                "Is there a `*` in the value, or another character of a pattern?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::NoScheme)],
                "The scheme is missing: an origin starts with `https://` or `http://`.",
                "Does the value start with a host name?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Quoted)],
                "There are quotes or brackets around the value, or white space in it.",
                "Look at the raw header line.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::TrailingSlash)],
                "The value ends with a slash. An origin never does.",
                "Does the value end with `/`?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Path)],
                "The value has a path. An origin ends after the host and port.",
                "Is there anything after the host and port?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Case)],
                "The value has capital letters. Browsers write origins in lower case.",
                "Is there a capital letter in the value?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::DefaultPort)],
                "The value includes the scheme's default port. Browsers leave it out of an origin.",
                "Does the value end with `:443` or `:80`?",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherText)],
                "A configuration value was sent literally, such as `true`, a variable's name or an unfilled template.",
                "Search the server's configuration for it.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::PageHasOrigin],
                "",
                "If the request's `Origin` is on your list, send it back:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::PageHasOrigin)],
                "When the page has no origin",
                "Serve the page from http or https, so that it has an origin, and allow that one:",
                &[Line::CorsHeaders],
            ),
            PUBLIC_DATA,
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSAllowOriginNotMatchingOrigin"),
        chromium: ChromiumNames::both("InvalidAllowOriginValue", "PreflightInvalidAllowOriginValue"),
        firefox: &["CORSAllowOriginNotMatchingOrigin"],
        related: &[ReasonCode::AllowOriginMismatch, ReasonCode::AllowOriginMultiple],
    },
];
