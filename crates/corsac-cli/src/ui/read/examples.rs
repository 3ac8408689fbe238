//! Two header lines that do not fit, for the reasons that are such a comparison: what the browser sent, and what the server sent.

use serde_json::{Value, json};

/// A pair of lines.
struct Example {
    code: &'static str,
    asked: &'static str,
    answered: &'static str,
    /// The part of the answer that is wrong. Empty if something is missing.
    wrong: &'static str,
}

const ORIGIN: &str = "Origin: https://app.example.com";
const WITH_COOKIES: &str = "Origin: https://app.example.com\nCookie: session=7f3a";

const fn of(code: &'static str, asked: &'static str, answered: &'static str, wrong: &'static str) -> Example {
    Example { code, asked, answered, wrong }
}

const EXAMPLES: &[Example] = &[
    of("allow-origin-missing", ORIGIN, "(no Access-Control-Allow-Origin)", ""),
    of("allow-origin-mismatch", ORIGIN, "Access-Control-Allow-Origin: https://app.example.com/", "/"),
    of(
        "allow-origin-multiple",
        ORIGIN,
        "Access-Control-Allow-Origin: https://app.example.com, https://www.example.com",
        ", https://www.example.com",
    ),
    of("allow-origin-invalid", ORIGIN, "Access-Control-Allow-Origin: app.example.com", "app.example.com"),
    of("credentials-wildcard", WITH_COOKIES, "Access-Control-Allow-Origin: *", "*"),
    of(
        "allow-credentials-not-true",
        WITH_COOKIES,
        "Access-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Credentials: True",
        "True",
    ),
    of(
        "method-not-allowed",
        "Access-Control-Request-Method: PUT",
        "Access-Control-Allow-Methods: GET, POST",
        "",
    ),
    of(
        "header-not-allowed",
        "Access-Control-Request-Headers: authorization,content-type",
        "Access-Control-Allow-Headers: Authorization",
        "",
    ),
    of(
        "authorization-wildcard",
        "Access-Control-Request-Headers: authorization",
        "Access-Control-Allow-Headers: *",
        "*",
    ),
    of(
        "allow-methods-invalid",
        "Access-Control-Request-Method: PUT",
        "Access-Control-Allow-Methods: [GET, PUT]",
        "[GET, PUT]",
    ),
    of(
        "allow-headers-invalid",
        "Access-Control-Request-Headers: content-type",
        "Access-Control-Allow-Headers: Content-Type; Authorization",
        "; Authorization",
    ),
];

/// Returns the example of a reason, if it is such a comparison. The answer is in three parts, of which the middle one is wrong.
pub(super) fn example(code: &str) -> Option<Value> {
    let example = EXAMPLES.iter().find(|example| example.code == code)?;
    let (before, after) =
        match example.answered.rsplit_once(example.wrong).filter(|_| !example.wrong.is_empty()) {
            Some((before, after)) => (before, after),
            None => (example.answered, ""),
        };
    Some(json!({ "asked": example.asked, "before": before, "wrong": example.wrong, "after": after }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use corsac::browser::{
        Client, Credentials, Engine, Fetch, PreflightCache, RequestInit, ResponseHead, Step,
    };
    use corsac::origin::Origin;

    use super::*;

    /// Runs the request that sends the first lines against a server that sends the others, as the standard says.
    fn code_of(example: &Example) -> String {
        let page = Client::new(Origin::parse("https://app.example.com").unwrap());
        let mut init = RequestInit::new("https://api.example.com/items".parse().unwrap(), page);
        for (name, value) in example.asked.lines().filter_map(|line| line.split_once(": ")) {
            match name {
                "Cookie" => init.credentials = Credentials::Include,
                "Access-Control-Request-Method" => init.method = value.to_owned(),
                "Access-Control-Request-Headers" => {
                    for name in value.split(',') {
                        init.headers.append(name, "application/json");
                    }
                }
                _ => assert_eq!(name, "Origin"),
            }
        }
        let lines = || example.answered.lines().filter_map(|line| line.split_once(": "));
        let mut answer: Vec<(&str, &str)> = lines().collect();
        if !example.answered.contains("Allow-Origin") {
            answer.push(("Access-Control-Allow-Origin", "https://app.example.com"));
        }
        let mut fetch = Fetch::new(init.build().unwrap(), Engine::Spec.profile());
        let mut cache = PreflightCache::default();
        loop {
            match fetch.next(&mut cache, Duration::ZERO) {
                Step::Send(_) => fetch.receive(Ok(ResponseHead::new(200, answer.clone()))),
                Step::Done(outcome) => return outcome.refusal().unwrap().reason.code().as_str().to_owned(),
            }
        }
    }

    #[test]
    fn each_pair_of_lines_is_refused_for_the_reason_that_it_explains() {
        for case in EXAMPLES {
            assert_eq!(code_of(case), case.code);
            let parts = example(case.code).unwrap();
            let text = ["before", "wrong", "after"].map(|part| parts[part].as_str().unwrap()).concat();
            assert_eq!(text, case.answered);
        }
    }
}
