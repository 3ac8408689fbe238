//! Codes of policies: problems in a policy file, and the reasons for which a policy refuses a request.

use corsac::server::{PolicyRefusal, ProblemCode, Severity};
use corsac_explain::policy::{ProblemEntry, RefusalEntry, problem, refusal};
use serde_json::{Value, json};

use crate::terminal::{FAINT, LINE, STRONG, styled, wrap};

/// The pages of this code: as a problem in a policy file, as a refusal, or as both.
pub(super) fn pages(code: &str) -> Vec<(String, Value)> {
    let problem = code.parse::<ProblemCode>().ok().and_then(problem);
    let refusal = PolicyRefusal::ALL
        .iter()
        .find(|refused| refused.as_str() == code)
        .and_then(|refused| refusal(*refused));
    let problem = problem.map(|entry| (problem_page(entry), problem_json(entry)));
    problem.into_iter().chain(refusal.map(|entry| (refusal_page(entry), refusal_json(entry)))).collect()
}

/// Every code.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    let problems = ProblemCode::ALL.iter().map(|code| code.as_str());
    problems.chain(PolicyRefusal::ALL.iter().map(|refused| refused.as_str()))
}

/// The headings of the list, and the codes with their titles.
pub(super) fn lists() -> [(&'static str, Vec<(&'static str, &'static str)>); 3] {
    let problems = |severity| {
        let codes = ProblemCode::ALL.iter().filter(move |code| code.severity() == severity);
        codes.map(|code| (code.as_str(), problem(*code).map_or("", |entry| entry.title))).collect()
    };
    let refusals = PolicyRefusal::ALL
        .iter()
        .map(|refused| (refused.as_str(), refusal(*refused).map_or("", |entry| entry.title)));
    [
        ("Errors in a policy file", problems(Severity::Error)),
        ("Lints in a policy file", problems(Severity::Lint)),
        ("Refused by a policy", refusals.collect()),
    ]
}

/// The same for programs.
pub(super) fn lists_json() -> (Value, Value) {
    let problem_row = |code: &ProblemCode| json!({ "code": code.as_str(), "severity": code.severity().as_str(), "title": problem(*code).map(|entry| entry.title) });
    let refusal_row = |refused: &PolicyRefusal| json!({ "code": refused.as_str(), "title": refusal(*refused).map(|entry| entry.title) });
    (ProblemCode::ALL.iter().map(problem_row).collect(), PolicyRefusal::ALL.iter().map(refusal_row).collect())
}

fn problem_page(entry: &ProblemEntry) -> String {
    let kind = match entry.code.severity() {
        Severity::Error => "error in a policy file",
        Severity::Lint => "lint in a policy file",
    };
    let mut page = head(entry.code.as_str(), kind, entry.title, ("Why", entry.why), entry.fix);
    for (before, lines) in [("Instead of", entry.wrong), ("write", entry.right)] {
        page.push_str(&format!("  {before}\n"));
        for line in lines.lines() {
            page.push_str(&format!("      {}\n", styled(LINE, line)));
        }
    }
    if entry.code.can_be_acknowledged() {
        page.push_str("  or, if it is intended, add\n");
        page.push_str(&format!(
            "      {}\n",
            styled(LINE, &format!("acknowledge = [\"{}\"]", entry.code.as_str()))
        ));
    }
    page
}

fn refusal_page(entry: &RefusalEntry) -> String {
    head(entry.refusal.as_str(), "refused by a policy", entry.title, ("Why", entry.why), entry.fix)
}

/// The page of a code: its kind, its title, a section that explains it, and what to change.
pub(super) fn head(code: &str, kind: &str, title: &str, why: (&str, &str), fix: &str) -> String {
    let mut page = format!("{}  {}\n", styled(STRONG, code), styled(FAINT, kind));
    page.push_str(&wrap(title, "", ""));
    for (heading, text) in [why, ("What to change", fix)] {
        page.push_str(&format!("\n{}\n{}", styled(STRONG, heading), wrap(text, "  ", "  ")));
    }
    page
}

fn problem_json(entry: &ProblemEntry) -> Value {
    json!({
        "code": entry.code.as_str(),
        "kind": "problem",
        "severity": entry.code.severity().as_str(),
        "acknowledgeable": entry.code.can_be_acknowledged(),
        "title": entry.title,
        "why": entry.why,
        "fix": entry.fix,
        "wrong": entry.wrong,
        "right": entry.right,
    })
}

fn refusal_json(entry: &RefusalEntry) -> Value {
    json!({
        "code": entry.refusal.as_str(),
        "kind": "refusal",
        "title": entry.title,
        "why": entry.why,
        "fix": entry.fix,
    })
}
