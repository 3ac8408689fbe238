//! The request of a finding as a line for a shell.

use corsac::browser::Exchange;
use corsac::header::names::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use corsac_explain::spelled;

use super::target::Target;
use crate::terminal::printable_words;

/// A line for curl that sends what matters of the exchange.
pub(super) fn line(exchange: &Exchange, target: &Target) -> String {
    // -g: brackets and braces in the URL are meant.
    let mut words = vec!["curl".to_owned(), "-i".to_owned(), "-g".to_owned()];
    match exchange.method.as_str() {
        "GET" => {}
        "HEAD" => words.push("-I".to_owned()),
        method => words.extend(["-X".to_owned(), method.to_owned()]),
    }
    let host = target.other_host().map(|host| format!("Host: {host}"));
    let lines = exchange.headers.iter().filter(|line| {
        let matters = [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS];
        matters.iter().any(|name| line.is(name))
    });
    let lines = lines.map(|line| format!("{}: {}", spelled(&line.name), line.text()));
    for header in host.into_iter().chain(lines) {
        words.extend(["-H".to_owned(), header]);
    }
    words.push(target.real(&exchange.url).into());
    let quoted = words.iter().map(|word| {
        let word = printable_words(word);
        // Only NUL cannot be quoted, and nothing printable has one.
        shlex::try_quote(&word).map(Into::into).unwrap_or_default()
    });
    quoted.collect::<Vec<String>>().join(" ")
}
