//! Puts together the sightings that are about the same failure: frame, reason, network line and exception.

use corsac::browser::Engine;

use super::message::{Message, Role};
use super::sighting::Sighting;
use super::value;
use crate::ItemStage;

/// The sightings of one failure, and what they say together.
#[derive(Debug, Default)]
pub(super) struct Failure {
    pub(super) engine: Option<Engine>,
    pub(super) codes: Vec<&'static str>,
    pub(super) cors: Option<bool>,
    pub(super) stage: Option<ItemStage>,
    pub(super) values: Vec<(&'static str, String)>,
    /// The strongest of its sightings.
    pub(super) role: Option<Role>,
    /// Whether the words do not tell the engines apart.
    pub(super) is_shared: bool,
    /// Whether there is a frame around the reason that names the URL or what requested it.
    pub(super) has_frame: bool,
    /// Where it starts and ends.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A frame and a reason that are further apart than this belong to different messages.
const FARTHEST: usize = 400;

/// Returns the failures, in the order of the text.
pub(super) fn failures(text: &str, sightings: Vec<Sighting>) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for sighting in sightings {
        let between = |last: &Failure| text.get(last.end..sighting.start).unwrap_or_default();
        match failures.last_mut() {
            Some(last) if continues(last, &sighting, between(last)) => last.add(&sighting),
            _ => failures.push(Failure::of(&sighting)),
        }
    }
    failures.retain(|failure| failure.role != Some(Role::Frame) || failure.is_half_a_message());
    merge_companions(text, failures)
}

/// Returns `true` if the sighting is a part of the same message: what stands between has no end of a message.
fn continues(last: &Failure, next: &Sighting, between: &str) -> bool {
    let is_near = between.len() <= FARTHEST && between.matches('\n').count() <= 3;
    let is_other_engine = last.engine.zip(next.message.engine).is_some_and(|(one, other)| one != other)
        && next.message.role != Role::Frame;
    if !is_near || is_other_engine {
        return false;
    }
    match (last.role, next.message.role) {
        (Some(Role::Frame), Role::Frame) => !last.contradicts(next),
        (Some(Role::Frame), Role::Companion) => !between.contains('\n') && between.len() <= 40,
        // A reason follows its frame; a second frame begins a message of its own, unless it only ends the sentence.
        (Some(Role::Frame), Role::Reason) => true,
        (Some(Role::Reason), Role::Frame) => {
            let ends_sentence = next.message.words.starts_with("Origin '{origin}' is therefore")
                || next.message.words.starts_with("The response had")
                || next.message.words.starts_with("\\)\\.? Status");
            ends_sentence && !last.contradicts(next)
        }
        // Two halves of one sentence.
        (Some(Role::Reason), Role::Reason) if next.start < last.end => {
            last.codes.first() == next.message.codes.first()
        }
        // The rest of a sentence that is not about CORS.
        (Some(Role::Reason), Role::Reason)
            if last.cors == Some(false) && next.message.cors == Some(false) =>
        {
            !between.contains('\n')
                && between.len() <= 160
                && !next.values.iter().any(|(name, _)| matches!(*name, "url" | "real"))
        }
        (Some(Role::Reason), Role::Reason) => {
            between.matches('\n').count() <= 1
                && between.len() <= 80
                && last.codes.first() == next.message.codes.first()
                && !last.contradicts(next)
        }
        _ => false,
    }
}

impl Failure {
    fn of(sighting: &Sighting) -> Self {
        let mut failure = Self { start: sighting.start, end: sighting.end, ..Self::default() };
        failure.add(sighting);
        failure
    }

    fn add(&mut self, sighting: &Sighting) {
        let Message { role, engine, is_shared, codes, cors, stage, .. } = *sighting.message;
        self.start = self.start.min(sighting.start);
        self.end = self.end.max(sighting.end);
        let is_stronger = self.role.is_none_or(|own| rank(role) > rank(own));
        if is_stronger {
            self.role = Some(role);
        }
        if self.codes.is_empty() || is_stronger && !codes.is_empty() {
            self.codes = codes.to_vec();
        }
        self.engine = self.engine.or(engine);
        self.is_shared |= is_shared;
        self.has_frame |= role == Role::Frame
            && sighting.values.iter().any(|(name, _)| matches!(*name, "kind" | "url" | "real"));
        if self.cors.is_none() || is_stronger && cors.is_some() {
            self.cors = cors;
        }
        // What a frame says about the stage is more precise than the reason: a redirect, a preflight.
        self.stage = self.stage.or(stage);
        for (name, value) in &sighting.values {
            if !self.values.iter().any(|(known, _)| known == name) {
                self.values.push((name, value.clone()));
            }
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the URL, if it is one.
    pub(super) fn url(&self) -> Option<String> {
        ["url", "real"].into_iter().find_map(|name| value::url(self.value(name)?))
    }

    /// Returns `true` if a value of the sighting differs from the same value here.
    fn contradicts(&self, sighting: &Sighting) -> bool {
        sighting.values.iter().any(|(name, value)| self.value(name).is_some_and(|own| own != value))
    }

    /// Returns `true` for a frame whose reason is cut off, which still says that CORS refused.
    fn is_half_a_message(&self) -> bool {
        self.engine.is_some() || self.value("origin").is_some()
    }
}

fn rank(role: Role) -> u8 {
    match role {
        Role::Frame => 0,
        Role::Exception => 1,
        Role::Companion => 2,
        Role::Reason => 3,
    }
}

/// Joins lines that one failure prints: a reason, its network line, its exception; and failures that are printed twice.
fn merge_companions(text: &str, failures: Vec<Failure>) -> Vec<Failure> {
    let mut merged: Vec<Failure> = Vec::new();
    for mut failure in failures {
        // Companions stand below their reason, or above it.
        let own = merged.iter_mut().rev().take(4).find(|other| belongs(text, other, &failure));
        match own {
            Some(other) => other.absorb(failure),
            None => {
                // Lines above that had no reason yet.
                while let Some(above) = merged.pop() {
                    if failure.role == Some(Role::Reason)
                        && rank_of(&above) < 3
                        && belongs(text, &above, &failure)
                    {
                        let mut whole = failure;
                        whole.absorb(above);
                        failure = whole;
                    } else {
                        merged.push(above);
                        break;
                    }
                }
                merged.push(failure);
            }
        }
    }
    merged
}

fn rank_of(failure: &Failure) -> u8 {
    failure.role.map_or(0, rank)
}

/// Returns `true` if the two are about the same failure.
fn belongs(text: &str, one: &Failure, other: &Failure) -> bool {
    let between = text.get(one.end..other.start).unwrap_or_default();
    let same_engine = match (one.engine, other.engine) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let (url, other_url) = (one.url(), other.url());
    // Below a refusal that is not of its CORS check, Firefox repeats the URL of the request, and not the one that it refused.
    let is_other_rule = |failure: &Failure| {
        matches!(failure.codes.first(), Some(&("mixed-content" | "mode-same-origin" | "scheme-not-http")))
    };
    let is_network_error = |failure: &Failure| failure.codes.first() == Some(&"network-error");
    let is_echo = has_no_words(between)
        && (is_other_rule(one) && is_network_error(other) || is_network_error(one) && is_other_rule(other));
    let same_url = url.is_none() || other_url.is_none() || url == other_url || is_echo;
    let is_near = between.len() <= 1_500;
    if !same_engine || !same_url || !is_near {
        return false;
    }
    let (rank, other_rank) = (rank_of(one), rank_of(other));
    match (rank, other_rank) {
        // The same message once more, or WebKit's third line, which repeats the first. Firefox prints two reasons for a preflight that
        // redirects.
        (3, 3) => {
            let is_external_redirect = |failure: &Failure| {
                failure.engine == Some(Engine::Firefox) && failure.codes == ["preflight-redirected"]
            };
            let is_beside = url.is_some() && has_no_words(between);
            let is_same = one.codes == other.codes
                || one.codes.contains(other.codes.first().unwrap_or(&""))
                || is_beside && is_external_redirect(one) != is_external_redirect(other);
            let same_values =
                one.values.iter().all(|(name, value)| other.value(name).is_none_or(|other| other == value));
            is_same && same_values
        }
        // A status that the network log has says more about a reason; a success of another request does not.
        (3, _) | (_, 3) => {
            let reason = if rank == 3 { one } else { other };
            // A warning about a cookie or a frame makes no request fail.
            let fails_a_request = reason.cors != Some(false) || reason.stage.is_some();
            fails_a_request
                && !matches!((one.cors, other.cors), (Some(true), Some(false)) | (Some(false), Some(true)))
        }
        // Two lines that only say that something failed.
        _ => true,
    }
}

/// Returns `true` for a text without letters and digits.
fn has_no_words(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

impl Failure {
    fn absorb(&mut self, other: Self) {
        let (rank, other_rank) = (rank_of(self), rank_of(&other));
        let is_stronger = other_rank > rank;
        for (name, value) in other.values {
            match self.values.iter_mut().find(|(known, _)| *known == name) {
                Some((_, own)) if is_stronger => *own = value,
                Some(_) => {}
                None => self.values.push((name, value)),
            }
        }
        if is_stronger || self.codes.is_empty() && !other.codes.is_empty() {
            self.codes = other.codes;
            self.cors = other.cors.or(self.cors);
            self.stage = other.stage.or(self.stage);
            self.role = other.role;
        } else if rank == other_rank {
            let more: Vec<&'static str> =
                other.codes.into_iter().filter(|code| !self.codes.contains(code)).collect();
            // That the preflight redirects is the reason, and what else is wrong with its answer is not.
            let at = if more == ["preflight-redirected"] { 0 } else { self.codes.len() };
            self.codes.splice(at..at, more);
            self.stage = self.stage.or(other.stage);
        }
        self.engine = self.engine.or(other.engine);
        self.is_shared |= other.is_shared;
        self.has_frame |= other.has_frame && rank > 0;
        self.cors = self.cors.or(other.cors);
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
    }
}
