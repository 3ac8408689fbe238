//! The header is there, but its name is misspelled.

use corsac::browser::{Reason, Refusal};
use corsac::header::names::ACCESS_CONTROL_ALLOW_ORIGIN;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;
use crate::fact::Case;
use crate::{header_lines, spelled};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "header-misspelled",
        title: "`Access-Control-Allow-Origin` is misspelled",
        what: "The response has a header whose name is nearly `Access-Control-Allow-Origin`, such as \
               `Access-Control-Allow-Origins`. Browsers recognize only the exact name, so for them the header is \
               missing.",
        fix: "Correct the name: `Access-Control-Allow-Origin`.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

/// The number of letters that may be wrong, missing or extra.
const WRONG_LETTERS: usize = 3;

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if refusal.reason != Reason::AllowOriginMissing {
        return None;
    }
    let (_, response) = evidence.refused(refusal)?;
    let right = ACCESS_CONTROL_ALLOW_ORIGIN.to_ascii_lowercase();
    let is_near = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.len().abs_diff(right.len()) <= WRONG_LETTERS
            && strsim::osa_distance(&name, &right) <= WRONG_LETTERS
    };
    let line = response.headers.iter().find(|line| is_near(&line.name))?;
    let name = spelled(&line.name);
    let (name, value) = (printable(&name), line.text());
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "The response has the header `{name}`, which browsers do not know. The correct name is \
             `Access-Control-Allow-Origin`."
        ),
        evidence: vec![format!("The response says `{name}: {}`.", printable(&value))],
        fix: Fix::new(
            format!("Rename `{name}` on the server. The response needs:"),
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}
