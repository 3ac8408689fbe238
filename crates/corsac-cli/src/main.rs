//! The `corsac` command: reads the arguments, runs a subcommand, and prints the result.

mod arguments;
mod bad_arguments;
mod check;
mod ci_reports;
mod connections;
mod curl;
mod demo;
mod explain;
mod given;
mod man;
mod mcp;
mod policy;
mod stacks;
mod suggestion;
mod suite;
mod terminal;
mod ui;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use arguments::{Arguments, CheckArguments, Command, Expected, RequestArguments};
use clap::CommandFactory as _;
use corsac::browser::Verdict;

/// The exit statuses that scripts rely on.
const AS_EXPECTED: u8 = 0;
const BLOCKED: u8 = 1;
const BAD_ARGUMENTS: u8 = 2;
const FAILED: u8 = 3;

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => return bad_arguments::print(error),
    };
    match run(&arguments.command) {
        Ok(status) => ExitCode::from(status),
        Err(message) => failed(&message),
    }
}

/// Prints the error, and returns its exit status.
fn failed(message: &str) -> ExitCode {
    // If standard error is closed, the error cannot be printed anywhere.
    let _ = writeln!(anstream::stderr(), "{} {message}", terminal::styled(terminal::BAD.bold(), "error:"));
    ExitCode::from(BAD_ARGUMENTS)
}

/// Runs the command. Returns its exit status, or the message of an error.
fn run(command: &Command) -> Result<u8, String> {
    match command {
        Command::Check(arguments) => run_check(arguments),
        Command::Policy(arguments) => {
            let (status, page) = policy::run(arguments)?;
            terminal::print(&page)?;
            Ok(status)
        }
        Command::Verify(arguments) => verify::run(arguments),
        Command::Stacks => print(&stacks::list()),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Demo(arguments) => runtime()?.block_on(demo::run(arguments, &mut anstream::stdout())),
        Command::Ui(arguments) => ui::run(arguments),
        Command::Mcp(arguments) => mcp::run(arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "corsac", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
        Command::Man { command } => print(&man::page(command)?),
    }
}

fn run_check(arguments: &CheckArguments) -> Result<u8, String> {
    if let Some(path) = &arguments.suite.suite {
        return suite::run(path, arguments);
    }
    if let Some(path) = &arguments.suite.from_openapi {
        return print(&suite::skeleton(path, arguments)?);
    }
    let asked = check::from::read(arguments)?;
    let (arguments, body) =
        asked.as_ref().map_or((arguments, None), |asked| (&asked.arguments, asked.body.clone()));
    let mut record = suite::Record::new(arguments)?;
    let (runtime, questions) = (runtime()?, check::several::questions(arguments, body)?);
    // Errors of the request come first: nobody is asked about one that cannot be sent.
    asked.as_ref().map_or(Ok(()), check::from::consent)?;
    let is_one = questions.len() == 1;
    let (mut statuses, mut has_cause) = (Vec::new(), false);
    for question in questions {
        let question = question?;
        let report = runtime.block_on(check::run(&question));
        let page = match (arguments.json, arguments.markdown) {
            (true, _) if is_one => terminal::json(&check::print_json(&question, &report)),
            (true, _) => terminal::escaped_json(&format!("{}\n", check::print_json(&question, &report))),
            (_, true) if statuses.is_empty() => check::print_markdown(&question, &report),
            (_, true) => format!("\n{}", check::print_markdown(&question, &report)),
            _ if is_one => check::print_text(&question, &report),
            _ => check::several::print_line(&question, &report, arguments),
        };
        terminal::print(&page)?;
        if let Some(record) = &mut record {
            record.add(&question, &report);
        }
        let name = (!is_one).then(|| check::several::name(&question, &report));
        statuses.push(status_of(&report, &arguments.request, name.as_deref()));
        has_cause |= !report.diagnosis.is_empty();
    }
    if let Some(record) = record {
        record.write()?;
    }
    if has_cause && !is_one && !arguments.json && !arguments.markdown {
        terminal::print(&check::several::print_hint())?;
    }
    Ok(worst(&statuses))
}

/// Returns the exit status of several checks.
fn worst(statuses: &[u8]) -> u8 {
    let found = [BAD_ARGUMENTS, FAILED, BLOCKED].into_iter().find(|status| statuses.contains(status));
    found.unwrap_or(AS_EXPECTED)
}

/// Returns the exit status of a report: 0 if all `--expect` options are met, and otherwise that of the verdict. Each option that is not met is
/// reported on standard error, after `name` if there is one.
fn status_of(report: &check::Report, arguments: &RequestArguments, name: Option<&str>) -> u8 {
    let verdict = report.verdict();
    let RequestArguments { expect, expect_cause, expect_status, .. } = arguments;
    let cause = report.diagnosis.first().map(|cause| cause.code);
    let status = report.last_status();
    let number = |status: &Option<u16>| status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    let unexpected = [
        expect
            .map(Expected::as_str)
            .filter(|expected| *expected != report.verdict_name())
            .map(|expected| ("verdict", expected.to_owned(), report.verdict_name().to_owned())),
        expect_cause
            .filter(|expected| Some(*expected) != cause)
            .map(|expected| ("cause", expected.to_owned(), cause.unwrap_or("none").to_owned())),
        expect_status
            .filter(|_| *expect_status != status)
            .map(|_| ("status", number(expect_status), number(&status))),
    ];
    let is_expected = unexpected.iter().all(Option::is_none);
    for (what, expected, found) in unexpected.into_iter().flatten() {
        // If standard error is closed, the message cannot be printed anywhere.
        let name = name.map_or_else(String::new, |name| format!("{name}: "));
        let _ = writeln!(anstream::stderr(), "{name}expected {what}: {expected}, actual {what}: {found}");
    }
    let expects_something = expect.is_some() || expect_cause.is_some() || expect_status.is_some();
    match verdict {
        _ if expects_something && is_expected => AS_EXPECTED,
        Verdict::Failed => FAILED,
        Verdict::Readable | Verdict::Opaque if is_expected => AS_EXPECTED,
        Verdict::Readable | Verdict::Opaque | Verdict::Blocked => BLOCKED,
    }
}

/// Builds a runtime. One thread is enough, because requests are sent one after another.
fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|error| format!("cannot start: {error}"))
}

/// Prints text that has no verdict, and returns the exit status 0.
fn print(text: &str) -> Result<u8, String> {
    terminal::print(text).map(|()| AS_EXPECTED)
}
