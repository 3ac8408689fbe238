//! Runs web-platform-tests, unmodified, in a JavaScript engine whose `fetch()` and `XMLHttpRequest` are Corsac's.
//!
//! `scripts/wpt` starts the tests' own server and then this program. `results.json` lists what passes, `excuses.toml` has a reason for what
//! does not, and `docs/wpt.md` shows both with the results of three browsers.

mod arguments;
mod browser;
mod browsers;
mod cache;
mod cookies;
mod excuses;
mod host;
mod message;
mod page;
mod results;
mod run;
mod runner;
mod server;
mod table;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use arguments::Arguments;
use browsers::Browsers;
use excuses::Excuses;
use results::Results;

const HOME: &str = env!("CARGO_MANIFEST_DIR");

fn main() -> ExitCode {
    match main_with_errors() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("conformance-wpt: {error}");
            ExitCode::from(2)
        }
    }
}

fn main_with_errors() -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let home = Path::new(HOME);
    let browsers = Browsers::read(&home.join("browsers.json"))?;
    let excuses = Excuses::read(&home.join("excuses.toml"))?;
    let files = std::fs::read_to_string(home.join("files.txt"))?;
    let files: Vec<String> = files
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|line| arguments.wants(line))
        .map(str::to_owned)
        .collect();

    let mut unexplained = 0;
    let mut summary = Vec::new();
    for engine in &arguments.engines {
        let profile = engine.as_str();
        let outcomes = runner::run(&files, *engine, &arguments)?;
        let complaints = excuses.complaints(profile, &outcomes, &browsers, arguments.only.is_empty());
        if arguments.write {
            let mut results = Results::read(&home.join("results.json"))?;
            results.put(profile, &outcomes);
            results.write(&home.join("results.json"))?;
            std::fs::write(home.join("../../docs/wpt.md"), table::render(&results, &browsers, &excuses))?;
        }
        for complaint in &complaints {
            println!("{profile}: {complaint}");
        }
        unexplained += complaints.len();
        let passed: usize = outcomes.iter().map(runner::Outcome::passed).sum();
        let total: usize = outcomes.iter().map(|outcome| outcome.subtests.len()).sum();
        let pages = outcomes.len();
        let complaints = complaints.len();
        summary.push(format!(
            "{profile}: {pages} pages, {passed} of {total} subtests passed, {complaints} unexplained"
        ));
    }
    println!("{}", summary.join("\n"));
    Ok(unexplained == 0)
}
