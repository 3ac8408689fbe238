//! Which policy a server behaves as: the requests to send, and what the responses mean together. What comes out is the closest policy; a [`Suite`] of it
//! then shows where the server differs.
//!
//! [`Suite`]: crate::Suite

mod conclusion;
mod observed;
mod questions;

use std::collections::VecDeque;

use url::Url;

pub use conclusion::{EveryOrigin, Inferred, Unknown, make_valid};

use crate::case::Case;
use crate::cases::page::give_own_query;
use crate::run::Ended;
use observed::Observed;
use questions::{About, Questions};

/// What to ask, and how much.
///
/// ```
/// let options = corsac_verify::InferOptions::default();
/// assert_eq!(options.limit, 200);
/// assert!(options.candidates.is_empty() && options.own_query);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InferOptions {
    /// Origins and entries with wildcards that the server may allow, as in a policy's `origins`. An origin that is none of them, and no relative of an
    /// allowed one, is not found. Defaults to none.
    pub candidates: Vec<String>,
    /// Methods that the server may allow beside the usual ones and those that its answers name. Defaults to none.
    pub methods: Vec<String>,
    /// Entries of `request-headers` that the server may allow beside the usual ones and those that its answers name: names, and prefixes such as
    /// `x-acme-*`. Defaults to none.
    pub request_headers: Vec<String>,
    /// The method of the requests that ask about origins. Defaults to `GET`. One that changes data is for [`preflights_only`](Self::preflights_only).
    pub method: String,
    /// Also try relatives of allowed candidates: subdomains, siblings, other ports. Defaults to `true`.
    pub relatives: bool,
    /// The most requests to send. Defaults to 200.
    pub limit: usize,
    /// Give each request a query of its own, so that no cache stores its response for others. Defaults to `true`.
    pub own_query: bool,
    /// Ask about origins with preflights only, which no cache stores. Defaults to `false`.
    pub preflights_only: bool,
}

impl Default for InferOptions {
    fn default() -> Self {
        Self {
            candidates: Vec::new(),
            methods: Vec::new(),
            request_headers: Vec::new(),
            method: "GET".to_owned(),
            relatives: true,
            limit: 200,
            own_query: true,
            preflights_only: false,
        }
    }
}

impl InferOptions {
    /// The same options, changed.
    ///
    /// ```
    /// let options = corsac_verify::InferOptions::default().with(|options| options.limit = 50);
    /// assert_eq!(options.limit, 50);
    /// ```
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// Finds out the policy of a server: says what to ask, and takes what came of it.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_verify::{InferOptions, Inference, Run, answer};
///
/// let policy = Policy::builder(["https://*.example.com"]).methods(["PUT"]).credentials(true).build()?;
/// let options = InferOptions::default().with(|options| options.candidates = vec!["https://app.example.com".to_owned()]);
/// let mut inference = Inference::new(&"https://api.example/items".parse().unwrap(), options);
/// while let Some(case) = inference.next() {
///     let mut run = Run::new(&case);
///     while let Some(planned) = run.next() {
///         let response = answer(&policy, planned.exchange(), |_| ()).0;
///         run.receive(planned.completed(Ok(response)));
///     }
///     inference.receive(&run.finish());
/// }
/// let inferred = inference.finish();
/// assert_eq!(inferred.config.origins, ["https://*.example.com"]);
/// assert_eq!(inferred.config.methods, ["PUT"]);
/// assert!(inferred.config.credentials);
/// # Ok::<(), corsac::server::Problems>(())
/// ```
#[derive(Debug)]
pub struct Inference {
    questions: Questions,
    options: InferOptions,
    queue: VecDeque<(About, Case)>,
    asked: Option<About>,
    observed: Observed,
    cases: usize,
    requests: usize,
}

impl Inference {
    /// Begins with nothing known about the server at this URL.
    pub fn new(url: &Url, options: InferOptions) -> Self {
        let mut inference = Self {
            questions: Questions::new(url),
            options,
            queue: VecDeque::new(),
            asked: None,
            observed: Observed::default(),
            cases: 0,
            requests: 0,
        };
        inference.fill();
        inference
    }

    /// What to ask next, or `None` at the end. Follow it with [`receive`](Self::receive).
    #[allow(clippy::should_implement_trait)] // what comes next depends on what is received
    pub fn next(&mut self) -> Option<Case> {
        if self.requests >= self.options.limit {
            self.observed.is_cut = self.observed.is_cut || !self.queue.is_empty();
            return None;
        }
        if self.queue.is_empty() {
            self.fill();
        }
        let (about, mut case) = self.queue.pop_front()?;
        if self.options.own_query {
            give_own_query(&mut case, 0, self.cases);
        }
        self.cases = self.cases.saturating_add(1);
        self.asked = Some(about);
        Some(case)
    }

    /// Takes how the case ended that [`next`](Self::next) returned.
    pub fn receive(&mut self, ended: &Ended) {
        self.requests = self.requests.saturating_add(ended.completed.len());
        if let Some(about) = self.asked.take() {
            self.observed.add(about, ended);
        }
    }

    /// Asks about origins with preflights only from now on: a cache answers here.
    pub fn use_preflights_only(&mut self) {
        self.options.preflights_only = true;
    }

    /// The closest policy, and what is not known about the server.
    pub fn finish(self) -> Inferred {
        conclusion::of(&self.observed, &self.options)
    }

    /// Goes through the rounds until one has questions.
    fn fill(&mut self) {
        while self.queue.is_empty() {
            let Some(cases) = self.questions.next_round(&self.observed, &self.options) else { return };
            self.queue.extend(cases);
        }
    }
}

#[cfg(test)]
mod tests;
