//! What a condition asks for that the requests here do not have: a query, a header of the page's own, a type of content. Such a part is asked for under the
//! assumption that it is there.

use crate::headers::{is_asked, is_of_cors};
use std::collections::{HashMap, HashSet};

use super::configuration::{Acl, Action, Condition, Configuration, Named, NewValue, Proxy, Rule, Term};
use super::sample::{Converter, Fetch, Sample};

/// The most conditions that are followed from one to the next.
const MOST_STEPS: usize = 100;

/// Criteria, each with what it is taken to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Assumption {
    criteria: Vec<Criterion>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Criterion {
    /// Its lines, by which it is found again wherever it is asked for.
    lines: Vec<String>,
    /// As people write it in a condition.
    written: String,
    holds: bool,
}

impl Assumption {
    pub(super) const fn nothing() -> Self {
        Self { criteria: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.criteria.is_empty()
    }

    /// What a criterion is taken to be, if it is assumed.
    pub(super) fn holds(&self, named: &Named, proxy: &Proxy) -> Option<bool> {
        if self.criteria.is_empty() {
            return None;
        }
        let lines = lines(named, proxy);
        self.criteria.iter().find(|criterion| criterion.lines == lines).map(|criterion| criterion.holds)
    }

    /// What both assume.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for criterion in &other.criteria {
            if self.criteria.iter().all(|known| known.lines != criterion.lines) {
                self.criteria.push(criterion.clone());
            }
        }
        self
    }

    /// A sentence about what is meant.
    pub(super) fn why(&self) -> String {
        let written: Vec<String> = self
            .criteria
            .iter()
            .map(|criterion| format!("`{}{}`", if criterion.holds { "" } else { "!" }, criterion.written))
            .collect();
        format!("Only requests for which {} holds are meant.", written.join(" and "))
    }

    fn add(&mut self, named: &Named, proxy: &Proxy, holds: bool) {
        let lines = lines(named, proxy);
        if self.criteria.iter().any(|criterion| criterion.lines == lines) {
            return;
        }
        self.criteria.push(Criterion { lines, written: written(named), holds });
    }
}

/// A criterion as a condition has it.
pub(super) fn written(named: &Named) -> String {
    match named {
        Named::Acl(name) => name.clone(),
        Named::Anonymous(acl) => format!("{{ {} }}", acl.text),
    }
}

fn lines(named: &Named, proxy: &Proxy) -> Vec<String> {
    match named {
        Named::Acl(name) => proxy.acls.get(name).into_iter().flatten().map(|acl| acl.text.clone()).collect(),
        Named::Anonymous(acl) => vec![acl.text.clone()],
    }
}

/// Looks for what has to be assumed.
pub(super) struct Assumptions<'c> {
    /// The rules that set a variable.
    setters: HashMap<&'c str, Vec<(&'c Proxy, &'c Rule)>>,
    /// The headers that rules set.
    headers: HashSet<&'c str>,
}

impl<'c> Assumptions<'c> {
    pub(super) fn of(configuration: &'c Configuration) -> Self {
        let mut setters = HashMap::<_, Vec<_>>::new();
        let mut headers = HashSet::new();
        for proxy in &configuration.proxies {
            for rule in proxy.rules() {
                match &rule.action {
                    Action::SetVariable { name, .. } => {
                        setters.entry(name.as_str()).or_default().push((proxy, rule));
                    }
                    Action::SetHeader { name, .. } | Action::AddHeader { name, .. } => {
                        headers.insert(name.as_str());
                    }
                    _ => {}
                }
            }
        }
        Self { setters, headers }
    }

    /// What has to be assumed so that a condition can hold, in each of its alternatives. Empty ones need nothing.
    pub(super) fn of_condition(&self, condition: &Condition, proxy: &Proxy) -> Vec<Assumption> {
        let of_terms = |terms: &mut dyn Iterator<Item = &Term>| {
            let mut assumption = Assumption::default();
            for Term { negated, acl } in terms {
                self.need(&mut assumption, acl, proxy, *negated == condition.unless, &mut HashSet::new());
            }
            assumption
        };
        if condition.unless {
            return vec![of_terms(&mut condition.any.iter().flatten())];
        }
        condition.any.iter().map(|terms| of_terms(&mut terms.iter())).collect()
    }

    /// As [`Assumptions::of_condition`], with what the variables need whose values the rule sends.
    pub(super) fn of_rule(&self, rule: &Rule, proxy: &Proxy) -> Vec<Assumption> {
        let mut found = match &rule.condition {
            Some(condition) => self.of_condition(condition, proxy),
            None => vec![Assumption::default()],
        };
        for assumption in &mut found {
            for sample in rule.samples() {
                self.need_variable(assumption, sample, &mut HashSet::new());
            }
        }
        found
    }

    fn need(
        &self,
        assumption: &mut Assumption,
        named: &Named,
        proxy: &Proxy,
        holds: bool,
        seen: &mut HashSet<String>,
    ) {
        let acls: Vec<_> = match named {
            Named::Acl(name) => proxy.acls.get(name).into_iter().flatten().map(AsRef::as_ref).collect(),
            Named::Anonymous(acl) => vec![acl],
        };
        // One line that can be asked for is enough.
        if acls.is_empty() || acls.iter().any(|acl| self.is_of_origin(&acl.sample)) {
            return;
        }
        let is_usual_port = |acl: &Acl| {
            acl.sample.fetch == Fetch::Port
                && acl.keys.iter().any(|key| ["80", "443"].contains(&key.text.as_str()))
        };
        let can_be_asked =
            |acl: &Acl| is_usual_port(acl) || !self.is_missing(&acl.sample) && !self.is_unknown(&acl.sample);
        if holds && !acls.iter().any(|acl| can_be_asked(acl)) {
            assumption.add(named, proxy, true);
        } else if !holds && acls.iter().any(|acl| self.is_unknown(&acl.sample)) {
            assumption.add(named, proxy, false);
        } else if holds {
            acls.iter().for_each(|acl| self.need_variable(assumption, &acl.sample, seen));
        }
    }

    /// What has to hold for a variable to be set.
    fn need_variable(&self, assumption: &mut Assumption, sample: &Sample, seen: &mut HashSet<String>) {
        let Fetch::Variable { name, .. } = &sample.fetch else { return };
        if seen.len() > MOST_STEPS || !seen.insert(name.clone()) {
            return;
        }
        let setters = self.setters(name);
        // One that is set without a condition needs nothing.
        if setters.iter().any(|(_, rule)| rule.condition.is_none()) {
            return;
        }
        let Some((proxy, rule)) = setters.first() else { return };
        let Some(terms) = rule.condition.as_ref().and_then(|condition| condition.any.first()) else { return };
        let unless = rule.condition.as_ref().is_some_and(|condition| condition.unless);
        for term in terms {
            self.need(assumption, &term.acl, proxy, term.negated == unless, seen);
        }
    }

    fn setters(&self, variable: &str) -> &[(&'c Proxy, &'c Rule)] {
        self.setters.get(variable).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a sample comes from the request's `Origin`, in whatever way.
    fn is_of_origin(&self, sample: &Sample) -> bool {
        let mut seen = HashSet::new();
        let mut samples = vec![sample];
        while let Some(sample) = samples.pop() {
            match &sample.fetch {
                Fetch::Header(header) | Fetch::HeaderCount(header)
                    if header.of_request && header.name == "origin" =>
                {
                    return true;
                }
                Fetch::Variable { name, .. } if seen.insert(name) => {
                    samples.extend(self.setters(name).iter().flat_map(|(_, rule)| rule.samples()));
                }
                _ => {}
            }
        }
        false
    }

    /// Whether the requests here never have it. A variable is there if one of its setters has a value for it; that it is set from itself is none.
    fn is_missing(&self, sample: &Sample) -> bool {
        let mut seen = HashSet::new();
        let mut samples = vec![sample];
        while let Some(sample) = samples.pop() {
            let is_there = match &sample.fetch {
                Fetch::Absent | Fetch::Port => false,
                Fetch::Header(header) | Fetch::HeaderCount(header) => {
                    let is_asked = if header.of_request {
                        is_asked(&header.name)
                    } else {
                        header.name == "vary" || is_of_cors(&header.name)
                    };
                    is_asked || self.headers.contains(header.name.as_str())
                }
                Fetch::Variable { name, default: None } => {
                    let setters = if seen.insert(name) { self.setters(name) } else { &[] };
                    setters.iter().any(|(_, rule)| match &rule.action {
                        Action::SetVariable { value: NewValue::Sample(sample), .. } => {
                            samples.extend(Some(sample).filter(|sample| !self.is_unknown(sample)));
                            false
                        }
                        _ => true,
                    })
                }
                _ => true,
            };
            if is_there {
                return false;
            }
        }
        true
    }

    fn is_unknown(&self, sample: &Sample) -> bool {
        matches!(sample.fetch, Fetch::Unknown(_) | Fetch::Credentials)
            || sample.converters.iter().any(|converter| matches!(converter, Converter::Unknown(_)))
    }
}
