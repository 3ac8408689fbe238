//! Texts that are no configuration, or one that is meant to take long.

use std::fmt::Write;

use proptest::prelude::*;

use crate::asking::testing;
use crate::files::{Files, Source};
use crate::nginx::read;

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let deep = format!("{}{}", "a {".repeat(200), "}".repeat(200));
    let many = "a;".repeat(300_000);
    for (text, line, words) in [
        ("server {\n listen 80\n}", 2, "no `;`"),
        ("server {\n location / {\n }\n", 1, "no `}`"),
        ("server {\n}\n}", 3, "ends no block"),
        ("\nadd_header X \"a;\n", 2, "no quote"),
        ("add_header X \"a\"b;", 1, "After the quote"),
        ("\n;", 2, "ends no directive"),
        ("\n{ }", 2, "no directive in front"),
        ("\nset_by_lua_block $x {\n if {", 2, "Lua"),
        ("listen 80", 1, "no `;`"),
        (&deep, 1, "100 levels"),
        (&many, 1, "250000 directives"),
    ] {
        let error = testing::read(text, read).err().unwrap_or_else(|| panic!("{words}"));
        assert!(error.line == line && error.message.contains(words), "{error}, and not {line}: {words}");
    }
}

#[test]
fn a_file_that_includes_itself_is_refused() {
    let source = || Source { name: "a.conf".to_owned(), text: "\ninclude a.conf;".to_owned() };
    let mut include = |_: &str| Ok(vec![source()]);
    let error = read(&mut Files::new(source(), &mut include).unwrap()).err().unwrap();
    assert_eq!((error.line, error.message.as_str()), (2, "`a.conf` includes itself."));
}

#[test]
fn configurations_that_are_meant_to_take_long_do_not() {
    let mut doubling = "set $a0 aaaaaaaa;".to_owned();
    let mut maps = String::new();
    for index in 1..200 {
        let before = index - 1;
        write!(doubling, "set $a{index} $a{before}$a{before};").unwrap();
        write!(maps, "map $m{before}$m{before} $m{index} {{ volatile; default x; }}").unwrap();
    }
    let expressions: String =
        (0..5_000).map(|index| format!("\"~^(([a-z]{{1,50}}){{1,9}}){index}$\" 1;")).collect();
    // The numbers of places and of mentions.
    let rows = [
        (format!("{doubling} add_header Access-Control-Allow-Origin $a199;"), (1, 0)),
        (format!("{maps} add_header Access-Control-Allow-Origin $m199;"), (1, 0)),
        ("map $a $a { default $a$a; } add_header Access-Control-Allow-Origin $a;".to_owned(), (1, 0)),
        (
            format!("map $http_origin $o {{ {expressions} }} add_header Access-Control-Allow-Origin $o;"),
            (1, 5_000),
        ),
        ("location / { rewrite ^ /a last; } location /a { rewrite ^ / last; }".to_owned(), (0, 0)),
        ("error_page 404 /x; location /x { return 404; } location / { return 404; }".to_owned(), (0, 0)),
        (
            format!(
                "location / {{ {} return 204; }}",
                "if ($http_origin) { set $x $http_origin; }".repeat(15_000)
            ),
            (0, 0),
        ),
        (
            format!(
                "server {{ {} }}",
                "location ~ (a*)*b { add_header Access-Control-Allow-Origin *; }".repeat(5_000)
            ),
            (1, 0),
        ),
    ];
    for (text, counts) in &rows {
        let server = testing::read(text, read).unwrap_or_else(|error| panic!("{error}"));
        for path in ["/", "/a", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            testing::ask(&*server, "GET", path, &[("Origin", &"a".repeat(5_000))], 200);
        }
        assert_eq!((server.places().len(), server.mentions().len()), *counts, "{}", &text[..60]);
    }
}

#[test]
fn variables_that_read_many_others_are_followed_once() {
    let layers = |last: &str| {
        let mut sets = String::new();
        for number in 0..12 {
            write!(sets, "set $v15_{number} {last};").unwrap();
        }
        for layer in (0..15).rev() {
            let next = layer + 1;
            let value: String = (0..12).map(|number| format!("$v{next}_{number}")).collect();
            for number in 0..12 {
                write!(sets, "set $v{layer}_{number} {value};").unwrap();
            }
        }
        let text = format!(
            "location / {{ {sets}\nif ($v0_0 = x) {{\nadd_header Access-Control-Allow-Origin *; }} proxy_pass http://app; }}"
        );
        let server = testing::read(&text, read).unwrap_or_else(|error| panic!("{error}"));
        server.notes().iter().map(|note| (note.at.line, note.code)).collect::<Vec<_>>()
    };
    assert_eq!(layers("''"), [(3, "without-effect")]);
    assert_eq!(layers("$arg_x"), []);
}

/// Pieces of configurations, right and wrong ones.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "server {",
        "location / {",
        "location ~ ^/(a|b)$ {",
        "location @x {",
        "location = /a {",
        "if ($http_origin ~* 'a(b)') {",
        "if ($x) {",
        "if (",
        "map $http_origin $x {",
        "map $x $y {",
        "limit_except GET {",
        "}",
        "}",
        "}",
        "}",
        ";",
        "{",
        "#",
        "\n",
        "\"",
        "'",
        "\\",
        "$",
        "${",
        "${x",
        "$1",
        "add_header Access-Control-Allow-Origin $http_origin always;",
        "add_header A",
        "set $x $x$1;",
        "rewrite ^/(.*)$ /$1 last;",
        "return 204;",
        "return",
        "error_page 404 =200 @x;",
        "error_page 404 /a;",
        "try_files $uri @x;",
        "default 1;",
        "~^https://a 1;",
        "hostnames;",
        ".example.com 1;",
        "proxy_pass http://a;",
        "proxy_hide_header Vary;",
        "more_set_headers 'A: b' -s 404;",
        "more_clear_headers 'Access*';",
        "server_name *.a ~(?<x>.) .b;",
        "listen 443 ssl;",
        "content_by_lua_block {",
        "include a;",
        "deny all;",
        "auth_basic x;",
        "é",
        "\u{0}",
        "%",
        "internal;",
    ];
    prop_oneof![8 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn hold(text: &str, origin: &str, path: &str) {
    let Ok(server) = testing::read(text, read) else { return };
    for method in ["GET", "OPTIONS", "PUT"] {
        testing::ask(
            &*server,
            method,
            path,
            &[("Origin", origin), ("Access-Control-Request-Method", "PUT")],
            404,
        );
    }
    let mut include = crate::files::no_includes;
    let source = Source { name: "test".to_owned(), text: text.to_owned() };
    let files = Files::new(source, &mut include).unwrap();
    for place in server.places() {
        let policy = corsac::server::PolicyConfig {
            origins: vec!["https://a.example".to_owned()],
            ..corsac::server::PolicyConfig::default()
        };
        let wanted = crate::server::Wanted { policy, place };
        for code in [
            "error-without-headers",
            "vary-missing",
            "headers-lost",
            "origin-never-matches",
            "wildcard-with-credentials",
            "header-repeated",
            "application-header-kept",
            "preflight-refused",
            "any-origin-echoed",
            "origin-dot-matches",
        ] {
            for line in 1..6 {
                let at = crate::files::At { file: 0, line };
                let note = crate::note::Noted::new(crate::note::NoteKind::Dead, code, at, "It is tested.");
                server.change(&note, &wanted, &files);
            }
        }
    }
    server.mentions();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_sequence_of_pieces_is_read_or_refused(
        pieces in prop::collection::vec(piece(), 0..40),
        space in prop::sample::select(vec![" ", "\n", ""]),
        origin in ".{0,20}",
        path in "/[ -~]{0,12}",
    ) {
        hold(&pieces.join(space), &origin, &path);
    }

    #[test]
    fn a_configuration_with_changed_bytes_is_read_or_refused(
        at in 0_usize..1600,
        length in 0_usize..30,
        piece in piece(),
    ) {
        let text = include_str!("../../../../../conformance/import/nginx/right/config.conf");
        let (before, after) = (text.get(..at).unwrap_or(text), text.get(at + length..).unwrap_or(""));
        hold(&format!("{before}{piece}{after}"), "https://app.example.com", "/");
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,200}") {
        hold(&text, "https://app.example.com", "/");
    }
}
