//! The report as Markdown, to hand to a colleague: what was asked and answered, the cause, the fix, and a line to ask again.
//!
//! Most of it comes from the network. So it is all code, in fences and spans that are longer than any run of backticks in them: nothing in it
//! can become a link, an image or a mention.

use corsac::browser::CompletedExchange;
use corsac::header::HeaderLine;
use corsac::text::LONGEST_MESSAGE;
use corsac_explain::spelled;
use url::Position;

use super::secrets::Secrets;
use super::{Question, Report, answer, exchange_marks, sent, text};
use crate::terminal::{printable, printable_words, wrap};

/// The whole report.
pub(super) fn print(question: &Question, report: &Report, secrets: &Secrets) -> String {
    let Some(chosen) = report.chosen() else {
        return String::new();
    };
    let request = &question.request;
    let asked = format!("{} {}", request.method(), request.init().url);
    let at = question.connected_to.as_ref();
    let at = at.map_or_else(String::new, |at| format!(", at {}", span(&hidden(at.as_str(), secrets))));
    let mut page = format!(
        "**{}** {} asked by {}{}{at}\n",
        report.verdict_name().to_uppercase(),
        span(&hidden(&asked, secrets)),
        span(&printable(request.origin().as_str())),
        answer::how(question),
    );
    page.push_str(&fenced("text", &what_is_wrong(question, report, secrets)));
    if let Some(last) = chosen.fetched.exchanges.last() {
        page.push_str("\nAsked and answered:\n");
        let exchanges = chosen.fetched.exchanges.iter().map(|carried| exchange(carried, question, secrets));
        page.push_str(&fenced("http", &exchanges.collect::<Vec<_>>().join("\n")));
        page.push_str("\nTo ask again:\n");
        page.push_str(&fenced("sh", &curl(last, question, secrets)));
    }
    page
}

/// The causes with their fixes or, where nothing is refused, what is fragile; and how it ends in each browser.
fn what_is_wrong(question: &Question, report: &Report, secrets: &Secrets) -> String {
    let paragraph = |text: &str, first: &str| wrap(&hidden(text, secrets), first, &" ".repeat(first.len()));
    let mut said = String::new();
    for (index, cause) in report.diagnosis.iter().enumerate() {
        said.push_str(&paragraph(&cause.title, if index == 0 { "" } else { "Or: " }));
        if !cause.fix.text.is_empty() {
            said.push('\n');
            said.push_str(&paragraph(&cause.fix.text, "Fix  "));
            let lines =
                answer::to_paste(cause).iter().map(|line| format!("       {}\n", hidden(line, secrets)));
            said.extend(lines);
        }
        if !cause.evidence.is_empty() {
            said.push('\n');
            said.push_str(&paragraph(&cause.evidence.join(" "), &format!("{}: ", answer::how_sure(cause))));
        }
        said.push('\n');
    }
    if report.diagnosis.is_empty() {
        let sees =
            report.chosen().map(|chosen| text::what_comes_of_it(question, report, &chosen.fetched.outcome));
        said.extend(sees.map(|sees| paragraph(&sees, "") + "\n"));
        for finding in &report.findings {
            said.push_str(&paragraph(&finding.message, "! "));
            if !finding.fix.is_empty() {
                let (words, command) = finding.fix.split_once('\n').unwrap_or((&finding.fix, ""));
                said.push_str(&paragraph(words, "  Fix: "));
                if !command.is_empty() {
                    said.push_str(&format!("       {}\n", hidden(command, secrets)));
                }
            }
            said.push('\n');
        }
    }
    let ends: Vec<String> = report.browsers().map(|engine| answer::end(report, engine)).collect();
    if !ends.is_empty() {
        said.push_str(&paragraph(&format!("{}.", ends.join(", ")), ""));
    }
    said
}

/// The lines that matter of a request and its response.
fn exchange(carried: &CompletedExchange, question: &Question, secrets: &Secrets) -> String {
    let asked = format!("{} {}", carried.exchange.method, carried.exchange.url);
    let mut lines = vec![hidden(&asked, secrets)];
    lines.extend(request_lines(carried, question, secrets));
    lines.push(String::new());
    match &carried.result {
        Ok(head) => {
            lines.push(sent::http_status(head.status));
            let matters = |line: &&HeaderLine| exchange_marks::response_line_matters(line);
            lines.extend(head.headers.iter().filter(matters).map(|line| header(line, secrets)));
        }
        Err(error) => lines.push(hidden(&error.to_string(), secrets)),
    }
    let body = String::from_utf8_lossy(carried.body.as_deref().unwrap_or_default());
    if !body.trim().is_empty() {
        // Hidden first: what is cut is no longer the secret that is known.
        lines.extend([String::new(), printable(&secrets.hide(body.trim()))]);
    }
    lines.join("\n") + "\n"
}

/// The header lines of the request without those that each browser sends, and its cookies.
fn request_lines(carried: &CompletedExchange, question: &Question, secrets: &Secrets) -> Vec<String> {
    let from_script = |line: &HeaderLine| question.request.headers().iter().any(|own| own.is(&line.name));
    let matters = |line: &&HeaderLine| exchange_marks::request_line_matters(line) || from_script(line);
    let own = carried.exchange.headers.iter().filter(matters).map(|line| header(line, secrets));
    let sends_cookies = carried.exchange.credentials && !question.cookies.is_empty();
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

/// The request for curl. Its body is left out: it may hold anything.
fn curl(carried: &CompletedExchange, question: &Question, secrets: &Secrets) -> String {
    let exchange = &carried.exchange;
    // -g: brackets and braces in the URL are meant.
    let mut words = vec!["curl".to_owned(), "-i".to_owned(), "-g".to_owned()];
    match exchange.method.as_str() {
        "GET" => {}
        "HEAD" => words.push("-I".to_owned()),
        method => words.extend(["-X".to_owned(), quoted(method)]),
    }
    let handshake = exchange.headers.iter().filter(|line| is_of_handshake(line));
    let mut lines: Vec<String> = handshake.map(|line| header(line, secrets)).collect();
    if !lines.is_empty() {
        // As in the exchange itself, this line belongs to the connection.
        words.push("--http1.1".to_owned());
        lines.push("Connection: Upgrade".to_owned());
    }
    for line in request_lines(carried, question, secrets).into_iter().chain(lines) {
        // curl takes a header with nothing after its colon for one to leave out.
        let line = match line.strip_suffix(": ") {
            Some(name) => format!("{name};"),
            None => line,
        };
        words.extend(["-H".to_owned(), quoted(&line)]);
    }
    let body = question.request.init().body.as_ref().filter(|_| exchange.body);
    if body.is_some() {
        words.extend(["--data-binary".to_owned(), "@body".to_owned()]);
    }
    let mut url = exchange.url.clone();
    if let Some(at) =
        question.connected_to.as_ref().filter(|_| url.host() == question.request.init().url.host())
    {
        words.extend([
            "-H".to_owned(),
            quoted(&hidden(&format!("Host: {}", &url[Position::BeforeHost..Position::AfterPort]), secrets)),
        ]);
        url = at.clone();
        url.set_path(exchange.url.path());
        url.set_query(exchange.url.query());
    }
    words.push(quoted(&hidden(url.as_str(), secrets)));
    let mut text = words.join(" ") + "\n";
    let values = exchange.headers.iter().map(|line| line.value.len()).chain([exchange.url.as_str().len()]);
    if values.max() > Some(LONGEST_MESSAGE) {
        text.push_str("# One of these values is too long for this report, and was cut.\n");
    }
    if let Some(body) = body {
        text.push_str(&format!("# The file `body` holds the body: {} bytes.\n", body.bytes().len()));
    }
    text
}

/// A line of the handshake of a WebSocket.
fn is_of_handshake(line: &HeaderLine) -> bool {
    ["upgrade", "sec-websocket-key", "sec-websocket-version"].iter().any(|name| line.is(name))
}

/// One word of a shell's command line.
fn quoted(text: &str) -> String {
    // Only NUL cannot be quoted, and nothing printable has one.
    shlex::try_quote(text).map(Into::into).unwrap_or_default()
}

/// A text without secrets, on one line.
fn hidden(text: &str, secrets: &Secrets) -> String {
    secrets.hide(&printable_words(&secrets.hide(text)))
}

/// A code block that its text cannot end.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run_of_backticks(text).saturating_add(1).max(3));
    format!("\n{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// A code span that its text cannot end.
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
