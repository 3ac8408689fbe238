//! Reads policies of the CORS filter: the one of its own type, and the field `cors` that it had before.

use super::configuration::Policy;
use super::matcher::{TextMatch, TextMatcher};
use super::read::{Reader, boolean_field, field};
use crate::document::Node;
use crate::files::At;

const NAMES: &[&str] = &["envoy.filters.http.cors", "envoy.cors"];

/// Whether the CORS filter is among the filters of a connection manager.
pub(super) fn has_cors_filter(filters: &Node) -> bool {
    filters.items().iter().any(|filter| {
        let is_type = |config: &Node| {
            config.get("@type").and_then(Node::text).is_some_and(|name| name.ends_with(".cors.v3.Cors"))
        };
        filter.get("name").and_then(Node::text).is_some_and(|name| NAMES.contains(&name))
            || field(filter, "typed_config").is_some_and(is_type)
    })
}

/// The policy in `typed_per_filter_config`.
pub(super) fn typed_policy(reader: &mut Reader, node: &Node) -> Option<Policy> {
    let configs = field(node, "typed_per_filter_config").or_else(|| field(node, "per_filter_config"))?;
    let kind = |node: &Node| node.get("@type").and_then(Node::text).unwrap_or_default().to_owned();
    let (_, found) = configs.entries().iter().find(|(name, value)| {
        let inside = value.get("config").map(kind).unwrap_or_default();
        NAMES.contains(&name.text.as_str())
            || kind(value).ends_with(".CorsPolicy")
            || inside.ends_with(".CorsPolicy")
    })?;
    if kind(found).ends_with(".FilterConfig") {
        let mut inner = found.get("config").map(|config| policy(reader, config));
        if boolean_field(found, "disabled") == Some(true) {
            let mut off = inner.take().unwrap_or_else(|| policy(reader, found));
            off.enabled = false;
            return Some(off);
        }
        return inner;
    }
    Some(policy(reader, found))
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
    let percentage = field(node, "filter_enabled").and_then(|enabled| field(enabled, "default_value"));
    let is_off =
        percentage.is_some_and(|value| value.get("numerator").and_then(Node::whole_number).unwrap_or(0) == 0);
    Policy {
        at: node.at,
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
