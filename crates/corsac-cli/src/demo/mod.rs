//! `corsac demo`: a broken API on this machine, the report of `corsac check` for each of its routes, and the same routes with a policy.

mod addresses;
mod api;
mod asked;
mod command;
mod fix;
mod fixed_api;
mod routes;
mod servers;

use std::io::Write;
use std::sync::Arc;

use clap::Parser as _;
use url::Url;

use crate::arguments::{Arguments, Command, DemoArguments};
use crate::check::{self, Question, Report};
use crate::terminal::{FAINT, STRONG, print_to, styled, width, wrap};
use crate::ui;
use addresses::Addresses;
use routes::{CHAPTERS, Route};
use servers::Servers;

/// A route, and the result of its check.
struct CheckedRoute {
    route: &'static Route,
    /// The `corsac check` command with the same result.
    arguments: Vec<String>,
    question: Question,
    report: Report,
}

/// Runs the demo, and returns its exit status.
pub(crate) async fn run(arguments: &DemoArguments, out: &mut impl Write) -> Result<u8, String> {
    let servers = start(arguments).await?;
    let addresses = Arc::clone(&servers.addresses);
    let mut checked = Vec::new();
    for route in routes::all() {
        checked.push(check_route(route, &addresses, &addresses.api).await?);
    }
    let fixed = fix::check_fixed(&addresses).await?;
    if !arguments.serve {
        print_to(out, &report(&addresses, &checked, &fixed))?;
        return Ok(0);
    }
    let (page, _stopped) = servers.into_page();
    let options = ui::Options {
        // The page has a name, so that it is not only another origin than the API, but also another site.
        public_url: Url::parse(&addresses.page).ok(),
        allow_ask: false,
        resolve: Vec::new(),
        demo: asked::json(&addresses),
    };
    let serving = ui::serve(page, options).await?;
    let text = serve_text(&addresses, &checked, &serving.link);
    ui::until_stopped(&serving, &text, !arguments.no_open).await.map(|()| 0)
}

/// Starts the servers on the port in the arguments. Without `--serve`, any free port is used if that one is taken.
async fn start(arguments: &DemoArguments) -> Result<Servers, String> {
    let taken = match Servers::start(arguments.port).await {
        Ok(servers) => return Ok(servers),
        Err(error) => error,
    };
    if arguments.serve {
        let port = arguments.port;
        return Err(format!(
            "cannot use port {port} of 127.0.0.1: {taken}. Choose another with --port, or 0 for a free one."
        ));
    }
    Servers::start(0).await.map_err(|error| format!("cannot open a port on 127.0.0.1: {error}"))
}

/// Checks one route.
async fn check_route(
    route: &'static Route,
    addresses: &Addresses,
    api: &str,
) -> Result<CheckedRoute, String> {
    let arguments = command::arguments(route, addresses, api);
    let parsed = Arguments::try_parse_from(&arguments).map_err(|error| error.to_string())?;
    let Command::Check(check) = parsed.command else {
        return Err(format!("`{}` is not a check", command::line(&arguments)));
    };
    let question = check::several::questions(&check, None)?.next().ok_or("no route")??;
    let report = check::run(&question).await;
    Ok(CheckedRoute { route, arguments, question, report })
}

/// Returns the whole text of `corsac demo`.
fn report(addresses: &Arc<Addresses>, checked: &[CheckedRoute], fixed: &[CheckedRoute]) -> String {
    let mut text = wrap(
        &format!(
            "A small API is running on this machine. Each of its routes has a common CORS mistake. Corsac sends the requests that a page at {} \
             would make in a browser, and explains each failure.",
            addresses.page
        ),
        "",
        "",
    );
    text.push('\n');
    text.push_str(&wrap(
        "An origin is the scheme, host and port of a page. A browser lets a page read a response from another origin only if the response \
         allows it, with the header `Access-Control-Allow-Origin`.",
        "",
        "",
    ));
    let mut numbered = checked.iter().enumerate();
    for chapter in CHAPTERS {
        text.push_str(&format!("\n{}\n", styled(STRONG, &format!("=== {} ===", chapter.title))));
        text.push_str(&wrap(chapter.about, "", ""));
        for (index, checked) in numbered.by_ref().take(chapter.routes.len()) {
            text.push_str(&format!(
                "\n{}\n",
                styled(STRONG, &format!("{}. {}", index.saturating_add(1), checked.route.title))
            ));
            text.push_str(&shell(&checked.arguments));
            text.push_str(&check::print_short(&checked.question, &checked.report));
        }
    }
    text.push_str(&format!("\n{}\n\n", styled(STRONG, "=== The fix ===")));
    text.push_str(&fix::describe(addresses, fixed));
    text.push_str(&format!("\n{}\n\n", styled(STRONG, "=== All routes, before and after ===")));
    text.push_str(&table(checked, fixed));
    text.push('\n');
    text.push_str(&fix::summary(fixed));
    text.push_str(&format!("\n{}\n", styled(STRONG, "What to do next")));
    for (what, command) in [
        ("Ask about these routes on a page:", "corsac demo --serve"),
        (
            "Check your own server:",
            "corsac check https://api.example.com/items --origin https://app.example.com",
        ),
        ("Try your own policy, offline:", "corsac policy why corsac.toml --origin https://app.example.com"),
        ("Read more about a cause:", "corsac explain allow-origin-mismatch"),
    ] {
        text.push_str(&format!("  {what}\n    {command}\n"));
    }
    text
}

/// Returns a command to copy, on as many lines as it needs.
fn shell(arguments: &[String]) -> String {
    let mut text = String::new();
    let mut prompt = "$ ";
    for line in command::lines(arguments, width().saturating_sub(4)) {
        text.push_str(&format!("  {}\n", styled(FAINT, &format!("{prompt}{line}"))));
        prompt = "  ";
    }
    text
}

/// Returns a table of all routes: the verdict and cause, and the result with the policy.
fn table(checked: &[CheckedRoute], fixed: &[CheckedRoute]) -> String {
    let widest = checked.iter().map(|checked| checked.route.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (index, checked) in checked.iter().enumerate() {
        let number = index.saturating_add(1);
        let verdict = checked.report.verdict().as_str();
        let why = match (cause(checked), checked.report.findings.first()) {
            (Some(cause), _) => cause.to_owned(),
            (None, Some(finding)) => format!("but {}", finding.code),
            (None, None) => String::new(),
        };
        let after = fixed.get(index).map_or_else(String::new, |fixed| format!("→ {}", fix::result(fixed)));
        let line = format!("{number:>4}  /{:widest$}  {verdict:<8}  {why:<31}  {after}", checked.route.id);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Returns the code of the first cause.
fn cause(checked: &CheckedRoute) -> Option<&'static str> {
    Some(checked.report.diagnosis.first()?.code)
}

/// Returns the text of `corsac demo --serve`.
fn serve_text(addresses: &Addresses, checked: &[CheckedRoute], link: &str) -> String {
    let mut text = format!(
        "The broken API is running at {}. Its routes:\n\n{}\n",
        styled(STRONG, &addresses.api),
        table(checked, &[])
    );
    text.push_str(&format!(
        "Ask about them on this page:\n\n  {}\n\nThere, Play has the same routes, and Prove lets your own browser judge them.\n\n",
        styled(STRONG, link)
    ));
    if let Some(first) = checked.first() {
        text.push_str("Or check a route from another terminal:\n\n");
        text.push_str(&format!("{}\n", shell(&first.arguments)));
    }
    text.push_str(&format!("The same routes with a policy are at {}.\n", addresses.fixed));
    text.push_str("Press Ctrl-C to stop.\n");
    text
}

#[cfg(test)]
mod tests;
