//! Where the path of a request leads.

use super::Run;
use crate::apache::rewrite::{Outcome, Rule, Rules};
use crate::apache::site::{Covers, From, Handler, Redirect, Rulebook, covers_file, covers_path};
use crate::files::At;

impl<'s> Run<'s, '_> {
    pub(super) fn server_rewrite(&mut self) -> Outcome {
        let rules: Vec<&Rule> = self.site.rewrite.rules.iter().collect();
        if self.site.rewrite.engine != Some(true) {
            return Outcome::Nothing;
        }
        let path = self.request.uri.clone();
        Rules::apply(&rules, &mut self.request, path, None)
    }

    /// The rules of the innermost section that has some.
    pub(super) fn folder_rewrite(&mut self, layers: &[&'s Rulebook]) -> Outcome {
        let mut engine = None;
        let mut rules: Vec<&Rule> = Vec::new();
        let mut base = None;
        for own in layers.iter().filter_map(|layer| layer.rewrite.as_ref()) {
            engine = own.engine.or(engine);
            base = own.base.clone();
            if own.inherits {
                rules.splice(0..0, &own.rules);
            } else {
                rules = own.rules.iter().collect();
            }
        }
        if engine != Some(true) || rules.is_empty() {
            return Outcome::Nothing;
        }
        let folder = self.innermost_folder();
        let file = self.request.filename.clone();
        match Rules::apply(&rules, &mut self.request, file.clone(), folder.as_deref()) {
            Outcome::Path { path, .. } if path == file => Outcome::Nothing,
            Outcome::Path { path, passes_through } => Outcome::Path {
                path: self.path_of(&path, folder.as_deref(), base.as_deref()),
                passes_through,
            },
            Outcome::Redirect { status, to, at } => {
                // Without `RewriteBase` the browser is sent to the path of a file.
                let rest = folder.as_deref().and_then(|folder| to.strip_prefix(folder));
                let to = match (rest, &base) {
                    (Some(rest), Some(base)) => format!("{}/{rest}", base.trim_end_matches('/')),
                    _ => to,
                };
                Outcome::Redirect { status, to, at }
            }
            outcome => outcome,
        }
    }

    /// The innermost folder with rules, with a slash at its end.
    pub(super) fn innermost_folder(&self) -> Option<String> {
        let folders = self.site.sections.iter().filter_map(|part| match &part.covers {
            Covers::Folder(folder)
                if part.rulebook.rewrite.is_some() && covers_file(folder, &self.request.filename) =>
            {
                Some(folder.trim_end_matches('/'))
            }
            _ => None,
        });
        folders.max_by_key(|folder| folder.len()).map(|folder| format!("{folder}/"))
    }

    /// The path that a file has, if it has one.
    pub(super) fn path_of(&self, file: &str, folder: Option<&str>, base: Option<&str>) -> String {
        if let (Some(folder), Some(base)) = (folder, base)
            && let Some(rest) = file.strip_prefix(folder)
        {
            return format!("{}/{rest}", base.trim_end_matches('/'));
        }
        file.strip_prefix(self.request.document_root.as_str())
            .filter(|rest| rest.starts_with('/'))
            .unwrap_or(file)
            .to_owned()
    }

    pub(super) fn proxied(&self) -> Option<Handler> {
        self.site.proxied.iter().find(|proxied| proxied.from.covers(&self.request.uri))?.handler
    }

    pub(super) fn redirected(&self, redirects: &[Redirect]) -> Option<(u16, String, At)> {
        let redirect = redirects.iter().find(|redirect| redirect.from.covers(&self.request.uri))?;
        let to = match &redirect.from {
            From::Prefix(prefix) => {
                let rest = self.request.uri.strip_prefix(prefix.as_str()).unwrap_or_default();
                format!("{}{rest}", redirect.to)
            }
            From::Pattern(pattern) => {
                pattern.groups(&self.request.uri).map(|groups| groups.fill(&redirect.to)).unwrap_or_default()
            }
        };
        Some((redirect.status, to, redirect.at))
    }

    /// The file that a path leads to.
    pub(super) fn file(&self, leads_to: Option<&str>) -> String {
        let root = &self.request.document_root;
        let path = leads_to.unwrap_or(&self.request.uri);
        if covers_file(root, path) {
            return path.to_owned();
        }
        let alias = self.site.aliases.iter().find(|(from, _)| covers_path(from, path));
        match alias.filter(|_| leads_to.is_none()) {
            Some((from, to)) => format!("{to}{}", path.strip_prefix(from.as_str()).unwrap_or_default()),
            None => format!("{root}{path}"),
        }
    }
}
