//! The format of a suite: a TOML file with `[defaults]`, `[[case]]` and `[[matrix]]`. docs/suites.md describes each key.
//!
//! All problems of a file are reported at once, each at its line. So the tables are read by hand: serde would stop at the first.

use std::io::Read as _;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use corsac::browser::{Credentials, Engine, Mode, ReasonCode, RedirectMode};
use corsac::origin::Origin;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::expectation::Expectation;
use super::problems::{Problems, line_and_column};
use super::values::{Keys, Pair, named, names};
use crate::arguments::Expected;
use crate::check::parse_url;
use crate::policy::file::unreadable;

/// The limit of a suite's file, far more than 1,000 checks need.
const LONGEST_FILE: u64 = 1 << 20;

/// What `[defaults]` and every case may have.
const SHARED: [&str; 8] =
    ["origin", "credentials", "mode", "redirect", "engines", "timeout", "headers", "cookies"];
/// What `[[case]]` and `[[matrix]]` may have besides.
const OF_A_CASE: [&str; 9] =
    ["name", "body", "preflight-only", "send", "expect", "cause", "reason", "status", "readable-headers"];

/// Reads the file's text.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LONGEST_FILE.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, &error))?;
    let name = || crate::terminal::printable(path.as_os_str().as_encoded_bytes());
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(format!("`{}` is over 1 MiB, which is the limit of a suite: split it up", name()));
    }
    String::from_utf8(bytes).map_err(|_| format!("`{}` is not a suite: it has to be TOML in UTF-8", name()))
}

/// A `[[case]]` or a `[[matrix]]`: requests that differ in method, URL and origin, and what must come of each.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    /// Whether the name alone says which request it is.
    pub(super) is_matrix: bool,
    /// The line where it begins, from 1.
    pub(super) line: usize,
    /// Where it begins.
    pub(super) span: Range<usize>,
    pub(super) origins: Vec<Origin>,
    pub(super) methods: Vec<Spanned<String>>,
    pub(super) urls: Vec<Spanned<Url>>,
    pub(super) headers: Vec<Spanned<Pair>>,
    pub(super) cookies: Vec<Spanned<Pair>>,
    pub(super) body: Option<String>,
    pub(super) credentials: Option<Credentials>,
    pub(super) mode: Option<Mode>,
    pub(super) redirect: Option<RedirectMode>,
    pub(super) preflight_only: PreflightOnly,
    pub(super) engines: Vec<Engine>,
    pub(super) timeout: Option<Duration>,
    pub(super) expectation: Expectation,
}

/// Of which methods only the preflight is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PreflightOnly {
    Never,
    /// Of those that may change something on the server.
    Unsafe,
    Always,
}

impl PreflightOnly {
    /// Returns `true` if a request with this method ends after its preflight.
    pub(super) fn applies_to(self, method: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Unsafe => may_change_something(method),
            Self::Always => true,
        }
    }
}

/// Returns `true` for every method but GET, HEAD and OPTIONS.
pub(super) fn may_change_something(method: &str) -> bool {
    !["GET", "HEAD", "OPTIONS"].iter().any(|safe| safe.eq_ignore_ascii_case(method))
}

/// Reads the cases and matrices, in the order of the file. Of those with problems, some may be missing.
pub(super) fn parse(source: &str, problems: &mut Problems) -> Vec<Group> {
    let table = match DeTable::parse(source) {
        Ok(table) => table,
        Err(error) => {
            let end = source.len();
            let message = format!("this is not TOML: {}.", error.message().trim_end_matches('.'));
            problems.add(error.span().unwrap_or(end..end), message);
            return Vec::new();
        }
    };
    let root = Keys { own: table.get_ref(), defaults: None, title: "a suite" };
    root.report_unknown(&["defaults", "case", "matrix"], problems);
    let defaults = root.find("defaults").and_then(|value| {
        let table = value.get_ref().as_table();
        if table.is_none() {
            problems
                .add(value.span(), "`defaults` has to be a table: write `[defaults]` on a line of its own.");
        }
        table
    });
    if let Some(own) = defaults {
        let keys = Keys { own, defaults: None, title: "[defaults]" };
        keys.report_unknown(&[SHARED.as_slice(), &["base"]].concat(), problems);
    }
    let base = defaults.and_then(|own| base(&Keys { own, defaults: None, title: "[defaults]" }, problems));
    let mut groups = Vec::new();
    for (key, title) in [("case", "[[case]]"), ("matrix", "[[matrix]]")] {
        let Some(value) = root.find(key) else { continue };
        let Some(items) = value.get_ref().as_array() else {
            problems.add(value.span(), format!("write `{title}` on a line of its own, with two brackets."));
            continue;
        };
        for item in items {
            let DeValue::Table(own) = item.get_ref() else {
                problems.add(item.span(), format!("write `{title}` on a line of its own."));
                continue;
            };
            let keys = Keys { own, defaults, title };
            groups.extend(group(&keys, item.span(), base.as_ref(), source, problems));
        }
    }
    if groups.is_empty() {
        problems.add(0..0, "the suite has no case that can be checked: write at least one `[[case]]`.");
    }
    groups.sort_by_key(|group| group.span.start);
    report_equal_names(&groups, problems);
    groups
}

fn group(
    keys: &Keys<'_>,
    span: Range<usize>,
    base: Option<&Url>,
    source: &str,
    problems: &mut Problems,
) -> Option<Group> {
    let is_matrix = keys.title == "[[matrix]]";
    let [origin, method, url] =
        if is_matrix { ["origins", "methods", "urls"] } else { ["origin", "method", "url"] };
    keys.report_unknown(&[SHARED.as_slice(), &OF_A_CASE, &[origin, method, url]].concat(), problems);
    let name = required("name", keys, &span, problems).map(|text| text.into_inner().trim().to_owned());
    let mut texts = |key: &str| match is_matrix {
        true => keys.texts(key, problems),
        false => keys.text(key, problems).map(|text| vec![text]),
    };
    let (origins, methods, urls) = (texts(origin), texts(method), texts(url));
    // A matrix without `origins` has the origin of the defaults.
    let origins = origins.or_else(|| keys.text("origin", problems).map(|text| vec![text]));
    for (key, is_there) in
        [(origin, keys.find(origin).or(keys.find("origin")).is_some()), (url, keys.find(url).is_some())]
    {
        if !is_there {
            problems.add(span.clone(), format!("{} needs `{key}`.", keys.title));
        }
    }
    let origins = origins.unwrap_or_default();
    let origins =
        origins.iter().filter_map(|text| located(text, Origin::parse(text.get_ref()), problems)).collect();
    let urls = urls.unwrap_or_default();
    let urls = urls.iter().filter_map(|text| {
        let url = located(text, absolute(text.get_ref(), base), problems)?;
        Some(Spanned::new(text.span(), url))
    });
    let urls = urls.collect();
    let methods = methods.unwrap_or_else(|| vec![Spanned::new(span.clone(), "GET")]);
    let preflight_only = preflight_only(keys, problems);
    let sends = keys.flag("send", problems).unwrap_or(false);
    check_methods(keys, &methods, preflight_only, sends, problems);
    let expectation = expectation(keys, &span, preflight_only, problems);
    Some(Group {
        is_matrix,
        line: line_and_column(source, span.start).0,
        origins,
        methods: methods
            .into_iter()
            .map(|text| Spanned::new(text.span(), text.into_inner().to_owned()))
            .collect(),
        urls,
        headers: keys.pairs("headers", problems),
        cookies: keys.pairs("cookies", problems),
        body: keys.text("body", problems).map(|text| text.into_inner().to_owned()),
        credentials: keys.named("credentials", &names(Credentials::ALL, Credentials::as_str), problems),
        mode: keys.named(
            "mode",
            &names(&[Mode::Cors, Mode::NoCors, Mode::SameOrigin], Mode::as_str),
            problems,
        ),
        redirect: keys.named("redirect", &names(RedirectMode::ALL, RedirectMode::as_str), problems),
        preflight_only,
        engines: engines(keys, problems),
        timeout: keys.duration("timeout", problems),
        expectation: expectation?,
        name: name?,
        span,
    })
}

fn required<'t>(
    key: &str,
    keys: &Keys<'t>,
    span: &Range<usize>,
    problems: &mut Problems,
) -> Option<Spanned<&'t str>> {
    if keys.find(key).is_none() {
        problems.add(span.clone(), format!("{} needs `{key}`.", keys.title));
    }
    let text = keys.text(key, problems)?;
    if text.get_ref().trim().is_empty() {
        problems.add(text.span(), format!("`{key}` is empty."));
        return None;
    }
    Some(text)
}

/// Returns the value, or reports the error at the text.
fn located<T, E: ToString>(text: &Spanned<&str>, value: Result<T, E>, problems: &mut Problems) -> Option<T> {
    value
        .map_err(|error| problems.add(text.span(), format!("{}.", error.to_string().trim_end_matches('.'))))
        .ok()
}

/// Reads `base`, to which paths are appended.
fn base(keys: &Keys<'_>, problems: &mut Problems) -> Option<Url> {
    let text = keys.text("base", problems)?;
    let url = located(&text, parse_url(text.get_ref()), problems)?;
    if url.query().is_some() || url.fragment().is_some() {
        problems.add(text.span(), "`base` is the start of URLs, so it has neither a query nor a fragment.");
        return None;
    }
    Some(url)
}

/// Returns the URL of a case. One that starts with a slash is appended to `base`.
fn absolute(text: &str, base: Option<&Url>) -> Result<Url, String> {
    match base {
        Some(base) if text.starts_with('/') => {
            parse_url(&format!("{}{text}", base.as_str().trim_end_matches('/')))
        }
        None if text.starts_with('/') => Err(
            "this is only a path: write the whole URL, or `base = \"https://api.example.com\"` in [defaults]"
                .to_owned(),
        ),
        _ => parse_url(text),
    }
}

fn preflight_only(keys: &Keys<'_>, problems: &mut Problems) -> PreflightOnly {
    let Some(value) = keys.find("preflight-only") else { return PreflightOnly::Never };
    match value.get_ref() {
        DeValue::Boolean(true) => PreflightOnly::Always,
        DeValue::Boolean(false) => PreflightOnly::Never,
        DeValue::String(text) if text == "unsafe" => PreflightOnly::Unsafe,
        _ => {
            let message = "`preflight-only` has to be `true`, `false`, or `\"unsafe\"` for the methods that may change something.";
            problems.add(value.span(), message);
            PreflightOnly::Always
        }
    }
}

/// Reports methods that would change something on every run, unless the case says that it wants this.
fn check_methods(
    keys: &Keys<'_>,
    methods: &[Spanned<&str>],
    preflight_only: PreflightOnly,
    sends: bool,
    problems: &mut Problems,
) {
    if sends && preflight_only != PreflightOnly::Never {
        let span = keys.span("send").unwrap_or_default();
        problems.add(span, "`send` and `preflight-only` contradict each other: keep one of them.");
        return;
    }
    for method in methods.iter().filter(|method| may_change_something(method.get_ref())) {
        if !sends && !preflight_only.applies_to(method.get_ref()) {
            let value = if methods.len() > 1 { "\"unsafe\"" } else { "true" };
            problems.add(
                method.span(),
                format!(
                    "`{}` may change something on the server, on every run of the suite. Write `preflight-only = {value}` to ask only for permission, \
                     or `send = true` if it should really be sent.",
                    method.get_ref()
                ),
            );
        }
    }
}

fn engines(keys: &Keys<'_>, problems: &mut Problems) -> Vec<Engine> {
    let all: Vec<(&str, Option<Engine>)> =
        Engine::ALL.iter().map(|engine| (engine.as_str(), Some(*engine))).chain([("all", None)]).collect();
    let mut engines = Vec::new();
    for text in keys.texts("engines", problems).unwrap_or_default() {
        match named("engines", &text, &all, problems) {
            Some(Some(engine)) if !engines.contains(&engine) => engines.push(engine),
            _ => {}
        }
        if *text.get_ref() == "all" {
            return Engine::ALL.to_vec();
        }
    }
    if engines.is_empty() { Engine::ALL.to_vec() } else { engines }
}

fn expectation(
    keys: &Keys<'_>,
    span: &Range<usize>,
    preflight_only: PreflightOnly,
    problems: &mut Problems,
) -> Option<Expectation> {
    let text = required("expect", keys, span, problems);
    let verdict =
        text.and_then(|text| named("expect", &text, &names(&Expected::ALL, Expected::as_str), problems));
    let causes: Vec<(&str, &str)> = corsac_explain::diagnosis::entries()
        .map(|entry| entry.code)
        .chain(ReasonCode::ALL.iter().map(|code| code.as_str()))
        .map(|code| (code, code))
        .collect();
    let reasons: Vec<(&str, &str)> =
        ReasonCode::ALL.iter().map(|code| (code.as_str(), code.as_str())).collect();
    let cause = keys.named("cause", &causes, problems);
    let reason = keys.named("reason", &reasons, problems);
    let status = keys.status("status", problems);
    let readable_headers = keys.texts("readable-headers", problems).unwrap_or_default();
    for name in readable_headers.iter().filter(|name| !corsac::method::is_token(name.get_ref().as_bytes())) {
        problems.add(name.span(), format!("`{}` is not the name of a header.", name.get_ref()));
    }
    let verdict = verdict?;
    report_contradictions(keys, verdict, preflight_only, problems);
    Some(Expectation {
        verdict,
        cause,
        reason,
        status,
        readable_headers: readable_headers.into_iter().map(|name| name.into_inner().to_owned()).collect(),
    })
}

/// Reports expectations that no answer can meet.
fn report_contradictions(
    keys: &Keys<'_>,
    verdict: Expected,
    preflight_only: PreflightOnly,
    problems: &mut Problems,
) {
    let (word, span) = (verdict.as_str(), keys.span("expect").unwrap_or_default());
    match (word, preflight_only) {
        ("readable" | "opaque", PreflightOnly::Always) => problems.add(
            span,
            format!("with `preflight-only = true` the request is not sent, so it is never {word}: write `expect = \"allowed\"`."),
        ),
        ("allowed", PreflightOnly::Never | PreflightOnly::Unsafe) => problems.add(
            span,
            "`allowed` is a verdict of `preflight-only = true` alone. Write `expect = \"readable\"`, which is `allowed` where only the preflight is sent.",
        ),
        _ => {}
    }
    for key in ["cause", "reason"] {
        if let Some(span) = keys.span(key).filter(|_| !matches!(word, "blocked" | "failed")) {
            problems.add(span, format!("a request that is {word} has no {key}: remove this line."));
        }
    }
    if let Some(span) = keys.span("readable-headers").filter(|_| word != "readable") {
        problems.add(span, "headers are read from a response that is readable: write `expect = \"readable\"`, or remove this line.");
    }
}

/// Reports names that two cases share: a CI system could not tell them apart.
fn report_equal_names(groups: &[Group], problems: &mut Problems) {
    let mut seen = std::collections::HashMap::new();
    for group in groups {
        if let Some(line) = seen.insert(&group.name, group.line) {
            problems.add(
                group.span.clone(),
                format!(
                    "the name `{}` is taken by the case at line {line}: give each a name of its own.",
                    group.name
                ),
            );
        }
    }
}
