//! Header lines as people write them: a name, a colon, a value; one a line.

use corsac::header::{HeaderList, is_header_value, normalize};
use corsac::method::is_token;
use corsac::text::{Printable, QUOTED};

use crate::error::Problem;

/// The header lines of a text field. Line numbers count from 1, and empty lines count.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeaderLines {
    pub(crate) lines: Vec<NumberedLine>,
}

/// A header line, and where it stands in the text.
#[derive(Clone, Debug)]
pub(crate) struct NumberedLine {
    pub(crate) number: usize,
    pub(crate) name: String,
    pub(crate) value: String,
}

impl HeaderLines {
    pub(crate) fn read(field: &str, text: &str) -> Result<Self, Problem> {
        let written = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let lines = written.map(|(index, line)| {
            let number = index.saturating_add(1);
            NumberedLine::read(number, line).map_err(|message| Problem::new(field, message).at_line(number))
        });
        Ok(Self { lines: lines.collect::<Result<_, _>>()? })
    }

    pub(crate) fn list(&self) -> HeaderList {
        self.lines.iter().map(|line| (line.name.as_str(), line.value.as_str())).collect()
    }
}

impl NumberedLine {
    fn read(number: usize, line: &str) -> Result<Self, String> {
        let quoted = |text| Printable::new(text, QUOTED).to_string();
        let Some((name, value)) = line.split_once(':') else {
            let line = quoted(line.trim());
            return Err(format!(
                "Line {number}, `{line}`, has no colon: write the name, a colon and the value, as in `Vary: Origin`."
            ));
        };
        // White space before the colon is no part of a name, and servers refuse it.
        let name = name.trim_start();
        if !is_token(name.as_bytes()) {
            return Err(format!(
                "`{}` in line {number} is not the name of a header: a name is letters, digits and `-`, and ends at the colon.",
                quoted(name)
            ));
        }
        let value = String::from_utf8_lossy(normalize(value.as_bytes())).into_owned();
        if !is_header_value(value.as_bytes()) {
            return Err(format!(
                "The value of `{}` in line {number} holds a NUL or a line break, which no header can carry.",
                quoted(name)
            ));
        }
        Ok(Self { number, name: name.to_owned(), value })
    }
}
