//! Runs all pages, a few at a time, because most of a test's time is waiting.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex};

use corsac::browser::Engine;
use corsac_fetch::Network;
use tokio::runtime::{Builder, Handle};

use crate::arguments::Arguments;
use crate::browser::{Browser, lock};
use crate::page;
use crate::run;
use crate::server::Server;

/// How one page ended.
#[derive(Debug)]
pub struct Outcome {
    pub page: String,
    pub subtests: Vec<Subtest>,
}

#[derive(Debug)]
pub struct Subtest {
    pub name: String,
    pub passed: bool,
    pub message: String,
}

impl Outcome {
    pub fn passed(&self) -> usize {
        self.subtests.iter().filter(|subtest| subtest.passed).count()
    }

    /// A page that failed before it reported its subtests.
    fn broken(page: &str, message: String) -> Self {
        Self { page: page.into(), subtests: vec![Subtest { name: HARNESS.into(), passed: false, message }] }
    }
}

/// The name of the harness itself among a page's subtests, if it ended in an error or ran out of time.
pub const HARNESS: &str = "(harness)";

/// Runs the pages of these files, and returns the results sorted by page.
pub fn run(files: &[String], engine: Engine, arguments: &Arguments) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let server = Server::read(&arguments.config)?;
    let network = Arc::new(server.network()?);
    let tokio = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let queue: Mutex<VecDeque<&String>> = Mutex::new(files.iter().collect());
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..arguments.jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let Some(file) = lock(&queue).pop_front() else { return };
                    for outcome in
                        run_file(file, &server, &network, tokio.handle(), engine, arguments.verbose)
                    {
                        show(&outcome, arguments.verbose);
                        lock(&outcomes).push(outcome);
                    }
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner()?;
    outcomes.sort_by(|a, b| a.page.cmp(&b.page));
    Ok(outcomes)
}

fn run_file(
    file: &str,
    server: &Server,
    network: &Arc<Network>,
    tokio: &Handle,
    engine: Engine,
    verbose: bool,
) -> Vec<Outcome> {
    let pages = match tokio.block_on(page::load(network, server, file)) {
        Ok(pages) => pages,
        Err(error) => return vec![Outcome::broken(&format!("/{file}"), error.to_string())],
    };
    let mut outcomes = Vec::new();
    for page in pages {
        let name = page.name.clone();
        let browser = Arc::new(Browser::new(network.clone(), engine.profile()));
        let outcome = match run::run(&Arc::new(page), browser, tokio.clone(), verbose) {
            Ok(report) => from_report(&name, report, server),
            Err(error) => Outcome::broken(&name, error.to_string()),
        };
        outcomes.push(outcome);
    }
    outcomes
}

fn from_report(page: &str, report: run::Report, server: &Server) -> Outcome {
    let ports = server.port_names();
    let mut subtests: Vec<Subtest> = report
        .tests
        .into_iter()
        .map(|test| Subtest {
            name: stable(&test.name, &ports),
            passed: test.status == 0,
            message: test.message,
        })
        .collect();
    if report.status != 0 {
        subtests.push(Subtest { name: HARNESS.into(), passed: false, message: report.message });
    }
    Outcome { page: page.into(), subtests }
}

/// A subtest's name without the parts that differ from run to run.
fn stable(name: &str, ports: &[(u16, String)]) -> String {
    ports.iter().fold(name.to_owned(), |name, (port, stands_for)| {
        name.replace(&format!(":{port}"), &format!(":{{{stands_for}}}"))
    })
}

fn show(outcome: &Outcome, verbose: bool) {
    eprintln!("{}: {} of {}", outcome.page, outcome.passed(), outcome.subtests.len());
    for subtest in outcome.subtests.iter().filter(|subtest| verbose && !subtest.passed) {
        eprintln!("    {}: {}", subtest.name, subtest.message);
    }
}
