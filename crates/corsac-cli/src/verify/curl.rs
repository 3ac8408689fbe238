//! The request of a finding as a line for a shell.

use corsac::browser::Exchange;
use corsac::header::names::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use corsac_explain::spelled;

use super::target::Target;
use crate::curl::{Curl, at_server};
use crate::terminal::printable_words;

/// A line for curl that sends what matters of the exchange.
pub(super) fn line(exchange: &Exchange, target: &Target) -> String {
    let mut command = Curl::new(&exchange.method);
    let host = target.other_host().map(|host| format!("Host: {host}"));
    let lines = exchange.headers.iter().filter(|line| {
        let matters = [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS];
        matters.iter().any(|name| line.is(name))
    });
    let lines = lines.map(|line| format!("{}: {}", spelled(&line.name), line.text()));
    for header in host.into_iter().chain(lines) {
        command.header(&printable_words(&header));
    }
    command.url(&printable_words(at_server(&target.given, &exchange.url).as_str()))
}
