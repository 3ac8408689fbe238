//! What people write, in fragments of every level.

use crate::asking::testing;
use crate::files::{At, Files, Source};
use crate::nginx::read;
use crate::server::{Answer, Matching, Mention, Mentioned, Server};

const APP: &str = "https://app.example.com";

fn server(text: &str) -> Box<dyn Server> {
    testing::read(text, read).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What a GET from the origin, in front of an application that answers with the status, is told about it.
fn allowed(answer: &Answer) -> Vec<String> {
    let lines =
        answer.lines.iter().filter(|line| line.name.eq_ignore_ascii_case("access-control-allow-origin"));
    lines.map(|line| line.value.clone()).collect()
}

#[test]
fn fragments_of_every_level_are_read() {
    let headers = "add_header Access-Control-Allow-Origin $http_origin always;";
    for (name, text) in [
        ("lines of a location", headers.to_owned()),
        ("an `if` with headers", format!("if ($request_method ~ GET) {{ {headers} }}")),
        ("a location", format!("location / {{ {headers} }}")),
        ("lines of a server", format!("{headers} location / {{ proxy_pass http://app; }}")),
        ("a server", format!("server {{ {headers} }}")),
        (
            "http and its rest",
            format!(
                "user www; events {{}} http {{ server {{ listen 80; {headers} }} }} stream {{ server {{ listen 1; }} }}"
            ),
        ),
        (
            "a map and a server",
            format!(
                "map $http_origin $x {{ default 1; }} {headers} server {{ location / {{ proxy_pass http://app; }} }}"
            ),
        ),
        ("a map and lines", format!("map $http_origin $x {{ default 1; }} {headers}")),
        ("a file with a byte order mark", format!("\u{feff}server {{ {headers} }}")),
        ("Windows line ends", format!("server {{\r\n{headers}\r\n}}\r\n")),
        (
            "Lua beside it",
            format!(
                "server {{ access_by_lua_block {{ -- }} it's\n local a = \"}}\" [[ }} ]] }} {headers} }}"
            ),
        ),
    ] {
        let answer = testing::ask(&*server(&text), "GET", "/x", &[("Origin", APP)], 404);
        assert_eq!((allowed(&answer), answer.status), (vec![APP.to_owned()], 404), "{name}");
    }
}

#[test]
fn a_preflight_never_has_a_password() {
    let text = "location / { auth_basic x; add_header Access-Control-Allow-Origin * always; proxy_pass http://app; }
        location /answered { auth_basic x; if ($request_method = OPTIONS) { return 204; } proxy_pass http://app; }
        location /open { auth_basic off; proxy_pass http://app; }";
    let server = server(text);
    let preflight = [("Origin", APP), ("Access-Control-Request-Method", "PUT")];
    for (method, path, status) in
        [("OPTIONS", "/", 401), ("GET", "/", 200), ("OPTIONS", "/answered", 204), ("OPTIONS", "/open", 200)]
    {
        let answer = testing::ask(&*server, method, path, &preflight, 200);
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.answered_at.is_some(), status != 200, "{method} {path}");
    }
}

#[test]
fn add_header_inherit_of_1_29_3_changes_what_a_block_gets() {
    let text = "add_header Access-Control-Allow-Origin * always; add_header_inherit merge;
        location /merged { add_header X-Other 1; }
        location /off { add_header_inherit off; }
        location /on { add_header_inherit on; add_header X-Other 1; }";
    for (path, count) in [("/merged", 1), ("/off", 0), ("/on", 0), ("/", 1)] {
        let answer = testing::ask(&*server(text), "GET", path, &[("Origin", APP)], 200);
        assert_eq!(allowed(&answer).len(), count, "{path}");
    }
}

#[test]
fn places_are_the_parts_that_can_differ() {
    // The path, the prefix and the name of each place.
    type Expected<'e> = &'e [(&'e str, Option<&'e str>, &'e str)];
    let rows: &[(&str, Expected<'_>)] = &[
        (
            "server { location / { add_header Access-Control-Allow-Origin *; } location /other { return 200; } }",
            &[("/", None, "server"), ("/other", Some("/other"), "server-other")],
        ),
        (
            "server { server_name a.example; add_header Access-Control-Allow-Origin *; location /api/ { add_header X-A 1; location ~ \\.js$ { return 200; } } location /n { deny all; } }",
            &[
                ("/", None, "a-example"),
                ("/api/", Some("/api"), "a-example-api"),
                ("/api/x.js", None, "a-example-js"),
            ],
        ),
        (
            "location ~ ^/(api|v[12])/ { add_header Access-Control-Allow-Origin *; }",
            &[("/api/", None, "server-api-v-12")],
        ),
        (
            "location ~ ^/api/ { if ($http_origin) { add_header Access-Control-Allow-Origin *; } }",
            &[("/api/", Some("/api"), "server-api")],
        ),
        ("server { listen 80; location /x { add_header A 1; } }", &[]),
    ];
    for (text, expected) in rows {
        let server = server(text);
        let places = server.places();
        let found: Vec<_> = places
            .iter()
            .map(|place| (place.path.as_str(), place.prefix.as_deref(), place.name.as_str()))
            .collect();
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn every_server_with_headers_can_be_asked() {
    let server = server(
        "server { listen 80; server_name _; add_header Access-Control-Allow-Origin first; }
        server { listen 81; server_name _; add_header Access-Control-Allow-Origin second; }
        server { listen 82; server_name ~^x$; add_header Access-Control-Allow-Origin third; }
        server { listen 83; server_name *.example.com; add_header Access-Control-Allow-Origin fourth; }",
    );
    for (place, value) in server.places().iter().zip(["first", "second", "third", "fourth"]) {
        let headers = corsac::header::HeaderList::new();
        let behind = crate::server::Behind::answers(200);
        let host = place.host.as_deref().unwrap_or("server.example");
        let answer = server.answer(&crate::server::Asked {
            method: "GET",
            scheme: "https",
            host,
            path: &place.path,
            headers: &headers,
            behind: &behind,
        });
        assert_eq!(allowed(&answer), [value], "{place:?}");
    }
    assert_eq!(server.places().len(), 4);
}

#[test]
fn origins_are_found_wherever_they_are_compared() {
    let text = |text: &str, ignores_case| Mentioned::Text { text: text.to_owned(), ignores_case };
    let expression = |expression: &str, matching, ignores_case| Mentioned::Expression {
        expression: expression.to_owned(),
        matching,
        ignores_case,
    };
    let rows = vec![
        (
            "map $http_origin $o {\n https://a.example $http_origin; \n}",
            vec![(2, text("https://a.example", true))],
        ),
        (
            "map $http_origin $o {\n ~*^https://a$ 1;\n default 0; }",
            vec![(2, expression("^https://a$", Matching::Search, true))],
        ),
        ("map $uri $o { https://a.example 1; }", vec![]),
        (
            "map $request_method:$http_origin $o {\n \"~^GET:https://a$\" 1; }",
            vec![(2, expression("^https://a$", Matching::Search, false))],
        ),
        (
            "map $http_origin $o { hostnames;\n *.example.com 1; }",
            vec![(2, expression(r".+\.example\.com", Matching::Whole, true))],
        ),
        (
            "map $http_origin $host_of { ~^https?://(?<h>[^/:]+) $h; }\nmap $host_of $o { hostnames;\n .example.com 1; }",
            vec![
                (1, expression("^https?://(?<h>[^/:]+)", Matching::Search, false)),
                (3, Mentioned::Entry("https://*.example.com".to_owned())),
                (3, Mentioned::Entry("https://example.com".to_owned())),
            ],
        ),
        (
            "set $mine $http_origin; if ($mine ~ a\\.example) { set $o 1; }\nif ($http_origin = https://b.example) { set $o 2; }",
            vec![
                (1, expression(r"a\.example", Matching::Search, false)),
                (2, text("https://b.example", false)),
            ],
        ),
        (
            "add_header Access-Control-Allow-Origin https://c.example/;",
            vec![(1, text("https://c.example/", false))],
        ),
        (
            "set $o https://d.example; add_header 'Access-Control-Allow-Origin' $o;",
            vec![(1, text("https://d.example", false))],
        ),
        ("add_header Access-Control-Allow-Origin *; add_header X-Origin https://e.example;", vec![]),
        ("if ($http_user_agent ~ bot) { return 403; }", vec![]),
    ];
    for (written, expected) in rows {
        let expected: Vec<Mention> =
            expected.into_iter().map(|(line, what)| Mention { what, at: At { file: 0, line } }).collect();
        assert_eq!(server(written).mentions(), expected, "{written}");
    }
}

#[test]
fn what_is_not_understood_is_a_note_at_its_line() {
    let rows = [
        ("\ncors_allow_origin Access-Control-Allow-Origin;", Some((2, "line-not-read", "cors_allow_origin"))),
        ("include cors.conf;", Some((1, "line-not-read", "cors.conf"))),
        ("include mime.types;", None),
        (
            "location / {\nheader_filter_by_lua_block { ngx.header[\"Access-Control-Allow-Origin\"] = \"*\" } }",
            Some((2, "line-not-read", "header_filter_by_lua_block")),
        ),
        (
            "add_header Access-Control-Allow-Origin\n$nobody_knows;",
            Some((1, "line-not-read", "nobody_knows")),
        ),
        (
            "auth_request_set $o $upstream_http_x; add_header Access-Control-Allow-Origin $o;",
            Some((1, "line-not-read", "$o")),
        ),
        ("if ($http_origin == a) { return 204; }", Some((1, "line-not-read", "=="))),
        ("map $http_origin $o {\n \"~^(?!x)\" 1; }", Some((2, "line-not-read", "(?!x)"))),
        (
            "server { if ($http_origin) {\n add_header Access-Control-Allow-Origin *; } }",
            Some((2, "line-not-read", "refuses")),
        ),
        ("proxy_set_header Origin https://a.example;", Some((1, "line-not-read", "https://a.example"))),
        ("proxy_set_header Origin $http_origin;", None),
        ("log_format x '$sent_http_access_control_allow_origin Access-Control-Allow-Origin';", None),
        (
            "http { add_header Access-Control-Allow-Origin *;\n server {\n add_header X-A 1; } }",
            Some((3, "headers-lost", "X-A")),
        ),
        (
            "location / { add_header Access-Control-Allow-Origin *; if ($arg_x) {\n add_header X-A 1; } }",
            Some((2, "headers-lost", "`if`")),
        ),
        (
            "add_header Access-Control-Allow-Origin *;\nlocation /a { add_header X-A 1; }",
            Some((2, "headers-lost", "X-A")),
        ),
    ];
    for (text, expected) in rows {
        let notes = server(text).notes();
        let found: Vec<_> =
            notes.iter().map(|note| (note.at.line, note.code, note.message.as_str())).collect();
        match (expected, found.as_slice()) {
            (None, []) => {}
            (Some((line, code, word)), [(at, of, message)])
                if line == *at && code == *of && message.contains(word) => {}
            _ => panic!("{text}\n{found:?}"),
        }
    }
}

#[test]
fn included_files_are_read_where_they_are_included() {
    let main = Source {
        name: "nginx.conf".to_owned(),
        text: "http { include conf.d/*.conf; include missing.conf; }".to_owned(),
    };
    let mut include = |pattern: &str| match pattern {
        "conf.d/*.conf" => Ok(vec![Source {
            name: "conf.d/site.conf".to_owned(),
            text: "server {\n location / {\n include cors.conf; } }".to_owned(),
        }]),
        "cors.conf" => Ok(vec![Source {
            name: "cors.conf".to_owned(),
            text: "\nadd_header Access-Control-Allow-Origin *;".to_owned(),
        }]),
        _ => Err(format!("`{pattern}` is not there.")),
    };
    let mut files = Files::new(main, &mut include).unwrap();
    let server = read(&mut files).unwrap();
    let answer = testing::ask(&*server, "GET", "/", &[], 200);
    let at = answer.line("Access-Control-Allow-Origin").and_then(|line| line.at).unwrap();
    assert_eq!((files.name(at.file), at.line), ("cors.conf", 2));
    assert_eq!(server.notes().len(), 1, "{:?}", server.notes());
}
