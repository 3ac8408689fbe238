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
        why: "Only GET, HEAD and POST may be sent to another origin without permission. For any other method, the \
              server has to say that it accepts it from other origins.",
        causes: &[
            Cause::proven(
                &[Fact::MethodDiffersInCase],
                "The list has the method in another case. Case matters: `PATCH` allows `PATCH` only, and browsers \
                 send methods other than DELETE, GET, HEAD, OPTIONS, POST and PUT exactly as the script wrote them.",
                "Is the method in the list if you ignore case?",
            ),
            Cause::proven(
                &[Fact::Credentials, Fact::WildcardListed],
                "The server allows `*`. In a request with credentials that is not a wildcard, but the name of a \
                 method called `*`.",
                "Is the request made with `credentials: \"include\"` or `withCredentials`?",
            ),
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The answer does not come from the CORS layer, or the settings of that layer list no methods.",
                "Does the answer to `OPTIONS` have other `Access-Control-` headers?",
            ),
            Cause::when(
                &[Fact::ValuePresent, Fact::MethodNotListed],
                "The method is not on the server's list. Many CORS libraries allow only GET, HEAD and POST by default.",
                "Look for a setting named `methods` or `allow_methods`.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::MethodDiffersInCase],
                "When only the case differs",
                "Write the method in upper case in the page: `method: \"{METHOD}\"`.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::MethodDiffersInCase)],
                "When the method is not listed at all",
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
        why: "Only a few headers may be sent to another origin without permission. For any other header, the server \
              has to say that it accepts it from other origins.",
        causes: &[
            Cause::proven(
                &[Fact::HeaderIsForResponses],
                "`{name}` is a response header. On a request it does nothing, except that it needs permission.",
                "Does the page's code set a header whose name begins with `Access-Control-Allow`?",
            ),
            Cause::proven(
                &[Fact::Credentials, Fact::WildcardListed],
                "The server allows `*`. In a request with credentials that is not a wildcard, but the name of a \
                 header called `*`.",
                "Is the request made with `credentials: \"include\"` or `withCredentials`?",
            ),
            Cause::proven(
                &[Fact::HeaderIs(&["content-type"])],
                "The body is JSON or another type that no HTML form can send, so `Content-Type` has to be allowed.",
                "Is the `Content-Type` one of `application/x-www-form-urlencoded`, `multipart/form-data`, \
                 `text/plain`? Those need no permission.",
            ),
            Cause::when(
                &[Fact::HeaderIs(&["x-requested-with"])],
                "A library adds `X-Requested-With` by itself (jQuery does, and older versions of other libraries).",
                "Does the page's own code set the header?",
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
                "`{name}` was set to bypass a cache. `fetch(url, { cache: \"no-store\" })` does that without a \
                 header.",
                "Search the page's code for the header's name.",
            ),
            Cause::when(
                &[Fact::Not(&Fact::ValuePresent)],
                "The answer does not come from the CORS layer, or the settings of that layer list no headers.",
                "Does the answer to `OPTIONS` have other `Access-Control-` headers?",
            ),
            Cause::when(
                &[Fact::ValuePresent, Fact::Not(&Fact::HeaderIsForResponses)],
                "The header is not on the server's list, or it is misspelled in the list or in the page.",
                "Compare the name with each one in the list.",
            ),
        ],
        fixes: &[
            FixTemplate::when(
                &[Fact::HeaderIsForResponses],
                "When the name begins with `Access-Control-`",
                "Remove `{name}` from the request. It is the server that has to send it.",
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
                "When the header is not needed",
                "Leave `{name}` out of the request. It then needs no permission.",
                &[],
            ),
            FixTemplate::when(
                &[Fact::Not(&Fact::HeaderIsForResponses)],
                "When the request needs it",
                "Allow the header in the answer to `OPTIONS`; case does not matter here:",
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
        why: "`Authorization` carries logins, so a server has to accept it by name. Today's browsers do not enforce \
              this; the standard requires it, and browsers may follow.",
        causes: &[Cause::maybe(
            "The CORS settings allow every header with `*`.",
            "Look for a setting named `headers` or `allow_headers` whose value is `*`.",
        )],
        fixes: &[FixTemplate::always(
            "List `Authorization` by name in the answer to `OPTIONS`. The answer can then be cached as well: \
             Chromium and Firefox do not cache one that covers `Authorization` only by `*`.",
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
        title: "`Access-Control-Allow-Methods` cannot be parsed",
        what: "The preflight's response says `Access-Control-Allow-Methods: {value}`. `{token}` is not a method \
               name, and one invalid item makes the whole header invalid.",
        why: "Browsers do not guess permissions: an invalid list allows nothing.",
        causes: &[
            Cause::maybe(
                "The list is written with semicolons, spaces or quotes. Only commas are allowed: `GET, PUT, DELETE`.",
                "Look at the raw header line.",
            ),
            Cause::maybe(
                "A list in the syntax of a programming language or of a configuration was sent literally, such as \
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
        title: "`Access-Control-Allow-Headers` cannot be parsed",
        what: "The preflight's response says `Access-Control-Allow-Headers: {value}`. `{token}` is not a header \
               name, and one invalid item makes the whole header invalid.",
        why: "Browsers do not guess permissions: an invalid list allows nothing.",
        causes: &[
            Cause::maybe(
                "The list is written with semicolons, spaces or quotes. Only commas are allowed: `Content-Type, \
                 Authorization`.",
                "Look at the raw header line.",
            ),
            Cause::maybe(
                "The list contains a whole header, such as `Content-Type: application/json`. Only names are allowed.",
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
