//! What the API server refuses in a [`CORS` filter](https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter), because the definition of the resource does not allow it.

use crate::document::{Node, Text};
use crate::filter::without_effect;
use crate::note::{NoteKind, Noted};

/// The methods that may be listed.
const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"];

/// A note if an entry of `allowOrigins` is none that may be listed: `*`, or a scheme, a host that may begin with `*.` or be `*`, and a port.
pub(super) fn refused_origin(text: &Text) -> Option<Noted> {
    if text.text == "*" || is_origin(&text.text) {
        return None;
    }
    let what = format!(
        "The API server refuses the resource, because `{}` is no origin that may be listed.",
        text.text
    );
    let instead = match text.text.trim_end_matches('/') {
        "null" => "Take `null` out of the list: any site can send it, from a sandboxed frame.".to_owned(),
        origin if is_origin(origin) => format!("Write `{origin}`, without a slash at the end."),
        _ => "Write `http` or `https` and a host: `https://app.example.com`. A `*` stands for the whole host, or for all that is before the first dot."
            .to_owned(),
    };
    Some(without_effect(text.at, what, &instead))
}

fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let is_port =
        |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    (host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(is_label))
        && port.is_none_or(is_port)
}

/// What is refused in the methods, in the lists with `*`, and in the age.
pub(super) fn refused_lists(cors: &Node) -> Vec<Noted> {
    let mut notes = Vec::new();
    for key in ["allowOrigins", "allowMethods", "allowHeaders"] {
        let texts = cors.get(key).map(Node::texts).unwrap_or_default();
        if let Some(star) = texts.iter().find(|text| text.text == "*" && texts.len() > 1) {
            let why =
                format!("The API server refuses the resource, because `{key}` has `*` beside other entries.");
            notes.push(without_effect(star.at, why, "Write `*` alone, or leave it out."));
        }
    }
    for method in cors.get("allowMethods").map(Node::texts).unwrap_or_default() {
        if METHODS.contains(&method.text.as_str()) {
            continue;
        }
        let upper = method.text.to_ascii_uppercase();
        let is_known = METHODS.contains(&upper.as_str());
        let why = format!(
            "The API server refuses the resource, because `{}` is no method that may be listed.",
            method.text
        );
        let instead = if is_known {
            format!("Write `{upper}`.")
        } else {
            format!("Write one of {}.", METHODS.join(", "))
        };
        notes.push(Noted::new(NoteKind::Dead, "method-never-matches", method.at, why).instead(instead));
    }
    if let Some(age) = cors.get("maxAge").filter(|age| !age.is_null())
        && age.whole_number().is_none_or(|seconds| seconds < 1)
    {
        let why = format!(
            "The API server refuses the resource, because `maxAge` is `{}`, and not a whole number of seconds from 1 on.",
            age.text().unwrap_or_default()
        );
        notes.push(
            Noted::new(NoteKind::Dead, "max-age-invalid", age.at, why)
                .instead("Write a number of seconds, such as 600."),
        );
    }
    notes
}
