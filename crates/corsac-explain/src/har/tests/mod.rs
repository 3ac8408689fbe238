//! Recordings of each kind, with what has to be found in them.

mod files;
mod make;
mod redacted;

use super::{HarReading, read};
use crate::item::{Item, ItemStage};
use make::{API, By, Entry, PAGE, har};

fn reading(by: By, entries: &[Entry]) -> HarReading {
    read(&har(by, entries)[..]).unwrap()
}

/// What a row expects of the first item: its codes, `cors`, its stage and its entry.
type Expected = (&'static [&'static str], Option<bool>, Option<ItemStage>, usize);

const BLOCKED: Option<bool> = Some(true);
const PREFLIGHT: Option<ItemStage> = Some(ItemStage::Preflight);
const RESPONSE: Option<ItemStage> = Some(ItemStage::Response);
const REDIRECT: Option<ItemStage> = Some(ItemStage::Redirect);
const NETWORK: Option<ItemStage> = Some(ItemStage::Network);

fn put() -> Entry {
    Entry::new("PUT", API).body("application/json", "{}")
}

fn allowed_preflight() -> Entry {
    Entry::preflight("PUT", "content-type")
        .allows(PAGE)
        .answers("access-control-allow-methods", "PUT")
        .answers("access-control-allow-headers", "content-type")
}

#[test]
fn failures_are_found_with_their_codes_their_stage_and_their_entry() {
    let with_cookie = || Entry::get().asks("Cookie", "sid=31d4");
    let wildcard = || Entry::get().allows("*");
    let chromium = By::Playwright("chromium");
    let rows: Vec<(&str, By, Vec<Entry>, Expected)> = vec![
        (
            "Chrome: no header",
            By::Chrome,
            vec![Entry::get().error("net::ERR_FAILED")],
            (&["allow-origin-missing"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Firefox marks nothing: no header",
            By::Firefox,
            vec![Entry::get()],
            (&["allow-origin-missing"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Firefox marks nothing: `*` with a cookie",
            By::Firefox,
            vec![with_cookie().allows("*")],
            (&["credentials-wildcard"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Firefox: the origin with a cookie, without Allow-Credentials",
            By::Firefox,
            vec![with_cookie().allows(PAGE)],
            (&["allow-credentials-not-true"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Chrome with sensitive data: `*` with a cookie",
            By::Chrome,
            vec![with_cookie().allows("*").error("net::ERR_FAILED")],
            (&["credentials-wildcard"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Chrome, sanitized: the cookie is gone, and only the error shows the credentials",
            By::ChromeSanitized,
            vec![with_cookie().allows("*").error("net::ERR_FAILED")],
            (&["credentials-wildcard"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Chrome, sanitized: a matching origin",
            By::ChromeSanitized,
            vec![with_cookie().allows(PAGE).error("net::ERR_FAILED")],
            (&["allow-credentials-not-true"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Chrome: headers that allow everything, and still refused",
            By::Chrome,
            vec![
                Entry::get()
                    .allows(PAGE)
                    .answers("access-control-allow-credentials", "true")
                    .error("net::ERR_FAILED"),
            ],
            (&[], None, None, 0),
        ),
        (
            "Chrome: the preflight before its request",
            By::Chrome,
            vec![Entry::preflight("PUT", "content-type").status(403), put().lost()],
            (&["allow-origin-missing"], BLOCKED, PREFLIGHT, 1),
        ),
        (
            "Chrome: the preflight after its request",
            By::Chrome,
            vec![
                put().lost().without_origin(),
                Entry::preflight("PUT", "content-type").status(403).allows(PAGE),
            ],
            (&["preflight-status"], BLOCKED, PREFLIGHT, 0),
        ),
        (
            "Chrome: a header that the preflight's answer lacks",
            By::Chrome,
            vec![Entry::preflight("GET", "x-api-key").allows(PAGE), Entry::get().lost().without_origin()],
            (&["header-not-allowed"], BLOCKED, PREFLIGHT, 1),
        ),
        (
            "Chrome, sanitized: the preflight's `*` shows credentials, since the request was never sent",
            By::ChromeSanitized,
            vec![
                Entry::preflight("PUT", "content-type")
                    .allows("*")
                    .answers("access-control-allow-methods", "PUT")
                    .answers("access-control-allow-headers", "content-type"),
                put().lost().without_origin(),
            ],
            (&["credentials-wildcard"], BLOCKED, PREFLIGHT, 1),
        ),
        (
            "Chrome: the answer to the request lacks what its preflight has",
            By::Chrome,
            vec![allowed_preflight(), put().status(500).error("net::ERR_FAILED")],
            (&["allow-origin-missing"], BLOCKED, RESPONSE, 1),
        ),
        (
            "Firefox: a method",
            By::Firefox,
            vec![Entry::preflight("PUT", "content-type").allows(PAGE), put().status(0)],
            (&["method-not-allowed"], BLOCKED, PREFLIGHT, 1),
        ),
        (
            "Firefox: no response, and no word about it. A policy of the page looks like that, too",
            By::Firefox,
            vec![Entry::get().status(0)],
            (&["network-error", "blocked-by-client", "content-security-policy"], None, NETWORK, 0),
        ),
        (
            "a proxy sees the preflight alone",
            By::Proxy("mitmproxy"),
            vec![Entry::preflight("PUT", "content-type").allows("https://other.example")],
            (&["allow-origin-mismatch"], BLOCKED, PREFLIGHT, 0),
        ),
        (
            "a proxy sees a response that no browser accepts",
            By::Proxy("Charles Proxy"),
            vec![Entry::get().allows("https://app.example, *")],
            (&["allow-origin-multiple"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Playwright: no preflight, no status",
            chromium,
            vec![put().lost()],
            (
                &[
                    "allow-origin-missing",
                    "preflight-status",
                    "header-not-allowed",
                    "method-not-allowed",
                    "allow-origin-mismatch",
                    "preflight-redirected",
                    "credentials-wildcard",
                    "allow-credentials-not-true",
                    "allow-origin-multiple",
                ],
                BLOCKED,
                None,
                0,
            ),
        ),
        (
            "Playwright: the server allows the page elsewhere, so its lists are likelier",
            chromium,
            vec![wildcard(), Entry::new("PUT", "https://api.example/items/1").lost()],
            (
                &[
                    "method-not-allowed",
                    "preflight-status",
                    "allow-origin-missing",
                    "preflight-redirected",
                    "allow-origin-mismatch",
                    "credentials-wildcard",
                    "allow-credentials-not-true",
                    "allow-origin-multiple",
                ],
                BLOCKED,
                None,
                1,
            ),
        ),
        (
            "Playwright: no headers",
            chromium,
            vec![Entry::get().lost()],
            (
                &[
                    "allow-origin-missing",
                    "allow-origin-mismatch",
                    "credentials-wildcard",
                    "allow-credentials-not-true",
                    "allow-origin-multiple",
                ],
                BLOCKED,
                RESPONSE,
                0,
            ),
        ),
        (
            "Playwright: a redirect that was followed, so that it is not what was refused",
            chromium,
            vec![
                Entry::get().status(302).allows(PAGE).answers("location", "https://cdn.example/a"),
                Entry::get().at("https://cdn.example/a").lost(),
            ],
            (
                &[
                    "allow-origin-missing",
                    "allow-origin-mismatch",
                    "credentials-wildcard",
                    "allow-credentials-not-true",
                    "allow-origin-multiple",
                ],
                BLOCKED,
                REDIRECT,
                1,
            ),
        ),
        (
            "Chrome: a copy in the cache, stored for an <img>",
            By::Chrome,
            vec![
                Entry::get()
                    .without_origin()
                    .kind("image", "no-cors")
                    .answers("cache-control", "max-age=600"),
                Entry::get().lost(),
            ],
            (&["allow-origin-missing"], BLOCKED, RESPONSE, 1),
        ),
        (
            "Chrome: a redirect to another server, which allows nobody",
            By::Chrome,
            vec![
                Entry::get().status(302).allows("*").answers("location", "https://cdn.example/a"),
                Entry::get().at("https://cdn.example/a").error("net::ERR_FAILED"),
            ],
            (&["allow-origin-missing"], BLOCKED, REDIRECT, 1),
        ),
        (
            "Firefox: the page's own server redirects to another",
            By::Firefox,
            vec![
                Entry::get()
                    .without_origin()
                    .at("https://app.example/go")
                    .status(302)
                    .answers("Location", "https://cdn.example/a"),
                Entry::get().at("https://cdn.example/a"),
            ],
            (&["allow-origin-missing"], BLOCKED, REDIRECT, 1),
        ),
        (
            "Chrome: a redirect from one server to another hides the origin",
            By::Chrome,
            vec![
                Entry::get().status(307).allows("*").answers("location", "https://cdn.example/a"),
                Entry::get()
                    .without_origin()
                    .asks("Origin", "null")
                    .at("https://cdn.example/a")
                    .allows(PAGE)
                    .error("net::ERR_FAILED"),
            ],
            (&["allow-origin-mismatch"], BLOCKED, REDIRECT, 1),
        ),
        (
            "Chrome: a preflight after a redirect from one server to another, whose origin is hidden",
            By::Chrome,
            vec![
                put().status(307).allows(PAGE).answers("location", "https://cdn.example/a"),
                allowed_preflight(),
                put().at("https://cdn.example/a").without_origin().lost(),
                Entry::preflight("PUT", "content-type")
                    .at("https://cdn.example/a")
                    .without_origin()
                    .asks("Origin", "null")
                    .status(405),
            ],
            (&["allow-origin-missing"], BLOCKED, PREFLIGHT, 2),
        ),
        (
            "Chrome: a script with crossorigin",
            By::Chrome,
            vec![Entry::get().kind("script", "cors").error("net::ERR_FAILED")],
            (&["allow-origin-missing"], BLOCKED, RESPONSE, 0),
        ),
        (
            "Playwright: the network",
            By::Playwright("firefox"),
            vec![Entry::get().status(0).error("NS_ERROR_UNKNOWN_HOST")],
            (&["dns-failed"], Some(false), NETWORK, 0),
        ),
        (
            "Fiddler: two preflights, of which one is refused",
            By::Proxy("Fiddler"),
            vec![
                allowed_preflight(),
                put().allows(PAGE),
                Entry::preflight("DELETE", "").allows(PAGE).answers("access-control-allow-methods", "PUT"),
            ],
            (&["method-not-allowed"], BLOCKED, PREFLIGHT, 2),
        ),
        (
            "Chrome: a redirect that is refused itself",
            By::Chrome,
            vec![
                Entry::get()
                    .status(301)
                    .answers("location", "https://login.example/")
                    .error("net::ERR_FAILED"),
            ],
            (&["allow-origin-missing"], BLOCKED, RESPONSE, 0),
        ),
        (
            "the network has names of its own",
            By::Chrome,
            vec![Entry::get().status(0).error("net::ERR_CONNECTION_REFUSED")],
            (&["connection-refused"], Some(false), NETWORK, 0),
        ),
        (
            "and the same for a request that needs a preflight",
            By::Chrome,
            vec![put().status(0).error("net::ERR_NAME_NOT_RESOLVED")],
            (&["dns-failed"], Some(false), NETWORK, 0),
        ),
        (
            "an extension",
            By::Chrome,
            vec![Entry::get().status(0).error("net::ERR_BLOCKED_BY_CLIENT")],
            (&["blocked-by-client"], Some(false), NETWORK, 0),
        ),
        (
            "resource policy of an image",
            By::Chrome,
            vec![
                Entry::get()
                    .without_origin()
                    .kind("image", "no-cors")
                    .answers("cross-origin-resource-policy", "same-origin")
                    .error("net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"),
            ],
            (&["resource-policy"], Some(false), RESPONSE, 0),
        ),
        (
            "a service worker",
            By::Chrome,
            vec![
                Entry::get()
                    .error("net::ERR_FAILED")
                    .more(serde_json::json!({ "_fetchedViaServiceWorker": true })),
            ],
            (&["service-worker-opaque"], Some(false), RESPONSE, 0),
        ),
        (
            "Safari names nothing",
            By::Safari,
            vec![Entry::get().allows("https://app.example/")],
            (&["allow-origin-mismatch"], BLOCKED, RESPONSE, 0),
        ),
    ];
    for (name, by, entries, (codes, cors, stage, entry)) in rows {
        let reading = reading(by, &entries);
        let item = reading.items.first().unwrap_or_else(|| panic!("{name}: nothing found: {reading:?}"));
        assert_eq!(item.codes, codes, "{name}: {item:?}");
        assert_eq!((item.cors, item.stage, item.entry), (cors, stage, Some(entry)), "{name}: {item:?}");
        assert!(!item.diagnosis.is_empty() && !item.text.is_empty(), "{name}: {item:?}");
        assert_eq!(reading.items.len(), 1, "{name}: {:?}", reading.items);
    }
}

#[test]
fn what_works_and_what_is_not_cors_makes_no_item() {
    let same = |entry: Entry| entry.at("https://app.example/items");
    let rows: Vec<(&str, By, Vec<Entry>, usize)> = vec![
        ("readable", By::Chrome, vec![Entry::get().allows(PAGE)], 1),
        ("readable, as Firefox records it", By::Firefox, vec![Entry::get().allows("*")], 1),
        ("with a preflight", By::Firefox, vec![allowed_preflight(), put().allows(PAGE)], 1),
        ("with a preflight that was not recorded", By::Playwright("chromium"), vec![put().allows(PAGE)], 1),
        ("same origin", By::Chrome, vec![same(Entry::get())], 0),
        (
            "an image without crossorigin",
            By::Chrome,
            vec![Entry::get().without_origin().kind("image", "no-cors")],
            0,
        ),
        ("a form", By::Firefox, vec![Entry::new("POST", API).kind("document", "navigate")], 0),
        ("a beacon", By::Chrome, vec![Entry::new("POST", API).kind("ping", "no-cors")], 0),
        ("cancelled", By::Chrome, vec![Entry::get().status(0).error("net::ERR_ABORTED")], 0),
        ("no answer yet", By::Chrome, vec![Entry::get().status(0)], 0),
        (
            "304 for a stored response with the header",
            By::Firefox,
            vec![Entry::get().allows(PAGE), Entry::get().status(304)],
            1,
        ),
        (
            "a redirect",
            By::Firefox,
            vec![
                Entry::get().status(302).allows("*").answers("Location", "/v2/items"),
                Entry::get().at("https://api.example/v2/items").allows("*"),
            ],
            1,
        ),
    ];
    for (name, by, entries, fine) in rows {
        let reading = reading(by, &entries);
        assert!(reading.items.is_empty(), "{name}: {:?}", reading.items);
        assert_eq!(reading.fine.len(), fine, "{name}: {:?}", reading.fine);
    }
}

#[test]
fn an_item_tells_the_values_and_the_exchanges() {
    let reading = reading(
        By::Chrome,
        &[
            Entry::preflight("PUT", "content-type").status(403).allows(PAGE).content("Invalid CORS request"),
            put().lost(),
        ],
    );
    let item: &Item = &reading.items[0];
    assert_eq!(
        (item.value("status"), item.value("method"), item.value("kind")),
        (Some("403"), Some("PUT"), Some("fetch"))
    );
    assert_eq!((item.url.as_deref(), item.origin.as_deref()), (Some(API), Some(PAGE)));
    assert_eq!(
        item.text,
        "OPTIONS https://api.example/items -> 403\nPUT https://api.example/items -> no response, net::ERR_FAILED"
    );
}

#[test]
fn what_was_not_recorded_is_said_as_such() {
    let reading = reading(By::Playwright("chromium"), &[put().lost()]);
    let cause = &reading.items[0].diagnosis[0];
    assert_eq!(cause.evidence, ["Neither the preflight nor the response was recorded."]);
    // Playwright writes the same of a request that was sent and whose response the page could not read.
    assert!(!cause.title.contains("did not send"), "{}", cause.title);
    assert_eq!(
        reading.notes,
        ["Playwright does not record preflights. Not recorded does not mean not sent."]
    );
    let words = format!("{reading:?}");
    assert!(!words.contains("no preflight was sent"), "{words}");
}

#[test]
fn certain_failures_of_cors_come_first_and_then_the_most_frequent() {
    let at = |path: &str| Entry::get().at(&format!("https://api.example/{path}"));
    let entries = [
        at("gone").status(0).error("net::ERR_CONNECTION_REFUSED"),
        at("once").allows("null").error("net::ERR_FAILED"),
        at("twice?n=1").allows("null").error("net::ERR_FAILED"),
        at("twice?n=2").allows("null").error("net::ERR_FAILED"),
    ];
    let order: Vec<usize> =
        reading(By::Chrome, &entries).items.iter().filter_map(|item| item.entry).collect();
    assert_eq!(order, [2, 3, 1, 0]);
}

#[test]
fn no_secret_gets_into_a_reading() {
    const SECRETS: [&str; 6] = [
        "S3CRET-query-1",
        "S3CRET-cookie-2",
        "S3CRET-bearer-3",
        "S3CRET-hook-4",
        "eyJhbGci.eyJzdWIi.S3CRET5",
        "S3CRET-user-6",
    ];
    let url = "https://me:S3CRET-user-6@api.example/hook/eyJhbGci.eyJzdWIi.S3CRET5?access_token=S3CRET-query-1&page=2";
    let entry = Entry::get()
        .at(url)
        .asks("Cookie", "sid=S3CRET-cookie-2")
        .asks("Authorization", "Bearer S3CRET-bearer-3")
        .status(302)
        .answers("set-cookie", "sid=S3CRET-cookie-2; Path=/")
        .answers("location", "https://login.example/?token=S3CRET-hook-4")
        .content(
            "{\"error\": \"bad token eyJhbGci.eyJzdWIi.S3CRET5\", \"access_token\": \"S3CRET-query-1\"}",
        );
    for by in [By::Chrome, By::Firefox, By::Safari, By::Proxy("Fiddler")] {
        let reading = format!("{:?}", reading(by, std::slice::from_ref(&entry)));
        assert!(reading.contains("page=2"), "{reading}");
        for secret in SECRETS {
            assert!(!reading.contains(secret), "{by:?} {secret}: {reading}");
        }
    }
}
