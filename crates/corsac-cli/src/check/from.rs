//! `--from`: the request that a curl command, a call of `fetch()` or another copy of a request describes.

use std::io::{BufRead, IsTerminal as _, Read as _, Write};
use std::path::Path;

use corsac::browser::{Credentials, Mode};
use corsac_explain::written_request::{self, WrittenRequest};

use super::Secrets;
use crate::arguments::CheckArguments;
use crate::explain::input;
use crate::terminal::{CAREFUL, STRONG, printable, printable_argument, printable_words, styled};

/// The longest text that is read. What is over the library's own limit is an error there.
const LONGEST: u64 = (1 << 20) + 1;

/// The arguments with what a text says about the request, and the body of the text.
pub(crate) struct Asked {
    pub(crate) arguments: CheckArguments,
    pub(crate) body: Option<Vec<u8>>,
}

/// Reads the text of `--from`, if there is one. Options of the command line win over the text; headers and cookies of both are sent.
pub(crate) fn read(arguments: &CheckArguments) -> Result<Option<Asked>, String> {
    let Some(path) = &arguments.from else { return Ok(None) };
    if let Some(url) = arguments.urls.first() {
        return Err(format!(
            "`--from` already says which URL is requested, so no URL can stand beside it: leave out `{}`.",
            printable_argument(url)
        ));
    }
    if arguments.request.data.as_deref().is_some_and(|data| data == "@-") && path.as_os_str() == "-" {
        return Err(
            "`--from -` and `-d @-` cannot both read standard input: give one of them a file.".to_owned()
        );
    }
    let text = read_text(path)?;
    let written = written_request::read(&text).map_err(|error| format!("{}: {error}.", name_of(path)))?;
    for note in &written.notes {
        // If standard error is closed, the note cannot be printed anywhere.
        let _ = writeln!(anstream::stderr(), "{} {}", styled(CAREFUL, "note:"), printable_words(note));
    }
    merged(arguments, written, path).map(Some)
}

fn name_of(path: &Path) -> String {
    match path.to_str() {
        Some("-") => "standard input".to_owned(),
        _ => format!("`{}`", printable(path.as_os_str().as_encoded_bytes())),
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    if input::is_named_pipe(path) {
        return Err(input::named_pipe(path));
    }
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
    };
    read.map_err(|error| format!("cannot read the request from {}: {error}", name_of(path)))?;
    if bytes.len() as u64 == LONGEST {
        // The end may be half of a character, and does not matter.
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let not_text = |_| format!("{} is not UTF-8: save the request as UTF-8.", name_of(path));
    String::from_utf8(bytes).map_err(not_text)
}

/// Puts what the text says where the command line says nothing.
fn merged(arguments: &CheckArguments, written: WrittenRequest, path: &Path) -> Result<Asked, String> {
    let mut all = arguments.clone();
    if all.origins.is_empty() {
        let missing = || {
            format!(
                "{} has neither `Origin` nor `Referer`, so the page that makes the request is not known: add `--origin https://...`.",
                name_of(path)
            )
        };
        all.origins.push(written.origin.ok_or_else(missing)?);
    }
    all.urls = vec![written.url.into()];
    let body = if all.request.data.is_some() { None } else { written.body };
    all.request.method.get_or_insert(written.method);
    all.request.credentials = all.request.credentials.or(written.credentials);
    all.request.mode = all.request.mode.or(written.mode);
    all.request.referrer_policy = all.request.referrer_policy.or(written.referrer_policy);
    all.redirect = all.redirect.or(written.redirect);
    all.insecure |= written.insecure;
    let headers = written.headers.into_iter().map(|(name, value)| (name, value.into_boxed_slice()));
    all.request.headers.splice(..0, headers);
    all.cookies.splice(..0, written.cookies);
    Ok(Asked { arguments: all, body })
}

/// Asks before a request is sent that may change something. A text is copied faster than it is read.
pub(crate) fn consent(asked: &Asked) -> Result<(), String> {
    let arguments = &asked.arguments;
    let method = arguments.request.method.as_deref().unwrap_or("GET");
    let is_safe = ["GET", "HEAD", "OPTIONS"].iter().any(|safe| method.eq_ignore_ascii_case(safe));
    if is_safe || arguments.yes || arguments.preflight_only {
        return Ok(());
    }
    let request = shown(asked, method);
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        let first = request.lines().next().unwrap_or_default();
        return Err(format!(
            "`{first}` may change something on the server, and it is really sent: add `--yes`, or `--preflight-only` to send only its preflight."
        ));
    }
    let answer = ask(&request, &mut std::io::stdin().lock(), &mut anstream::stderr());
    if answer { Ok(()) } else { Err("nothing was sent.".to_owned()) }
}

/// Describes the request without secrets: the names of headers, and the length of the body.
fn shown(asked: &Asked, method: &str) -> String {
    let Asked { arguments, body } = asked;
    let url = arguments.urls.first().map(String::as_str).unwrap_or_default();
    let hidden = url::Url::parse(url)
        .map_or_else(|_| printable(url), |url| Secrets::of_url(&url).hide(&printable(url.as_str())));
    let mut lines = vec![format!("{} {hidden}", printable(method))];
    lines.extend(arguments.request.headers.iter().map(|(name, _)| format!("{}: ...", printable(name))));
    if !arguments.cookies.is_empty() && arguments.request.credentials == Some(Credentials::Include) {
        lines.push("Cookie: ...".to_owned());
    }
    if arguments.request.mode == Some(Mode::NoCors) {
        lines.push("(mode no-cors)".to_owned());
    }
    match (body, &arguments.request.data) {
        (_, Some(_)) => lines.push("(the body of -d)".to_owned()),
        (Some(body), None) => lines.push(format!("(length of the body: {})", body.len())),
        (None, None) => {}
    }
    lines.join("\n")
}

/// Shows the request, and returns `true` if the answer is yes.
fn ask(request: &str, answers: &mut impl BufRead, out: &mut impl Write) -> bool {
    let lines = request.lines().map(|line| format!("  {line}\n")).collect::<String>();
    let question = styled(STRONG, "This may change something on the server. Send it? [y/N]");
    // Without a question there is no answer.
    if write!(out, "{lines}{question} ").and_then(|()| out.flush()).is_err() {
        return false;
    }
    let mut answer = String::new();
    let is_read = answers.take(1_000).read_line(&mut answer).is_ok();
    is_read && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_sends_it() {
        let table = [
            ("y\n", true),
            ("YES\n", true),
            ("\n", false),
            ("", false),
            ("n\n", false),
            ("yesterday\n", false),
        ];
        for (answer, expected) in table {
            let mut shown = Vec::new();
            assert_eq!(
                ask("DELETE https://api.example/1\nX-A: ...", &mut answer.as_bytes(), &mut shown),
                expected,
                "{answer}"
            );
            let shown = String::from_utf8(shown).unwrap();
            assert!(shown.starts_with("  DELETE https://api.example/1\n  X-A: ...\n"), "{shown}");
            assert!(shown.ends_with("[y/N]\u{1b}[0m "), "{shown:?}");
        }
    }
}
