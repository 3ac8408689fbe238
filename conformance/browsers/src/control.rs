//! How work reaches the page: it asks for a batch, runs it, and hands in what script saw.
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
    /// Work that no page has taken, by page.
    waiting: HashMap<String, VecDeque<Work>>,
    results: HashMap<u32, Vec<Seen>>,
    /// Counts the pages that were opened: the last question of a page that is gone must not take the work of the next one.
    generation: u32,
}

/// A case for a page to run.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    pub id: u32,
    pub steps: Vec<Step>,
}

/// What a page hands in.
#[derive(Debug, Deserialize)]
struct Done {
    id: u32,
    calls: Vec<Seen>,
}

/// How many cases a page takes at once.
const BATCH: usize = 60;
/// How long a page's question stays open when there is nothing to do.
const PATIENCE: Duration = Duration::from_secs(10);

impl Control {
    /// Put work on a page's queue.
    pub fn add(&self, page: &str, work: Vec<Work>) {
        self.lock().waiting.entry(page.to_owned()).or_default().extend(work);
        self.changed.notify_all();
    }

    /// The next batch for a page, as JSON; empty after a while without work.
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

    /// A page hands in results.
    pub fn done(&self, body: &[u8]) {
        let Ok(all) = serde_json::from_slice::<Vec<Done>>(body) else {
            return;
        };
        self.lock().results.extend(all.into_iter().map(|done| (done.id, done.calls)));
        self.changed.notify_all();
    }

    /// Wait until any result is there, or the time is over; take all that are.
    pub fn collect(&self, time: Duration) -> HashMap<u32, Vec<Seen>> {
        let (mut state, _) = self
            .changed
            .wait_timeout_while(self.lock(), time, |state| state.results.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut state.results)
    }

    /// A new page takes over: forget what the one before it left.
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
