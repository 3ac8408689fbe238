//! What is left out of long stories.

use corsac::browser::Engine;

use super::{head, init, short, story};

const ANY: (&str, &str) = ("access-control-allow-origin", "*");

#[test]
fn twenty_redirects_fold_into_one_row() {
    let redirect = || head(302, &[ANY, ("location", "/next")]);
    let mut answers: Vec<_> = (0..20).map(|_| redirect()).collect();
    answers.push(head(200, &[ANY]));
    let steps = story(init("https://api.example.com/first"), Engine::Chromium, &answers);
    let text = short(&steps);
    let names: Vec<&str> = steps.iter().filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(
        names,
        ["call", "sent", "received", "sent", "received", "fold", "sent", "received", "end"],
        "{text}"
    );
    assert_eq!(steps[5]["count"], 18);
    assert_eq!(steps[7]["status"], 200);
}

#[test]
fn the_redirect_that_is_one_too_many_is_shown() {
    let steps = story(
        init("https://api.example.com/first"),
        Engine::Chromium,
        &[head(302, &[ANY, ("location", "/next")])],
    );
    assert_eq!(steps[7]["lines"][1]["missing"], "is redirect 21", "{}", short(&steps));
}

#[test]
fn few_redirects_are_all_shown() {
    let mut answers: Vec<_> = (0..4).map(|_| head(302, &[ANY, ("location", "/next")])).collect();
    answers.push(head(200, &[ANY]));
    let steps = story(init("https://api.example.com/first"), Engine::Chromium, &answers);
    assert!(steps.iter().all(|step| step["step"] != "fold"), "{}", short(&steps));
}

#[test]
fn of_many_lines_those_that_were_judged_or_name_an_origin_stay() {
    let names: Vec<String> = (0..30).map(|number| format!("x-number-{number}")).collect();
    let mut headers = vec![ANY];
    headers.extend(names.iter().map(|name| (name.as_str(), "1")));
    let mut init = init("https://api.example.com/");
    init.headers.append("Content-Type", "text/plain");
    let steps = story(init, Engine::Chromium, &[head(200, &headers)]);
    assert_eq!(steps[2]["lines"].as_array().unwrap().len(), 1, "{}", short(&steps));
    assert_eq!(steps[2]["more"], 30);
}
