//! Origins that an expression matches and that the entries it stands for do not cover: first by famous mistakes, then by search in the automata of both,
//! which finds one if there is one.

use std::collections::{HashSet, VecDeque};
use std::sync::LazyLock;

use corsac::origin::Origin;
use corsac::server::{Policy, Request};
use regex_automata::Input;
use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::primitives::StateID;

use super::{Expression, LARGEST, syntax_of};

type Dfa = dense::DFA<Vec<u32>>;

/// An origin that an expression lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stranger {
    /// The way in which it gets in.
    pub(crate) code: &'static str,
    pub(crate) origin: String,
}

/// Origins of the web as browsers send them, with a port for which 8000 to 8999 stands: those below a domain for examples, those that begin with a letter
/// that nobody means, and all.
static ORIGINS: LazyLock<[Option<Dfa>; 3]> = LazyLock::new(|| {
    const REST: &str = r"(?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*";
    [("[a-z0-9]", "example"), ("x", "[a-z]+"), ("[a-z0-9]", "[a-z]+")].map(|(first, last)| {
        automaton(&format!(r"^https?://{first}{REST}\.{last}(?::8[0-9][0-9][0-9])?$"), false)
    })
});
/// Matches no text.
const NOTHING: &str = r"[^\s\S]";
const ALPHABET: &[u8] = b"xabcdefghijklmnopqrstuvwyz8012345679-.:/";
/// The most states that the search goes through.
const MOST_STATES: usize = 20_000;

pub(super) fn of(expression: &Expression, entries: &[String]) -> Vec<Stranger> {
    let Ok(policy) = Policy::builder(entries.iter().map(String::as_str)).build() else { return Vec::new() };
    let mut strangers: Vec<Stranger> = Vec::new();
    for entry in entries {
        let other = entries.iter().find(|other| *other != entry).map(String::as_str);
        let mut misses = corsac_verify::near_misses(entry, other);
        // What stands for a wildcard there may be nothing that the expression matches, such as letters for digits.
        let is_matched =
            corsac_verify::covered(entry).first().is_none_or(|origin| expression.is_match(origin));
        let example = if is_matched { None } else { expression.example(entry) };
        let more = example.into_iter().flat_map(|origin| corsac_verify::near_misses(&origin, None));
        misses.extend(more.filter(|miss| miss.code != "origin-dot-matches"));
        for miss in misses {
            // Where the end is not compared, the same text once more lets nobody in by its beginning.
            let is_longer = miss.code == "origin-suffix-matches"
                && corsac_verify::covered(entry)
                    .iter()
                    .any(|origin| miss.origin.starts_with(origin.as_str()));
            if expression.is_match(&miss.origin)
                && !is_longer
                && !is_covered(&policy, &miss.origin)
                && strangers.iter().all(|known| known.code != miss.code)
            {
                strangers.push(Stranger { code: miss.code, origin: miss.origin });
            }
        }
    }
    if strangers.is_empty()
        && let Some(origin) = search(expression, entries, false)
        && !is_covered(&policy, &origin)
    {
        strangers.push(Stranger { code: "origin-expression-too-wide", origin });
    }
    without_consequences(strangers)
}

/// Without the strangers that get in for the same reason as another one: where the end is not compared, neither is the port, and where the beginning is not
/// compared, neither are scheme and subdomains.
fn without_consequences(mut strangers: Vec<Stranger>) -> Vec<Stranger> {
    let has = |code: &str| strangers.iter().any(|stranger| stranger.code == code);
    let (prefix, suffix) = (has("origin-prefix-matches"), has("origin-suffix-matches"));
    strangers.retain(|stranger| match stranger.code {
        "origin-port-ignored" => !prefix,
        "origin-scheme-ignored" | "subdomain-allowed" | "parent-domain-allowed" => !suffix,
        _ => true,
    });
    strangers
}

/// Returns `true` if the policy allows the origin.
pub(crate) fn is_covered(policy: &Policy, origin: &str) -> bool {
    let Ok(value) = http::HeaderValue::from_str(origin) else { return false };
    let headers = http::HeaderMap::from_iter([(http::header::ORIGIN, value)]);
    policy.decide(&Request::new(&http::Method::GET, &headers)).is_allowed()
}

/// The shortest origin that the expression matches, and that the entries cover or not. One below a domain for examples is preferred.
pub(super) fn search(expression: &Expression, entries: &[String], covered: bool) -> Option<String> {
    let theirs = automaton(&expression.written_out, expression.ignores_case)?;
    let ours = match entries {
        [] => automaton(NOTHING, false)?,
        entries => automaton(&corsac_stacks::origin_expression(entries), false)?,
    };
    // Of what is covered any is as good.
    let from = if covered { 2 } else { 0 };
    ORIGINS.iter().skip(from).find_map(|origins| shortest(&theirs, origins.as_ref()?, &ours, covered))
}

fn shortest(theirs: &Dfa, origins: &Dfa, ours: &Dfa, covered: bool) -> Option<String> {
    let start =
        State { theirs: Walk::start(theirs)?, origins: Walk::start(origins)?, ours: Walk::start(ours)? };
    let mut seen = HashSet::from([start]);
    let mut queue = VecDeque::from([(start, Vec::new())]);
    while let Some((state, text)) = queue.pop_front() {
        if state.theirs.ends_well(theirs)
            && state.origins.ends_well(origins)
            && state.ours.ends_well(ours) == covered
        {
            let origin = String::from_utf8(text.clone()).ok()?;
            if Origin::parse(&origin).is_ok_and(|parsed| parsed.as_str() == origin) {
                return Some(origin);
            }
        }
        for byte in ALPHABET {
            let next = State {
                theirs: state.theirs.step(theirs, *byte),
                origins: state.origins.step(origins, *byte),
                ours: state.ours.step(ours, *byte),
            };
            let is_hopeless = next.origins.is_dead(origins) || next.theirs.is_dead(theirs);
            if !is_hopeless && seen.len() < MOST_STATES && seen.insert(next) {
                let mut longer = text.clone();
                longer.push(*byte);
                queue.push_back((next, longer));
            }
        }
    }
    None
}

fn automaton(expression: &str, ignores_case: bool) -> Option<Dfa> {
    dense::Builder::new()
        .configure(dense::Config::new().dfa_size_limit(Some(LARGEST)).determinize_size_limit(Some(LARGEST)))
        .syntax(syntax_of(ignores_case))
        .thompson(regex_automata::nfa::thompson::Config::new().utf8(false))
        .build(expression)
        .ok()
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    theirs: Walk,
    origins: Walk,
    ours: Walk,
}

/// How far an automaton is in a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Walk {
    state: StateID,
    /// A match has ended before.
    has_matched: bool,
}

impl Walk {
    fn start(automaton: &Dfa) -> Option<Self> {
        let state = automaton.start_state_forward(&Input::new("")).ok()?;
        Some(Self { state, has_matched: false })
    }

    fn step(self, automaton: &Dfa, byte: u8) -> Self {
        if self.has_matched {
            return self;
        }
        let state = automaton.next_state(self.state, byte);
        // Automata report a match one byte after its end.
        if automaton.is_match_state(state) {
            Self { state: self.state, has_matched: true }
        } else {
            Self { state, ..self }
        }
    }

    /// Returns `true` if the text matches when it ends here.
    fn ends_well(self, automaton: &Dfa) -> bool {
        self.has_matched || automaton.is_match_state(automaton.next_eoi_state(self.state))
    }

    fn is_dead(self, automaton: &Dfa) -> bool {
        !self.has_matched && automaton.is_dead_state(self.state)
    }
}
