//! `api/ask`: sends the request of a page to a real server, as `corsac check` does.

use std::time::Duration;

use axum::http::StatusCode;
use corsac::browser::{Credentials, CrossOrigin, Load, Mode, RedirectMode, ReferrerPolicy};
use corsac_stacks::Stack;
use serde_json::{Value, json};

use super::super::Ui;
use super::CallError;
use crate::arguments::{CheckArguments, HeaderArgument, parse_header, parse_origin};
use crate::check::{self, Question, parse_url};
use crate::given::Given;
use crate::terminal::printable;

/// The longest that all requests of a question may take.
const LONGEST_TIMEOUT: f64 = 60.0;

/// Asks. If the page no longer waits, this is dropped, and with it every connection.
pub(super) async fn call(ui: &Ui, given: Given) -> Result<Value, CallError> {
    if !ui.may_ask {
        return Err(CallError::new(
            StatusCode::FORBIDDEN,
            "This page can be reached beyond its machine, so it asks no servers. Whoever started it can allow that with `corsac ui --allow-ask`.",
        ));
    }
    let (question, confirmed) = question(ui, given)?;
    confirmed_if_needed(&question, confirmed)?;
    let _permit = ui.limits.asked.try_acquire().map_err(|_| {
        let message = "Other questions are still being asked: wait for one, or stop it.";
        CallError::new(StatusCode::TOO_MANY_REQUESTS, message)
    })?;
    let report = check::run(&question).await;
    let [groups, controls] = check::diagram_json(&question, &report);
    Ok(json!({
        "schema": "corsac.page.ask/1",
        "report": check::print_json(&question, &report),
        "answer": check::answer_json(&question, &report),
        "groups": groups,
        "controls": controls,
        "markdown": check::print_markdown(&question, &report),
    }))
}

/// Says what to write into a stack, so that the page may make the request. Nothing is sent.
pub(super) fn fix(ui: &Ui, given: Given) -> Result<Value, CallError> {
    let (question, _) = question(ui, given)?;
    check::fix_json(&question).ok_or_else(|| CallError::field("stack")("`stack` is missing.".to_owned()))
}

/// Refuses what may change something on the server, unless a person has confirmed it.
fn confirmed_if_needed(question: &Question, confirmed: bool) -> Result<(), CallError> {
    let method = question.request.method();
    if confirmed || question.preflight_only || matches!(method, "GET" | "HEAD" | "OPTIONS") {
        return Ok(());
    }
    let message =
        format!("{} may change something on the server, so nothing was sent yet.", printable(method));
    let needs = Some("confirmation");
    Err(CallError { needs, ..CallError::new(StatusCode::CONFLICT, message) })
}

/// Reads the question, and whether a person has confirmed it. Nothing is sent, and no file is read.
fn question(ui: &Ui, mut given: Given) -> Result<(Question, bool), CallError> {
    let mut arguments = CheckArguments::usual()?;
    let load = given.one_of("as", Load::ALL, Load::as_str).map_err(CallError::field("as"))?;
    let url = given.needed("url").map_err(CallError::field("url"))?;
    if load != Some(Load::WebSocket) {
        parse_url(&url).map_err(CallError::field("url"))?;
    }
    let origin = given.needed("origin").and_then(|origin| parse_origin(&origin));
    let origin = origin.map_err(CallError::field("origin"))?;
    let body = given.text("body").map_err(CallError::field("body"))?;
    let request = &mut arguments.request;
    request.method = given.text("method").map_err(CallError::field("method"))?;
    let headers = given.text("headers").and_then(|text| header_lines(&text.unwrap_or_default()));
    request.headers = headers.map_err(CallError::field("headers"))?;
    request.credentials = given.one_of("credentials", Credentials::ALL, Credentials::as_str)?;
    request.mode = given.one_of("mode", &[Mode::Cors, Mode::NoCors, Mode::SameOrigin], Mode::as_str)?;
    request.referrer_policy = given.one_of("referrer_policy", ReferrerPolicy::ALL, ReferrerPolicy::as_str)?;
    arguments.redirect = given.one_of("redirect", RedirectMode::ALL, RedirectMode::as_str)?;
    arguments.load.load = load;
    arguments.load.crossorigin = given
        .one_of("crossorigin", &CrossOrigin::ALL, CrossOrigin::as_str)
        .map_err(CallError::field("crossorigin"))?;
    arguments.cookies = given.list("cookies").map_err(CallError::field("cookies"))?;
    arguments.url_of = given.text("url_of").map_err(CallError::field("url_of"))?;
    arguments.preflight_only = given.flag("preflight_only")?;
    arguments.timeout = timeout(&mut given).map_err(CallError::field("timeout"))?;
    arguments.stack = stack(&mut given).map_err(CallError::field("stack"))?;
    arguments.resolve.clone_from(&ui.resolve);
    let confirmed = given.flag("confirmed")?;
    given.end()?;
    if load.is_some() {
        leave_out_what_is_usual(&mut arguments);
    }
    let question = Question::new(&arguments, &url, &origin, body.map(String::into_bytes))
        .map_err(|message| in_words_of_the_page(&message))?;
    Ok((question, confirmed))
}

/// The form always says how a `fetch()` would be. For an element, what is usual there says nothing.
fn leave_out_what_is_usual(arguments: &mut CheckArguments) {
    let request = &mut arguments.request;
    request.method.take_if(|method| method == "GET");
    request.credentials.take_if(|credentials| *credentials == Credentials::default());
    request.mode.take_if(|mode| *mode == Mode::default());
    arguments.redirect.take_if(|redirect| *redirect == RedirectMode::default());
}

fn header_lines(text: &str) -> Result<Vec<HeaderArgument>, String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(parse_header).collect()
}

fn timeout(given: &mut Given) -> Result<Duration, String> {
    let seconds = given.number("timeout")?.unwrap_or(10.0);
    if (0.001..=LONGEST_TIMEOUT).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(format!("`timeout` has to be a number of seconds up to {LONGEST_TIMEOUT}."))
    }
}

fn stack(given: &mut Given) -> Result<Option<Stack>, String> {
    let Some(name) = given.text("stack")? else { return Ok(None) };
    let unknown = || format!("No server, framework or product has the name `{}`.", printable(&name));
    Stack::parse(&name).map(Some).ok_or_else(unknown)
}

/// Names the fields of the form instead of the options of the command.
fn in_words_of_the_page(message: &str) -> String {
    const WORDS: [(&str, &str); 9] = [
        ("`-X`", "The method"),
        ("`-H`", "Headers"),
        ("`-d`", "A body"),
        ("`<URL>`", "the URL"),
        ("<URL>", "the URL"),
        ("`corsac check` sends requests", "requests are sent"),
        ("`--as ", "`as "),
        ("`--", "`"),
        ("\nChromium throws: ", " Chromium throws: "),
    ];
    let text = WORDS.iter().fold(message.to_owned(), |text, (option, words)| text.replace(option, words));
    corsac_explain::capitalized(&text)
}
