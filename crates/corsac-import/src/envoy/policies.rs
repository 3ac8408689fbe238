//! Reads policies of the CORS filter: the one of its own type, and the field `cors` that it had before.

use super::configuration::Policy;
use super::matcher::{TextMatch, TextMatcher};
use super::read::{Reader, boolean_field, field};
use crate::document::Node;
use crate::files::At;
use crate::note::{NoteKind, Noted};

const NAMES: &[&str] = &["envoy.filters.http.cors", "envoy.cors"];

/// The fields that make a policy, of which a filter has none.
const FIELDS: &[&str] =
    &["allow_origin_string_match", "allow_origin", "allow_origin_regex", "allow_methods", "allow_headers"];

fn type_of(node: &Node) -> &str {
    node.get("@type").and_then(Node::text).unwrap_or_default()
}

fn name_of(filter: &Node) -> &str {
    filter.get("name").and_then(Node::text).unwrap_or_default()
}

fn is_cors_filter(filter: &Node) -> bool {
    NAMES.contains(&name_of(filter))
        || field(filter, "typed_config").is_some_and(|config| {
            let kind = type_of(config);
            kind.ends_with(".cors.v3.Cors") || kind.ends_with(".CorsPolicy")
        })
}

/// The names of the CORS filters among the filters of a connection manager.
pub(super) fn cors_filters(filters: &Node) -> Vec<String> {
    filters
        .items()
        .iter()
        .filter(|filter| is_cors_filter(filter))
        .map(|filter| name_of(filter).to_owned())
        .collect()
}

/// What is wrong with the filters: a policy where none is read, and filters that refuse preflights before they are answered.
pub(super) fn filter_notes(filters: &Node) -> Vec<Noted> {
    let mut notes = Vec::new();
    for config in filters.items().iter().filter(|filter| is_cors_filter(filter)) {
        let Some(config) = field(config, "typed_config") else { continue };
        if type_of(config).ends_with(".CorsPolicy") || FIELDS.iter().any(|name| field(config, name).is_some())
        {
            let message =
                "This is a policy, and Envoy reads none in `http_filters`: it does not start with it.";
            notes.push(Noted::new(NoteKind::Dead, "without-effect", config.at, message).instead(
                "Write `\"@type\": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors` here, and the policy into `typed_per_filter_config` of a virtual host or a route.",
            ));
        }
    }
    let items = filters.items();
    let first = items.iter().position(is_cors_filter).unwrap_or(0);
    notes.extend(items.iter().take(first).filter_map(refuses_preflights));
    notes
}

/// Filters that let nobody pass without credentials.
const GATES: &[&str] = &[
    ".jwt_authn.v3.JwtAuthentication",
    ".ext_authz.v3.ExtAuthz",
    ".basic_auth.v3.BasicAuth",
    ".api_key_auth.v3.ApiKeyAuth",
    ".oauth2.v3.OAuth2",
];

/// A filter that asks for something that preflights never have.
fn refuses_preflights(filter: &Node) -> Option<Noted> {
    let config = field(filter, "typed_config")?;
    let gate = GATES.iter().find(|gate| type_of(config).ends_with(*gate))?;
    let is_jwt = gate.contains("jwt_authn");
    if is_jwt
        && (boolean_field(config, "bypass_cors_preflight") == Some(true) || field(config, "rules").is_none())
    {
        return None;
    }
    let message = format!(
        "`{}` comes before the CORS filter. Preflights never have credentials, so it refuses those that it is responsible for, and its refusals have no CORS headers.",
        name_of(filter)
    );
    let instead = if is_jwt {
        "Put the CORS filter before it, or set `bypass_cors_preflight: true`."
    } else {
        "Put the CORS filter before it."
    };
    Some(Noted::new(NoteKind::Dead, "preflight-refused", filter.at, message).instead(instead))
}

/// The policy in `typed_per_filter_config`: that under the name of the CORS filter, if it is known.
pub(super) fn typed_policy(reader: &mut Reader, node: &Node) -> Option<Policy> {
    let configs = field(node, "typed_per_filter_config").or_else(|| field(node, "per_filter_config"))?;
    let is_policy = |value: &Node| {
        type_of(value).ends_with(".CorsPolicy")
            || value.get("config").is_some_and(|inside| type_of(inside).ends_with(".CorsPolicy"))
    };
    let is_wanted = |name: &str, value: &Node| match reader.filters.as_slice() {
        [] => NAMES.contains(&name) || is_policy(value),
        known => known.iter().any(|known| known == name),
    };
    let mut found = None;
    let mut others = Vec::new();
    for (name, value) in configs.entries() {
        if is_wanted(&name.text, value) {
            found = found.or(Some(value));
        } else if is_policy(value) || NAMES.contains(&name.text.as_str()) {
            others.push((name.text.clone(), value.at));
        }
    }
    for (name, at) in others {
        let known: Vec<&str> =
            reader.filters.iter().map(String::as_str).filter(|known| !known.is_empty()).collect();
        let known = known.join("` or `");
        let (filter, instead) = if known.is_empty() {
            ("no name".to_owned(), format!("Give the CORS filter the name `{name}`."))
        } else {
            (format!("the name `{known}`"), format!("Write `{known}` instead of `{name}`."))
        };
        let message = format!(
            "Nothing reads this policy: it stands under `{name}`, and the CORS filter has {filter} in `http_filters`. Envoy compares these two names and nothing else."
        );
        let noted = Noted::new(NoteKind::Dead, "without-effect", at, message);
        reader.notes.push(noted.instead(instead));
    }
    let found = found?;
    if type_of(found).ends_with(".FilterConfig") {
        let mut inner = found.get("config").map(|config| policy(reader, config));
        if boolean_field(found, "disabled") == Some(true) {
            let mut off = inner.take().unwrap_or_else(|| policy(reader, found));
            off.enabled = false;
            return Some(Policy { is_typed: true, ..off });
        }
        return inner.map(|inner| Policy { is_typed: true, ..inner });
    }
    Some(Policy { is_typed: true, ..policy(reader, found) })
}

/// A policy of either form.
pub(super) fn policy(reader: &mut Reader, node: &Node) -> Policy {
    let mut origins = Vec::new();
    if let Some(matchers) = field(node, "allow_origin_string_match") {
        origins.extend(matchers.items().iter().filter_map(|matcher| reader.text_matcher(matcher)));
    }
    // Before 2019 these were lists of texts.
    if let Some(exact) = field(node, "allow_origin") {
        origins.extend(exact.texts().into_iter().map(|origin| TextMatcher {
            at: origin.at,
            text: origin.text,
            kind: TextMatch::Exact,
            ignores_case: false,
        }));
    }
    if let Some(expressions) = field(node, "allow_origin_regex") {
        for expression in expressions.texts() {
            origins.push(reader.expression(&expression.text, expression.at));
        }
    }
    let text = |name: &str| -> Option<(String, At)> {
        let value = field(node, name)?;
        Some((value.text()?.to_owned(), value.at)).filter(|(text, _)| !text.is_empty())
    };
    for matcher in &origins {
        reader.notes.extend(literal_wildcard(matcher));
    }
    let percentage = field(node, "filter_enabled").and_then(|enabled| field(enabled, "default_value"));
    let numerator = |value: &Node| value.get("numerator").and_then(Node::whole_number).unwrap_or(0);
    let is_off = percentage.is_some_and(|value| numerator(value) == 0);
    if let Some(value) = percentage.filter(|_| !is_off) {
        let all = match value.get("denominator").and_then(Node::text) {
            Some("TEN_THOUSAND") => 10_000,
            Some("MILLION") => 1_000_000,
            _ => 100,
        };
        if numerator(value) < all {
            let message = format!(
                "The filter is on for {} of {all} requests, which are chosen at random. The policy is written as if it were on for all.",
                numerator(value)
            );
            reader.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", value.at, message));
        }
    }
    Policy {
        at: node.at,
        is_typed: false,
        origins,
        methods: text("allow_methods"),
        headers: text("allow_headers"),
        exposed: text("expose_headers"),
        max_age: text("max_age"),
        credentials: boolean_field(node, "allow_credentials")
            .and_then(|value| Some((value, field(node, "allow_credentials")?.at))),
        enabled: !is_off && boolean_field(node, "enabled") != Some(false),
        forwards_others: boolean_field(node, "forward_not_matching_preflights"),
    }
}

/// A wildcard in a text that Envoy compares letter by letter.
fn literal_wildcard(matcher: &TextMatcher) -> Option<Noted> {
    let kind = match matcher.kind {
        TextMatch::Prefix => "prefix",
        TextMatch::Suffix => "suffix",
        TextMatch::Contains => "contains",
        _ => return None,
    };
    if !matcher.text.contains('*') || matcher.lets_all_in() {
        return None;
    }
    let message = format!(
        "`{kind}: \"{}\"` never matches what a browser sends: `*` is no wildcard here, and no origin has one.",
        matcher.text
    );
    let instead = "Write `safe_regex` with an expression such as `https://[a-z0-9-]+\\.example\\.com`.";
    Some(Noted::new(NoteKind::Dead, "origin-never-matches", matcher.at, message).instead(instead))
}
