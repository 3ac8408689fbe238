//! The fix: the same routes with one policy, their new results, and what no policy can fix.

use std::sync::Arc;

use corsac::browser::{Outcome, Verdict};

use super::addresses::Addresses;
use super::fixed_api::POLICY;
use super::routes::{self, Route, WithPolicy};
use super::{CheckedRoute, check_route, shell};
use crate::check;
use crate::terminal::{LINE, STRONG, styled, wrap};

/// Checks every route again, with the policy.
pub(crate) async fn check_fixed(addresses: &Addresses) -> Result<Vec<CheckedRoute>, String> {
    let mut checked = Vec::new();
    for route in routes::all() {
        checked.push(check_route(route, addresses, &addresses.fixed).await?);
    }
    Ok(checked)
}

/// Describes the fix, and the result of the first route.
pub(crate) fn describe(addresses: &Arc<Addresses>, checked: &[CheckedRoute]) -> String {
    let mut text = wrap(
        "One policy fixes most of them. The layer of corsac-tower around the same API answers preflights, and sets the CORS headers of \
         every response, including error pages:",
        "",
        "",
    );
    text.push('\n');
    for line in addresses.fill(POLICY).lines() {
        text.push_str(&format!("  {}\n", styled(LINE, line)));
    }
    if let Some(first) = checked.first() {
        text.push('\n');
        text.push_str(&shell(&first.arguments));
        text.push_str(&check::print_short(&first.question, &first.report));
    }
    text
}

/// Counts the routes that work now, and says what the others need.
pub(crate) fn summary(checked: &[CheckedRoute]) -> String {
    let works = checked
        .iter()
        .filter(|checked| matches!(checked.route.with_policy, WithPolicy::Works) && is_as_expected(checked));
    let works = works.count();
    let mut text = wrap(
        &format!("{works} of {} routes work with the policy, and nothing else was changed.", checked.len()),
        "",
        "",
    );
    let mut list = |heading: &str, words: fn(&Route) -> Option<&'static str>| {
        text.push_str(&format!("\n{}\n", styled(STRONG, heading)));
        for checked in checked {
            if let Some(words) = words(checked.route) {
                text.push_str(&wrap(words, &format!("  /{}: ", checked.route.id), "    "));
            }
        }
    };
    list("Still broken, but not by CORS: the page can now read the error", |route| match route.with_policy {
        WithPolicy::ErrorReadable(words) => Some(words),
        WithPolicy::Works | WithPolicy::StillFails(_) => None,
    });
    list("Not fixable by a policy", |route| match route.with_policy {
        WithPolicy::StillFails(words) => Some(words),
        WithPolicy::Works | WithPolicy::ErrorReadable(_) => None,
    });
    text
}

/// Returns the verdict, with the status if the page can read an error.
pub(crate) fn result(checked: &CheckedRoute) -> String {
    let outcome = checked.report.chosen().map(|report| &report.fetched.outcome);
    match outcome {
        Some(Outcome::Readable(response)) if response.status >= 400 => {
            format!("readable {}", response.status)
        }
        _ => checked.report.verdict().as_str().to_owned(),
    }
}

/// Returns `true` if the result is the one in the table of routes.
pub(crate) fn is_as_expected(checked: &CheckedRoute) -> bool {
    let verdict = checked.report.verdict();
    match checked.route.with_policy {
        WithPolicy::Works => result(checked) == "readable" && checked.report.findings.is_empty(),
        WithPolicy::ErrorReadable(_) => verdict == Verdict::Readable,
        WithPolicy::StillFails(_) => verdict != Verdict::Readable,
    }
}
