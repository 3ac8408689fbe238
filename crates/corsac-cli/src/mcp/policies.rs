//! The tools that work on policies, as the subcommands of `corsac policy` do. Nothing is sent.

use corsac::browser::{BodyInit, BodyKind, Client, Credentials, RequestInit};
use corsac::header::HeaderList;
use corsac::server::PathPrefix;
use corsac_config::Format;
use corsac_stacks::Target;
use serde_json::Value;
use url::Url;

use super::Limits;
use crate::arguments::{CompileArguments, parse_origin};
use crate::check::{self, Question, impossible, parse_url};
use crate::given::Given;
use crate::policy::{compile as compiler, diff as differ, file, lint as linter};
use crate::terminal::printable;

pub(super) fn lint(limits: &Limits, mut given: Given) -> Result<Value, String> {
    let format = format(&mut given)?;
    let (name, read) = limits.root.policies(&mut given, "policy", "file", format)?;
    given.end()?;
    let problems = match &read {
        Ok(file) => file.lints(),
        Err(problems) => problems,
    };
    Ok(linter::first_as_json(problems.clone().named(&name)))
}

pub(super) fn why(limits: &Limits, mut given: Given) -> Result<Value, String> {
    let format = format(&mut given)?;
    let policies = limits.root.right_policies(&mut given, "policy", "file", format)?;
    let name = given.text("name")?;
    let url = given.text("url")?.unwrap_or_else(|| "https://your-server.example/".to_owned());
    let path = Url::parse(&url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned());
    let request = request(&mut given, &url)?.build().map_err(|error| impossible(&error))?;
    given.end()?;
    let (_, policy) = file::choose(&policies, "`name`", name.as_deref(), &path)?;
    let question = Question::of_request(request, policy);
    let report = crate::runtime()?.block_on(check::run(&question));
    Ok(check::print_json(&question, &report))
}

pub(super) fn diff(limits: &Limits, mut given: Given) -> Result<Value, String> {
    let format = format(&mut given)?;
    let old = limits.root.right_policies(&mut given, "old", "old_file", format)?;
    let new = limits.root.right_policies(&mut given, "new", "new_file", format)?;
    let name = given.text("name")?;
    given.end()?;
    differ::compared_as_json(&old, &new, name.as_deref())
}

pub(super) fn compile(limits: &Limits, mut given: Given) -> Result<Value, String> {
    let target = given.one_of("target", Target::ALL, Target::as_str)?.ok_or("`target` is missing")?;
    let format = format(&mut given)?;
    let policies = limits.root.right_policies(&mut given, "policy", "file", format)?;
    let path = given.text("path")?.map(|path| path.parse::<PathPrefix>()).transpose();
    let arguments = CompileArguments {
        name: given.text("name")?,
        path: path.map_err(|error| format!("`path`: {error}"))?,
        upstream: given.text("upstream")?,
        full: given.flag("full")?,
        ..compiler::arguments(target)
    };
    given.end()?;
    Ok(compiler::as_json(target, compiler::compiled(&policies, "a policy", target, &arguments)?))
}

fn format(given: &mut Given) -> Result<Option<Format>, String> {
    given.one_of("format", &Format::ALL, Format::as_str)
}

/// Takes the request of a page: `origin`, `method`, `headers`, `body` and `credentials`.
pub(super) fn request(given: &mut Given, url: &str) -> Result<RequestInit, String> {
    let origin = parse_origin(&given.needed("origin")?)?;
    let mut init = RequestInit::new(parse_url(url)?, Client::new(origin));
    let body = given.text("body")?;
    if body.as_ref().is_some_and(|body| body.starts_with('@')) {
        return Err("`body` is the body itself: `@FILE` is not read".to_owned());
    }
    let method = given.text("method")?;
    init.method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
    init.body = body.map(|body| BodyInit::new(BodyKind::Text, body.into_bytes()));
    let mut headers = HeaderList::new();
    for (name, value) in given.strings("headers")? {
        let bytes: Option<Vec<u8>> = value.chars().map(|character| u8::try_from(character).ok()).collect();
        let bytes = bytes.ok_or_else(|| {
            format!("the value of `{}` has a character that a header cannot contain", printable(&name))
        })?;
        headers.append(name, bytes);
    }
    init.headers = headers;
    init.credentials =
        given.one_of("credentials", Credentials::ALL, Credentials::as_str)?.unwrap_or(init.credentials);
    Ok(init)
}
