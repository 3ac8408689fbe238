//! Values that are long or not text.

use corsac::browser::{Credentials, Engine, ResponseHead};

use super::{head, init, run, short, story};
use crate::sequence::{Step, steps};

#[test]
fn a_long_value_is_whole() {
    let long = format!("https://{}.example", "a".repeat(300));
    let steps = story(
        init("https://api.example.com/"),
        Engine::Chromium,
        &[head(200, &[("access-control-allow-origin", &long)])],
    );
    assert_eq!(steps[2]["lines"][0]["value"], long);
}

#[test]
fn bytes_that_are_not_text_are_replaced() {
    let request = init("https://api.example.com/").build().unwrap();
    let answer = ResponseHead::new(200, [("access-control-allow-origin", b"https://\xff\xfe".to_vec())]);
    let fetched = run(&request, Engine::Chromium, &[Ok(answer)]);
    let steps: Vec<_> = steps(&request, &fetched, Engine::Chromium, &[]).iter().map(Step::to_json).collect();
    assert_eq!(steps[2]["lines"][0]["value"], "https://\u{fffd}\u{fffd}", "{}", short(&steps));
    assert_eq!(steps[2]["lines"][0]["result"], "fail");
}

#[test]
fn two_lines_of_one_header_are_both_shown() {
    let line = ("access-control-allow-origin", "https://app.example.com");
    let steps = story(init("https://api.example.com/"), Engine::Chromium, &[head(200, &[line, line])]);
    let lines = steps[2]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2, "{}", short(&steps));
    assert_eq!(lines[0]["missing"], "2 lines count as one value");
    assert_eq!(lines[1]["result"], serde_json::Value::Null);
}

#[test]
fn the_line_that_lists_the_method_is_the_one_that_passes() {
    let init = init("https://api.example.com/").with(|init| init.method = "PUT".to_owned());
    let answer = head(
        200,
        &[
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET"),
            ("access-control-allow-methods", "PUT"),
        ],
    );
    let steps = story(init, Engine::Chromium, &[answer]);
    assert_eq!(steps[3]["lines"][2]["value"], "PUT", "{}", short(&steps));
}

#[test]
fn cookies_stand_on_the_request_that_carries_them() {
    let request = init("https://api.example.com/")
        .with(|init| init.credentials = Credentials::Include)
        .build()
        .unwrap();
    let fetched = run(&request, Engine::Chromium, &[head(200, &[])]);
    let steps = steps(&request, &fetched, Engine::Chromium, &["a=1".to_owned(), "b=2".to_owned()]);
    let Step::Sent { lines, .. } = &steps[1] else { panic!("{steps:?}") };
    assert_eq!(lines.last().unwrap().value.as_deref(), Some("a=1; b=2"));
}
