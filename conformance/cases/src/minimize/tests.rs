//! Minimizing, with predicates in place of a browser.
#![allow(clippy::unwrap_used, reason = "a test")]

use serde_json::{Value, json};

use super::minimize;
use crate::case::Case;

fn case(value: Value) -> Case {
    serde_json::from_value(value).unwrap()
}

/// A case with more in it than any disagreement needs.
fn large() -> Case {
    let answer = json!({"status": 207, "headers": [
        ["Access-Control-Allow-Origin", "{a}"], ["Access-Control-Allow-Headers", "x-a, x-b, x-c"], ["X-Other", "long"]
    ]});
    case(json!({
        "name": "seed-1/1",
        "page": "l",
        "steps": [
            {"url": "<c>/x?query", "method": "PUT", "headers": [["X-A", "1"], ["X-B", "22"]], "body": "json"},
            {"wait": 5500},
            {"url": "<c>/x", "api": "xhr", "method": "POST", "credentials": "include", "headers": [["X-C", "3"]]}
        ],
        "server": {
            "<c>/x": {"preflight": [answer, answer], "request": [answer]},
            "<t>/y": {"request": [answer]}
        }
    }))
}

fn minimal(disagrees: impl Fn(&Case) -> bool) -> Value {
    let mut ask = |cases: &[Case]| Ok(cases.iter().map(&disagrees).collect());
    serde_json::to_value(minimize(&large(), 2000, &mut ask).unwrap()).unwrap()
}

#[test]
fn nothing_is_left_that_the_disagreement_does_not_need() {
    let left = minimal(|case| {
        case.calls().any(|call| call.headers.iter().any(|(name, _)| name == "X-B"))
            && case.server.values().any(|resource| {
                let mut lines = resource.preflight.iter().flat_map(|reply| &reply.headers);
                lines.any(|(_, value)| value.contains("x-b"))
            })
    });
    let expected = json!({
        "name": "seed-1/1",
        "steps": [{"url": "<b>/x", "headers": [["X-B", "1"]]}],
        "server": {"<b>/x": {"preflight": [{"headers": [["Access-Control-Allow-Headers", "x-b"]]}]}}
    });
    assert_eq!(left, expected);
}

#[test]
fn steps_that_belong_together_stay() {
    let left = minimal(|case| case.steps.len() == 3 && case.calls().nth(1).unwrap().method.is_some());
    let expected = json!({
        "name": "seed-1/1",
        "steps": [{"url": "<b>/x"}, {"wait": 5500}, {"url": "<b>/x", "method": "POST"}],
        "server": {}
    });
    assert_eq!(left, expected);
}

#[test]
fn requests_made_at_once_become_one_where_one_is_enough() {
    let call = json!({"url": "<b>/x", "method": "PUT"});
    let together =
        case(json!({"name": "x", "steps": [{"together": [call, {"url": "<b>/y"}, call]}], "server": {}}));
    let mut ask = |cases: &[Case]| {
        let puts = |case: &Case| case.calls().any(|call| call.method.is_some());
        Ok(cases.iter().map(puts).collect())
    };
    let smallest = minimize(&together, 100, &mut ask).unwrap();
    assert_eq!(smallest, case(json!({"name": "x", "steps": [call], "server": {}})));
}

#[test]
fn a_disagreement_about_everything_leaves_one_plain_request() {
    let left = minimal(|_| true);
    assert_eq!(left, json!({"name": "seed-1/1", "steps": [{"url": "<b>/x"}], "server": {}}));
}

#[test]
fn what_no_smaller_case_shows_stays_as_it_is() {
    assert_eq!(minimal(|_| false), serde_json::to_value(large()).unwrap());
}

#[test]
fn no_more_candidates_are_asked_about_than_allowed() {
    let mut asked = 0;
    let mut ask = |cases: &[Case]| {
        asked += cases.len();
        Ok(vec![true; cases.len()])
    };
    minimize(&large(), 30, &mut ask).unwrap();
    assert_eq!(asked, 30);
}

#[test]
fn a_failure_ends_the_search() {
    let result = minimize(&large(), 30, &mut |_| Err("the browser is gone".into()));
    assert_eq!(result.unwrap_err().to_string(), "the browser is gone");
}
