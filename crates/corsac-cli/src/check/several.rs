//! Several URLs or origins in one command: a line for each pair.

use url::Url;

use super::secrets::Secrets;
use super::{Question, Report};
use crate::arguments::CheckArguments;
use crate::terminal::{FAINT, printable, styled, wrap};

/// The most pairs that one command checks.
const MOST: usize = 100;

/// Returns a question for each pair of URL and origin, in the order given. `body` is that of `--from`, and `-d` wins over it.
pub(crate) fn questions(
    arguments: &CheckArguments,
    body: Option<Vec<u8>>,
) -> Result<impl ExactSizeIterator<Item = Result<Question, String>>, String> {
    let (urls, origins) = (&arguments.urls, &arguments.origins);
    let count = urls.len().saturating_mul(origins.len());
    if count > MOST {
        return Err(format!(
            "{} URLs and {} origins are {count} pairs, and one command checks at most {MOST}: split them up",
            urls.len(),
            origins.len()
        ));
    }
    let body = super::question::body_of(&arguments.request)?.or(body);
    let question = move |url, origin| Question::new(arguments, url, origin, body.clone());
    let pairs: Vec<_> =
        urls.iter().flat_map(|url| origins.iter().map(move |origin| (url.as_str(), origin))).collect();
    if count > 1 && arguments.stack.is_some() {
        return Err("`--stack` is for one URL and one origin: several print only a line each".to_owned());
    }
    // Errors are reported before anything is sent. Each question is built again when it is its turn, so that only one body is in memory.
    for (url, origin) in &pairs {
        question(url, origin)?;
    }
    Ok(pairs.into_iter().map(move |(url, origin)| question(url, origin)))
}

/// Returns the line of one pair, without secrets. Columns are aligned to the longest value in `arguments`.
pub(crate) fn print_line(question: &Question, report: &Report, arguments: &CheckArguments) -> String {
    let (mark, style) = super::text::mark(report);
    let word = format!("{:8}", report.verdict_name().to_uppercase());
    let cause = report.diagnosis.first().map_or("", |cause| cause.code);
    let secrets = Secrets::of(question, report);
    let (url, origin) = url_and_origin(question);
    let urls = arguments.urls.iter().filter_map(|url| Url::parse(url).ok());
    let columns = [
        column(&secrets.hide(&url), urls.map(|url| printed_length(&url, question))),
        column(&origin, arguments.origins.iter().map(|origin| length(origin.as_str()))),
    ];
    let request = format!("{} {}", question.request.method(), columns.join("  "));
    let line = if cause.is_empty() { request.trim_end().to_owned() } else { format!("{request}  {cause}") };
    let line = format!("{} {}  {line}\n", styled(style, mark), styled(style.bold(), &word));
    secrets.hide(&line)
}

/// Returns the name of a pair for a message, without secrets.
pub(crate) fn name(question: &Question, report: &Report) -> String {
    let (url, origin) = url_and_origin(question);
    Secrets::of(question, report).hide(&format!("{url} from {origin}"))
}

/// Returns the note below the table.
pub(crate) fn print_hint() -> String {
    let text = "For the full report with the fix, check one URL and one origin. `corsac explain CODE` explains a cause.";
    format!("\n{}", styled(FAINT, &wrap(text, "  ", "  ")))
}

/// Returns the URL as it was given, and the origin.
fn url_and_origin(question: &Question) -> (String, String) {
    let request = &question.request;
    let url = question.connected_to.as_ref().unwrap_or(&request.init().url);
    (printable(url.as_str()), printable(request.origin().as_str()))
}

/// Pads `text` to the longest value of its column, and to at most 60 characters.
fn column(text: &str, lengths: impl Iterator<Item = usize>) -> String {
    const WIDEST: usize = 60;
    let width = lengths.max().unwrap_or(0).min(WIDEST);
    format!("{text:width$}")
}

/// Returns the length of a URL as it is printed.
fn printed_length(url: &Url, question: &Question) -> usize {
    if question.show_secrets {
        length(url.as_str())
    } else {
        length(&Secrets::of_url(url).hide(url.as_str()))
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}
