//! Calls of `fetch()` and axios.

use corsac::browser::{Credentials, Mode, RedirectMode, ReferrerPolicy};

use super::super::Kind::{Fetch, NodeFetch};
use super::{Expected, is, request};

const URL: &str = "https://api.example/items";

#[test]
fn calls_are_read_without_running_them() {
    let json = "Content-Type: application/json";
    let table: [(&str, &str, Expected<'_>); 22] = [
        ("plain", "fetch('https://api.example/items')", (Fetch, "GET", URL, &[], None)),
        (
            "as browsers write it",
            "fetch(\"https://api.example/items\", {\n  \"headers\": {\n    \"accept\": \"*/*\",\n    \"sec-fetch-mode\": \"cors\",\n    \"x-own\": \"1\"\n  },\n  \"referrer\": \"https://app.example/\",\n  \"body\": null,\n  \"method\": \"GET\",\n  \"mode\": \"cors\",\n  \"credentials\": \"include\"\n});",
            (Fetch, "GET", URL, &["x-own: 1"], None),
        ),
        (
            "as browsers write it for Node.js",
            "fetch(\"https://api.example/items\", {\"headers\": {\"cookie\": \"a=1\", \"Referer\": \"https://app.example/\"}, \"body\": \"x\", \"method\": \"POST\"});",
            (NodeFetch, "POST", URL, &[], Some("x")),
        ),
        (
            "as people write it",
            "const res = await fetch(`https://api.example/items`, { // all\n  method: 'PUT', /* why */\n  headers: { 'Content-Type': 'application/json', },\n  body: JSON.stringify({ a: 1, b: ['x', null, true, -1.5, 0x10], c: undefined, }),\n}).then(r => r.json());",
            (Fetch, "PUT", URL, &[json], Some("{\"a\":1,\"b\":[\"x\",null,true,-1.5,16]}")),
        ),
        (
            "new Headers",
            "fetch('https://api.example/items', {headers: new Headers({'X-A': '1'})})",
            (Fetch, "GET", URL, &["X-A: 1"], None),
        ),
        (
            "a list of headers",
            "fetch('https://api.example/items', {headers: [['X-A', '1'], ['X-A', '2']]})",
            (Fetch, "GET", URL, &["X-A: 1", "X-A: 2"], None),
        ),
        ("new URL", "return fetch(new URL('https://api.example/items'))", (Fetch, "GET", URL, &[], None)),
        (
            "new Request",
            "fetch(new Request('https://api.example/items', {method: 'DELETE'}))",
            (Fetch, "DELETE", URL, &[], None),
        ),
        ("two texts", "fetch('https://api.' + 'example/items')", (Fetch, "GET", URL, &[], None)),
        (
            "a field twice",
            "fetch('https://api.example/items', {method: 'GET', method: 'PUT'})",
            (Fetch, "PUT", URL, &[], None),
        ),
        (
            "escapes",
            "fetch('https:\\/\\/api.example\\u002fitems', {method: 'POST', body: '\\u{1F98A}\\ud83e\\udd8a\\x41'})",
            (Fetch, "POST", URL, &[], Some("🦊🦊A")),
        ),
        (
            "a computed header",
            "fetch('https://api.example/items', {headers: {Authorization: `Bearer ${token}`, 'X-A': getA(), 'X-B': 'b' + c}})",
            (Fetch, "GET", URL, &["Authorization: Bearer token", "X-A: getA(...)", "X-B: bc"], None),
        ),
        (
            "a computed body",
            "fetch('https://api.example/items', {method: 'POST', body})",
            (Fetch, "POST", URL, &[], Some("body")),
        ),
        (
            "a computed part of a body",
            "fetch('https://api.example/items', {method: 'POST', body: JSON.stringify({id: user.id})})",
            (Fetch, "POST", URL, &[], Some("{\"id\":\"user.id\"}")),
        ),
        (
            "a form",
            "fetch('https://api.example/items', {method: 'POST', body: new URLSearchParams({a: 'b c'})})",
            (
                Fetch,
                "POST",
                URL,
                &["content-type: application/x-www-form-urlencoded;charset=UTF-8"],
                Some("a=b+c"),
            ),
        ),
        (
            "what does not matter",
            "fetch('https://api.example/items', {signal: AbortSignal.timeout(5, {}), cache: 'no-store', keepalive: true})",
            (Fetch, "GET", URL, &[], None),
        ),
        (
            "a byte above ASCII",
            "fetch('https://api.example/items', {headers: {'X-A': 'a'}})",
            (Fetch, "GET", URL, &["X-A: a"], None),
        ),
        (
            "axios",
            "axios.get('https://api.example/items', {params: {q: 1}})",
            (Fetch, "GET", "https://api.example/items?q=1", &[], None),
        ),
        (
            "axios with data",
            "await axios.post('https://api.example/items', {a: 1}, {headers: {'X-A': 'b'}})",
            (Fetch, "POST", URL, &["X-A: b", "content-type: application/json"], Some("{\"a\":1}")),
        ),
        (
            "axios with a configuration",
            "axios({baseURL: 'https://api.example/', url: '/items', method: 'put', withCredentials: true})",
            (Fetch, "PUT", URL, &[], None),
        ),
        (
            "axios with auth",
            "axios('https://api.example/items', {auth: {username: 'me', password: 'pw'}})",
            (Fetch, "GET", URL, &["Authorization: Basic bWU6cHc="], None),
        ),
        (
            "a relative URL of a known page",
            "fetch('/items', {referrer: 'https://api.example/page'})",
            (Fetch, "GET", URL, &[], None),
        ),
    ];
    for (name, text, expected) in table {
        is(text, name, expected);
    }
}

#[test]
fn the_options_of_fetch_are_kept() {
    let read = request(
        "fetch('https://api.example/', {credentials: 'omit', mode: 'no-cors', redirect: 'error', referrerPolicy: 'no-referrer', referrer: 'https://app.example/x'})",
    );
    assert_eq!((read.credentials, read.mode), (Some(Credentials::Omit), Some(Mode::NoCors)));
    assert_eq!(
        (read.redirect, read.referrer_policy),
        (Some(RedirectMode::Error), Some(ReferrerPolicy::NoReferrer))
    );
    assert_eq!(read.origin.unwrap().as_str(), "https://app.example");
    assert_eq!(
        request("axios.get('https://a.example/', {withCredentials: true})").credentials,
        Some(Credentials::Include)
    );

    let navigation = request("fetch('https://api.example/', {mode: 'navigate'})");
    assert_eq!(navigation.mode, Some(Mode::Cors));
    assert!(navigation.notes.iter().any(|note| note.contains("navigate")));

    let node = request("fetch('https://api.example/', {headers: {cookie: 'a=1'}})");
    assert_eq!((node.credentials, node.cookies), (Some(Credentials::Include), vec!["a=1".to_owned()]));
}

#[test]
fn what_is_computed_is_named() {
    let read = request("fetch('https://api.example/', {headers: {Authorization: `Bearer ${token}`}})");
    assert!(read.notes.iter().any(|note| note.contains("`token`")), "{:?}", read.notes);
    let others = request("fetch('https://a.example/');\nfetch('https://b.example/');");
    assert!(
        others.notes.iter().any(|note| note.contains("1 other request was ignored")),
        "{:?}",
        others.notes
    );
}

/// Found by `scripts/fuzz written_request`.
#[test]
fn a_note_about_an_unknown_member_has_no_secret() {
    let url = "https://api.example/?access_token=s3cret0123";
    let request = request(&format!("fetch('https://api.example/items', {{\"{url}\": 1}})"));
    let notes = request.notes.join(" ");
    assert!(notes.contains("access_token=REDACTED") && !notes.contains("s3cret"), "{notes}");
}
