//! From a policy to cases: the most telling ones first, and no more requests than a server should have to answer.

pub(crate) mod entries;
pub(crate) mod near_misses;
pub(crate) mod page;
mod plan;

use corsac::browser::{Exchange, ExchangeKind};
use corsac::server::Policy;
use url::Url;

use crate::case::{Ask, Case};
use crate::in_memory;
use plan::Plan;

/// What to leave out of a suite, and what to put in.
///
/// ```
/// let options = corsac_verify::SuiteOptions::default();
/// assert_eq!(options.limit, 400);
/// assert!(!options.unsafe_methods);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SuiteOptions {
    /// The most requests to send. Defaults to 400. Cases beyond it are counted in [`Suite::left_out`].
    pub limit: usize,
    /// Try every entry of the policy. Defaults to trying a few of each kind, chosen by `seed`.
    pub all: bool,
    /// Chooses the entries to try. Defaults to 0.
    pub seed: u64,
    /// Also send `POST`, which may change something on the server; `enforce` is tested with it. Defaults to `false`.
    pub unsafe_methods: bool,
    /// Give each request a query of its own, so that no cache stores its response for others. Defaults to `true`.
    pub own_query: bool,
    /// Send requests from origins that are not allowed only as preflights, which no cache stores. Defaults to `false`.
    pub preflights_only: bool,
    /// Paths whose errors are to be readable, as a path that does not exist is. Defaults to none.
    pub also: Vec<String>,
}

impl Default for SuiteOptions {
    fn default() -> Self {
        Self {
            limit: 400,
            all: false,
            seed: 0,
            unsafe_methods: false,
            own_query: true,
            preflights_only: false,
            also: Vec::new(),
        }
    }
}

impl SuiteOptions {
    /// The same options, changed.
    ///
    /// ```
    /// let options = corsac_verify::SuiteOptions::default().with(|options| options.limit = 50);
    /// assert_eq!(options.limit, 50);
    /// ```
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// The cases that show whether the server at a URL behaves as a policy says.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_verify::{Suite, SuiteOptions};
///
/// let origins: Vec<String> = (0..1_000).map(|number| format!("https://{number}.example")).collect();
/// let policy = Policy::builder(origins).build()?;
/// let suite = Suite::new(&policy, &"https://api.example/".parse().unwrap(), SuiteOptions::default());
/// assert!(suite.requests <= 400 && suite.entries_left_out > 900);
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Suite {
    /// The cases, in the order in which to run them. The first is a request that the policy allows, if it allows any.
    pub cases: Vec<Case>,
    /// How many requests they are if the server answers as the policy says.
    pub requests: usize,
    /// How many cases had no room below the limit.
    pub left_out: usize,
    /// How many entries of the policy's origins no case tries.
    pub entries_left_out: usize,
    /// What the policy says and no case tests, as half sentences with their reasons.
    pub not_tested: Vec<String>,
}

impl Suite {
    /// The cases for this policy at this URL.
    pub fn new(policy: &Policy, url: &Url, options: SuiteOptions) -> Self {
        let limit = options.limit;
        let plan = Plan::new(policy, url, options);
        let mut suite = Self {
            cases: Vec::new(),
            requests: 0,
            left_out: 0,
            entries_left_out: plan.entries_left_out(),
            not_tested: plan.not_tested(),
        };
        for case in plan.cases() {
            // None: no browser sends it.
            let requests = in_memory::run(policy, &case).completed.len();
            if suite.requests.saturating_add(requests) > limit {
                suite.left_out = suite.left_out.saturating_add(1);
            } else if requests > 0 {
                suite.requests = suite.requests.saturating_add(requests);
                suite.cases.push(case);
            }
        }
        suite
    }
}

/// A case of one request that no page makes.
pub(crate) fn alone(
    description: String,
    code: &'static str,
    url: Url,
    method: &str,
    origin: Option<&str>,
) -> Case {
    let mut exchange = Exchange::new(ExchangeKind::Request, method, url);
    if let Some(origin) = origin {
        exchange.headers.append("Origin", origin);
    }
    Case { description, open_code: code, closed_code: code, ask: Ask::Alone(exchange) }
}

#[cfg(test)]
pub(crate) mod tests {
    use corsac::header::list_items;
    use corsac::header::names::ACCESS_CONTROL_REQUEST_HEADERS;

    use super::*;
    use crate::in_memory::answer;

    /// Returns `true` if the policy lets a page of this origin read.
    pub(crate) fn allows(policy: &Policy, origin: &str) -> bool {
        let mut exchange =
            Exchange::new(ExchangeKind::Request, "GET", "https://api.example/".parse().unwrap());
        exchange.headers.append("Origin", origin);
        answer(policy, &exchange, |decision| decision.refusal().is_none()).1
    }

    /// Browsers name each header once: a server may refuse a list that names one twice.
    #[test]
    fn no_preflight_names_a_header_twice() {
        let policy = Policy::builder(["https://app.example"])
            .request_headers(["Content-Type", "X-Acme"])
            .build()
            .unwrap();
        let url = "https://api.example/items".parse().unwrap();
        let suite = Suite::new(&policy, &url, SuiteOptions::default());
        let mut lists = 0;
        for case in &suite.cases {
            for completed in in_memory::run(&policy, case).completed {
                let lines = completed.exchange.headers.all(ACCESS_CONTROL_REQUEST_HEADERS);
                let mut names: Vec<Vec<u8>> =
                    lines.flat_map(list_items).map(<[u8]>::to_ascii_lowercase).collect();
                lists += usize::from(names.len() > 1);
                let count = names.len();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), count, "{}", case.description);
            }
        }
        assert!(lists >= 4, "{lists}");
    }

    /// Above the URL another policy may apply.
    #[test]
    fn the_path_that_does_not_exist_is_below_the_url() {
        let policy = Policy::builder(["https://app.example"]).build().unwrap();
        let url = "https://api.example/admin/?page=1".parse().unwrap();
        let suite = Suite::new(&policy, &url, SuiteOptions::default());
        let missing = suite.cases.iter().find(|case| case.description.contains("nothing-here")).unwrap();
        let expected = "GET from https://app.example of /admin/corsac-verify-0/nothing-here";
        assert_eq!(missing.description, expected);
    }
}
