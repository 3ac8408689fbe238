//! `corsac policy compile`: policies as another server's configuration.

use std::path::Path;

use corsac::server::{Placed, Placement};
use corsac_config::PolicyFile;
use corsac_stacks::{
    CompileOptions, Compiled, Feature, Refused, Support, Target, TargetKind, Upstream, compile, limits,
    support,
};
use serde_json::{Value, json};

use super::file;
use crate::arguments::{CompileArguments, FileArguments};
use crate::terminal::{STRONG, printable, styled, wrap};
use crate::{AS_EXPECTED, BLOCKED};

/// Returns the exit status and what to print to standard output. A refusal and notes go to standard error.
pub(crate) fn run(arguments: &CompileArguments) -> Result<(u8, String), String> {
    if arguments.list {
        return Ok((AS_EXPECTED, list(arguments.target)));
    }
    let (Some(target), Some(path)) = (arguments.target, &arguments.file) else {
        return Err(
            "compile needs a target and a policy file: `corsac policy compile nginx corsac.toml`".to_owned()
        );
    };
    let file = file::read_right(&FileArguments { file: path.clone(), format: arguments.format })?;
    let name = printable(path.as_os_str().as_encoded_bytes());
    let compiled = match compiled(&file, &name, target, arguments)? {
        Ok(compiled) => compiled,
        Err(refused) => {
            anstream::eprint!("{}", wrap(&format!("refused for {}: {refused}", target.title()), "", "  "));
            return Ok((BLOCKED, String::new()));
        }
    };
    match &arguments.check {
        Some(written) => check(written, &compiled.text),
        None => {
            for note in &compiled.notes {
                anstream::eprint!("{}", wrap(note, "note: ", "  "));
            }
            Ok((AS_EXPECTED, compiled.text))
        }
    }
}

/// Compiles the policies of a file, which has this name in what is written. The inner error is a refusal.
pub(crate) fn compiled(
    file: &PolicyFile,
    name: &str,
    target: Target,
    arguments: &CompileArguments,
) -> Result<Result<Compiled, Refused>, String> {
    let placement = placement(file, arguments)?;
    if !target.is_server() && (arguments.full || arguments.upstream.is_some()) {
        let what = match target.kind() {
            TargetKind::Service => "a setting of the service",
            _ => "middleware for your application",
        };
        return Err(format!(
            "what is written for {} is {what}, so `--full` and `--upstream` do not apply",
            target.title()
        ));
    }
    if target.is_server() && !target.has_whole_file() && (arguments.full || arguments.upstream.is_some()) {
        return Err(format!(
            "{} takes a script beside its configuration, and that is what is written: its first lines say what the configuration needs, so `--full` and `--upstream` do not apply",
            target.title()
        ));
    }
    let upstream = arguments.upstream.as_deref().map(Upstream::parse).transpose()?;
    let options = CompileOptions::default().with(|options| {
        options.upstream = upstream;
        options.whole_file = arguments.full;
        options.listen = arguments.listen;
        options.file = name.to_owned();
    });
    Ok(compile(target, &placement, &options))
}

/// Returns what was compiled, or why not, for another program.
pub(crate) fn as_json(target: Target, compiled: Result<Compiled, Refused>) -> Value {
    let (text, notes, refused) = match compiled {
        Ok(compiled) => (json!(compiled.text), json!(compiled.notes), Value::Null),
        Err(refused) => {
            (Value::Null, json!([]), json!({ "reason": refused.reason, "instead": refused.instead }))
        }
    };
    json!({
        "schema": "corsac.mcp.compile/1",
        "target": target.as_str(),
        "file": target.file(),
        "run": target.is_run(),
        "text": text,
        "notes": notes,
        "refused": refused,
    })
}

/// Returns the arguments of a caller that has no command line.
pub(crate) fn arguments(target: Target) -> CompileArguments {
    CompileArguments {
        target: Some(target),
        file: None,
        format: None,
        name: None,
        path: None,
        upstream: None,
        full: false,
        listen: ([127, 0, 0, 1], 8080).into(),
        check: None,
        list: false,
    }
}

/// Returns the policies to write, each with its path: all that the file places, or the one that the arguments choose.
fn placement(file: &PolicyFile, arguments: &CompileArguments) -> Result<Placement, String> {
    let CompileArguments { name, path, .. } = arguments;
    let whole = file.placement();
    if name.is_none() && path.is_none() && (whole.has_parts() || whole.main().is_some()) {
        return Ok(whole.into());
    }
    let asked = path.as_ref().map_or("/", |path| path.as_str());
    let (name, policy) = file::choose(file, "--name", name.as_deref(), asked)?;
    let at = path
        .clone()
        .or_else(|| file.policies().find(|policy| policy.name == name).and_then(|policy| policy.at.clone()));
    let placed = Placed::new(name, policy);
    Ok(match at {
        Some(at) => Placement::only_at(at, placed),
        None => Placement::new(placed),
    })
}

/// A line of what is compiled in whose place the file has what answers requests.
const PLACEHOLDER: &str = "Here goes what answers";

/// Says whether a file is still what the policies compile to. Where a placeholder was, the file may have any lines.
fn check(written: &Path, text: &str) -> Result<(u8, String), String> {
    let name = printable(written.as_os_str().as_encoded_bytes());
    let found = std::fs::read(written).map_err(|error| file::unreadable(written, &error))?;
    let found = String::from_utf8_lossy(&found);
    let found: Vec<&str> = found.lines().collect();
    let expected: Vec<&str> = text.lines().collect();
    let Some(line) = first_difference(&found, &expected) else {
        return Ok((AS_EXPECTED, format!("`{name}` is what the policy compiles to.\n")));
    };
    let words = format!(
        "`{name}` is not what the policy compiles to: line {line} differs. Compile the policy again, or undo the change. If it was compiled with `--name`, `--path`, `--full` \
         or `--upstream`, give the same options."
    );
    Ok((BLOCKED, wrap(&words, "", "")))
}

/// Returns the number of the first line that is different.
fn first_difference(found: &[&str], expected: &[&str]) -> Option<usize> {
    let mut at = 0;
    let mut may_skip = false;
    for block in expected.split(|line| line.contains(PLACEHOLDER)) {
        let rest = found.get(at..).unwrap_or_default();
        let skipped = if may_skip {
            (0..=rest.len()).find(|skipped| rest.get(*skipped..).is_some_and(|rest| rest.starts_with(block)))
        } else {
            Some(0)
        };
        let rest = skipped.and_then(|skipped| rest.get(skipped..)).unwrap_or_default();
        let same = rest.iter().zip(block).take_while(|(found, expected)| found == expected).count();
        at += skipped.unwrap_or_default() + same;
        if same < block.len() {
            return Some(at + 1);
        }
        may_skip = true;
    }
    (at < found.len()).then_some(at + 1)
}

/// Lists what the targets can do: all of it exactly, with the exceptions of each.
fn list(target: Option<Target>) -> String {
    let features: Vec<&str> = Feature::ALL.iter().copied().map(Feature::as_str).collect();
    let mut page = wrap(&format!("What a policy can use: {}.", features.join("; ")), "", "");
    page.push_str(&format!(
        "\n{}",
        wrap(
            "A target does all of it exactly, but for what is listed below it. What is written was run and verified, unless the target is marked as not run (docs/stacks.md).",
            "",
            ""
        )
    ));
    for target in Target::ALL.iter().copied().filter(|one| target.is_none_or(|target| target == *one)) {
        let not_run = if target.is_run() { "" } else { " (not run)" };
        page.push_str(&format!("\n{}  {}{not_run}\n", styled(STRONG, target.as_str()), target.title()));
        for feature in Feature::ALL.iter().copied() {
            let (word, why) = match support(target, feature) {
                Support::WithNote(note) => ("note", note),
                Support::Refused { reason, .. } => ("refused", reason),
                _ => continue,
            };
            page.push_str(&wrap(
                &format!("{}: {why}", feature.as_str()),
                &format!("  {word:8} "),
                "           ",
            ));
        }
        for limit in limits(target) {
            page.push_str(&wrap(limit, "  limit    ", "           "));
        }
    }
    page
}
