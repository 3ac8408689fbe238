//! Prints the recordings of `conformance/vectors`.
#![allow(clippy::print_stdout, reason = "it prints")]

use std::io::Write;
use std::process::ExitCode;

use corsac::browser::Engine;
use corsac_conformance::{Failure, vectors};

const USAGE: &str = "\
vectors ENGINE [OPTIONS]    ENGINE: chromium, firefox or webkit

  --only TEXT    the cases whose names contain TEXT
  --text         what was seen, for a person to read; otherwise a line of JSON for each case
  --head         the browser, the seed and the numbers alone
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Failure> {
    let (mut engine, mut only, mut text, mut head) = (None, String::new(), false, false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => only = words.next().ok_or("--only needs a value")?,
            "--text" => text = true,
            "--head" => head = true,
            name => engine = Engine::ALL.into_iter().find(|engine| engine.as_str() == name),
        }
    }
    let vectors = vectors::read(engine.filter(|engine| engine.is_browser()).ok_or(USAGE)?)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if head {
        writeln!(out, "{}", serde_json::to_string_pretty(&vectors.head)?)?;
        return Ok(());
    }
    for vector in vectors.vectors.iter().filter(|vector| vector.case.name.contains(&only)) {
        if text {
            writeln!(out, "{}\n    {}", vector.case.name, serde_json::to_string(&vector.case)?)?;
            write!(out, "{}", vector.seen)?;
        } else {
            writeln!(out, "{}", serde_json::to_string(vector)?)?;
        }
    }
    Ok(out.flush()?)
}

fn is_closed_pipe(error: &Failure) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
