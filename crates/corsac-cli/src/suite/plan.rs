//! Turns a suite into its checks, in the order of the file: each case is one, and each combination of a matrix.

use std::rc::Rc;

use corsac::origin::Origin;
use toml::Spanned;
use url::Url;

use super::expectation::Expectation;
use super::file::{self, Group, PreflightOnly};
use super::problems::Problems;
use super::values::Pair;
use crate::arguments::{CheckArguments, Expected, HeaderArgument, parse_header};
use crate::check::{Question, Secrets, authorities};
use crate::terminal::printable;
use corsac::browser::{Engine, Verdict};

/// The most checks of one suite.
const MOST: usize = 1_000;

/// One question with the answer that it must have.
#[derive(Debug)]
pub(super) struct Check {
    /// Unique in the suite, without secrets.
    pub(super) name: String,
    /// The line of its case, from 1.
    pub(super) line: usize,
    pub(super) url: Url,
    pub(super) origin: Origin,
    pub(super) method: String,
    pub(super) preflight_only: bool,
    pub(super) expectation: Expectation,
    /// Values of environment variables, which are never printed.
    pub(super) secrets: Vec<String>,
    arguments: CheckArguments,
    engines: Vec<Engine>,
    body: Option<Vec<u8>>,
}

impl Check {
    /// Returns the question. Building it neither sends nor resolves anything.
    pub(super) fn question(&self) -> Result<Question, String> {
        let mut question =
            Question::new(&self.arguments, self.url.as_str(), &self.origin, self.body.clone())?;
        question.engines.clone_from(&self.engines);
        Ok(question)
    }

    /// Returns the URL without secrets.
    pub(super) fn shown_url(&self) -> String {
        Secrets::of_url(&self.url).and(&self.secrets).hide(self.url.as_str())
    }
}

/// Returns the checks, or an error with all problems of the file.
pub(super) fn plan(name: &str, source: &str, arguments: &CheckArguments) -> Result<Vec<Rc<Check>>, String> {
    // A wrong option is reported once, and not at each case.
    authorities(arguments.cacert.as_deref())?;
    let mut problems = Problems::default();
    let groups = file::parse(source, &mut problems);
    let mut checks = Vec::new();
    let mut count = 0_usize;
    for group in &groups {
        let combinations = [group.urls.len(), group.methods.len(), group.origins.len()];
        count = combinations.into_iter().fold(1, usize::saturating_mul).saturating_add(count);
        if count > MOST {
            let message =
                format!("with this, the suite has {count} checks, and the most are 1,000: split it up.");
            problems.add(group.span.clone(), message);
            break;
        }
        expand(group, arguments, &mut checks, &mut problems);
    }
    problems.into_result(name, source)?;
    Ok(checks)
}

/// Adds the checks of one case or matrix.
fn expand(group: &Group, base: &CheckArguments, checks: &mut Vec<Rc<Check>>, problems: &mut Problems) {
    let mut arguments = base.clone();
    let mut secrets = Vec::new();
    arguments.request.headers = headers(&group.headers, &mut secrets, problems);
    arguments.cookies = cookies(&group.cookies, &mut secrets, problems);
    arguments.request.credentials = group.credentials;
    arguments.request.mode = group.mode;
    arguments.redirect = group.redirect;
    arguments.timeout = group.timeout.unwrap_or(base.timeout);
    // Comparison requests explain a refusal, and a suite wants to know whether there is one.
    arguments.no_controls = group.expectation.cause.is_none();
    for url in &group.urls {
        for method in &group.methods {
            for origin in &group.origins {
                let check = one(group, (url, method, origin), &arguments, &secrets);
                if let Err(message) = check.question() {
                    // Further lines are about `fetch()`.
                    problems.add(method.span(), message.lines().next().unwrap_or_default());
                }
                checks.push(Rc::new(check));
            }
        }
    }
}

fn one(
    group: &Group,
    (url, method, origin): (&Spanned<Url>, &Spanned<String>, &Origin),
    arguments: &CheckArguments,
    secrets: &[String],
) -> Check {
    let (url, method) = (url.get_ref(), method.get_ref());
    let preflight_only = group.preflight_only.applies_to(method);
    let mut arguments = arguments.clone();
    arguments.request.method = Some(method.clone());
    arguments.preflight_only = preflight_only;
    let mut expectation = group.expectation.clone();
    if preflight_only && group.preflight_only == PreflightOnly::Unsafe {
        // The page of a suite may read what it may send: of this request, only the permission is asked for.
        if matches!(expectation.verdict, Expected::Fetched(Verdict::Readable | Verdict::Opaque)) {
            expectation.verdict = Expected::Allowed;
        }
        expectation.readable_headers.clear();
        expectation.status = None;
    }
    let mut check = Check {
        name: group.name.clone(),
        line: group.line,
        url: url.clone(),
        origin: origin.clone(),
        method: method.clone(),
        preflight_only,
        expectation,
        secrets: secrets.to_vec(),
        arguments,
        engines: group.engines.clone(),
        body: group.body.as_ref().map(|text| text.clone().into_bytes()),
    };
    if group.is_matrix {
        check.name = format!("{}: {method} {} from {origin}", group.name, check.shown_url());
    }
    check.name = crate::terminal::printable_words(&check.name);
    check
}

fn headers(
    pairs: &[Spanned<Pair>],
    secrets: &mut Vec<String>,
    problems: &mut Problems,
) -> Vec<HeaderArgument> {
    let mut read = |pair: &Spanned<Pair>| {
        let line = match pair.get_ref() {
            Pair::Written(line) => line.clone(),
            from => format!("{}: {}", name_of(from), value(from, pair, secrets, problems)?),
        };
        parse_header(&line).map_err(|message| problems.add(pair.span(), format!("{message}."))).ok()
    };
    pairs.iter().filter_map(&mut read).collect()
}

fn cookies(pairs: &[Spanned<Pair>], secrets: &mut Vec<String>, problems: &mut Problems) -> Vec<String> {
    let mut read = |pair: &Spanned<Pair>| {
        let cookie = match pair.get_ref() {
            Pair::Written(cookie) => cookie.clone(),
            from => format!("{}={}", name_of(from), value(from, pair, secrets, problems)?),
        };
        if cookie.contains(char::is_control) {
            let name = crate::arguments::name_of(&cookie);
            problems.add(
                pair.span(),
                format!("the cookie `{name}` has a control character, which no cookie can have."),
            );
            return None;
        }
        Some(cookie)
    };
    pairs.iter().filter_map(&mut read).collect()
}

fn name_of(pair: &Pair) -> &str {
    match pair {
        Pair::FromEnvironment { name, .. } => name,
        Pair::Written(line) => line,
    }
}

/// Reads the value from the environment, and remembers it as a secret.
fn value(
    pair: &Pair,
    at: &Spanned<Pair>,
    secrets: &mut Vec<String>,
    problems: &mut Problems,
) -> Option<String> {
    let Pair::FromEnvironment { variable, prefix, .. } = pair else { return None };
    match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => {
            secrets.push(value.trim().to_owned());
            Some(format!("{prefix}{}", value.trim()))
        }
        _ => {
            let message =
                format!("the environment variable `{}` is not set, or has no text.", printable(variable));
            problems.add(at.span(), message);
            None
        }
    }
}
