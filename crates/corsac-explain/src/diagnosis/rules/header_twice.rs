//! Two layers each add `Access-Control-Allow-Origin`.

use corsac::browser::{Reason, Refusal, ResponseHead};
use corsac::header::names::ACCESS_CONTROL_ALLOW_ORIGIN;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, shown};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "header-twice",
        title: "`Access-Control-Allow-Origin` is there more than once",
        what: "The response has the header in several lines. Browsers accept exactly one, even if all lines say the same. Usually two layers \
               each add theirs: the application, and a proxy or gateway in front of it.",
        fix: "Let one layer answer for CORS. Either take the header out of the application, or have the proxy remove the application's before it \
              adds its own.",
        is_cors: true,
    },
    weight: Weight::Shape,
    find,
};

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if !matches!(refusal.reason, Reason::AllowOriginMultiple { lines: 2.., .. }) {
        return None;
    }
    let (exchange, response) = evidence.refused(refusal)?;
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Proxy,
        confidence: Confidence::Certain,
        is_cors: true,
        title: format!(
            "The response to the {} has `Access-Control-Allow-Origin` {}. Browsers accept exactly one. Usually the application adds one \
             and a proxy in front of it another.",
            exchange.method,
            lines(response)
        ),
        evidence: vec![
            "The lines are in the response as it was received. Which layer adds which cannot be seen from outside: asking the application directly, without the \
             proxy, tells."
                .to_owned(),
        ],
        fix: Fix::new(fix(response), Vec::new()),
    })
}

/// How often, with what.
fn lines(response: &ResponseHead) -> String {
    /// More lines are counted, and not quoted.
    const MOST: usize = 3;
    let values: Vec<String> = response
        .headers
        .all(ACCESS_CONTROL_ALLOW_ORIGIN)
        .map(|value| format!("`{}`", shown(&String::from_utf8_lossy(value))))
        .collect();
    match values.as_slice() {
        [first, second] if first == second => format!("twice, both times with {first}"),
        [first, second] => format!("twice, with {first} and with {second}"),
        values => {
            let quoted: Vec<&str> = values.iter().take(MOST).map(String::as_str).collect();
            let more = if values.len() > MOST { ", …" } else { "" };
            format!("{} times, with {}{more}", values.len(), quoted.join(", "))
        }
    }
}

/// What removes the application's header, where the response names the proxy.
fn fix(response: &ResponseHead) -> String {
    let server = response.headers.text("server").unwrap_or_default().to_ascii_lowercase();
    let remove = if server.starts_with("nginx") {
        ": in nginx, `proxy_hide_header Access-Control-Allow-Origin;`"
    } else if server.starts_with("apache") {
        ": in Apache, `Header unset Access-Control-Allow-Origin` beside the `Header always set`"
    } else {
        ""
    };
    format!(
        "Let one layer answer for CORS. Either take the header out of the application, or have the \
         proxy remove the application's{remove}."
    )
}
