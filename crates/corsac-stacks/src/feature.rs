//! What policies can say, and which of it each target can do, as data. `scripts/stacks` holds it against the real servers.

use corsac::server::{Enforce, OriginEntry, Placement, Policy, PolicyChoice};

use crate::Target;
use crate::header_lists::RequestHeaders;

/// Something that a policy can say.
///
/// ```
/// assert_eq!(corsac_stacks::Feature::Subdomains.as_str(), "subdomains (`https://*.example.com`)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Feature {
    /// `origins = ["*"]`
    AnyOrigin,
    /// `origins = []`
    NoOrigin,
    /// `https://app.example.com`
    ListedOrigins,
    /// `https://*.example.com`
    Subdomains,
    /// `https://app-*.example.com`
    PartOfLabel,
    /// `http://localhost:*`
    AnyPort,
    /// `moz-extension://*`, `app://.`
    AppSchemes,
    /// `null-origin`
    NullOrigin,
    /// More than a hundred entries.
    ManyOrigins,
    /// http origins that are not local, with `credentials`.
    InsecureOrigins,
    /// `credentials`
    Credentials,
    /// Neither `methods` nor `request-headers`.
    SimpleOnly,
    /// `methods`
    Methods,
    /// `methods = ["*"]`
    AnyMethod,
    /// `methods = ["*"]` with `credentials`
    AnyMethodWithCredentials,
    /// `request-headers`
    RequestHeaders,
    /// `request-headers = ["x-acme-*"]`
    RequestHeaderPrefixes,
    /// `request-headers = ["*", "Authorization"]` without `credentials`: `*` can be sent.
    AnyRequestHeader,
    /// `request-headers = ["*"]` with `credentials`, or without `Authorization`: the requested names have to be repeated. Browsers take `*` for
    /// `Authorization` as well, although the standard says otherwise.
    AnyRequestHeaderRepeated,
    /// `expose-headers`
    ExposeHeaders,
    /// `max-age`
    MaxAge,
    /// `max-age = 0`
    NoMaxAge,
    /// `timing` with listed origins
    Timing,
    /// `timing` with every origin
    TimingForAll,
    /// `resource-policy`
    ResourcePolicy,
    /// `enforce`
    Enforce,
    /// `at`
    At,
    /// `cors = "pass"`
    Pass,
    /// CORS headers on errors, the server's own ones included.
    Errors,
    /// An upstream's or an application's own CORS headers are replaced.
    ReplacesHeaders,
    /// Preflights are answered, before authentication.
    Preflights,
    /// `Vary: Origin` is on every response that could be different for another origin.
    Vary,
    /// An origin that is not allowed gets no CORS header at all.
    OtherOrigins,
}

impl Feature {
    /// Every feature, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::AnyOrigin,
        Self::NoOrigin,
        Self::ListedOrigins,
        Self::Subdomains,
        Self::PartOfLabel,
        Self::AnyPort,
        Self::AppSchemes,
        Self::NullOrigin,
        Self::ManyOrigins,
        Self::InsecureOrigins,
        Self::Credentials,
        Self::SimpleOnly,
        Self::Methods,
        Self::AnyMethod,
        Self::AnyMethodWithCredentials,
        Self::RequestHeaders,
        Self::RequestHeaderPrefixes,
        Self::AnyRequestHeader,
        Self::AnyRequestHeaderRepeated,
        Self::ExposeHeaders,
        Self::MaxAge,
        Self::NoMaxAge,
        Self::Timing,
        Self::TimingForAll,
        Self::ResourcePolicy,
        Self::Enforce,
        Self::At,
        Self::Pass,
        Self::Errors,
        Self::ReplacesHeaders,
        Self::Preflights,
        Self::Vary,
        Self::OtherOrigins,
    ];

    /// Returns what it is, in a few words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AnyOrigin => "every origin (`*`)",
            Self::NoOrigin => "no origin",
            Self::ListedOrigins => "listed origins",
            Self::Subdomains => "subdomains (`https://*.example.com`)",
            Self::PartOfLabel => "a part of a label (`https://app-*.example.com`)",
            Self::AnyPort => "every port (`http://localhost:*`)",
            Self::AppSchemes => "schemes of apps (`moz-extension://*`)",
            Self::NullOrigin => "`null-origin`",
            Self::ManyOrigins => "more than 100 origins",
            Self::InsecureOrigins => "http origins with `credentials`",
            Self::Credentials => "`credentials`",
            Self::SimpleOnly => "neither `methods` nor `request-headers`",
            Self::Methods => "`methods`",
            Self::AnyMethod => "every method",
            Self::AnyMethodWithCredentials => "every method, with `credentials`",
            Self::RequestHeaders => "`request-headers`",
            Self::RequestHeaderPrefixes => "prefixes in `request-headers`",
            Self::AnyRequestHeader => "every request header, `Authorization` included",
            Self::AnyRequestHeaderRepeated => {
                "every request header, with `credentials` or without `Authorization`"
            }
            Self::ExposeHeaders => "`expose-headers`",
            Self::MaxAge => "`max-age`",
            Self::NoMaxAge => "`max-age = 0`",
            Self::Timing => "`timing`",
            Self::TimingForAll => "`timing` for every origin",
            Self::ResourcePolicy => "`resource-policy`",
            Self::Enforce => "`enforce`",
            Self::At => "`at`",
            Self::Pass => "`cors = \"pass\"`",
            Self::Errors => "CORS headers on errors",
            Self::ReplacesHeaders => "replaces CORS headers of the application",
            Self::Preflights => "answers preflights before authentication",
            Self::Vary => "`Vary: Origin`",
            Self::OtherOrigins => "no CORS header for other origins",
        }
    }
}

/// Whether a target can do what a policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// Exactly.
    Exact,
    /// Exactly, and this is to know.
    WithNote(&'static str),
    /// Not at all.
    #[non_exhaustive]
    Refused {
        /// What the target cannot do, and why.
        reason: &'static str,
        /// What is possible instead.
        instead: &'static str,
    },
}

/// Returns the features that the policies of a placement use, in the order of [`Feature::ALL`].
pub(crate) fn used(placement: &Placement) -> Vec<Feature> {
    let mut used = vec![
        Feature::Errors,
        Feature::ReplacesHeaders,
        Feature::Preflights,
        Feature::Vary,
        Feature::OtherOrigins,
    ];
    if placement.parts().next().is_some() {
        used.push(Feature::At);
    }
    for (_, placed) in placement.all() {
        match &placed.choice {
            PolicyChoice::Policy(policy) => used.extend(of_policy(policy)),
            PolicyChoice::Pass => used.push(Feature::Pass),
            _ => {}
        }
    }
    Feature::ALL.iter().copied().filter(|feature| used.contains(feature)).collect()
}

fn of_policy(policy: &Policy) -> Vec<Feature> {
    let config = policy.config();
    let mut used: Vec<Feature> = config.origins.iter().map(|entry| of_entry(entry)).collect();
    used.sort_unstable_by_key(|feature| *feature as u8);
    used.dedup();
    let mut add = |feature, is_used: bool| {
        if is_used {
            used.push(feature);
        }
    };
    add(Feature::NoOrigin, config.origins.is_empty());
    add(Feature::NullOrigin, config.null_origin);
    add(Feature::ManyOrigins, config.origins.len() > 100);
    add(
        Feature::InsecureOrigins,
        config.credentials && config.origins.iter().any(|entry| is_insecure(entry)),
    );
    add(Feature::Credentials, config.credentials);
    add(Feature::SimpleOnly, config.methods.is_empty() && config.request_headers.is_empty());
    let any_method = config.methods.iter().any(|method| method == "*");
    add(Feature::AnyMethod, any_method && !config.credentials);
    add(Feature::AnyMethodWithCredentials, any_method && config.credentials);
    add(Feature::Methods, !any_method && !config.methods.is_empty());
    let requested = RequestHeaders::of(&config.request_headers);
    add(Feature::RequestHeaders, !requested.names.is_empty());
    add(Feature::RequestHeaderPrefixes, !requested.prefixes.is_empty());
    let is_fixed = requested.fixed(config.credentials).is_some();
    add(Feature::AnyRequestHeader, requested.any && is_fixed);
    add(Feature::AnyRequestHeaderRepeated, requested.any && !is_fixed);
    add(Feature::ExposeHeaders, !config.expose_headers.is_empty());
    add(Feature::MaxAge, !policy.max_age().is_zero());
    add(Feature::NoMaxAge, policy.max_age().is_zero());
    add(Feature::Timing, config.timing && !policy.allows_any_origin());
    add(Feature::TimingForAll, config.timing && policy.allows_any_origin());
    add(Feature::ResourcePolicy, config.resource_policy.is_some());
    add(Feature::Enforce, config.enforce != Enforce::Off);
    used
}

fn of_entry(entry: &str) -> Feature {
    match OriginEntry::split(entry) {
        None => Feature::AnyOrigin,
        Some(entry) if !entry.is_web() => Feature::AppSchemes,
        Some(entry) if entry.covers_part_of_label() => Feature::PartOfLabel,
        Some(entry) if entry.covers_subdomains => Feature::Subdomains,
        Some(entry) if entry.covers_every_port() => Feature::AnyPort,
        Some(_) => Feature::ListedOrigins,
    }
}

/// Returns `true` if a policy has to acknowledge `credentials` for the entry.
fn is_insecure(entry: &str) -> bool {
    OriginEntry::split(entry).is_some_and(|entry| entry.is_insecure())
}

/// Returns whether the target can do this.
///
/// ```
/// use corsac_stacks::{Feature, Support, Target, support};
/// assert_eq!(support(Target::Nginx, Feature::Subdomains), Support::Exact);
/// assert!(matches!(support(Target::GoJub0bs, Feature::NullOrigin), Support::Refused { .. }));
/// ```
pub fn support(target: Target, feature: Feature) -> Support {
    let exceptions = crate::capabilities::exceptions(target);
    exceptions.iter().find(|(of, _)| *of == feature).map_or(Support::Exact, |(_, support)| *support)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_is_there_once() {
        for (number, feature) in Feature::ALL.iter().enumerate() {
            let before = Feature::ALL.get(..number).unwrap_or_default();
            assert!(before.iter().all(|other| other.as_str() != feature.as_str()), "{feature:?}");
        }
    }

    #[test]
    fn the_harness_has_a_policy_for_each_feature() {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/stacks/policies");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let used: Vec<Feature> = files
            .flat_map(|path| used(&corsac_config::PolicyFile::read(path).unwrap().placement().into()))
            .collect();
        let missing: Vec<&Feature> = Feature::ALL.iter().filter(|feature| !used.contains(feature)).collect();
        assert!(missing.is_empty(), "no policy of conformance/stacks has {missing:?}");
    }

    #[test]
    fn the_documentation_has_a_row_for_each_exception() {
        let mut rows = String::new();
        for target in Target::ALL.iter().copied() {
            // The text says it once for all.
            for feature in Feature::ALL.iter().copied().filter(|feature| *feature != Feature::Enforce) {
                let (what, why) = match support(target, feature) {
                    Support::Exact => continue,
                    Support::WithNote(note) => ("exact, but", note.to_owned()),
                    Support::Refused { reason, instead } => ("refused", format!("{reason} {instead}")),
                };
                rows.push_str(&format!(
                    "| `{}` | {} | {what} | {why} |\n",
                    target.as_str(),
                    feature.as_str()
                ));
            }
            for limit in crate::limits::of(target) {
                let (rule, instead) = (limit.rule, limit.instead);
                rows.push_str(&format!("| `{}` | a limit | refused | {rule} {instead} |\n", target.as_str()));
            }
        }
        let page = include_str!("../../../docs/stacks.md");
        assert!(page.contains(&rows), "docs/stacks.md has to have these rows:\n{rows}");
    }
}
