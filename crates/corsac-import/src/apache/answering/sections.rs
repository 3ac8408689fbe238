//! The sections whose rules count for a request, in the order in which Apache puts them together.

use super::Run;
use crate::apache::pattern::Pattern;
use crate::apache::request::Found;
use crate::apache::site::{Covers, Part, Rulebook, covers_file, covers_path};

impl<'s> Run<'s, '_> {
    pub(super) fn locations(&self) -> Vec<&'s Rulebook> {
        let path = &self.request.uri;
        self.sections(|part| match &part.covers {
            Covers::Path(prefix) => covers_path(prefix, path),
            Covers::Paths(pattern) => pattern.is_match(path),
            _ => false,
        })
    }

    pub(super) fn proxies(&self) -> Vec<&'s Rulebook> {
        self.sections(|part| matches!(part.covers, Covers::Proxy))
    }

    pub(super) fn sections(&self, is_here: impl Fn(&Part) -> bool) -> Vec<&'s Rulebook> {
        self.site.sections.iter().filter(|part| is_here(part)).map(|part| &part.rulebook).collect()
    }

    /// The folders of the file, the outermost first; expressions for folders; then the files in all of them.
    pub(super) fn folders(&self) -> Vec<&'s Rulebook> {
        let file = &self.request.filename;
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut folders: Vec<&Part> = self
            .site
            .sections
            .iter()
            .filter(|part| match &part.covers {
                Covers::Folder(covered) => covers_file(covered, file),
                Covers::Folders { pattern, .. } => {
                    pattern.is_match(&format!("{folder}/")) || pattern.is_match(folder)
                }
                _ => false,
            })
            .collect();
        folders.sort_by_key(|part| part.covers.rank());
        let mut layers: Vec<&Rulebook> = folders.into_iter().map(|part| &part.rulebook).collect();
        let of_server = self.site.sections.iter().chain(self.site.base.iter().flat_map(|base| &base.files));
        let inside = layers.iter().flat_map(|layer| &layer.files);
        let files: Vec<&Rulebook> = of_server
            .chain(inside)
            .filter(|part| matches!(&part.covers, Covers::File(pattern) if self.is_named(pattern)))
            .map(|part| &part.rulebook)
            .collect();
        layers.extend(files);
        layers
    }

    fn is_named(&self, pattern: &Pattern) -> bool {
        pattern.is_match(file_name(&self.request.filename))
    }

    /// The layers with those of the conditions that hold.
    pub(super) fn with_branches(&mut self, mut layers: Vec<&'s Rulebook>) -> Vec<&'s Rulebook> {
        let mut found = Vec::new();
        for layer in &layers {
            self.branches(layer, &mut found);
        }
        layers.extend(found);
        layers
    }

    pub(super) fn branches(&mut self, rulebook: &'s Rulebook, found: &mut Vec<&'s Rulebook>) {
        let mut is_done = false;
        for branch in &rulebook.branches {
            if !branch.is_other {
                is_done = false;
            } else if is_done {
                continue;
            }
            let mut seen = Found::default();
            let holds =
                branch.condition.as_ref().is_none_or(|condition| self.request.holds(condition, &mut seen));
            self.request.vary(&seen.looked_at, branch.at);
            if holds {
                is_done = true;
                found.push(&branch.rulebook);
                self.branches(&branch.rulebook, found);
            }
        }
    }
}

/// The name of the file that a path leads to: the first part with the ending of a file, since what follows is only information for it, or the last one.
fn file_name(path: &str) -> &str {
    let has_ending = |part: &&str| {
        let ending = part.rsplit_once('.').map_or("", |(_, ending)| ending);
        ending.starts_with(|first: char| first.is_ascii_alphabetic())
            && ending.chars().all(|character| character.is_ascii_alphanumeric())
    };
    path.split('/').find(has_ending).or_else(|| path.rsplit('/').next()).unwrap_or_default()
}
