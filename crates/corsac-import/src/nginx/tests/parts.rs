//! Which parts a configuration has, and what policies they amount to: what is below an open part, behind `try_files`, or told apart by a path.

use crate::files::{Source, no_includes};
use crate::imported::Imported;
use crate::kind::Kind;
use crate::note::NoteKind;

fn imported(text: &str) -> Imported {
    let source = Source { name: "test".to_owned(), text: text.to_owned() };
    crate::import(Kind::Nginx, source, &mut no_includes, &[])
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The path and the origins of each policy.
fn policies(imported: &Imported) -> Vec<(&str, Vec<&str>)> {
    let policies = imported.policies.iter();
    policies
        .map(|policy| {
            let origins = policy.config.origins.iter().map(String::as_str).collect();
            (policy.at.as_ref().map_or("/", |at| at.as_str()), origins)
        })
        .collect()
}

/// The dead notes, and those about parts that are no paths.
fn notes(imported: &Imported) -> Vec<(usize, &str)> {
    let notes = imported.notes.iter();
    notes
        .filter(|note| {
            note.kind <= NoteKind::Dead
                || ["place-not-a-path", "line-not-read", "nothing-about-cors"].contains(&note.code)
        })
        .map(|note| (note.line, note.code))
        .collect()
}

#[test]
fn each_part_has_what_the_server_does_there() {
    const HEADERS: &str = "add_header Access-Control-Allow-Origin * always;";
    // The path and the origins of each policy, and the line and code of each note.
    type Expected<'e> = (&'e [(&'e str, &'e [&'e str])], &'e [(usize, &'e str)]);
    let rows: Vec<(&str, String, Expected<'_>)> = vec![
        (
            "headers behind `try_files`",
            format!(
                "server {{ location / {{\n try_files $uri @app; }} location @app {{ {HEADERS} proxy_pass http://app; }} }}"
            ),
            (&[("/", &["*"])], &[(2, "place-not-a-path")]),
        ),
        (
            "headers for files alone",
            format!(
                "server {{ location /s/ {{ {HEADERS}\n try_files $uri @app; }} location @app {{ proxy_pass http://app; }} }}"
            ),
            (&[("/s", &["*"])], &[(2, "place-not-a-path")]),
        ),
        (
            "the same headers for both",
            format!(
                "server {{ {HEADERS} location / {{ try_files $uri @app; }} location @app {{ proxy_pass http://app; }} }}"
            ),
            (&[("/", &["*"])], &[]),
        ),
        (
            "headers in a page behind `try_files`",
            format!(
                "server {{ location / {{\n try_files $uri /index.php; }} location = /index.php {{ {HEADERS} fastcgi_pass app; }} }}"
            ),
            (&[("/", &["*"])], &[(2, "place-not-a-path")]),
        ),
        (
            "closed locations beside an open one",
            format!(
                "server {{ location / {{ {HEADERS} proxy_pass http://app; }} location /private/ {{ proxy_pass http://app; }}
                location = /one {{ proxy_pass http://app; }}\n location ~ \\.js$ {{ expires 1d; }} }}"
            ),
            (&[("/", &["*"]), ("/private", &[]), ("/one", &[])], &[(3, "place-not-a-path")]),
        ),
        (
            "a closed location beside a smaller open one",
            format!(
                "server {{ location /api/ {{ {HEADERS} proxy_pass http://app; }} location / {{ proxy_pass http://app; }} }}"
            ),
            (&[("/api", &["*"])], &[]),
        ),
        (
            "a location that has lost the headers",
            format!(
                "server {{ location /api/ {{ {HEADERS} proxy_pass http://app;\n location /api/admin/ {{ add_header X-A 1; proxy_pass http://app; }} }} }}"
            ),
            (&[("/api", &["*"]), ("/api/admin", &[])], &[(2, "headers-lost")]),
        ),
        (
            "an `if` for a path",
            format!("location / {{ if ($request_uri ~ ^/public/) {{ {HEADERS} }} proxy_pass http://app; }}"),
            (&[("/public", &["*"])], &[]),
        ),
        (
            "an `if` for all but a path",
            format!("location / {{ if ($uri !~ ^/private/) {{ {HEADERS} }} proxy_pass http://app; }}"),
            (&[("/", &["*"]), ("/private", &[])], &[]),
        ),
        (
            "an `if` for paths that are no folder",
            format!("location / {{\n if ($uri ~* \\.(json|xml)$) {{ {HEADERS} }} proxy_pass http://app; }}"),
            (&[("/", &["*"]), ("/", &[])], &[(2, "place-not-a-path")]),
        ),
        (
            "a map of paths",
            "map $uri $cors {\n ~^/public/ *;\n /one *;\n ~^/x\\.(a|b)$ *; }
            map $uri $expires { ~^/other/ 1d; }
            server { add_header Access-Control-Allow-Origin $cors always; location / { proxy_pass http://app; } }"
                .to_owned(),
            (
                &[("/public", &["*"]), ("/one", &["*"]), ("/", &["*"]), ("/", &[])],
                &[(3, "place-not-a-path"), (4, "place-not-a-path")],
            ),
        ),
        (
            "a map of paths that an `if` asks",
            format!(
                "map $request_uri $is_open {{ ~^/public/ 1; }} server {{ location / {{ if ($is_open) {{ {HEADERS} }} proxy_pass http://app; }} }}"
            ),
            (&[("/public", &["*"])], &[]),
        ),
    ];
    for (name, text, (expected, noted)) in rows {
        let imported = imported(&text);
        let expected: Vec<(&str, Vec<&str>)> =
            expected.iter().map(|(path, origins)| (*path, origins.to_vec())).collect();
        assert_eq!(policies(&imported), expected, "{name}");
        assert_eq!(notes(&imported), noted, "{name}: {:?}", imported.notes);
    }
}
