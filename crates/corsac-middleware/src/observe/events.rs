//! # What is logged
//!
//! Events of [`tracing`], with the target `corsac`:
//!
//! | level | event | fields |
//! |---|---|---|
//! | `WARN` | a lookup failed, or took too long | `error`, or `timeout` |
//! | `WARN` | layers on top of each other, once for each outer one | |
//! | `INFO` | a request or preflight was refused; the message explains | `kind`, `reason`, `policy`, `origin`, `method`, `path` |
//! | `INFO` | enforcement blocked a request, or would | the same, and `enforcement` |
//! | `INFO` | the report-only policy decides otherwise | the same, and `applied`, `report_only` |
//! | `DEBUG` | allowed, or from the same origin, which needs no permission | `kind`, `policy`, `origin`, `method`, `path` |
//! | `TRACE` | not asked, no policy, or passed | `kind`, `policy`, `method`, `path` |
//!
//! Preflights that are allowed, refused or decided otherwise also have `asked_method` and, when there is one, the list `asked_headers`: what the page wants to send. `method` is
//! `OPTIONS`.
//!
//! A refusal is `INFO` because it is somebody else's page that asked, and anybody can make such a page. What is of `INFO` and above is
//! logged ten times in a second for each reason; the next event says how many were suppressed. The explanation is computed only for an event
//! that is logged.
//!
//! Values of a request, in fields and in messages: the first 120 bytes of each (in messages 120 characters, after escaping), then `…`. Printable ASCII stands as it was sent, but for
//! space, `"`, `` ` `` and `\`; these and all other bytes are escaped (`\x20`, `\"`, `\x60`, `\\`, `\n`, `\xff`). So what was sent never begins
//! a line, a field or a quotation of its own, whatever formats the event. (The one header that a refusal names is a token, and stands
//! as it was sent: a token has none of these but `` ` ``.) The error of a lookup is your program's: it is a string like any
//! other, and the formatter quotes it.
//!
//! Counters of [`metrics`]; no label comes from a request:
//!
//! | counter | labels |
//! |---|---|
//! | `corsac_requests_total` | `kind`: `without-origin`, `request`, `preflight`; `outcome`: `not-asked`, `allowed`, `same-origin`, `refused`, `no-policy`, `pass`; `reason`: the code of a refusal, or `none`; `policy` |
//! | `corsac_enforced_total` | `enforcement`: `report`, `block`; `reason`; `policy` |
//! | `corsac_report_only_differences_total` | `kind`; `applied`, `report_only`: `allowed`, `blocked` by `enforce`, or the code of a refusal; never the same; `policy` |
