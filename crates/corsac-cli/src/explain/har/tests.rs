use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::*;

/// A directory that is removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("corsac-har-{}-{number}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn recording(&self) -> PathBuf {
        let path = self.file("recorded.har");
        std::fs::write(&path, recording()).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn recording() -> String {
    let entry = |url: &str, allowed: Option<&str>, error: Option<&str>| {
        let allowed: Vec<_> = allowed
            .iter()
            .map(|value| json!({ "name": "access-control-allow-origin", "value": value }))
            .collect();
        json!({
            "_resourceType": "fetch",
            "request": { "method": "GET", "url": url, "headers": [
                { "name": "Origin", "value": "https://app.example" }, { "name": "X-Secret-Token", "value": "31d4c0de" },
            ] },
            "response": { "status": 200, "headers": allowed, "_error": error },
        })
    };
    let entries = [
        entry("https://api.example/fine?page=1", Some("*"), None),
        entry("https://api.example/list?page=1", Some("https://app.example/"), Some("net::ERR_FAILED")),
        entry("https://api.example/list?page=2", Some("https://app.example/"), Some("net::ERR_FAILED")),
        entry("https://down.example/", None, Some("net::ERR_CONNECTION_REFUSED")),
    ];
    json!({ "log": { "creator": { "name": "WebInspector", "version": "537.36" }, "entries": entries } })
        .to_string()
}

#[test]
fn the_report_has_the_worst_first_with_entries_and_fixes_and_then_what_was_fine() {
    let scratch = Scratch::new();
    let reading = run(Input::File(&scratch.recording()), None).unwrap();
    let page = anstream::adapter::strip_str(&text(&reading)).to_string();
    let parts = [
        "✗ 3 requests to other origins failed, 2 because of CORS, in 2 different ways.\n",
        "  4 entries, recorded by WebInspector 537.36\n",
        "✗ BLOCKED  GET https://api.example/list?page=1\n",
        "  from https://app.example, 2 times: entries 1, 2\n",
        "    GET https://api.example/list?page=1 -> 200, net::ERR_FAILED\n",
        "  Fix  ",
        "Access-Control-Allow-Origin: https://app.example\n",
        "  `corsac explain allow-origin-mismatch` tells more.\n",
        "✗ FAILED  GET https://down.example/\n",
        "CORS is not involved.",
        "What was fine\n  ✓ GET https://api.example/fine from https://app.example\n",
        "Not recorded does not mean not sent",
    ];
    let mut rest = page.as_str();
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("{part:?} is missing, or too early: {page}")
        };
        rest = after;
    }
}

#[test]
fn a_copy_is_new_private_and_without_secrets() {
    let scratch = Scratch::new();
    let (original, copy) = (scratch.recording(), scratch.file("safe.har"));
    let reading = run(Input::File(&original), Some(&copy)).unwrap();
    assert_eq!(reading.items.len(), 3);
    let written = std::fs::read_to_string(&copy).unwrap();
    assert!(!written.contains("31d4c0de") && written.contains("X-Secret-Token"), "{written}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let error = run(Input::File(&original), Some(&copy)).unwrap_err();
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), written);
}

#[cfg(unix)]
#[test]
fn a_copy_is_not_written_through_a_link() {
    let scratch = Scratch::new();
    let (original, link, target) = (scratch.recording(), scratch.file("link.har"), scratch.file("target"));
    std::os::unix::fs::symlink(&target, &link).unwrap();
    assert!(run(Input::File(&original), Some(&link)).unwrap_err().contains("exists already"));
    assert!(!target.exists());
}

#[test]
fn errors_name_the_file_and_leave_no_half_copy() {
    let scratch = Scratch::new();
    let (broken, copy) = (scratch.file("broken.har"), scratch.file("safe.har"));
    std::fs::write(&broken, "{\"log\": {\"entries\": [").unwrap();
    let error = run(Input::File(&broken), Some(&copy)).unwrap_err();
    assert!(error.contains("broken.har` as a recording. The file ends at byte 21 (line 1)"), "{error}");
    assert!(!copy.exists());
    for missing in [scratch.file("missing.har"), scratch.0.clone()] {
        let error = run(Input::File(&missing), None).unwrap_err();
        assert!(error.starts_with("cannot read `") || error.contains("is a directory"), "{error}");
    }
    let error = message(Input::Standard(&[]), &HarError::Empty);
    assert_eq!(error, "cannot read standard input as a recording. The file is empty.");
}
