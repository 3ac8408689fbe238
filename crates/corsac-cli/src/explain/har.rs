//! `corsac explain FILE.har`: what failed in a recording and why, and `--redact`: a copy without secrets.

mod report;

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use corsac_explain::har::{self, HarError, HarReading};
use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::printable;

/// Where a recording comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input<'a> {
    /// A file.
    File(&'a Path),
    /// A file that can be read once, such as a pipe, and what was read of it already.
    Pipe(&'a Path, &'a [u8]),
    /// Standard input, of which this was read already.
    Standard(&'a [u8]),
}

/// Reads a recording. With `redact`, writes a copy without secrets to that path first. The copy must not exist yet, and only its owner can
/// read it.
pub(crate) fn run(input: Input<'_>, redact: Option<&Path>) -> Result<HarReading, String> {
    let Some(copy) = redact else { return read(input) };
    write_copy(input, copy)?;
    // Only a file can be read twice. The copy says the same, without the bodies.
    read(if matches!(input, Input::File(_)) { input } else { Input::File(copy) })
}

/// Returns the report: the worst failure first, each with its cause and what to change, then what was fine.
pub(crate) fn text(reading: &HarReading) -> String {
    report::page(reading)
}

fn read(input: Input<'_>) -> Result<HarReading, String> {
    har::read(opened(input)?).map_err(|error| message(input, &error))
}

fn write_copy(input: Input<'_>, path: &Path) -> Result<(), String> {
    let source = opened(input)?;
    let copy = created(path).map_err(|error| cannot_write(path, &error))?;
    har::redact(source, copy).map_err(|error| {
        // Half a copy is of no use. If it cannot be removed either, the message about the first error matters more.
        let _ = std::fs::remove_file(path);
        message(input, &error)
    })
}

/// Creates a file that did not exist, not even as a link, and that nobody else may read.
fn created(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    let path = printable(path.as_os_str().as_encoded_bytes());
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!(
                "`{path}` exists already. `--redact` writes a new file: choose another name, or remove that one."
            )
        }
        _ => format!("cannot write `{path}`: {error}"),
    }
}

/// Opens a recording. On a terminal a bar shows how far it was read.
fn opened(input: Input<'_>) -> Result<Box<dyn Read + '_>, String> {
    match input {
        Input::Standard(start) => {
            Ok(Box::new(spinner().wrap_read(io::Cursor::new(start).chain(io::stdin()))))
        }
        Input::Pipe(path, start) => {
            // Opened once more, a pipe goes on where it was.
            let rest = File::open(path).map_err(|error| cannot_read(input, &error))?;
            Ok(Box::new(spinner().wrap_read(io::Cursor::new(start).chain(rest))))
        }
        Input::File(path) => {
            let file = File::open(path).map_err(|error| cannot_read(input, &error))?;
            let metadata = file.metadata().map_err(|error| cannot_read(input, &error))?;
            if metadata.is_dir() {
                return Err(format!("{} is a directory, not a recording.", name(input)));
            }
            Ok(Box::new(bar(metadata.len()).wrap_read(file)))
        }
    }
}

/// Makes a bar on standard error, which stays hidden unless that is a terminal.
fn bar(length: u64) -> ProgressBar {
    /// What is read sooner than anybody looks.
    const SHORT: u64 = 8 * 1024 * 1024;
    if length < SHORT {
        return ProgressBar::hidden();
    }
    styled(ProgressBar::new(length), "Reading [{bar:40}] {bytes} of {total_bytes}")
}

fn spinner() -> ProgressBar {
    styled(ProgressBar::no_length(), "Reading {spinner} {bytes}")
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_finish(indicatif::ProgressFinish::AndClear)
}

fn name(input: Input<'_>) -> String {
    match input {
        Input::File(path) | Input::Pipe(path, _) => {
            format!("`{}`", printable(path.as_os_str().as_encoded_bytes()))
        }
        Input::Standard(_) => "standard input".to_owned(),
    }
}

fn cannot_read(input: Input<'_>, error: &io::Error) -> String {
    format!("cannot read {}: {error}", name(input))
}

fn message(input: Input<'_>, error: &HarError) -> String {
    match error {
        HarError::Io(error) => cannot_read(input, error),
        error => format!("cannot read {} as a recording. {error}", name(input)),
    }
}

#[cfg(test)]
mod tests;
