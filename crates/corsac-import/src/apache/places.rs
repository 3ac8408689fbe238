//! The parts of the servers, and the origins that they name.

mod conditions;

use super::headers::{Action, HeaderRule, Part as Value, When};
use super::pattern::{Pattern, sample};
use super::reach::{Reach, decides};
use super::site::{Covers, DOCUMENT_ROOT, From, Part, Rulebook, Site, covers_file};
use crate::files::At;
use crate::server::{Mention, Mentioned, Place};
use conditions::{Conditions, of_pattern};

/// The most places.
const MOST_PLACES: usize = 200;

/// A part of a server, by what it covers.
struct Candidate {
    at: At,
    what: What,
    /// What to call it and its kind, as the configuration writes it.
    written: String,
    is_cors: bool,
    /// Whether it is without headers on purpose.
    is_closed: bool,
}

enum What {
    /// A path that it begins with, without a slash at its end; empty for all.
    Prefix(String),
    Paths(Pattern),
    /// An expression for what comes after a folder's path, which has no slash at its end.
    Below(String, Pattern),
    File(Pattern),
    /// What PHP or CGI answers.
    Scripts,
}

/// The parts whose headers can differ.
pub(super) fn places(sites: &[Site]) -> Vec<Place> {
    let reach = Reach::of(sites);
    let mut places = Vec::new();
    for (number, site) in sites.iter().enumerate() {
        // A server that no question reaches, since one with TLS answers for the same host.
        let is_hidden = |other: &Site| {
            other.is_tls && !site.is_tls && !site.names.is_empty() && other.names == site.names
        };
        if sites.iter().any(is_hidden) {
            continue;
        }
        let host = site.names.first().cloned();
        let called = match &host {
            Some(host) => name(host),
            None if number == 0 => "server".to_owned(),
            None => format!("server-{}", number.saturating_add(1)),
        };
        for place in places_of(site, &reach, &called, host.as_deref()) {
            let is_new = |place: &Place| {
                !places.iter().any(|other: &Place| (&other.host, &other.path) == (&place.host, &place.path))
            };
            if places.len() < MOST_PLACES && is_new(&place) {
                places.push(place);
            }
        }
    }
    places
}

fn places_of(site: &Site, reach: &Reach, called: &str, host: Option<&str>) -> Vec<Place> {
    let candidates = candidates(site, reach);
    let mut places = Vec::new();
    for candidate in &candidates {
        let is_in_cors = candidates.iter().any(|outer| outer.is_cors && outer.is_around(candidate));
        if !candidate.is_cors && !is_in_cors {
            continue;
        }
        let smaller = || candidates.iter().filter(|inner| inner.is_smaller_than(candidate));
        let path = candidate.paths().into_iter().find(|path| !smaller().any(|inner| inner.covers(path)));
        let Some(path) = path else { continue };
        let (prefix, is_more_than_prefix) = match &candidate.what {
            What::Prefix(prefix) => (Some(prefix.clone()).filter(|prefix| !prefix.is_empty()), None),
            What::Paths(_) | What::Below(..) => (
                None,
                Some(format!(
                    "`{}` covers paths by a regular expression and not by their beginning.",
                    candidate.written
                )),
            ),
            What::Scripts => (
                None,
                Some(
                    "Only scripts (PHP, CGI) have the variable `HTTP_ORIGIN`, so this part is for their responses, wherever they are."
                        .to_owned(),
                ),
            ),
            What::File(_) => (
                None,
                Some(format!(
                    "`{}` covers files by their names and not by the beginning of a path.",
                    candidate.written
                )),
            ),
        };
        let name = match &candidate.what {
            What::Prefix(prefix) if prefix.is_empty() => called.to_owned(),
            What::Prefix(prefix) => format!("{called}-{}", name(prefix)),
            What::Scripts => format!("{called}-scripts"),
            What::Paths(pattern) | What::Below(_, pattern) | What::File(pattern) => {
                format!("{called}-{}", name(&pattern.text))
            }
        };
        let name = name.trim_end_matches('-').chars().take(60).collect();
        let host = host.map(str::to_owned);
        places.push(Place { name, host, path, prefix, is_more_than_prefix, at: candidate.at });
        if places.len() >= MOST_PLACES {
            break;
        }
    }
    places
}

/// A name of letters, digits and `-`.
fn name(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches('-');
    if name.is_empty() { "part".to_owned() } else { name.to_owned() }
}

/// The parts of a server, in the order of the file, the whole of it first.
fn candidates(site: &Site, reach: &Reach) -> Vec<Candidate> {
    let root = site.document_root.as_deref().unwrap_or(DOCUMENT_ROOT).trim_end_matches('/');
    let mut found = Vec::new();
    let mut whole = Candidate {
        at: site.at.unwrap_or(At { file: 0, line: 1 }),
        what: What::Prefix(String::new()),
        written: String::new(),
        is_cors: site.base.iter().any(Rulebook::is_cors),
        is_closed: false,
    };
    for part in site.sections.iter().filter(|part| !part.rulebook.access.denies_all()) {
        let what = match &part.covers {
            Covers::Folder(folder) if covers_file(folder, root) => Some(What::Prefix(String::new())),
            Covers::Folder(folder) => path_of_folder(site, root, folder).map(What::Prefix),
            Covers::Folders { pattern, .. } => sample(pattern)
                .and_then(|folder| path_of_folder(site, root, &folder))
                .and_then(|path| sample_pattern(&path)),
            Covers::Path(path) => Some(What::Prefix(path.trim_end_matches('/').to_owned())),
            Covers::Paths(pattern) => Some(of_pattern(pattern)),
            Covers::File(pattern) => Some(What::File(pattern.clone())),
            Covers::Proxy => None,
        };
        let is_cors = part.rulebook.is_cors();
        match what {
            Some(What::Prefix(prefix)) if prefix.is_empty() => whole.is_cors |= is_cors,
            // Where nothing is said about CORS or about logins, the answers are those of what is around.
            Some(What::Paths(_) | What::Below(..) | What::File(_))
                if !is_cors && part.rulebook.access.is_empty() => {}
            Some(what) => {
                let is_closed = takes_away(&part.rulebook);
                found.push(Candidate {
                    at: part.at,
                    what,
                    written: part.written.clone(),
                    is_cors,
                    is_closed,
                });
            }
            None => {}
        }
        inner_files(&part.rulebook.files, &mut found);
        let folder = match &part.covers {
            Covers::Folder(folder) if covers_file(folder, root) => Some(String::new()),
            Covers::Folder(folder) => path_of_folder(site, root, folder),
            _ => None,
        };
        Conditions { reach, is_cors, folder: folder.as_deref() }.add(&part.rulebook, &mut found);
    }
    for base in &site.base {
        inner_files(&base.files, &mut found);
        Conditions { reach, is_cors: base.is_cors(), folder: None }.add(base, &mut found);
    }
    let conditions = Conditions { reach, is_cors: false, folder: None };
    conditions.add_variables(&site.variables, &mut found);
    conditions.add_rules(&site.rewrite.rules, &mut found);
    for proxied in &site.proxied {
        let From::Prefix(prefix) = &proxied.from else { continue };
        let what = What::Prefix(prefix.trim_end_matches('/').to_owned());
        found.push(Candidate {
            at: proxied.at,
            what,
            written: "ProxyPass".to_owned(),
            is_cors: false,
            is_closed: false,
        });
    }
    scripts(site, &mut found);
    let is_all = |candidate: &Candidate| matches!(&candidate.what, What::Prefix(prefix) if prefix.is_empty());
    whole.is_cors |= found.iter().any(|candidate| candidate.is_cors && is_all(candidate));
    found.retain(|candidate| !is_all(candidate));
    found.truncate(MOST_PLACES.saturating_mul(2));
    found.insert(0, whole);
    found
}

/// Scripts, if a header's value is a variable that only they have.
fn scripts(site: &Site, found: &mut Vec<Candidate>) {
    let rulebooks = || site.base.iter().chain(site.sections.iter().map(|part| &part.rulebook));
    let Some(rule) = rulebooks().find_map(of_scripts) else { return };
    // Where everything leads to a script, its part of the server is like the others.
    let is_known = rulebooks().any(|rulebook| rulebook.handler.is_some() || rulebook.leads_to_script());
    if is_known || site.proxied.iter().any(|proxied| proxied.from.covers("/x.php")) {
        return;
    }
    found.push(Candidate {
        at: rule.at,
        what: What::Scripts,
        written: "A variable of scripts".to_owned(),
        is_cors: true,
        is_closed: false,
    });
}

/// The first header with the value of a variable that only scripts have.
fn of_scripts(rulebook: &Rulebook) -> Option<&HeaderRule> {
    let is_of_scripts =
        |part: &Value| matches!(part, Value::Environment(name) if name.eq_ignore_ascii_case("HTTP_ORIGIN"));
    let own =
        rulebook.headers.iter().find(|rule| rule.allows_origin() && rule.value.iter().any(is_of_scripts));
    own.or_else(|| rulebook.branches.iter().find_map(|branch| of_scripts(&branch.rulebook)))
        .or_else(|| rulebook.files.iter().find_map(|part| of_scripts(&part.rulebook)))
}

fn inner_files(files: &[Part], found: &mut Vec<Candidate>) {
    for part in files.iter().filter(|part| !part.rulebook.access.denies_all()) {
        if let Covers::File(pattern) = &part.covers
            && (part.rulebook.is_cors() || !part.rulebook.access.is_empty())
        {
            found.push(Candidate {
                at: part.at,
                what: What::File(pattern.clone()),
                written: part.written.clone(),
                is_cors: part.rulebook.is_cors(),
                is_closed: takes_away(&part.rulebook),
            });
        }
    }
}

fn path_of_folder(site: &Site, root: &str, folder: &str) -> Option<String> {
    let folder = folder.trim_end_matches('/');
    for (from, to) in &site.aliases {
        if covers_file(to, folder) {
            let rest = folder.strip_prefix(to.trim_end_matches('/')).unwrap_or_default();
            return Some(format!("{}{rest}", from.trim_end_matches('/')));
        }
    }
    folder.strip_prefix(root).map(str::to_owned)
}

fn sample_pattern(path: &str) -> Option<What> {
    let escaped: String = path
        .chars()
        .flat_map(|character| {
            let escape = character.is_ascii_punctuation() && !"<>/_".contains(character);
            escape.then_some('\\').into_iter().chain([character])
        })
        .collect();
    Some(What::Paths(Pattern::new(&format!("^{escaped}"), false)))
}

impl Candidate {
    /// Paths inside of it, to choose one from.
    fn paths(&self) -> Vec<String> {
        match &self.what {
            What::Prefix(prefix) => vec![
                format!("{prefix}/"),
                if prefix.is_empty() { "/x".to_owned() } else { prefix.clone() },
                format!("{prefix}/x"),
                format!("{prefix}/x/x"),
                format!("{prefix}/x.json"),
            ],
            What::Scripts => vec!["/x.php".to_owned()],
            What::Below(folder, pattern) => {
                let paths =
                    sample(pattern).map(|text| [format!("{folder}/{text}"), format!("{folder}/x{text}")]);
                paths.into_iter().flatten().filter(|path| self.covers(path)).collect()
            }
            What::Paths(pattern) => {
                let paths =
                    sample(pattern).map(|text| [text.clone(), format!("/x{text}"), format!("/{text}")]);
                let is_inside = |path: &String| path.starts_with('/') && pattern.is_match(path);
                paths.into_iter().flatten().filter(is_inside).collect()
            }
            What::File(pattern) => sample(pattern)
                .filter(|name| !name.contains('/'))
                .into_iter()
                .flat_map(|name| [format!("/x{name}"), format!("/{name}")])
                .filter(|path| self.covers(path))
                .collect(),
        }
    }

    fn covers(&self, path: &str) -> bool {
        match &self.what {
            What::Prefix(prefix) => super::site::covers_path(prefix, path) || prefix.is_empty(),
            What::Scripts => path.ends_with(".php"),
            What::Paths(pattern) => pattern.is_match(path),
            What::Below(folder, pattern) => {
                let rest = path.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/'));
                rest.is_some_and(|rest| pattern.is_match(rest))
            }
            What::File(pattern) => {
                let name = path.rsplit('/').next().unwrap_or_default();
                pattern.is_match(if name.is_empty() { "index.html" } else { name })
            }
        }
    }

    fn is_smaller_than(&self, other: &Self) -> bool {
        match (&self.what, &other.what) {
            (What::Prefix(own), What::Prefix(outer)) => own != outer && super::site::covers_path(outer, own),
            (What::Paths(_) | What::Below(..) | What::File(_) | What::Scripts, What::Prefix(_)) => true,
            _ => false,
        }
    }

    fn is_around(&self, other: &Self) -> bool {
        match (&self.what, &other.what) {
            (What::Prefix(own), What::Prefix(inner)) => {
                own.is_empty() || super::site::covers_path(own, inner)
            }
            (What::Prefix(own), _) => own.is_empty(),
            _ => false,
        }
    }
}

/// Whether the part that stands here takes the header away that is around it, or is what a condition on the path leaves out.
pub(super) fn closes(sites: &[Site], at: At) -> bool {
    let reach = Reach::of(sites);
    sites
        .iter()
        .flat_map(|site| candidates(site, &reach))
        .any(|candidate| candidate.at == at && candidate.is_closed)
}

/// Whether the rules of a section take `Access-Control-Allow-Origin` away, and do not set it.
fn takes_away(rulebook: &Rulebook) -> bool {
    let of_origin = || rulebook.headers.iter().filter(|rule| rule.allows_origin());
    of_origin().next().is_some()
        && of_origin().all(|rule| matches!(rule.action, Action::Unset) && matches!(rule.when, When::Always))
}

/// The origins that the configuration names.
pub(super) fn mentions(sites: &[Site]) -> Vec<Mention> {
    let reach = Reach::of(sites);
    let mut mentions = Vec::new();
    for site in sites {
        for rule in site.variables.iter().filter(|rule| reach.has_any(&rule.changes)) {
            rule.mentions(&mut mentions);
        }
        for rule in site.rewrite.rules.iter().filter(|rule| reach.has_rule(rule)) {
            rule.mentions(&mut mentions);
        }
        for rulebook in site.base.iter().chain(site.sections.iter().map(|part| &part.rulebook)) {
            mentions_of(rulebook, &reach, &mut mentions);
        }
    }
    // What the main server has is part of each virtual host.
    let mut seen = std::collections::HashSet::new();
    mentions.retain(|mention| seen.insert((mention.at, format!("{:?}", mention.what))));
    mentions.sort_by_key(|mention| mention.at);
    mentions
}

/// What sets only variables that no header of CORS depends on is not about origins that may read.
fn mentions_of(rulebook: &Rulebook, reach: &Reach, mentions: &mut Vec<Mention>) {
    for rule in rulebook.variables.iter().filter(|rule| reach.has_any(&rule.changes)) {
        rule.mentions(mentions);
    }
    let rules = rulebook.rewrite.iter().flat_map(|rewrite| &rewrite.rules);
    for rule in rules.filter(|rule| reach.has_rule(rule)) {
        rule.mentions(mentions);
    }
    for rule in rulebook.headers.iter().filter(|rule| decides(rule)) {
        if let When::Expression(condition) = &rule.when {
            condition.mentions(rule.at, mentions);
        }
        let sets = matches!(
            rule.action,
            Action::Set | Action::SetIfEmpty | Action::Add | Action::Append | Action::Merge
        );
        if let Some(text) = rule.literal().filter(|text| text != "*" && !text.is_empty())
            && sets
            && rule.allows_origin()
        {
            mentions.push(Mention { what: Mentioned::Text { text, ignores_case: false }, at: rule.at });
        }
    }
    for branch in &rulebook.branches {
        if let Some(condition) = &branch.condition {
            condition.mentions(branch.at, mentions);
        }
        mentions_of(&branch.rulebook, reach, mentions);
    }
    for part in &rulebook.files {
        mentions_of(&part.rulebook, reach, mentions);
    }
}
