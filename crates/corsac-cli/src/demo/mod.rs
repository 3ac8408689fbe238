//! `corsac demo`: a broken API on this machine, what `corsac check` says about each of its routes, and the same routes behind a policy.

mod api;
mod behind;
mod command;
mod fix;
mod page;
mod places;
mod routes;
mod servers;

use std::io::Write;
use std::sync::Arc;

use clap::Parser as _;

use crate::arguments::{Arguments, Command, DemoArguments};
use crate::check::{self, Question, Report};
use crate::terminal::{FAINT, STRONG, print_to, styled, width, wrap};
use places::Places;
use routes::{CHAPTERS, Route};
use servers::Servers;

/// A route, asked.
struct Asked {
    route: &'static Route,
    /// The command that asks the same.
    arguments: Vec<String>,
    question: Question,
    report: Report,
}

/// Runs the demonstration: its exit status, or a sentence about what kept it from running.
pub(crate) async fn run(arguments: &DemoArguments, out: &mut impl Write) -> Result<u8, String> {
    let servers = start(arguments).await?;
    let places = Arc::clone(&servers.places);
    let mut asked = Vec::new();
    for route in routes::all() {
        asked.push(ask(route, &places, &places.api).await?);
    }
    let fixed = fix::ask_again(&places).await?;
    let text = if arguments.serve { serving(&places, &asked) } else { story(&places, &asked, &fixed) };
    print_to(out, &text)?;
    if arguments.serve {
        servers.serve_page(page::html(&places, &asked), page::json(&places, &asked)).await;
    }
    Ok(0)
}

/// The port that was asked for; without `--serve` another one will do, if that is taken.
async fn start(arguments: &DemoArguments) -> Result<Servers, String> {
    let taken = match Servers::start(arguments.port).await {
        Ok(servers) => return Ok(servers),
        Err(error) => error,
    };
    if arguments.serve {
        let port = arguments.port;
        return Err(format!(
            "cannot use port {port} of 127.0.0.1: {taken}. Name another with --port, or 0 for a free one."
        ));
    }
    Servers::start(0).await.map_err(|error| format!("cannot open a port on 127.0.0.1: {error}"))
}

async fn ask(route: &'static Route, places: &Places, api: &str) -> Result<Asked, String> {
    let arguments = command::arguments(route, places, api);
    let parsed = Arguments::try_parse_from(&arguments).map_err(|error| error.to_string())?;
    let Command::Check(check) = parsed.command else {
        return Err(format!("`{}` checks nothing", command::line(&arguments)));
    };
    let question = check::several::questions(&check)?.next().ok_or("no route")??;
    let report = check::ask(&question).await;
    Ok(Asked { route, arguments, question, report })
}

/// Everything, from the first route to what to do next.
fn story(places: &Arc<Places>, asked: &[Asked], fixed: &[Asked]) -> String {
    let mut text = wrap(
        &format!(
            "A small API is running on this machine. Each of its routes is broken in a way that people run into, and a page at {} asks for it. \
             Corsac asks as the page's browser would, and says what is wrong.",
            places.page
        ),
        "",
        "",
    );
    let mut numbered = asked.iter().enumerate();
    for chapter in CHAPTERS {
        text.push_str(&format!("\n{}\n", styled(STRONG, &format!("=== {} ===", chapter.title))));
        for (index, asked) in numbered.by_ref().take(chapter.routes.len()) {
            text.push_str(&format!(
                "\n{}\n",
                styled(STRONG, &format!("{}. {}", index.saturating_add(1), asked.route.title))
            ));
            text.push_str(&shell(&asked.arguments));
            text.push_str(&check::print_short(&asked.question, &asked.report));
        }
    }
    text.push_str(&format!("\n{}\n\n", styled(STRONG, "=== The fix ===")));
    text.push_str(&fix::tell(places, fixed));
    text.push_str(&format!("\n{}\n\n", styled(STRONG, "=== All of them, before and after ===")));
    text.push_str(&table(asked, fixed));
    text.push('\n');
    text.push_str(&fix::summary(fixed));
    text.push_str(&format!("\n{}\n", styled(STRONG, "What to do next")));
    for (what, command) in [
        ("Keep this API up, and see what your own browser says:", "corsac demo --serve"),
        (
            "Ask your own server:",
            "corsac check https://api.example.com/items --origin https://app.example.com",
        ),
        (
            "Try a policy of your own, offline:",
            "corsac policy why corsac.toml --origin https://app.example.com",
        ),
        ("Read more about a reason:", "corsac explain allow-origin-mismatch"),
    ] {
        text.push_str(&format!("  {what}\n    {command}\n"));
    }
    text
}

/// A command to copy, on as many lines as it takes.
fn shell(arguments: &[String]) -> String {
    let mut text = String::new();
    let mut prompt = "$ ";
    for line in command::lines(arguments, width().saturating_sub(4)) {
        text.push_str(&format!("  {}\n", styled(FAINT, &format!("{prompt}{line}"))));
        prompt = "  ";
    }
    text
}

/// Route, verdict and reason of each, and what came of it behind the policy.
fn table(asked: &[Asked], fixed: &[Asked]) -> String {
    let widest = asked.iter().map(|asked| asked.route.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (index, asked) in asked.iter().enumerate() {
        let number = index.saturating_add(1);
        let verdict = asked.report.verdict().as_str();
        let why = match (cause(asked), asked.report.findings.first()) {
            (Some(cause), _) => cause.to_owned(),
            (None, Some(finding)) => format!("but {}", finding.code),
            (None, None) => String::new(),
        };
        let after = fixed.get(index).map_or_else(String::new, |fixed| format!("→ {}", fix::end(fixed)));
        let line = format!("{number:>4}  /{:widest$}  {verdict:<8}  {why:<31}  {after}", asked.route.id);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The code of the first cause.
fn cause(asked: &Asked) -> Option<&'static str> {
    Some(asked.report.diagnosis.first()?.code)
}

/// The code of the browser's reason.
fn reason(asked: &Asked) -> Option<&'static str> {
    Some(asked.report.chosen()?.fetched.outcome.refusal()?.reason.code().as_str())
}

/// What to try while the API is up.
fn serving(places: &Places, asked: &[Asked]) -> String {
    let mut text = format!(
        "The broken API is up at {}. Its routes:\n\n{}\n",
        styled(STRONG, &places.api),
        table(asked, &[])
    );
    text.push_str(&format!(
        "Open this page in your browser. It asks for each route, and shows what Corsac\nsays beside what the browser says:\n\n  {}\n\n",
        styled(STRONG, &places.page)
    ));
    if let Some(first) = asked.first() {
        text.push_str("Or ask from another terminal:\n\n");
        text.push_str(&format!("{}\n", shell(&first.arguments)));
    }
    text.push_str(&format!("The same routes behind a policy are at {}.\n", places.fixed));
    text.push_str("Ctrl-C ends it.\n");
    text
}

#[cfg(test)]
mod tests;
