//! The fix: one policy in front of the same routes, what `corsac check` says now, and what no policy can mend.

use std::sync::Arc;

use corsac::browser::{Outcome, Verdict};

use super::behind::POLICY;
use super::places::Places;
use super::routes::{self, Behind, Route};
use super::{Asked, ask, shell};
use crate::check;
use crate::terminal::{LINE, STRONG, styled, wrap};

/// Every route again, behind the policy.
pub(crate) async fn ask_again(places: &Places) -> Result<Vec<Asked>, String> {
    let mut asked = Vec::new();
    for route in routes::all() {
        asked.push(ask(route, places, &places.fixed).await?);
    }
    Ok(asked)
}

/// What the fix is, and what came of it.
pub(crate) fn tell(places: &Arc<Places>, asked: &[Asked]) -> String {
    let mut text = wrap(
        "No route needs CORS code of its own. With this policy, the layer of corsac-tower around the same API answers preflights itself and \
         writes the CORS headers of every response, error pages too:",
        "",
        "",
    );
    text.push('\n');
    for line in places.fill(POLICY).lines() {
        text.push_str(&format!("  {}\n", styled(LINE, line)));
    }
    if let Some(first) = asked.first() {
        text.push('\n');
        text.push_str(&shell(&first.arguments));
        text.push_str(&check::print_short(&first.question, &first.report));
    }
    text
}

/// How many routes work now, and what is to be done about the others.
pub(crate) fn summary(asked: &[Asked]) -> String {
    let works = asked.iter().filter(|asked| matches!(asked.route.behind, Behind::Works) && is_as_told(asked));
    let works = works.count();
    let mut text = wrap(
        &format!("{works} of {} routes work behind the policy, with nothing else changed.", asked.len()),
        "",
        "",
    );
    let mut list = |heading: &str, words: fn(&Route) -> Option<&'static str>| {
        text.push_str(&format!("\n{}\n", styled(STRONG, heading)));
        for asked in asked {
            if let Some(words) = words(asked.route) {
                text.push_str(&wrap(words, &format!("  /{}: ", asked.route.id), "    "));
            }
        }
    };
    list("Not CORS, and still broken; but now the page can see it", |route| match route.behind {
        Behind::Tells(words) => Some(words),
        Behind::Works | Behind::Remains(_) => None,
    });
    list("Not for a policy to fix", |route| match route.behind {
        Behind::Remains(words) => Some(words),
        Behind::Works | Behind::Tells(_) => None,
    });
    text
}

/// `readable`, with the status when that is an error, or what else came of it.
pub(crate) fn end(asked: &Asked) -> String {
    let outcome = asked.report.chosen().map(|report| &report.fetched.outcome);
    match outcome {
        Some(Outcome::Readable(response)) if response.status >= 400 => {
            format!("readable {}", response.status)
        }
        _ => asked.report.verdict().as_str().to_owned(),
    }
}

/// Is what the table of routes says what came of it?
pub(crate) fn is_as_told(asked: &Asked) -> bool {
    let verdict = asked.report.verdict();
    match asked.route.behind {
        Behind::Works => end(asked) == "readable" && asked.report.findings.is_empty(),
        Behind::Tells(_) => verdict == Verdict::Readable,
        Behind::Remains(_) => verdict != Verdict::Readable,
    }
}
