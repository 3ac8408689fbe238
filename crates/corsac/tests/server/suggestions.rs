//! Suggestions for values that newcomers write.

use corsac::server::{Policy, PolicyConfig, Problem, ProblemCode};

use crate::{config, strings};

/// Code and suggestion of the first error.
fn first(config: &PolicyConfig) -> (ProblemCode, Option<String>) {
    let problems = Policy::new(config).unwrap_err();
    let problem = problems.iter().find(|problem| problem.is_error()).unwrap();
    (problem.code, problem.suggestion.clone())
}

#[test]
fn an_origin_is_corrected_to_what_was_meant() {
    let cases: &[(&str, Option<&str>)] = &[
        ("localhost:*", Some("http://localhost:*")),
        ("127.0.0.1:*", Some("http://127.0.0.1:*")),
        ("acme.io:*", Some("https://acme.io:*")),
        ("*.acme.io:*", Some("https://*.acme.io:*")),
        ("https://*.acme.io/*", Some("https://*.acme.io")),
        ("https://acme.io/*", Some("https://acme.io")),
        ("https://**.acme.io", Some("https://*.acme.io")),
        ("https://*.*.acme.io", Some("https://*.acme.io")),
        ("*://acme.io", None),
        ("https://**.com", None),
    ];
    for (text, expected) in cases {
        assert_eq!(first(&config(&[text])).1.as_deref(), *expected, "{text}");
    }
}

/// Found by fuzzing: `https://dbh*s.a` was suggested, which is a wildcard in the wrong place as well.
#[test]
fn a_suggestion_does_not_have_the_problem_that_it_is_for() {
    let problems = Policy::new(&config(&["*s.~x", "dbh*s.a"])).unwrap_err();
    for problem in problems.iter().filter(|problem| problem.suggestion.is_some()) {
        let suggestion = problem.suggestion.as_deref().unwrap_or_default();
        assert!(Policy::new(&config(&[suggestion])).is_ok(), "{problem}");
    }
}

/// An invalid entry before the others used to make the problem of another entry look like that of the suggestion.
#[test]
fn a_problem_of_another_entry_is_not_reported_for_a_suggestion() {
    let origins = [
        "https://*.com",
        "https://app.example.com:443",
        "https://*.netlify.app",
        "https://app--*.netlify.app",
    ];
    let problems = Policy::new(&config(&origins)).unwrap_err();
    let problem = problems.iter().find(|problem| problem.code == ProblemCode::OriginDefaultPort).unwrap();
    assert!(problem.message.ends_with("`https://*.com` covers it already"), "{problem}");
}

#[test]
fn a_header_with_its_value_is_corrected_to_its_name() {
    for text in ["Authorization: Bearer", "Authorization: Bearer x, y", "Authorization :x"] {
        let name = Some("Authorization".to_owned());
        let policy = PolicyConfig { request_headers: strings(&[text]), ..config(&["https://a.example"]) };
        assert_eq!(first(&policy), (ProblemCode::RequestHeaderInvalid, name.clone()), "{text}");
        let policy = PolicyConfig { expose_headers: strings(&[text]), ..config(&["https://a.example"]) };
        assert_eq!(first(&policy), (ProblemCode::ExposeHeaderInvalid, name), "{text}");
    }
}

#[test]
fn a_length_of_time_in_words_is_corrected() {
    let cases = [
        ("10 minutes", Some("10m")),
        ("10 min", Some("10m")),
        ("10min", Some("10m")),
        ("10 M", Some("10m")),
        ("1 hour 30 minutes", Some("1h30m")),
        ("2 hours", Some("2h")),
        ("45 seconds", Some("45s")),
        ("1 day", Some("2h")),
        ("9 days", None),
        ("10 weeks", None),
        ("ten minutes", None),
        ("minutes", None),
        ("10", None),
    ];
    for (text, expected) in cases {
        let policy = PolicyConfig { max_age: Some(text.to_owned()), ..config(&["https://a.example"]) };
        match Policy::new(&policy) {
            Ok(_) => assert_eq!(text, "10"),
            Err(_) => assert_eq!(first(&policy).1.as_deref(), expected, "{text}"),
        }
    }
}

/// How to acknowledge an error comes after how to fix it.
#[test]
fn the_fix_comes_before_the_acknowledgement() {
    let policy = PolicyConfig { credentials: true, ..config(&["http://a.example"]) };
    let messages: Vec<String> = Policy::new(&policy).unwrap_err().iter().map(Problem::to_string).collect();
    let expected = "`http://a.example`: anybody on the network between a user and this http page can change the page, and could then \
                    read with the user's credentials. Serve the page over https. Write `https://a.example`. If you know and accept \
                    this risk, write `acknowledge = [\"credentials-insecure-origin\"]`.";
    assert_eq!(messages, [expected]);
}
