//! The table of agreement, and a file for each disagreement.

use std::path::PathBuf;
use std::time::Instant;

use brotli::enc::BrotliEncoderParams;
use corsac::browser::Engine;

use crate::disagreement::{self, Disagreement};
use crate::runner::Runner;
use corsac_conformance::Failure;
use corsac_conformance::case::Case;
use corsac_conformance::compare::{self, Part};
use corsac_conformance::observation::Observation;
use corsac_conformance::vectors::{self, Head, Vector, Vectors};

/// How many disagreements of an engine are minimized. If there are more, the profile has a large error, which a few of them show.
const MINIMIZED: usize = 10;

/// The results of all engines.
#[derive(Debug)]
pub struct Report {
    out: PathBuf,
    show: bool,
    record: Option<Origin>,
    rows: Vec<Row>,
}

/// What a recording says about its cases. `None` in [`Report`] if nothing is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub part: vectors::Part,
    pub seed: u64,
    pub generated: usize,
}

/// One engine's line of the table.
#[derive(Debug)]
struct Row {
    engine: Engine,
    cases: usize,
    unanswered: usize,
    disagreements: Vec<Part>,
    explained: usize,
    /// How many unexplained ones were minimized, or tried.
    minimized: usize,
    /// How many disagreed at first, but not when repeated.
    repeated: usize,
    /// How many cases in which the browser differs from the standard. These are what profiles are for.
    differs_from_standard: usize,
    seconds: f64,
}

impl Report {
    /// Disagreements are written to files below `out`. `show` prints the observations too.
    pub fn new(out: PathBuf, show: bool, record: Option<Origin>) -> Self {
        Self { out, show, record, rows: Vec::new() }
    }

    /// Runs all cases in one browser.
    pub fn engine(&mut self, runner: &mut Runner, engine: Engine, cases: &[Case]) -> Result<(), Failure> {
        let begin = Instant::now();
        let total = cases.len();
        let mut progress = |done| eprint!("\r{}: {done} of {total}", engine.title());
        let mut observed = runner.run(cases, &mut progress)?;
        runner.add_console(cases, &mut observed, &mut progress)?;
        eprintln!();
        let mut row = Row {
            engine,
            cases: total,
            unanswered: 0,
            disagreements: Vec::new(),
            explained: 0,
            minimized: 0,
            repeated: 0,
            differs_from_standard: 0,
            seconds: begin.elapsed().as_secs_f64(),
        };
        row.repeated = repeat(runner, engine, cases, &mut observed)?;
        if let Some(origin) = self.record {
            record(runner, engine, cases, &observed, origin)?;
        }
        for (case, observation) in cases.iter().zip(observed) {
            let Some(observation) = observation else {
                row.unanswered += 1;
                println!("{} {}: the page did not respond", engine.as_str(), case.name);
                continue;
            };
            self.case(&mut row, runner, case, observation)?;
        }
        self.rows.push(row);
        Ok(())
    }

    fn case(
        &self,
        row: &mut Row,
        runner: &mut Runner,
        case: &Case,
        observation: Observation,
    ) -> Result<(), Failure> {
        let engine = row.engine;
        let standard = disagreement::expected(runner.places(), case, Engine::Spec)?;
        row.differs_from_standard +=
            usize::from(!compare::differences(case, &observation, &standard).is_empty());
        if self.show {
            println!("{} {}\n{observation}", engine.as_str(), case.name);
        }
        let found = Disagreement::of(runner.places(), engine, case, observation)?;
        let Some(worst) = found.differences.iter().map(|difference| difference.part).min() else {
            return Ok(());
        };
        row.disagreements.push(worst);
        if found.is_explained() {
            row.explained += 1;
            return Ok(());
        }
        let minimal = if row.minimized < MINIMIZED { found.minimize(runner)? } else { None };
        row.minimized += 1;
        found.report(minimal.as_ref(), &self.out)
    }

    /// Prints the table and the last line. Returns `true` if nothing is unexplained.
    pub fn end(&self) -> Result<bool, Failure> {
        println!(
            "\n{:<10} {:>7} {:>8} {:>8} {:>8} {:>8} {:>10} {:>10} {:>10} {:>10} {:>8}",
            "engine",
            "cases",
            "verdict",
            "readable",
            "wire",
            "console",
            "explained",
            "repeated",
            "no answer",
            "not spec",
            "cases/s"
        );
        let (mut cases, mut disagreements, mut unexplained) = (0, 0, 0);
        for row in &self.rows {
            let of = |part: Part| row.disagreements.iter().filter(|found| **found == part).count();
            let [verdict, readable, wire, console] = Part::ALL.map(of);
            #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
            let rate = row.cases as f64 / row.seconds;
            println!(
                "{:<10} {:>7} {verdict:>8} {readable:>8} {wire:>8} {console:>8} {:>10} {:>10} {:>10} {:>10} {rate:>8.1}",
                row.engine.title(),
                row.cases,
                row.explained,
                row.repeated,
                row.unanswered,
                row.differs_from_standard
            );
            cases += row.cases;
            disagreements += row.disagreements.len() + row.unanswered;
            unexplained += row.disagreements.len() + row.unanswered - row.explained;
        }
        println!("{cases} cases, {disagreements} disagreements, {unexplained} unexplained");
        Ok(unexplained == 0)
    }
}

/// Keeps what the browser did for `cargo test`.
fn record(
    runner: &Runner,
    engine: Engine,
    cases: &[Case],
    observed: &[Option<Observation>],
    origin: Origin,
) -> Result<(), Failure> {
    let head = Head {
        engine: engine.as_str().to_owned(),
        browser: runner.browser().to_owned(),
        seed: origin.seed,
        generated: origin.generated,
        catalogue: cases.len().saturating_sub(origin.generated),
    };
    let seen = cases.iter().zip(observed);
    let vectors =
        seen.filter_map(|(case, seen)| Some(Vector { case: case.clone(), seen: seen.clone()? })).collect();
    let path = vectors::file(engine, origin.part);
    let mut text = Vec::new();
    Vectors { head, vectors }.write(&mut text)?;
    let parameters = BrotliEncoderParams { quality: 9, lgwin: 24, ..BrotliEncoderParams::default() };
    let mut file = std::fs::File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    brotli::BrotliCompress(&mut text.as_slice(), &mut file, &parameters)?;
    println!("{}: {} bytes of JSON in {}", path.display(), text.len(), file.metadata()?.len());
    Ok(())
}

/// Runs the cases that disagree again, in a new browser: on a slow machine, a five-second entry of the preflight cache can expire, and a
/// full cache drops entries at random. Returns how many then agree.
fn repeat(
    runner: &mut Runner,
    engine: Engine,
    cases: &[Case],
    observed: &mut [Option<Observation>],
) -> Result<usize, Failure> {
    let mut again = Vec::new();
    for (index, (case, observation)) in cases.iter().zip(observed.iter()).enumerate() {
        if !agrees(runner, engine, case, observation.as_ref())? {
            again.push(index);
        }
    }
    if again.is_empty() {
        return Ok(0);
    }
    runner.restart()?;
    let few: Vec<Case> = again.iter().filter_map(|index| cases.get(*index).cloned()).collect();
    let mut seen = runner.run(&few, &mut |_| {})?;
    runner.add_console(&few, &mut seen, &mut |_| {})?;
    let mut agreeing = 0;
    for ((index, case), observation) in again.into_iter().zip(&few).zip(seen) {
        agreeing += usize::from(agrees(runner, engine, case, observation.as_ref())?);
        if let Some(slot) = observed.get_mut(index).filter(|_| observation.is_some()) {
            *slot = observation;
        }
    }
    Ok(agreeing)
}

/// Returns `true` if the profile agrees, or the differences are explained.
fn agrees(
    runner: &Runner,
    engine: Engine,
    case: &Case,
    observation: Option<&Observation>,
) -> Result<bool, Failure> {
    let Some(observation) = observation else {
        return Ok(false);
    };
    Ok(Disagreement::of(runner.places(), engine, case, observation.clone())?.is_explained())
}
