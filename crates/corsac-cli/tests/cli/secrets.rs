//! No report contains tokens, cookies or signatures.

use crate::command::check;
use crate::server::{Server, response};

const ALLOWED: &str = "Access-Control-Allow-Origin: http://app.example";
const ALLOWED_HEADERS: &str = "Access-Control-Allow-Headers: authorization, x-api-key, x-xsrf-token";
const CREDENTIALS: &str = "Access-Control-Allow-Credentials: true";

/// The path, the arguments, the response's header lines, and what must not be printed.
type Row = (&'static str, &'static [&'static str], &'static [&'static str], &'static str);

#[test]
fn secrets_are_printed_only_on_request() {
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0c2VjcmV0";
    let rows: &[Row] = &[
        ("/", &["-H", "Authorization: Bearer s3cret-token"], &[], "s3cret-token"),
        ("/", &["-H", "Authorization: Basic YWxpY2U6aHVudGVyMg=="], &[], "YWxpY2U6aHVudGVyMg=="),
        ("/", &["-H", "Authorization: Bearer k7"], &[], "Bearer k7"),
        ("/", &["-H", "Authorization: bare-s3cret"], &[], "bare-s3cret"),
        ("/", &["--cookie", "session=s3cret-cookie", "--credentials", "include"], &[], "s3cret-cookie"),
        ("/", &["--cookie", "sid=q", "--credentials", "include"], &[], "sid=q"),
        ("/", &["-H", "X-Api-Key: k9q"], &[], "k9q"),
        ("/", &["-H", "X-XSRF-TOKEN: hunter22"], &[], "hunter22"),
        ("/", &[], &["Set-Cookie: session=s3cret-cookie; Path=/; HttpOnly"], "s3cret-cookie"),
        ("/?X-Amz-Signature=s3cretsignature&page=2", &[], &[], "s3cretsignature"),
        ("/?access_token=s3cret", &[], &[], "s3cret"),
        ("/?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0c2VjcmV0", &[], &[], TOKEN),
        ("/", &[], &["Location: http://127.0.0.1:1/?code=s3cret-code"], "s3cret-code"),
    ];
    for (path, arguments, lines, secret) in rows {
        for status in [200, 302, 403] {
            let head = [&[ALLOWED, CREDENTIALS, ALLOWED_HEADERS], *lines].concat();
            let answer = response(status, &head);
            let server =
                Server::new(
                    move |request| if request.is_preflight() { response(204, &head) } else { answer.clone() },
                );
            let url = server.url(path);
            for form in [&["--verbose"][..], &["--json"], &["--markdown"]] {
                let run = check(&url, &[*arguments, form].concat());
                assert!(!run.stdout.contains(secret), "{secret} with status {status} in\n{}", run.stdout);
                let shown = check(&url, &[*arguments, form, &["--show-secrets"]].concat());
                assert!(
                    status != 403 || shown.stdout.contains(secret),
                    "{secret} is not shown in\n{}",
                    shown.stdout
                );
            }
        }
    }
}

#[test]
fn the_name_or_scheme_of_a_secret_is_kept() {
    let server = Server::allowing(
        &[ALLOWED, CREDENTIALS, "Access-Control-Allow-Headers: authorization"],
        &["Set-Cookie: session=s3cret-cookie; Path=/; HttpOnly"],
    );
    let url = server.url("/?token=s3cret&page=2");
    let arguments = [
        "-H",
        "Authorization: Bearer s3cret-token",
        "--cookie",
        "id=7",
        "--credentials",
        "include",
        "--verbose",
    ];
    let text = check(&url, &arguments).stdout;
    for part in
        ["Bearer REDACTED", "session=REDACTED; Path=/; HttpOnly", "token=REDACTED&page=2", "id=REDACTED"]
    {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn a_token_in_a_body_is_redacted() {
    let body = r#"{"error":"expired","token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0c2VjcmV0"}"#;
    let answer = format!(
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    for form in ["--verbose", "--json"] {
        let text = check(&Server::answering(answer.clone()).url("/"), &[form]).stdout;
        assert!(text.contains("expired") && !text.contains("eyJ"), "{text}");
    }
}

#[test]
fn the_beginning_of_a_secret_that_is_cut_is_not_printed() {
    let long = "s3cret".repeat(100);
    let token = format!("eyJ{}.eyJ{}.sig", "a1".repeat(400), "b2".repeat(400));
    let body = format!(r#"{{"error":"expired","token":"{token}","padding":"{}"}}"#, "x".repeat(3_000));
    let answer = format!(
        "HTTP/1.1 401 Unauthorized\r\nLocation: /?code={long}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let bearer = format!("Authorization: Bearer {long}");
    for form in ["--verbose", "--json"] {
        let server = Server::new({
            let answer = answer.clone();
            move |request| match request.is_preflight() {
                true => response(204, &[ALLOWED, "Access-Control-Allow-Headers: authorization"]),
                false => answer.clone().into_bytes(),
            }
        });
        let text =
            check(&server.url(&format!("/?page=2&access_token={long}")), &["-H", &bearer, form]).stdout;
        for part in ["s3crets3", "eyJa1a1a1"] {
            assert!(!text.contains(part), "{part} with {form} in\n{text}");
        }
        assert!(text.contains("page=2&access_token=REDACTED"), "{text}");
    }
}

#[test]
fn a_short_secret_of_a_response_is_redacted_next_to_its_name() {
    let report = crate::command::check_json(
        &Server::answering(response(200, &[ALLOWED, "Mcp-Session-Id: q7"])).url("/"),
        &[],
    );
    let headers = report["exchanges"][0]["response"]["headers"].as_array().unwrap();
    let session: Vec<_> = headers.iter().filter(|line| line[0] == "mcp-session-id").collect();
    assert_eq!(session, [&serde_json::json!(["mcp-session-id", "REDACTED"])]);
}
