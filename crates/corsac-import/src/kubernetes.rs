//! What the readers of Kubernetes resources share.

use corsac::header::is_cors_header;

use crate::document::{Node, Text, yaml_or_json};
use crate::error::ImportError;
use crate::files::Files;
use crate::filter::{Allowed, Behaviour, Filter, Names, PLAIN};

/// Envoy's [CORS filter](https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/cors_filter): it sends the origin back, never adds `Vary`, answers
/// preflights of origins that match, and passes the others on unless it is told otherwise.
pub(crate) const ENVOY: Behaviour = Behaviour { answers: Some(200), ..PLAIN };

/// Headers that a route adds to each response, which is how CORS was written before there was a filter for it.
pub(crate) const ADDED_HEADERS: Behaviour = Behaviour {
    answers: None,
    lists_everywhere: true,
    exposes_to_preflights: true,
    any_options: true,
    ..PLAIN
};

/// The resources of a file, those in lists among them, that are of one of these kinds.
pub(crate) fn resources(files: &Files<'_>, kinds: &[&str]) -> Result<Vec<Node>, ImportError> {
    let mut resources = Vec::new();
    for document in yaml_or_json(files, 0)? {
        let is_list = document.text_of("kind").is_some_and(|kind| kind.ends_with("List"));
        let items = document.get("items").filter(|_| is_list);
        match items {
            Some(items) => resources.extend(items.items().iter().cloned()),
            // A file may be a bare list.
            None => resources.extend(document.items().iter().cloned()),
        }
    }
    resources.retain(|resource| resource.text_of("kind").is_some_and(|kind| kinds.contains(&kind)));
    if resources.is_empty() {
        let why = format!("There is no resource of the kind {} here.", kinds.join(" or "));
        return Err(ImportError::new(files.name(0), 1, why));
    }
    Ok(resources)
}

/// The name of a resource.
pub(crate) fn name(resource: &Node) -> &str {
    resource.path(&["metadata", "name"]).and_then(Node::text).unwrap_or("route")
}

/// The namespace of a resource.
pub(crate) fn namespace(resource: &Node) -> &str {
    resource.path(&["metadata", "namespace"]).and_then(Node::text).unwrap_or("default")
}

/// Of headers that are added to each response, those that [`of_added_headers`] does not read.
pub(crate) fn beside_cors(headers: Vec<(String, Text)>) -> Vec<(String, String)> {
    let is_other = |name: &String| !is_cors_header(name);
    headers.into_iter().filter(|(name, _)| is_other(name)).map(|(name, value)| (name, value.text)).collect()
}

/// A filter of headers that are added to each response, if one of them allows an origin.
pub(crate) fn of_added_headers(headers: &[(String, Text)]) -> Option<Filter> {
    let find =
        |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, text)| text);
    let origin = find("Access-Control-Allow-Origin")?;
    let mut filter = Filter::new(origin.at);
    // Envoy puts the request's header in place of this.
    let is_echo =
        ["%REQ(ORIGIN)%", "%REQUEST_HEADER(ORIGIN)%"].contains(&origin.text.to_ascii_uppercase().as_str());
    filter.origins.push(match is_echo {
        true => Allowed::any(origin.at),
        false => Allowed::everybody(&origin.text, origin.at),
    });
    filter.credentials =
        find("Access-Control-Allow-Credentials").filter(|value| value.text == "true").map(|value| value.at);
    let listed = |name: &str| match find(name) {
        Some(text) => Names::listed(std::slice::from_ref(text), ","),
        None => Names::Unset,
    };
    filter.methods = listed("Access-Control-Allow-Methods");
    filter.headers = listed("Access-Control-Allow-Headers");
    filter.exposed = find("Access-Control-Expose-Headers").cloned();
    filter.max_age = find("Access-Control-Max-Age").cloned();
    Some(filter)
}

/// A duration of Kubernetes or of protocol buffers in seconds: `24h`, `1h30m`, `86400s`.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let (mut total, mut number) = (0.0_f64, String::new());
    let mut letters = text.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_ascii_digit() || letter == '.' {
            number.push(letter);
            continue;
        }
        let unit = match letter {
            'h' => 3_600.0,
            'm' if letters.next_if_eq(&'s').is_some() => 0.001,
            'm' => 60.0,
            's' => 1.0,
            _ => return None,
        };
        total += std::mem::take(&mut number).parse::<f64>().ok()? * unit;
    }
    // A number without a unit is none.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number; `as` saturates"
    )]
    number.is_empty().then_some(total as u64)
}
