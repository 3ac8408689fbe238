//! [`SecurityPolicy`](https://gateway.envoyproxy.io/docs/api/extension_types/#securitypolicy) resources of Envoy Gateway: which routes they are for.

use std::rc::Rc;

use super::refused::refused_origin;
use super::{ENVOY_GATEWAY, Reader, Ruled};
use crate::document::{Node, Text};
use crate::files::At;
use crate::filter::{Allowed, Filter, Route, Star, not_read, slug};
use crate::istio::{everybody, of_envoy};
use crate::kubernetes::{name, namespace, seconds};
use crate::note::{NoteKind, Noted};

/// A policy and what it is for.
struct SecurityPolicy<'n> {
    at: At,
    name: &'n str,
    /// What it says about CORS.
    filter: Option<Rc<Filter>>,
    /// Whether it is merged with the policy of the Gateway, or replaces it.
    merges: bool,
    targets: Vec<Target>,
}

/// What a policy names or selects.
struct Target {
    namespace: String,
    is_gateway: bool,
    name: String,
    /// A listener of the Gateway, or a rule of the route.
    section: Option<String>,
}

/// How near a policy is to a rule. The nearest counts, whatever the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Rule,
    Route,
    Listener,
    Gateway,
}

impl Reader {
    /// The policies, for the rules that they name. A filter of a rule's own counts before them.
    pub(super) fn security_policies(&mut self, policies: &[&Node], gateways: &[Node], part: &mut usize) {
        let routes: Vec<&Node> = self.routes.iter().map(|ruled| &ruled.resource).map(Rc::as_ref).collect();
        let selectable: Vec<&Node> = routes.into_iter().chain(gateways).collect();
        let mut notes = Vec::new();
        let policies: Vec<SecurityPolicy<'_>> = policies
            .iter()
            .map(|policy| SecurityPolicy {
                at: policy.path(&["spec", "cors"]).map_or(policy.at, |cors| cors.at),
                name: name(policy),
                filter: filter(policy, &mut notes).map(Rc::new),
                merges: policy.path(&["spec", "mergeType"]).is_some(),
                targets: targets(policy, &selectable, &mut notes),
            })
            .collect();
        for ruled in &mut self.routes {
            let mut found: Vec<(Nearness, &SecurityPolicy<'_>)> =
                policies.iter().filter_map(|policy| Some((policy.nearness(ruled)?, policy))).collect();
            found.sort_by_key(|(nearness, _)| *nearness);
            if ruled.route.filters.is_empty()
                && let Some(filter) = counts(&found, &ruled.route, &mut notes)
            {
                ruled.route.filters = vec![filter];
                ruled.route.behaviour = ENVOY_GATEWAY;
            }
        }
        // What a policy is for may stand in another file.
        for policy in &policies {
            let is_used = self.routes.iter().any(|ruled| policy.nearness(ruled).is_some());
            let Some(filter) = policy.filter.clone().filter(|_| !is_used) else { continue };
            let at = filter.at;
            let mut route = Route::new(&slug(&[policy.name]), ENVOY_GATEWAY, vec![filter], at);
            route.part = *part;
            *part = part.saturating_add(1);
            let resource = Rc::new(Node { at, value: crate::document::Value::Null });
            self.routes.push(Ruled { rank: (0, 0, 0, false, 0), route, resource, rule: None });
        }
        self.notes.extend(notes);
    }
}

/// The filter of the nearest policy. One without CORS takes it away, unless it is merged with the next one.
fn counts(
    found: &[(Nearness, &SecurityPolicy<'_>)],
    route: &Route,
    notes: &mut Vec<Noted>,
) -> Option<Rc<Filter>> {
    for (position, (nearness, policy)) in found.iter().enumerate() {
        let farther = found.get(position.saturating_add(1)..).unwrap_or_default();
        let farther = || farther.iter().filter(|(other, _)| other > nearness);
        if policy.filter.is_some() || !policy.merges {
            let replaced = farther().find(|(_, other)| other.filter.is_some());
            if let (None, Some((_, other))) = (&policy.filter, replaced) {
                let why = format!(
                    "`{}` has no `cors`, and replaces `{}`, which has it, for the route `{}`: Envoy Gateway takes the nearest policy alone. Responses there have no CORS headers.",
                    policy.name, other.name, route.name
                );
                notes.push(
                    Noted::new(NoteKind::Dead, "headers-lost", policy.at, why)
                        .instead("Repeat `cors` in this policy, or merge the two with `mergeType`."),
                );
            }
            if policy.merges && replaced.is_some() {
                let why =
                    "`mergeType` merges this with the policy of the Gateway. Only what stands here is read.";
                notes.push(not_read(policy.at, why));
            }
            return policy.filter.clone();
        }
    }
    None
}

impl SecurityPolicy<'_> {
    fn nearness(&self, ruled: &Ruled) -> Option<Nearness> {
        self.targets.iter().filter_map(|target| target.nearness(ruled)).min()
    }
}

impl Target {
    fn nearness(&self, ruled: &Ruled) -> Option<Nearness> {
        let resource = &ruled.resource;
        if resource.is_null() {
            return None;
        }
        if self.is_gateway {
            let parents = resource.path(&["spec", "parentRefs"]).map(Node::items).unwrap_or_default();
            // A route without parents is a part of one.
            let is_below =
                parents.is_empty() || parents.iter().any(|parent| self.is_parent(parent, resource));
            let near = if self.section.is_some() { Nearness::Listener } else { Nearness::Gateway };
            return is_below.then_some(near);
        }
        let is_named = self.name == name(resource) && self.namespace == namespace(resource);
        match &self.section {
            None => is_named.then_some(Nearness::Route),
            Some(section) => (is_named && ruled.rule.as_ref() == Some(section)).then_some(Nearness::Rule),
        }
    }

    /// Is it what a route names in `parentRefs`? Who names no listener has all of them.
    fn is_parent(&self, parent: &Node, route: &Node) -> bool {
        let section = parent.text_of("sectionName");
        parent.text_of("kind").is_none_or(|kind| kind == "Gateway")
            && parent.text_of("name") == Some(&self.name)
            && parent.text_of("namespace").unwrap_or(namespace(route)) == self.namespace
            && (section.is_none() || self.section.is_none() || section == self.section.as_deref())
    }
}

fn targets(policy: &Node, selectable: &[&Node], notes: &mut Vec<Noted>) -> Vec<Target> {
    let Some(spec) = policy.get("spec") else { return Vec::new() };
    let own = namespace(policy);
    let named = spec.get("targetRefs").or_else(|| spec.get("targetRef")).map(Node::items).unwrap_or_default();
    let mut targets: Vec<Target> = named
        .iter()
        .filter_map(|target| {
            Some(Target {
                namespace: own.to_owned(),
                is_gateway: target.text_of("kind") == Some("Gateway"),
                name: target.text_of("name")?.to_owned(),
                section: target.text_of("sectionName").map(str::to_owned),
            })
        })
        .collect();
    for selector in spec.get("targetSelectors").map(Node::items).unwrap_or_default() {
        let kind = selector.text_of("kind").unwrap_or("HTTPRoute");
        let is_selected = |resource: &&&Node| {
            resource.text_of("kind") == Some(kind)
                && namespace(resource) == own
                && selects(selector, resource)
        };
        let selected: Vec<Target> = selectable
            .iter()
            .filter(is_selected)
            .map(|resource| Target {
                namespace: own.to_owned(),
                is_gateway: kind == "Gateway",
                name: name(resource).to_owned(),
                section: None,
            })
            .collect();
        if selected.is_empty() {
            let why = format!(
                "No resource of the kind {kind} in this file has these labels, so it is not known here what `{}` is for.",
                name(policy)
            );
            notes.push(not_read(selector.at, why));
        }
        targets.extend(selected);
    }
    targets
}

/// Do the labels of a resource fulfil [`matchLabels` and `matchExpressions`](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements)?
fn selects(selector: &Node, resource: &Node) -> bool {
    let label = |key: &str| resource.path(&["metadata", "labels"]).and_then(|labels| labels.text_of(key));
    let labels = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    labels.iter().all(|(key, value)| label(&key.text) == value.text())
        && expressions.iter().all(|expression| {
            let found = expression.text_of("key").and_then(label);
            let values = expression.get("values").map(Node::texts).unwrap_or_default();
            let is_in = || found.is_some_and(|found| values.iter().any(|value| value.text == found));
            match expression.text_of("operator") {
                Some("In") => is_in(),
                Some("NotIn") => !is_in(),
                Some("Exists") => found.is_some(),
                Some("DoesNotExist") => found.is_none(),
                _ => false,
            }
        })
}

/// `spec.cors`.
fn filter(policy: &Node, notes: &mut Vec<Noted>) -> Option<Filter> {
    let (key, cors) = policy.get("spec")?.entry("cors").filter(|(_, cors)| !cors.is_null())?;
    let mut filter = Filter::new(key.at);
    for text in cors.get("allowOrigins").map(Node::texts).unwrap_or_default() {
        if let Some(refused) = refused_origin(&text) {
            notes.push(refused);
            continue;
        }
        filter.origins.push(match text.text.contains('*') {
            true => everybody(Allowed::glob(&text, Star::Anything)),
            false => Allowed::exact(&text),
        });
    }
    of_envoy(cors, &mut filter);
    if let Some(age) = cors.get("maxAge") {
        filter.max_age =
            age.text().and_then(seconds).map(|seconds| Text { text: seconds.to_string(), at: age.at });
    }
    Some(filter)
}
