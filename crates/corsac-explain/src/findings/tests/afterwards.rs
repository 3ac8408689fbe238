//! The rows of what becomes of the request on its way, of the response when it is read, and of the request that comes next.

use super::*;

const TUS_HEADERS: (&str, &str) =
    ("Access-Control-Allow-Headers", "tus-resumable, upload-length, upload-offset, content-type");

/// An upload that was created.
fn upload() -> Case {
    let created = case(&[STAR, ("Location", "/uploads/7")]).method("POST").status(201);
    created.header("Tus-Resumable", "1.0.0").header("Upload-Length", "5").preflight(&[STAR, TUS_HEADERS])
}

pub(super) fn rows() -> Vec<(&'static str, FindingSeverity, Case, Case)> {
    use FindingSeverity::{Info, Problem, Warning};
    vec![
        (
            "body-breaks-off",
            Problem,
            Case { breaks_off: Some(NetworkErrorKind::Closed), ..case(&[STAR]).body("[1, 2") },
            Case { breaks_off: Some(NetworkErrorKind::Closed), ..case(&[]).body("[1, 2") },
        ),
        (
            "body-not-waited-for",
            Info,
            Case { breaks_off: Some(NetworkErrorKind::Timeout), ..case(&[STAR]) },
            Case { breaks_off: Some(NetworkErrorKind::Closed), ..case(&[STAR]) },
        ),
        (
            "method-changed-by-redirect",
            Warning,
            Case { redirect: Some((302, &[STAR, ("Location", "/y")])), ..case(&[STAR]).method("POST") },
            Case { redirect: Some((307, &[STAR, ("Location", "/y")])), ..case(&[STAR]).method("POST") },
        ),
        (
            "next-request-refused",
            Warning,
            case(&[STAR, ("Mcp-Session-Id", "7")])
                .method("POST")
                .next_preflight(&[STAR, ("Access-Control-Allow-Headers", "content-type")]),
            case(&[STAR, ("Mcp-Session-Id", "7")]).method("POST").next_preflight(&[
                STAR,
                ("Access-Control-Allow-Headers", "content-type, mcp-session-id, mcp-protocol-version"),
            ]),
        ),
        (
            "next-request-refused", // an upload of tus goes on with PATCH
            Warning,
            upload().next_preflight(&[STAR, ("Access-Control-Allow-Methods", "POST"), TUS_HEADERS]),
            upload().next_preflight(&[STAR, ("Access-Control-Allow-Methods", "PATCH"), TUS_HEADERS]),
        ),
    ]
}
