//! A request in flight: the parts of a [request](https://fetch.spec.whatwg.org/#concept-request) that change while it is fetched.

use std::borrow::Cow;

use url::Url;

use super::address_space::AddressSpace;
use super::body::Body;
use super::client::EmbedderPolicy;
use super::engine::Profile;
use super::exchange::ExchangeKind;
use super::load::Load;
use super::outcome::Outcome;
use super::preflight::PreflightNeed;
use super::reason::Reason;
use super::redirect::Redirects;
use super::referrer::Referrer;
use super::refusal::{Refusal, RefusedRedirect, ResponseTainting};
use super::request::{Api, Request};
use super::request_values::{Credentials, Mode};
use super::script_headers::ScriptHeaders;
use super::trace::{Rule, Trace};
use super::verdict::Stage;
use crate::header::{HeaderList, names};
use crate::origin::Origin;

/// The request while it is fetched.
#[derive(Debug)]
pub(crate) struct Flight<'p> {
    request: Request,
    pub(crate) profile: &'p Profile,
    /// The number of the fetch among those that use its cache.
    pub(crate) number: Option<u64>,
    pub(crate) method: String,
    pub(crate) headers: HeaderList,
    /// What script set, including what redirects have dropped since.
    pub(crate) script: ScriptHeaders,
    pub(crate) body: Body,
    /// The earlier URLs, oldest first.
    earlier_urls: Vec<Hop>,
    current: Hop,
    pub(crate) response_tainting: ResponseTainting,
    /// Whether a redirect has tainted the origin: [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin), updated
    /// as URLs are appended. Its two tainted values, "same-site" and "cross-site", differ for cookies only.
    tainted: bool,
    pub(crate) timing_allow_failed: bool,
    pub(crate) referrer: Referrer,
    /// The `Origin` of the previous request, if it had one.
    pub(crate) origin_sent: Option<String>,
    /// A refusal that is already certain but is reported only when the next request is due.
    pub(crate) refused_before_request: Option<Refused>,
    pub(crate) redirects: Redirects,
    pub(crate) preflight: PreflightNeed,
    trace: Trace,
}

/// A URL of the request's URL list.
#[derive(Debug)]
pub(crate) struct Hop {
    pub(crate) url: Url,
    pub(crate) origin: Origin,
}

impl<'p> Flight<'p> {
    pub(crate) fn new(mut request: Request, profile: &'p Profile) -> Self {
        request.apply_engine(profile);
        let init = request.init();
        let url = init.url.clone();
        let script = init.script_headers(profile);
        Self {
            profile,
            number: None,
            method: init.method.clone(),
            headers: with_defaults(&script.headers, init.api, profile),
            body: script.body,
            earlier_urls: Vec::new(),
            current: Hop { origin: Origin::of(&url), url },
            response_tainting: ResponseTainting::Basic,
            tainted: false,
            timing_allow_failed: false,
            referrer: Referrer::of(init),
            origin_sent: None,
            refused_before_request: None,
            redirects: Redirects::default(),
            preflight: PreflightNeed::of(init, script.body, profile),
            script,
            trace: Trace::default(),
            request,
        }
    }

    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// The address space that the request names, if the engine reads it.
    pub(crate) fn target_address_space(&self) -> Option<AddressSpace> {
        self.request.init().target_address_space.filter(|_| self.profile.reads_target_address_space)
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

    /// Replaces http by https in the current URL.
    pub(crate) fn upgrade_url(&mut self) {
        // Refused only for other schemes than http and https.
        if self.current.url.set_scheme("https").is_ok() {
            self.current.origin = Origin::of(&self.current.url);
        }
    }

    /// Appends a URL to the URL list and updates the redirect-taint:
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

    /// Returns `true` if the first URL has the page's own origin.
    pub(crate) fn began_same_origin(&self) -> bool {
        self.url_list().next().is_some_and(|hop| hop.origin.same_origin(self.request.origin()))
    }

    pub(crate) fn redirected(&self) -> bool {
        !self.earlier_urls.is_empty()
    }

    /// The URL that redirected to the current one.
    pub(crate) fn url_before(&self) -> Option<&Url> {
        self.earlier_urls.last().map(|hop| &hop.url)
    }

    /// Returns `true` if a redirect has [tainted](https://fetch.spec.whatwg.org/#concept-request-tainted-origin) the origin.
    pub(crate) fn is_tainted(&self) -> bool {
        self.tainted
    }

    /// [Byte-serializing a request origin](https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin).
    pub(crate) fn serialized_origin(&self) -> &str {
        if self.tainted { "null" } else { self.request.origin().as_str() }
    }

    /// Returns `true` if the [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode) is "include".
    pub(crate) fn credentials_mode_is_include(&self) -> bool {
        self.request.init().credentials == Credentials::Include
    }

    /// The serialized origin that an exchange of this stage sends. It is the same for all stages, except in one engine's preflights.
    pub(crate) fn origin_at(&self, stage: Stage) -> &str {
        if stage == Stage::Preflight && self.profile.redirected_preflight_keeps_origin {
            self.request.origin().as_str()
        } else {
            self.serialized_origin()
        }
    }

    /// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), "let includeCredentials be", and
    /// whether the [embedder policy allows credentials](https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials).
    pub(crate) fn includes_credentials(&self) -> bool {
        let included = match self.request.init().credentials {
            Credentials::Include => true,
            Credentials::SameOrigin => {
                self.response_tainting == ResponseTainting::Basic || self.keeps_credentials_after_redirect()
            }
            Credentials::Omit => false,
        };
        included && self.embedder_policy_allows_credentials()
    }

    /// Engine difference: see [`Profile::no_cors_redirects_keep_credentials`].
    fn keeps_credentials_after_redirect(&self) -> bool {
        self.profile.no_cors_redirects_keep_credentials
            && self.mode() == Mode::NoCors
            && self.began_same_origin()
    }

    /// The last step of the standard says "redirect-taint is not `same-origin`", which dates from the time when the taint was a boolean.
    /// This follows its intent: the page's own origin gets credentials unless a redirect through another origin led there.
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

    /// The stage of a check that comes before any exchange at the current URL.
    pub(crate) fn stage_before_exchange(&self) -> Stage {
        if self.redirected() { Stage::Redirect } else { Stage::Start }
    }

    pub(crate) fn pass(&mut self, stage: Stage, rule: Rule, evidence: impl Into<Cow<'static, str>>) {
        self.trace.pass(stage, rule, evidence);
    }

    pub(crate) fn note(&mut self, stage: Stage, rule: Rule, evidence: impl Into<Cow<'static, str>>) {
        self.trace.note(stage, rule, evidence);
    }

    /// Ends the fetch in a network error: adds the last entry of the trace, and returns the outcome.
    pub(crate) fn refuse(&mut self, refused: Refused) -> Outcome {
        let Refused { stage, rule, reason, cors_reason, url, status, redirect } = refused;
        if let Some(cors_reason) = &cors_reason {
            self.trace.fail(stage, Rule::CorsCheck, cors_reason.to_string());
        }
        self.trace.fail(stage, rule, reason.to_string());
        let url = url.unwrap_or_else(|| self.current.url.clone());
        let origin = self.origin_at(stage).to_owned();
        let method = self.method.clone();
        let response_tainting = self.response_tainting;
        Outcome::Refused(Box::new(Refusal {
            stage,
            url,
            method,
            status,
            reason,
            cors_reason,
            origin,
            response_tainting,
            redirect,
        }))
    }
}

/// The value that a browser of an English-speaking user sends. The standard leaves it to the user agent.
pub(crate) const ACCEPT_LANGUAGE: &str = "en-US,en;q=0.9";

/// [Fetch](https://fetch.spec.whatwg.org/#concept-fetch), "does not contain `Accept`" and "`Accept-Language`". This comes before main
/// fetch, so both lines count towards the total size of the safelisted values.
fn with_defaults(headers: &HeaderList, api: Api, profile: &Profile) -> HeaderList {
    let mut headers = headers.clone();
    let accepts = api != Api::Load(Load::WebSocket) || profile.loads.web_socket_accepts;
    if accepts && !headers.contains(names::ACCEPT) {
        headers.append("Accept", api.load().map_or("*/*", |load| load.accept(&profile.loads)));
    }
    if !headers.contains(names::ACCEPT_LANGUAGE) {
        headers.append("Accept-Language", ACCEPT_LANGUAGE);
    }
    let is_media = matches!(api, Api::Load(Load::Video | Load::Audio));
    if is_media && profile.loads.media_asks_for_range {
        headers.append("Range", "bytes=0-");
    }
    headers
}

/// A rule that refused the request or its response.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) stage: Stage,
    rule: Rule,
    reason: Reason,
    cors_reason: Option<Reason>,
    url: Option<Url>,
    status: Option<u16>,
    redirect: Option<RefusedRedirect>,
}

impl Refused {
    pub(crate) fn new(stage: Stage, rule: Rule, reason: Reason) -> Self {
        Self { stage, rule, reason, cors_reason: None, url: None, status: None, redirect: None }
    }

    /// Adds that the CORS check of the redirected preflight failed too.
    pub(crate) fn with_cors_reason(self, cors_reason: Reason) -> Self {
        Self { cors_reason: Some(cors_reason), ..self }
    }

    /// Returns `true` if redirect mode `error` refused a redirect.
    pub(crate) fn is_by_redirect_mode(&self) -> bool {
        self.reason == Reason::RedirectModeError
    }

    /// Sets the URL, where it is not the current one.
    pub(crate) fn at(self, url: Url) -> Self {
        Self { url: Some(url), ..self }
    }

    /// Adds the status of the response that failed, and the redirect that it was.
    pub(crate) fn with_response(self, status: u16, redirect: Option<RefusedRedirect>) -> Self {
        Self { status: Some(status), redirect, ..self }
    }

    /// Adds the redirect that led to a URL to which nothing was sent.
    pub(crate) fn after_redirect(self, redirect: Option<RefusedRedirect>) -> Self {
        Self { redirect, ..self }
    }
}
