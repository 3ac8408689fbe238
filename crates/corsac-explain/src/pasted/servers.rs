//! What servers log or answer when their CORS layer refuses.

use super::message::Message;
use crate::ItemStage::{Preflight, Response};

const ORIGIN: &[&str] = &["origin-not-allowed"];
const METHOD: &[&str] = &["method-not-allowed"];
const HEADERS: &[&str] = &["header-not-allowed"];

pub(super) const MESSAGES: &[Message] = &[
    // Express: the callback that the documentation of `cors` shows, and a widespread one.
    Message::cors(ORIGIN, "Not allowed by CORS"),
    Message::cors(ORIGIN, "The CORS policy for this site does not allow access from the specified Origin"),
    Message::cors(ORIGIN, "Origin '{origin}' (?:is )?not allowed by CORS"),
    Message::cors(
        ORIGIN,
        "CORS ?(?:error|blocked|policy)?:? ?(?:Origin|request from) '{origin}' (?:is |was )?not (?:allowed|permitted|in the (?:allow|white)list)",
    ),
    Message::cors(ORIGIN, "CORS: ?origin (?:is )?not allowed"),
    Message::cors(ORIGIN, "CORS error: Origin not allowed"),
    // Spring
    Message::cors(ORIGIN, "Invalid CORS request"),
    Message::cors(ORIGIN, "Reject: '{origin}' origin is not allowed"),
    Message::cors(METHOD, "Reject: HTTP '{method}' is not allowed").at(Preflight),
    Message::cors(HEADERS, "Reject: headers '\\[?{name}[^\\n]{0,200}?' are not allowed").at(Preflight),
    Message::cors(
        &["credentials-any-origin"],
        "When allowCredentials is true, allowedOrigins cannot contain the special value",
    ),
    // Starlette and FastAPI
    Message::cors(ORIGIN, "Disallowed CORS origin").at(Preflight),
    Message::cors(METHOD, "Disallowed CORS (?:origin, )?method").at(Preflight),
    Message::cors(HEADERS, "Disallowed CORS (?:origin, )?(?:method, )?headers").at(Preflight),
    // Django's check against forged requests is not its CORS layer, but it refuses the origin.
    Message::other(
        &["origin-not-allowed", "origin-guard"],
        "Origin checking failed - '{origin}' does not match any trusted origins",
    )
    .at(Response),
    Message::other(&["origin-not-allowed", "origin-guard"], "Origin checking failed").at(Response),
    // The checks of django-cors-headers when the server starts
    Message::cors(
        &["origin-missing-scheme"],
        "Origin '{origin}' in CORS_ALLOWED_ORIGINS is missing scheme or netloc",
    ),
    Message::cors(&["origin-path"], "Origin '{origin}' in CORS_ALLOWED_ORIGINS should not have path"),
    // ASP.NET Core
    Message::cors(
        &["credentials-any-origin"],
        "CORS protocol does not allow specifying a wildcard \\(any\\) origin and credentials",
    ),
    Message::cors(ORIGIN, "Request origin '{origin}' does not have permission to access the resource"),
    Message::cors(ORIGIN, "CORS policy execution failed"),
    // rs/cors, Vert.x, Tomcat, Micronaut, and others
    Message::cors(
        ORIGIN,
        "(?:Preflight|Actual request) (?:aborted|no headers added): origin '{origin}' not allowed",
    ),
    Message::cors(
        METHOD,
        "(?:Preflight|Actual request) (?:aborted|no headers added): (?:requested )?method '{method}' not allowed",
    ),
    Message::cors(HEADERS, "Preflight aborted: headers '\\[?{name}[^\\n]{0,200}?' not allowed").at(Preflight),
    Message::cors(ORIGIN, "CORS Rejected - Invalid origin"),
    Message::cors(ORIGIN, "CORS origin validation failed"),
    Message::cors(
        ORIGIN,
        "origin '{origin}' (?:is |was )?not (?:in|on) (?:the )?(?:CORS )?(?:allow|white)-? ?list",
    ),
];
