//! What a suite sends, in which order it reports, and its exit status.

use serde_json::{Value, json};

use super::{HOLDS, api, suite};
use crate::command::{binary, run};
use crate::policy::TextFile;
use crate::schema::keeps_to;
use crate::server::{NOTHING_LISTENS, Server, response};

/// The names of the checks and whether they hold, in the order of the report.
fn held(report: &Value) -> Vec<(&str, bool)> {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().map(|check| (check["name"].as_str().unwrap(), check["holds"].as_bool().unwrap())).collect()
}

#[test]
fn a_suite_that_holds_exits_with_0_and_nothing_is_changed_on_the_server() {
    let server = api();
    let run = suite(&server, HOLDS, &[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert!(run.stdout.ends_with("\n10 of 10 checks hold.\n"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with('✓')).count(), 10, "{}", run.stdout);
    assert!(!server.methods().contains(&"DELETE".to_owned()), "{:?}", server.methods());
}

#[test]
fn checks_are_reported_in_the_order_of_the_file_whatever_is_slow() {
    let server = Server::new(|request| {
        if request.target == "/1" {
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        response(200, &["Access-Control-Allow-Origin: *"])
    });
    let cases = |number: usize| {
        format!(
            "[[case]]\nname = \"{number}\"\norigin = \"http://a.example\"\nurl = \"{{server}}/{number}\"\nexpect = \"readable\"\n"
        )
    };
    let text: String = (1..=6).map(cases).collect();
    let run = suite(&server, &text, &["--json", "--jobs", "8"]);
    assert_eq!(run.status, 0, "{run:#?}");
    let report = run.json();
    assert_eq!(held(&report), [("1", true), ("2", true), ("3", true), ("4", true), ("5", true), ("6", true)]);
    assert_eq!(server.requests().len(), 6, "nothing but the requests themselves is sent");
}

#[test]
fn what_does_not_hold_is_named_with_its_line_and_what_was_found() {
    let server = api();
    let text = HOLDS
        .replace("readable-headers = [\"ETag\"]", "readable-headers = [\"X-Hidden\", \"X-None\", \"ETag\"]")
        .replace("status = 200", "status = 204")
        .replace("expect = \"allowed\"", "expect = \"blocked\"");
    let run = suite(&server, &text, &["--json"]);
    assert_eq!(run.status, 1, "{run:#?}");
    let report = run.json();
    let first = &report["checks"][0];
    let differences: Vec<(&str, &str)> = first["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| (difference["what"].as_str().unwrap(), difference["expected"].as_str().unwrap()))
        .collect();
    assert_eq!(
        differences,
        [("readable-header", "X-Hidden"), ("readable-header", "X-None"), ("status", "204")]
    );
    assert!(first["differences"][0]["found"].as_str().unwrap().contains("does not expose it"), "{first:#}");
    assert!(first["differences"][1]["found"].as_str().unwrap().contains("does not have it"), "{first:#}");
    assert_eq!((&first["line"], &first["verdict"]), (&json!(6), &json!("readable")));
    assert_eq!(
        report["summary"],
        json!({ "checks": 10, "held": 8, "failed": 2, "tried_again": 0, "most_tries": 1 })
    );
    keeps_to("suite", &[report]);

    let text = suite(&server, &text, &[]).stdout;
    assert!(text.contains("✗ the app may delete items\n"), "{text}");
    assert!(text.contains("corsac.suite.toml:21\n"), "{text}");
    assert!(
        text.contains("Expected verdict blocked, found allowed in Chromium, Firefox and Safari."),
        "{text}"
    );
}

#[test]
fn the_verdict_must_hold_in_every_engine_that_is_asked() {
    let server = Server::answering(response(200, &[]));
    let case = |engines: &str, reason: &str| {
        format!(
            "[[case]]\nname = \"a\"\norigin = \"http://a.example\"\nurl = \"{{server}}/\"\nexpect = \"blocked\"\nengines = {engines}\nreason = \"{reason}\"\n"
        )
    };
    for (engines, names) in [
        ("\"all\"", vec!["spec", "chromium", "firefox", "webkit"]),
        ("[\"firefox\", \"webkit\"]", vec!["firefox", "webkit"]),
        ("\"spec\"", vec!["spec"]),
    ] {
        let report = suite(&server, &case(engines, "allow-origin-missing"), &["--json"]).json();
        let mut found: Vec<&String> = report["checks"][0]["engines"].as_object().unwrap().keys().collect();
        found.sort_by_key(|name| names.iter().position(|other| other == name));
        assert_eq!(found, names, "{engines}");
        assert_eq!(report["checks"][0]["holds"], true, "{report:#}");
    }
    let report = suite(&server, &case("\"all\"", "allow-origin-mismatch"), &["--json"]).json();
    assert_eq!(report["checks"][0]["differences"][0]["what"], "reason", "{report:#}");
}

#[test]
fn a_cause_is_compared_and_controls_are_sent_for_it() {
    let server = Server::answering(response(200, &[]));
    let text = "[[case]]\nname = \"a\"\norigin = \"http://a.example\"\nurl = \"{server}/\"\nexpect = \"blocked\"\ncause = \"";
    let holds = suite(&server, &format!("{text}allow-origin-missing\"\n"), &["--json"]);
    assert_eq!(holds.status, 0, "{holds:#?}");
    assert!(server.requests().len() > 1, "{:?}", server.methods());
    let other = suite(&server, &format!("{text}login-redirect\"\n"), &["--json"]);
    assert_eq!(other.status, 1, "{other:#?}");
    assert_eq!(other.json()["checks"][0]["differences"][0]["found"], "allow-origin-missing");
}

#[test]
fn failures_of_the_network_alone_exit_with_3_and_are_tried_again() {
    let case = |name: &str, url: &str, expect: &str| {
        format!(
            "[[case]]\nname = \"{name}\"\norigin = \"http://a.example\"\nurl = \"{url}\"\nexpect = \"{expect}\"\n"
        )
    };
    let server = Server::answering(response(200, &[]));
    let dead = case("dead", NOTHING_LISTENS, "readable");
    let refused = case("refused", "{server}/", "readable");
    let table = [
        ("only the network", dead.clone(), 3, 3),
        ("the network and CORS", format!("{dead}{refused}"), 1, 3),
        ("failed, as expected", case("dead", NOTHING_LISTENS, "failed"), 0, 1),
        ("CORS is not tried again", refused.clone(), 1, 1),
    ];
    for (name, text, status, tries) in table {
        let run = suite(&server, &text, &["--json", "--retries", "2"]);
        assert_eq!(run.status, status, "{name}: {run:#?}");
        let report = run.json();
        assert_eq!(report["checks"][0]["tries"], tries, "{name}");
        if let Some(second) = report["checks"].get(1) {
            assert_eq!(second["tries"], 1, "{name}");
        }
    }
}

#[test]
fn a_check_that_holds_later_says_at_which_try() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::raw(move |client| {
        if client.read_request().is_none() {
            return;
        }
        // The first connection ends without an answer.
        if asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0 {
            client.write(&response(200, &["Access-Control-Allow-Origin: *"]));
        }
        client.finish();
    });
    let text = "[[case]]\nname = \"a\"\norigin = \"http://a.example\"\nurl = \"{server}/\"\nexpect = \"readable\"\nengines = \"chromium\"\n";
    let run = suite(&server, text, &["--retries", "2"]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(run.stdout.starts_with("! a  (held at try 2 of 3)\n"), "{}", run.stdout);
    assert!(run.stdout.contains("After failures of the network, 1 was tried"), "{}", run.stdout);
}

#[test]
fn a_request_that_may_change_something_is_sent_once_and_only_if_the_case_says_so() {
    let server = Server::raw(|client| {
        client.read_request();
        client.finish();
    });
    let text = "[[case]]\nname = \"a\"\norigin = \"http://a.example\"\nurl = \"{server}/\"\nmethod = \"POST\"\nsend = true\nexpect = \"readable\"\n";
    let run = suite(&server, text, &["--retries", "5"]);
    assert_eq!(run.status, 3, "{run:#?}");
    assert_eq!(server.methods(), ["POST"]);
}

#[test]
fn a_preflight_that_browsers_do_not_send_shows_nothing_so_the_check_does_not_hold() {
    let server = api();
    let text = "[[case]]\nname = \"a\"\norigin = \"http://app.example\"\nurl = \"{server}/\"\nmethod = \"POST\"\npreflight-only = true\nexpect = \"allowed\"\n";
    let run = suite(&server, text, &[]);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.contains("so nothing was sent"), "{}", run.stdout);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn connection_options_apply_to_every_check_and_values_of_the_environment_are_sent() {
    let server = Server::allowing(
        &["Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: authorization"],
        &["Access-Control-Allow-Origin: *"],
    );
    let port = server.address.port();
    let file = TextFile::new(
        "corsac.suite.toml",
        format!(
            "[defaults]\norigin = \"http://a.example\"\nbase = \"http://api.example:{port}/v1\"\n[[case]]\nname = \"a\"\nurl = \"/items\"\nexpect = \"readable\"\n\
             headers = [{{ name = \"Authorization\", env = \"API_TOKEN\", prefix = \"Bearer \" }}]\n"
        ),
    );
    let resolve = format!("api.example:{port}:127.0.0.1");
    let mut command = binary();
    command.args(["check", "--suite", file.path(), "--resolve", &resolve]).env("API_TOKEN", "s3cret-value");
    let ended = run(command, b"");
    assert_eq!(ended.status, 0, "{ended:#?}");
    let requests = server.requests();
    let last =
        requests.iter().rfind(|request| !request.is_preflight()).unwrap_or_else(|| panic!("{requests:#?}"));
    assert_eq!(
        (last.target.as_str(), last.header("authorization")),
        ("/v1/items", Some("Bearer s3cret-value"))
    );
}

#[test]
fn at_most_two_checks_of_a_host_run_at_a_time() {
    let (now, most) = (std::sync::Mutex::new(0_usize), std::sync::Arc::new(std::sync::Mutex::new(0_usize)));
    let seen = std::sync::Arc::clone(&most);
    let server = Server::new(move |_| {
        {
            let mut now = now.lock().unwrap();
            *now += 1;
            let mut most = seen.lock().unwrap();
            *most = (*most).max(*now);
        }
        std::thread::sleep(std::time::Duration::from_millis(60));
        *now.lock().unwrap() -= 1;
        response(200, &["Access-Control-Allow-Origin: *"])
    });
    let urls: Vec<String> = (0..8).map(|number| format!("\"{{server}}/{number}\"")).collect();
    let text = format!(
        "[[matrix]]\nname = \"a\"\norigins = [\"http://a.example\"]\nurls = [{}]\nexpect = \"readable\"\nengines = \"chromium\"\n",
        urls.join(", ")
    );
    let run = suite(&server, &text, &["--jobs", "8"]);
    assert_eq!(run.status, 0, "{run:#?}");
    assert_eq!(*most.lock().unwrap(), 2);
}
