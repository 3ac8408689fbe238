//! `corsac policy why`: simulates one request between a browser and a server with the policy.

use super::file;
use crate::arguments::WhyArguments;
use crate::check::{self, Question};
use crate::terminal::json;

/// Returns the exit status, and what to print.
pub(crate) fn run(arguments: &WhyArguments) -> Result<(u8, String), String> {
    let policies = file::read_right(&arguments.file)?;
    let path = url::Url::parse(&arguments.url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned());
    let (_, policy) = file::choose(&policies, "--policy", arguments.policy.as_deref(), &path)?;
    let question = Question::of_policy(&arguments.url, &arguments.origin, &arguments.request, policy)?;
    let report = crate::runtime()?.block_on(check::run(&question));
    let page = if arguments.json {
        json(&check::print_json(&question, &report))
    } else {
        check::print_text(&question, &report)
    };
    Ok((crate::status_of(&report, &arguments.request, None), page))
}
