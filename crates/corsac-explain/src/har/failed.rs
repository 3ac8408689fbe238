//! Makes an item of a failed fetch: the causes, the values and the exchanges.

use corsac::browser::{Reason, Stage};

use super::judge::{Case, Judged};
use super::recorded::Recorded;
use super::replay::{End, Replay};
use crate::diagnosis::{Cause, Confidence, diagnose};
use crate::evidence::Evidence;
use crate::item::{Item, ItemStage};

impl<'r> Case<'r> {
    /// Makes an item of the replayed refusal.
    pub(super) fn refused(self, replay: &Replay, notes: &[&str], most: Confidence) -> Judged {
        let End::Outcome(outcome) = &replay.end else { return Judged::Nothing };
        let Some(refusal) = outcome.refusal() else { return Judged::Nothing };
        if self.is_only_counted {
            return self.item(replay, vec![refusal.reason.code().as_str()], None, None, Vec::new());
        }
        let mut evidence = Evidence::new(&replay.request, &replay.exchanges, outcome);
        evidence.cookies_given = self.entry.has_cookies;
        let mut causes = diagnose(&evidence);
        for cause in &mut causes {
            cause.confidence = cause.confidence.min(most);
        }
        if let Some(first) = causes.first_mut() {
            first.evidence.extend(notes.iter().map(|note| (*note).to_owned()));
            if replay.lacks_preflight {
                first.evidence.push("The preflight was not recorded.".to_owned());
            }
        }
        let code = refusal.reason.code();
        let stage = match (&refusal.reason, refusal.stage) {
            (Reason::Network(_), _) | (_, Stage::Start) => ItemStage::Network,
            (_, Stage::Preflight) => ItemStage::Preflight,
            (_, Stage::Redirect) => ItemStage::Redirect,
            _ => ItemStage::Response,
        };
        self.item(replay, vec![code.as_str()], Some(code.is_cors()), Some(stage), causes)
    }

    pub(super) fn item(
        self,
        replay: &Replay,
        codes: Vec<&'static str>,
        cors: Option<bool>,
        stage: Option<ItemStage>,
        diagnosis: Vec<Cause>,
    ) -> Judged {
        let refusal = replay.end.refusal();
        let mut values = refusal.map(|refusal| refusal.reason.details()).unwrap_or_default();
        for (_, value) in &mut values {
            *value = crate::secrets::redacted_text(value);
        }
        let mut add = |name, value: Option<String>| {
            if let Some(value) = value.filter(|_| !values.iter().any(|(other, _)| *other == name)) {
                values.push((name, value));
            }
        };
        let shown = self.failed_entry(replay);
        let status =
            refusal.and_then(|refusal| refusal.status).or((shown.status > 0).then_some(shown.status));
        add("method", Some(replay.request.method().to_owned()));
        add("status", status.map(|status| status.to_string()));
        add("kind", Some(replay.request.init().api.as_str().to_owned()));
        Judged::Failed(Box::new(Item {
            engine: self.recording.engine(),
            codes,
            cors,
            stage,
            url: shown.url.as_ref().map(ToString::to_string),
            origin: Some(replay.request.origin().as_str().to_owned()),
            values,
            text: self.text(replay),
            diagnosis,
            entry: Some(shown.index),
        }))
    }

    /// Returns the request that failed: the one that the browser marked, or else the last one that was needed for the verdict.
    fn failed_entry(self, replay: &Replay) -> &'r Recorded {
        let marked =
            self.chain().into_iter().rev().map(|(_, entry)| entry).find(|entry| entry.error.is_some());
        let last = || replay.hops.last().and_then(|position| self.links.entry(*position));
        marked.or_else(last).unwrap_or(self.entry)
    }

    /// Describes the exchanges in one line each.
    fn text(self, replay: &Replay) -> String {
        let preflights = replay.preflights.iter().filter_map(|position| self.links.entry(*position));
        let chain = self.chain();
        let requests = chain.iter().map(|(_, entry)| *entry).filter(|entry| !entry.is_preflight());
        let line = |entry: &Recorded| {
            let url = entry.url.as_ref().map(ToString::to_string).unwrap_or_default();
            let answer = if entry.status > 0 { entry.status.to_string() } else { "no response".to_owned() };
            let error = entry.error.as_ref().map(|error| format!(", {error}")).unwrap_or_default();
            format!("{} {url} -> {answer}{error}", entry.method)
        };
        preflights.chain(requests).map(line).collect::<Vec<_>>().join("\n")
    }
}
