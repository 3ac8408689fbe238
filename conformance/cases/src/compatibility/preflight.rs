//! Rows about preflights: whether there is one, what it contains, and how its response is read.

use corsac::browser::{RefusedHeaders, StreamBody, XhrCharset};

use super::Known::{Measured, Partly};
use super::words::{at_most, either, names, number};
use super::{Row, field, links, words};

pub(super) const DECIDING: &[Row] = &[
    Row {
        field: field!(safelist.extra_names),
        title: "Request headers that need no preflight beyond the standard's five",
        section: links::SAFELISTED,
        words: |p| names(p.safelist.extra_names),
        consequence: "A script that sets a client hint such as `Save-Data` or `DPR` makes a simple request in Chromium and a \
                      preflight in the others. Name these headers in `Access-Control-Allow-Headers` anyway.",
        known: Partly("which values a hint may have (Chromium, `cors.cc`)"),
        cases: &["safelist-names/save-data", "safelist-names/dpr", "safelist-names/intervention"],
        bugs: &[],
    },
    Row {
        field: field!(safelist.user_agent_is_safe),
        title: "`User-Agent` set by script",
        section: links::SAFELISTED,
        words: |p| either(p.safelist.user_agent_is_safe, "no preflight", "preflight"),
        consequence: "A script that sets `User-Agent` works with a server that does not answer preflights in Chromium only. For \
                      the other browsers the server has to name `user-agent` in `Access-Control-Allow-Headers`.",
        known: Measured,
        cases: &["safelist-names/user-agent"],
        bugs: &[links::CRBUG_USER_AGENT],
    },
    Row {
        field: field!(safelist.joins_lines),
        title: "A safelisted header on several lines",
        section: links::UNSAFE_NAMES,
        words: |p| {
            either(
                p.safelist.joins_lines,
                "the lines are joined and checked as one value",
                "each line is checked separately",
            )
        },
        consequence: "Appending to a safelisted header can cause a preflight in Chromium and WebKit: two `Accept` lines of 100 \
                      bytes together exceed the 128 bytes that one value may have. Set a header once.",
        known: Measured,
        cases: &[
            "safelist-repeats/accept-100-twice",
            "safelist-repeats/text-plain-twice",
            "safelist-repeats/range-twice",
        ],
        bugs: &[],
    },
    Row {
        field: field!(safelist.total_limit),
        title: "Total size of all safelisted values",
        section: links::UNSAFE_NAMES,
        words: |p| at_most(p.safelist.total_limit, "bytes"),
        consequence: "Nine `Accept` lines of 120 bytes need a preflight everywhere except in Firefox: in the standard because of \
                      this limit, and in Chromium and WebKit because the lines are joined first.",
        known: Partly(
            "the limit in Chromium, which no measured request reached, and that WebKit's code has none",
        ),
        cases: &["safelist-total/9-lines", "safelist-total/9-lines-of-two"],
        bugs: &[],
    },
    Row {
        field: field!(safelist.above_ascii_is_unsafe),
        title: "Bytes above ASCII in `Accept` and `Content-Type`",
        section: links::SAFELISTED,
        words: |p| either(p.safelist.above_ascii_is_unsafe, "preflight", "no preflight"),
        consequence: "A file name or other text with characters beyond ASCII in one of these headers causes a preflight for \
                      Firefox users. Send such text in the body.",
        known: Measured,
        cases: &["safelist-accept/xe9"],
        bugs: &[],
    },
    Row {
        field: field!(safelist.content_type_is_single),
        title: "A comma in `Content-Type`",
        section: links::SAFELISTED,
        words: |p| {
            either(
                p.safelist.content_type_is_single,
                "preflight",
                "no preflight, if everything else is safelisted",
            )
        },
        consequence: "A comma in a parameter, as in `text/plain;a=b,c`, causes a preflight in Firefox.",
        known: Measured,
        cases: &["comma-in-type/fetch-parameter", "comma-in-type/xhr-behind"],
        bugs: &[],
    },
    Row {
        field: field!(safelist.range_unit_ignores_case),
        title: "`Range: Bytes=0-1`",
        section: links::SAFELISTED,
        words: |p| either(p.safelist.range_unit_ignores_case, "no preflight", "preflight"),
        consequence: "Write the unit in lower case, `bytes=`. Otherwise the request is preflighted in all browsers except \
                      WebKit.",
        known: Measured,
        cases: &["safelist-range/Bytes-0-1", "safelist-range/BYTES-0"],
        bugs: &[],
    },
    Row {
        field: field!(safelist.range_allows_plus),
        title: "A plus sign in `Range: bytes=+0-1`",
        section: links::SAFELISTED,
        words: |p| either(p.safelist.range_allows_plus, "no preflight", "preflight"),
        consequence: "WebKit sends a malformed range without a preflight. The server has to refuse or ignore it.",
        known: Measured,
        cases: &["safelist-range/bytes-+0-1", "safelist-range/bytes-0-+1"],
        bugs: &[],
    },
    Row {
        field: field!(safelist.range_limit),
        title: "Largest number in a safelisted `Range`",
        section: links::SAFELISTED,
        words: |p| p.safelist.range_limit.map_or_else(|| "no limit".to_owned(), number),
        consequence: "This matters to tests only, as no file is that long. A greater number causes a preflight.",
        known: Measured,
        cases: &[
            "safelist-range/bytes-9223372036854775807",
            "safelist-range/bytes-9223372036854775808",
            "safelist-range/bytes-0-99999999999999999999",
        ],
        bugs: &[],
    },
    Row {
        field: field!(xhr_charset),
        title: "The charset of a `Content-Type` that script sets for `XMLHttpRequest`",
        section: links::XHR_SEND,
        words: |p| match p.xhr_charset {
            XhrCharset::OfStrings => "becomes UTF-8, for strings".to_owned(),
            XhrCharset::OfStringsAndForms => "becomes UTF-8, for strings and forms".to_owned(),
            XhrCharset::InPlace => "becomes UTF-8, for strings and forms; the rest is unchanged".to_owned(),
            XhrCharset::OnWire => "becomes UTF-8 only when it is sent".to_owned(),
            _ => words::MISSING.to_owned(),
        },
        consequence: "The resulting value decides about a preflight. Do not set a charset: text is sent as UTF-8 anyway.",
        known: Measured,
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(upload_listeners_count_without_body),
        title: "Listeners on `XMLHttpRequest.upload` without a body",
        section: links::PREFLIGHT_FLAG,
        words: |p| either(p.upload_listeners_count_without_body, "preflight", "no preflight"),
        consequence: "A library that registers upload listeners for every request causes a preflight for each GET in Firefox and \
                      WebKit. Register them only when there is something to upload.",
        known: Measured,
        cases: &["upload-listeners/get", "upload-listeners/head", "upload-listeners/post"],
        bugs: &[],
    },
    Row {
        field: field!(no_cors_guards_body_type),
        title: "A `Blob` of type `application/json` in mode `no-cors`",
        section: links::REQUEST_CLASS,
        words: |p| either(p.no_cors_guards_body_type, "sent without its type", "sent with its type"),
        consequence: "WebKit sends to other origins what other browsers send only after a preflight. A server that takes this \
                      type as proof of a preflight is open to forged requests.",
        known: Measured,
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(stream_body),
        title: "A `ReadableStream` as body",
        section: links::REQUEST_CLASS,
        words: |p| {
            match p.stream_body {
                StreamBody::Sent => "preflight, then the stream",
                StreamBody::SentOverHttp2 => {
                    "preflight, then the stream over HTTP/2; over HTTP/1.1 the request fails"
                }
                StreamBody::SentAsText => "the string `[object ReadableStream]`, without a preflight",
                StreamBody::Unsupported => "an exception, without a request",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "Streaming uploads to other origins work only in Chromium, and only over HTTP/2. If a server receives the \
                      body `[object ReadableStream]`, it comes from a Firefox user.",
        known: Measured,
        cases: &["stream-body/cross-origin", "stream-body/own"],
        bugs: &[links::MOZILLA_STREAMS],
    },
];

pub(super) const SENDING: &[Row] = &[
    Row {
        field: field!(safelist.keeps_repeats),
        title: "A header on two lines, in `Access-Control-Request-Headers`",
        section: links::UNSAFE_NAMES,
        words: |p| either(p.safelist.keeps_repeats, "its name is listed twice", "its name is listed once"),
        consequence: "A server that compares `Access-Control-Request-Headers` as a string, or requires unique names, refuses \
                      Firefox. Parse it as a list and allow repeated names.",
        known: Measured,
        cases: &["safelist-repeats/x-twice", "two-lines/authorization"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_attempts),
        title: "Preflights sent, when the server closes a connection that was used before without a response",
        section: links::RETRIES,
        words: |p| p.preflight_attempts.to_string(),
        consequence: "A crash on `OPTIONS` is multiplied: ten equal preflights in a log can come from one Firefox user, and are \
                      not an attack. On a new connection no browser repeats it. (The standard sends one; HTTP lets a client \
                      repeat it.)",
        known: Measured,
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(sends_last_line_only),
        title: "Request headers of which only the last line is sent",
        section: links::HEADER_APPEND,
        words: |p| names(p.sends_last_line_only),
        consequence: "In other browsers, values that script appends arrive joined with a comma; in Firefox the earlier ones are \
                      lost. Use `set()` instead of `append()`.",
        known: Measured,
        cases: &["two-lines/content-type", "two-lines/authorization", "two-lines/user-agent"],
        bugs: &[],
    },
    Row {
        field: field!(body_takes_first_content_type),
        title: "Several `Content-Type` lines on a request with a body",
        section: links::HEADER_APPEND,
        words: |p| {
            either(
                p.body_takes_first_content_type,
                "the first is sent, until a redirect",
                "the same as without a body",
            )
        },
        consequence: "Firefox sends the first line with a body, and the last line without one. Set the header once.",
        known: Measured,
        cases: &["two-types-with-body/post-text", "two-types-with-body/put-bytes"],
        bugs: &[],
    },
];

pub(super) const READING: &[Row] = &[
    Row {
        field: field!(authorization_covered_by_wildcard),
        title: "Whether `Access-Control-Allow-Headers: *` covers `Authorization`",
        section: links::NON_WILDCARD,
        words: |p| either(p.authorization_covered_by_wildcard, "yes", "no"),
        consequence: "A site that sends `Authorization` and relies on `*` works today, but breaks when an engine follows the \
                      standard, as Servo and Ladybird do. Name `Authorization` in addition to `*`. The check is controlled by \
                      the feature `CorsNonWildcardRequestHeadersSupport` in Chromium and the preference \
                      `network.cors_preflight.authorization_covered_by_wildcard` in Firefox.",
        known: Measured,
        cases: &[
            "wildcard-credentials/authorization-omit",
            "safelist-names/authorization",
            "cache/star-authorization",
        ],
        bugs: &[links::CRBUG_AUTHORIZATION, links::MOZILLA_AUTHORIZATION, links::FETCH_AUTHORIZATION],
    },
    Row {
        field: field!(forced_preflight_implies_method),
        title: "A preflight forced by upload listeners, without `Access-Control-Allow-Methods` in the response",
        section: links::PREFLIGHT_FETCH,
        words: |p| {
            either(
                p.forced_preflight_implies_method,
                "allows the request's method",
                "allows GET, HEAD and POST only",
            )
        },
        consequence: "Name every method that the server accepts. No browser implements the standard's shortcut for uploads.",
        known: Measured,
        cases: &["upload-listeners/put-text"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_status_first),
        title: "What is checked first in the preflight's response",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.preflight_status_first, "the status", "the CORS headers"),
        consequence: "The request fails in all of them; only the console message differs. For a 404 without CORS headers, \
                      Chromium and Firefox report the missing header. WebKit reports the status, which is closer to the cause.",
        known: Measured,
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(refused_headers),
        title: "Which of several headers that are not allowed the console names",
        section: links::PREFLIGHT_FETCH,
        words: |p| match p.refused_headers {
            RefusedHeaders::ByName => "the first by name".to_owned(),
            RefusedHeaders::InRequestOrder { known } => {
                format!("the first in the request, but {} names that it knows before all others", known.len())
            }
            _ => words::MISSING.to_owned(),
        },
        consequence: "The console names one header at a time, and Chromium's choice has no predictable order. Compare \
                      `Access-Control-Request-Headers` with `Access-Control-Allow-Headers` and allow all that are missing.",
        known: Partly("most of the names that WebKit knows"),
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(page_origin_preflight_is_unchecked),
        title: "CORS check of a preflight to the page's own origin, after a redirect through another",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.page_origin_preflight_is_unchecked, "skipped", "as for any preflight"),
        consequence: "A redirect chain that leads back to the page's own origin passes in Firefox. Elsewhere it fails, unless \
                      that server answers the preflight, which has `Origin: null`, with `Access-Control-Allow-Origin`. Firefox \
                      also checks status, methods and headers.",
        known: Measured,
        cases: &["preflight-home/methods-only"],
        bugs: &[],
    },
];
