//! A case in which browser and profile differ: judged, minimized in the same browser, and written to a file.

use std::path::Path;
use std::time::{Duration, Instant};

use corsac::browser::Engine;
use serde_json::json;

use crate::runner::Runner;
use corsac_conformance::Failure;
use corsac_conformance::case::Case;
use corsac_conformance::compare::{self, Difference, Part};
use corsac_conformance::console;
use corsac_conformance::explained;
use corsac_conformance::minimize;
use corsac_conformance::observation::Observation;
use corsac_conformance::pasted;
use corsac_conformance::places::Places;
use corsac_conformance::profile;

/// What a browser showed in a case, and what its profile does.
#[derive(Clone, Debug)]
pub struct Disagreement {
    engine: Engine,
    case: Case,
    browser: Observation,
    profile: Observation,
    /// Empty if they agree.
    pub differences: Vec<Difference>,
}

/// How many smaller cases are run for one disagreement.
const BUDGET: usize = 600;
/// How long they may take in total.
const PATIENCE: Duration = Duration::from_secs(90);

impl Disagreement {
    pub fn of(places: &Places, engine: Engine, case: &Case, browser: Observation) -> Result<Self, Failure> {
        let profile = expected(places, case, engine)?;
        let mut differences = compare::differences(case, &browser, &profile);
        differences.extend(console::differences(engine, &browser, &profile));
        // What was printed is also read back, unless the two disagree about what happened.
        if differences.is_empty() {
            let expanded = places.expand(case, 0)?;
            differences.extend(pasted::difference(engine, &expanded, &browser, places)?);
        }
        Ok(Self { engine, case: case.clone(), browser, profile, differences })
    }

    /// Returns `true` if there is no difference, or an explanation for each.
    pub fn is_explained(&self) -> bool {
        self.unexplained().next().is_none()
    }

    fn unexplained(&self) -> impl Iterator<Item = &Difference> {
        let explained = |difference: &Difference| {
            let explain =
                if difference.part == Part::Console { console::explain } else { explained::explain };
            explain(self.engine, &self.case, difference).is_some()
        };
        self.differences.iter().filter(move |difference| !explained(difference))
    }

    /// The smallest case found that disagrees in the same way. `None` if no smaller one does.
    pub fn minimize(&self, runner: &mut Runner) -> Result<Option<Self>, Failure> {
        let Some(worst) = self.unexplained().min_by_key(|difference| difference.part) else {
            return Ok(None);
        };
        let kind = worst.kind();
        let begin = Instant::now();
        let mut smallest = None;
        let mut disagrees = |cases: &[Case]| {
            if begin.elapsed() > PATIENCE {
                return Ok(vec![false; cases.len()]);
            }
            let mut observed = runner.run(cases, &mut |_| {})?;
            if worst.part == Part::Console {
                runner.add_console(cases, &mut observed, &mut |_| {})?;
            }
            let found = cases.iter().zip(observed).map(|(case, observation)| {
                // An edit may make a case that no page can run, for example if a string is not a URL any more.
                let found = Self::of(runner.places(), self.engine, case, observation?).ok()?;
                let same = found.unexplained().any(|difference| difference.kind() == kind);
                same.then_some(found)
            });
            let found: Vec<Option<Self>> = found.collect();
            let answers = found.iter().map(Option::is_some).collect();
            // The search continues with the first one.
            if let Some(first) = found.into_iter().flatten().next() {
                smallest = Some(first);
            }
            Ok(answers)
        };
        minimize::minimize(&self.case, BUDGET, &mut disagrees)?;
        Ok(smallest)
    }

    /// Prints and writes the smallest case, and the command to run it again.
    pub fn report(&self, minimal: Option<&Self>, out: &Path) -> Result<(), Failure> {
        let engine = self.engine.as_str();
        let folder = out.join(engine);
        std::fs::create_dir_all(&folder)?;
        let name = self.case.name.replace('/', "-");
        let shown = minimal.unwrap_or(self);
        let file = folder.join(format!("{name}.case.json"));
        std::fs::write(&file, serde_json::to_string_pretty(&shown.case)?)?;
        let seen = json!({ "browser": shown.browser, "profile": shown.profile });
        std::fs::write(folder.join(format!("{name}.seen.json")), serde_json::to_string_pretty(&seen)?)?;
        if minimal.is_some() {
            let whole = serde_json::to_string_pretty(&self.case)?;
            std::fs::write(folder.join(format!("{name}.whole.json")), whole)?;
        }
        println!("{engine} {}", self.case.name);
        for difference in shown.unexplained() {
            println!("    {difference}");
        }
        if minimal.is_some() {
            println!("    the smallest case: {}", serde_json::to_string(&shown.case)?);
        }
        println!("    scripts/conformance {engine} --case {}", file.display());
        Ok(())
    }
}

/// What a profile does in a case, as an observation.
pub fn expected(places: &Places, case: &Case, engine: Engine) -> Result<Observation, Failure> {
    let expanded = places.expand(case, 0)?;
    let observation = profile::observe(&expanded, places, engine)?;
    places.contract(&observation, 0)
}
