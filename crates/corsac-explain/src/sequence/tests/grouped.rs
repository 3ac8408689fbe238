//! Browsers that tell the same story.

use std::time::Duration;

use corsac::browser::{Client, Engine, Fetch, Fetched, PreflightCache, Request, RequestInit, ResponseHead};
use corsac::origin::Origin;
use serde_json::Value;

use crate::sequence::groups;

fn fetched(page: &str, url: &str) -> (Request, [Fetched; 3]) {
    let page = Client::new(Origin::parse(page).unwrap());
    let request = RequestInit::new(url.parse().unwrap(), page).build().unwrap();
    let answer = || ResponseHead::new(200, [("Access-Control-Allow-Origin", "*")]);
    let run = |engine: Engine| {
        Fetch::new(request.clone(), engine.profile()).run(
            &mut PreflightCache::default(),
            Duration::ZERO,
            |_| Ok(answer()),
        )
    };
    let all = [Engine::Chromium, Engine::Firefox, Engine::WebKit].map(run);
    (request, all)
}

fn names(groups: &[Value]) -> Vec<String> {
    groups.iter().map(|group| group["names"].to_string()).collect()
}

/// Safari alone refuses plain http on this machine from a page on https. Its story is the strictest, and not the one that decides.
#[test]
fn the_group_that_decides_is_the_first_and_then_the_strictest() {
    let (request, all) = fetched("https://app.example", "http://127.0.0.1/");
    let all: Vec<_> = Engine::BROWSERS.iter().copied().zip(&all).collect();
    let (others, safari) = (r#"["Chromium","Firefox"]"#, r#"["Safari"]"#);
    let table = [
        (Some(Engine::Chromium), [others, safari]),
        (Some(Engine::WebKit), [safari, others]),
        (Some(Engine::Spec), [safari, others]),
        (None, [safari, others]),
    ];
    for (decides, expected) in table {
        assert_eq!(names(&groups(&request, &all, decides, &[])), expected, "{decides:?}");
    }
}

#[test]
fn browsers_that_read_the_same_are_one_group_with_what_script_reads() {
    let (request, all) = fetched("https://app.example", "https://api.example/");
    let all: Vec<_> = Engine::BROWSERS.iter().copied().zip(&all).collect();
    let groups = groups(&request, &all, None, &[]);
    assert_eq!(names(&groups), [r#"["Chromium","Firefox","Safari"]"#]);
    assert_eq!(groups[0]["readable"], serde_json::json!({ "status": 200, "headers": [] }));
}
