//! A request in flight: the parts of a [request](https://fetch.spec.whatwg.org/#concept-request) that change while it is fetched.

use std::borrow::Cow;

use url::Url;

use super::engine::Profile;
use super::exchange::ExchangeKind;
use super::outcome::{Outcome, Refusal, Stage};
use super::reason::Reason;
use super::request::{Body, Credentials, EmbedderPolicy, Mode, ReferrerPolicy, Request};
use super::trace::{Rule, Trace};
use crate::header::HeaderList;
use crate::origin::Origin;

/// A [request's response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseTainting {
    Basic,
    Cors,
    Opaque,
}

/// The request while it is fetched.
#[derive(Debug)]
pub(crate) struct Flight<'p> {
    request: Request,
    pub(crate) profile: &'p Profile,
    pub(crate) method: String,
    pub(crate) headers: HeaderList,
    pub(crate) body: Body,
    /// Earlier URLs first. INVARIANT: with `current`, never empty.
    earlier_urls: Vec<Hop>,
    current: Hop,
    pub(crate) response_tainting: ResponseTainting,
    /// Has a redirect made the origin untrustworthy? [Redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin), step by
    /// step as URLs are appended. The two tainted values, "same-site" and "cross-site", only differ for cookies.
    tainted: bool,
    pub(crate) redirect_count: u8,
    pub(crate) timing_allow_failed: bool,
    pub(crate) referrer: Option<Url>,
    pub(crate) referrer_policy: ReferrerPolicy,
    pub(crate) use_cors_preflight: bool,
    /// The names that the current request's headers add to a preflight; main fetch computes them.
    pub(crate) unsafe_names: Vec<String>,
    /// The names of the first preflight, for engines that repeat them after redirects.
    pub(crate) first_unsafe_names: Option<Vec<String>>,
    /// Did main fetch choose the branch with a preflight at any URL?
    pub(crate) preflight_branch: bool,
    trace: Trace,
}

/// A URL of the request's URL list.
#[derive(Debug)]
pub(crate) struct Hop {
    pub(crate) url: Url,
    pub(crate) origin: Origin,
}

impl<'p> Flight<'p> {
    pub(crate) fn new(request: Request, profile: &'p Profile) -> Self {
        let init = request.init();
        let url = init.url.clone();
        let client = &init.client;
        Self {
            profile,
            method: init.method.clone(),
            headers: init.headers.clone(),
            body: init.body,
            earlier_urls: Vec::new(),
            current: Hop { origin: Origin::of(&url), url },
            response_tainting: ResponseTainting::Basic,
            tainted: false,
            redirect_count: 0,
            timing_allow_failed: false,
            referrer: client.url.clone().or_else(|| Url::parse(client.origin.as_str()).ok()),
            referrer_policy: init.referrer_policy,
            use_cors_preflight: false,
            unsafe_names: Vec::new(),
            first_unsafe_names: None,
            preflight_branch: false,
            trace: Trace::default(),
            request,
        }
    }

    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    pub(crate) fn mode(&self) -> Mode {
        self.request.init().mode
    }

    pub(crate) fn trace(&self) -> &Trace {
        &self.trace
    }

    pub(crate) fn into_trace(self) -> Trace {
        self.trace
    }

    /// The [current URL](https://fetch.spec.whatwg.org/#concept-request-current-url).
    pub(crate) fn url(&self) -> &Url {
        &self.current.url
    }

    /// The current URL's origin.
    pub(crate) fn url_origin(&self) -> &Origin {
        &self.current.origin
    }

    /// The [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list).
    pub(crate) fn url_list(&self) -> impl Iterator<Item = &Hop> {
        self.earlier_urls.iter().chain(std::iter::once(&self.current))
    }

    /// Append a URL to the URL list, and bring the redirect-taint up to date:
    /// [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin), step 4, for the new URL and the one before it.
    pub(crate) fn append_url(&mut self, url: Url) {
        let next = Hop { origin: Origin::of(&url), url };
        let origin = self.request.origin();
        let last = &self.current.origin;
        // 4.2 and 4.3: a URL of another site is also one of another origin.
        self.tainted |= !next.origin.same_origin(last) && !origin.same_origin(last);
        let last = std::mem::replace(&mut self.current, next);
        self.earlier_urls.push(last);
    }

    pub(crate) fn redirected(&self) -> bool {
        !self.earlier_urls.is_empty()
    }

    /// [Byte-serializing a request origin](https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin).
    pub(crate) fn serialized_origin(&self) -> &str {
        if self.tainted { "null" } else { self.request.origin().as_str() }
    }

    /// Is the [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode) "include"?
    pub(crate) fn credentials_mode_is_include(&self) -> bool {
        self.request.init().credentials == Credentials::Include
    }

    /// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), "let includeCredentials be", and
    /// whether the [embedder policy allows credentials](https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials).
    pub(crate) fn includes_credentials(&self) -> bool {
        let included = match self.request.init().credentials {
            Credentials::Include => true,
            Credentials::SameOrigin => self.response_tainting == ResponseTainting::Basic,
            Credentials::Omit => false,
        };
        included && self.embedder_policy_allows_credentials()
    }

    fn embedder_policy_allows_credentials(&self) -> bool {
        self.mode() != Mode::NoCors
            || self.request.init().client.embedder_policy != EmbedderPolicy::Credentialless
            || (self.request.origin().same_origin(self.url_origin()) && !self.tainted)
    }

    /// The stage that an exchange of this kind belongs to.
    pub(crate) fn stage_of(&self, kind: ExchangeKind) -> Stage {
        match kind {
            ExchangeKind::Preflight => Stage::Preflight,
            ExchangeKind::Request => Stage::Request,
            ExchangeKind::Redirect => Stage::Redirect,
        }
    }

    /// The kind of the next exchange that is not a preflight.
    pub(crate) fn request_kind(&self) -> ExchangeKind {
        if self.redirected() { ExchangeKind::Redirect } else { ExchangeKind::Request }
    }

    /// Where a check before any exchange at the current URL belongs.
    pub(crate) fn stage_before_exchange(&self) -> Stage {
        if self.redirected() { Stage::Redirect } else { Stage::Start }
    }

    pub(crate) fn pass(&mut self, stage: Stage, rule: Rule, evidence: impl Into<Cow<'static, str>>) {
        self.trace.pass(stage, rule, evidence);
    }

    pub(crate) fn note(&mut self, stage: Stage, rule: Rule, evidence: impl Into<Cow<'static, str>>) {
        self.trace.note(stage, rule, evidence);
    }

    /// The fetch ends in a network error: the last entry of the trace, and the outcome.
    pub(crate) fn refuse(&mut self, refused: Refused) -> Outcome {
        let Refused { stage, rule, reason, cors_reason, url, status, evidence } = refused;
        let evidence = evidence.unwrap_or_else(|| reason.to_string().into());
        if let Some(cors_reason) = &cors_reason {
            self.trace.fail(stage, Rule::CorsCheck, cors_reason.to_string());
        }
        self.trace.fail(stage, rule, evidence);
        let url = url.unwrap_or_else(|| self.current.url.clone());
        Outcome::Refused(Refusal { stage, url, status, reason, cors_reason })
    }
}

/// A rule said no.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) stage: Stage,
    rule: Rule,
    reason: Reason,
    cors_reason: Option<Reason>,
    url: Option<Url>,
    status: Option<u16>,
    evidence: Option<Cow<'static, str>>,
}

impl Refused {
    pub(crate) fn new(stage: Stage, rule: Rule, reason: Reason) -> Self {
        Self { stage, rule, reason, cors_reason: None, url: None, status: None, evidence: None }
    }

    /// The CORS check failed with `cors_reason`, and `self.reason` is what lies behind it.
    pub(crate) fn behind(self, cors_reason: Reason) -> Self {
        Self { cors_reason: Some(cors_reason), ..self }
    }

    /// At another URL than the current one.
    pub(crate) fn at(self, url: Url) -> Self {
        Self { url: Some(url), ..self }
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }
}
