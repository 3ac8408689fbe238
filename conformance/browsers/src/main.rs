//! Runs CORS cases in Chromium, Firefox and WebKit, and compares what they did with Corsac's profiles. See the README.

mod control;
mod disagreement;
mod engines;
mod http;
mod http2;
mod report;
mod runner;
mod server;
mod tls;
mod webdriver;

use std::path::PathBuf;
use std::process::ExitCode;

use corsac::browser::Engine;
use corsac_conformance::{Failure, catalogue, generate};

use crate::report::{Origin, Report};
use crate::runner::Runner;
use crate::server::Server;
use corsac_conformance::case::Case;
use corsac_conformance::places::Places;
use corsac_conformance::vectors::Part;

/// The prefix of the names of cases about what elements and other interfaces load.
const LOADS: &str = "load-";

const USAGE: &str = "\
conformance-browsers ENGINE [OPTIONS]    ENGINE: chromium, firefox, webkit or all

  --case FILE    run only the cases of this file (a case, a list, or families), and show the observations
  --only TEXT    run the cases, of the catalogue and generated, whose names contain TEXT
  --print        print the cases as JSON, and run nothing
  --record       record the observations in conformance/vectors, for `cargo test`: of script, or with --only load- of elements
  --show         show the observations, with or without a disagreement
  --seed N       seed of the generator (default 1)
  --cases N      how many cases to generate (default 0)
  --out DIR      where disagreements are written (default target/disagreements)
  --port N       first of four loopback ports (default 28100)
";

/// The options on the command line.
#[derive(Debug)]
struct Options {
    engines: Vec<Engine>,
    case: Option<PathBuf>,
    only: Option<String>,
    record: bool,
    show: bool,
    print: bool,
    seed: u64,
    cases: usize,
    out: PathBuf,
    port: u16,
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Options, Failure> {
    let mut options = Options {
        engines: Vec::new(),
        case: None,
        only: None,
        record: false,
        show: false,
        print: false,
        seed: 1,
        cases: 0,
        out: PathBuf::from("target/disagreements"),
        port: 28_100,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"));
        match word.as_str() {
            "chromium" => options.engines.push(Engine::Chromium),
            "firefox" => options.engines.push(Engine::Firefox),
            "webkit" => options.engines.push(Engine::WebKit),
            "all" => options.engines.extend([Engine::Chromium, Engine::Firefox, Engine::WebKit]),
            "--case" => {
                options.case = Some(value()?.into());
                options.show = true;
            }
            "--record" => options.record = true,
            "--show" => options.show = true,
            "--print" => options.print = true,
            "--only" => options.only = Some(value()?),
            "--seed" => options.seed = value()?.parse()?,
            "--cases" => options.cases = value()?.parse()?,
            "--out" => options.out = value()?.into(),
            "--port" => options.port = value()?.parse()?,
            _ => return Err(format!("`{word}` is not understood\n\n{USAGE}").into()),
        }
    }
    if options.engines.is_empty() && !options.print {
        return Err(USAGE.into());
    }
    let is_part = matches!(options.only.as_deref(), None | Some(LOADS));
    if options.record && (options.case.is_some() || !is_part) {
        return Err(
            "--record keeps the whole catalogue and generated cases, or with --only load- what elements load: leave out --case and other \
             --only"
                .into(),
        );
    }
    Ok(options)
}

/// Returns `true` if nothing is unexplained.
fn run(options: &Options) -> Result<bool, Failure> {
    let cases = cases(options)?;
    if options.print {
        println!("{}", serde_json::to_string_pretty(&cases)?);
        return Ok(true);
    }
    let places = Places::new(options.port);
    let server = Server::start(places.clone())?;
    let part = if options.only.is_some() { Part::Loads } else { Part::Script };
    let record = options.record.then_some(Origin { part, seed: options.seed, generated: options.cases });
    let mut report = Report::new(options.out.clone(), options.show, record);
    for (turn, engine) in (0u32..).zip(&options.engines) {
        let first_run = turn.saturating_mul(10_000_000).saturating_add(1);
        let mut runner = Runner::new(*engine, &server, &places, first_run)?;
        report.engine(&mut runner, *engine, &cases)?;
    }
    report.end()
}

fn cases(options: &Options) -> Result<Vec<Case>, Failure> {
    let mut cases = match &options.case {
        Some(file) => catalogue::read(file)?,
        None => catalogue::all()?,
    };
    if options.case.is_none() {
        cases.extend(generate::cases(options.seed, options.cases));
    }
    let is_load = |case: &Case| case.name.starts_with(LOADS);
    match options.only.as_deref() {
        Some(LOADS) => cases.retain(is_load),
        Some(text) => cases.retain(|case| case.name.contains(text)),
        // They have their own vectors.
        None if options.record => cases.retain(|case| !is_load(case)),
        None => {}
    }
    Ok(cases)
}
