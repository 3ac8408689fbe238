//! # What is logged
//!
//! Events of [`tracing`], with the target `corsac`:
//!
//! | level | event | fields |
//! |---|---|---|
//! | `WARN` | a lookup failed or took too long | `error` or `timeout` |
//! | `WARN` | one layer is inside another, once for each outer layer | |
//! | `INFO` | a request or preflight was refused; the message explains why | `kind`, `reason`, `policy`, `origin`, `method`, `path` |
//! | `INFO` | `enforce` blocked a request, or would have | the same, and `enforcement` |
//! | `INFO` | the report-only policy decides differently | the same, and `applied`, `report_only` |
//! | `DEBUG` | a request is allowed, or comes from the server's own origin and needs no permission | `kind`, `policy`, `origin`, `method`, `path` |
//! | `TRACE` | a request without `Origin`, without a policy, or passed | `kind`, `policy`, `method`, `path` |
//!
//! Events about preflights that are allowed, refused or decided differently also have `asked_method` and, if the preflight has it, the list
//! `asked_headers`: what the page wants to send. Their `method` is `OPTIONS`.
//!
//! A refusal is `INFO`, and not a warning, because anybody can make a page that is refused. Events of `INFO` and above are logged at most ten
//! times per second for each reason; the next one is preceded by the number of suppressed events. The explanation is computed only for events
//! that are logged.
//!
//! Fields hold at most the first 120 bytes of a value from the request, and messages at most 120 characters of it after escaping; `…` follows a
//! shortened value. Printable ASCII is logged unchanged, except space, `"`, `` ` `` and `\`, which are escaped like all other bytes (`\x20`,
//! `\"`, `\x60`, `\\`, `\n`, `\xff`). Whatever formats the event, a request cannot forge a line, a field or a quotation. (The header name that a
//! refusal quotes is a token, which can contain none of these except `` ` ``, and is logged unchanged.) The error of a lookup comes from your
//! program. It is an ordinary string field, which the formatter quotes.
//!
//! # What is counted
//!
//! Counters of [`metrics`]. No label comes from a request.
//!
//! | counter | labels |
//! |---|---|
//! | `corsac_requests_total` | `kind`: `without-origin`, `request`, `preflight`; `outcome`: `not-asked`, `allowed`, `same-origin`, `refused`, `no-policy`, `pass`; `reason`: the code of a refusal, or `none`; `policy` |
//! | `corsac_enforced_total` | `enforcement`: `report`, `block`; `reason`; `policy` |
//! | `corsac_report_only_differences_total` | `kind`; `applied`, `report_only`: `allowed`, `blocked` by `enforce`, or the code of a refusal; never the same; `policy` |
