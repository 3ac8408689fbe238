//! What the preflight's response allows: methods and headers.

use corsac::browser::ReasonCode;

use super::{mdn_error, spec};
use crate::entry::{Cause, ChromiumNames, Entry, FixTemplate, Line};
use crate::fact::Fact;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: ReasonCode::MethodNotAllowed,
        title: "The preflight does not allow the method",
        what: "The request's method is `{method}`, and the preflight's response has {allow-methods}.",
        why: "Only GET, HEAD and POST go to another origin without asking. For any other method the server \
              has to say that it expects it from foreign pages.",
        causes: &[
            Cause::proven(
                &[Fact::MethodDiffersInCase],
                "The same method is listed in another spelling. Case matters: `PATCH` allows `PATCH` only, \
                 and browsers send methods other than DELETE, GET, HEAD, OPTIONS, POST and PUT as script \
                 wrote them.",
                "Is the method in the list when you ignore case?",
            ),
            Cause::proven(
                &[Fact::Credentials, Fact::WildcardListed],
                "The server allows `*`. For a request with credentials that is not a wildcard, but the name \
                 of a method called `*`.",
                "Is the request made with `credentials: \"include\"` or `withCredentials`?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The answer does not come from the CORS layer, or its settings name no methods.",
                "Does the answer to `OPTIONS` have other `Access-Control-` headers?",
            ),
            Cause::when(
                &[Fact::ValuePresent, Fact::MethodNotListed],
                "The method is not on the server's list. Many CORS libraries allow GET, HEAD and POST only \
                 until they are told more.",
                "Look for a setting named `methods` or `allow_methods`.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::MethodDiffersInCase],
                "When only the case differs",
                "Write the method in capitals in the page: `method: \"{METHOD}\"`.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::MethodDiffersInCase)],
                "When the method is not there at all",
                "Allow the method in the answer to `OPTIONS`:",
                &[Line::CorsHeaders],
            ),
        ],
        spec: spec::PREFLIGHT,
        mdn: mdn_error!("CORSMethodNotFound"),
        chromium: ChromiumNames::preflight("MethodDisallowedByPreflightResponse"),
        firefox: &["CORSMethodNotFound"],
        related: &[ReasonCode::AllowMethodsInvalid, ReasonCode::HeaderNotAllowed],
    },
    Entry {
        code: ReasonCode::HeaderNotAllowed,
        title: "The preflight does not allow a request header",
        what: "The request has the header `{name}`, and the preflight's response has {allow-headers}.",
        why: "Few headers go to another origin without asking. For any other the server has to say that it \
              expects it from foreign pages.",
        causes: &[
            Cause::proven(
                &[Fact::HeaderIsForResponses],
                "`{name}` is a header of responses. Set on the request it does nothing, except that it has \
                 to be asked for.",
                "Does the page's code set a header whose name begins with `Access-Control-Allow`?",
            ),
            Cause::proven(
                &[Fact::Credentials, Fact::WildcardListed],
                "The server allows `*`. For a request with credentials that is not a wildcard, but the name \
                 of a header called `*`.",
                "Is the request made with `credentials: \"include\"` or `withCredentials`?",
            ),
            Cause::proven(
                &[Fact::HeaderIs(&["content-type"])],
                "The body is JSON or another type that no HTML form can send, so `Content-Type` has to be \
                 allowed.",
                "Is the `Content-Type` one of `application/x-www-form-urlencoded`, `multipart/form-data`, \
                 `text/plain`? Those need no permission.",
            ),
            Cause::when(
                &[Fact::HeaderIs(&["x-requested-with"])],
                "A library adds `X-Requested-With` by itself (jQuery does it, and older versions of others).",
                "Look for the header's name in the page's code: is it not there?",
            ),
            Cause::when(
                &[Fact::HeaderIs(&[
                    "traceparent",
                    "tracestate",
                    "baggage",
                    "sentry-trace",
                    "newrelic",
                    "x-datadog-trace-id",
                    "b3",
                    "x-b3-traceid",
                    "uber-trace-id",
                    "request-id",
                    "elastic-apm-traceparent",
                ])],
                "A monitoring tool adds `{name}` to each request.",
                "Is there tracing or error monitoring in the page?",
            ),
            Cause::when(
                &[Fact::HeaderIs(&["cache-control", "pragma", "if-modified-since", "expires"])],
                "`{name}` was set to get past a cache. `fetch(url, { cache: \"no-store\" })` does that \
                 without a header.",
                "Look for the header's name in the page's code.",
            ),
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The answer does not come from the CORS layer, or its settings name no headers.",
                "Does the answer to `OPTIONS` have other `Access-Control-` headers?",
            ),
            Cause::when(
                &[Fact::ValuePresent, Fact::Not(&Fact::HeaderIsForResponses)],
                "The header is not on the server's list, or is misspelled there or here.",
                "Compare the name with the list, letter by letter.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::HeaderIsForResponses],
                "When the name begins with `Access-Control-`",
                "Take `{name}` out of the page's request. The server has to send it.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::HeaderIs(&[
                    "x-requested-with",
                    "cache-control",
                    "pragma",
                    "if-modified-since",
                    "expires",
                ])],
                "When it got in by habit",
                "Leave `{name}` out of the request: then nobody has to allow it.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::HeaderIsForResponses)],
                "When the request needs it",
                "Allow the header in the answer to `OPTIONS`; upper and lower case are the same here:",
                &[Line::CorsHeaders],
            ),
        ],
        spec: spec::PREFLIGHT,
        mdn: mdn_error!("CORSMissingAllowHeaderFromPreflight"),
        chromium: ChromiumNames::preflight("HeaderDisallowedByPreflightResponse"),
        firefox: &["CORSMissingAllowHeaderFromPreflight"],
        related: &[
            ReasonCode::AuthorizationWildcard,
            ReasonCode::AllowHeadersInvalid,
            ReasonCode::MethodNotAllowed,
        ],
    },
    Entry {
        code: ReasonCode::AuthorizationWildcard,
        title: "`*` does not cover `Authorization`",
        what: "The request has an `Authorization` header, and the preflight's response says \
               `Access-Control-Allow-Headers: {value}`. By the standard `*` covers every header but this one.",
        why: "`Authorization` carries logins. A server that accepts it from foreign pages has to say so by \
              name. No browser insists on it today; the standard does, and browsers may.",
        causes: &[Cause::maybe(
            "The CORS settings allow every header with `*`.",
            "Look for a setting named `headers` or `allow_headers` whose value is `*`.",
        )],
        fixes: &[FixTemplate::always(
            "List `Authorization` by name in the answer to `OPTIONS`. It can then be cached as well: \
             Chromium and Firefox do not keep an answer that covers `Authorization` by `*` only.",
            &[Line::CorsHeaders],
        )],
        spec: spec::PREFLIGHT,
        mdn: mdn_error!("CORSMissingAllowHeaderFromPreflight"),
        chromium: ChromiumNames::preflight("HeaderDisallowedByPreflightResponse"),
        firefox: &["CORSMissingAllowHeaderFromPreflight", "CORSAllowHeaderFromPreflightDeprecation"],
        related: &[ReasonCode::HeaderNotAllowed],
    },
    Entry {
        code: ReasonCode::AllowMethodsInvalid,
        title: "`Access-Control-Allow-Methods` cannot be read",
        what: "The preflight's response says `Access-Control-Allow-Methods: {value}`. `{token}` is not the \
               name of a method, and one bad item spoils the whole header.",
        why: "Browsers do not guess at permissions: a list that does not follow the rules allows nothing.",
        causes: &[
            Cause::maybe(
                "The list is written with semicolons, spaces or quotes. It takes commas only: `GET, PUT, \
                 DELETE`.",
                "Look at the raw header line.",
            ),
            Cause::maybe(
                "A list or a setting of the server's language was written into the header as it is, such as \
                 `[GET, PUT]`.",
                "Are there brackets in the value?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Separate the methods with commas, in the answer to `OPTIONS`:",
            &[Line::CorsHeaders],
        )],
        spec: spec::PREFLIGHT,
        mdn: mdn_error!("CORSInvalidAllowMethod"),
        chromium: ChromiumNames::preflight("InvalidAllowMethodsPreflightResponse"),
        firefox: &["CORSInvalidAllowMethod"],
        related: &[ReasonCode::AllowHeadersInvalid, ReasonCode::MethodNotAllowed],
    },
    Entry {
        code: ReasonCode::AllowHeadersInvalid,
        title: "`Access-Control-Allow-Headers` cannot be read",
        what: "The preflight's response says `Access-Control-Allow-Headers: {value}`. `{token}` is not the \
               name of a header, and one bad item spoils the whole header.",
        why: "Browsers do not guess at permissions: a list that does not follow the rules allows nothing.",
        causes: &[
            Cause::maybe(
                "The list is written with semicolons, spaces or quotes. It takes commas only: `Content-Type, \
                 Authorization`.",
                "Look at the raw header line.",
            ),
            Cause::maybe(
                "A whole header was written into the list, such as `Content-Type: application/json`. It \
                 takes names only.",
                "Is there a colon in the value?",
            ),
        ],
        fixes: &[FixTemplate::always(
            "Separate the names with commas, in the answer to `OPTIONS`:",
            &[Line::CorsHeaders],
        )],
        spec: spec::PREFLIGHT,
        mdn: mdn_error!("CORSInvalidAllowHeader"),
        chromium: ChromiumNames::preflight("InvalidAllowHeadersPreflightResponse"),
        firefox: &["CORSInvalidAllowHeader"],
        related: &[ReasonCode::AllowMethodsInvalid, ReasonCode::HeaderNotAllowed],
    },
];
