//! The parts that conditions on the path make: they are written in `<If>`, in `SetEnvIf`, in rules of mod_rewrite that set a variable, and at headers.

use super::{Candidate, What};
use crate::apache::headers::When;
use crate::apache::pattern::Pattern;
use crate::apache::reach::{Reach, decides};
use crate::apache::rewrite::Rule;
use crate::apache::site::Rulebook;
use crate::apache::variables::{Test, VariableRule};
use crate::files::At;

/// Where conditions stand.
pub(super) struct Conditions<'c> {
    pub(super) reach: &'c Reach,
    /// Whether there are headers of CORS beside them.
    pub(super) is_cors: bool,
    /// The path of the folder that they are for, without a slash at its end. Rules of mod_rewrite in it see only what comes after it.
    pub(super) folder: Option<&'c str>,
}

impl Conditions<'_> {
    /// Adds the parts that the conditions of a section make.
    pub(super) fn add(&self, rulebook: &Rulebook, found: &mut Vec<Candidate>) {
        for branch in &rulebook.branches {
            let is_cors = self.is_cors || branch.rulebook.is_cors();
            let mut patterns = Vec::new();
            if let Some(condition) = &branch.condition {
                condition.path_patterns(&mut patterns);
            }
            for pattern in patterns {
                found.push(Candidate { is_cors, ..candidate(branch.at, &pattern, "<If>") });
            }
            Conditions { is_cors, ..*self }.add(&branch.rulebook, found);
        }
        for rule in rulebook.headers.iter().filter(|rule| decides(rule)) {
            let mut patterns = Vec::new();
            if let When::Expression(condition) = &rule.when {
                condition.path_patterns(&mut patterns);
            }
            self.add_all(rule.at, &patterns, "Header", found);
        }
        self.add_variables(&rulebook.variables, found);
        self.add_rules(rulebook.rewrite.as_ref().map_or(&[], |rewrite| &rewrite.rules), found);
    }

    /// Adds the parts that variables make.
    pub(super) fn add_variables(&self, rules: &[VariableRule], found: &mut Vec<Candidate>) {
        for rule in rules.iter().filter(|rule| self.reach.has_any(&rule.changes)) {
            let mut patterns = Vec::new();
            rule.path_patterns(&mut patterns);
            let written = match rule.test {
                Test::Value { .. } => "SetEnvIf Request_URI",
                Test::Expression(_) => "SetEnvIfExpr",
            };
            self.add_all(rule.at, &patterns, written, found);
        }
    }

    /// Adds the parts that rules of mod_rewrite make, by a variable.
    pub(super) fn add_rules(&self, rules: &[Rule], found: &mut Vec<Candidate>) {
        for rule in rules.iter().filter(|rule| self.reach.has_any(&rule.flags.variables)) {
            let mut patterns = Vec::new();
            rule.path_patterns(&mut patterns);
            self.add_all(rule.at, &patterns, "RewriteCond %{REQUEST_URI}", found);
            if !rule.pattern.is_match("") {
                let what = self.of_rule(&rule.pattern);
                found.push(Candidate { what, ..self.candidate(rule.at, &rule.pattern, "RewriteRule") });
            }
        }
    }

    fn add_all(&self, at: At, patterns: &[Pattern], written: &str, found: &mut Vec<Candidate>) {
        found.extend(patterns.iter().map(|pattern| self.candidate(at, pattern, written)));
    }

    fn candidate(&self, at: At, pattern: &Pattern, written: &str) -> Candidate {
        Candidate { is_cors: self.is_cors, ..candidate(at, pattern, written) }
    }

    /// What the expression of a rule covers.
    fn of_rule(&self, pattern: &Pattern) -> What {
        let Some(folder) = self.folder else { return of_pattern(pattern) };
        if let Some(rest) = pattern.text.strip_prefix('^') {
            let whole = format!("^{}/{rest}", regex_syntax::escape(folder));
            if let prefix @ What::Prefix(_) = of_pattern(&Pattern::new(&whole, pattern.ignores_case)) {
                return prefix;
            }
        }
        What::Below(folder.to_owned(), pattern.clone())
    }
}

fn candidate(at: At, pattern: &Pattern, written: &str) -> Candidate {
    Candidate {
        at,
        what: of_pattern(pattern),
        written: format!("{written} {}", pattern.text),
        is_cors: false,
        is_closed: true,
    }
}

/// An expression for paths: the beginning that it stands for, if it does.
pub(super) fn of_pattern(pattern: &Pattern) -> What {
    let Some(text) = pattern.text.strip_prefix('^') else { return What::Paths(pattern.clone()) };
    let ends = ["(?:/|$)", "(/|$)", "(?:/.*)?$", "(/.*)?$", "/(.*)$", "/.*$", "/(.*)", "/.*", "/", ""];
    let rest = ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let literal = rest.replace("\\/", "/").replace("\\.", ".").replace("\\-", "-");
    let is_plain = literal.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte))
        || rest.replace("\\.", "").bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte));
    if is_plain && (literal.is_empty() || literal.starts_with('/')) {
        What::Prefix(literal.trim_end_matches('/').to_owned())
    } else {
        What::Paths(pattern.clone())
    }
}
