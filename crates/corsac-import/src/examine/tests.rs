use crate::{Imported, Kind, Source, import, no_includes};

fn imported(kind: Kind, text: &str) -> Imported {
    let source = Source { name: "test".into(), text: text.into() };
    import(kind, source, &mut no_includes, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_method_that_one_origin_may_not_use_is_in_no_policy() {
    let rules = |second: &str| {
        let text = format!(
            r#"[{{"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["GET", "PUT"]}},
                {{"AllowedOrigins": ["https://b.example"], "AllowedMethods": [{second}]}}]"#
        );
        imported(Kind::S3, &text).policies.swap_remove(0)
    };
    for (second, methods, remarks) in [
        (r#""GET""#, vec![], 1),
        (r#""GET", "DELETE""#, vec![], 2),
        (r#""GET", "PUT", "DELETE""#, vec!["PUT"], 1),
        (r#""GET", "PUT""#, vec!["PUT"], 0),
    ] {
        let policy = rules(second);
        assert_eq!(policy.config.origins, ["https://a.example", "https://b.example"], "{second}");
        assert_eq!(policy.config.methods, methods, "{second}");
        let about_methods =
            policy.remarks.iter().filter(|remark| remark.starts_with("Not all of these origins"));
        assert_eq!(about_methods.count(), remarks, "{second}: {:?}", policy.remarks);
    }
}

/// An nginx server for api.example.com that echoes the origins of a list, with these lines in its location.
fn nginx(list: &[&str], lines: &str) -> Imported {
    let rows: String = list.iter().map(|origin| format!("{origin} $http_origin; ")).collect();
    let text = format!(
        "map $http_origin $allowed {{ default \"\"; {rows}}}
server {{ listen 80; server_name api.example.com; location / {{
{lines}
proxy_pass http://127.0.0.1:3000; }} }}"
    );
    imported(Kind::Nginx, &text)
}

/// The code and the line of each note.
fn codes(imported: &Imported) -> Vec<(&str, usize)> {
    imported.notes.iter().map(|note| (note.code, note.line)).collect()
}

const ECHO: &str = "add_header Access-Control-Allow-Origin $allowed always; add_header Vary Origin always;";
const PREFLIGHT: &str = "if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin $allowed always; \
     add_header Access-Control-Allow-Methods PUT always; add_header Access-Control-Max-Age 60 always; return 204; }";

#[test]
fn an_origin_with_the_own_host_of_the_server_changes_nothing_for_others() {
    let lines = format!("{ECHO}\n{PREFLIGHT}");
    for list in [&["https://api.example.com"][..], &["https://api.example.com", "https://app.example.com"]] {
        let config = &nginx(list, &lines).policies[0].config;
        assert_eq!(config.origins, list);
        assert_eq!(config.methods, ["PUT"]);
        assert_eq!(config.max_age.as_deref(), Some("1m"));
        assert!(!config.credentials);
    }
}

#[test]
fn a_star_in_a_list_allows_nothing_with_credentials() {
    let preflight = "if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin $allowed always;
add_header Access-Control-Allow-Credentials true always;
add_header Access-Control-Allow-Methods *;
add_header Access-Control-Allow-Headers 'x-a, *'; return 204; }";
    let lines = format!("{ECHO} add_header Access-Control-Allow-Credentials true always;\n{preflight}");
    let found = nginx(&["https://app.example.com"], &lines);
    let config = &found.policies[0].config;
    assert!(config.credentials && config.methods.is_empty(), "{config:?}");
    assert_eq!(config.request_headers, ["x-a"]);
    let codes = codes(&found);
    assert!(
        codes.contains(&("wildcard-is-a-name", 6)) && codes.contains(&("wildcard-is-a-name", 7)),
        "{codes:?}"
    );
    assert!(codes.iter().all(|(code, _)| *code != "preflight-refused"), "{codes:?}");
}

#[test]
fn pages_below_a_domain_that_everybody_may_use_are_strangers() {
    let rule =
        |origins: &str| format!("[{{\"AllowedOrigins\": [\n{origins}],\n\"AllowedMethods\": [\"GET\"]}}]");
    let found = imported(Kind::S3, &rule("\"https://mine.vercel.app\",\n\"https://*.vercel.app\""));
    assert_eq!(codes(&found), [("origin-shared-domain", 3)], "{:?}", found.notes);
    let found = imported(Kind::S3, &rule("\"https://mine.vercel.app\",\n\"https://*.example.com\""));
    assert_eq!(codes(&found), []);
}

#[test]
fn a_list_without_get_is_read_with_its_own_methods() {
    let text = r#"[{"AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["PUT", "DELETE"], "AllowedHeaders": ["x-a"]}]"#;
    let policy = imported(Kind::S3, text).policies.swap_remove(0);
    assert_eq!(policy.config.origins, ["https://app.example.com"]);
    assert_eq!(policy.config.methods, ["PUT", "DELETE"]);
    assert_eq!(policy.config.request_headers, ["x-a"]);
    assert!(
        policy.remarks.iter().any(|remark| remark.starts_with("GET is not among")),
        "{:?}",
        policy.remarks
    );
}

#[test]
fn preflights_for_everybody_are_unsafe_with_credentials() {
    let preflight = |credentials: &str| {
        format!(
            "{ECHO} add_header Access-Control-Allow-Credentials true always;
if ($request_method = OPTIONS) {{ {credentials}
add_header Access-Control-Allow-Methods PUT;
add_header Access-Control-Allow-Origin $http_origin; return 204; }}"
        )
    };
    let open =
        nginx(&["https://app.example.com"], &preflight("add_header Access-Control-Allow-Credentials true;"));
    let found = open.notes.iter().find(|note| note.code == "any-origin-in-preflights").unwrap();
    assert_eq!((found.line, found.origin.as_deref()), (6, Some("https://evil.example")));
    let closed = nginx(&["https://app.example.com"], &preflight(""));
    assert!(closed.notes.iter().all(|note| note.code != "any-origin-in-preflights"), "{:?}", closed.notes);
}

#[test]
fn answers_are_compared_before_vary_is_missed() {
    let found = |list: &[&str], lines: &str| {
        let found = nginx(list, lines);
        let about = ["vary-missing", "static-origin"];
        let notes = found.notes.into_iter().filter(|note| about.contains(&note.code));
        notes.map(|note| (note.code, note.message.split('.').next().unwrap().to_owned())).collect::<Vec<_>>()
    };
    let app = &["https://app.example.com", "https://www.example.com"];
    assert_eq!(found(app, "add_header Access-Control-Allow-Origin * always;"), []);
    assert_eq!(found(app, ECHO), []);
    // A map compares without regard to case, which makes no answer one for everybody.
    assert_eq!(
        found(
            app,
            "if ($allowed) { add_header Access-Control-Allow-Origin $allowed always; add_header Vary Origin always; }"
        ),
        [("vary-missing", "Only answers to allowed origins have `Vary: Origin`".to_owned())]
    );
    assert_eq!(
        found(app, "add_header Access-Control-Allow-Origin $allowed always;"),
        [(
            "vary-missing",
            "The answer depends on the request's `Origin`, and has no `Vary: Origin`".to_owned()
        )]
    );
    assert_eq!(
        found(app, "add_header Access-Control-Allow-Origin https://app.example.com always;"),
        [("static-origin", "The same origin is sent to everybody".to_owned())]
    );
    assert_eq!(found(app, "add_header Access-Control-Allow-Origin $http_origin always;").len(), 1);
}

#[test]
fn values_that_are_no_list_and_no_truth_are_dead() {
    let lines = format!(
        "{ECHO}
add_header Access-Control-Allow-Credentials TRUE always;
add_header Access-Control-Allow-Methods 'GET PUT' always;
add_header Access-Control-Allow-Headers 'x-a; x-b' always;
add_header Access-Control-Expose-Headers 'x-c, x-d' always;
if ($request_method = OPTIONS) {{ return 204; }}"
    );
    let found = nginx(&["https://app.example.com"], &lines);
    let dead: Vec<usize> =
        found.notes.iter().filter(|note| note.code == "without-effect").map(|note| note.line).collect();
    assert_eq!(dead, [4, 5, 6], "{:?}", found.notes);
}
