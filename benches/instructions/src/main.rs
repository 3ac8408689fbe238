//! How many instructions a decision takes, and a request through the bare layer: counted by callgrind, compared with the committed numbers.
//!
//! `scripts/instructions` runs it. Counts are the same in each run on one version of the compiler, so a change that makes a request dearer
//! shows here although the machine is busy. On another version of the compiler they are printed and not judged.

mod measured;
mod numbers;

use std::process::{Command, ExitCode};

use numbers::{Numbers, Verdict};

/// Where the numbers are committed.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/numbers.txt");
/// The flag with which this program starts itself below callgrind.
const UNDER_CALLGRIND: &str = "--under-callgrind";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [UNDER_CALLGRIND, name] => run_under_callgrind(name),
        ["--rustc", rustc] => compare(rustc),
        ["--rustc", rustc, "--write"] => write(rustc),
        _ => Err("usage: scripts/instructions [--write]".to_owned()),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("instructions: {error}");
            ExitCode::from(2)
        }
    }
}

fn compare(rustc: &str) -> Result<ExitCode, String> {
    let text = std::fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
    let committed = Numbers::parse(&text)?;
    let counted = count(rustc)?;
    let judged = committed.rustc == rustc;
    let mut dearer = false;
    println!("{:<28} {:>9} {:>9} {:>7}", "", "committed", "now", "");
    for row in committed.compare(&counted) {
        let verdict = match row.verdict {
            _ if !judged => "",
            Verdict::Dearer => "dearer",
            Verdict::Cheaper => "cheaper",
            Verdict::Same => "",
            Verdict::Unknown => "not in the file",
        };
        dearer |= judged && matches!(row.verdict, Verdict::Dearer | Verdict::Unknown);
        let before = row.committed.map_or_else(|| "-".to_owned(), |count| count.to_string());
        println!("{:<28} {before:>9} {:>9} {:>+6.1}% {verdict}", row.name, row.counted, row.percent());
    }
    if !judged {
        println!("Not judged: the numbers are those of {}, and this is {rustc}.", committed.rustc);
    } else if dearer {
        println!(
            "More than 2 % dearer. If that is what it has to cost, scripts/instructions --write keeps the new numbers; say why."
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn write(rustc: &str) -> Result<ExitCode, String> {
    let counted = count(rustc)?;
    std::fs::write(FILE, counted.to_string()).map_err(|error| format!("{FILE}: {error}"))?;
    print!("{counted}");
    Ok(ExitCode::SUCCESS)
}

fn count(rustc: &str) -> Result<Numbers, String> {
    let rows = measured::all().map(|measured| {
        let name = measured.name();
        Ok((name.clone(), instructions(&name)?))
    });
    Ok(Numbers { rustc: rustc.to_owned(), rows: rows.collect::<Result<_, String>>()? })
}

/// Starts this program below callgrind, which counts what happens in [`measured_section`].
fn instructions(name: &str) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*measured_section*"])
        .arg(program)
        .args([UNDER_CALLGRIND, name])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let total = text.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok());
    match total {
        Some(total) if output.status.success() && total > 0 => Ok(total / measured::TIMES),
        _ => Err(format!("valgrind did not count {name}:\n{text}")),
    }
}

fn run_under_callgrind(name: &str) -> Result<ExitCode, String> {
    let measured = measured::all().find(|measured| measured.name() == name);
    let mut run = measured.ok_or_else(|| format!("nothing is called {name}"))?.runner();
    run(); // what is made once is made
    measured_section(&mut run);
    Ok(ExitCode::SUCCESS)
}

#[inline(never)]
fn measured_section(run: &mut measured::Runner) {
    for _ in 0..measured::TIMES {
        run();
    }
}
