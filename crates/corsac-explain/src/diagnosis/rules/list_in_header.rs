//! `Access-Control-Allow-Origin` holds a list of origins.

use corsac::browser::{Reason, Refusal};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, shown};
use crate::explain::Fix;
use crate::fact::Case;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "list-in-header",
        title: "`Access-Control-Allow-Origin` holds a list",
        what: "The header names several origins in one line, with commas or spaces between them. It takes exactly one origin, or `*`, so a list \
               matches no page. A list that has the same value twice, or a `*` in it, often comes from two layers whose lines a proxy has joined.",
        fix: "Keep the list in the server's configuration. For each request compare `Origin` with it, and send back the one that asked, with \
              `Vary: Origin`.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let Reason::AllowOriginMultiple { value, lines: 1, .. } = &refusal.reason else { return None };
    let items: Vec<&str> = value.split([',', ' ']).filter(|item| !item.is_empty()).collect();
    // Words with spaces between them are no list: an unfilled template is another cause.
    if items.len() < 2 || !items.iter().all(|item| names_origin(item)) {
        return None;
    }
    let origin = evidence.request.origin().as_str();
    let mut seen = vec![format!("The response says `Access-Control-Allow-Origin: {}`.", shown(value))];
    if items.contains(&"*") || items.iter().all(|item| Some(item) == items.first()) {
        seen.push(
            "Such a list often comes from two layers that each add the header, and a proxy that joins their lines: then let one layer do it."
                .to_owned(),
        );
    }
    let has_it = if evidence.request.origin().is_opaque() {
        String::new()
    } else if items.contains(&origin) {
        format!(" {origin} is in the list, and that does not help.")
    } else {
        format!(" {origin} is not in the list either.")
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "`Access-Control-Allow-Origin` holds a list of {} values, and browsers accept exactly one.{has_it}",
            items.len()
        ),
        evidence: seen,
        fix: Fix::new(
            "Keep the list in the server's configuration, compare the `Origin` of each request with it, and send back the one that asked:",
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}

/// Returns `true` if it could be meant as an origin: `https://app.example`, `app.example`, `localhost:3000`, `*`, `null`.
fn names_origin(item: &str) -> bool {
    let is_host =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-_[]/*".contains(&byte));
    item == "*" || item == "null" || (is_host(item) && (item.contains(['.', ':'])))
}
