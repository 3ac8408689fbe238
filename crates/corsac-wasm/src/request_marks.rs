//! Marks beside the header lines that script sets: which need a permission, and which script cannot set.

use corsac::browser::{Engine, Mode, Request};
use corsac::header::unsafe_request_header_names;
use corsac::text::{Printable, QUOTED};

use crate::header_lines::HeaderLines;
use crate::marks::{Mark, Result};

pub(crate) fn marks(lines: &HeaderLines, request: &Request) -> Vec<Mark> {
    // The standard's: a server that allows these works with every engine.
    let unsafe_names = unsafe_request_header_names(request.headers(), &Engine::Spec.profile().safelist);
    let is_ignored = |name: &str, value: &str| {
        let mut ignored = request.ignored_headers().iter();
        ignored.any(|line| line.is(name) && line.value == value.as_bytes())
    };
    let marks = lines.lines.iter().filter_map(|line| {
        let name = Printable::new(&line.name, QUOTED);
        let text = if is_ignored(&line.name, &line.value) {
            match request.init().mode {
                Mode::NoCors if !corsac::header::is_forbidden_request_header(&line.name, line.value.as_bytes()) => {
                    format!("In the mode `no-cors`, script cannot set `{name}` to this value: the browser leaves the line out.")
                }
                _ => format!("Script cannot set `{name}`: the browser leaves the line out."),
            }
        } else if unsafe_names.iter().any(|name| name.eq_ignore_ascii_case(&line.name)) {
            match corsac::header::is_no_cors_safelisted_name(&line.name) {
                true => format!("With this value, `{name}` needs the server's permission, and so a preflight."),
                false => format!("`{name}` needs the server's permission, and so a preflight."),
            }
        } else {
            return None;
        };
        Some(Mark { line: line.number, result: Result::Note, text, button: None })
    });
    marks.collect()
}
