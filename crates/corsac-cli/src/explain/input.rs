//! Reads what is to be explained: the argument itself, a file, or standard input.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::Path;

use corsac_explain::pasted::{self, NotText};

use super::har;
use crate::arguments::ExplainAs;
use crate::terminal::{self, printable};

/// What is to be explained.
pub(super) enum Input<'a> {
    /// The text of a console, of a log, or of a request.
    Text(String),
    /// A recording of a network panel.
    Har(har::Input<'a>),
}

/// A longer text is a log, and is cut by whoever has it.
const LONGEST_TEXT: u64 = 16 << 20;

/// How much of a file is looked at to see what it is.
const START: u64 = 64 << 10;

/// Reads it. `-`, and no argument, stand for standard input, whose beginning is kept in `start`.
pub(super) fn read<'a>(
    given: Option<&'a str>,
    read_as: Option<ExplainAs>,
    start: &'a mut Vec<u8>,
) -> Result<Input<'a>, String> {
    match given {
        None | Some("-") => {
            if given.is_none() && io::stdin().is_terminal() {
                terminal::note(
                    "Paste what you have: a red line of the browser's console, an error of your program, a log line of the server, a \"Copy as \
                     cURL\". Then press Ctrl-D on a line of its own (Ctrl-Z and Enter on Windows).",
                );
            }
            let read = io::stdin().lock().take(START).read_to_end(start);
            read.map_err(|error| format!("cannot read standard input: {error}"))?;
            if is_har(start, read_as) {
                return Ok(Input::Har(har::Input::Standard(start)));
            }
            text(io::Cursor::new(&*start).chain(io::stdin().lock()), "standard input").map(Input::Text)
        }
        Some(given) => {
            let Some(mut file) = open(given, read_as)? else { return Ok(Input::Text(given.to_owned())) };
            let read = (&mut file).take(START).read_to_end(start);
            read.map_err(|error| format!("cannot read `{}`: {error}", printable(given)))?;
            if is_har(start, read_as) || read_as.is_none() && given.to_ascii_lowercase().ends_with(".har") {
                let path = Path::new(given);
                // A pipe, such as that of `<(...)`, cannot be read twice.
                let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
                let source = if is_file { har::Input::File(path) } else { har::Input::Pipe(path, start) };
                return Ok(Input::Har(source));
            }
            text(io::Cursor::new(&*start).chain(file), given).map(Input::Text)
        }
    }
}

/// Returns `true` if the file that starts like this is a recording: an object of JSON with the name `log`.
fn is_har(start: &[u8], read_as: Option<ExplainAs>) -> bool {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let names = |name: &[u8]| text.windows(name.len()).any(|window| window == name);
    match read_as {
        Some(ExplainAs::Har) => true,
        Some(_) => false,
        None => {
            text.starts_with(b"{") && names(b"\"log\"") && (names(b"\"creator\"") || names(b"\"entries\""))
        }
    }
}

/// Opens the file of this name, if there is one. A long text, or one of several lines, is no name.
fn open(given: &str, read_as: Option<ExplainAs>) -> Result<Option<File>, String> {
    const LONGEST_NAME: usize = 4_096;
    if given.len() > LONGEST_NAME || given.contains(['\n', '\0']) {
        return Ok(None);
    }
    let path = Path::new(given);
    let is_wanted = read_as == Some(ExplainAs::Har);
    if !is_wanted && !path.exists() {
        return Ok(None);
    }
    if path.is_dir() {
        return Err(format!("`{}` is a folder: name a file in it", printable(given)));
    }
    if is_named_pipe(path) {
        return Err(named_pipe(path));
    }
    let file = File::open(path).map_err(|error| format!("cannot read `{}`: {error}", printable(given)))?;
    Ok(Some(file))
}

/// Returns `true` for a pipe that has a name of its own: opening it waits until somebody writes, perhaps forever. The pipes in `/dev` and `/proc`
/// are those that a shell opened for this process.
pub(crate) fn is_named_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let is_pipe = std::fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo());
        is_pipe && !path.starts_with("/dev") && !path.starts_with("/proc")
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Returns the error for such a pipe.
pub(crate) fn named_pipe(path: &Path) -> String {
    let path = printable(path.as_os_str().as_encoded_bytes());
    format!(
        "`{path}` is a pipe, on which Corsac could wait forever: write `-` in its place, and `< {path}` behind the command"
    )
}

/// Reads a text in UTF-8 or UTF-16.
fn text(reader: impl Read, name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = reader.take(LONGEST_TEXT.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| format!("cannot read `{}`: {error}", printable(name)))?;
    if bytes.len() as u64 > LONGEST_TEXT {
        return Err(format!(
            "`{}` is longer than 16 MiB, which is the limit for a text: cut out the part with the failure. A HAR file may have any length.",
            printable(name)
        ));
    }
    pasted::decode(&bytes).map_err(|error| match error {
        NotText::Binary => format!(
            "`{}` is not text: it has zero bytes, as binary files and UTF-16 without a byte order mark do. Save a text as UTF-8",
            printable(name)
        ),
        _ => format!("`{}` is not text: {error}", printable(name)),
    })
}
