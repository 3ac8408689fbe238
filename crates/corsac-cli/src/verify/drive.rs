//! Sends the requests of a suite one after the other, within bounds, and collects what they show.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use corsac::browser::{CompletedExchange, NetworkError, NetworkErrorKind};
use corsac::server::Policy;
use corsac_fetch::SendError;
use corsac_verify::{Ask, Case, Ended, Run, Suite, SuiteOptions, Verification, unusable};

use super::target::Target;
use crate::arguments::VerifyArguments;
use crate::check::safety;
use crate::terminal::printable_argument;

/// After this many requests in a row without a usable response, the server is left alone.
const MOST_FAILURES: usize = 5;

pub(super) struct Driven<'p> {
    pub(super) suite: Suite,
    pub(super) verification: Verification<'p>,
    pub(super) sent: usize,
    pub(super) stopped: Option<String>,
}

/// Sends the requests of cases to a server, no faster than it should be asked.
pub(crate) struct Driver<'a> {
    target: &'a Target,
    pace: tokio::time::Interval,
    pub(crate) sent: usize,
    /// How many requests in a row failed, and the last one's reason.
    failures: (usize, String),
}

/// Runs the suite of this policy, as far as the server answers. Returns an error if browsers send nothing to such a URL.
pub(super) async fn drive<'p>(
    arguments: &VerifyArguments,
    target: &Target,
    policy: &'p Policy,
) -> Result<Driven<'p>, String> {
    let mut driver = Driver::new(target, arguments.server.rate);
    let mut options = SuiteOptions::default().with(|options| {
        options.all = arguments.all;
        options.seed = arguments.seed;
        options.unsafe_methods = arguments.unsafe_methods;
        options.also.clone_from(&arguments.also);
        options.own_query = safety::signature(&target.asked).is_none();
        if arguments.all {
            options.limit = usize::MAX;
        }
    });
    let mut verification = Verification::new(policy);
    let mut suite = Suite::new(policy, &target.asked, options.clone());
    if !suite.cases.iter().any(|case| matches!(case.ask, Ask::Page { .. })) {
        return Err(format!(
            "browsers send no request to `{}`, because they block its port. Serve it on another port, such as 8080",
            printable_argument(&arguments.server.url)
        ));
    }
    // The first case shows whether there is a cache.
    let first = suite.cases.first().cloned();
    if let Some(first) = &first {
        let ended = driver.run(first).await;
        verification.add(first, &ended);
        if may_be_stored_for_others(&ended, options.own_query) {
            options.preflights_only = true;
            suite = Suite::new(policy, &target.asked, options);
        }
    }
    let is_first = |case: &Case| first.as_ref().is_some_and(|first| first.description == case.description);
    let cases = suite.cases.len();
    let mut stopped = None;
    for (number, case) in suite.cases.iter().enumerate().filter(|(_, case)| !is_first(case)) {
        stopped = driver.gives_up();
        if stopped.is_some() {
            break;
        }
        progress(number, cases);
        verification.add(case, &driver.run(case).await);
    }
    progress(cases, cases);
    Ok(Driven { suite, verification, sent: driver.sent, stopped })
}

/// Returns `true` if a cache could hand the response to others: it may store it, and there is one, or the URL cannot have a query of its own.
pub(crate) fn may_be_stored_for_others(ended: &Ended, has_own_query: bool) -> bool {
    let responses = || ended.completed.iter().filter_map(CompletedExchange::response);
    let shows_cache = responses().any(|response| safety::cache_headers(&response.headers).next().is_some());
    !responses().all(safety::forbids_shared_caching) && (shows_cache || !has_own_query)
}

impl<'a> Driver<'a> {
    /// `rate` is the most requests in a second.
    pub(crate) fn new(target: &'a Target, rate: u32) -> Self {
        let mut pace = tokio::time::interval(Duration::from_secs(1) / rate);
        pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        Self { target, pace, sent: 0, failures: (0, String::new()) }
    }

    /// Why the server should be left alone, if it should: request after request brings nothing.
    pub(crate) fn gives_up(&self) -> Option<String> {
        let (failures, reason) = &self.failures;
        (*failures >= MOST_FAILURES)
            .then(|| format!("the last {MOST_FAILURES} requests brought no usable response ({reason})"))
    }

    pub(crate) async fn run(&mut self, case: &Case) -> Ended {
        let mut run = Run::new(case);
        while let Some(planned) = run.next() {
            self.pace.tick().await;
            self.sent = self.sent.saturating_add(1);
            let sent = self.target.network.send(planned.exchange(), Some(&[]), &mut |_| true).await;
            let completed = match sent {
                Ok(received) => {
                    let body = received.body.map(Into::into);
                    let mut completed = planned.completed(Ok(received.head));
                    completed.body = body;
                    completed
                }
                Err(SendError::Failed(error)) => planned.completed(Err(error)),
                Err(error) => {
                    planned.completed(Err(NetworkError::new(NetworkErrorKind::Malformed, error.to_string())))
                }
            };
            self.failures = match unusable(&completed) {
                Some(reason) => (self.failures.0.saturating_add(1), reason),
                None => (0, String::new()),
            };
            run.receive(completed);
        }
        run.finish()
    }
}

/// How far it is, on a terminal.
pub(crate) fn progress(done: usize, of: usize) {
    let mut out = std::io::stderr();
    if out.is_terminal() {
        // Without a standard error there is nobody to show it to.
        let _ = if done < of { write!(out, "\rcase {done} of {of}") } else { write!(out, "\r\x1b[K") };
        let _ = out.flush();
    }
}
