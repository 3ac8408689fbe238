//! Prints clap's errors and its help. Errors quote the arguments as they were given, which can contain anything.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use corsac::text::without_user_info;

use crate::BAD_ARGUMENTS;
use crate::arguments::name_of;
use crate::terminal::{printable_argument, printable_words, written};

/// Prints the error or the help, and returns the exit status.
pub(crate) fn print(error: Error) -> ExitCode {
    let status = if error.use_stderr() { BAD_ARGUMENTS } else { crate::AS_EXPECTED };
    let printed = quoting_printable(error).print().and_then(|()| std::io::stdout().flush());
    match written(printed) {
        Ok(()) => ExitCode::from(status),
        Err(message) => crate::failed(&message),
    }
}

/// Returns the error with everything that it quotes made printable, and without secrets.
fn quoting_printable(mut error: Error) -> Error {
    if names_missing_origin(&error) {
        let tip = StyledStr::from("the page's origin, for example --origin http://localhost:5173");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    // The value of a header or a cookie may be a secret.
    let is_header = matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(name)) if name.starts_with("--header") || name.starts_with("--cookie"));
    if let (true, Some(ContextValue::String(value))) = (is_header, error.get(ContextKind::InvalidValue)) {
        let name = format!("{}...", name_of(value));
        error.insert(ContextKind::InvalidValue, ContextValue::String(name));
    }
    let quoted: Vec<_> =
        error.context().filter_map(|(kind, value)| Some((kind, made_printable(value)?))).collect();
    for (kind, value) in quoted {
        error.insert(kind, value);
    }
    error
}

/// Returns `true` if `--origin` is missing.
fn names_missing_origin(error: &Error) -> bool {
    let missing = error.get(ContextKind::InvalidArg);
    error.kind() == ErrorKind::MissingRequiredArgument
        && matches!(missing, Some(ContextValue::Strings(names)) if names.iter().any(|name| name.starts_with("--origin")))
}

fn made_printable(value: &ContextValue) -> Option<ContextValue> {
    match value {
        ContextValue::String(text) => Some(ContextValue::String(printable_argument(text))),
        ContextValue::Strings(texts) => {
            Some(ContextValue::Strings(texts.iter().map(|text| printable_argument(text)).collect()))
        }
        // Tips quote an argument between clap's colours. The colours are removed too, because they look like escape sequences of the argument.
        ContextValue::StyledStrs(tips) => {
            let plain =
                |tip: &StyledStr| StyledStr::from(printable_words(&without_user_info(&tip.to_string())));
            Some(ContextValue::StyledStrs(tips.iter().map(plain).collect()))
        }
        // Numbers, and the usage, which names only our own options.
        _ => None,
    }
}
