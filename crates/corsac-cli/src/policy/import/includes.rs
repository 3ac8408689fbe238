//! The files that a configuration includes: only regular files inside of one folder, after symlinks are resolved.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use corsac_import::Source;
use glob::{MatchOptions, Pattern};

use crate::policy::source::{from_bytes, read_bounded};
use crate::terminal::printable;

/// The most entries of folders that are looked at.
const MOST_ENTRIES: usize = 10_000;

pub(super) struct Includes {
    /// The folder, resolved; none if the configuration comes from standard input.
    folder: Option<PathBuf>,
    /// What was read, for excerpts.
    read: BTreeMap<String, String>,
    entries: usize,
}

impl Includes {
    pub(super) fn new(file: &Path, folder: Option<&Path>) -> Result<Self, String> {
        let folder = match folder {
            Some(folder) => Some(folder.to_owned()),
            None if file == Path::new("-") => None,
            None => Some(
                file.parent()
                    .filter(|parent| !parent.as_os_str().is_empty())
                    .unwrap_or(Path::new("."))
                    .to_owned(),
            ),
        };
        let resolved = folder.map(|folder| {
            folder.canonicalize().map_err(|error| {
                format!("cannot read `{}`: {error}", printable(folder.as_os_str().as_encoded_bytes()))
            })
        });
        Ok(Self { folder: resolved.transpose()?, read: BTreeMap::new(), entries: 0 })
    }

    /// The texts of all files by name.
    pub(super) fn texts(&self, main: &Source) -> BTreeMap<String, String> {
        let mut texts = self.read.clone();
        texts.insert(main.name.clone(), main.text.clone());
        texts
    }

    /// The files that a pattern names.
    pub(super) fn read(&mut self, pattern: &str) -> Result<Vec<Source>, String> {
        let Some(folder) = self.folder.clone() else {
            return Err(format!(
                "`{}` is not included: the configuration comes from standard input. Name its file, or the folder with `--folder`.",
                printable(pattern)
            ));
        };
        let mut sources = Vec::new();
        for path in self.find(&folder, pattern)? {
            let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
            let bytes = std::fs::File::open(&path)
                .and_then(read_bounded)
                .map_err(|error| format!("`{}` cannot be read: {error}.", printable(&name)))?;
            let source = from_bytes(name, bytes)?;
            self.read.insert(source.name.clone(), source.text.clone());
            sources.push(source);
        }
        Ok(sources)
    }

    /// The paths of the files, resolved and sorted.
    fn find(&mut self, folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
        let shown = printable(pattern);
        let path = Path::new(pattern);
        let has_wildcard = has_wildcard(pattern);
        // A configuration that was copied from its server names absolute paths: the longest end of one that is here is meant.
        let relative: PathBuf = match path.strip_prefix(folder) {
            Ok(relative) => relative.to_owned(),
            Err(_) => path
                .components()
                .filter(|component| !matches!(component, Component::RootDir | Component::Prefix(_)))
                .collect(),
        };
        let parts: Vec<Component<'_>> =
            relative.components().filter(|part| *part != Component::CurDir).collect();
        if parts.contains(&Component::ParentDir) {
            return Err(format!(
                "`{shown}` leads out of the folder of the configuration, so it is not read. Name a folder that holds both with `--folder`."
            ));
        }
        // A pattern keeps the folder that it is for: `/etc/nginx/conf.d/*.conf` is not `*.conf`.
        let kept = if has_wildcard { 2 } else { 1 };
        let first = if path.is_absolute() { parts.len().saturating_sub(kept).saturating_add(1) } else { 1 };
        let mut found = Vec::new();
        for skipped in 0..first {
            let parts = parts.get(skipped..).unwrap_or_default();
            let names: Vec<String> =
                parts.iter().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            self.walk(folder, folder, &names, &mut found)?;
            if !found.is_empty() {
                break;
            }
        }
        found.sort();
        if found.is_empty() && !has_wildcard {
            return Err(format!("`{shown}` is not in the folder of the configuration, so it is not read."));
        }
        Ok(found)
    }

    fn walk(
        &mut self,
        root: &Path,
        here: &Path,
        names: &[String],
        found: &mut Vec<PathBuf>,
    ) -> Result<(), String> {
        let Some((name, rest)) = names.split_first() else { return Ok(()) };
        let pattern = Pattern::new(name)
            .map_err(|error| format!("`{}` is no pattern for files: {error}.", printable(name)))?;
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
        let candidates: Vec<PathBuf> = if has_wildcard(name) {
            let Ok(entries) = std::fs::read_dir(here) else { return Ok(()) };
            let mut paths = Vec::new();
            for entry in entries.flatten() {
                self.entries = self.entries.saturating_add(1);
                if self.entries > MOST_ENTRIES {
                    return Err(format!(
                        "The folders of the configuration have more than {MOST_ENTRIES} files."
                    ));
                }
                if entry.file_name().to_str().is_some_and(|name| pattern.matches_with(name, options)) {
                    paths.push(entry.path());
                }
            }
            paths
        } else {
            vec![here.join(name)]
        };
        for path in candidates {
            // What is linked counts where it is. A path that leads nowhere is not there.
            let Ok(resolved) = path.canonicalize() else { continue };
            if !resolved.starts_with(root) {
                return Err(format!(
                    "`{}` leads out of the folder of the configuration, so it is not read. Name a folder that holds both with `--folder`.",
                    printable(path.strip_prefix(root).unwrap_or(&path).as_os_str().as_encoded_bytes())
                ));
            }
            match (rest.is_empty(), std::fs::metadata(&resolved)) {
                (true, Ok(metadata)) if metadata.is_file() => found.push(resolved),
                (false, Ok(metadata)) if metadata.is_dir() => self.walk(root, &resolved, rest, found)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn has_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?', '['])
}
