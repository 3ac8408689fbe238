//! `Access-Control-Allow-Origin` contains a list of origins.

use corsac::browser::{Reason, Refusal};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "list-in-header",
        title: "`Access-Control-Allow-Origin` contains a list",
        what: "The header contains several origins in one line, separated by commas or spaces. It must contain \
               exactly one origin, or `*`, so a list matches no page. A list with the same value twice, or with a \
               `*`, often comes from two layers whose lines a proxy joined.",
        fix: "Keep the list in the server's configuration. For each request, compare `Origin` with it, and send it \
              back if it is on the list, with `Vary: Origin`.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let Reason::AllowOriginMultiple { value, lines: 1, .. } = &refusal.reason else { return None };
    let items: Vec<&str> = value.split([',', ' ']).filter(|item| !item.is_empty()).collect();
    // Words separated by spaces are not a list: an unfilled template is another cause.
    if items.len() < 2 || !items.iter().all(|item| names_origin(item)) {
        return None;
    }
    let origin = evidence.request.origin().as_str();
    let mut seen = vec![format!("The response says `Access-Control-Allow-Origin: {}`.", printable(value))];
    if items.contains(&"*") || items.iter().all(|item| Some(item) == items.first()) {
        seen.push(
            "Such a list often comes from two layers that each add the header, and a proxy that joins their lines. \
             In that case, let only one layer add it."
                .to_owned(),
        );
    }
    let has_it = if evidence.request.origin().is_opaque() {
        String::new()
    } else if items.contains(&origin) {
        format!(" {origin} is in the list, but that does not help.")
    } else {
        format!(" {origin} is not in the list either.")
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "`Access-Control-Allow-Origin` contains a list of {} values, but browsers accept exactly one.{has_it}",
            items.len()
        ),
        evidence: seen,
        fix: Fix::new(
            "Keep the list in the server's configuration, compare the `Origin` of each request with it, and send it \
             back if it is on the list:",
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}

/// Returns `true` if it may be intended as an origin: `https://app.example`, `app.example`, `localhost:3000`, `*`, `null`.
fn names_origin(item: &str) -> bool {
    let is_host =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-_[]/*".contains(&byte));
    item == "*" || item == "null" || (is_host(item) && (item.contains(['.', ':'])))
}
