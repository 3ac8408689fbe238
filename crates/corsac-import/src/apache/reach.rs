//! Which variables of a request can decide about a header of CORS. What is compared only to set another one says nothing about origins.

use std::collections::{HashMap, HashSet};

use super::headers::{HeaderRule, Part as Value, When, Which};
use super::rewrite::Rule;
use super::site::{Part, Rulebook, Site};
use super::variables::VariableRule;

/// The names of variables that something reads.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// In lower case.
    names: Vec<String>,
    /// Any variable may be read: by a name that is not written, or by way of a header of the response.
    pub(super) are_unknown: bool,
}

impl Names {
    pub(super) fn add(&mut self, name: &str) {
        self.names.push(name.to_ascii_lowercase());
    }

    /// The variables in a text of mod_rewrite: `%{ENV:NAME}`.
    pub(super) fn add_of_text(&mut self, text: &str) {
        let lower = text.to_ascii_lowercase();
        for after in lower.split("%{env:").skip(1) {
            let name = after.split('}').next().unwrap_or_default();
            self.names.push(name.to_owned());
        }
    }
}

/// The variables that can decide about a header of CORS.
#[derive(Debug, Default)]
pub(super) struct Reach {
    names: HashSet<String>,
    is_everything: bool,
}

/// What a rule sets, and what it reads for that.
struct Link {
    sets: Vec<String>,
    reads: Names,
}

impl Reach {
    pub(super) fn of(sites: &[Site]) -> Self {
        let mut read = Names::default();
        let mut links = Vec::new();
        for site in sites {
            links.extend(site.variables.iter().map(of_variable));
            of_rewrites(&site.rewrite.rules, &mut links, &mut read);
            for rulebook in site.base.iter().chain(site.sections.iter().map(|part| &part.rulebook)) {
                of_rulebook(rulebook, &mut links, &mut read);
            }
        }
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, link) in links.iter().enumerate() {
            for name in &link.sets {
                by_name.entry(name).or_default().push(index);
            }
        }
        let mut left: Vec<Option<&Link>> = links.iter().map(Some).collect();
        let mut reach = Self { names: HashSet::new(), is_everything: read.are_unknown };
        let mut waiting = read.names;
        while let Some(name) = waiting.pop() {
            // After an internal redirect, a variable has another name.
            if let Some(before) = name.strip_prefix("redirect_") {
                waiting.push(before.to_owned());
            }
            // Each rule is looked at once, however many variables it sets.
            for index in by_name.remove(name.as_str()).unwrap_or_default() {
                let Some(link) = left.get_mut(index).and_then(Option::take) else { continue };
                waiting.extend(link.reads.names.iter().filter(|name| !reach.names.contains(*name)).cloned());
                reach.is_everything |= link.reads.are_unknown;
            }
            reach.names.insert(name);
        }
        reach
    }

    /// Whether a rule that sets or removes these variables can matter.
    pub(super) fn has_any<V>(&self, changes: &[(String, V)]) -> bool {
        self.is_everything || changes.iter().any(|(name, _)| self.names.contains(&name.to_ascii_lowercase()))
    }

    /// Whether a rule of mod_rewrite can matter: it does more than to set variables, or it sets one that does.
    pub(super) fn has_rule(&self, rule: &Rule) -> bool {
        rule.decides_more_than_variables() || self.has_any(&rule.flags.variables)
    }
}

fn of_variable(rule: &VariableRule) -> Link {
    let mut reads = Names::default();
    rule.add_variables(&mut reads);
    Link { sets: rule.changes.iter().map(|(name, _)| name.to_ascii_lowercase()).collect(), reads }
}

fn of_rewrites(rules: &[Rule], links: &mut Vec<Link>, read: &mut Names) {
    for rule in rules {
        if rule.decides_more_than_variables() {
            rule.add_variables(read);
        } else {
            let mut reads = Names::default();
            rule.add_variables(&mut reads);
            let sets = rule.flags.variables.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
            links.push(Link { sets, reads });
        }
    }
}

fn of_rulebook(rulebook: &Rulebook, links: &mut Vec<Link>, read: &mut Names) {
    links.extend(rulebook.variables.iter().map(of_variable));
    of_rewrites(rulebook.rewrite.as_ref().map_or(&[], |rewrite| &rewrite.rules), links, read);
    rulebook.access.add_variables(read);
    for rule in rulebook.headers.iter().filter(|rule| decides(rule)) {
        of_header(rule, read);
    }
    for branch in &rulebook.branches {
        if let Some(condition) = &branch.condition {
            condition.add_variables(read);
        }
        of_rulebook(&branch.rulebook, links, read);
    }
    for Part { rulebook, .. } in &rulebook.files {
        of_rulebook(rulebook, links, read);
    }
}

/// Whether a header is one of CORS, or one that decides about it.
pub(super) fn decides(rule: &HeaderRule) -> bool {
    rule.is_cors() || (rule.table == Which::Request && rule.name.eq_ignore_ascii_case("origin"))
}

fn of_header(rule: &HeaderRule, read: &mut Names) {
    match &rule.when {
        When::Environment { name, .. } => read.add(name),
        When::Expression(condition) => condition.add_variables(read),
        When::Always | When::Early => {}
    }
    for part in &rule.value {
        match part {
            Value::Environment(name) => read.add(name),
            Value::Expression(word) => word.add_variables(read),
            Value::Tls(name) => read.add(name.rsplit(':').next().unwrap_or_default()),
            Value::Text(_) | Value::Unknown => {}
        }
    }
}
