//! Who may send a request: `Require` and its sections, and the older `Order`, `Allow`, `Deny` and `Satisfy`.

use super::expression::{Condition, parse_condition};
use super::reach::Names;
use super::request::{Found, Request};
use super::tree::{Directive, Item, Section};
use super::words::{next_word, words};
use crate::files::At;

/// What a request needs to be let in.
#[derive(Clone, Debug)]
pub(super) enum Need {
    All(bool),
    /// A name and a password.
    User,
    Method(Vec<String>),
    Environment(Vec<String>),
    Expression(Condition),
    /// An address, a host, and what else a browser of a user is taken to have.
    Met,
    Not(Box<Need>),
    AllOf(Vec<Need>),
    AnyOf(Vec<Need>),
    NoneOf(Vec<Need>),
}

/// The methods that `<Limit>` or `<LimitExcept>` around a directive names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Methods {
    pub(super) names: Vec<String>,
    pub(super) are_excepted: bool,
}

/// The access rules of a section.
#[derive(Clone, Debug, Default)]
pub(super) struct Access {
    pub(super) needs: Vec<(Option<Methods>, Need, At)>,
    /// `AuthMerging`: `And`, `Or`, or not at all.
    pub(super) merging: Option<bool>,
    old: Vec<(Option<Methods>, Old, At)>,
    satisfies_any: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Old {
    AllowLast,
    DenyLast,
    Allow,
    DenyAll,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Denied,
    NeedsUser,
    Neutral,
    Granted,
}

impl Methods {
    fn includes(&self, method: &str) -> bool {
        // `GET` means `HEAD`, too.
        let method = if method == "HEAD" { "GET" } else { method };
        self.names.iter().any(|name| name == method) != self.are_excepted
    }
}

impl Access {
    /// Adds a directive. Returns whether it is about access.
    pub(super) fn add(&mut self, directive: &Directive, methods: Option<&Methods>) -> bool {
        let (arguments, at) = (words(&directive.arguments), directive.at);
        let mut old = |old| self.old.push((methods.cloned(), old, at));
        match directive.name.as_str() {
            "require" => self.needs.push((methods.cloned(), need(&directive.arguments), at)),
            "authmerging" => {
                self.merging = match directive.arguments.to_ascii_lowercase().as_str() {
                    "and" => Some(true),
                    "or" => Some(false),
                    _ => None,
                };
            }
            "order" => {
                let is_allow_last =
                    directive.arguments.to_ascii_lowercase().replace(' ', "").ends_with(",allow");
                old(if is_allow_last { Old::AllowLast } else { Old::DenyLast });
            }
            "allow" => old(Old::Allow),
            "deny" => {
                if arguments.iter().any(|word| word.eq_ignore_ascii_case("all")) {
                    old(Old::DenyAll);
                }
            }
            "satisfy" => self.satisfies_any = directive.arguments.eq_ignore_ascii_case("any"),
            _ => return false,
        }
        true
    }

    /// Adds `<RequireAll>` and its like.
    pub(super) fn add_section(&mut self, section: &Section, methods: Option<&Methods>) {
        self.needs.push((methods.cloned(), need_of_section(section), section.at));
    }

    /// Whether nobody is let in, whatever the request is.
    pub(super) fn denies_all(&self) -> bool {
        let is_denied = |(methods, need, _): &(Option<Methods>, Need, At)| {
            methods.is_none() && matches!(need, Need::All(false))
        };
        let old = |wanted| self.old.iter().any(|(methods, old, _)| methods.is_none() && *old == wanted);
        (!self.needs.is_empty() && self.needs.iter().all(is_denied))
            || (old(Old::DenyAll) && !old(Old::Allow))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.needs.is_empty() && self.old.is_empty()
    }

    /// The variables that decide who is let in.
    pub(super) fn add_variables(&self, names: &mut Names) {
        self.needs.iter().for_each(|(_, need, _)| need.add_variables(names));
    }
}

impl Need {
    fn add_variables(&self, names: &mut Names) {
        match self {
            Self::Environment(read) => read.iter().for_each(|name| names.add(name)),
            Self::Expression(condition) => condition.add_variables(names),
            Self::Not(need) => need.add_variables(names),
            Self::AllOf(needs) | Self::AnyOf(needs) | Self::NoneOf(needs) => {
                needs.iter().for_each(|need| need.add_variables(names));
            }
            Self::All(_) | Self::User | Self::Method(_) | Self::Met => {}
        }
    }
}

fn need(arguments: &str) -> Need {
    let mut rest = arguments;
    let mut kind = next_word(&mut rest).unwrap_or_default().to_ascii_lowercase();
    let is_negated = kind == "not";
    if is_negated {
        kind = next_word(&mut rest).unwrap_or_default().to_ascii_lowercase();
    }
    let need = match kind.as_str() {
        "all" => Need::All(rest.trim().eq_ignore_ascii_case("granted")),
        "valid-user" | "user" | "group" | "file-owner" | "file-group" | "claim" | "dbm-group"
        | "dbm-file-group" => Need::User,
        kind if kind.starts_with("ldap-") || kind.starts_with("shib") => Need::User,
        "method" => Need::Method(words(rest)),
        "env" => Need::Environment(words(rest)),
        // The expression may be in quotes, and may have some itself.
        "expr" => {
            let whole = words(rest);
            let text = match whole.as_slice() {
                [one] if rest.starts_with(['"', '\'']) => one.as_str(),
                _ => rest.trim(),
            };
            parse_condition(text).map_or(Need::Met, Need::Expression)
        }
        _ => Need::Met,
    };
    if is_negated { Need::Not(Box::new(need)) } else { need }
}

fn need_of_section(section: &Section) -> Need {
    let needs = section
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Directive(directive) if directive.name == "require" => Some(need(&directive.arguments)),
            Item::Section(inner) if inner.name.starts_with("require") => Some(need_of_section(inner)),
            _ => None,
        })
        .collect();
    match section.name.as_str() {
        "requireall" => Need::AllOf(needs),
        "requirenone" => Need::NoneOf(needs),
        _ => Need::AnyOf(needs),
    }
}

/// Whether a request is refused by the rules of its sections, the outermost first: with which status, and where that is written.
pub(super) fn refused(layers: &[&Access], request: &mut Request<'_>) -> Option<(u16, At)> {
    let mut verdict: Option<(Verdict, At)> = None;
    for access in layers {
        let needs: Vec<_> = access
            .needs
            .iter()
            .filter(|(methods, ..)| methods.as_ref().is_none_or(|methods| methods.includes(&request.method)))
            .collect();
        let Some((_, _, at)) = access.needs.first() else { continue };
        let own = if needs.is_empty() {
            Verdict::Granted
        } else {
            any(needs.iter().map(|(_, need, at)| verdict_of(need, request, *at)))
        };
        verdict = Some(match (verdict, access.merging) {
            (Some((outer, outer_at)), Some(true)) if outer < own => (outer, outer_at),
            (Some((outer, outer_at)), Some(false)) if outer > own => (outer, outer_at),
            _ => (own, needs.first().map_or(*at, |(_, _, at)| *at)),
        });
    }
    let old = layers.iter().rev().find(|access| !access.old.is_empty());
    let old_refusal = old.and_then(|access| refused_by_old(access, request));
    let satisfies_any = layers.iter().any(|access| access.satisfies_any);
    // A browser sends no credentials with a preflight. Any other request is taken to have the right ones.
    let is_preflight =
        request.method == "OPTIONS" && request.header("Access-Control-Request-Method").is_some();
    let has_user = !is_preflight || request.header("Authorization").is_some();
    let refusal = verdict.and_then(|(verdict, at)| match verdict {
        Verdict::Granted => None,
        Verdict::NeedsUser => (!has_user).then_some((401, at)),
        Verdict::Neutral | Verdict::Denied => Some((403, at)),
    });
    if satisfies_any && old.is_some() {
        return old_refusal.and(refusal);
    }
    old_refusal.or(refusal)
}

fn refused_by_old(access: &Access, request: &Request<'_>) -> Option<(u16, At)> {
    let of_method: Vec<_> = access
        .old
        .iter()
        .filter(|(methods, ..)| methods.as_ref().is_none_or(|methods| methods.includes(&request.method)))
        .collect();
    let has = |old| of_method.iter().any(|(_, other, _)| *other == old);
    let is_refused = if has(Old::DenyLast) {
        !has(Old::Allow) || has(Old::DenyAll)
    } else {
        has(Old::DenyAll) && !has(Old::Allow)
    };
    of_method.last().filter(|_| is_refused).map(|(_, _, at)| (403, *at))
}

fn any(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts
        .max_by_key(|verdict| match verdict {
            Verdict::Granted => 3,
            Verdict::NeedsUser => 2,
            Verdict::Denied => 1,
            Verdict::Neutral => 0,
        })
        .unwrap_or(Verdict::Neutral)
}

fn verdict_of(need: &Need, request: &mut Request<'_>, at: At) -> Verdict {
    let of = |holds| if holds { Verdict::Granted } else { Verdict::Denied };
    match need {
        Need::All(granted) => of(*granted),
        Need::User => Verdict::NeedsUser,
        // `GET` means `HEAD`, too.
        Need::Method(names) => {
            let method = if request.method == "HEAD" { "GET" } else { &request.method };
            of(names.iter().any(|name| name == method))
        }
        Need::Environment(names) => of(names.iter().any(|name| request.environment.get(name).is_some())),
        Need::Expression(condition) => {
            let mut found = Found::default();
            let holds = request.holds(condition, &mut found);
            request.vary(&found.looked_at, at);
            of(holds)
        }
        Need::Met => Verdict::Granted,
        // A negated need can only take away. The addresses and hosts in it are taken not to be the browser's.
        Need::Not(need) => match (&**need, verdict_of(need, request, at)) {
            (Need::Met, _) | (_, Verdict::Denied | Verdict::Neutral) => Verdict::Neutral,
            (_, Verdict::Granted) => Verdict::Denied,
            (_, Verdict::NeedsUser) => Verdict::NeedsUser,
        },
        Need::AllOf(needs) => needs
            .iter()
            .map(|need| verdict_of(need, request, at))
            .filter(|verdict| *verdict != Verdict::Neutral)
            .min()
            .unwrap_or(Verdict::Neutral),
        Need::AnyOf(needs) => any(needs.iter().map(|need| verdict_of(need, request, at))),
        Need::NoneOf(needs) => {
            let is_met = needs.iter().any(|need| verdict_of(need, request, at) == Verdict::Granted);
            if is_met { Verdict::Denied } else { Verdict::Neutral }
        }
    }
}
