//! Lines about CORS that do not do what they are for, and the changes that put some of them right.

use crate::files::{Source, no_includes};
use crate::kind::Kind;
use crate::mend::mend;
use crate::note::NoteKind;

fn source(text: &str) -> Source {
    Source { name: "test".to_owned(), text: text.to_owned() }
}

#[test]
fn what_does_nothing_is_a_note_at_its_line() {
    const ORIGIN: &str = "add_header Access-Control-Allow-Origin $http_origin always;";
    // The line, the code and a part of the message of each dead note.
    type Expected<'e> = &'e [(usize, &'e str, &'e str)];
    let rows: Vec<(&str, String, Expected<'_>)> = vec![
        (
            "an `if` that has lost the origin",
            format!(
                "location / {{ set $c 1; {ORIGIN} if ($c) {{\n add_header Access-Control-Allow-Credentials true; }} proxy_pass http://app; }}"
            ),
            &[(2, "headers-lost", "`Access-Control-Allow-Origin` of line 1")],
        ),
        (
            "a location that has lost the methods",
            format!(
                "server {{ add_header Access-Control-Allow-Methods PUT always;\n location / {{ {ORIGIN} proxy_pass http://app; }} }}"
            ),
            &[(2, "headers-lost", "`Access-Control-Allow-Methods` of line 1")],
        ),
        (
            "a location with all of them",
            format!(
                "server {{ add_header Access-Control-Allow-Methods PUT always; location / {{ {ORIGIN} add_header Access-Control-Allow-Methods PUT always; proxy_pass http://app; }} }}"
            ),
            &[],
        ),
        (
            "`try_files` beside an `if`",
            format!(
                "server {{ location / {{\n if ($http_origin = https://a.example) {{ {ORIGIN} }} try_files $uri @app; }} location @app {{ proxy_pass http://app; }} }}"
            ),
            &[(2, "without-effect", "404")],
        ),
        (
            "`try_files` with nothing but an error beside an `if`",
            format!(
                "server {{ location / {{ if ($http_origin = https://a.example) {{ {ORIGIN} }} try_files $uri =404; }} }}"
            ),
            &[],
        ),
        (
            "an `if` that another one replaces",
            format!(
                "location / {{ if ($http_origin = https://a.example) {{\n {ORIGIN} }}\n if (!-f $request_filename) {{ proxy_pass http://app; }} }}"
            ),
            &[(2, "without-effect", "line 3")],
        ),
        (
            "a variable that is asked for too early",
            format!(
                "location / {{ if ($cors = true) {{\n {ORIGIN} }}\n if ($http_origin = https://a.example) {{ set $cors true; }} proxy_pass http://app; }}"
            ),
            &[(2, "without-effect", "line 3 sets `$cors`")],
        ),
        (
            "a variable that something else decides about",
            format!("location / {{ if ($arg_cors = true) {{ {ORIGIN} }} proxy_pass http://app; }}"),
            &[],
        ),
        (
            "a page for errors without the headers",
            format!(
                "server {{ error_page 404 /e; location = /e {{ return 200 x; }} location / {{\n {ORIGIN} proxy_intercept_errors on; proxy_pass http://app; }} }}"
            ),
            &[(2, "error-without-headers", "`location = /e` of line 1")],
        ),
        (
            "a name with a colon",
            "location / {\n add_header Access-Control-Allow-Origin: https://a.example always; proxy_pass http://app; }"
                .to_owned(),
            &[(2, "without-effect", "`Access-Control-Allow-Origin:`")],
        ),
        (
            "preflights for files",
            "server {\n location / { add_header Access-Control-Allow-Origin https://a.example always; add_header Access-Control-Allow-Headers range; } }".to_owned(),
            &[(2, "preflight-refused", "405")],
        ),
    ];
    for (name, text, expected) in rows {
        let imported = crate::import(Kind::Nginx, source(&text), &mut no_includes, &[]).unwrap();
        let dead: Vec<_> = imported.notes.iter().filter(|note| note.kind <= NoteKind::Dead).collect();
        let is_expected = dead.len() == expected.len()
            && expected.iter().all(|(line, code, part)| {
                dead.iter()
                    .any(|note| note.line == *line && note.code == *code && note.message.contains(part))
            });
        assert!(is_expected, "{name}: {dead:#?}");
        let is_nothing = imported.notes.iter().any(|note| note.code == "nothing-about-cors");
        assert!(expected.is_empty() || !is_nothing, "{name}");
    }
}

#[test]
fn what_nginx_refuses_is_an_error_at_its_line() {
    for (text, line, part) in [
        ("location / {\n add_header A B\n add_header C D;\n}", 2, "end of line 2, after `B`"),
        ("location / {\n add_header Access-Control-Allow-Methods GET, PUT;\n}", 2, "quotes"),
        ("location / {\n set $a b\n set $c d;\n}", 2, "end of line 2, after `b`"),
        ("location / {\n if ($a)\n return 204;\n}", 2, "`if`"),
        ("location / {\n return 204\n add_header A B;\n}", 2, "end of line 2, after `204`"),
        ("map $a $b {\n x 1\n y 2;\n}", 2, "end of line 2, after `1`"),
    ] {
        let error = crate::import(Kind::Nginx, source(text), &mut no_includes, &[]).unwrap_err().to_string();
        assert!(error.contains(&format!("test:{line}")) && error.contains(part), "{text}\n{error}");
    }
}

#[test]
fn a_file_that_is_included_again_has_each_note_once() {
    let main = "location /a/ { include c; proxy_pass http://app; }\nlocation /b/ { include c; proxy_pass http://app; }";
    let mut include = |_: &str| {
        let text = "add_header Access-Control-Allow-Origin $http_origin;\n".to_owned();
        Ok(vec![Source { name: "c".to_owned(), text }])
    };
    let imported = crate::import(Kind::Nginx, source(main), &mut include, &[]).unwrap();
    let mut said: Vec<_> =
        imported.notes.iter().map(|note| (note.file.as_str(), note.line, note.code)).collect();
    let count = said.len();
    said.dedup();
    assert!(count > 0 && said.len() == count, "{said:?}");
    let mended = mend(Kind::Nginx, source(main), &mut include, &[]).unwrap();
    let names: Vec<_> = mended.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["c"]);
    assert!(mended.files[0].after.contains("always;"), "{:?}", mended.files);
}

#[test]
fn no_change_takes_away_what_was_meant() {
    let map = |expression: &str| {
        format!(
            "map $http_origin $o {{\n \"~{expression}\" $http_origin;\n}}
            server {{ add_header Access-Control-Allow-Origin $o always; add_header Access-Control-Allow-Credentials true always;
            add_header Vary Origin always; location / {{ proxy_hide_header Access-Control-Allow-Origin; proxy_pass http://app; }} }}"
        )
    };
    for (name, text, change) in [
        (
            "an application that answers its preflights",
            "location / {\n proxy_hide_header Access-Control-Allow-Origin;\n add_header Access-Control-Allow-Origin * always;\n proxy_pass http://app; }".to_owned(),
            None,
        ),
        ("a host that is nobody's", map(r"^https?://cdn\."), None),
        ("http and ports", map(r"(localhost|app\.example\.com)"), None),
        ("localhost with its ports", map("^https?://localhost"), Some("localhost(?::[0-9]")),
        ("an origin without its end", map(r"^https://app\.example\.com"), Some(r"^https://app\.example\.com$")),
        ("a dot that matches anything", map(r"^https://app.example\.com$"), Some(r"^https://app\.example\.com$")),
    ] {
        let mended = mend(Kind::Nginx, source(&text), &mut no_includes, &[]).unwrap();
        let after = mended.files.first().map(|file| file.after.as_str());
        match (change, after) {
            (None, None) => {}
            (Some(change), Some(after)) if after.contains(change) => {}
            _ => panic!("{name}: {after:?}"),
        }
    }
}
