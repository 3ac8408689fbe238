//! What clap says about arguments that cannot be meant, and its help. It quotes the arguments as they were given, and they can hold anything.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Error;
use clap::builder::StyledStr;
use clap::error::ContextValue;

use crate::BAD_ARGUMENTS;
use crate::terminal::{printable, printable_words, written};

/// Prints the error or the help, and returns the exit status.
pub(crate) fn print(error: Error) -> ExitCode {
    let status = if error.use_stderr() { BAD_ARGUMENTS } else { crate::AS_EXPECTED };
    let printed = quoting_printable(error).print().and_then(|()| std::io::stdout().flush());
    match written(printed) {
        Ok(()) => ExitCode::from(status),
        Err(message) => crate::failed(&message),
    }
}

/// The same error, with what it quotes made printable.
fn quoting_printable(mut error: Error) -> Error {
    let quoted: Vec<_> =
        error.context().filter_map(|(kind, value)| Some((kind, made_printable(value)?))).collect();
    for (kind, value) in quoted {
        error.insert(kind, value);
    }
    error
}

fn made_printable(value: &ContextValue) -> Option<ContextValue> {
    match value {
        ContextValue::String(text) => Some(ContextValue::String(printable(text))),
        ContextValue::Strings(texts) => Some(ContextValue::Strings(texts.iter().map(printable).collect())),
        // Tips that quote an argument between colours of clap's own, which go as well: the two cannot be told apart.
        ContextValue::StyledStrs(tips) => {
            let plain = |tip: &StyledStr| StyledStr::from(printable_words(&tip.to_string()));
            Some(ContextValue::StyledStrs(tips.iter().map(plain).collect()))
        }
        // The usage, which names our own arguments only; numbers and the like.
        _ => None,
    }
}
