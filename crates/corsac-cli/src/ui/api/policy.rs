//! `api/policy/...`: what the subcommands of `corsac policy` answer. No file is read, and nothing is sent.

use corsac::browser::{Client, Credentials, RequestInit};
use corsac_config::{FileProblems, Format, PolicyFile};
use corsac_stacks::Target;
use serde_json::{Value, json};
use url::Url;

use super::CallError;
use crate::arguments::{CompileArguments, parse_header, parse_origin};
use crate::check::{self, Question, impossible, parse_url};
use crate::given::Given;
use crate::policy::{compile as compiler, diff as differ, draw_plainly, file, lint as linter};

/// Reports problems.
pub(super) fn lint(mut given: Given) -> Result<Value, CallError> {
    let read = read(&mut given, "text")?;
    given.end()?;
    let problems = match &read {
        Ok(file) => file.lints(),
        Err(problems) => problems,
    };
    Ok(linter::first_as_json(problems.clone().named("policy")))
}

/// Says whether a page may read.
pub(super) async fn may(mut given: Given) -> Result<Value, CallError> {
    let policies = right(&mut given, "text")?;
    let url = given.text("url").map_err(CallError::field("url"))?.filter(|url| !url.trim().is_empty());
    let url = parse_url(url.as_deref().unwrap_or("https://your-server.example/"));
    let url: Url = url.map_err(CallError::field("url"))?;
    let path = url.path().to_owned();
    let origin = given.needed("origin").and_then(|origin| parse_origin(&origin));
    let mut init = RequestInit::new(url, Client::new(origin.map_err(CallError::field("origin"))?));
    let method = given.text("method").map_err(CallError::field("method"))?;
    init.method = method.filter(|method| !method.is_empty()).unwrap_or_else(|| "GET".to_owned());
    let lines = given.text("headers").map_err(CallError::field("headers"))?.unwrap_or_default();
    let lines: Result<Vec<_>, String> =
        lines.lines().filter(|line| !line.trim().is_empty()).map(parse_header).collect();
    init.headers = lines.map_err(CallError::field("headers"))?.into_iter().collect();
    let credentials = given.one_of("credentials", Credentials::ALL, Credentials::as_str);
    init.credentials = credentials.map_err(CallError::field("credentials"))?.unwrap_or_default();
    given.end()?;
    let request = init.build().map_err(|error| impossible(&error).replace('\n', " "))?;
    let (_, policy) = file::choose(&policies, "its `at`", None, &path)?;
    let question = Question::of_request(request, policy);
    let report = check::run(&question).await;
    let mut answer = check::answer_json(&question, &report);
    let mut take = |name: &str| answer.get_mut(name).map(Value::take).unwrap_or_default();
    Ok(json!({
        "verdict": take("verdict"),
        "code": take("code"),
        "stage": take("stage"),
        "headline": take("headline"),
        "sentences": take("sentences"),
        "advice": check::policy_advice(&report),
        "report": check::print_json(&question, &report),
    }))
}

/// Compares with an earlier version.
pub(super) fn diff(mut given: Given) -> Result<Value, CallError> {
    let (old, new) = (right(&mut given, "old")?, right(&mut given, "new")?);
    given.end()?;
    Ok(differ::compared_as_json(&old, &new, None)?)
}

/// Writes the configuration of another server.
pub(super) fn compile(mut given: Given) -> Result<Value, CallError> {
    let target = given.one_of("target", Target::ALL, Target::as_str);
    let target = target.and_then(|target| target.ok_or_else(|| "`target` is missing".to_owned()));
    let target = target.map_err(CallError::field("target"))?;
    let policies = right(&mut given, "text")?;
    let arguments = CompileArguments {
        upstream: given.text("upstream").map_err(CallError::field("upstream"))?,
        full: given.flag("full")?,
        ..compiler::arguments(target)
    };
    given.end()?;
    Ok(compiler::as_json(target, compiler::compiled(&policies, "a policy", target, &arguments)?))
}

/// Returns `targets.json`: what policies are compiled for.
pub(in super::super) fn targets() -> Value {
    Target::ALL.iter().map(|target| json!({ "target": target.as_str(), "title": target.title() })).collect()
}

/// Reads a policy. Variables of the environment are not for the page.
fn read(given: &mut Given, field: &'static str) -> Result<Result<PolicyFile, FileProblems>, CallError> {
    let text = given.needed(field).map_err(CallError::field(field))?;
    let format = match given.one_of("format", &Format::ALL, Format::as_str)? {
        Some(format) => format,
        None => Format::guess(&text),
    };
    Ok(PolicyFile::parse_with_environment(&text, format, &|_: &str| None))
}

/// Reads a policy that must not have errors.
fn right(given: &mut Given, field: &'static str) -> Result<PolicyFile, CallError> {
    let problems = |problems: FileProblems| draw_plainly(&problems.named("policy"));
    read(given, field)?.map_err(problems).map_err(CallError::field(field))
}
