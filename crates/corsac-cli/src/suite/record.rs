//! `corsac check --record`: writes what was found as a suite, so that CI notices when it changes.

use std::io::Write as _;
use std::path::Path;

use corsac::browser::{Engine, FilteredResponse, Outcome, ResponseType};
use corsac::header::{is_cors_header, is_safelisted_response_header_name};
use corsac_explain::spelled;

use super::file::may_change_something;
use super::write::{Table, comment, from_environment, quoted, variable_for};
use crate::arguments::{CheckArguments, HeaderArgument};
use crate::check::{EngineReport, Question, Report, Secrets};
use crate::terminal::printable;

/// The most headers of one response.
const MOST_HEADERS: usize = 50;

/// The most bytes of a body that a suite repeats.
const LONGEST_BODY: usize = 64 * 1024;

/// The suite so far.
pub(crate) struct Record<'a> {
    path: &'a Path,
    arguments: &'a CheckArguments,
    body: Option<String>,
    cases: Vec<(String, String)>,
    /// The environment variables that the cases need.
    variables: Vec<String>,
}

impl<'a> Record<'a> {
    /// Prepares for recording, if `--record` says so. Returns an error if the file exists already, or if a suite cannot hold the request.
    pub(crate) fn new(arguments: &'a CheckArguments) -> Result<Option<Self>, String> {
        let Some(path) = &arguments.suite.record else { return Ok(None) };
        if !arguments.suite.force && path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        if arguments.request.data.as_deref().is_some_and(|data| data == "@-") {
            return Err("standard input can be read only once: with --record, write the body to a file, and pass it as @FILE".to_owned());
        }
        let body = match crate::check::body_of(&arguments.request)? {
            Some(body) if body.len() > LONGEST_BODY => {
                return Err("the body is over 64 KiB, and a suite repeats at most that: record without -d, or with a shorter one".to_owned());
            }
            Some(body) => Some(
                String::from_utf8(body)
                    .map_err(|_| "the body is not UTF-8, so a suite cannot hold it".to_owned())?,
            ),
            None => None,
        };
        Ok(Some(Self { path, arguments, body, cases: Vec::new(), variables: Vec::new() }))
    }

    /// Adds what was found. If browsers differ, there is a case for each of their verdicts.
    pub(crate) fn add(&mut self, question: &Question, report: &Report) {
        let counting = report.counting(question);
        let mut alike: Vec<Vec<&EngineReport>> = Vec::new();
        for engine in counting {
            let found = found(engine);
            match alike
                .iter_mut()
                .find(|others| others.first().is_some_and(|other| self::found(other) == found))
            {
                Some(others) => others.push(engine),
                None => alike.push(vec![engine]),
            }
        }
        let differ = alike.len() > 1;
        for engines in alike {
            let Some(first) = engines.first() else { continue };
            let names: Vec<&str> = engines.iter().map(|engine| engine.engine.as_str()).collect();
            let names = (differ || question.engines.len() == 1).then_some(names);
            let is_chosen =
                report.chosen().is_some_and(|chosen| engines.iter().any(|one| one.engine == chosen.engine));
            let cause = report.diagnosis.first().filter(|_| is_chosen && !self.arguments.no_controls);
            let (name, table) =
                self.case(question, report, first, names.as_deref(), cause.map(|cause| cause.code));
            if !self.cases.iter().any(|(other, _)| *other == name) {
                self.cases.push((name, table));
            }
        }
    }

    fn case(
        &mut self,
        question: &Question,
        report: &Report,
        engine: &EngineReport,
        engines: Option<&[&str]>,
        cause: Option<&str>,
    ) -> (String, String) {
        let request = &question.request;
        let method = request.method();
        let url = request.init().url.as_str();
        let shown = Secrets::of_url(&request.init().url).hide(url);
        let mut name = format!("{method} {shown} from {}", request.origin());
        if let Some(engines) = engines {
            name.push_str(&format!(" in {}", engines.join(", ")));
        }
        let mut table = Table::new("[[case]]");
        table.text("name", &name);
        table.text("origin", request.origin().as_str());
        if shown != url {
            table.comment("A secret of the URL was replaced by REDACTED.");
        }
        table.text("url", &shown);
        table.text("method", method);
        self.add_request(&mut table);
        if question.preflight_only {
            table.value("preflight-only", "true");
        } else if may_change_something(method) {
            table.comment("This really sends the request, on every run. `preflight-only = true` asks only for permission.");
            table.value("send", "true");
        }
        if let Some(engines) = engines {
            let names: Vec<String> = engines.iter().map(|name| quoted(name)).collect();
            table.list("engines", &names);
        }
        let outcome = &engine.fetched.outcome;
        table.text("expect", report.name_of(outcome.verdict()));
        if let Some(refusal) = outcome.refusal() {
            table.text("reason", refusal.reason.code().as_str());
        }
        if let Some(cause) = cause {
            table.text("cause", cause);
        }
        // The status is compared for the engine that decides.
        if let (Some(status), true) = (report.last_status(), engine.engine == deciding(report)) {
            table.value("status", &status.to_string());
        }
        table.list("readable-headers", &readable_headers(outcome));
        (name, table.print())
    }

    /// Adds what script and the browser send.
    fn add_request(&mut self, table: &mut Table) {
        let arguments = self.arguments;
        let headers: Vec<String> =
            arguments.request.headers.iter().map(|header| self.header(header)).collect();
        table.list("headers", &headers);
        let cookies: Vec<String> = arguments.cookies.iter().map(|cookie| self.cookie(cookie)).collect();
        table.list("cookies", &cookies);
        if let Some(body) = &self.body {
            table.text("body", body);
        }
        let credentials = arguments.request.credentials.map(|value| value.as_str());
        let mode = arguments.request.mode.map(|value| value.as_str());
        let redirect = arguments.redirect.map(|value| value.as_str());
        for (key, value) in [("credentials", credentials), ("mode", mode), ("redirect", redirect)] {
            if let Some(value) = value {
                table.text(key, value);
            }
        }
    }

    /// Returns a header line. A secret becomes a variable.
    fn header(&mut self, (name, value): &HeaderArgument) -> String {
        let text: String = value.iter().map(|byte| char::from(*byte)).collect();
        if !Secrets::is_header_secret(name, &text) {
            return quoted(&format!("{name}: {text}"));
        }
        let scheme = text.split_once(' ').filter(|_| name.to_ascii_lowercase().ends_with("authorization"));
        let prefix = scheme.map_or_else(String::new, |(scheme, _)| format!("{scheme} "));
        self.variable(name, &prefix)
    }

    /// Returns a cookie, whose value is a secret.
    fn cookie(&mut self, cookie: &str) -> String {
        match cookie.split_once('=') {
            Some((name, _)) => self.variable(name.trim(), ""),
            None => quoted(cookie),
        }
    }

    fn variable(&mut self, name: &str, prefix: &str) -> String {
        let variable = variable_for(name);
        if !self.variables.contains(&variable) {
            self.variables.push(variable.clone());
        }
        from_environment(name, &variable, prefix)
    }

    /// Writes the file.
    pub(crate) fn write(self) -> Result<(), String> {
        let mut text = format!(
            "{}\n",
            comment(
                "What `corsac check --record` found. `corsac check --suite` checks whether it still holds."
            )
        );
        if !self.variables.is_empty() {
            let listed = self.variables.join(", ");
            text.push_str(&format!(
                "{}\n",
                comment(&format!("It reads these variables of the environment: {listed}."))
            ));
        }
        if self.arguments.has_connection_options() {
            text.push_str(&format!(
                "{}\n",
                comment("Connection options, such as --resolve and --cacert, have to be given again.")
            ));
        }
        for (_, case) in &self.cases {
            text.push('\n');
            text.push_str(case);
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).create_new(!self.arguments.suite.force);
        let written = options.open(self.path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(self.path),
            _ => format!("cannot write `{}`: {error}", shown(self.path)),
        })
    }
}

/// What makes two engines alike: the verdict and its reason.
fn found(engine: &EngineReport) -> (&'static str, Option<&'static str>) {
    let outcome = &engine.fetched.outcome;
    (outcome.verdict().as_str(), outcome.refusal().map(|refusal| refusal.reason.code().as_str()))
}

fn deciding(report: &Report) -> Engine {
    report.chosen().map_or(Engine::Spec, |chosen| chosen.engine)
}

/// Returns the headers that script can read only because the server exposes them.
fn readable_headers(outcome: &Outcome) -> Vec<String> {
    let Outcome::Readable(FilteredResponse { kind: ResponseType::Cors, headers, .. }) = outcome else {
        return Vec::new();
    };
    let mut names: Vec<String> = Vec::new();
    for line in headers
        .iter()
        .filter(|line| !is_safelisted_response_header_name(&line.name) && !is_cors_header(&line.name))
    {
        let name = quoted(&spelled(&line.name));
        if !names.contains(&name) && names.len() < MOST_HEADERS {
            names.push(name);
        }
    }
    names
}

fn exists(path: &Path) -> String {
    format!(
        "`{}` exists already: write another name after --record, or add --force to overwrite it",
        shown(path)
    )
}

fn shown(path: &Path) -> String {
    printable(path.as_os_str().as_encoded_bytes())
}
