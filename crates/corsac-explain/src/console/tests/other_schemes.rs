//! Redirects from the page's own origin to what is not a URL of HTTP: no check of CORS comes first there.

use super::*;

const HOME: &str = "https://app.example/x";
const OWN_BLOB: &str = "blob:https://app.example/1";
const FAILED: &str = "TypeError: Failed to fetch";
const UNSAFE: &str = "Failed to load resource: net::ERR_UNSAFE_REDIRECT";

fn redirected(mode: Mode, location: &str) -> (RequestInit, Vec<Reply>) {
    let init = with(|init| {
        init.url = HOME.parse().unwrap();
        init.mode = mode;
    });
    (init, vec![head(307, &[("Location", location)])])
}

fn outside(url: &str) -> String {
    format!(
        "Unsafe attempt to load URL {url} from origin https://app.example. Domains, protocols and ports must match."
    )
}

/// The conformance tests ran each of these in WebKitGTK 2.50.6 (catalogue `console-other-scheme/*`, and the same with other targets).
#[test]
fn webkit_looks_at_local_resources_first_and_then_at_the_mode() {
    let local = |url: &str| format!("Not allowed to load local resource: {url}");
    let other_scheme = |url: &str| {
        format!(
            "Cross-origin redirection to {url} denied by Cross-Origin Resource Sharing policy: not allowed to follow a \
             cross-origin CORS redirection with non CORS scheme"
        )
    };
    let is_blob = "Redirection to URL with a scheme that is not HTTP(S).".to_owned();
    for (mode, location, printed) in [
        (Mode::SameOrigin, "javascript:1", Some((outside("javascript:1"), HOME))),
        (Mode::SameOrigin, "data:,x", Some((outside("data:,x"), HOME))),
        (Mode::SameOrigin, "ws://other.example/", Some((outside("ws://other.example/"), HOME))),
        (Mode::SameOrigin, "foo:x", Some((outside("foo:x"), HOME))),
        (Mode::SameOrigin, "file:///x", Some((local("file:///x"), HOME))),
        (
            Mode::SameOrigin,
            "blob:https://other.example/1",
            Some((local("blob:https://other.example/1"), HOME)),
        ),
        (Mode::SameOrigin, OWN_BLOB, Some((is_blob.clone(), OWN_BLOB))),
        (Mode::Cors, "javascript:1", Some((other_scheme("javascript:1"), HOME))),
        (Mode::Cors, "file:///x", Some((local("file:///x"), HOME))),
        (Mode::Cors, "blob:null/1", Some((local("blob:null/1"), HOME))),
        (Mode::Cors, OWN_BLOB, Some((is_blob.clone(), OWN_BLOB))),
        (Mode::NoCors, "javascript:1", None),
        (Mode::NoCors, "file:///x", Some((local("file:///x"), HOME))),
        (Mode::NoCors, OWN_BLOB, Some((is_blob, OWN_BLOB))),
    ] {
        let (init, replies) = redirected(mode, location);
        let (refusal, request) = run(Engine::WebKit, &init, &replies);
        let expected = match &printed {
            Some((reason, url)) => webkit_at("Fetch API", url, reason),
            None => vec!["TypeError: Load failed".to_owned()],
        };
        assert_eq!(console(Engine::WebKit, &refusal, &request), expected, "{mode}: {location}");
    }
}

#[test]
fn chromium_redirects_to_no_file_and_no_blob_in_any_mode() {
    for mode in [Mode::SameOrigin, Mode::Cors, Mode::NoCors] {
        for location in ["file:///x", OWN_BLOB, "data:,x", "about:blank"] {
            let (init, replies) = redirected(mode, location);
            let (refusal, request) = run(Engine::Chromium, &init, &replies);
            assert_eq!(console(Engine::Chromium, &refusal, &request), [UNSAFE, FAILED], "{mode}: {location}");
        }
    }
}

#[test]
fn firefox_speaks_of_files_and_blobs_to_fetch_in_mode_cors_and_otherwise_of_own_blobs() {
    let line = |at: &str, does: &str, url: &str| {
        Some(format!("Security Error: Content at {at} may not {does} {url}."))
    };
    let (link, load) = ("load or link to", "load data from");
    for (mode, is_fetch, location, expected) in [
        (Mode::Cors, true, "file:///x", line(HOME, link, "file:///x")),
        (Mode::Cors, true, "blob:null/1", line(HOME, load, "blob:null/1")),
        (Mode::Cors, true, OWN_BLOB, None),
        (Mode::Cors, false, "file:///x", None),
        (Mode::Cors, false, "blob:null/1", None),
        (Mode::Cors, false, OWN_BLOB, line("https://app.example/", load, OWN_BLOB)),
        (Mode::SameOrigin, true, "file:///x", None),
        (Mode::SameOrigin, true, OWN_BLOB, line("https://app.example/", load, OWN_BLOB)),
        (Mode::NoCors, true, "blob:null/1", None),
        (Mode::NoCors, true, OWN_BLOB, line("https://app.example/", load, OWN_BLOB)),
    ] {
        let (mut init, replies) = redirected(mode, location);
        if !is_fetch {
            init.api = Api::XmlHttpRequest { upload_listeners: false };
        }
        let (refusal, request) = run(Engine::Firefox, &init, &replies);
        let mut lines = console(Engine::Firefox, &refusal, &request);
        lines.retain(|line| line.starts_with("Security Error"));
        assert_eq!(lines, Vec::from_iter(expected), "{mode}, {is_fetch}: {location}");
    }
}

/// Both engines look at the mode before the credentials, and print them; we do not.
#[test]
fn a_password_of_a_target_outside_the_page_is_not_printed_in_mode_same_origin() {
    let (init, replies) = redirected(Mode::SameOrigin, "https://u:p@other.example/y");
    let (refusal, request) = run(Engine::WebKit, &init, &replies);
    let url = "https://other.example/y";
    assert_eq!(console(Engine::WebKit, &refusal, &request), webkit_at("Fetch API", url, &outside(url)));

    let (refusal, request) = run(Engine::Chromium, &init, &replies);
    let line = "Unsafe attempt to load URL https://other.example/y from frame with URL https://app.example/. \
                Domains, protocols and ports must match.";
    assert_eq!(console(Engine::Chromium, &refusal, &request), [line]);
}
