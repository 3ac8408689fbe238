//! [Referrer Policy](https://w3c.github.io/webappsec-referrer-policy/): what `Referer` says, and what a redirect changes.

use url::Url;

use super::engine::CrossSiteReferrer;
use super::exchange::ResponseHead;
use super::flight::Flight;
use super::request_values::ReferrerPolicy;
use crate::header;
use crate::origin::Origin;

/// [Determine a request's referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer), and set it.
pub(crate) fn determine(flight: &mut Flight<'_>) {
    let source = flight.referrer.take();
    let capped = flight.profile.cross_site_referrer == CrossSiteReferrer::OriginForPolicy
        && tells_more_than_origin(flight.referrer_policy)
        && source.as_ref().is_some_and(|url| !Origin::of(url).same_site(flight.url_origin()));
    let policy = if capped { ReferrerPolicy::StrictOriginWhenCrossOrigin } else { flight.referrer_policy };
    let sent = by_policy(flight, source.as_ref(), policy);
    flight.referrer = if capped && sent.is_some() { source } else { sent.clone() };
    flight.referrer_to_send = sent;
}

/// A redirect names another policy for the requests behind it.
pub(crate) fn set_policy(flight: &mut Flight<'_>, policy: ReferrerPolicy) {
    flight.referrer_policy = policy;
    if flight.profile.cross_site_referrer == CrossSiteReferrer::OriginForPolicy {
        flight.referrer.clone_from(&flight.referrer_to_send);
    }
}

/// The value of the request's `Referer`.
pub(crate) fn of_request(flight: &Flight<'_>) -> Option<Url> {
    flight.referrer_to_send.clone().and_then(|url| kept_from_other_sites(flight, url))
}

/// The value of the preflight's `Referer`: the request's, but for one engine.
pub(crate) fn of_preflight(flight: &Flight<'_>) -> Option<Url> {
    if !flight.profile.redirected_preflight_keeps_referrer || !flight.redirected() {
        return of_request(flight);
    }
    flight.first_referrer.clone().and_then(|url| kept_from_other_sites(flight, url))
}

/// Engine difference: see [`CrossSiteReferrer::OriginOnWire`].
fn kept_from_other_sites(flight: &Flight<'_>, url: Url) -> Option<Url> {
    let caps = flight.profile.cross_site_referrer == CrossSiteReferrer::OriginOnWire;
    if !caps || Origin::of(&url).same_site(flight.url_origin()) {
        return Some(url);
    }
    let tells_all =
        matches!(flight.referrer_policy, ReferrerPolicy::UnsafeUrl | ReferrerPolicy::OriginWhenCrossOrigin);
    let downgrade = url.scheme() == "https" && flight.url().scheme() == "http";
    (!(tells_all && downgrade)).then(|| root(url))
}

/// Does this policy tell another site, or http, more than the default?
fn tells_more_than_origin(policy: ReferrerPolicy) -> bool {
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
    if flight.request().origin().is_opaque() && !flight.profile.opaque_pages_have_referrer {
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
    // The setters refuse only URLs without a host, and those are not http or https.
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
    let value = response.headers.get("referrer-policy")?;
    let policies = header::list_items(&value).filter_map(|item| {
        let item = std::str::from_utf8(item).ok()?;
        item.to_ascii_lowercase().parse::<ReferrerPolicy>().ok()
    });
    policies.last()
}
