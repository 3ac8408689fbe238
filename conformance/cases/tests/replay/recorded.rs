//! The recorded cases of an engine, ready to be compared with any profile.

use std::sync::atomic::{AtomicBool, Ordering};

use corsac::browser::{Engine, Profile};
use corsac_conformance::case::Case;
use corsac_conformance::compare;
use corsac_conformance::console;
use corsac_conformance::explained;
use corsac_conformance::observation::Observation;
use corsac_conformance::places::Places;
use corsac_conformance::vectors::{self, Vector};

pub(crate) struct Recorded {
    engine: Engine,
    places: Places,
    rows: Vec<Row>,
}

struct Row {
    vector: Vector,
    /// The case with addresses instead of names.
    expanded: Case,
}

impl Recorded {
    pub(crate) fn read(engine: Engine) -> Self {
        let places = Places::new(28_100);
        let vectors = vectors::read(engine).unwrap().vectors;
        let rows = parallel(vectors, |vector| {
            let expanded = places.expand(&vector.case, 0).unwrap();
            Row { vector, expanded }
        });
        Self { engine, places, rows }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Every case in which `profile` differs from the browser without an explanation, with the differences.
    pub(crate) fn all_that_differ(&self, profile: &Profile) -> Vec<String> {
        let found = parallel(self.rows.iter().collect(), |row| self.parts(row, profile));
        found.into_iter().flatten().collect()
    }

    /// The first case found in which `profile` differs from the browser.
    pub(crate) fn any_that_differs(&self, profile: &Profile) -> Option<String> {
        let done = AtomicBool::new(false);
        let found = parallel(self.rows.iter().collect(), |row| {
            if done.load(Ordering::Relaxed) {
                return None;
            }
            let parting = self.parts(row, profile)?;
            done.store(true, Ordering::Relaxed);
            Some(parting)
        });
        found.into_iter().flatten().next()
    }

    /// Every case in which the browser's console differs from what Corsac writes for it, with the differences.
    pub(crate) fn all_consoles_that_differ(&self) -> Vec<String> {
        let found = parallel(self.rows.iter().collect(), |row| self.console_parts(row));
        found.into_iter().flatten().collect()
    }

    /// Every case whose console lines, as the browser printed them, are not read back to what happened.
    pub(crate) fn all_consoles_misread(&self) -> (usize, Vec<String>) {
        let found = parallel(self.rows.iter().collect(), |row| self.misread(row));
        let read = found.iter().flatten().count();
        (read, found.into_iter().flatten().filter_map(|found| found.err()).collect())
    }

    /// Reads the lines of a case with one refusal. Returns `None` if the browser printed nothing about it.
    fn misread(&self, row: &Row) -> Option<Result<(), String>> {
        let refusals =
            corsac_conformance::profile::refusals(&row.expanded, &self.places, self.engine).unwrap();
        let [refusal] = refusals.as_slice() else { return None };
        let printed = row.vector.seen.console.iter().filter_map(|line| console::shown(self.engine, line));
        let mut printed: Vec<String> = printed.collect();
        // WebKit's console is recorded for few cases. What it prints for the others is measured against what we write.
        if printed.is_empty() && self.engine == Engine::WebKit {
            printed = corsac_conformance::profile::observe(&row.expanded, &self.places, self.engine)
                .unwrap()
                .console;
        }
        let text: String = self.places.expand(&printed.join("\n"), 0).unwrap();
        (!text.is_empty()).then(|| {
            corsac_conformance::pasted::check(self.engine, refusal, &text)
                .map_err(|wrong| format!("{}: {wrong}\n{text}\n", row.vector.case.name))
        })
    }

    fn console_parts(&self, row: &Row) -> Option<String> {
        let Vector { case, seen } = &row.vector;
        let said = corsac_conformance::profile::observe(&row.expanded, &self.places, self.engine).unwrap();
        let said: Observation = self.places.contract(&said, 0).unwrap();
        let differences = console::differences(self.engine, seen, &said);
        let unexplained =
            differences.iter().filter(|difference| console::explain(self.engine, case, difference).is_none());
        let lines: Vec<_> = unexplained.map(|difference| format!("    {difference}")).collect();
        (!lines.is_empty()).then(|| format!("{}\n{}", case.name, lines.join("\n")))
    }

    fn parts(&self, row: &Row, profile: &Profile) -> Option<String> {
        let Vector { case, seen } = &row.vector;
        let said = corsac_conformance::profile::observe_with(&row.expanded, &self.places, profile).unwrap();
        let said: Observation = self.places.contract(&said, 0).unwrap();
        let differences = compare::differences(case, seen, &said);
        if explained::all_explained(self.engine, case, &differences) {
            return None;
        }
        let lines: Vec<_> = differences.iter().map(|difference| format!("    {difference}")).collect();
        Some(format!("{}\n{}", case.name, lines.join("\n")))
    }
}

/// Applies `work` to each item, on all processors.
fn parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = items.len().div_ceil(threads).max(1);
    let mut rest = items.into_iter();
    let work = &work;
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for _ in 0..threads {
            let part: Vec<T> = rest.by_ref().take(size).collect();
            running.push(scope.spawn(move || part.into_iter().map(work).collect::<Vec<R>>()));
        }
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}
