//! The cases of a policy in order: what is allowed, who is refused, then what may be sent, and what responses say beside.

use std::collections::HashSet;

use corsac::origin::Origin;
use corsac::server::{Enforce, Policy, PolicyConfig};
use url::Url;

use super::entries::{PORT, WORD, chosen, covered};
use super::near_misses::near_misses;
use super::page::{Asked, give_own_query, page};
use super::{SuiteOptions, alone};
use crate::case::{Ask, Case, Scope, Variation};

/// So many entries of each kind are tried with an origin that they cover, and so many of them with their near misses.
const COVERED: usize = 25;
const NEARLY_COVERED: usize = 3;

/// A method and a header that no policy names.
const METHOD: &str = "CORSAC-OTHER";
const HEADER: &str = "x-corsac-other";

pub(super) struct Plan {
    config: PolicyConfig,
    url: Url,
    options: SuiteOptions,
    /// An origin that the policy allows.
    allowed: Option<String>,
}

impl Plan {
    pub(super) fn new(policy: &Policy, url: &Url, options: SuiteOptions) -> Self {
        let config = policy.config();
        let own = Origin::of(url);
        let examples = config.origins.iter().flat_map(|entry| covered(entry));
        let allowed = examples.into_iter().find(|origin| origin != own.as_str());
        Self { config, url: url.clone(), options, allowed }
    }

    pub(super) fn entries_left_out(&self) -> usize {
        self.config.origins.len().saturating_sub(self.chosen(COVERED).len())
    }

    pub(super) fn not_tested(&self) -> Vec<String> {
        let mut not_tested = Vec::new();
        if self.config.enforce == Enforce::Block && !self.options.unsafe_methods {
            not_tested.push("enforce, because that takes requests that may change something".to_owned());
        }
        if self.config.enforce == Enforce::Report {
            not_tested.push("enforce = \"report\", because it changes no response".to_owned());
        }
        if self.options.preflights_only {
            not_tested.push(
                "GET from origins that are not allowed, because a cache answers here and could store the response for everybody".to_owned(),
            );
        }
        not_tested
    }

    pub(super) fn cases(&self) -> Vec<Case> {
        let groups = [
            self.allowed(),
            self.strangers(),
            self.credentials(),
            self.methods(),
            self.headers(),
            self.preflights(),
            self.near_misses(),
            self.other_responses(),
            self.writes(),
            self.more_allowed(),
        ];
        let mut cases: Vec<Case> = groups.into_iter().flatten().collect();
        let mut seen = HashSet::new();
        cases.retain(|case| seen.insert(case.description.clone()));
        if self.options.own_query {
            let seed = self.options.seed;
            cases.iter_mut().enumerate().for_each(|(number, case)| give_own_query(case, seed, number));
        }
        cases
    }

    fn chosen(&self, most: usize) -> Vec<&String> {
        let most = if self.options.all { usize::MAX } else { most };
        chosen(&self.config.origins, most, self.options.seed)
    }

    /// One origin for every kind of entry.
    fn allowed(&self) -> Vec<Case> {
        let first = self.chosen(1).into_iter().filter_map(|entry| covered(entry).into_iter().next());
        first.filter_map(|origin| self.get(&origin, "any-origin-allowed", "origin-refused")).collect()
    }

    /// The rest of the entries, and of what each covers.
    fn more_allowed(&self) -> Vec<Case> {
        let origins = self.chosen(COVERED).into_iter().flat_map(|entry| covered(entry));
        origins
            .flat_map(|origin| self.get_and_preflights(&origin, "any-origin-allowed", "origin-refused"))
            .collect()
    }

    /// Pages that no entry is for: an unrelated one, and one without an origin of its own.
    fn strangers(&self) -> Vec<Case> {
        let unrelated = format!("https://{WORD}.invalid");
        let mut cases = Vec::new();
        for (origin, open, closed) in [
            (unrelated.as_str(), "any-origin-allowed", "origin-refused"),
            ("null", "null-origin-allowed", "null-origin-refused"),
        ] {
            cases.extend(self.get_and_preflights(origin, open, closed));
        }
        cases
    }

    fn near_misses(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        for entry in self.chosen(NEARLY_COVERED) {
            let other = self.config.origins.iter().find(|other| *other != entry).map(String::as_str);
            for near in near_misses(entry, other) {
                cases.extend(self.get_and_preflights(&near.origin, near.code, "origin-refused"));
            }
        }
        cases
    }

    /// The GET of a page, and its preflights, which other code may answer.
    fn get_and_preflights(&self, origin: &str, open: &'static str, closed: &'static str) -> Vec<Case> {
        let get = self.page(origin, &Asked::default(), Scope::Whole, open, closed);
        let asked = Asked { method: Some("PUT"), ..Asked::default() };
        let closed = if closed == "origin-refused" { "origin-refused-by-preflight" } else { closed };
        let put = self.page(origin, &asked, Scope::Preflight, open, closed);
        let forced = Asked { force_preflight: true, ..Asked::default() };
        let forced = self.page(origin, &forced, Scope::Preflight, open, closed);
        let get = get.filter(|_| !self.options.preflights_only);
        get.into_iter()
            .chain(forced)
            .chain(put.filter(|_| self.config.methods.iter().any(|method| method == "PUT")))
            .collect()
    }

    fn credentials(&self) -> Vec<Case> {
        let Some(origin) = &self.allowed else { return Vec::new() };
        let asked = Asked { with_credentials: true, ..Asked::default() };
        let get = self.page(origin, &asked, Scope::Whole, "credentials-allowed", "credentials-refused");
        let asked = Asked { with_credentials: true, method: Some("PUT"), ..Asked::default() };
        let put = self.page(origin, &asked, Scope::Preflight, "credentials-allowed", "credentials-refused");
        get.into_iter().chain(put).collect()
    }

    fn methods(&self) -> Vec<Case> {
        let Some(origin) = &self.allowed else { return Vec::new() };
        let (open, closed) = ("method-allowed", "method-refused");
        let head = Asked { method: Some("HEAD"), ..Asked::default() };
        let mut cases: Vec<Case> =
            self.page(origin, &head, Scope::Whole, open, "head-refused").into_iter().collect();
        let listed = self.config.methods.iter().map(String::as_str).filter(|method| *method != "*");
        for method in listed.chain(["PUT", "PATCH", "DELETE", METHOD]) {
            let asked = Asked { method: Some(method), ..Asked::default() };
            cases.extend(self.page(origin, &asked, Scope::Preflight, open, closed));
        }
        cases
    }

    fn headers(&self) -> Vec<Case> {
        let Some(origin) = &self.allowed else { return Vec::new() };
        let (open, closed) = ("request-header-allowed", "request-header-refused");
        let mut names: Vec<String> = Vec::new();
        for entry in &self.config.request_headers {
            match entry.strip_suffix('*') {
                Some("") => names.push("x-corsac-any".to_owned()),
                Some(prefix) => names.push(format!("{prefix}corsac")),
                None => names.push(entry.clone()),
            }
        }
        let listed: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut sets: Vec<Vec<&str>> = listed.iter().map(|name| vec![*name]).collect();
        sets.extend([vec![HEADER], vec!["authorization"], vec!["content-type"]]);
        sets.push(listed.clone());
        // One name that is listed does not allow the others.
        sets.push(listed.iter().copied().chain([HEADER]).collect());
        let near: Vec<String> =
            self.config.request_headers.iter().filter_map(|entry| near_header(entry)).collect();
        sets.extend(near.iter().map(|name| vec![name.as_str()]));
        sets.retain(|set| !set.is_empty());
        sets.iter()
            .filter_map(|set| {
                let asked = Asked { headers: set, ..Asked::default() };
                self.page(origin, &asked, Scope::Preflight, open, closed)
            })
            .collect()
    }

    /// Preflights in other forms, and `OPTIONS` that is none.
    fn preflights(&self) -> Vec<Case> {
        let Some(origin) = &self.allowed else { return Vec::new() };
        let forced = Asked { force_preflight: true, ..Asked::default() };
        let mut cases: Vec<Case> = self
            .page(origin, &forced, Scope::Whole, "method-allowed", "forced-preflight-refused")
            .into_iter()
            .collect();
        // Browsers name each header once.
        let mut names: Vec<&str> = Vec::new();
        let listed =
            self.config.request_headers.iter().map(String::as_str).filter(|name| !name.contains('*'));
        for name in listed.chain(["content-type", HEADER]) {
            if names.iter().all(|other| !other.eq_ignore_ascii_case(name)) {
                names.push(name);
            }
        }
        let allowed_only: Vec<&str> = names.iter().copied().filter(|name| *name != HEADER).collect();
        for headers in [&allowed_only, &names] {
            for (variation, closed) in [
                (Variation::SeveralLines, "request-header-lines"),
                (Variation::EmptyItems, "request-header-empty-items"),
            ] {
                let asked = Asked { headers, ..Asked::default() };
                let case = self.page(origin, &asked, Scope::Preflight, "request-header-allowed", closed);
                cases.extend(case.map(|case| with_variation(case, variation)));
            }
        }
        let description = format!("OPTIONS from {origin} that is not a preflight");
        cases.push(alone(
            description,
            "options-taken-for-preflight",
            self.url.clone(),
            "OPTIONS",
            Some(origin),
        ));
        cases
    }

    /// What is sent without an origin, and with errors.
    fn other_responses(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        if !self.options.preflights_only {
            let (get, url) = ("GET without an origin".to_owned(), self.url.clone());
            cases.push(alone(get, "no-origin", url, "GET", None));
        }
        let Some(origin) = &self.allowed else { return cases };
        if !self.options.preflights_only
            && let Some(upper) = in_upper_case(origin)
        {
            let description = format!("GET with `Origin: {upper}`, which no browser sends");
            cases.push(alone(description, "origin-case-ignored", self.url.clone(), "GET", Some(&upper)));
        }
        // Below the URL, so that the same policy applies.
        let missing = format!(
            "{}/corsac-verify-{:x}/nothing-here",
            self.url.path().trim_end_matches('/'),
            self.options.seed
        );
        for path in std::iter::once(&missing).chain(&self.options.also) {
            let Ok(url) = self.url.join(path) else { continue };
            let elsewhere = Self {
                url,
                config: self.config.clone(),
                options: self.options.clone(),
                allowed: self.allowed.clone(),
            };
            let case = elsewhere.get(origin, "any-origin-allowed", "error-without-headers");
            cases.extend(
                case.map(|case| Case { description: format!("{} of {path}", case.description), ..case }),
            );
        }
        cases
    }

    /// Requests that may change something on the server, if they were asked for.
    fn writes(&self) -> Vec<Case> {
        if !self.options.unsafe_methods {
            return Vec::new();
        }
        let unrelated = format!("https://{WORD}.invalid");
        let asked = Asked { method: Some("POST"), ..Asked::default() };
        let origins = self.allowed.iter().chain([&unrelated]);
        origins
            .filter_map(|origin| {
                self.page(origin, &asked, Scope::Whole, "any-origin-allowed", "origin-refused")
            })
            .collect()
    }

    fn get(&self, origin: &str, open: &'static str, closed: &'static str) -> Option<Case> {
        self.page(origin, &Asked::default(), Scope::Whole, open, closed)
    }

    fn page(
        &self,
        origin: &str,
        asked: &Asked<'_>,
        scope: Scope,
        open_code: &'static str,
        closed_code: &'static str,
    ) -> Option<Case> {
        page(&self.url, origin, asked, scope).map(|case| Case { open_code, closed_code, ..case })
    }
}

fn with_variation(case: Case, changed: Variation) -> Case {
    let how = match changed {
        Variation::None => "",
        Variation::SeveralLines => ", each on a line of its own",
        Variation::EmptyItems => ", with empty items between them",
    };
    let description = format!("{}{how}", case.description);
    let ask = match case.ask {
        Ask::Page { request, scope, .. } => Ask::Page { request, scope, variation: changed },
        alone @ Ask::Alone(_) => alone,
    };
    Case { description, ask, ..case }
}

/// A name that is nearly listed: one letter less than the prefix, or one more than the name.
fn near_header(entry: &str) -> Option<String> {
    match entry.strip_suffix('*') {
        Some("") => None,
        Some(prefix) => {
            Some(format!("{}x", prefix.trim_end_matches('-').strip_suffix(char::is_alphanumeric)?))
        }
        None => Some(format!("{}x", entry.to_ascii_lowercase())),
    }
    .filter(|name| !matches!(name.as_str(), "x"))
}

/// The origin with its host in upper case, if that makes a difference.
fn in_upper_case(origin: &str) -> Option<String> {
    let (scheme, rest) = origin.split_once("://")?;
    let upper = format!("{scheme}://{}", rest.to_ascii_uppercase());
    (upper != origin && matches!(scheme, "http" | "https") && !rest.ends_with(&format!(":{PORT}")))
        .then_some(upper)
}
