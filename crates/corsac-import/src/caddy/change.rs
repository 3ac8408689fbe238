//! The smallest changes that put right what notes say.

mod behind;
mod expression;

use corsac_stacks::origin_expression;
use url::Url;

use super::header::ResponseChange;
use super::place::narrows;
use super::route::{Handler, Route, is_of_cors};
use super::site::Configuration;
use crate::change::Edit;
use crate::files::{At, Files};
use crate::note::Noted;
use crate::server::{Mention, Mentioned, Wanted};

/// The most directives that one change adds something to.
const MOST_EDITS: usize = 20;

pub(super) fn change(
    configuration: &Configuration,
    note: &Noted,
    wanted: &Wanted,
    files: &Files<'_>,
) -> Vec<Edit> {
    let change = Change { configuration, note, wanted, files };
    match note.code {
        "error-without-headers" => change.at_once(),
        "vary-missing" => change.vary(),
        "origin-never-matches" => change.meant_origin(),
        "wildcard-with-credentials" => change.without_line(),
        "application-header-kept" | "header-repeated" => change.without_the_applications(),
        "preflight-passed-on" | "preflight-refused" => change.preflight(),
        "any-origin-with-credentials" => change.only_for_origins(),
        "without-effect" => change.handled(),
        code if code.starts_with("origin-") || code.ends_with("domain-allowed") => change.expression(),
        _ => Vec::new(),
    }
}

struct Change<'c, 'i> {
    configuration: &'c Configuration,
    note: &'c Noted,
    wanted: &'c Wanted,
    files: &'c Files<'i>,
}

impl<'c> Change<'c, '_> {
    /// What is deferred is lost on errors, so it is set at once.
    fn at_once(&self) -> Vec<Edit> {
        let Some(route) = self.way().and_then(|way| way.last().copied()) else { return Vec::new() };
        let Handler::Header(ResponseChange { operations, is_deferred: true, .. }) = &route.handler else {
            return Vec::new();
        };
        let mut edits = Vec::new();
        for operation in operations
            .set
            .iter()
            .filter(|operation| is_of_cors(&operation.name) || operation.name.eq_ignore_ascii_case("vary"))
        {
            let line = self.line(operation.at);
            let marked = format!(">{}", operation.name);
            if line.contains(&marked) {
                edits.push(Edit::Replace {
                    at: operation.at,
                    text: line.replacen(&marked, &operation.name, 1),
                });
            }
        }
        // `defer` stands somewhere in the same block.
        let lines = (route.at.line..).skip(1).take(200).map(|line| At { line, ..route.at });
        let inside = lines.take_while(|at| self.line(*at).trim() != "}");
        edits.extend(inside.filter(|at| self.line(*at).trim() == "defer").map(|at| Edit::Delete { at }));
        edits
    }

    fn vary(&self) -> Vec<Edit> {
        let Some(route) = self.outermost() else { return Vec::new() };
        let text = format!("{}header +Vary Origin", self.indentation(route.at));
        vec![Edit::InsertBefore { at: route.at, text }]
    }

    fn meant_origin(&self) -> Vec<Edit> {
        let mentioned =
            self.configuration.findings.mentions.iter().filter(|mention| mention.at == self.note.at);
        mentioned
            .filter_map(|mention| match &mention.what {
                Mentioned::Text { text, .. } => {
                    replaced(self.line(self.note.at), text, &meant(text)?, self.note.at)
                }
                _ => None,
            })
            .take(1)
            .collect()
    }

    fn without_line(&self) -> Vec<Edit> {
        let line = self.line(self.note.at).trim();
        let is_alone =
            line.to_ascii_lowercase().contains("access-control-allow-credentials") && !line.ends_with('{');
        if is_alone { vec![Edit::Delete { at: self.note.at }] } else { Vec::new() }
    }

    /// The header is only for the origins that are wanted.
    fn only_for_origins(&self) -> Vec<Edit> {
        let Some(expression) = self.wanted_expression() else { return Vec::new() };
        let Some(route) = self.way().and_then(|way| way.last().copied()) else { return Vec::new() };
        let line = self.line(route.at);
        if route.matcher.is_some() || !line.trim_start().starts_with("header ") {
            return Vec::new();
        }
        let name = self.free_name("allowed");
        let indentation = self.indentation(route.at);
        vec![
            Edit::InsertBefore {
                at: route.at,
                text: format!("{indentation}{name} header_regexp Origin {expression}"),
            },
            Edit::Replace { at: route.at, text: line.replacen("header ", &format!("header {name} "), 1) },
        ]
    }

    /// The exact expression for the wanted origins in the place of the one that lets in more, wherever that is repeated.
    fn expression(&self) -> Vec<Edit> {
        let Some(exact) = self.wanted_expression() else { return Vec::new() };
        let mentions = &self.configuration.findings.mentions;
        let is_expression = |what: &Mentioned| matches!(what, Mentioned::Expression { .. });
        let here = |mention: &&Mention| mention.at == self.note.at && is_expression(&mention.what);
        let Some(Mention { what: Mentioned::Expression { expression, .. }, .. }) = mentions.iter().find(here)
        else {
            return Vec::new();
        };
        let is_same = |what: &Mentioned| matches!(what, Mentioned::Expression { expression: other, .. } if other == expression);
        let mut ats: Vec<At> =
            mentions.iter().filter(|mention| is_same(&mention.what)).map(|mention| mention.at).collect();
        ats.dedup();
        ats.truncate(MOST_EDITS);
        ats.into_iter()
            .filter_map(|at| {
                let line = self.line(at);
                // In the language of `expression` backslashes are written otherwise.
                if line.contains(".matches(") || line.contains("ith(") || line.contains(".contains(") {
                    return None;
                }
                if line.contains(expression.as_str()) {
                    let mended = expression::mended(expression, &exact, &self.wanted.policy.origins)?;
                    return replaced(line, expression, &mended, at);
                }
                exact_matcher(line, &exact, at)
            })
            .collect()
    }

    fn wanted_expression(&self) -> Option<String> {
        let origins = &self.wanted.policy.origins;
        (!origins.is_empty() && origins.iter().all(|entry| entry != "*")).then(|| origin_expression(origins))
    }

    /// The blocks that the header stands in, and its directive at the end.
    fn way(&self) -> Option<Vec<&'c Route>> {
        let at = self.note.at;
        self.configuration.sites.iter().find_map(|site| {
            let errors = site.errors.iter().map(|errors| &errors.routes);
            std::iter::once(&site.routes).chain(errors).find_map(|routes| way_to(routes, at))
        })
    }

    /// The directive that the header stands in, below the last block that is for some paths or hosts.
    fn outermost(&self) -> Option<&'c Route> {
        let way = self.way()?;
        let is_narrowed = |route: &&Route| route.matcher.as_deref().is_some_and(narrows);
        let blocks = way.split_last().map_or(&[][..], |(_, blocks)| blocks);
        let below = blocks.iter().rposition(is_narrowed).map_or(0, |index| index.saturating_add(1));
        way.get(below).copied()
    }

    fn line(&self, at: At) -> &'c str {
        self.files.text(at.file).lines().nth(at.line.saturating_sub(1)).unwrap_or_default()
    }

    fn indentation(&self, at: At) -> &'c str {
        let line = self.line(at);
        line.get(..line.len().saturating_sub(line.trim_start().len())).unwrap_or_default()
    }

    /// What the file indents with.
    fn step(&self) -> &'c str {
        let lines = self.files.text(self.note.at.file).lines();
        let first = lines.filter(|line| !line.trim().is_empty()).find(|line| line.starts_with([' ', '\t']));
        first.map_or("\t", |line| {
            line.get(..line.len().saturating_sub(line.trim_start().len())).unwrap_or("\t")
        })
    }

    /// A name for a matcher that the files do not have.
    fn free_name(&self, name: &str) -> String {
        let is_free = |name: &String| !self.files.text(self.note.at.file).contains(name.as_str());
        let numbered = (2..100).map(|number: u8| format!("@cors_{name}_{number}"));
        let mut names = [format!("@{name}"), format!("@cors_{name}")].into_iter().chain(numbered);
        names.find(is_free).unwrap_or_else(|| format!("@{name}"))
    }
}

fn replaced(line: &str, old: &str, new: &str, at: At) -> Option<Edit> {
    line.contains(old).then(|| Edit::Replace { at, text: line.replacen(old, new, 1) })
}

fn way_to(routes: &[Route], at: At) -> Option<Vec<&Route>> {
    routes.iter().find_map(|route| match &route.handler {
        Handler::Header(change) => {
            let operations = &change.operations;
            let mut ats = operations.add.iter().chain(&operations.set).map(|operation| operation.at);
            (route.at == at || ats.any(|other| other == at)).then(|| vec![route])
        }
        Handler::Block(inside) => {
            let mut way = way_to(inside, at)?;
            way.insert(0, route);
            Some(way)
        }
        _ => None,
    })
}

/// `header Origin *.example.com` as an expression.
fn exact_matcher(line: &str, exact: &str, at: At) -> Option<Edit> {
    let (before, after) = line.split_once("header Origin ")?;
    (after.split_whitespace().count() == 1)
        .then(|| Edit::Replace { at, text: format!("{before}header_regexp Origin {exact}") })
}

/// The origin that somebody meant with a URL or a host.
fn meant(text: &str) -> Option<String> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let origin = Url::parse(&with_scheme).ok()?.origin();
    (origin.is_tuple() && !with_scheme.contains('*')).then(|| origin.ascii_serialization())
}
