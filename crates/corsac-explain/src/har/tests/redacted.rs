//! The copy of a recording: no secret is left, and it reads like the original.

use serde_json::json;

use super::super::{HarReading, read, redact};
use super::make::{API, By, Entry, PAGE, har};

fn copy_of(har: &[u8]) -> String {
    let mut copy = Vec::new();
    redact(har, &mut copy).unwrap();
    String::from_utf8(copy).unwrap()
}

/// A recording with a secret in every place that can hold one. Each begins with `S3CRET`.
fn planted(by: By, entry: Entry) -> Vec<u8> {
    let url = format!(
        "{}?access_token=S3CRETquery&page=S3CRETpage#id=S3CRETfragment",
        entry.url.replace("://", "://me:S3CRETpassword@")
    );
    let more = json!({
        "_webSocketMessages": [{ "type": "send", "time": 1, "opcode": 1, "data": "S3CRETmessage" }],
        "_initiator": { "type": "script", "stack": { "callFrames": [{ "url": "https://app.example/a.js?v=S3CRETversion" }],
            "parent": { "callFrames": [{ "url": "https://app.example/b.js?sig=S3CRETsignature" }] } } },
        "_blockedCookies": [{ "cookie": { "name": "a", "value": "S3CRETblocked", "path": "/" }, "cookieLine": "a=S3CRETline" }],
        "_note": "see https://x.example/?q=S3CRETnote and eyJhbGci.eyJzdWIi.S3CRETjwt or Bearer S3CRETbearer1234",
        "_requestHeadersText": "Cookie: sid=S3CRETraw",
        "_apiKey": "S3CRETkey",
        "_list": ["https://x.example/?q=S3CRETlist", { "url": "https://y.example/?q=S3CRETdeep", "token": { "raw": "S3CRETtoken" } }],
        "comment": "eyJhbGci.eyJzdWIi.S3CRETcomment",
        "serverIPAddress": "192.0.2.7",
    });
    let entry = entry
        .at(&url)
        .asks("Cookie", "sid=S3CRETcookie; theme=S3CRETtheme")
        .asks("Authorization", "Basic S3CRETlogin")
        .asks("X-Api-Key", "S3CRETapikey")
        .asks("X-Session", "S3CRETsession")
        .asks("X-Where", "https://z.example/?q=S3CRETwhere")
        .asks("Referer", "https://app.example/p?q=S3CRETreferrer")
        .answers("set-cookie", "sid=S3CRETset; Path=/\nother=S3CRETother")
        .answers("content-location", "/items?key=S3CRETlocation")
        .content("body with S3CRETbody")
        .more(more);
    let mut value: serde_json::Value = serde_json::from_slice(&har(by, &[entry])).unwrap();
    value["log"]["pages"][0]["title"] = json!("https://app.example/?code=S3CRETtitle");
    let request = &mut value["log"]["entries"][0]["request"];
    request["queryString"] = json!([{ "name": "page", "value": "S3CRETpage" }]);
    if let Some(data) = request.get_mut("postData") {
        data["params"] = json!([{ "name": "file", "fileName": "S3CRETfile", "value": "S3CRETparam" }]);
    }
    serde_json::to_vec(&value).unwrap()
}

/// What has to be the same in both readings.
fn essence(reading: &HarReading) -> Vec<String> {
    let items = reading.items.iter();
    items
        .map(|item| {
            format!(
                "{:?} {:?} {:?} {:?} {:?} {:?}",
                item.codes,
                item.cors,
                item.stage,
                item.entry,
                item.origin,
                item.value("status")
            )
        })
        .chain(reading.fine.iter().map(|fine| format!("{fine:?}")))
        .chain(reading.notes.clone())
        .collect()
}

#[test]
fn no_planted_secret_is_left_and_the_copy_reads_like_the_original() {
    let bodies = [
        ("application/json", "{\"a\": {\"pin\": \"S3CRETpin\", \"list\": [\"S3CRETitem\", 7]}}"),
        ("application/x-www-form-urlencoded", "user=S3CRETuser&password=S3CRETform&S3CRETalone"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nS3CRETpart\r\n--x--",
        ),
        ("text/plain", "S3CRETtext"),
    ];
    let rows = [
        ("readable", Entry::get().allows(PAGE).answers("access-control-allow-credentials", "true")),
        ("no header", Entry::get()),
        ("`*`", Entry::get().allows("*")),
        ("an error", Entry::get().status(500)),
        ("nothing recorded", Entry::get().status(0)),
        ("PUT", Entry::new("PUT", API).allows(PAGE)),
        (
            "a redirect",
            Entry::get().allows("*").status(302).answers("location", "https://cdn.example/?t=S3CREThop"),
        ),
    ];
    for by in [
        By::Chrome,
        By::ChromeSanitized,
        By::Firefox,
        By::Safari,
        By::Playwright("webkit"),
        By::Proxy("mitmproxy"),
    ] {
        for (name, entry) in &rows {
            let bodies = if *name == "PUT" { &bodies[..] } else { &bodies[..1] };
            for (media_type, body) in bodies {
                let entry = if name == &"PUT" { entry.clone().body(media_type, body) } else { entry.clone() };
                let original = planted(by, entry);
                let copy = copy_of(&original);
                let left: Vec<&str> = copy.split('"').filter(|text| text.contains("S3CRET")).collect();
                assert!(left.is_empty(), "{by:?} {name} {media_type}: {left:?}");
                let (before, after) = (read(&original[..]).unwrap(), read(copy.as_bytes()).unwrap());
                assert_eq!(essence(&before), essence(&after), "{by:?} {name}");
                assert_eq!(copy_of(copy.as_bytes()), copy, "{by:?} {name}: redacting twice changes nothing");
            }
        }
    }
}

#[test]
fn names_shapes_and_numbers_stay() {
    let entry = Entry::new("PUT", API)
        .body("application/json", "{\"id\": 7, \"tags\": [\"a\"], \"ok\": true}")
        .answers("set-cookie", "sid=31d4; Path=/; SameSite=None")
        .content("secret");
    let copy: serde_json::Value = serde_json::from_str(&copy_of(&har(By::Chrome, &[entry]))).unwrap();
    let entry = &copy["log"]["entries"][0];
    assert_eq!(entry["request"]["postData"]["text"], "{\"id\":0,\"tags\":[\"REDACTED\"],\"ok\":true}");
    assert_eq!(entry["response"]["headers"][0]["value"], "sid=REDACTED; Path=/; SameSite=None");
    assert_eq!(entry["response"]["content"]["text"], "REDACTED");
    assert_eq!((&entry["response"]["status"], &entry["time"]), (&json!(200), &json!(12.5)));
    assert_eq!(copy["log"]["creator"]["name"], "WebInspector");
}

#[test]
fn a_file_that_is_no_har_is_refused_and_a_deep_one_overflows_nothing() {
    let mut copy = Vec::new();
    assert!(redact(&b"{\"a\": 1}"[..], &mut copy).unwrap_err().to_string().contains("it has no `log`"));
    for depth in [500, 100_000] {
        let deep =
            format!("{{\"log\": {{\"entries\": [], \"x\": {}{}}}}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(redact(deep.as_bytes(), std::io::sink()).is_ok(), depth == 500);
    }
}
