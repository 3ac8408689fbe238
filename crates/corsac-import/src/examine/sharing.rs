//! What lets strangers in although no expression is wrong: domains below which anybody can have a page, and preflights that everybody may send.

use corsac::header::names::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};
use corsac::server::{Policy, ProblemCode};
use corsac_verify::covered;

use super::caching::is_origin;
use super::finding::let_in;
use super::mentions::example;
use super::place::Looking;
use crate::asking::STRANGER;
use crate::note::{NoteKind, Noted};
use crate::server::Behind;

impl Looking<'_> {
    /// Entries for pages that anybody can have: `https://*.github.io`.
    pub(super) fn shared_domains(&self, entries: &[String], notes: &mut Vec<Noted>) {
        for entry in entries.iter().filter(|entry| entry.contains('*')) {
            let Some(why) = shared(entry) else { continue };
            let Some(read) = self.mentions.of_entry(entry) else { continue };
            if !covered(entry).iter().any(|origin| self.allows(origin)) {
                continue;
            }
            let what = format!("`{}` lets in pages of people whom nobody knows: {why}.", read.text);
            notes.push(
                Noted::new(NoteKind::Unsafe, "origin-shared-domain", read.at, what)
                    .instead("List the hosts that are yours.")
                    .origin(example(entry).unwrap_or_else(|| entry.clone())),
            );
        }
    }

    /// Origins that an expression lets use credentials, and that nobody meant, where every origin may read without.
    pub(super) fn strangers_with_credentials(&self, notes: &mut Vec<Noted>) {
        let may_use = |origin: &str| {
            let answer = self.get(origin);
            answer.line(ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|line| line.value == origin)
                && answer.line(ACCESS_CONTROL_ALLOW_CREDENTIALS).is_some_and(|line| line.value == "true")
        };
        if may_use(STRANGER) {
            return;
        }
        for (read, expression) in self.mentions.expressions() {
            let strangers = expression.strangers(&read.entries).into_iter();
            notes.extend(
                strangers
                    .filter(|stranger| may_use(&stranger.origin))
                    .map(|stranger| let_in(read.at, stranger.code, Some(read), &stranger.origin)),
            );
        }
    }

    /// Preflights from every origin that are answered with permission, where other answers are not for every origin.
    pub(super) fn open_preflights(&self, notes: &mut Vec<Noted>) {
        let answer = self.preflight("PUT", STRANGER, &Behind::answers(200));
        let Some(line) = answer.line(ACCESS_CONTROL_ALLOW_ORIGIN) else { return };
        let Some(at) = line.at.filter(|_| (200..300).contains(&answer.status) && !self.allows(STRANGER))
        else {
            return;
        };
        let credentials =
            answer.line(ACCESS_CONTROL_ALLOW_CREDENTIALS).is_some_and(|line| line.value == "true");
        if line.value == STRANGER && credentials {
            let what = format!(
                "Preflights are answered with permission for whichever origin asks, with credentials. Any site, such as {STRANGER}, can have the browsers of its visitors send the request that follows, with their cookies. It cannot read the answer, but the request has been carried out."
            );
            notes.push(
                Noted::new(NoteKind::Unsafe, "any-origin-in-preflights", at, what)
                    .instead("Answer preflights for the same origins as other requests.")
                    .origin(STRANGER),
            );
        } else if line.value != STRANGER
            && is_origin(&line.value)
            && notes.iter().all(|note| note.code != "static-origin")
        {
            notes.push(
                Noted::new(NoteKind::Fragile, "static-origin", at, format!("Preflights of every origin are answered with `{}`. That works for this origin as long as it is the only one.", line.value))
                    .instead("Answer each preflight for the origin that asks, if it may read."),
            );
        }
    }
}

/// Why anybody can have an origin that the entry covers, as a half sentence.
fn shared(entry: &str) -> Option<&'static str> {
    let problems = Policy::builder([entry]).credentials(true).build().err()?;
    problems.iter().find_map(|problem| match problem.code {
        ProblemCode::CredentialsPublicSuffix => {
            Some("the public suffix list says that anybody can have a name there")
        }
        ProblemCode::CredentialsSharedSuffix => Some("anybody can choose a name there that matches"),
        _ => None,
    })
}
