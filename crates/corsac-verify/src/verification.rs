//! What all cases together show.

use corsac::browser::{CompletedExchange, Engine};
use corsac::server::Policy;

use crate::case::Case;
use crate::code::{CODES, Class, Code, code};
use crate::judge::{Judged, judge};
use crate::run::Ended;

/// Collects what the cases of a suite show. The crate's documentation has an example.
#[derive(Debug)]
pub struct Verification<'p> {
    policy: &'p Policy,
    findings: Vec<Finding>,
    ok: usize,
    different: usize,
    unknown: Vec<(String, String)>,
}

/// One difference between the server and the policy, with the first case that shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of difference it is.
    pub class: Class,
    /// Its stable name, one of [`CODES`](crate::CODES).
    pub code: &'static str,
    /// What is wrong, in a sentence without a full stop.
    pub title: &'static str,
    /// What follows from it, and what to change.
    pub fix: &'static str,
    /// What was sent, for a person.
    pub case: String,
    /// How many cases show it.
    pub cases: usize,
    /// The engines in which browsers decide otherwise than the policy; empty if it is not about that.
    pub engines: Vec<Engine>,
    /// The request that shows it, and its response.
    pub completed: CompletedExchange,
    /// What the policy says: `allowed`, `refused`, or what the response should have.
    pub expected: String,
}

impl<'p> Verification<'p> {
    /// A verification of servers that should have this policy.
    pub fn new(policy: &'p Policy) -> Self {
        Self { policy, findings: Vec::new(), ok: 0, different: 0, unknown: Vec::new() }
    }

    /// Adds what a case shows.
    pub fn add(&mut self, case: &Case, ended: &Ended) {
        let differences = match judge(self.policy, case, ended) {
            Judged::Known(differences) => differences,
            Judged::Unknown(why) => return self.unknown.push((case.description.clone(), why)),
        };
        let count = if differences.is_empty() { &mut self.ok } else { &mut self.different };
        *count = count.saturating_add(1);
        for difference in differences {
            let Some(Code { name, class, title, fix }) = code(difference.code).copied() else { continue };
            match self.findings.iter_mut().find(|known| known.code == name) {
                Some(known) => {
                    known.cases = known.cases.saturating_add(1);
                    for engine in difference.engines {
                        if !known.engines.contains(&engine) {
                            known.engines.push(engine);
                        }
                    }
                }
                None => self.findings.push(Finding {
                    class,
                    code: name,
                    title,
                    fix,
                    case: case.description.clone(),
                    cases: 1,
                    engines: difference.engines,
                    completed: difference.completed,
                    expected: difference.expected,
                }),
            }
        }
    }

    /// What was found, the worst first. What only follows from another finding is left out: a server that allows every origin allows every
    /// near miss, too.
    pub fn findings(&self) -> Vec<&Finding> {
        let follows = |finding: &Finding| {
            let code = code(finding.code);
            self.findings.iter().any(|other| code.is_some_and(|code| code.follows_from(other.code)))
        };
        let mut findings: Vec<&Finding> = self.findings.iter().filter(|finding| !follows(finding)).collect();
        findings.sort_by_key(|finding| CODES.iter().position(|code| code.name == finding.code));
        findings
    }

    /// How many cases show no difference.
    pub fn ok(&self) -> usize {
        self.ok
    }

    /// How many cases show a difference.
    pub fn different(&self) -> usize {
        self.different
    }

    /// The cases that say nothing about the policy, and why: the connection failed, or something else answered.
    pub fn unknown(&self) -> &[(String, String)] {
        &self.unknown
    }
}
