//! [`SecurityPolicy`](https://gateway.envoyproxy.io/docs/api/extension_types/#securitypolicy) resources of Envoy Gateway: which routes they are for.

use std::collections::HashMap;
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
    /// By their namespaces and names.
    targets: HashMap<(&'n str, &'n str), Vec<Target<'n>>>,
    /// How near it is to a route that names no Gateway.
    to_orphans: Option<Nearness>,
}

/// What a policy names or selects.
struct Target<'n> {
    namespace: &'n str,
    is_gateway: bool,
    name: &'n str,
    /// A listener of the Gateway, or a rule of the route.
    section: Option<&'n str>,
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
        let mut resources: Vec<Rc<Node>> =
            self.routes.iter().map(|ruled| Rc::clone(&ruled.resource)).collect();
        resources.dedup_by(|one, other| Rc::ptr_eq(one, other));
        let selectable: Vec<&Node> = resources.iter().map(Rc::as_ref).chain(gateways).collect();
        let mut notes = Vec::new();
        let policies: Vec<SecurityPolicy<'_>> =
            policies.iter().map(|policy| SecurityPolicy::new(policy, &selectable, &mut notes)).collect();
        let mut is_used = vec![false; policies.len()];
        // The matches of one rule stand together, and each policy is as near to one as to the other.
        let is_one_rule =
            |one: &Ruled, other: &Ruled| Rc::ptr_eq(&one.resource, &other.resource) && one.rule == other.rule;
        for matches in self.routes.chunk_by_mut(is_one_rule) {
            let Some(first) = matches.first() else { continue };
            let mut found: Vec<(Nearness, &SecurityPolicy<'_>)> = Vec::new();
            for (policy, is_used) in policies.iter().zip(&mut is_used) {
                if let Some(nearness) = policy.nearness(first) {
                    *is_used = true;
                    found.push((nearness, policy));
                }
            }
            found.sort_by_key(|(nearness, _)| *nearness);
            for ruled in matches.iter_mut().filter(|ruled| ruled.route.filters.is_empty()) {
                if let Some(filter) = counts(&found, &ruled.route, &mut notes) {
                    ruled.route.filters = vec![filter];
                    ruled.route.behaviour = ENVOY_GATEWAY;
                }
            }
        }
        // What a policy is for may stand in another file.
        for (policy, is_used) in policies.iter().zip(is_used) {
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

impl<'n> SecurityPolicy<'n> {
    fn new(policy: &'n Node, selectable: &[&'n Node], notes: &mut Vec<Noted>) -> Self {
        let filter = filter(policy, notes).map(Rc::new);
        let mut targets: HashMap<_, Vec<Target<'_>>> = HashMap::new();
        for target in self::targets(policy, selectable, notes) {
            targets.entry((target.namespace, target.name)).or_default().push(target);
        }
        let gateways = targets.values().flatten().filter(|target| target.is_gateway);
        Self {
            at: policy.path(&["spec", "cors"]).map_or(policy.at, |cors| cors.at),
            name: name(policy),
            filter,
            merges: policy.path(&["spec", "mergeType"]).is_some(),
            to_orphans: gateways.map(Target::to_gateway).min(),
            targets,
        }
    }

    fn nearness(&self, ruled: &Ruled) -> Option<Nearness> {
        let resource = &*ruled.resource;
        if resource.is_null() {
            return None;
        }
        let named = |namespace, name| self.targets.get(&(namespace, name)).into_iter().flatten();
        let own = named(namespace(resource), name(resource)).filter_map(|target| target.to_rule(ruled));
        let parents = resource.path(&["spec", "parentRefs"]).map(Node::items).unwrap_or_default();
        // A route without parents is a part of one.
        let orphan = self.to_orphans.filter(|_| parents.is_empty());
        let gateways = parents.iter().flat_map(|parent| {
            let name = parent.text_of("name").unwrap_or_default();
            let namespace = parent.text_of("namespace").unwrap_or(namespace(resource));
            named(namespace, name).filter(|target| target.is_parent(parent)).map(Target::to_gateway)
        });
        own.chain(orphan).chain(gateways).min()
    }
}

impl Target<'_> {
    /// How near it is to a route of its name.
    fn to_rule(&self, ruled: &Ruled) -> Option<Nearness> {
        match self.section {
            _ if self.is_gateway => None,
            None => Some(Nearness::Route),
            Some(section) => (ruled.rule.as_deref() == Some(section)).then_some(Nearness::Rule),
        }
    }

    /// How near it is to the routes of its Gateway.
    fn to_gateway(&self) -> Nearness {
        if self.section.is_some() { Nearness::Listener } else { Nearness::Gateway }
    }

    /// Is it what an entry of `parentRefs` of its namespace means? Who names no listener has all of them.
    fn is_parent(&self, parent: &Node) -> bool {
        let section = parent.text_of("sectionName");
        self.is_gateway
            && parent.text_of("kind").is_none_or(|kind| kind == "Gateway")
            && parent.text_of("name") == Some(self.name)
            && (section.is_none() || self.section.is_none() || section == self.section)
    }
}

fn targets<'n>(policy: &'n Node, selectable: &[&'n Node], notes: &mut Vec<Noted>) -> Vec<Target<'n>> {
    let Some(spec) = policy.get("spec") else { return Vec::new() };
    let own = namespace(policy);
    let named = spec.get("targetRefs").or_else(|| spec.get("targetRef")).map(Node::items).unwrap_or_default();
    let mut targets: Vec<Target<'_>> = named
        .iter()
        .filter_map(|target| {
            Some(Target {
                namespace: own,
                is_gateway: target.text_of("kind") == Some("Gateway"),
                name: target.text_of("name")?,
                section: target.text_of("sectionName"),
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
        let selected: Vec<Target<'_>> = selectable
            .iter()
            .filter(is_selected)
            .map(|resource| Target {
                namespace: own,
                is_gateway: kind == "Gateway",
                name: name(resource),
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

/// Returns `true` if the labels of a resource fulfil [`matchLabels` and `matchExpressions`](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements).
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
