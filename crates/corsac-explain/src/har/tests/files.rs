//! Files that are no HAR, and large ones.

use std::io::{Cursor, Read};

use super::super::{HarError, read};
use super::make::{By, Entry, har};

#[test]
fn a_file_that_is_no_har_is_called_what_it_is() {
    let deep = format!("{{\"log\": {{\"x\": {}", "[".repeat(100_000));
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows: [(&str, &[u8], &str); 11] = [
        ("empty", b"", "The file is empty."),
        ("gzip", b"\x1f\x8b\x08\0", "The file is compressed with gzip. Unpack it first."),
        ("zip", b"PK\x03\x04abc", "The file is a zip archive. Unpack it first."),
        ("binary", b"\x89PNG\r\n\x1a\n", "The file is not JSON"),
        ("UTF-16", &utf16, "The file is UTF-16. A HAR is UTF-8"),
        ("a page", b"<!doctype html>", "The file is XML or HTML, not JSON."),
        ("text", b"Access to fetch at", "The file is not JSON: malformed json, in line 1, about byte 0."),
        ("no log", b"{\"a\": []}", "The file is JSON, but not a HAR: it has no `log`."),
        (
            "no entries",
            b"{\"log\": {\"version\": \"1.2\"}}",
            "The file is JSON, but not a HAR: it has no `log.entries`.",
        ),
        ("deep", deep.as_bytes(), "The file is not JSON: there are more than 512 values inside each other"),
        (
            "bytes",
            b"{\"log\": {\"entries\": [\"\xff\xfe\"]}}",
            "The file is not JSON: there are bytes that are not UTF-8",
        ),
    ];
    for (name, file, expected) in rows {
        let error = read(file).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{name}: {error}");
    }
}

#[test]
fn a_file_that_ends_early_is_said_to_end_there_wherever_it_does() {
    let file = har(By::Chrome, &[Entry::get().error("net::ERR_FAILED")]);
    for end in 4..file.len() {
        match read(&file[..end]).unwrap_err() {
            HarError::Truncated { line: 1, bytes } => assert_eq!(bytes, end as u64),
            error => panic!("{end}: {error:?}"),
        }
    }
}

#[test]
fn a_byte_order_mark_and_halves_of_characters_are_accepted() {
    let har =
        String::from_utf8(har(By::Chrome, &[Entry::get().error("net::ERR_FAILED").content("HALF")])).unwrap();
    let har = format!("\u{feff}{}", har.replace("HALF", "cut \\ud83d"));
    assert_eq!(read(har.as_bytes()).unwrap().items.len(), 1);
}

#[test]
fn fields_of_other_types_than_expected_are_stepped_over() {
    let har = br#"{"log": {"creator": [], "pages": null, "entries": [1, null, "x", [], {}, {"request": {"url": 7, "headers": {"a": 1}},
        "response": []}, {"request": {"method": null, "url": "https://api.example/", "headers": [null, {"name": "Origin", "value":
        "https://app.example"}]}, "response": {"status": "200", "headers": [{"name": 1, "value": null}]}}]}}"#;
    let reading = read(&har[..]).unwrap();
    assert_eq!((reading.entries, reading.items.len()), (7, 1), "{reading:?}");
}

/// Repeats something between a beginning and an end.
fn large(times: u64, entry: Vec<u8>) -> impl Read {
    let start = b"{\"log\": {\"creator\": {\"name\": \"WebInspector\"}, \"entries\": [{}".to_vec();
    let entry = [b",".to_vec(), entry].concat();
    let length = entry.len() as u64;
    let entries = Repeated { entry, at: 0 }.take(times * length);
    Cursor::new(start).chain(entries).chain(Cursor::new(b"]}}".to_vec()))
}

struct Repeated {
    entry: Vec<u8>,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = (&self.entry[self.at..]).read(buffer)?;
        self.at = (self.at + length) % self.entry.len();
        Ok(length)
    }
}

#[test]
fn more_entries_than_fit_are_counted_and_said() {
    let entry = br#"{"request": {"method": "GET", "url": "https://api.example/", "headers": [{"name": "Origin", "value": "https://app.example"}]},
        "response": {"status": 200, "headers": []}}"#;
    let reading = read(large(21_000, entry.to_vec())).unwrap();
    assert_eq!(reading.entries, 21_001);
    assert!(reading.items.len() <= 1_000);
    assert!(reading.notes.iter().any(|note| note.contains("did not fit in memory")), "{:?}", reading.notes);
}

#[test]
fn many_requests_to_one_url_take_no_more_time_each_than_a_few() {
    let request = |method: &str, more: &str| {
        format!(
            r#"{{"request": {{"method": "{method}", "url": "https://api.example/", "headers": [{{"name": "Origin", "value": "https://app.example"}}{more}]}},
            "response": {{"status": 204, "headers": [{{"name": "Access-Control-Allow-Origin", "value": "*"}}]}}}}"#
        )
    };
    let preflight = request("OPTIONS", r#", {"name": "Access-Control-Request-Method", "value": "GET"}"#);
    let pair = format!("{preflight}, {}", request("GET", ""));
    let reading = read(large(3_000, pair.into_bytes())).unwrap();
    assert_eq!((reading.items.len(), reading.fine[0].times), (0, 3_000));
}
