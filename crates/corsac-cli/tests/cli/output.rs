//! The report as text: its width, its colours, and its content.

use std::process::Command;

use crate::command::{Run, binary, check, run};
use crate::server::{Server, response};

/// Output to a pipe is 80 columns wide.
const WIDTH: usize = 80;

fn blocked() -> Server {
    Server::allowing(&["Access-Control-Allow-Origin: http://app.example/", "Vary: Origin"], &[])
}

const PUT_JSON: &[&str] = &["-X", "PUT", "-H", "Content-Type: application/json", "-d", "{}"];

/// A line may be longer only because of one word that cannot be broken, such as a URL, or because it is a header line or request line. Those are
/// printed unchanged, for comparing and copying.
fn may_be_long(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '✓', '✗', '○', '→', '←', '-', '|']);
    let first = text.split(' ').next().unwrap_or_default();
    let is_header_line = first.len() > 1
        && first
            .strip_suffix(':')
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    let is_request_line =
        text.split(' ').any(|word| word.starts_with("http://") || word.starts_with("https://"))
            && (line.starts_with(['✓', '✗', '○']) || line.trim_start().starts_with('→'));
    // A word that does not fit is at the start of its line.
    let has_long_word = first.chars().count() + 12 > WIDTH;
    is_header_line || is_request_line || has_long_word
}

#[test]
fn lines_fit_80_columns() {
    let long = "a-word-of-a-path/".repeat(8);
    let table = [
        ("readable", Server::allowing(&[], &["Access-Control-Allow-Origin: http://app.example"]), &[][..]),
        ("opaque", Server::allowing(&[], &[]), &["--mode", "no-cors"]),
        ("blocked", blocked(), PUT_JSON),
        ("failed", Server::answering(response(503, &["Server: nginx"])), &[]),
        ("closed", Server::answering(""), &[]),
        ("not HTTP", Server::answering("SSH-2.0-OpenSSH_9.6\r\n"), &[]),
        (
            "redirected",
            Server::answering(response(302, &["Location: https://id.example/oauth2/authorize?client_id=1"])),
            &[],
        ),
    ];
    for (name, server, arguments) in table {
        for path in ["/", &format!("/{long}")] {
            let text = check(&server.url(path), arguments).stdout;
            let wide: Vec<&str> =
                text.lines().filter(|line| line.chars().count() > WIDTH && !may_be_long(line)).collect();
            assert!(wide.is_empty(), "{name}: {wide:#?}");
            let blank = text.lines().filter(|line| line.ends_with(' ')).count();
            assert_eq!(blank, 0, "{name}: lines that end with a space in\n{text}");
        }
    }
}

#[test]
fn help_fits_too() {
    for arguments in [&["--help"][..], &["check", "--help"], &["demo", "--help"], &["explain", "--list"]] {
        let text = crate::command::corsac(arguments).stdout;
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{arguments:?}: {line}");
        }
    }
}

fn with(variables: &[(&str, &str)]) -> Run {
    let server = blocked();
    let mut command: Command = binary();
    command.args(["check", &server.url("/"), "--origin", "http://app.example", "-X", "PUT"]);
    command.envs(variables.iter().copied());
    run(command, b"")
}

#[test]
fn colour_is_printed_only_where_it_is_wanted() {
    let table = [
        (&[][..], false),
        (&[("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "1"), ("TERM", "xterm-256color")], false),
        (&[("CLICOLOR", "0")], false),
        (&[("TERM", "dumb")], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "1"), ("TERM", "xterm-256color")], true),
    ];
    let plain = with(&[]).stdout;
    for (variables, coloured) in table {
        let run = with(variables);
        assert_eq!(run.stdout.contains('\u{1b}'), coloured, "{variables:?}");
        // Only times differ.
        let words = |text: &str| text.split_whitespace().filter(|word| word.parse::<f64>().is_err()).count();
        assert_eq!(words(&without_codes(&run.stdout)), words(&plain), "{variables:?}");
    }
}

#[test]
fn errors_are_coloured_like_everything_else() {
    let mut command = binary();
    command.args(["check", "ftp://a.example/", "--origin", "http://app.example"]);
    assert!(!run(command, b"").stderr.contains('\u{1b}'));
    let mut command = binary();
    command.args(["check", "ftp://a.example/", "--origin", "http://app.example"]).env("CLICOLOR_FORCE", "1");
    assert!(run(command, b"").stderr.contains('\u{1b}'));
}

fn without_codes(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

/// The text with its wrapping undone.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_refusal_says_what_happened_where_and_what_to_change() {
    let server = blocked();
    let text = check(&server.url("/items"), PUT_JSON).stdout;
    let flowing = flowing(&text);
    let url = server.url("/items");
    for part in [
        "BLOCKED",
        &format!("PUT {url}"),
        "allow-origin-mismatch",
        "in the preflight",
        // the evidence, and what is wrong with it
        "`http://app.example/`",
        "ends with a slash",
        // the exchange
        &format!("→ OPTIONS {url}"),
        "Access-Control-Request-Method: PUT",
        "Access-Control-Request-Headers: content-type",
        "← 204",
        "✗ Access-Control-Allow-Origin: http://app.example/",
        // what to change, with the user's own values
        "Access-Control-Allow-Origin: http://app.example ",
        "Access-Control-Allow-Methods: PUT",
        "Access-Control-Allow-Headers: Content-Type",
        // which browsers agree, and where to read more
        "Chromium, Firefox and Safari agree",
        "corsac explain static-allow-origin",
    ] {
        assert!(flowing.contains(part), "no {part:?} in\n{text}");
    }
    assert!(!text.contains("<your origin>") && !text.contains("<METHOD>"), "{text}");
}

#[test]
fn an_error_hidden_by_cors_is_reported() {
    let text = check(&Server::answering(response(500, &[])).url("/"), &[]).stdout;
    let flowing = flowing(&text);
    for part in ["BLOCKED", "the page sees a CORS error instead", "error-status-without-cors", "500"] {
        assert!(flowing.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn a_readable_response_says_what_script_can_read() {
    let server = Server::allowing(
        &[],
        &["Access-Control-Allow-Origin: http://app.example", "Content-Type: text/plain", "X-Total-Count: 3"],
    );
    let text = check(&server.url("/"), &[]).stdout;
    let flowing = flowing(&text).to_ascii_lowercase();
    for part in [
        "readable",
        "status 200",
        "✓ access-control-allow-origin",
        "protocol-header-not-exposed",
        "x-total-count",
    ] {
        assert!(flowing.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn differences_between_engines_are_reported() {
    let allowed = &["Access-Control-Allow-Origin: http://app.example", "Access-Control-Allow-Headers: *"];
    let server = Server::allowing(allowed, allowed);
    let text = check(&server.url("/"), &["-H", "Authorization: Bearer x"]).stdout;
    let flowing = flowing(&text);
    // All browsers let `*` cover `Authorization`; the standard does not.
    for part in ["READABLE", "authorization-under-wildcard"] {
        assert!(flowing.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn the_verdict_the_cause_and_the_fix_come_first() {
    let text = check(&blocked().url("/items"), PUT_JSON).stdout;
    let place = |part: &str| text.lines().position(|line| line.contains(part)).unwrap_or(usize::MAX);
    assert!(place("BLOCKED") == 0 && place("Fix  ") < 12, "{text}");
    assert!(place("Fix  ") < place("Requests and responses"), "{text}");
    assert!(!text.contains("has been blocked by CORS policy"), "console lines are for --verbose:\n{text}");
}

#[test]
fn verbose_adds_the_consoles_and_why_browsers_do_this() {
    let text = check(&blocked().url("/items"), &[PUT_JSON, &["--verbose"]].concat()).stdout;
    let flowing = flowing(&text);
    for part in ["has been blocked by CORS policy", "Why browsers do this", "https://fetch.spec.whatwg.org/#"]
    {
        assert!(flowing.contains(part), "no {part:?} in\n{text}");
    }
}

/// WebKit breaks off its message about mixed content at a loopback address, which looks like a fault of ours.
#[test]
fn the_end_of_a_message_that_webkit_breaks_off_is_marked_outside_of_the_message() {
    let server = Server::allowing(&[], &[]);
    let arguments = ["check", &server.url("/"), "--origin", "https://app.example.com", "--engine", "webkit"];
    let text = crate::command::corsac([&arguments[..], &["--verbose"]].concat()).stdout;
    let end = "This content was blocked and must [WebKit's message ends here]";
    assert!(flowing(&text).contains(end), "no {end:?} in\n{text}");
    let json = crate::command::corsac([&arguments[..], &["--json"]].concat()).stdout;
    assert!(json.contains("This content was blocked and must\""), "{json}");
}

#[test]
fn an_expired_session_is_not_fixed_by_headers_on_the_login_page() {
    let login = Server::answering(response(200, &["Content-Type: text/html"]));
    let location = format!("Location: {}", login.url("/access/login?redirect_url=%2F"));
    let server = Server::answering(response(302, &[&location]));
    let (url, origin) = (server.url("/sync"), server.url(""));
    let run = crate::command::corsac(["check", &url, "--origin", &origin]);
    let flowing = flowing(&run.stdout);
    for part in ["BLOCKED", "login-redirect", "sign in again", "none on the login page would help"] {
        assert!(flowing.contains(part), "no {part:?} in\n{}", run.stdout);
    }
}

#[test]
fn a_readable_error_and_a_same_origin_response_are_named() {
    let server = Server::answering(response(403, &[]));
    let (url, origin) = (server.url("/"), server.url(""));
    let run = crate::command::corsac(["check", &url, "--origin", &origin]);
    let flowing = flowing(&run.stdout);
    assert!(
        flowing.contains("which is an error: status 403") && flowing.contains("CORS does not apply"),
        "{flowing}"
    );
}

#[test]
fn a_line_that_browsers_ignore_has_no_tick() {
    let lines = [
        "Access-Control-Allow-Origin: http://app.example",
        "Access-Control-Allow-Credentials: true",
        "Access-Control-Allow-Methods: PUT",
        "Access-Control-Allow-Headers: x-own",
        "Access-Control-Expose-Headers: etag",
    ];
    let ticked = |arguments: &[&str]| -> Vec<Vec<String>> {
        let text = check(&Server::answering(response(200, &lines)).url("/"), arguments).stdout;
        let tick = |line: &str| Some(line.trim().strip_prefix("✓ ")?.split(':').next()?.to_owned());
        text.split('←').skip(1).map(|answer| answer.lines().filter_map(tick).collect()).collect()
    };
    let origin = "Access-Control-Allow-Origin";
    let (methods, headers) = ("Access-Control-Allow-Methods", "Access-Control-Allow-Headers");
    let (credentials, exposed) = ("Access-Control-Allow-Credentials", "Access-Control-Expose-Headers");
    assert_eq!(ticked(&[]), [vec![origin, exposed]]);
    assert_eq!(ticked(&["-X", "PUT"]), [vec![origin, methods, headers], vec![origin, exposed]]);
    assert_eq!(ticked(&["--credentials", "include"]), [vec![origin, credentials, exposed]]);
    // Page and server have one origin.
    let server = Server::answering(response(200, &lines));
    let own = server.url("");
    let text = crate::command::corsac(["check", &server.url("/"), "--origin", &own]).stdout;
    assert!(!text.contains("    ✓"), "{text}");
}

#[test]
fn the_report_says_if_cors_is_only_how_the_failure_was_noticed() {
    let cases = [
        ("no HTTP", Server::answering("SSH-2.0-OpenSSH_9.6\r\n"), "CORS is not involved."),
        ("an error", Server::answering(response(502, &[])), "CORS is only how the failure was noticed."),
        ("CORS", Server::answering(response(200, &[])), "neither"),
    ];
    for (name, server, words) in cases {
        let text = flowing(&check(&server.url("/"), &[]).stdout);
        for other in ["CORS is not involved", "CORS is only how"] {
            assert_eq!(text.contains(other), words.starts_with(other), "{name}: {text}");
        }
    }
}
