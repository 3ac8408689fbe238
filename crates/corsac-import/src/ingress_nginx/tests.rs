use crate::files::{Source, no_includes};
use crate::{Imported, Kind, NoteKind, import};

/// What is found in an `Ingress` with these annotations, from line 6 on.
fn imported(annotations: &[&str]) -> Imported {
    let annotations: String = annotations
        .iter()
        .map(|line| match line.strip_prefix(' ') {
            Some(rest) => format!("      {rest}\n"),
            None => format!("    nginx.ingress.kubernetes.io/{line}\n"),
        })
        .collect();
    let text = format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: api\n  annotations:\n{annotations}spec:\n  rules:\n  - host: api.example.com\n"
    );
    let source = Source { name: "ingress.yaml".to_owned(), text: text.clone() };
    import(Kind::IngressNginx, source, &mut no_includes, &[])
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// `internal/ingress/annotations/cors/main.go` of version 1.15.1.
#[test]
fn annotations_that_the_controller_does_not_take_are_noted_at_their_lines() {
    let enabled = "enable-cors: \"true\"";
    for (name, annotations, expected) in [
        (
            "nothing enables them",
            &["cors-allow-origin: \"https://app.example.com\"", "cors-allow-credentials: \"true\""][..],
            &[6][..],
        ),
        ("a name that is not known", &["cors-enabled: \"true\""], &[6]),
        ("not enabled", &["enable-cors: \"false\"", "cors-allow-origin: \"*\""], &[7]),
        ("wildcards", &[enabled, "cors-allow-headers: \"*\"", "cors-allow-methods: \"*\""], &[7, 8]),
        ("a duration", &[enabled, "cors-max-age: \"1h\""], &[7]),
        ("nothing wrong", &[enabled, "cors-max-age: \"60\"", "cors-allow-methods: \"GET, PUT\""], &[]),
    ] {
        let found = imported(annotations);
        let notes = found.notes.iter().filter(|note| note.code == "without-effect");
        let lines: Vec<usize> = notes.map(|note| note.line).collect();
        assert_eq!(lines, expected, "{name}: {:?}", found.notes);
    }
}

#[test]
fn null_among_the_origins_stands_for_no_host() {
    let found = imported(&["enable-cors: \"true\"", "cors-allow-origin: \"https://app.example.com, null\""]);
    assert_eq!(found.policies[0].config.origins, ["https://app.example.com"]);
    let is_noted = found.notes.iter().any(|note| note.code == "null-origin-allowed" && note.line == 7);
    assert!(is_noted, "{:?}", found.notes);
}

#[test]
fn a_snippet_that_sends_back_any_origin_is_unsafe() {
    let enabled = "enable-cors: \"true\"";
    let echo = "   more_set_headers \"Access-Control-Allow-Origin: $http_origin\";";
    for (name, annotations, expected) in [
        (
            "credentials of the annotations",
            &[enabled, "cors-allow-origin: \"https://a.example\"", "configuration-snippet: |", echo][..],
            Some(NoteKind::Unsafe),
        ),
        (
            "its own credentials",
            &["server-snippet: |", echo, "   add_header Access-Control-Allow-Credentials true;"],
            Some(NoteKind::Unsafe),
        ),
        ("no credentials", &["configuration-snippet: |", echo], Some(NoteKind::Fragile)),
        (
            "under a condition",
            &["configuration-snippet: |", "   if ($http_origin ~ a) {", echo, "   }"],
            None,
        ),
        (
            "one origin",
            &["configuration-snippet: |", "   add_header Access-Control-Allow-Origin https://a.example;"],
            None,
        ),
    ] {
        let found = imported(annotations);
        let is_open = |code: &str| matches!(code, "any-origin-with-credentials" | "any-origin-echoed");
        let open = found.notes.iter().find(|note| is_open(note.code)).map(|note| note.kind);
        assert_eq!(open, expected, "{name}: {:?}", found.notes);
        assert!(found.notes.iter().any(|note| note.code == "line-not-read"), "{name}: {:?}", found.notes);
    }
}
