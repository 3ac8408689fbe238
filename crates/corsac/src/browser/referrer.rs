//! [Referrer Policy](https://w3c.github.io/webappsec-referrer-policy/): the value of `Referer`, and how a redirect changes it.

use url::Url;

use super::engine::CrossSiteReferrer;
use super::exchange::ResponseHead;
use super::flight::Flight;
use super::request::RequestInit;
use super::request_values::ReferrerPolicy;
use crate::header;
use crate::header::names::REFERRER_POLICY;
use crate::origin::Origin;

/// A request's referrer, and how redirects change it.
#[derive(Debug)]
pub(crate) struct Referrer {
    /// The [referrer](https://fetch.spec.whatwg.org/#concept-request-referrer) that the policy of the next redirect starts from.
    current: Option<Url>,
    /// What the policy sends of it with the current request, before an engine cuts it further.
    to_send: Option<Url>,
    pub(crate) policy: ReferrerPolicy,
    /// What the policy sent of it with the request to the first URL.
    first_sent: Option<Url>,
}

impl Referrer {
    pub(crate) fn of(init: &RequestInit) -> Self {
        let client = &init.client;
        let current = client.url.clone().or_else(|| Url::parse(client.origin.as_str()).ok());
        Self { current, to_send: None, policy: init.referrer_policy, first_sent: None }
    }

    /// Keeps the value for the first URL, which the preflights of one engine send again.
    pub(crate) fn keep_first(&mut self) {
        self.first_sent.clone_from(&self.to_send);
    }
}

/// [Determine a request's referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer), and set it.
pub(crate) fn determine(flight: &mut Flight<'_>) {
    let source = flight.referrer.current.take();
    let capped = flight.profile.cross_site_referrer == CrossSiteReferrer::OriginForPolicy
        && reveals_more_than_origin(flight.referrer.policy)
        && source.as_ref().is_some_and(|url| !Origin::of(url).same_site(flight.url_origin()));
    let policy = if capped { ReferrerPolicy::StrictOriginWhenCrossOrigin } else { flight.referrer.policy };
    let sent = by_policy(flight, source.as_ref(), policy);
    flight.referrer.current = if capped && sent.is_some() { source } else { sent.clone() };
    flight.referrer.to_send = sent;
}

/// Sets the policy that a redirect names for the requests that follow.
pub(crate) fn set_policy(flight: &mut Flight<'_>, policy: ReferrerPolicy) {
    flight.referrer.policy = policy;
    if flight.profile.cross_site_referrer == CrossSiteReferrer::OriginForPolicy {
        flight.referrer.current.clone_from(&flight.referrer.to_send);
    }
}

/// The value of the request's `Referer`.
pub(crate) fn of_request(flight: &Flight<'_>) -> Option<Url> {
    flight.referrer.to_send.clone().and_then(|url| cut_for_other_sites(flight, url))
}

/// The value of the preflight's `Referer`. It is that of the request, except in one engine.
pub(crate) fn of_preflight(flight: &Flight<'_>) -> Option<Url> {
    if !flight.profile.redirected_preflight_keeps_referrer || !flight.redirected() {
        return of_request(flight);
    }
    flight.referrer.first_sent.clone().and_then(|url| cut_for_other_sites(flight, url))
}

/// Engine difference: see [`CrossSiteReferrer::OriginOnWire`].
fn cut_for_other_sites(flight: &Flight<'_>, url: Url) -> Option<Url> {
    let caps = flight.profile.cross_site_referrer == CrossSiteReferrer::OriginOnWire;
    if !caps || Origin::of(&url).same_site(flight.url_origin()) {
        return Some(url);
    }
    let reveals_downgrade =
        matches!(flight.referrer.policy, ReferrerPolicy::UnsafeUrl | ReferrerPolicy::OriginWhenCrossOrigin);
    let downgrade = url.scheme() == "https" && flight.url().scheme() == "http";
    (!(reveals_downgrade && downgrade)).then(|| root(url))
}

/// Returns `true` if this policy reveals more than the default to another site, or over http.
fn reveals_more_than_origin(policy: ReferrerPolicy) -> bool {
    matches!(
        policy,
        ReferrerPolicy::UnsafeUrl
            | ReferrerPolicy::OriginWhenCrossOrigin
            | ReferrerPolicy::NoReferrerWhenDowngrade
    )
}

fn by_policy(flight: &Flight<'_>, source: Option<&Url>, policy: ReferrerPolicy) -> Option<Url> {
    // 3-6
    let source = source.filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_load = flight.request().init().api.load().is_some();
    let kept = flight.profile.opaque_pages_have_referrer
        || (is_load && flight.profile.loads.opaque_pages_have_referrer);
    if flight.request().origin().is_opaque() && !kept {
        return None;
    }
    let root = || root(stripped(source.clone()));
    let whole =
        || Some(stripped(source.clone())).filter(|url| url.as_str().len() <= 4096).unwrap_or_else(root);
    // 8
    let source_origin = Origin::of(source);
    let same_origin = source_origin.same_origin(flight.url_origin());
    let downgrade = if flight.profile.downgrade_is_by_scheme {
        source.scheme() == "https" && flight.url().scheme() != "https"
    } else {
        source_origin.is_potentially_trustworthy() && !flight.url_origin().is_potentially_trustworthy()
    };
    match policy {
        ReferrerPolicy::NoReferrer => None,
        ReferrerPolicy::Origin => Some(root()),
        ReferrerPolicy::UnsafeUrl => Some(whole()),
        ReferrerPolicy::StrictOrigin => (!downgrade).then(root),
        ReferrerPolicy::StrictOriginWhenCrossOrigin if same_origin => Some(whole()),
        ReferrerPolicy::StrictOriginWhenCrossOrigin => (!downgrade).then(root),
        ReferrerPolicy::SameOrigin => same_origin.then(whole),
        ReferrerPolicy::OriginWhenCrossOrigin => Some(if same_origin { whole() } else { root() }),
        ReferrerPolicy::NoReferrerWhenDowngrade => (!downgrade).then(whole),
    }
}

/// [Strip a URL for use as a referrer](https://w3c.github.io/webappsec-referrer-policy/#strip-url).
fn stripped(mut url: Url) -> Url {
    // The setters refuse only URLs without a host, which http and https URLs have.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url
}

/// The same with the origin-only flag: path `/`, no query.
fn root(mut url: Url) -> Url {
    url.set_path("/");
    url.set_query(None);
    url
}

/// [Set request's referrer policy on redirect](https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect):
/// the last item of `Referrer-Policy` that names a policy.
pub(crate) fn policy_of_redirect(response: &ResponseHead) -> Option<ReferrerPolicy> {
    let value = response.headers.get(REFERRER_POLICY)?;
    let policies = header::list_items(&value).filter_map(|item| {
        let item = std::str::from_utf8(item).ok()?;
        item.to_ascii_lowercase().parse::<ReferrerPolicy>().ok()
    });
    policies.last()
}
