//! The parts of the servers, and the origins that they name.

use super::headers::{Action, Which};
use super::pattern::{Pattern, sample};
use super::rewrite::Rule;
use super::site::{Covers, DOCUMENT_ROOT, From, Part, Rulebook, Site, covers_file};
use super::variables::{Subject, Test};
use crate::files::At;
use crate::server::{Mention, Mentioned, Place};

/// The most places.
const MOST_PLACES: usize = 200;

/// A part of a server, by what it covers.
struct Candidate {
    at: At,
    what: What,
    /// What to call it and its kind, as the configuration writes it.
    written: String,
    is_cors: bool,
}

enum What {
    /// A path that it begins with, without a slash at its end; empty for all.
    Prefix(String),
    Paths(Pattern),
    File(Pattern),
}

/// The parts whose headers can differ.
pub(super) fn places(sites: &[Site]) -> Vec<Place> {
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
        for place in places_of(site, &called, host.as_deref()) {
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

fn places_of(site: &Site, called: &str, host: Option<&str>) -> Vec<Place> {
    let candidates = candidates(site);
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
            What::Paths(_) => (
                None,
                Some(format!(
                    "`{}` covers paths by a regular expression and not by their beginning.",
                    candidate.written
                )),
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
            What::Paths(pattern) | What::File(pattern) => format!("{called}-{}", name(&pattern.text)),
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
fn candidates(site: &Site) -> Vec<Candidate> {
    let root = site.document_root.as_deref().unwrap_or(DOCUMENT_ROOT).trim_end_matches('/');
    let mut found = Vec::new();
    let mut whole = Candidate {
        at: site.at.unwrap_or(At { file: 0, line: 1 }),
        what: What::Prefix(String::new()),
        written: String::new(),
        is_cors: site.base.iter().any(Rulebook::is_cors),
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
            Some(What::Paths(_) | What::File(_)) if !is_cors && part.rulebook.access.is_empty() => {}
            Some(what) => {
                found.push(Candidate { at: part.at, what, written: part.written.clone(), is_cors });
            }
            None => {}
        }
        inner_files(&part.rulebook.files, &mut found);
        conditions(&part.rulebook, is_cors, &mut found);
    }
    for base in &site.base {
        inner_files(&base.files, &mut found);
        conditions(base, base.is_cors(), &mut found);
    }
    for rule in &site.variables {
        if let Test::Value { subject: Subject::Path, pattern, .. } = &rule.test {
            found.push(condition(rule.at, pattern, "SetEnvIf Request_URI"));
        }
    }
    for rule in &site.rewrite.rules {
        rewritten(rule, &mut found);
    }
    for proxied in &site.proxied {
        let From::Prefix(prefix) = &proxied.from else { continue };
        let what = What::Prefix(prefix.trim_end_matches('/').to_owned());
        found.push(Candidate { at: proxied.at, what, written: "ProxyPass".to_owned(), is_cors: false });
    }
    let is_all = |candidate: &Candidate| matches!(&candidate.what, What::Prefix(prefix) if prefix.is_empty());
    whole.is_cors |= found.iter().any(|candidate| candidate.is_cors && is_all(candidate));
    found.retain(|candidate| !is_all(candidate));
    found.truncate(MOST_PLACES.saturating_mul(2));
    found.insert(0, whole);
    found
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
            });
        }
    }
}

/// The parts that `<If>` makes by comparing with the path.
fn conditions(rulebook: &Rulebook, is_cors: bool, found: &mut Vec<Candidate>) {
    for branch in &rulebook.branches {
        let mut patterns = Vec::new();
        if let Some(condition) = &branch.condition {
            condition.path_patterns(&mut patterns);
        }
        for pattern in patterns {
            let is_cors = is_cors || branch.rulebook.is_cors();
            found.push(Candidate { is_cors, ..condition(branch.at, &pattern, "<If>") });
        }
    }
}

/// The parts that rules of mod_rewrite make, by a variable.
fn rewritten(rule: &Rule, found: &mut Vec<Candidate>) {
    let decides = !rule.flags.variables.is_empty();
    if decides && !rule.is_negated && !rule.pattern.is_match("") {
        found.push(condition(rule.at, &rule.pattern, "RewriteRule"));
    }
}

fn condition(at: At, pattern: &Pattern, written: &str) -> Candidate {
    Candidate {
        at,
        what: of_pattern(pattern),
        written: format!("{written} {}", pattern.text),
        is_cors: false,
    }
}

/// An expression for paths: the beginning that it stands for, if it does.
fn of_pattern(pattern: &Pattern) -> What {
    let Some(text) = pattern.text.strip_prefix('^') else { return What::Paths(pattern.clone()) };
    let ends = ["(?:/|$)", "(/|$)", "(?:/.*)?$", "(/.*)?$", "/(.*)$", "/.*$", "/(.*)", "/.*", "/", ""];
    let rest = ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let literal = rest.replace("\\/", "/").replace("\\.", ".").replace("\\-", "-");
    let is_plain = literal.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte))
        || rest.replace("\\.", "").bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte));
    if is_plain && (literal.is_empty() || literal.starts_with('/')) {
        What::Prefix(literal.trim_end_matches('/').to_owned())
    } else {
        What::Paths(pattern.clone())
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
            What::Paths(pattern) => pattern.is_match(path),
            What::File(pattern) => {
                let name = path.rsplit('/').next().unwrap_or_default();
                pattern.is_match(if name.is_empty() { "index.html" } else { name })
            }
        }
    }

    fn is_smaller_than(&self, other: &Self) -> bool {
        match (&self.what, &other.what) {
            (What::Prefix(own), What::Prefix(outer)) => own != outer && super::site::covers_path(outer, own),
            (What::Paths(_) | What::File(_), What::Prefix(_)) => true,
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

/// The origins that the configuration names.
pub(super) fn mentions(sites: &[Site]) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for site in sites {
        for rule in &site.variables {
            rule.mentions(&mut mentions);
        }
        for rule in &site.rewrite.rules {
            rule.mentions(&mut mentions);
        }
        for rulebook in site.base.iter().chain(site.sections.iter().map(|part| &part.rulebook)) {
            mentions_of(rulebook, &mut mentions);
        }
    }
    // What the main server has is part of each virtual host.
    let mut seen = std::collections::HashSet::new();
    mentions.retain(|mention| seen.insert((mention.at, format!("{:?}", mention.what))));
    mentions.sort_by_key(|mention| mention.at);
    mentions
}

fn mentions_of(rulebook: &Rulebook, mentions: &mut Vec<Mention>) {
    for rule in &rulebook.variables {
        rule.mentions(mentions);
    }
    for rule in rulebook.rewrite.iter().flat_map(|rewrite| &rewrite.rules) {
        rule.mentions(mentions);
    }
    for rule in &rulebook.headers {
        if let super::headers::When::Expression(condition) = &rule.when {
            condition.mentions(rule.at, mentions);
        }
        let sets = matches!(
            rule.action,
            Action::Set | Action::SetIfEmpty | Action::Add | Action::Append | Action::Merge
        );
        let is_origin = rule.name.eq_ignore_ascii_case("access-control-allow-origin");
        if let Some(text) = rule.literal().filter(|text| text != "*" && !text.is_empty())
            && sets
            && is_origin
            && rule.table != Which::Request
        {
            mentions.push(Mention { what: Mentioned::Text { text, ignores_case: false }, at: rule.at });
        }
    }
    for branch in &rulebook.branches {
        if let Some(condition) = &branch.condition {
            condition.mentions(branch.at, mentions);
        }
        mentions_of(&branch.rulebook, mentions);
    }
    for part in &rulebook.files {
        mentions_of(&part.rulebook, mentions);
    }
}
