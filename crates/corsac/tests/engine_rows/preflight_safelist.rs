//! Which request headers need a preflight, and the value of `Access-Control-Request-Headers`.

use crate::pair::{Pair, Written, Wrong, reflect, request};
use crate::{all, each};

/// The name of the row, the header lines, and the value of `Access-Control-Request-Headers`; `None` if there is no preflight.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], [Option<&'a str>; 4]);

const SAFE: [Option<&str>; 4] = all(None);

const fn asks_for(names: &str) -> [Option<&str>; 4] {
    all(Some(names))
}

#[test]
fn header_lines_that_are_not_safelisted_are_asked_for() {
    let bytes_127 = "a".repeat(127);
    let bytes_128 = "a".repeat(128);
    let bytes_129 = "a".repeat(129);
    let bytes_100 = "a".repeat(100);
    let bytes_120 = "a".repeat(120);
    let nine_times_120: Vec<(&str, &str)> = std::iter::repeat_n(("Accept", bytes_120.as_str()), 9).collect();
    let long_type = format!("text/plain;{}", "a".repeat(117));
    let too_long_type = format!("text/plain;{}", "a".repeat(118));
    #[rustfmt::skip] // a table
    let rows: &[Row<'_>] = &[
        // Accept, Accept-Language, Content-Language, Content-Type
        ("no header", &[], SAFE),
        ("Accept", &[("Accept", "text/html, */*;q=0.8")], SAFE),
        ("Accept of 128 bytes", &[("Accept", &bytes_128)], SAFE),
        ("Accept of 129 bytes", &[("Accept", &bytes_129)], asks_for("accept")),
        ("Accept with a quote", &[("Accept", "\"")], asks_for("accept")),
        ("Accept with a colon", &[("Accept", "a:b")], asks_for("accept")),
        ("Accept with a tab", &[("Accept", "a\tb")], SAFE),
        ("Accept with DEL", &[("Accept", "a\u{7f}b")], asks_for("accept")),
        ("Accept with bytes above ASCII", &[("Accept", "a\u{e9}b")], [None, None, Some("accept"), None]),
        ("Accept-Language", &[("Accept-Language", "de-DE, en;q=0.7")], SAFE),
        ("Accept-Language with an underscore", &[("Accept-Language", "de_DE")], asks_for("accept-language")),
        ("Accept-Language of 129 bytes", &[("Accept-Language", &bytes_129)], asks_for("accept-language")),
        ("Content-Language", &[("Content-Language", "en")], SAFE),
        ("Content-Language with @", &[("Content-Language", "@")], asks_for("content-language")),
        ("text/plain", &[("Content-Type", "text/plain;charset=UTF-8")], SAFE),
        ("TEXT/PLAIN", &[("Content-Type", "TEXT/PLAIN")], SAFE),
        ("a form", &[("Content-Type", "application/x-www-form-urlencoded")], SAFE),
        ("a form with files", &[("Content-Type", "multipart/form-data; boundary=a")], SAFE),
        ("JSON", &[("Content-Type", "application/json")], asks_for("content-type")),
        ("JSON that mentions text/plain", &[("Content-Type", "application/json; text/plain")], asks_for("content-type")),
        ("a type that does not parse", &[("Content-Type", "text")], asks_for("content-type")),
        ("text/plain with an unsafe parameter", &[("Content-Type", "text/plain; a=@")], asks_for("content-type")),
        ("text/plain in 128 bytes", &[("Content-Type", &long_type)], SAFE),
        ("text/plain in 129 bytes", &[("Content-Type", &too_long_type)], asks_for("content-type")),
        // Range
        ("a range", &[("Range", "bytes=0-1")], SAFE),
        ("a range without an end", &[("Range", "bytes=5-")], SAFE),
        ("a range without a start", &[("Range", "bytes=-5")], asks_for("range")),
        ("two ranges", &[("Range", "bytes=0-1,3-4")], asks_for("range")),
        ("a range with spaces", &[("Range", "bytes= 0-1")], asks_for("range")),
        ("a range backwards", &[("Range", "bytes=2-1")], asks_for("range")),
        ("Range: Bytes", &[("Range", "Bytes=0-1")], [Some("range"), Some("range"), Some("range"), None]),
        ("a range over 64 bits", &[("Range", "bytes=99999999999999999999-")], [None, Some("range"), Some("range"), Some("range")]),
        // names that only Chromium safelists, with valid values of client hints
        ("DPR", &[("DPR", "2.0")], [Some("dpr"), None, Some("dpr"), Some("dpr")]),
        ("Device-Memory", &[("Device-Memory", "0.5")], [Some("device-memory"), None, Some("device-memory"), Some("device-memory")]),
        ("Width", &[("Width", "100")], [Some("width"), None, Some("width"), Some("width")]),
        ("Viewport-Width", &[("Viewport-Width", "100")], [Some("viewport-width"), None, Some("viewport-width"), Some("viewport-width")]),
        ("RTT", &[("RTT", "100")], [Some("rtt"), None, Some("rtt"), Some("rtt")]),
        ("Downlink", &[("Downlink", "1.5")], [Some("downlink"), None, Some("downlink"), Some("downlink")]),
        ("ECT", &[("ECT", "4g")], [Some("ect"), None, Some("ect"), Some("ect")]),
        ("Save-Data", &[("Save-Data", "on")], [Some("save-data"), None, Some("save-data"), Some("save-data")]),
        ("Save-Data with another value", &[("Save-Data", "off")], asks_for("save-data")),
        ("DPR with another value", &[("DPR", "two")], asks_for("dpr")),
        ("Intervention", &[("Intervention", "a")], [Some("intervention"), None, Some("intervention"), Some("intervention")]),
        ("User-Agent", &[("User-Agent", "x")], [Some("user-agent"), None, Some("user-agent"), Some("user-agent")]),
        // several lines of one name
        ("Accept on two lines of 100 bytes", &[("Accept", &bytes_100), ("Accept", &bytes_100)], [None, Some("accept"), None, Some("accept")]),
        ("text/plain on two lines", &[("Content-Type", "text/plain"), ("Content-Type", "text/plain")], [None, Some("content-type"), None, Some("content-type")]),
        ("Accept on nine lines of 120 bytes", &nine_times_120, [Some("accept,accept-language"), Some("accept"), None, Some("accept")]),
        ("a name twice", &[("Z-A", "1"), ("z-a", "2")], [Some("z-a"), Some("z-a"), Some("z-a,z-a"), Some("z-a")]),
        ("a name twice, around another", &[("z-b", "1"), ("Z-A", "1"), ("z-b", "2")], [Some("z-a,z-b"), Some("z-a,z-b"), Some("z-a,z-b,z-b"), Some("z-a,z-b")]),
        // the list
        ("sorted, in lower case, without spaces", &[("X-C", "1"), ("Authorization", "x"), ("X-a-b", "1"), ("X-A", "1")], asks_for("authorization,x-a,x-a-b,x-c")),
        ("safelisted ones are not in it", &[("Accept", "*/*"), ("X-A", "1"), ("Accept-Language", &bytes_127)], asks_for("x-a")),
        ("what the browser sets by itself is not in it", &[("Origin", "x"), ("Cookie", "x"), ("Sec-CH-UA", "x"), ("X-A", "1")], asks_for("x-a")),
        ("If-None-Match", &[("If-None-Match", "\"a\"")], asks_for("if-none-match")),
    ];
    let mut wrong = Wrong::default();
    for (row, lines, expected) in rows {
        for (engine, expected) in each(expected) {
            let mut pair = Pair::new(engine, reflect);
            let mut post = request("POST", "https://api.example/");
            for (name, value) in *lines {
                post = post.header(name, value);
            }
            pair.fetch(post);
            let wire = pair.wire();
            let expected: Vec<String> = match expected {
                Some(names) => vec![
                    format!("OPTIONS https://api.example/ from https://app.example for POST with {names}"),
                    "POST https://api.example/ from https://app.example".to_owned(),
                ],
                None => vec!["POST https://api.example/ from https://app.example".to_owned()],
            };
            wrong.compare(row, engine, wire, expected);
        }
    }
}
