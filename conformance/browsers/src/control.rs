//! The work of the page: it asks for a batch of cases, runs them, and sends back what script saw.
//!
//! The page fetches its work instead of being driven call by call, so any browser that can open a URL can be measured.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use corsac_conformance::case::Step;
use corsac_conformance::observation::Seen;

/// The queue between the runner and the pages.
#[derive(Debug, Default)]
pub struct Control {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Work that no page has fetched, by page.
    waiting: HashMap<String, VecDeque<Work>>,
    results: HashMap<u32, Vec<Seen>>,
    /// Counts the pages that were opened. The last request of an earlier page must not get the work of the current one.
    generation: u32,
}

/// A case for a page to run.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    pub id: u32,
    pub steps: Vec<Step>,
}

/// What a page sends back.
#[derive(Debug, Deserialize)]
struct Done {
    id: u32,
    calls: Vec<Seen>,
}

/// How many cases a page fetches at once.
const BATCH: usize = 60;
/// How long a request of a page for work stays open when there is none.
const PATIENCE: Duration = Duration::from_secs(10);

impl Control {
    /// Adds work to a page's queue.
    pub fn add(&self, page: &str, work: Vec<Work>) {
        self.lock().waiting.entry(page.to_owned()).or_default().extend(work);
        self.changed.notify_all();
    }

    /// The next batch for a page, as JSON. It is empty if no work comes within a while.
    pub fn next(&self, page: &str) -> String {
        let state = self.lock();
        let generation = state.generation;
        let idle = |state: &mut State| {
            state.generation == generation && state.waiting.get(page).is_none_or(VecDeque::is_empty)
        };
        let (mut state, _) =
            self.changed.wait_timeout_while(state, PATIENCE, idle).unwrap_or_else(PoisonError::into_inner);
        if state.generation != generation {
            return "[]".to_owned();
        }
        let batch: Vec<Work> = match state.waiting.get_mut(page) {
            Some(queue) => queue.drain(..queue.len().min(BATCH)).collect(),
            None => Vec::new(),
        };
        serde_json::to_string(&batch).unwrap_or_else(|_| "[]".to_owned())
    }

    /// Stores the results that a page sends back.
    pub fn done(&self, body: &[u8]) {
        let Ok(all) = serde_json::from_slice::<Vec<Done>>(body) else {
            return;
        };
        self.lock().results.extend(all.into_iter().map(|done| (done.id, done.calls)));
        self.changed.notify_all();
    }

    /// Waits until there is a result, or until `time` is over. Returns all results.
    pub fn collect(&self, time: Duration) -> HashMap<u32, Vec<Seen>> {
        let (mut state, _) = self
            .changed
            .wait_timeout_while(self.lock(), time, |state| state.results.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut state.results)
    }

    /// Prepares for a new page: forgets what the last one left.
    pub fn new_page(&self) {
        let mut state = self.lock();
        *state = State { generation: state.generation.wrapping_add(1), ..State::default() };
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
