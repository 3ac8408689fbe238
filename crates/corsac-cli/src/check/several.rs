//! Several questions in one call: a line for each.

use url::Url;

use super::secrets::Secrets;
use super::{Question, Report};
use crate::arguments::CheckArguments;
use crate::terminal::{FAINT, printable, styled, wrap};

/// As many questions are asked in one call.
const MOST: usize = 100;

/// Each URL for each origin, in the order given. The error is a sentence for a person.
pub(crate) fn questions(
    arguments: &CheckArguments,
) -> Result<impl ExactSizeIterator<Item = Result<Question, String>>, String> {
    let (urls, origins) = (&arguments.urls, &arguments.origins);
    let count = urls.len().saturating_mul(origins.len());
    if count > MOST {
        return Err(format!(
            "{} URLs for {} origins are {count} questions, and one call asks {MOST} at most",
            urls.len(),
            origins.len()
        ));
    }
    let body = super::question::body_of(&arguments.request)?;
    let ask = move |url, origin| Question::new(arguments, url, origin, body.clone());
    let pairs: Vec<_> =
        urls.iter().flat_map(|url| origins.iter().map(move |origin| (url.as_str(), origin))).collect();
    // One that cannot be asked is told before anything is sent. They are built again when it is their turn, so that one body is held at a time.
    for (url, origin) in &pairs {
        ask(url, origin)?;
    }
    Ok(pairs.into_iter().map(move |(url, origin)| ask(url, origin)))
}

/// One question and its answer, without secrets. Columns stand below each other as far as `arguments` let them.
pub(crate) fn print_line(question: &Question, report: &Report, arguments: &CheckArguments) -> String {
    let (mark, style) = super::text::mark(report);
    let word = format!("{:8}", report.verdict_name().to_uppercase());
    let cause = report.diagnosis.first().map_or("", |cause| cause.code);
    let secrets = Secrets::of(question, report);
    let (url, origin) = place(question);
    let urls = arguments.urls.iter().filter_map(|url| Url::parse(url).ok());
    let columns = [
        column(&secrets.hide(&url), urls.map(|url| shown_length(&url, question))),
        column(&origin, arguments.origins.iter().map(|origin| length(origin.as_str()))),
    ];
    let asked = format!("{} {}", question.request.method(), columns.join("  "));
    let line = if cause.is_empty() { asked.trim_end().to_owned() } else { format!("{asked}  {cause}") };
    let line = format!("{} {}  {line}\n", styled(style, mark), styled(style.bold(), &word));
    secrets.hide(&line)
}

/// What was asked, for a message, without secrets.
pub(crate) fn name(question: &Question, report: &Report) -> String {
    let (url, origin) = place(question);
    Secrets::of(question, report).hide(&format!("{url} for {origin}"))
}

/// Where the whole report of one line is.
pub(crate) fn print_hint() -> String {
    let text = "To see the whole report with the fix, ask for one URL and one origin. `corsac explain CODE` says more about a cause.";
    format!("\n{}", styled(FAINT, &wrap(text, "  ", "  ")))
}

/// The URL as it was given, and the origin.
fn place(question: &Question) -> (String, String) {
    let request = &question.request;
    let url = question.connected_to.as_ref().unwrap_or(&request.init().url);
    (printable(url.as_str()), printable(request.origin().as_str()))
}

/// The text, as wide as the longest of its column, or as is usual for it.
fn column(text: &str, lengths: impl Iterator<Item = usize>) -> String {
    const WIDEST: usize = 60;
    let width = lengths.max().unwrap_or(0).min(WIDEST);
    format!("{text:width$}")
}

/// The length of a URL, without secrets unless they are shown.
fn shown_length(url: &Url, question: &Question) -> usize {
    if question.show_secrets {
        length(url.as_str())
    } else {
        length(&Secrets::of_url(url).hide(url.as_str()))
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}
