use proptest::prelude::*;

use super::*;

/// Chromium's rules, written out for these tests; the profile is in `browser::engine`.
const CHROMIUM: SafelistRules = SafelistRules {
    range_limit: Some(9_223_372_036_854_775_806),
    extra_names: &[
        "device-memory",
        "downlink",
        "dpr",
        "ect",
        "intervention",
        "rtt",
        "save-data",
        "viewport-width",
        "width",
    ],
    joins_lines: true,
    user_agent_is_safe: true,
    ..SafelistRules::SPEC
};
const FIREFOX: SafelistRules = SafelistRules {
    range_limit: Some(u64::MAX),
    total_limit: None,
    above_ascii_is_unsafe: true,
    content_type_is_single: true,
    keeps_repeats: true,
    ..SafelistRules::SPEC
};
const WEBKIT: SafelistRules = SafelistRules {
    range_limit: Some(u64::MAX),
    range_unit_ignores_case: true,
    range_allows_plus: true,
    total_limit: None,
    joins_lines: true,
    ..SafelistRules::SPEC
};

fn names(lines: &[(&str, &str)], rules: &SafelistRules) -> Vec<String> {
    unsafe_request_header_names(&lines.iter().copied().collect(), rules)
}

#[test]
fn the_standards_safelist_decides_by_name_and_value() {
    let cases = [
        ("Accept", "", true),
        ("ACCEPT", "text/html, */*;q=0.8", true),
        ("accept", "text/html;level=1,\ttext/plain", true),
        ("Accept", "text/html(comment)", false),
        ("Accept", "\"quoted\"", false),
        ("Accept", "naïve/ÿ", true), // bytes from 0x80 up are fine
        ("Accept-Language", "de-DE, en;q=0.7, *;q=0.5", true),
        ("Accept-Language", "", true),
        ("Accept-Language", "de_DE", false),
        ("Accept-Language", "de\ten", false), // a tab is safe in Accept and not here
        ("Accept-Language", "größe", false),
        ("Accept-Language", "de/en", false),
        ("Content-Language", "en-GB", true),
        ("Content-Language", "@", false),
        ("Content-Type", "text/plain", true),
        ("Content-Type", "TEXT/plain", true),
        ("Content-Type", " text/plain", true),
        ("Content-Type", "text/plain;charset=utf-8", true),
        ("Content-Type", "text/plain; charset=UTF-8", true),
        ("Content-Type", "text/plain;", true),
        ("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8", true),
        ("Content-Type", "multipart/form-data", true),
        ("Content-Type", "multipart/form-data; boundary=----WebKitFormBoundaryabc", true),
        ("Content-Type", "multipart/form-data; boundary=\"a b\"", false), // the quotes are unsafe bytes
        ("Content-Type", "text/plain; charset=\"utf-8\"", false),
        ("Content-Type", "text/plain; a=@", false),
        ("Content-Type", "text/plain, text/plain", false),
        ("Content-Type", "text/plain,application/json", false),
        ("Content-Type", "application/json", false),
        ("Content-Type", "application/json; text/plain", false),
        ("Content-Type", "text/html", false),
        ("Content-Type", "text/plain+x", false),
        ("Content-Type", "text", false),
        ("Content-Type", "", false),
        ("Content-Type", "application/csp-report", false),
        ("Range", "bytes=0-1", true),
        ("Range", "bytes=0-", true),
        ("range", "bytes=5-5", true),
        ("Range", "bytes=-5", false),
        ("Range", "bytes=-", false),
        ("Range", "bytes=5-4", false),
        ("Range", "bytes=0-1,2-3", false),
        ("Range", "bytes = 0-1", false),
        ("Range", "Bytes=0-1", false),
        ("Range", "items=0-1", false),
        ("Range", "", false),
        ("Range", "bytes=99999999999999999999-", true),
        ("Authorization", "", false),
        ("X-Custom", "1", false),
        ("Accept-Encoding", "gzip", false),
        ("Cache-Control", "no-cache", false),
        ("If-None-Match", "x", false),
        ("User-Agent", "x", false),
        ("DPR", "2", false),
        ("Accept ", "x", false),
        ("", "", false),
    ];
    for (name, value, safelisted) in cases {
        let is = is_safelisted_request_header(name, value.as_bytes(), &SafelistRules::SPEC);
        assert_eq!(is, safelisted, "{name}: {value}");
    }
}

#[test]
fn a_value_may_have_128_bytes_and_not_one_more() {
    let language = "a".repeat(128);
    let text_plain = format!("text/plain;{}", "a".repeat(128 - "text/plain;".len()));
    let range = format!("bytes={}-", "0".repeat(128 - "bytes=-".len()));
    for (name, value) in [
        ("Accept", &language),
        ("Accept-Language", &language),
        ("Content-Type", &text_plain),
        ("Range", &range),
    ] {
        assert_eq!(value.len(), 128);
        let longer = value.replacen('-', "0-", 1) + if name == "Range" { "" } else { "a" };
        assert_eq!(longer.len(), 129);
        assert!(
            is_safelisted_request_header(name, value.as_bytes(), &SafelistRules::SPEC),
            "{name}, 128 bytes"
        );
        assert!(
            !is_safelisted_request_header(name, longer.as_bytes(), &SafelistRules::SPEC),
            "{name}, 129 bytes"
        );
    }
}

#[test]
fn every_unsafe_byte_is_unsafe_and_no_other() {
    for byte in 0..=255u8 {
        let is_unsafe = (byte < 0x20 && byte != 0x09) || b"\"():<>?@[\\]{}\x7f".contains(&byte);
        let accept = [b'a', byte, b'b'];
        assert_eq!(
            !is_safelisted_request_header("Accept", &accept, &SafelistRules::SPEC),
            is_unsafe,
            "byte {byte:#04x}"
        );
        let content_type = [b"text/plain;a=", &accept[..]].concat();
        let is = is_safelisted_request_header("Content-Type", &content_type, &SafelistRules::SPEC);
        assert_eq!(!is, is_unsafe, "byte {byte:#04x} in a parameter");
        let language = byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte);
        let is = is_safelisted_request_header("Accept-Language", &accept, &SafelistRules::SPEC);
        assert_eq!(is, language, "byte {byte:#04x} in a language");
    }
}

#[test]
fn unsafe_names_come_in_lower_case_sorted_and_once() {
    let headers = [
        ("X-B", "1"),
        ("Accept", "*/*"),
        ("Authorization", "x"),
        ("x-a", "1"),
        ("X-b", "2"),
        ("Accept", "("),
        ("x!", ""),
    ];
    assert_eq!(names(&headers, &SafelistRules::SPEC), ["accept", "authorization", "x!", "x-a", "x-b"]);
}

#[test]
fn nothing_is_allocated_when_all_is_safelisted() {
    for rules in [SafelistRules::SPEC, CHROMIUM, FIREFOX, WEBKIT] {
        assert_eq!(names(&[], &rules).capacity(), 0);
        assert_eq!(names(&[("Accept", "*/*"), ("Content-Type", "text/plain")], &rules).capacity(), 0);
    }
}

#[test]
fn more_than_1024_safelisted_bytes_make_every_name_unsafe() {
    let value = "a".repeat(128);
    let mut lines = vec![("Accept", value.as_str()); 8];
    assert!(names(&lines, &SafelistRules::SPEC).is_empty(), "1024 bytes are fine");
    lines.push(("Accept-Language", "a"));
    assert_eq!(names(&lines, &SafelistRules::SPEC), ["accept", "accept-language"], "1025 are not");
    assert!(names(&lines, &FIREFOX).is_empty(), "Firefox has no such bound");
    lines.pop();
    lines.push(("X-A", "a"));
    assert_eq!(names(&lines, &SafelistRules::SPEC), ["x-a"], "unsafe values are not counted");
    lines.push(("Accept", ""));
    assert_eq!(names(&lines, &SafelistRules::SPEC), ["x-a"]);
}

#[test]
fn lines_are_judged_one_by_one_or_joined() {
    let long = "a".repeat(100);
    let accept_twice = [("Accept", long.as_str()), ("accept", long.as_str())];
    let type_twice = [("Content-Type", "text/plain"), ("Content-Type", "text/plain")];
    let languages = [("Accept-Language", "de"), ("Accept-Language", "en")];
    for (rules, joins) in [(SafelistRules::SPEC, false), (FIREFOX, false), (CHROMIUM, true), (WEBKIT, true)] {
        assert_eq!(!names(&accept_twice, &rules).is_empty(), joins);
        assert_eq!(!names(&type_twice, &rules).is_empty(), joins);
        assert!(names(&languages, &rules).is_empty());
    }
    assert_eq!(names(&accept_twice, &CHROMIUM), ["accept"]);
    assert_eq!(names(&[("X-A", "1"), ("Accept", "("), ("x-a", "2")], &CHROMIUM), ["accept", "x-a"]);
}

#[test]
fn firefox_asks_for_a_repeated_name_twice() {
    assert_eq!(names(&[("Z-A", "1"), ("B", "1"), ("z-a", "2")], &FIREFOX), ["b", "z-a", "z-a"]);
    assert_eq!(names(&[("Z-A", "1"), ("z-a", "2")], &SafelistRules::SPEC), ["z-a"]);
}

#[test]
fn chromium_bounds_ranges_below_the_others() {
    let safe = |value: &str, rules| is_safelisted_request_header("Range", value.as_bytes(), rules);
    for value in ["bytes=9223372036854775807-", "bytes=0-18446744073709551615"] {
        assert!(!safe(value, &CHROMIUM), "{value}");
        assert!(safe(value, &FIREFOX) && safe(value, &WEBKIT), "{value}");
    }
    assert!(!safe("bytes=18446744073709551616-", &FIREFOX));
}

#[test]
fn webkit_takes_a_plus_sign_in_a_range() {
    for (rules, expected) in
        [(&WEBKIT, true), (&CHROMIUM, false), (&FIREFOX, false), (&SafelistRules::SPEC, false)]
    {
        assert_eq!(is_safelisted_request_header("Range", b"bytes=+0-1", rules), expected, "{rules:?}");
    }
}

#[test]
fn firefox_takes_bytes_above_ascii_and_lists_of_types_for_unsafe() {
    for (name, value) in [("Accept", "\u{e9}"), ("Content-Type", "text/plain; x, text/plain;charset=utf-8")] {
        let safe = |rules| is_safelisted_request_header(name, value.as_bytes(), rules);
        assert!(!safe(&FIREFOX) && safe(&CHROMIUM) && safe(&WEBKIT), "{name}");
    }
}

#[test]
fn engines_bound_ranges_and_webkit_ignores_the_case_of_the_unit() {
    let cases = [
        ("bytes=9223372036854775806-", true, true, true),
        ("bytes=99999999999999999999-", true, false, false),
        ("bytes=0-99999999999999999999", true, false, false),
        ("Bytes=0-1", false, false, true),
        ("BYTES=-1", false, false, false),
        ("bytes=0-1", true, true, true),
        ("byte", false, false, false),
        ("bytés=0-1", false, false, false),
    ];
    for (value, spec, chromium, webkit) in cases {
        for (rules, expected) in
            [(SafelistRules::SPEC, spec), (CHROMIUM, chromium), (FIREFOX, chromium), (WEBKIT, webkit)]
        {
            assert_eq!(
                is_safelisted_request_header("Range", value.as_bytes(), &rules),
                expected,
                "{value} {rules:?}"
            );
        }
    }
}

#[test]
fn chromium_takes_client_hints_with_values_that_hints_have() {
    let cases = [
        ("DPR", "2", true),
        ("dpr", "1.25", true),
        ("DPR", "", false),
        ("DPR", ".5", false),
        ("DPR", "1.", false),
        ("DPR", "1.2.3", false),
        ("DPR", "-1", false),
        ("DPR", "1e3", false),
        ("Device-Memory", "0.25", true),
        ("Device-Memory", "a lot", false),
        ("Downlink", "10.5", true),
        ("Width", "640", true),
        ("Width", "640.5", false),
        ("Viewport-Width", "1280", true),
        ("Viewport-Width", "wide", false),
        ("RTT", "150", true),
        ("RTT", "", false),
        ("ECT", "slow-2g", true),
        ("ECT", "2g", true),
        ("ECT", "3g", true),
        ("ECT", "4g", true),
        ("ECT", "4G", false),
        ("ECT", "5g", false),
        ("Save-Data", "on", true),
        ("Save-Data", "ON", true),
        ("Save-Data", "off", false),
        ("Intervention", "anything <at all>", true),
        ("Sec-Other", "1", false),
    ];
    for (name, value, safelisted) in cases {
        assert_eq!(
            is_safelisted_request_header(name, value.as_bytes(), &CHROMIUM),
            safelisted,
            "{name}: {value}"
        );
        assert!(
            !is_safelisted_request_header(name, value.as_bytes(), &SafelistRules::SPEC),
            "{name}: {value}"
        );
    }
    let long = "1".repeat(129);
    assert!(
        !is_safelisted_request_header("DPR", long.as_bytes(), &CHROMIUM),
        "the bound of 128 bytes holds for hints"
    );
}

#[test]
fn chromium_ignores_user_agent() {
    let long = "x".repeat(5000);
    assert!(names(&[("User-Agent", &long)], &CHROMIUM).is_empty());
    assert!(is_safelisted_request_header("user-agent", long.as_bytes(), &CHROMIUM));
    assert_eq!(names(&[("User-Agent", "x")], &FIREFOX), ["user-agent"]);
}

/// Quadratic code would take hours for this many.
#[test]
fn half_a_million_lines_take_linear_time() {
    let lines: Vec<(String, &str)> =
        (0..500_000).map(|n| (if n % 2 == 0 { "Accept".into() } else { format!("x-{n}") }, "a")).collect();
    let headers: HeaderList = lines.into_iter().collect();
    for rules in [SafelistRules::SPEC, CHROMIUM, FIREFOX, WEBKIT] {
        assert!(unsafe_request_header_names(&headers, &rules).len() >= 250_000);
    }
}

/// The standard's steps, with its sets and lists.
fn names_by_hand(lines: &[(String, Vec<u8>)]) -> Vec<String> {
    let (mut certain, mut potential, mut size) = (Vec::new(), Vec::new(), 0);
    for (name, value) in lines {
        if is_safelisted_request_header(name, value, &SafelistRules::SPEC) {
            potential.push(name.to_ascii_lowercase());
            size += value.len();
        } else {
            certain.push(name.to_ascii_lowercase());
        }
    }
    if size > 1024 {
        certain.extend(potential);
    }
    certain.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

proptest! {
    #[test]
    fn unsafe_names_agree_with_the_steps_of_the_standard(
        lines in proptest::collection::vec(("(?i:accept|accept-language|content-type|range|x-[ab])", "[a-z/;=*(-]{0,140}".prop_map(String::into_bytes)), 0..30)
    ) {
        let headers: HeaderList = lines.iter().cloned().collect();
        prop_assert_eq!(unsafe_request_header_names(&headers, &SafelistRules::SPEC), names_by_hand(&lines));
    }

    #[test]
    fn joining_changes_nothing_when_no_name_is_repeated(value in "[a-z/;=*(-]{0,140}") {
        let lines = [("Accept", value.as_str()), ("Content-Type", "text/plain"), ("X-A", "")];
        let joined = SafelistRules { joins_lines: true, ..SafelistRules::SPEC };
        prop_assert_eq!(names(&lines, &joined), names(&lines, &SafelistRules::SPEC));
    }

    #[test]
    fn no_header_makes_the_safelist_panic(name in "\\PC{0,20}", value in proptest::collection::vec(any::<u8>(), 0..150)) {
        for rules in [SafelistRules::SPEC, CHROMIUM, FIREFOX, WEBKIT] {
            let _ = is_safelisted_request_header(&name, &value, &rules);
            for known in SAFELISTED_NAMES {
                let _ = is_safelisted_request_header(known, &value, &rules);
            }
        }
    }
}
