//! The committed numbers: a line for the compiler, then one for each thing that is counted.

use std::fmt::{self, Display, Formatter};

/// What was counted, and with which compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// What `rustc --version` prints.
    pub rustc: String,
    /// A name, and the instructions of one run.
    pub rows: Vec<(String, u64)>,
}

/// More than this many percent is another number.
const TOLERANCE: u64 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    Dearer,
    Cheaper,
    /// There is no committed number.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: String,
    pub committed: Option<u64>,
    pub counted: u64,
    pub verdict: Verdict,
}

impl Row {
    /// How many percent more than committed; 0 where nothing is committed.
    pub fn percent(&self) -> f64 {
        self.committed.map_or(0.0, |committed| (self.counted as f64 / committed.max(1) as f64 - 1.0) * 100.0)
    }
}

fn judge(committed: u64, counted: u64) -> Verdict {
    if counted * 100 > committed * (100 + TOLERANCE) {
        Verdict::Dearer
    } else if counted * 100 < committed * (100 - TOLERANCE) {
        Verdict::Cheaper
    } else {
        Verdict::Same
    }
}

impl Numbers {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let rustc = lines.next().ok_or("the file of numbers is empty")?.to_owned();
        let row = |line: &str| {
            let (name, count) = line.split_once(' ')?;
            Some((name.to_owned(), count.trim().parse().ok()?))
        };
        let rows = lines.map(|line| row(line).ok_or_else(|| format!("`{line}` is not a name and a number")));
        Ok(Self { rustc, rows: rows.collect::<Result<_, _>>()? })
    }

    pub fn compare<'a>(&'a self, counted: &'a Self) -> impl Iterator<Item = Row> + 'a {
        counted.rows.iter().map(|(name, counted)| {
            let committed = self.rows.iter().find(|(other, _)| other == name).map(|(_, count)| *count);
            let verdict = committed.map_or(Verdict::Unknown, |committed| judge(committed, *counted));
            Row { name: name.clone(), committed, counted: *counted, verdict }
        })
    }
}

impl Display for Numbers {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "# Instructions of one request. Written by scripts/instructions --write, on x86-64.\n{}",
            self.rustc
        )?;
        self.rows.iter().try_for_each(|(name, count)| writeln!(out, "{name} {count}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let numbers = Numbers {
            rustc: "rustc 1.95.0 (abc 2026-01-01)".to_owned(),
            rows: vec![("decision/allowed".to_owned(), 1363), ("layer/refused".to_owned(), 9)],
        };
        assert_eq!(Numbers::parse(&numbers.to_string()), Ok(numbers));
    }

    #[test]
    fn a_line_without_a_number_is_an_error() {
        for text in ["", "# only a comment\n", "rustc 1\nname\n", "rustc 1\nname many\n"] {
            assert!(Numbers::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn two_percent_more_is_the_same_and_beyond_is_dearer() {
        let numbers = |count| Numbers { rustc: String::new(), rows: vec![("a".to_owned(), count)] };
        for (committed, counted, verdict) in [
            (1000, 1000, Verdict::Same),
            (1000, 1020, Verdict::Same),
            (1000, 1021, Verdict::Dearer),
            (1000, 980, Verdict::Same),
            (1000, 979, Verdict::Cheaper),
            (0, 1, Verdict::Dearer),
        ] {
            let (committed, counted) = (numbers(committed), numbers(counted));
            let verdicts: Vec<Verdict> = committed.compare(&counted).map(|row| row.verdict).collect();
            assert_eq!(verdicts, [verdict], "{committed:?} {counted:?}");
        }
    }

    #[test]
    fn what_has_no_committed_number_is_said() {
        let none = Numbers { rustc: String::new(), rows: Vec::new() };
        let one = Numbers { rustc: String::new(), rows: vec![("a".to_owned(), 1)] };
        assert_eq!(none.compare(&one).map(|row| row.verdict).collect::<Vec<_>>(), [Verdict::Unknown]);
    }
}
