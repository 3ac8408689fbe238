//! What single values of the answers show, beside the policy that they amount to.

use corsac::header::list_items;
use corsac::header::names::{ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN};
use corsac::origin::is_local_host;
use corsac::server::{OriginEntry, PolicyConfig};

use super::mentions::example;
use super::place::Looking;
use crate::note::{NoteKind, Noted};

/// The most origins that are asked for each method.
const MOST_ORIGINS: usize = 50;

impl Looking<'_> {
    /// Values of `Access-Control-Allow-Origin` that can never be right: several origins in one, and several lines.
    pub(super) fn values(&self, origin: &str, notes: &mut Vec<Noted>) {
        let answer = self.get(origin);
        let lines: Vec<_> = answer
            .lines
            .iter()
            .filter(|line| line.name.eq_ignore_ascii_case(ACCESS_CONTROL_ALLOW_ORIGIN))
            .collect();
        for line in &lines {
            let origins =
                line.value.split([',', ' ']).filter(|one| one.contains("://") || *one == "*").count();
            let Some(at) = line.at.filter(|_| origins > 1) else { continue };
            if notes.iter().all(|note| note.code != "several-origins") {
                let what = format!(
                    "`{}` names {origins} origins. Browsers accept one, or `*`: they compare the whole value with the page's origin, so nobody may read.",
                    line.value
                );
                notes.push(Noted::new(NoteKind::Dead, "several-origins", at, what).instead(
                    "Compare the request's `Origin` with the list, and send back the one that matches.",
                ));
            }
        }
        if let [_, second, ..] = lines.as_slice()
            && let Some(at) = second.at
        {
            notes.push(
                Noted::new(
                    NoteKind::Dead,
                    "header-repeated",
                    at,
                    "`Access-Control-Allow-Origin` is sent twice, and browsers refuse that.",
                )
                .instead("Leave one of the two out."),
            );
        }
    }

    /// Leaves only the methods that every origin of the policy may use, so that it never allows more than the configuration.
    pub(super) fn common_methods(&self, config: &mut PolicyConfig, remarks: &mut Vec<String>) {
        let origins: Vec<String> = match config.origins.as_slice() {
            [only] if only == "*" => return,
            entries => entries.iter().filter_map(|entry| example(entry)).take(MOST_ORIGINS).collect(),
        };
        let (kept, dropped): (Vec<String>, Vec<String>) = std::mem::take(&mut config.methods)
            .into_iter()
            .partition(|method| method == "*" || origins.iter().all(|origin| self.may_use(method, origin)));
        config.methods = kept;
        for method in dropped {
            remarks.push(format!("Not all of these origins may use {method}, so none may here. Make a policy of its own for those that may."));
        }
    }

    fn may_use(&self, method: &str, origin: &str) -> bool {
        let answer = self.preflight_for(method, origin);
        let allows = |line: &crate::server::Line| {
            list_items(line.value.as_bytes()).any(|item| item == method.as_bytes() || item == b"*")
        };
        let mut lines =
            answer.lines.iter().filter(|line| line.name.eq_ignore_ascii_case(ACCESS_CONTROL_ALLOW_METHODS));
        // An origin that is not allowed at this moment says nothing about methods.
        answer.line(ACCESS_CONTROL_ALLOW_ORIGIN).is_none()
            && self.allows(origin) == self.allows_preflight(origin)
            || lines.any(allows)
    }

    fn allows_preflight(&self, origin: &str) -> bool {
        self.preflight_for("GET", origin).line(ACCESS_CONTROL_ALLOW_ORIGIN).is_some()
    }

    /// Origins over http that may use credentials.
    pub(super) fn insecure(&self, config: &PolicyConfig, notes: &mut Vec<Noted>) {
        let is_insecure = |entry: &&String| {
            OriginEntry::split(entry)
                .is_some_and(|parts| parts.scheme == "http" && !is_local_host(parts.host))
        };
        for entry in config.origins.iter().filter(|_| config.credentials).filter(is_insecure) {
            let Some(read) = self.mentions.of_entry(entry) else { continue };
            let what = format!(
                "`{}` lets in {entry} with credentials. Anybody on the network between a user and a page over http can change the page, and then read what the user may read here.",
                read.text
            );
            let note = Noted::new(NoteKind::Unsafe, "credentials-insecure-origin", read.at, what)
                .instead("Allow https alone.")
                .origin(example(entry).unwrap_or_else(|| entry.clone()));
            if notes.iter().all(|known| known.at != note.at || known.code != note.code) {
                notes.push(note);
            }
        }
    }
}
