//! What single values of the answers show, beside the policy that they amount to.

use std::collections::HashSet;

use corsac::header::list_items;
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
};
use corsac::method::is_cors_safelisted_method;
use corsac::server::{OriginEntry, PolicyConfig};
use corsac_verify::Case;

use super::mentions::{example, several_origins};
use super::place::Looking;
use crate::asking::{STRANGER, run};
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::Behind;

/// The headers whose values are lists of names.
const LISTS: [&str; 3] =
    [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS];
/// The most origins that are asked for each method.
const MOST_ORIGINS: usize = 50;

impl Looking<'_> {
    /// Values of `Access-Control-Allow-Origin` that can never be right: several origins in one, and several lines.
    pub(super) fn values(&self, origin: &str, notes: &mut Vec<Noted>) {
        let answer = self.get(origin);
        for line in answer.all(ACCESS_CONTROL_ALLOW_ORIGIN) {
            let origins =
                line.value.split([',', ' ']).filter(|one| one.contains("://") || *one == "*").count();
            let Some(at) = line.at.filter(|_| origins > 1) else { continue };
            if notes.iter().all(|note| note.code != "several-origins") {
                notes.push(several_origins(&line.value, origins, at));
            }
        }
        if let Some(at) = answer.all(ACCESS_CONTROL_ALLOW_ORIGIN).nth(1).and_then(|second| second.at) {
            notes.push(repeated(at));
        }
    }

    /// Values of the other headers that browsers do not take as they are meant.
    pub(super) fn names(&self, with_credentials: bool, notes: &mut Vec<Noted>) {
        let origin = self.allowed.as_deref().unwrap_or(STRANGER);
        let answers = [self.get(origin), self.preflight("PUT", origin, &Behind::answers(200))];
        let mut add = |kind, code, at, what: String, instead: &str| {
            if !notes.iter().any(|note: &Noted| note.code == code && note.at == at) {
                notes.push(Noted::new(kind, code, at, what).instead(instead));
            }
        };
        for line in answers.iter().flat_map(|answer| &answer.lines) {
            let Some(at) = line.at else { continue };
            let name = line.name.to_ascii_lowercase();
            if name == ACCESS_CONTROL_ALLOW_CREDENTIALS
                && line.value.eq_ignore_ascii_case("true")
                && line.value != "true"
            {
                let what = format!(
                    "`Access-Control-Allow-Credentials: {}` allows nothing: browsers compare it with `true`, letter by letter.",
                    line.value
                );
                add(NoteKind::Dead, "without-effect", at, what, "Write `true`.");
            }
            if !LISTS.contains(&name.as_str()) {
                continue;
            }
            for item in list_items(line.value.as_bytes()).map(String::from_utf8_lossy) {
                if item == "*" && with_credentials {
                    let what = format!(
                        "`*` in `{}` is a name like any other for requests with credentials, which are allowed here, so it allows nothing for them.",
                        line.name
                    );
                    add(NoteKind::Dead, "wildcard-is-a-name", at, what, "List the names that are needed.");
                } else if item.contains([' ', ';']) {
                    let what = format!(
                        "`{item}` in `{}` is no name, so it allows nothing, and browsers may refuse the whole list. Names are separated by commas.",
                        line.name
                    );
                    add(NoteKind::Dead, "without-effect", at, what, "Write a comma between names.");
                }
            }
        }
    }

    /// Leaves only the methods that every origin of the policy may use, so that it never allows more than the configuration.
    pub(super) fn common_methods(&self, config: &mut PolicyConfig, remarks: &mut Vec<String>) {
        if config.origins == ["*"] {
            return;
        }
        let mut methods = std::mem::take(&mut config.methods);
        // What the configuration names may be for another origin than the one that was asked about.
        if methods != ["*"] {
            methods.extend(self.server.names().0.into_iter().filter(|name| !is_cors_safelisted_method(name)));
            let mut seen = HashSet::new();
            methods.retain(|name| seen.insert(name.clone()));
        }
        let mut origins: Vec<String> =
            config.origins.iter().filter_map(|entry| example(entry)).take(MOST_ORIGINS).collect();
        // An origin whose preflights are all refused says nothing about methods.
        origins.retain(|origin| {
            self.may_use("GET", origin) || methods.iter().any(|method| self.may_use(method, origin))
        });
        let (kept, dropped): (Vec<String>, Vec<String>) = methods
            .into_iter()
            .partition(|method| method == "*" || origins.iter().all(|origin| self.may_use(method, origin)));
        config.methods = kept;
        for method in dropped {
            if !origins.iter().any(|origin| self.may_use(&method, origin)) {
                continue;
            }
            remarks.push(format!("Not all of these origins may use {method}, so none may here. Make a policy of its own for those that may."));
        }
    }

    fn may_use(&self, method: &str, origin: &str) -> bool {
        Case::preflight(&self.url, origin, method)
            .is_none_or(|case| run(self.server, &case).is_allowed().iter().all(|(_, is_allowed)| *is_allowed))
    }

    /// Origins over http that may use credentials.
    pub(super) fn insecure(&self, config: &PolicyConfig, notes: &mut Vec<Noted>) {
        let is_insecure =
            |entry: &&String| OriginEntry::split(entry).is_some_and(|parts| parts.is_insecure());
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

/// `Access-Control-Allow-Origin` in a second line.
pub(super) fn repeated(at: At) -> Noted {
    Noted::new(
        NoteKind::Dead,
        "header-repeated",
        at,
        "`Access-Control-Allow-Origin` is sent more than once, and browsers refuse that.",
    )
    .instead("Leave only one.")
}
