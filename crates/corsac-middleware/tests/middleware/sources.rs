//! Where policies come from.

use corsac::server::{Policy, PolicyConfig};
use corsac_middleware::{Cors, CorsVerdict, PolicyHandle, PolicySource, RequestView};
use http::{HeaderMap, HeaderName, HeaderValue, Request};

use crate::support::{Action, REFUSED, finished, get, now, policy, preflight, vary};

#[test]
fn pitfall_61_paths_are_compared_by_whole_segments_as_they_were_sent() {
    let cors = Cors::builder(policy("https://app.example"))
        .at("/public", policy("*"))
        .at("/public/admin/", PolicySource::from(policy("https://admin.example")).named("admin"))
        .at("/files", policy("https://files.example"))
        .build()
        .unwrap();
    let cases = [
        ("/", "default"),
        ("/public", "/public"),
        ("/public/", "/public"),
        ("/public/logo.png", "/public"),
        ("/public?x=/public/admin", "/public"),
        ("/public/admin", "admin"),
        ("/public/admin/users", "admin"),
        ("/public/administrator", "/public"),
        ("/publications", "default"),
        ("/Public", "default"),
        ("/PUBLIC/logo.png", "default"),
        ("/publi%63", "default"),
        ("/public%2Fadmin", "default"),
        ("/public+admin", "default"),
        ("//public", "default"),
        ("/private/public", "default"),
        ("/files/a", "/files"),
    ];
    for (path, name) in cases {
        assert_eq!(now(&cors, &get(path, "https://app.example")).outcome().policy, name, "{path}");
    }
    let asterisk = Request::options("*").body(()).unwrap();
    assert_eq!(now(&cors, &asterisk).outcome().policy, "default", "OPTIONS *");
}

#[test]
fn pitfall_61_a_path_that_leads_elsewhere_gets_the_main_policy() {
    let cors = Cors::builder(policy("https://app.example"))
        .at("/", policy("*"))
        .at("/public", policy("*"))
        .build()
        .unwrap();
    for path in
        ["/public/../items", "/public/%2e%2E/items", "/public/./a", "/public/..%2fitems", "/public/.."]
    {
        assert_eq!(now(&cors, &get(path, "https://app.example")).outcome().policy, "default", "{path}");
    }
    for path in ["/public/...", "/public/.hidden", "/public/a..b"] {
        assert_eq!(now(&cors, &get(path, "https://app.example")).outcome().policy, "/public", "{path}");
    }
}

#[test]
fn a_part_overrides_the_main_policy_in_both_directions() {
    let cors = Cors::builder(policy("*")).at("/private", policy("https://app.example")).build().unwrap();
    let cases = [
        ("/", "https://evil.example", CorsVerdict::Allowed),
        ("/private", "https://evil.example", REFUSED),
        ("/private", "https://app.example", CorsVerdict::Allowed),
    ];
    for (path, origin, verdict) in cases {
        assert_eq!(now(&cors, &get(path, origin)).outcome().verdict, verdict, "{path} from {origin}");
        assert_eq!(
            now(&cors, &preflight(path, origin)).outcome().verdict,
            verdict,
            "preflight, {path} from {origin}"
        );
    }
}

#[test]
fn of_two_policies_for_the_same_path_the_last_one_applies() {
    let cors = Cors::builder(policy("*"))
        .at("/a", policy("https://old.example"))
        .at("/a/", policy("https://new.example"))
        .build()
        .unwrap();
    assert_eq!(now(&cors, &get("/a", "https://new.example")).outcome().verdict, CorsVerdict::Allowed);
    assert_eq!(now(&cors, &get("/a", "https://old.example")).outcome().verdict, REFUSED);
}

#[test]
fn all_paths_that_match_no_request_are_errors_that_say_what_to_write() {
    let error = Cors::builder(policy("*"))
        .at("/star/*", policy("*"))
        .at("/public", policy("*"))
        .at("/a/../b", policy("*"))
        .build()
        .unwrap_err();
    let paths: Vec<&str> = error.paths().iter().map(|path| path.path()).collect();
    assert_eq!(paths, ["/star/*", "/a/../b"]);
    let text = error.to_string();
    assert!(text.contains("write `/star`") && text.contains("PolicySource::select"), "{text}");
}

#[test]
fn a_policy_for_the_root_covers_every_path() {
    let cors = Cors::builder(policy("https://never.example"))
        .at("/", policy("https://app.example"))
        .build()
        .unwrap();
    for path in ["/", "/a", "/a/b"] {
        assert_eq!(
            now(&cors, &get(path, "https://app.example")).outcome().verdict,
            CorsVerdict::Allowed,
            "{path}"
        );
    }
}

#[test]
fn a_handle_gives_new_requests_the_new_policy_and_old_ones_keep_theirs() {
    let handle = PolicyHandle::new(policy("https://old.example"));
    let cors = Cors::new(handle.clone());
    let begun = now(&cors, &get("/", "https://old.example"));
    let old = handle.swap(policy("https://new.example"));

    assert_eq!(old, policy("https://old.example"));
    assert_eq!(finished(&begun)["access-control-allow-origin"], "https://old.example");
    assert_eq!(now(&cors, &get("/", "https://old.example")).outcome().verdict, REFUSED);
    assert_eq!(now(&cors, &get("/", "https://new.example")).outcome().verdict, CorsVerdict::Allowed);
}

#[test]
fn a_new_policy_with_a_mistake_is_refused_and_the_old_one_stays_in_use() {
    let handle = PolicyHandle::new(policy("https://app.example"));
    let config = |origin: &str| PolicyConfig { origins: vec![origin.to_owned()], ..PolicyConfig::default() };
    let problems = handle.replace(&config("https://new.example/")).unwrap_err();
    assert!(problems.to_string().contains("https://new.example"), "{problems}");
    assert_eq!(handle.current(), policy("https://app.example"));
    handle.replace(&config("https://new.example")).unwrap();
    assert_eq!(handle.current(), policy("https://new.example"));
}

#[test]
fn a_policy_is_selected_by_host_header_path_or_extension() {
    #[derive(Clone)]
    struct Tenant(Policy);

    let (by_host, by_header) = (policy("https://host.example"), policy("https://header.example"));
    let select = move |request: &RequestView<'_>| {
        if let Some(Tenant(policy)) = request.extensions.get() {
            return Some(policy.clone());
        }
        match (request.host(), request.headers.get("x-tenant").is_some(), request.path) {
            (Some("api.example"), ..) => Some(by_host.clone()),
            (_, true, _) => Some(by_header.clone()),
            (.., "/everybody") => Some(policy("*")),
            _ => None,
        }
    };
    let cors = Cors::new(PolicySource::select(select).reads([HeaderName::from_static("x-tenant")]));

    let with = |name: &str, value: &str| {
        let mut request = get("/", "https://page.example");
        request.headers_mut().insert(HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        request
    };
    let mut with_extension = get("/", "https://page.example");
    with_extension.extensions_mut().insert(Tenant(policy("https://page.example")));
    let cases = [
        ("nothing fits", get("/", "https://page.example"), CorsVerdict::NoPolicy),
        ("by Host", with("host", "api.example:8080"), REFUSED),
        ("by the URI's authority", get("https://api.example/", "https://host.example"), CorsVerdict::Allowed),
        ("by a header", with("x-tenant", "acme"), REFUSED),
        ("by the path", get("/everybody", "https://page.example"), CorsVerdict::Allowed),
        ("by an extension", with_extension, CorsVerdict::Allowed),
    ];
    for (name, request, verdict) in cases {
        let handled = now(&cors, &request);
        assert_eq!(handled.outcome().verdict, verdict, "{name}");
        assert!(vary(&finished(&handled)).contains("x-tenant"), "{name}: what it chose by is in Vary");
    }
}

#[test]
fn without_a_policy_a_response_passes_unchanged_and_a_preflight_gets_no_permission() {
    let cors = Cors::new(PolicySource::select(|_| None));
    let request = now(&cors, &get("/", "https://page.example"));
    assert_eq!(request.action(), Action::Forward);
    let own = [("access-control-allow-origin", "https://handler.example"), ("vary", "Accept")];
    let mut headers: HeaderMap = own
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    let before = headers.clone();
    request.finish(&mut headers);
    assert_eq!(headers, before);

    let preflight = now(&cors, &preflight("/", "https://page.example"));
    let response = preflight.response().unwrap();
    assert_eq!((response.status().as_u16(), response.headers().len()), (204, 1));
    assert_eq!(
        vary(response.headers()),
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    );
}
