//! Requests with credentials: `*` does not cover them, and `Access-Control-Allow-Credentials` is required.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::CredentialsWildcard,
        title: "`*` does not allow a request with cookies",
        what: "The request was made with credentials (cookies, logins), and {response} says \
               `Access-Control-Allow-Origin: *`. With credentials, `*` is not accepted: the header has to name the \
               page's origin, {page}.",
        why: "`*` means every site on the web. With cookies, the response is the user's own data, which must never \
              be open to every site.",
        causes: &[
            Cause::maybe(
                "The server is public, and the request does not need cookies: `credentials: \"include\"` or \
                 `withCredentials = true` was set out of habit or by a library's default.",
                "Does it work with `credentials: \"omit\"`?",
            ),
            Cause::maybe(
                "The server needs the user's cookies or login, but its CORS settings still allow every origin (`*`).",
                "Does the server answer 401, or without the user's data, if you leave the cookies out?",
            ),
            Cause::maybe(
                "A proxy or CDN in front of the application replaces its value with `*`.",
                "Send the request to the application directly, bypassing what is in front of it.",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "If the request needs cookies, compare its `Origin` with a list of origins that you trust, and send \
                 it back if it is on the list. Do not send back just any origin: that would open your users' data to \
                 every site.",
                &[Line::CorsHeaders],
            ),
            FixTemplate::always(
                "If it does not, send it without them: `fetch(url, { credentials: \"omit\" })` or `withCredentials = \
                 false`. `*` is then enough.",
                &[],
            ),
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSNotSupportingCredentials"),
        chromium: ChromiumNames::both("WildcardOriginNotAllowed", "PreflightWildcardOriginNotAllowed"),
        firefox: &["CORSNotSupportingCredentials"],
        related: &[ReasonCode::AllowCredentialsNotTrue, ReasonCode::HeaderNotAllowed],
    },
    Entry {
        code: ReasonCode::AllowCredentialsNotTrue,
        title: "`Access-Control-Allow-Credentials` is not `true`",
        what: "The request was made with credentials (cookies, logins), and {response} has {allow-credentials} where \
               `true` is needed.",
        why: "Naming an origin lets it read public data. To let it read a user's data as well, with the user's \
              cookies, the server has to say so with this second header.",
        causes: &[
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The server allows the origin, but not with credentials: many CORS libraries omit the header by \
                 default.",
                "Look for a setting named `credentials`, `allow_credentials` or `supports_credentials`.",
            ),
            Cause::proven(
                &[Fact::ValueIsTrueInOtherCase],
                "The value is spelled `{value}`. It has to be `true`, in lower case.",
                "Look at the raw header line.",
            ),
            Cause::proven(
                &[Fact::ValueIsRepeated],
                "Two layers each add the header, and the values are joined: `{value}`.",
                "Count the header's lines in the raw response.",
            ),
            Cause::when(
                &[Fact::Preflight],
                "The header is sent with other responses, but not with the answer to the preflight. Both need it.",
                "Compare the answer to `OPTIONS` with the one to {method}.",
            ),
            Cause::maybe(
                "The request does not need cookies: `credentials: \"include\"` or `withCredentials = true` was set \
                 out of habit or by a library's default.",
                "Does it work with `credentials: \"omit\"`?",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "If the request needs cookies, and you trust this origin with them, send:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::always(
                "If it does not, send it without them: `fetch(url, { credentials: \"omit\" })` or `withCredentials = \
                 false`.",
                &[],
            ),
        ],
        spec: spec::CORS_CHECK,
        mdn: mdn_error!("CORSMissingAllowCredentials"),
        chromium: ChromiumNames::both("InvalidAllowCredentials", "PreflightInvalidAllowCredentials"),
        firefox: &["CORSMissingAllowCredentials"],
        related: &[ReasonCode::CredentialsWildcard],
    },
];
