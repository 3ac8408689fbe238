//! The server sends one fixed value of `Access-Control-Allow-Origin`, whoever asks.

use corsac::browser::{ReasonCode, Refusal};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::difference::{Difference, differences};
use crate::evidence::{Evidence, refused_allow_origin, shown};
use crate::explain::{Fix, proven_causes};
use crate::fact::Case;
use crate::findings::allow_origin;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "static-allow-origin",
        title: "The server names one fixed origin, whoever asks",
        what: "`Access-Control-Allow-Origin` has the same value for the page and for another origin. The server does not compare anything: the \
               value is written into its configuration, and it is not the origin of this page.",
        fix: "If one page only needs access, write its origin there. For several, compare the `Origin` of each request with a list, and send back the \
              one that asked, with `Vary: Origin`.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    // A list in one line, or several lines, has a cause of its own.
    let value =
        refused_allow_origin(refusal).filter(|_| refusal.reason.code() != ReasonCode::AllowOriginMultiple)?;
    let (exchange, _) = evidence.refused(refusal)?;
    let (other, compared) = evidence.other_origin()?;
    let is_same = allow_origin(compared.response).as_deref() == Some(value) && compared.kind == exchange.kind;
    if !is_same || value == other {
        return None;
    }
    let origin = evidence.request.origin();
    let known = differences(value, origin.as_str());
    // A value that is no origin at all, or `null`, has a cause of its own.
    let is_open = known.is_empty()
        || known.iter().any(|difference| {
            matches!(
                difference,
                Difference::Empty
                    | Difference::Pattern
                    | Difference::Quoted
                    | Difference::OtherText
                    | Difference::AllowsNull
            )
        });
    if is_open {
        return None;
    }
    let difference = proven_causes(refusal, evidence.request).into_iter().next();
    let difference = difference.map_or_else(String::new, |difference| format!(" {difference}"));
    let value = shown(value);
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "The server always sends `Access-Control-Allow-Origin: {value}`, whoever asks. The page is {origin}, and the two have to be the same.{difference}"
        ),
        evidence: vec![format!("A request from {other} got `{value}` as well.")],
        fix: Fix::new(
            "If no other page needs access, change the fixed value to the origin below. If several do, compare the `Origin` of each request with a \
             list of those you allow, and send back the one that asked:",
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}
