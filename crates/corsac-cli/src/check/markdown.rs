//! The report as Markdown, for an issue or a chat: the request, the response, the cause, the fix, and a curl command.
//!
//! Most of it comes from the network. So it is all code, in fences and spans that are longer than any run of backticks in them. Nothing in it
//! can become a link, an image or a mention.

use corsac::browser::CompletedExchange;
use corsac::header::HeaderLine;
use corsac::text::LONGEST_MESSAGE;
use corsac_explain::{relevant_headers, spelled};
use url::Position;

use super::secrets::Secrets;
use super::{Question, Report, answer, sent, stack, text};
use crate::curl::{Curl, at_server};
use crate::terminal::{printable, printable_words, wrap};

/// Returns the whole report.
pub(super) fn print(question: &Question, report: &Report, secrets: &Secrets) -> String {
    let Some(chosen) = report.chosen() else {
        return String::new();
    };
    let request = &question.request;
    let request_line = format!("{} {}", request.method(), request.init().url);
    let at = question.connected_to.as_ref();
    let at =
        at.map_or_else(String::new, |at| format!(", connected to {}", span(&hidden(at.as_str(), secrets))));
    let mut page = format!(
        "**{}** {} from {}{}{at}\n",
        report.verdict_name().to_uppercase(),
        span(&hidden(&request_line, secrets)),
        span(&printable(request.origin().as_str())),
        answer::how(question),
    );
    page.push_str(&fenced("text", &what_is_wrong(question, report, secrets)));
    if let Some((title, lines)) = stack::markdown(question, report) {
        page.push_str(&format!("\nTo write in {title}:\n"));
        page.push_str(&fenced("", &secrets.hide(&lines)));
    }
    if let Some(last) = chosen.fetched.exchanges.last() {
        page.push_str("\nRequest and response:\n");
        let exchanges =
            chosen.fetched.exchanges.iter().map(|completed| exchange(completed, question, secrets));
        page.push_str(&fenced("http", &exchanges.collect::<Vec<_>>().join("\n")));
        page.push_str("\nTo send the request again:\n");
        page.push_str(&fenced("sh", &curl(last, question, secrets)));
    }
    page
}

/// Describes the causes with their fixes, or the findings if nothing is refused, and the verdict of each browser.
fn what_is_wrong(question: &Question, report: &Report, secrets: &Secrets) -> String {
    let paragraph = |text: &str, first: &str| wrap(&hidden(text, secrets), first, &" ".repeat(first.len()));
    let mut summary = String::new();
    for (index, cause) in report.diagnosis.iter().enumerate() {
        summary.push_str(&paragraph(&cause.title, if index == 0 { "" } else { "Or: " }));
        if !cause.fix.text.is_empty() {
            summary.push('\n');
            summary.push_str(&paragraph(&cause.fix.text, "Fix  "));
            let lines =
                answer::to_paste(cause).iter().map(|line| format!("       {}\n", hidden(line, secrets)));
            summary.extend(lines);
        }
        if !cause.evidence.is_empty() {
            summary.push('\n');
            summary
                .push_str(&paragraph(&cause.evidence.join(" "), &format!("{}: ", answer::confidence(cause))));
        }
        summary.push('\n');
    }
    if report.diagnosis.is_empty() {
        let result =
            report.chosen().map(|chosen| text::what_the_page_gets(question, report, &chosen.fetched.outcome));
        summary.extend(result.map(|result| paragraph(&result, "") + "\n"));
        for finding in &report.findings {
            summary.push_str(&paragraph(&finding.message, "! "));
            if !finding.fix.is_empty() {
                let (words, command) = finding.fix.split_once('\n').unwrap_or((&finding.fix, ""));
                summary.push_str(&paragraph(words, "  Fix: "));
                if !command.is_empty() {
                    summary.push_str(&format!("       {}\n", hidden(command, secrets)));
                }
            }
            summary.push('\n');
        }
    }
    let verdicts: Vec<String> = report.browsers().map(|engine| answer::verdict_of(report, engine)).collect();
    if !verdicts.is_empty() {
        summary.push_str(&paragraph(&format!("{}.", verdicts.join(", ")), ""));
    }
    summary
}

/// Returns the lines of a request and its response that matter.
fn exchange(completed: &CompletedExchange, question: &Question, secrets: &Secrets) -> String {
    let request_line = format!("{} {}", completed.exchange.method, completed.exchange.url);
    let mut lines = vec![hidden(&request_line, secrets)];
    lines.extend(request_lines(completed, question, secrets));
    lines.push(String::new());
    match &completed.result {
        Ok(head) => {
            lines.push(sent::http_status(head.status));
            let matters = |line: &&HeaderLine| relevant_headers::response_line_matters(line);
            lines.extend(head.headers.iter().filter(matters).map(|line| header(line, secrets)));
        }
        Err(error) => lines.push(hidden(&error.to_string(), secrets)),
    }
    let body = String::from_utf8_lossy(completed.body.as_deref().unwrap_or_default());
    if !body.trim().is_empty() {
        // Secrets are replaced before the body is cut, because a part of one would not be found.
        lines.extend([String::new(), printable(&secrets.hide(body.trim()))]);
    }
    lines.join("\n") + "\n"
}

/// Returns the header lines of the request that matter, and its cookies.
fn request_lines(completed: &CompletedExchange, question: &Question, secrets: &Secrets) -> Vec<String> {
    let from_script = |line: &HeaderLine| question.request.headers().iter().any(|own| own.is(&line.name));
    let matters = |line: &&HeaderLine| relevant_headers::request_line_matters(line) || from_script(line);
    let own = completed.exchange.headers.iter().filter(matters).map(|line| header(line, secrets));
    let sends_cookies = completed.exchange.credentials && !question.cookies.is_empty();
    let cookies = sends_cookies.then(|| hidden(&format!("Cookie: {}", question.cookies.join("; ")), secrets));
    own.chain(cookies).collect()
}

fn header(line: &HeaderLine, secrets: &Secrets) -> String {
    let line = hidden(&format!("{}: {}", line.name, line.text()), secrets);
    match line.split_once(':') {
        Some((name, value)) if name == name.to_ascii_lowercase() => format!("{}:{value}", spelled(name)),
        _ => line,
    }
}

/// Returns the request as a curl command. It does not contain the body, which may be large or secret.
fn curl(completed: &CompletedExchange, question: &Question, secrets: &Secrets) -> String {
    let exchange = &completed.exchange;
    let mut command = Curl::new(&exchange.method);
    let handshake = exchange.headers.iter().filter(|line| is_of_handshake(line));
    let mut lines: Vec<String> = handshake.map(|line| header(line, secrets)).collect();
    if !lines.is_empty() {
        // The exchange does not contain this line, because it is about the connection.
        command.option(&["--http1.1"]);
        lines.push("Connection: Upgrade".to_owned());
    }
    for line in request_lines(completed, question, secrets).into_iter().chain(lines) {
        command.header(&line);
    }
    let body = question.request.init().body.as_ref().filter(|_| exchange.body);
    if body.is_some() {
        command.option(&["--data-binary", "@body"]);
    }
    let mut url = exchange.url.clone();
    if let Some(at) =
        question.connected_to.as_ref().filter(|_| url.host() == question.request.init().url.host())
    {
        let host = &url[Position::BeforeHost..Position::AfterPort];
        command.header(&hidden(&format!("Host: {host}"), secrets));
        url = at_server(at, &url);
    }
    let mut text = command.url(&hidden(url.as_str(), secrets)) + "\n";
    let values = exchange.headers.iter().map(|line| line.value.len()).chain([exchange.url.as_str().len()]);
    if values.max() > Some(LONGEST_MESSAGE) {
        text.push_str("# One of these values was cut, because it is too long for this report.\n");
    }
    if let Some(body) = body {
        text.push_str(&format!("# Save the body in the file `body` first: {} bytes.\n", body.bytes().len()));
    }
    text
}

/// Returns `true` for a line of the handshake of a WebSocket.
fn is_of_handshake(line: &HeaderLine) -> bool {
    ["upgrade", "sec-websocket-key", "sec-websocket-version"].iter().any(|name| line.is(name))
}

/// Returns the text without secrets, on one line.
fn hidden(text: &str, secrets: &Secrets) -> String {
    secrets.hide(&printable_words(&secrets.hide(text)))
}

/// Returns a code block that `text` cannot end.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run_of_backticks(text).saturating_add(1).max(3));
    format!("\n{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// Returns a code span that `text` cannot end.
fn span(text: &str) -> String {
    let ticks = "`".repeat(longest_run_of_backticks(text).saturating_add(1));
    let pad = if text.contains('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn longest_run_of_backticks(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_and_a_span_are_longer_than_the_backticks_in_them() {
        for (text, fence, code) in
            [("a", "```", "`a`"), ("a`b", "```", "`` a`b ``"), ("````", "`````", "````` ```` `````")]
        {
            assert_eq!(fenced("sh", text), format!("\n{fence}sh\n{text}\n{fence}\n"));
            assert_eq!(span(text), code);
        }
    }
}
