//! What configurations of HAProxy end in, and what their notes say.

use super::tests::server;
use crate::files::Source;

/// Codes of notes with their lines.
type Codes = &'static [(usize, &'static str)];

/// What is made of a configuration: the codes of notes with their lines, and `NAME ORIGINS` of each policy.
fn outcome(text: &str) -> (Vec<(usize, &'static str)>, Vec<String>) {
    let source = Source { name: "haproxy.cfg".to_owned(), text: text.to_owned() };
    let imported = crate::import(crate::Kind::Haproxy, source, &mut crate::no_includes, &[]).unwrap();
    let notes = imported.notes.iter().map(|note| (note.line, note.code)).collect();
    let policies = imported.policies.iter().map(|policy| {
        let host = policy.host.as_ref().map(|host| format!(" for {host}")).unwrap_or_default();
        let at = policy.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
        format!("{}{host}{at}: {}", policy.name, policy.config.origins.join(" "))
    });
    (notes, policies.collect())
}

const FRONT: &str = "defaults\n mode http\nfrontend fe\n bind :80\n";
const BACK: &str = "\nbackend be\n server s 127.0.0.1:8000\n";

#[test]
fn conditions_of_real_configurations_end_in_policies_or_notes() {
    let allowed = "http-after-response set-header Access-Control-Allow-Origin";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "a backend that only answers itself is a part (the example of Synapse)",
            format!(
                "{FRONT} use_backend wk if {{ path /.well-known/app.json }}\nbackend wk\n {allowed} *\n http-request return status 200"
            ),
            &["wk at /.well-known/app.json: *"],
        ),
        (
            "an expression for paths with an end",
            format!(
                "{FRONT} use_backend b1 if {{ path_reg ^/projects/[0-9]+/sql$ }}\n default_backend be{BACK}backend b1\n {allowed} *\n server s a:1"
            ),
            &["b1: *", "everything-else: "],
        ),
        (
            "a query",
            format!(
                "{FRONT} use_backend b1 if {{ url_param(format) -m str json }}\n default_backend be{BACK}backend b1\n {allowed} *\n server s a:1"
            ),
            &["b1: *", "everything-else: "],
        ),
        (
            "another header, in an ACL of several conditions",
            format!(
                "{FRONT} acl x hdr(X-Foo) -m found\n use_backend b1 if x {{ path_beg /v1/ }}\n default_backend be{BACK}backend b1\n {allowed} *\n server s a:1"
            ),
            &["b1 at /v1: *"],
        ),
        (
            "a type of content",
            format!(
                "{FRONT} {allowed} * if {{ res.hdr(Content-Type) -m beg font/ }}\n default_backend be{BACK}"
            ),
            &["fe: *", "everything-else: "],
        ),
        (
            "a type of content, at a backend for a path",
            format!(
                "{FRONT} use_backend b1 if {{ path_beg /v1 }}\n default_backend be{BACK}backend b1\n {allowed} * if {{ res.hdr(Content-Type) -m beg font/ }}\n server s a:1"
            ),
            &["b1 at /v1: *"],
        ),
        (
            "a variable that is set for some requests only",
            format!(
                "{FRONT} http-request set-var(txn.json) bool(true) if {{ url_param(format) -m str json }}\n {allowed} * if {{ var(txn.json) -m bool }}\n default_backend be{BACK}"
            ),
            &["fe: *", "everything-else: "],
        ),
        (
            "the host and the path in one",
            format!(
                "{FRONT} http-request set-var(txn.b) base\n {allowed} * if {{ var(txn.b) -m beg api.example.com/v1 }}\n default_backend be{BACK}"
            ),
            &["fe for api.example.com at /v1: *"],
        ),
        (
            "patterns for hosts are said as they are written",
            format!(
                "{FRONT} use_backend b1 if {{ hdr_beg(host) -i api. }}\n use_backend b2 if {{ hdr_reg(host) ^img[0-9]+\\.example\\.com$ }}\n default_backend be{BACK}backend b1\n {allowed} *\n server s a:1\nbackend b2\n {allowed} *\n http-after-response set-header Access-Control-Allow-Methods PUT\n server s a:1"
            ),
            &["b1 for api.*: *", "b2 for ^img[0-9]+\\.example\\.com$: *"],
        ),
        (
            "the origin without its scheme",
            format!(
                "{FRONT} http-request set-var(txn.h) req.hdr(origin),word(2,/)\n http-request set-var(txn.o) req.hdr(origin)\n {allowed} %[var(txn.o)] if {{ var(txn.h) -m str a.example.com }} || {{ req.hdr(origin),regsub(^https?://,) -m str b.example.com }}\n default_backend be{BACK}"
            ),
            &["fe: https://a.example.com"],
        ),
        (
            "a request that no backend is for gets 503 without headers",
            format!(
                "{FRONT} http-response set-header Access-Control-Allow-Origin *\n use_backend be if {{ hdr(host) api.example.com }}{BACK}"
            ),
            &["be for api.example.com: *"],
        ),
        (
            "the module in Lua, with the machine itself",
            format!(
                "{FRONT} http-request lua.cors GET,PUT localhost:8080,https://app.example.com X\n http-response lua.cors\n default_backend be{BACK}"
            ),
            &["fe: http://localhost:8080 https://localhost:8080 https://app.example.com"],
        ),
        (
            "a variable of the environment that the file sets",
            format!(
                "global\n setenv ORIGIN https://a.example.com\n{FRONT} {allowed} \"${{ORIGIN}}\"\n default_backend be{BACK}"
            ),
            &["fe: https://a.example.com"],
        ),
        (
            "a frontend without HTTP in front of a backend with it",
            format!(
                "frontend fe\n mode tcp\n {allowed} *\n default_backend be\nbackend be\n mode http\n server s a:1"
            ),
            &["fe: *"],
        ),
        (
            "nothing with HTTP",
            format!(
                "frontend fe\n mode tcp\n {allowed} *\n default_backend be\nbackend be\n mode tcp\n server s a:1"
            ),
            &[],
        ),
    ];
    for (name, text, expected) in rows {
        let (notes, policies) = outcome(text);
        assert_eq!(policies, *expected, "{name}: {notes:?}");
        assert!(notes.iter().all(|(_, code)| *code != "nothing-about-cors"), "{name}");
    }
}

#[test]
fn what_is_not_understood_is_not_nothing() {
    let rows: &[(&str, &str, Codes)] = &[
        (
            "a part of the origin",
            "http-request set-var(txn.h) req.hdr(origin),sha1\nhttp-request set-var(txn.o) req.hdr(origin)\nhttp-after-response set-header Access-Control-Allow-Origin %[var(txn.o)] if { var(txn.h) -m str x }",
            &[(3, "line-not-read")],
        ),
        (
            "a service in Lua for preflights",
            "http-request set-var(txn.o) req.hdr(origin)\nacl ok var(txn.o) -m str https://a.example\nhttp-request use-service lua.preflight if METH_OPTIONS ok\n\
             http-after-response add-header Vary Origin\nhttp-after-response set-header Access-Control-Allow-Origin %[var(txn.o)] if ok !METH_OPTIONS",
            &[(3, "line-not-read")],
        ),
        (
            "a section that nothing leads to",
            "frontend fe\n mode http\n default_backend b1\nbackend b1\n server s a:1\nbackend b2\n mode http\n http-after-response set-header Access-Control-Allow-Origin *\n server s a:1",
            &[(8, "line-not-read")],
        ),
    ];
    for (name, text, expected) in rows {
        assert_eq!(outcome(text).0, *expected, "{name}");
    }
}

#[test]
fn notes_say_what_to_write_instead() {
    let rows: &[(&str, &str, &str, &str)] = &[
        (
            "an ACL of the request",
            "acl allowed req.hdr(Origin) -i https://a.example\nhttp-request set-var(txn.o) req.hdr(origin)\nhttp-after-response set-header Access-Control-Allow-Origin %[var(txn.o)] if allowed",
            "`req.hdr(Origin) -i https://a.example`",
            "`http-request set-var(txn.allowed) bool(true) if allowed`. Then write `if { var(txn.allowed) -m bool }`",
        ),
        (
            "a path",
            "http-after-response set-header Access-Control-Allow-Origin * if { path_beg /api }",
            "`path_beg /api`",
            "`http-request set-var(txn.fits) bool(true) if { path_beg /api }`",
        ),
        (
            "a dollar between double quotes",
            "http-request set-var(txn.cors) req.hdr(origin) if { hdr(origin) -m reg \"^https://a\\.example$\" }",
            "no name of one follows",
            "single quotes",
        ),
        (
            "a rule of old",
            "rspadd Access-Control-Allow-Origin:\\ *",
            "since version 2.1",
            "`http-response add-header Access-Control-Allow-Origin \"*\"`",
        ),
        (
            "the request",
            "http-request set-header Access-Control-Allow-Origin *",
            "goes to the server",
            "`http-after-response`",
        ),
        (
            "a colon",
            "http-after-response set-header Access-Control-Allow-Origin: *",
            "colon",
            "without the colon",
        ),
        (
            "a value that is replaced",
            "http-after-response set-header Access-Control-Allow-Origin https://a.example\nhttp-after-response set-header Access-Control-Allow-Origin *",
            "Line 2 sets",
            "Leave one of the two",
        ),
        (
            "a value that a frontend replaces",
            "frontend fe\n mode http\n http-response set-header Access-Control-Allow-Origin *\n default_backend be\nbackend be\n mode http\n server s a:1\n http-response set-header Access-Control-Allow-Origin https://a.example",
            "Line 3 sets",
            "Leave one of the two",
        ),
    ];
    for (name, text, message, instead) in rows {
        let notes = server(text, &[]).notes();
        let note = notes
            .iter()
            .find(|note| note.code == "without-effect")
            .unwrap_or_else(|| panic!("{name}: {notes:?}"));
        assert!(note.message.contains(message) && note.instead.contains(instead), "{name}: {note:?}");
    }
}

#[test]
fn what_a_note_tells_people_to_write_is_read_as_they_mean_it() {
    let text = "acl allowed req.hdr(Origin) -i https://a.example\nhttp-request set-var(txn.o) req.hdr(origin)\nhttp-request set-var(txn.allowed) bool(true) if allowed\n\
                http-after-response set-header Access-Control-Allow-Origin %[var(txn.o)] if { var(txn.allowed) -m bool }\nhttp-after-response set-header Access-Control-Allow-Credentials true if { var(txn.allowed) -m bool }\n\
                http-after-response add-header Vary Origin";
    let (notes, policies) = outcome(text);
    assert_eq!(
        (notes, policies),
        (vec![(4, "preflight-passed-on")], vec!["default: https://a.example".to_owned()])
    );
}

#[test]
fn errors_without_headers_are_noted_at_the_rule_for_all_requests() {
    let text = "http-response set-header Access-Control-Allow-Origin https://a.example if METH_OPTIONS\nhttp-response set-header Access-Control-Allow-Origin https://b.example if !METH_OPTIONS";
    let notes = server(text, &[]).notes();
    let found: Vec<(usize, &str)> = notes.iter().map(|note| (note.at.line, note.code)).collect();
    assert_eq!(found, [(2, "error-without-headers")]);
}

#[test]
fn a_list_that_two_rules_name_is_one_list() {
    let text = "http-request set-var(txn.o) req.hdr(origin)\nhttp-request return status 204 if METH_OPTIONS { var(txn.o) -m reg -f o.lst }\nhttp-after-response set-header Access-Control-Allow-Origin %[var(txn.o)] if { var(txn.o) -m reg -f o.lst }";
    assert_eq!(server(text, &[("o.lst", "^https://a\\.example")]).mentions().len(), 1);
}
