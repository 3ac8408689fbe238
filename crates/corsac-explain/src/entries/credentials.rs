//! Requests with credentials: `*` does not cover them, and `Access-Control-Allow-Credentials` has to be there.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::CredentialsWildcard,
        title: "`*` does not allow a request with cookies",
        what: "The request was made with credentials (cookies, logins), and {response} says \
               `Access-Control-Allow-Origin: *`. With credentials, `*` counts for nothing: the header has to \
               name the page's origin, {page}.",
        why: "`*` means every site on the web. With cookies along, the response is the user's own data, and \
              no server can mean that every site may read it.",
        causes: &[
            Cause::maybe(
                "The server allows everybody, and the request does not need cookies: `credentials: \
                 \"include\"` or `withCredentials = true` was set by habit or by a library's default.",
                "Does it work with `credentials: \"omit\"`?",
            ),
            Cause::maybe(
                "The server does need the user's cookies or login, and its CORS settings are still those for \
                 everybody (`*`).",
                "Does the server answer 401, or without the user's data, when cookies are left out?",
            ),
            Cause::maybe(
                "A proxy or CDN in front sends `*` in place of what the application says.",
                "Ask the application directly, without what stands in front of it.",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "If the request needs cookies: compare its `Origin` with a list of those you trust, and send \
                 back the one that asked. Do not send back whatever origin asks: that would open the users' \
                 data to every site.",
                &[Line::CorsHeaders],
            ),
            FixTemplate::always(
                "If it needs none: make the request without. `fetch(url, { credentials: \"omit\" })`, or \
                 `withCredentials = false`. `*` is then enough.",
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
        what: "The request was made with credentials (cookies, logins), and {response} has \
               {allow-credentials} where `true` is needed.",
        why: "Naming an origin lets it read what everybody could read. Letting it read what a user's cookies \
              open is a second yes, and this header is that yes.",
        causes: &[
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The server allows the origin, but not with credentials: many CORS libraries leave the \
                 header out until they are told.",
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
                "The header is sent with responses, but not with the answer to the preflight. Both need it.",
                "Compare the answer to `OPTIONS` with the one to {method}.",
            ),
            Cause::maybe(
                "The request does not need cookies: `credentials: \"include\"` or `withCredentials = true` \
                 was set by habit or by a library's default.",
                "Does it work with `credentials: \"omit\"`?",
            ),
        ],
        fixes: &[
            FixTemplate::always(
                "If the request needs cookies, and you trust this origin with them, send:",
                &[Line::CorsHeaders],
            ),
            FixTemplate::always(
                "If it needs none: make the request without. `fetch(url, { credentials: \"omit\" })`, or \
                 `withCredentials = false`.",
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
