//! Runs the checks of a suite, several at a time, within bounds. The results have the order of the file.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::Semaphore;
use tokio::task::LocalSet;

use super::expectation::Found;
use super::file::may_change_something;
use super::plan::Check;
use crate::check::{self, Secrets};

/// The most checks of one host that run at the same time.
const MOST_OF_A_HOST: usize = 2;

/// How long to wait before the second try. Each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// Runs all checks: at most `jobs` at a time, and each at most `most_tries` times.
pub(super) async fn run(checks: &[Rc<Check>], jobs: u8, most_tries: u8) -> Vec<Found> {
    let bar = progress_bar(checks.len());
    let jobs = Rc::new(Semaphore::new(usize::from(jobs)));
    let mut hosts: HashMap<String, Rc<Semaphore>> = HashMap::new();
    let tasks = LocalSet::new();
    let started: Vec<_> = checks
        .iter()
        .map(|check| {
            let host = hosts.entry(check.url.authority().to_owned());
            let host = Rc::clone(host.or_insert_with(|| Rc::new(Semaphore::new(MOST_OF_A_HOST))));
            let (check, jobs, bar) = (Rc::clone(check), Rc::clone(&jobs), bar.clone());
            tasks.spawn_local(async move {
                // The host's turn comes first, so that checks that wait for a slow host keep no job from the others. No semaphore is ever closed.
                let _of_host = host.acquire().await;
                let _job = jobs.acquire().await;
                let found = try_until_it_holds(&check, most_tries).await;
                bar.inc(1);
                found
            })
        })
        .collect();
    let found = tasks
        .run_until(async {
            let mut found = Vec::new();
            for task in started {
                found.push(task.await.unwrap_or_else(|error| Found::not_run(&error.to_string())));
            }
            found
        })
        .await;
    bar.finish_and_clear();
    found
}

/// Runs a check. Only if the network failed, and nothing can have changed on the server, it is tried again.
async fn try_until_it_holds(check: &Check, most_tries: u8) -> Found {
    let mut wait = FIRST_WAIT;
    let mut tries = 1_u8;
    loop {
        let found = run_once(check).await;
        let may_be_repeated = check.preflight_only || !may_change_something(&check.method);
        if found.holds() || !found.is_network_failure || !may_be_repeated || tries >= most_tries {
            return Found { tries, ..found };
        }
        tokio::time::sleep(wait).await;
        wait = wait.saturating_mul(2);
        tries = tries.saturating_add(1);
    }
}

async fn run_once(check: &Check) -> Found {
    match check.question() {
        Ok(question) => {
            let report = check::run(&question).await;
            let secrets = Secrets::of(&question, &report).and(&check.secrets);
            check.expectation.compare(&question, &report, &secrets)
        }
        // It could be built when the suite was read, so a file of an option has changed since.
        Err(message) => Found::not_run(&message),
    }
}

/// One bar on standard error, if that is a terminal.
fn progress_bar(checks: usize) -> ProgressBar {
    let bar = ProgressBar::new(checks as u64);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len} checks") {
        bar.set_style(style);
    }
    bar
}
