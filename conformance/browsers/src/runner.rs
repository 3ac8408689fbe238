//! Runs cases in one browser: opens the pages, distributes the work, and assembles the observations.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use corsac::browser::Engine;

use crate::control::Work;
use crate::engines::Browser;
use crate::server::Server;
use corsac_conformance::Failure;
use corsac_conformance::case::{Case, Step};
use corsac_conformance::observation::{Observation, Seen};
use corsac_conformance::places::{self, Places};

/// A running browser.
#[derive(Debug)]
pub struct Runner {
    browser: Browser,
    /// Runs the same cases again if the console of `browser` cannot be read.
    for_console: Option<Box<Runner>>,
    server: Arc<Server>,
    places: Places,
    page: Option<String>,
    next_run: u32,
    restarts_left: usize,
}

/// How often a browser that crashed is started again. WebKit crashes now and then, after thousands of cases.
const RESTARTS: usize = 10;
/// After how long without results a page is loaded again.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many cases are distributed before the console is read. Firefox keeps 250 messages.
const BATCH: usize = 60;

impl Runner {
    pub fn new(
        engine: Engine,
        server: &Arc<Server>,
        places: &Places,
        first_run: u32,
    ) -> Result<Self, Failure> {
        let browser = Browser::start(engine)?;
        let second = Browser::start_for_console(engine)?;
        let runner = |browser, for_console, next_run| Self {
            browser,
            for_console,
            server: Arc::clone(server),
            places: places.clone(),
            page: None,
            next_run,
            restarts_left: RESTARTS,
        };
        let second = second.map(|browser| Box::new(runner(browser, None, first_run.wrapping_add(5_000_000))));
        Ok(runner(browser, second, first_run))
    }

    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The browser's name and version.
    pub fn browser(&self) -> &str {
        &self.browser.version
    }

    /// What the browser showed for each case, in the order of the cases. `None` if the page did not respond.
    pub fn run(
        &mut self,
        cases: &[Case],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Option<Observation>>, Failure> {
        let mut observed: Vec<Option<Observation>> = vec![None; cases.len()];
        let mut pages: Vec<&str> = cases.iter().map(|case| case.page.as_str()).collect();
        pages.sort_unstable();
        pages.dedup();
        let mut finished = 0;
        for page in pages {
            let of_page: Vec<usize> = cases
                .iter()
                .enumerate()
                .filter(|(_, case)| case.page == page)
                .map(|(index, _)| index)
                .collect();
            self.open(page)?;
            for batch in of_page.chunks(BATCH) {
                for (index, observation) in self.batch(cases, batch)? {
                    if let Some(slot) = observed.get_mut(index) {
                        *slot = observation;
                    }
                    finished += 1;
                }
                progress(finished);
            }
        }
        Ok(observed)
    }

    /// Adds the console lines to observations of [`Self::run`], if it could not read them.
    pub fn add_console(
        &mut self,
        cases: &[Case],
        observed: &mut [Option<Observation>],
        progress: &mut dyn FnMut(usize),
    ) -> Result<(), Failure> {
        if self.for_console.is_some() {
            // Both would ask the server for the same work.
            self.leave()?;
        }
        let Some(second) = &mut self.for_console else {
            return Ok(());
        };
        let seen = second.run(cases, progress)?;
        second.leave()?;
        for (first, second) in observed.iter_mut().zip(seen) {
            if let (Some(first), Some(second)) = (first, second) {
                first.console = second.console;
            }
        }
        Ok(())
    }

    fn open(&mut self, page: &str) -> Result<(), Failure> {
        if self.page.as_deref() == Some(page) {
            return Ok(());
        }
        self.go_to(&self.places.page_url(page)?)?;
        self.page = Some(page.to_owned());
        Ok(())
    }

    /// Leaves the page, so that no page asks for work.
    fn leave(&mut self) -> Result<(), Failure> {
        self.page = None;
        self.go_to("about:blank")
    }

    /// Opens the URL, in a new browser if the current one has crashed.
    fn go_to(&mut self, url: &str) -> Result<(), Failure> {
        self.server.control.new_page();
        while let Err(error) = self.browser.open(url) {
            if self.restarts_left == 0 {
                return Err(error);
            }
            self.restarts_left -= 1;
            eprintln!("\n{error}: continuing in a new browser");
            self.restart()?;
        }
        Ok(())
    }

    /// Starts a new browser, with empty caches.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.page = None;
        self.browser = self.browser.again()?;
        if let Some(second) = &mut self.for_console {
            second.page = None;
        }
        Ok(())
    }

    fn batch(
        &mut self,
        cases: &[Case],
        batch: &[usize],
    ) -> Result<Vec<(usize, Option<Observation>)>, Failure> {
        let mut runs = Vec::new();
        let mut work = Vec::new();
        let mut patience = PATIENCE;
        for (index, case) in batch.iter().filter_map(|index| Some((*index, cases.get(*index)?))) {
            let id = self.next_run;
            self.next_run = self.next_run.wrapping_add(1);
            let expanded = self.places.expand(case, id)?;
            patience = patience.max(PATIENCE + waits(case));
            work.push(Work { id, steps: expanded.steps.clone() });
            self.server.begin(id, expanded);
            runs.push((index, id));
        }
        let page = self.page.clone().unwrap_or_default();
        let key = if page == "null" { "null" } else { self.places.origin(&page).unwrap_or_default() };
        self.server.control.add(key, work);
        let seen = self.collect(runs.len(), patience);
        let console = self.console();
        if seen.len() < runs.len() {
            // The page hangs or has crashed. It is loaded again for the next batch, and the report repeats the cases without a response.
            self.page = None;
            self.open(&page)?;
        }
        runs.into_iter().map(|(index, id)| Ok((index, self.observation(id, &seen, &console)?))).collect()
    }

    fn collect(&self, wanted: usize, patience: Duration) -> HashMap<u32, Vec<Seen>> {
        let deadline = Instant::now() + patience;
        let mut seen = HashMap::new();
        while seen.len() < wanted && Instant::now() < deadline {
            seen.extend(self.server.control.collect(Duration::from_secs(1)));
        }
        seen
    }

    fn observation(
        &self,
        id: u32,
        seen: &HashMap<u32, Vec<Seen>>,
        console: &HashMap<u32, Vec<String>>,
    ) -> Result<Option<Observation>, Failure> {
        let wire = self.server.end(id);
        let Some(calls) = seen.get(&id) else {
            return Ok(None);
        };
        let console = console.get(&id).cloned().unwrap_or_default();
        let mut observation =
            self.places.contract(&Observation { calls: calls.clone(), wire, console }, id)?;
        for call in &mut observation.calls {
            call.headers.sort();
        }
        Ok(Some(observation))
    }

    /// The console lines, by the run whose URL they name. A line without a URL belongs to the next one that has one, as WebKit prints the
    /// reason first.
    fn console(&mut self) -> HashMap<u32, Vec<String>> {
        let mut lines: HashMap<u32, Vec<String>> = HashMap::new();
        let mut unnamed = Vec::new();
        for line in self.browser.console() {
            let run = line.find("/k/").and_then(|at| places::run_of(line.get(at..)?));
            let ends =
                self.browser.engine != Engine::WebKit || line.contains(" due to access control checks.");
            // For a redirect to such a port, WebKit prints no second line.
            if run.is_none() && line.contains("Not allowed to use restricted network port") {
                continue;
            }
            unnamed.push(line);
            match run {
                Some(run) => lines.entry(run).or_default().append(&mut unnamed),
                None if ends => unnamed.clear(),
                None => {}
            }
        }
        lines
    }
}

fn waits(case: &Case) -> Duration {
    let waits = case.steps.iter().map(|step| if let Step::Wait { wait } = step { *wait } else { 0 });
    Duration::from_millis(waits.sum())
}
