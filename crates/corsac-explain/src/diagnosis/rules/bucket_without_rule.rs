//! A storage bucket has no CORS rule for the request.

use corsac::browser::{Engine, Refusal, Stage};
use corsac::header::unsafe_request_header_names;

use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::Evidence;
use crate::explain::Fix;
use crate::values::YOUR_ORIGIN;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "bucket-without-rule",
        title: "The bucket has no CORS rule for the request",
        what: "Amazon S3 and similar stores answer the preflight with status 403 and a message: the bucket has no \
               CORS configuration, or no rule in it allows the origin, the method and all headers together. The \
               request itself is not sent, so the bucket's policy and the URL's signature do not matter yet.",
        fix: "Add a rule to the bucket's CORS configuration with the page's origin, the method, and the headers that \
              the request sets. Saving replaces the whole list, so keep the rules that are there.",
        is_cors: true,
    },
    weight: Weight::Marker,
    find,
};

/// Looked for in the body of the error, in this order.
const NOT_ENABLED: &str = "CORS is not enabled for this bucket";
const NOT_ALLOWED: [&str; 2] =
    ["CORSResponse: ", "CORS not enabled or no matching rule found for this request"];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (_, response) = evidence.refused(refusal)?;
    let body = evidence.refused_body(refusal).filter(|_| response.status >= 400)?;
    let (is_enabled, line) = match body.line_with(&[NOT_ENABLED]) {
        Some(line) => (false, line),
        None => (true, body.line_with(&NOT_ALLOWED)?),
    };
    let method = evidence.request.method().to_ascii_uppercase();
    let origin = match evidence.request.origin() {
        // Never `null`: every sandboxed frame has that origin.
        opaque if opaque.is_opaque() => YOUR_ORIGIN,
        origin => origin.as_str(),
    };
    let headers = unsafe_request_header_names(evidence.request.headers(), &Engine::Spec.profile().safelist);
    let with = if headers.is_empty() { String::new() } else { format!(" with {}", headers.join(", ")) };
    let asked = if refusal.stage == Stage::Preflight { "preflight" } else { method.as_str() };
    let title = if is_enabled {
        format!(
            "No CORS rule of the bucket allows this {method} from {origin}{with}. The store answers the {asked} with \
             status {}.",
            response.status
        )
    } else {
        format!(
            "The bucket has no CORS configuration. The store answers the {asked} with status {}.",
            response.status
        )
    };
    let mut seen = vec![format!("The body says {line}.")];
    if refusal.stage == Stage::Preflight {
        seen.push(format!(
            "The {method} itself was not sent, so neither the bucket's policy nor a signature is the cause."
        ));
    }
    let keep =
        if is_enabled { " Saving replaces the whole list, so keep the rules that are there." } else { "" };
    let fix = if line.contains(NOT_ALLOWED[1]) {
        let headers = if headers.is_empty() {
            String::new()
        } else {
            format!(", allowed headers {}", headers.join(", "))
        };
        Fix::new(
            format!(
                "Add a rule to the CORS settings of the storage account (Resource sharing (CORS), for the service in \
                 the URL): allowed origin {origin}, allowed method {method}{headers}."
            ),
            Vec::new(),
        )
    } else {
        Fix::new(
            format!("Add this rule to the bucket's CORS configuration.{keep}"),
            rule(origin, &method, &headers),
        )
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Policy,
        confidence: Confidence::Certain,
        is_cors: true,
        title,
        evidence: seen,
        fix,
    })
}

/// Returns a rule in the format of Amazon S3. All values are origins and tokens, which need no escapes in JSON.
fn rule(origin: &str, method: &str, headers: &[String]) -> Vec<String> {
    let headers: Vec<String> = headers.iter().map(|name| format!("\"{name}\"")).collect();
    vec![
        format!("[{{\"AllowedOrigins\": [\"{origin}\"],"),
        format!("  \"AllowedMethods\": [\"{method}\"],"),
        format!("  \"AllowedHeaders\": [{}],", headers.join(", ")),
        "  \"MaxAgeSeconds\": 600}]".to_owned(),
    ]
}
