//! Two layers each add `Access-Control-Allow-Origin`.

use corsac::browser::{Reason, Refusal, ResponseHead};
use corsac::header::names::ACCESS_CONTROL_ALLOW_ORIGIN;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Evidence, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "header-twice",
        title: "`Access-Control-Allow-Origin` is sent more than once",
        what: "The response has the header in several lines. Browsers accept exactly one, even if all lines are the \
               same. Usually two layers each add one: the application, and a proxy or gateway in front of it.",
        fix: "Send the header from one layer only. Either remove it from the application, or make the proxy remove \
              the application's before it adds its own.",
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
            "The response to the {} has `Access-Control-Allow-Origin` {}. Browsers accept exactly one. Usually the \
             application adds one, and a proxy in front of it another.",
            exchange.method,
            lines(response)
        ),
        evidence: vec![
            "The lines are in the response as Corsac received it. Which layer adds which line cannot be seen from \
             outside. To find out, send the request to the application directly, without the proxy."
                .to_owned(),
        ],
        fix: Fix::new(fix(response), Vec::new()),
    })
}

/// Returns how often the header is there, and with which values.
fn lines(response: &ResponseHead) -> String {
    /// Further lines are counted, but not quoted.
    const MOST: usize = 3;
    let values: Vec<String> = response
        .headers
        .all(ACCESS_CONTROL_ALLOW_ORIGIN)
        .map(|value| format!("`{}`", printable(&String::from_utf8_lossy(value))))
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

/// Returns how to remove the application's header, with the proxy's own setting if the response identifies the proxy.
fn fix(response: &ResponseHead) -> String {
    let server = response.headers.text("server").unwrap_or_default().to_ascii_lowercase();
    let remove = if server.starts_with("nginx") {
        ": in nginx, `proxy_hide_header Access-Control-Allow-Origin;`"
    } else if server.starts_with("apache") {
        ": in Apache, `Header unset Access-Control-Allow-Origin` in addition to the `Header always set`"
    } else {
        ""
    };
    format!(
        "Send the header from one layer only. Either remove it from the application, or make the proxy remove the \
         application's{remove}."
    )
}
