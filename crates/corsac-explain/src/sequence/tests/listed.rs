//! The rules as a list.

use corsac::browser::{Engine, Load, Mode, NetworkError, NetworkErrorKind, RequestInit, Rule};

use super::{Answer, head, init, run};
use crate::sequence::{rule_title, rules};

#[test]
fn every_rule_has_a_title() {
    for rule in Rule::ALL {
        assert_ne!(rule_title(*rule), rule.as_str());
    }
    let titles: std::collections::HashSet<&str> = Rule::ALL.iter().map(|rule| rule_title(*rule)).collect();
    assert_eq!(titles.len(), Rule::ALL.len());
}

#[test]
fn the_list_says_which_rules_were_not_reached() {
    let put = || init("https://api.example.com/").with(|init| init.method = "PUT".to_owned());
    let allowed = || head(200, &[("access-control-allow-origin", "*")]);
    let refused = || Err(NetworkError::new(NetworkErrorKind::Refused, ""));
    let image = init("https://cdn.example/a.png").for_load(Load::Image, None);
    let cases: [(&str, RequestInit, Vec<Answer>, &[&str]); 7] = [
        ("readable", init("https://api.example.com/"), vec![allowed()], &[]),
        (
            "the preflight's method",
            put(),
            vec![allowed()],
            &["Preflight headers", "Preflight cache", "CORS check, request", "Response filter"],
        ),
        ("the CORS check", init("https://api.example.com/"), vec![head(200, &[])], &["Response filter"]),
        (
            "a preflight without an answer",
            put(),
            vec![refused()],
            &[
                "CORS check, preflight",
                "Preflight status",
                "Preflight method",
                "Preflight headers",
                "Preflight cache",
                "CORS check, request",
                "Response filter",
            ],
        ),
        (
            "mixed content",
            init("http://api.example.com/"),
            vec![],
            &["Main fetch", "CORS check, request", "Response filter"],
        ),
        (
            "a redirect",
            init("https://api.example.com/"),
            vec![
                head(302, &[("access-control-allow-origin", "*"), ("location", "https://b.example/")]),
                head(200, &[]),
            ],
            &["Response filter"],
        ),
        (
            "an image without an answer",
            image,
            vec![refused()],
            &["Resource policy", "Opaque response blocking", "Response filter"],
        ),
    ];
    for (name, init, answers, expected) in cases {
        let request = init.build().unwrap();
        let rows = rules(&request, &run(&request, Engine::Spec, &answers), Engine::Spec);
        let later: Vec<&str> =
            rows.iter().filter(|row| row.result.as_str() == "later").map(|row| row.title.as_str()).collect();
        assert_eq!(later, expected, "{name}");
    }
}

#[test]
fn each_rule_that_ran_has_its_sentence_and_its_link() {
    let request = init("https://api.example.com/").with(|init| init.mode = Mode::SameOrigin).build().unwrap();
    let rows = rules(&request, &run(&request, Engine::Chromium, &[]), Engine::Chromium);
    let row = rows[0].to_json();
    assert_eq!(row["text"], "Mode same-origin, and the URL has another origin");
    assert_eq!((row["rule"].as_str(), row["result"].as_str()), (Some("main-fetch"), Some("fail")));
    assert_eq!(row["spec"], Rule::MainFetch.spec());
}
