//! The smallest changes to a configuration that put right what its notes say. Each is tried before it is kept: the note has to be gone, and no other one of
//! its kind or worse may be new.

use std::collections::{BTreeSet, HashMap, HashSet};

use corsac::browser::{Exchange, ExchangeKind};
use corsac::header::is_cors_header;
use corsac_verify::covered;
use url::Url;

use crate::asking::{STRANGER, answer, url};
use crate::change::{Edit, apply};
use crate::error::ImportError;
use crate::examine::{Examined, examine};
use crate::files::{Files, Include, Source};
use crate::imported::Note;
use crate::kind::Kind;
use crate::note::{NoteKind, Noted};
use crate::server::{Behind, Place, Server, Wanted};
use crate::{imported_note, read};

/// The most changes that are tried.
const MOST_TRIES: usize = 60;
/// The most parts of a configuration times the origins that are asked for.
const MOST_QUESTIONS: usize = 4_000;
/// The most parts of a configuration times the changes that are tried.
const MOST_PARTS: usize = 300;

/// A configuration with its changes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Mended {
    /// The files that changed, with their text before and after.
    pub files: Vec<MendedFile>,
    /// How many notes of the kinds unsafe, dead and fragile the changes put right.
    pub notes: usize,
    /// The notes of these kinds that are left.
    pub left: Vec<Note>,
}

/// A file that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MendedFile {
    /// The file's name.
    pub name: String,
    /// Its text before.
    pub before: String,
    /// Its text after.
    pub after: String,
}

/// Changes a configuration so that as many of its notes as possible are gone. The arguments are those of [`import`](crate::import).
///
/// # Errors
///
/// Fails if a file cannot be read, with the line.
pub fn mend(
    kind: Kind,
    main: Source,
    include: &mut Include<'_>,
    meant: &[String],
) -> Result<Mended, ImportError> {
    let mut state = State { kind, main, include, meant, changed: HashMap::new(), relatives: None };
    let mut looked = state.look()?;
    let before = looked.files.clone();
    let total = looked.serious().count();
    let mut tried: Vec<(&'static str, usize, String)> = Vec::new();
    // Each try examines every part again.
    let most = MOST_PARTS.checked_div(looked.unchanged.len()).unwrap_or(MOST_TRIES).clamp(3, MOST_TRIES);
    for _ in 0..most {
        let key = |note: &Noted| (note.code, note.at.line, note.message.clone());
        let Some((note, edits)) =
            looked.changes.iter().find(|(note, _)| !tried.contains(&key(note))).cloned()
        else {
            break;
        };
        tried.push(key(&note));
        let texts = apply(&looked.files, &edits);
        let kept = state.changed.clone();
        // A file that is included several times is there several times, and changed once.
        let changed =
            texts.into_iter().zip(&looked.files).filter(|(after, before)| after.text != before.text);
        state.changed.extend(changed.map(|(after, _)| (after.name, after.text)));
        match state.look() {
            Ok(now) if now.is_better(&looked, &note) => looked = now,
            _ => state.changed = kept,
        }
    }
    let notes = total.saturating_sub(looked.serious().count());
    let name = |note: &Noted| looked.files.get(note.at.file).map_or("", |file| file.name.as_str());
    let left = looked.serious().map(|note| imported_note(note.clone(), name(note))).collect();
    let mut seen = HashSet::new();
    let pairs = before
        .into_iter()
        .zip(looked.files)
        .filter(|(before, after)| before.text != after.text && seen.insert(before.name.clone()));
    let files =
        pairs.map(|(before, after)| MendedFile { name: before.name, before: before.text, after: after.text });
    Ok(Mended { files: files.collect(), notes, left })
}

struct State<'s, 'i> {
    kind: Kind,
    main: Source,
    include: &'s mut Include<'i>,
    meant: &'s [String],
    /// The text of files that were changed.
    changed: HashMap<String, String>,
    /// The origins that the configuration named before any change, with other schemes and ports.
    relatives: Option<Vec<String>>,
}

/// A configuration as it is now.
struct Looked {
    files: Vec<Source>,
    notes: Vec<Noted>,
    /// What could be changed for which note.
    changes: Vec<(Noted, Vec<Edit>)>,
    /// What no change may take away, for each part.
    unchanged: Vec<(String, BTreeSet<String>)>,
    /// The origins that the configuration names.
    entries: BTreeSet<String>,
    /// For each part, those of the relatives that may read.
    let_in: Vec<(String, BTreeSet<String>)>,
}

impl State<'_, '_> {
    fn look(&mut self) -> Result<Looked, ImportError> {
        let changed = &self.changed;
        let now = |source: Source| match changed.get(&source.name) {
            Some(text) => Source { text: text.clone(), ..source },
            None => source,
        };
        let given = &mut *self.include;
        let mut include = |pattern: &str| Ok(given(pattern)?.into_iter().map(now).collect());
        let mut files = Files::new(now(self.main.clone()), &mut include)?;
        let server = read(self.kind, &mut files)?;
        let Examined { policies, notes, entries } = examine(&*server, &files, self.meant);
        let mut changes = Vec::new();
        for note in notes.iter().filter(|note| note.kind != NoteKind::NotExpressible) {
            // The policy of the part that the note is in, or else the first.
            let policy =
                policies.iter().rev().find(|policy| policy.place.at <= note.at).or_else(|| policies.first());
            let Some(policy) = policy else { continue };
            // No page has the origin `https://cdn.`: whatever was meant cannot be guessed.
            let is_nobody = |entry: &String| entry.ends_with('.') && entry.starts_with("http");
            if note.code.starts_with("origin-") && policy.config.origins.iter().any(is_nobody) {
                continue;
            }
            let wanted = Wanted { policy: policy.config.clone(), place: policy.place.clone() };
            let edits = server.change(note, &wanted, &files);
            if !edits.is_empty() {
                changes.push((note.clone(), edits));
            }
        }
        let places = server.places();
        let relatives = self.relatives.get_or_insert_with(|| relatives(&entries));
        let most = MOST_QUESTIONS.checked_div(places.len().max(1)).unwrap_or_default();
        relatives.truncate(most);
        let let_in =
            places.iter().map(|place| (place.name.clone(), let_in(&*server, place, relatives))).collect();
        let unchanged = places
            .iter()
            .filter_map(|place| Some((place.name.clone(), beside_cors(&*server, place)?)))
            .collect();
        let entries = entries.into_iter().collect();
        Ok(Looked { files: files.into_sources(), notes, changes, unchanged, entries, let_in })
    }
}

impl Looked {
    fn serious(&self) -> impl Iterator<Item = &Noted> {
        self.notes.iter().filter(|note| note.kind != NoteKind::NotExpressible)
    }

    /// Returns `true` if there are fewer notes like this one than before, and not more of any that are as bad.
    fn is_better(&self, before: &Self, note: &Noted) -> bool {
        let count =
            |looked: &Self, code: &str| looked.notes.iter().filter(|other| other.code == code).count();
        let as_bad = self.notes.iter().filter(|other| other.kind <= note.kind);
        let nothing_new = as_bad.map(|other| other.code).all(|code| count(self, code) <= count(before, code));
        let nothing_lost = before.unchanged.iter().all(|(name, headers)| {
            let now = self.unchanged.iter().find(|(known, _)| known == name);
            now.is_none_or(|(_, now)| headers.is_subset(now))
        });
        let is_named = |entry: &String| {
            let any_port = || self.entries.contains(&format!("{entry}:*"));
            self.entries.contains(entry) || any_port()
        };
        let keeps_origins = before.entries.iter().all(is_named) && self.keeps_relatives(before, note);
        count(self, note.code) < count(before, note.code) && nothing_new && nothing_lost && keeps_origins
    }
}

impl Looked {
    /// Returns `true` if every host may read that could before, with every scheme and port, unless the note is about just that.
    fn keeps_relatives(&self, before: &Self, note: &Noted) -> bool {
        let is_meant_to_go = |origin: &String| {
            let is_local = origin.contains("://localhost") || origin.contains("://127.0.0.1");
            !is_local
                && match note.code {
                    "origin-scheme-ignored" | "credentials-insecure-origin" => origin.starts_with("http:"),
                    // Where the end is not compared, no port is.
                    "origin-port-ignored" | "origin-prefix-matches" => origin.matches(':').count() > 1,
                    _ => false,
                }
        };
        before.let_in.iter().all(|(name, origins)| {
            let now = self.let_in.iter().find(|(known, _)| known == name);
            now.is_none_or(|(_, now)| origins.difference(now).all(is_meant_to_go))
        })
    }
}

/// The origins of the hosts that are named, with each scheme and with ports that are used in development.
fn relatives(entries: &[String]) -> Vec<String> {
    let mut relatives = Vec::new();
    for origin in entries.iter().filter_map(|entry| covered(entry).into_iter().next()) {
        let Some(host) = Url::parse(&origin).ok().and_then(|url| url.host_str().map(str::to_owned)) else {
            continue;
        };
        for scheme in ["https", "http"] {
            for port in ["", ":3000", ":8080", ":8443"] {
                let relative = format!("{scheme}://{host}{port}");
                if !relatives.contains(&relative) {
                    relatives.push(relative);
                }
            }
        }
    }
    relatives
}

/// Those of the origins that may read in a part. Nobody is let in by name where everybody is.
fn let_in(server: &dyn Server, place: &Place, origins: &[String]) -> BTreeSet<String> {
    let Some(url) = url(place) else { return BTreeSet::new() };
    let may_read = |origin: &str| {
        let mut exchange = Exchange::new(ExchangeKind::Request, "GET", url.clone());
        exchange.headers.append("Origin", origin);
        let answered = answer(server, &exchange, &Behind::answers(200));
        answered.line("Access-Control-Allow-Origin").is_some_and(|line| line.value == origin)
    };
    if may_read(STRANGER) {
        return BTreeSet::new();
    }
    origins.iter().filter(|origin| may_read(origin)).cloned().collect()
}

/// The headers of a part's answers that are not about CORS, and whether the application's own CORS headers get through where the configuration has none.
fn beside_cors(server: &dyn Server, place: &Place) -> Option<BTreeSet<String>> {
    let exchange = Exchange::new(ExchangeKind::Request, "GET", url(place)?);
    let own =
        Behind { status: 200, headers: vec![("Access-Control-Allow-Origin".to_owned(), "*".to_owned())] };
    let answered = answer(server, &exchange, &own);
    let is_of_cors = |name: &str| is_cors_header(name) || name.eq_ignore_ascii_case("vary");
    let others = answered.lines.iter().filter(|line| line.at.is_some() && !is_of_cors(&line.name));
    let mut headers: BTreeSet<String> = others.map(|line| line.name.to_ascii_lowercase()).collect();
    let mut of_cors = answered.lines.iter().filter(|line| is_cors_header(&line.name)).peekable();
    if of_cors.peek().is_some() && of_cors.all(|line| line.at.is_none()) {
        headers.insert("the application's own CORS headers".to_owned());
    }
    Some(headers)
}
