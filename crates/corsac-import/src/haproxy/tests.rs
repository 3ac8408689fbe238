//! Configurations as people write them, and what HAProxy answers with them.

use corsac_stacks::Target;
use proptest::prelude::*;

use super::read;
use crate::asking::testing::{self, ask};
use crate::files::{Files, Source};
use crate::recorded;
use crate::server::{Matching, Mentioned, Server};

#[test]
fn what_compile_writes_is_read_as_the_policy() {
    assert!(testing::holds_for_compiled(Target::Haproxy, &[], read) > 3);
}

#[test]
fn answers_are_those_of_the_real_server() {
    assert!(recorded::replay("haproxy", read) > 300);
}

/// The server of a text that includes these files.
pub(super) fn server(text: &str, files: &[(&str, &str)]) -> Box<dyn Server> {
    let mut include = |pattern: &str| {
        let found = files.iter().find(|(name, _)| *name == pattern);
        let source =
            |(name, text): &(&str, &str)| Source { name: (*name).to_owned(), text: (*text).to_owned() };
        found.map(|file| vec![source(file)]).ok_or_else(|| format!("`{pattern}` is not there."))
    };
    let source = Source { name: "haproxy.cfg".to_owned(), text: text.to_owned() };
    let mut files = Files::new(source, &mut include).unwrap();
    read(&mut files).unwrap()
}

/// A name, a configuration, and what is expected.
type Row<E> = (&'static str, &'static str, &'static [E]);

const GET: &str = "GET / https://a.example";
const PREFLIGHT: &str = "OPTIONS / https://a.example PUT";

/// What is sent for `METHOD PATH [ORIGIN [REQUESTED-METHOD]]`: the status, and the lines with names that begin with `access-control-allow-` shortened.
fn sent(server: &dyn Server, request: &str) -> String {
    let words: Vec<&str> = request.split(' ').collect();
    let mut headers = Vec::new();
    if let Some(origin) = words.get(2) {
        headers.push(("Origin", *origin));
    }
    if let Some(method) = words.get(3) {
        headers.push(("Access-Control-Request-Method", *method));
    }
    let answer = ask(server, words[0], words[1], &headers, 200);
    let lines = answer.lines.iter().map(|line| {
        format!(
            " {}={}",
            line.name.replace("access-control-allow-", "").replace("access-control-", ""),
            line.value
        )
    });
    format!("{}{}", answer.status, lines.collect::<String>())
}

#[test]
fn idioms_of_real_configurations_answer_as_haproxy_does() {
    let rows: &[Row<(&str, &str)>] = &[
        (
            "headers of version 1.5, with the captured origin",
            "listen http-in\n mode http\n bind *:80\n capture request header origin len 128\n \
             http-response add-header Access-Control-Allow-Origin %[capture.req.hdr(0)] if { capture.req.hdr(0) -m found }\n \
             rspadd Access-Control-Allow-Headers:\\ Origin,\\ Accept  if { capture.req.hdr(0) -m found }\n server a 10.0.0.1:80",
            &[(GET, "200 origin=https://a.example headers=Origin, Accept"), ("GET /", "200")],
        ),
        (
            "a captured origin is cut",
            "capture request header Origin len 10\nhttp-response set-header Access-Control-Allow-Origin %[capture.req.hdr(0)]",
            &[(GET, "200 origin=https://a."), ("GET /", "200 origin=")],
        ),
        (
            "only a backend, as people paste it",
            "backend api\n http-response set-header Access-Control-Allow-Origin *\n http-response set-header Access-Control-Allow-Methods \"GET, PUT\"\n server a b:80",
            &[(GET, "200 origin=* methods=GET, PUT")],
        ),
        (
            "a backend without servers answers 503 without what http-response adds",
            "frontend f\n default_backend b\n http-response set-header Access-Control-Allow-Origin *\n http-after-response set-header X-After 1\nbackend b\n server a b:80 disabled",
            &[(GET, "503 x-after=1")],
        ),
        (
            "the error page that answers preflights",
            "frontend f\n use_backend options if METH_OPTIONS\n default_backend app\nbackend options\n errorfile 503 /etc/haproxy/cors.http\nbackend app\n server a b:80",
            &[(PREFLIGHT, "200 origin=* max-age=60"), (GET, "200")],
        ),
        (
            "comparisons of the origin",
            "acl ok hdr_beg(origin) -i HTTPS://A.\nacl ok hdr_reg(origin) ^https://b\\.example$\nacl ok req.hdr(origin),lower -m str https://c.example\n\
             acl ok hdr_dom(origin) d.example\nhttp-request set-var(txn.o) req.hdr(origin) if ok\n\
             http-response set-header access-control-allow-origin %[var(txn.o)] if { var(txn.o) -m found }",
            &[
                (GET, "200 origin=https://a.example"),
                ("GET / https://b.example", "200 origin=https://b.example"),
                ("GET / https://b.example.com", "200"),
                ("GET / https://C.example", "200 origin=https://C.example"),
                ("GET / http://d.example.evil.example", "200 origin=http://d.example.evil.example"),
            ],
        ),
        (
            "origins from a file and from a map",
            "http-request set-var(txn.o) req.hdr(origin) if { req.hdr(origin) -i -f /etc/haproxy/origins.lst }\n\
             http-request set-var(txn.m) req.hdr(origin),map_str(/etc/haproxy/origins.map,none)\n\
             http-response set-header Access-Control-Allow-Origin %[var(txn.o)] if { var(txn.o) -m found }\nhttp-response set-header X-Map %[var(txn.m)]",
            &[(GET, "200 origin=https://a.example x-map=yes"), ("GET / https://b.example", "200 x-map=none")],
        ),
        (
            "conditions: or, not, unless, and an exclamation mark of its own",
            "acl a path_beg /a\nacl b path /b /c\nhttp-request return status 201 if a !b or { path_end .x } ! { path_end .y }\nhttp-request return status 202 unless b || { method GET }",
            &[
                ("GET /a1", "201"),
                ("GET /q.x", "201"),
                ("GET /b", "200"),
                ("POST /q", "202"),
                ("GET /q", "200"),
            ],
        ),
        (
            "what nobody can know decides nothing",
            "http-request deny if !{ src 10.0.0.0/8 }\nhttp-request deny if { path /admin } { src 1.2.3.4 }\nhttp-request deny deny_status 405 if { path /x } || { sc_http_req_rate(0) gt 10 }",
            &[(GET, "200"), ("GET /admin", "200"), ("GET /x", "405")],
        ),
        (
            "a password is asked for, and a preflight has none",
            "http-request auth unless { http_auth(users) }\nhttp-after-response set-header Access-Control-Allow-Origin *",
            &[(PREFLIGHT, "401 origin=*"), (GET, "200 origin=*")],
        ),
        (
            "the module in Lua compares the ends of origins, and answers preflights",
            "http-request lua.cors \"GET,PUT\" \"a.example,.b.example,https://c.example:*\" \"X-Custom\"\nhttp-response lua.cors",
            &[
                (GET, "200 origin=https://a.example vary=Accept-Encoding,Origin"),
                ("GET / http://a.example", "200 origin=http://a.example vary=Accept-Encoding,Origin"),
                ("GET / https://x.a.example", "200"),
                ("GET / https://x.b.example", "200 origin=https://x.b.example vary=Accept-Encoding,Origin"),
                (
                    "GET / https://c.example:8443",
                    "200 origin=https://c.example:8443 vary=Accept-Encoding,Origin",
                ),
                ("GET / https://c.example", "200"),
                (
                    PREFLIGHT,
                    "204 methods=GET,PUT headers=X-Custom max-age=600 origin=https://a.example vary=Accept-Encoding,Origin",
                ),
                ("OPTIONS / https://evil.example PUT", "204 methods=GET,PUT headers=X-Custom max-age=600"),
            ],
        ),
        (
            "the first version of the module",
            "http-request lua.cors\nhttp-response lua.cors \"GET,PUT\" \"a.example,localhost:8080\"",
            &[
                (GET, "200 vary=Accept-Encoding,Origin origin=https://a.example"),
                (
                    PREFLIGHT,
                    "200 vary=Accept-Encoding,Origin origin=https://a.example methods=GET,PUT max-age=600",
                ),
                ("GET /", "200 vary=Accept-Encoding,Origin"),
            ],
        ),
        (
            "what only the request has is gone when the response comes",
            "http-response set-header Access-Control-Allow-Origin %[req.hdr(origin)]\nhttp-response set-header X-A 1 if { req.hdr(origin) -m found }\nhttp-response set-header X-B 1 if !{ path /x }",
            &[(GET, "200 origin= x-b=1")],
        ),
        (
            "header lines that are replaced and taken away",
            "http-response add-header A 1,2\nhttp-response replace-value A ^(.)$ <\\1>\nhttp-response add-header B one\nhttp-response replace-header B o(.*) \\1!\n\
             http-response add-header C c\nhttp-response del-header ^c$ -m reg",
            &[(GET, "200 a=<1>,<2> b=ne!")],
        ),
        (
            "redirects and their own headers",
            "http-request redirect scheme https code 301 if { path /s }\nredirect prefix https://b.example if { path /p }\nhttp-after-response set-header Access-Control-Allow-Origin *",
            &[
                ("GET /s", "301 location=https://server.example/s origin=*"),
                ("GET /p", "302 location=https://b.example/p origin=*"),
            ],
        ),
        (
            "a redirect to https does not matter to a request that came with it",
            "frontend plain\n bind :80\n redirect scheme https if !{ ssl_fc }\n default_backend b\nbackend b\n http-response set-header Access-Control-Allow-Origin *\n server s a:1",
            &[(GET, "200 origin=*")],
        ),
    ];
    let files = [
        (
            "/etc/haproxy/cors.http",
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Max-Age: 60\r\n\r\nbody: no\r\n",
        ),
        ("/etc/haproxy/origins.lst", "# ours\nhttps://A.example\n"),
        ("/etc/haproxy/origins.map", "https://a.example yes\n"),
    ];
    for (name, text, requests) in rows {
        let server = server(text, &files);
        for (request, expected) in *requests {
            assert_eq!(sent(&*server, request), *expected, "{name}: {request}");
        }
    }
}

#[test]
fn notes_are_at_the_lines_that_have_no_effect_or_are_not_read() {
    let rows: &[Row<(usize, &str)>] = &[
        (
            "the request is gone",
            "\nhttp-response set-header Access-Control-Allow-Origin %[req.hdr(origin)]",
            &[(2, "without-effect")],
        ),
        (
            "the condition can never hold",
            "acl cors hdr_end(origin) .example.com\nhttp-after-response set-header Access-Control-Allow-Origin * if cors",
            &[(2, "without-effect")],
        ),
        (
            "no mode http",
            "defaults\n timeout client 5s\nfrontend f\n http-after-response set-header Access-Control-Allow-Origin *",
            &[(4, "without-effect")],
        ),
        (
            "a variable of the environment",
            "acl cors hdr(origin) -m str \"${ORIGIN}\"",
            &[(1, "line-not-read")],
        ),
        ("its default is known", "acl cors hdr(origin) -m str \"${ORIGIN-https://a.example}\"", &[]),
        ("a file that is not there", "acl cors hdr(origin) -f /etc/nothing.lst", &[(1, "line-not-read")]),
        ("look-ahead", "acl cors hdr_reg(origin) ^https://(?!evil).*$", &[(1, "line-not-read")]),
        (
            "an ACL that is not there",
            "http-after-response set-header Access-Control-Allow-Origin * if cors",
            &[(1, "line-not-read")],
        ),
        ("another module", "http-request lua.my_cors", &[(1, "line-not-read")]),
        (
            "nothing about CORS",
            "http-request lua.rate\nacl x src -f /etc/bad.lst\nerrorfile 503 /etc/503.http",
            &[(2, "line-not-read")],
        ),
    ];
    for (name, text, expected) in rows {
        let notes = server(text, &[]).notes();
        let found: Vec<(usize, &str)> = notes.iter().map(|note| (note.at.line, note.code)).collect();
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn origins_are_found_wherever_they_are_compared() {
    let text = "capture request header Origin len 99\nhttp-request set-var(txn.o) req.hdr(origin),lower\nacl a capture.req.hdr(0) -m end .a.example\n\
                acl b var(txn.o) -m str https://b.example\nacl host hdr(host) c.example\nhttp-response set-header Access-Control-Allow-Origin https://d.example";
    let found: Vec<(usize, Mentioned)> =
        server(text, &[]).mentions().into_iter().map(|mention| (mention.at.line, mention.what)).collect();
    let text = |text: &str, ignores_case| Mentioned::Text { text: text.to_owned(), ignores_case };
    let ending = Mentioned::Pattern {
        pattern: ".a.example".to_owned(),
        expression: r"\.a\.example$".to_owned(),
        matching: Matching::Search,
        ignores_case: false,
    };
    assert_eq!(
        found,
        [(3, ending), (4, text("https://b.example", true)), (6, text("https://d.example", false))]
    );
}

#[test]
fn places_are_frontends_hosts_and_paths() {
    let text = "defaults\n mode http\nfrontend plain\n bind :80\n redirect scheme https\nfrontend tls\n bind :443 ssl crt x\n acl host_api hdr(host) -i api.example.com api2.example.com\n \
                use_backend v2 if host_api { path_beg /v2/ }\n use_backend api if host_api\n use_backend files if { path_reg ^/files/[0-9]+ }\n use_backend gone if { path_beg /v2/x/y }\n \
                default_backend www\nbackend v2\n server a b:1\nbackend api\n http-response set-header Access-Control-Allow-Origin *\n server a b:1\nbackend files\n server a b:1\n\
                backend www\n server a b:1\nbackend gone\nfrontend admin\n bind :8443 ssl crt x\n http-after-response set-header Access-Control-Allow-Origin *";
    let places = server(text, &[]).places();
    let found: Vec<String> = places
        .iter()
        .map(|place| {
            let more = if place.is_more_than_prefix.is_some() { " more" } else { "" };
            format!("{} {}{}{more}", place.name, place.host.as_deref().unwrap_or("-"), place.path)
        })
        .collect();
    let expected = [
        "tls -/",
        "v2 api.example.com/v2/",
        "v2 api2.example.com/v2/",
        "api api.example.com/",
        "api api2.example.com/",
        "files -/files/1 more",
        "admin admin.frontend.example/",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_no_configuration_is_an_error_with_its_line() {
    let rows = [
        ("an open quote", "frontend f\n acl a path 'x", 2, "quote"),
        ("another program's", "\nserver {\n listen 80;\n}", 2, "no configuration of HAProxy"),
        ("nothing", "", 1, "no configuration of HAProxy"),
        ("a block without an end", ".if 1\nfrontend f", 2, ".endif"),
    ];
    for (name, text, line, words) in rows {
        let Err(error) = testing::read(text, read) else { panic!("{name} is read") };
        assert!(error.line == line && error.message.contains(words), "{name}: {error}");
    }
}

/// Words of configurations, for texts that get far into the reader.
fn words() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "frontend f",
        "backend b",
        "listen l",
        "defaults",
        "mode http",
        "acl",
        "http-request",
        "http-response",
        "http-after-response",
        "set-header",
        "add-header",
        "set-var(txn.o)",
        "set-var(txn.o,ifempty)",
        "return",
        "status",
        "hdr",
        "redirect",
        "prefix",
        "if",
        "unless",
        "or",
        "{",
        "}",
        "!",
        "!{",
        "req.hdr(origin)",
        "hdr_reg(origin)",
        "path_beg",
        "-m",
        "reg",
        "str",
        "end",
        "-i",
        "-f",
        "%[var(txn.o)]",
        "%[var(txn.o),concat(,txn.o)]",
        "%[",
        "]",
        "(",
        ")",
        "\\",
        "'",
        "\"",
        "${X-y}",
        "capture request header origin len 10",
        "capture.req.hdr(0)",
        "Access-Control-Allow-Origin",
        "use_backend b",
        "default_backend b",
        "(a|b)*$",
        "^https?://(.+\\.)?x",
        "lua.cors",
        "regsub(.,\\0\\0,g)",
        "replace-value",
        "field(2,/)",
        "bytes(1,2)",
        "\n",
        "\n",
        "\n",
        "é",
        "%",
        "99999999999999999999",
    ]);
    prop::collection::vec(known, 0..60).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_makes_it_panic(text in prop_oneof![words(), "\\PC{0,200}"], method in "GET|OPTIONS", path in "/[a-z/%?.é]{0,12}", origin in "\\PC{0,30}") {
        if let Ok(server) = testing::read(&text, read) {
            let _ = (server.mentions(), server.notes());
            for place in server.places() {
                prop_assert!(place.path.starts_with('/'));
            }
            let _ = ask(&*server, &method, &path, &[("Origin", &origin), ("Access-Control-Request-Method", "PUT")], 200);
        }
    }
}

#[test]
fn values_that_double_with_each_rule_stay_small() {
    let mut text = "http-request set-var(txn.a) str(aaaaaaaaaaaaaaaa)\n".to_owned();
    text.push_str(&"http-request set-var(txn.a) var(txn.a),concat(,txn.a)\n".repeat(60));
    text.push_str("http-response add-header X %[var(txn.a)]\n");
    text.push_str(&"http-response set-header X %[res.hdr(X)]%[res.hdr(X)]\n".repeat(60));
    text.push_str(&"http-response replace-header X (.*) \\1\\1\n".repeat(60));
    let answer = ask(&*server(&text, &[]), "GET", "/", &[], 200);
    assert!(answer.lines.iter().all(|line| line.value.len() < 100_000));
}

#[test]
fn values_of_the_environment_that_grow_are_an_error_with_its_line() {
    let doubled = format!("frontend f\n setenv A {}\n{}", "a".repeat(16), " setenv A \"$A$A\"\n".repeat(60));
    let used = |times| {
        format!("frontend f\n setenv A {}\n{}", "a".repeat(64 << 10), " log \"${A}\"\n".repeat(times))
    };
    let rows = [
        ("doubled with each line", doubled, 15, "longer than 64 KiB"),
        ("used again and again", used(257), 259, "longer than 16 MiB"),
    ];
    for (name, text, line, words) in rows {
        let Err(error) = testing::read(&text, read) else { panic!("{name} is read") };
        assert!(error.line == line && error.message.contains(words), "{name}: {error}");
    }
    assert!(testing::read(&used(256), read).is_ok());
}

#[test]
fn variables_are_followed_to_their_ends_once() {
    let itself = "http-request set-var(txn.a0) var(txn.a0)\n".repeat(2000);
    let chain = |first: &str| {
        let steps =
            (1..1000).map(|step| format!("http-request set-var(txn.a{step}) var(txn.a{})\n", step - 1));
        format!("http-request set-var(txn.a0) {first}\n{}", steps.collect::<String>())
    };
    let assumed = |variable: &str| {
        Some(format!("Only requests for which `{{ var({variable}) -m found }}` holds are meant."))
    };
    let rows = [
        ("set from itself", itself.clone(), "txn.a0", true),
        (
            "set from itself, and from the origin",
            format!("{itself}{}", chain("req.hdr(origin)")),
            "txn.a0",
            false,
        ),
        ("set from a header of the page's own", chain("req.hdr(x-own)"), "txn.a999", true),
        ("set from the origin", chain("req.hdr(origin)"), "txn.a999", false),
    ];
    for (name, text, variable, is_assumed) in rows {
        let rule = format!(
            "http-response set-header Access-Control-Allow-Origin * if {{ var({variable}) -m found }}"
        );
        let places = server(&format!("{text}{rule}"), &[]).places();
        let found: Vec<_> = places.into_iter().filter_map(|place| place.is_more_than_prefix).collect();
        assert_eq!(found, Vec::from_iter(assumed(variable).filter(|_| is_assumed)), "{name}");
    }
}
