//! Every message that the console writer knows, as people paste it: whole, half, wrapped, and with a stack trace.

use corsac::browser::{Engine, ReasonCode};

use crate::console::templates_for_tests as templates;
use crate::pasted::read;

const URL: &str = "https://api.example/items/7?page=2";
const ORIGIN: &str = "https://app.example";

/// What stands in the place of each placeholder.
fn filled(text: &str) -> String {
    let values = [
        ("{kind}", "fetch"),
        ("{url}", URL),
        ("{first-url}", "https://old.example/items"),
        ("{origin}", ORIGIN),
        ("{page}", "https://app.example/start"),
        ("{location}", "https://else.example/"),
        ("{value}", "https://www.example"),
        ("{token}", "x a"),
        ("{name}", "x-trace"),
        ("{method}", "PATCH"),
        ("{status}", "404"),
        ("{space}", "loopback"),
        ("{named}", "local"),
        ("{port}", "25"),
        ("{scheme}", "foo"),
        ("{schemes}", "data, http, https"),
        ("{error}", "net::ERR_CONNECTION_REFUSED"),
    ];
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

struct Paste {
    engine: Engine,
    codes: &'static [ReasonCode],
    template: &'static str,
    text: String,
}

/// The messages: lines as they are, and reasons in each frame of their engine.
fn pastes() -> Vec<Paste> {
    let mut pastes = Vec::new();
    for engine in Engine::BROWSERS {
        let all: Vec<_> = templates(engine).collect();
        for (part, template, codes) in &all {
            let frame = match (*part, engine) {
                ("reason", Engine::Chromium) => {
                    "Access to {kind} at '{url}' from origin '{origin}' has been blocked by CORS policy: {reason}"
                }
                ("reason", Engine::Firefox) => {
                    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. (Reason: {reason})."
                }
                ("reason" | "line", _) => "{reason}",
                _ => continue,
            };
            if codes.is_empty() {
                continue;
            }
            let text = filled(&frame.replace("{reason}", template));
            pastes.push(Paste { engine, codes, template, text });
        }
    }
    pastes
}

/// Runs `change` on every message, and expects what is read to have the message's code.
fn all_read(what: &str, change: impl Fn(&Paste) -> Option<String>) {
    let mut count = 0;
    for paste in pastes() {
        let Some(text) = change(&paste) else { continue };
        count += 1;
        let items = read(&text).items;
        let item = items.first().unwrap_or_else(|| panic!("{what}: nothing is read of\n{text}"));
        let is_network =
            item.code() == Some("network-error") && paste.template == "CORS request did not succeed";
        let fits = paste.codes.iter().any(|code| item.codes.contains(&code.as_str()));
        // The earlier form of Local Network Access has a code that no refusal of today has.
        let is_earlier = item.code() == Some("private-network-header-missing")
            && paste.template.contains("Private-Network");
        assert!(
            fits || is_network || is_earlier,
            "{what}: {:?} instead of {:?} in\n{text}",
            item.codes,
            paste.codes
        );
        assert!(
            item.engine.is_none_or(|engine| engine == paste.engine),
            "{what}: {:?} in\n{text}",
            item.engine
        );
        assert_eq!(items.len(), 1, "{what}: {items:#?} in\n{text}");
        let code: Option<ReasonCode> = item.code().and_then(|code| code.parse().ok());
        if let (Some(code), Some(cors)) = (code, item.cors) {
            assert_eq!(cors, code.is_cors(), "{what}: {text}");
        }
        assert!(!item.diagnosis.is_empty() && !item.text.is_empty(), "{what}: {text}");
    }
    assert!(count >= 60, "only {count} messages: {what}");
}

#[test]
fn messages_are_read_as_they_are() {
    all_read("verbatim", |paste| Some(paste.text.clone()));
    for paste in pastes() {
        let item = &read(&paste.text).items[0];
        if paste.text.contains(&format!("at '{URL}'")) || paste.text.contains(&format!("at {URL}.")) {
            assert_eq!(item.url.as_deref(), Some(URL), "{}", paste.text);
        }
        if paste.text.contains(&format!("origin '{ORIGIN}'")) {
            assert_eq!(item.origin.as_deref(), Some(ORIGIN), "{}", paste.text);
        }
    }
}

#[test]
fn the_second_half_of_a_message_is_enough() {
    all_read("half", |paste| {
        let start = paste.text.find(&filled(paste.template))?;
        Some(paste.text[start..].to_owned())
    });
}

#[test]
fn wrapped_messages_are_read() {
    all_read("wrapped", |paste| {
        let options = textwrap_at(60, &paste.text);
        Some(options)
    });
}

/// Wraps a text at spaces.
fn textwrap_at(width: usize, text: &str) -> String {
    let mut wrapped = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        if column > 0 && column + word.len() >= width {
            wrapped.push('\n');
            column = 0;
        } else if column > 0 {
            wrapped.push(' ');
        }
        wrapped.push_str(word);
        column += word.len() + 1;
    }
    wrapped
}

#[test]
fn messages_with_badges_times_and_a_stack_trace_are_read() {
    all_read("stack trace", |paste| {
        Some(format!(
            "[Error] 12:04:31.220 {}\n    load @ main.3f2a.js:2:1188\n    at async Promise.all (index 0)\n(anonymous) @ (index):12\n",
            paste.text
        ))
    });
}

#[test]
fn quoted_and_escaped_messages_are_read() {
    all_read("html", |paste| Some(paste.text.replace('\'', "&#39;").replace('"', "&quot;")));
    all_read("quotation", |paste| Some(format!("> **{}**", paste.text)));
    all_read("typographic quotes", |paste| Some(paste.text.replace('\'', "’")));
    all_read("no quotes", |paste| {
        let has_value = paste.template.contains("{value}") || paste.template.contains("{token}");
        (!has_value).then(|| paste.text.replace(['\'', '"', '‘', '’', '“', '”', '`'], ""))
    });
}
