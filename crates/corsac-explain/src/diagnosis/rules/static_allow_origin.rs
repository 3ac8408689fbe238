//! The server sends one fixed value of `Access-Control-Allow-Origin` to every origin.

use corsac::browser::{ReasonCode, Refusal};

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::difference::{Difference, differences};
use crate::evidence::{Evidence, printable, refused_allow_origin};
use crate::explain::{Fix, proven_causes};
use crate::fact::Case;
use crate::findings::allow_origin;
use crate::header_lines;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "static-allow-origin",
        title: "The server always sends the same origin",
        what: "`Access-Control-Allow-Origin` has the same value for the page and for another origin. The server does \
               not compare the origin: the value is fixed in its configuration, and it is not the origin of this \
               page.",
        fix: "If only one page needs access, write its origin there. For several, compare the `Origin` of each \
              request with a list, and send it back if it is on the list, with `Vary: Origin`.",
        is_cors: true,
    },
    weight: Weight::Contrast,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    // A list in one line, or several lines, is another cause.
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
    // A value that is not an origin at all, or `null`, is another cause.
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
    let change = if known == [Difference::TrailingSlash] {
        "Remove the slash at the end of the fixed value."
    } else {
        "If no other page needs access, change the fixed value to the origin below."
    };
    let difference = proven_causes(refusal, evidence.request).into_iter().next();
    let difference = difference.map_or_else(String::new, |difference| format!(" {difference}"));
    let value = printable(value);
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "The server always sends `Access-Control-Allow-Origin: {value}`, to every origin. The page's origin is \
             {origin}, and the two must be the same.{difference}"
        ),
        evidence: vec![format!("A request from {other} got `{value}` as well.")],
        fix: Fix::new(
            format!(
                "{change} If several pages need access, compare the `Origin` of each request with a list of allowed \
                 origins, and send it back if it is on the list:"
            ),
            header_lines::failed(Case { refusal, request: evidence.request }),
        ),
    })
}
