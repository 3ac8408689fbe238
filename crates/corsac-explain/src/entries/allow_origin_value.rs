//! `Access-Control-Allow-Origin`: another origin, or no origin at all.

use corsac::browser::ReasonCode;

use super::{FOR_EVERYBODY, mdn_error, spec};
use crate::difference::Difference;
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::AllowOriginMismatch,
        title: "`Access-Control-Allow-Origin` names another origin",
        what: "The server allows `{value}`, and the browser asked as `{origin}`. The two have to be the \
               same, byte for byte.",
        why: "The header names the one origin that may read the response. Browsers compare it as text: no \
              pattern, no path, no slash at the end.",
        causes: &[
            Cause::proven(
                &[Fact::Differs(Difference::TrailingSlash)],
                "The header's value ends with a slash, and an origin has none.",
                "Does the value end with `/`?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Path)],
                "The header's value has a path, and an origin ends after the host and port.",
                "Is there anything after the host and port?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Scheme)],
                "One is http and the other https.",
                "Compare what stands before `://`.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Www)],
                "One has `www.` and the other has not. To a browser these are two origins.",
                "Compare the hosts.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Port)],
                "The ports differ. The port is part of an origin, unless it is the scheme's own: 443 for \
                 https, 80 for http.",
                "Compare what stands after the host.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::DefaultPort)],
                "The header's value spells out the scheme's own port. Browsers leave it out of an origin.",
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
                "The server allows `null`, the origin of pages that have none, and that is not what it was \
                 asked with.",
                "Is the value the word `null`?",
            ),
            Cause::proven(
                &[Fact::ValueIsServersOwnOrigin],
                "The server sends its own origin. The header names who asks, not who answers.",
                "Is the value the origin of {url}?",
            ),
            Cause::proven(
                &[Fact::OriginLostInRedirect],
                "A redirect went from one foreign origin to another. From there on the browser says `Origin: \
                 null`, because it can no longer vouch for who sent it there.",
                "Is there a redirect to another host on the way?",
            ),
            Cause::proven(
                &[Fact::Not(&Fact::PageHasOrigin)],
                "The page has no origin of its own: it is a file, a sandboxed frame or a `data:` URL. Such \
                 pages ask as `null`.",
                "Does the page's address start with `http`?",
            ),
            Cause::when(
                &[Fact::Differs(Difference::Subdomain)],
                "Both belong to the same site, but they are different hosts, and each host is an origin of \
                 its own.",
                "Compare the hosts.",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherHost)],
                "The server sends one fixed value, whoever asks.",
                "Ask with another `Origin`: does the same value come back?",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherHost)],
                "{page} is not on the server's list, and the server answers with the first one that is.",
                "Look the origin up in the server's configuration.",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherHost)],
                "A cache or CDN hands out a copy that was stored for another origin, because the response \
                 lacks `Vary: Origin`.",
                "Look for `Age` or `X-Cache` in the response.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::OriginLostInRedirect],
                "After a redirect to another host",
                "Ask for the last URL of the redirects directly, so that the browser can say who asks, and \
                 let it answer:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::PageHasOrigin)],
                "When the page has no origin",
                "Serve the page from http or https, so that it has an origin, and allow that one. Do not \
                 allow `null`: every sandboxed frame on the web has that origin.",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::OriginLostInRedirect), Fact::PageHasOrigin],
                "When the page has an origin",
                "Compare the `Origin` of each request with the list of those you allow, and send back the \
                 one that asked:",
                &[Line::CorsHeaders],
            ),
            FOR_EVERYBODY,
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
        what: "The response says `Access-Control-Allow-Origin: {value}`. That is neither an origin, such as \
               {page}, nor `*`.",
        why: "An origin is a scheme, a host and a port, written `https://app.example` or \
              `http://localhost:3000`. Browsers compare the header with the page's origin as text, so \
              nothing else can ever match.",
        causes: &[
            Cause::proven(
                &[Fact::Differs(Difference::Empty)],
                "The header is there with nothing in it. Often a setting or environment variable is not set.",
                "Look at the raw header line.",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Pattern)],
                "The value is a pattern. Browsers know no patterns: a server has to match the origin itself, \
                 and answer with the one that asked.",
                "Is there a `*` or another sign of a pattern in the value?",
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
                "The value ends with a slash, and an origin has none.",
                "Does the value end with `/`?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Path)],
                "The value has a path, and an origin ends after the host and port.",
                "Is there anything after the host and port?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::Case)],
                "The value has capital letters. Browsers write origins in lower case.",
                "Is there a capital letter in the value?",
            ),
            Cause::proven(
                &[Fact::Differs(Difference::DefaultPort)],
                "The value spells out the scheme's own port. Browsers leave it out of an origin.",
                "Does the value end with `:443` or `:80`?",
            ),
            Cause::when(
                &[Fact::Differs(Difference::OtherText)],
                "A configuration value was written into the header as it is, such as `true`, a variable's \
                 name or an unfilled template.",
                "Look for the text in the server's configuration.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::PageHasOrigin],
                "",
                "Send the origin that asked, once it is found on your list:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::PageHasOrigin)],
                "When the page has no origin",
                "Serve the page from http or https, so that it has an origin, and allow that one:",
                &[Line::CorsHeaders],
            ),
            FOR_EVERYBODY,
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSAllowOriginNotMatchingOrigin"),
        chromium: ChromiumNames::both("InvalidAllowOriginValue", "PreflightInvalidAllowOriginValue"),
        firefox: &["CORSAllowOriginNotMatchingOrigin"],
        related: &[ReasonCode::AllowOriginMismatch, ReasonCode::AllowOriginMultiple],
    },
];
