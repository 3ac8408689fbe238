//! [Referrer Policy](https://w3c.github.io/webappsec-referrer-policy/): what `Referer` says, and what a redirect changes.

use url::Url;

use super::exchange::ResponseHead;
use super::flight::Flight;
use super::request::ReferrerPolicy;
use crate::header;
use crate::origin::Origin;

/// [Determine a request's referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer): the value of `Referer`.
pub(crate) fn determine(flight: &Flight<'_>) -> Option<Url> {
    // 3-6
    let source = flight.referrer.as_ref().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let whole = stripped(source.clone());
    let root = root(&whole);
    let whole = if whole.as_str().len() > 4096 { root.clone() } else { whole };
    // 8
    let same_origin = Origin::of(source).same_origin(flight.url_origin());
    let downgrade =
        Origin::of(source).is_potentially_trustworthy() && !flight.url_origin().is_potentially_trustworthy();
    match flight.referrer_policy {
        ReferrerPolicy::NoReferrer => None,
        ReferrerPolicy::Origin => Some(root),
        ReferrerPolicy::UnsafeUrl => Some(whole),
        ReferrerPolicy::StrictOrigin => (!downgrade).then_some(root),
        ReferrerPolicy::StrictOriginWhenCrossOrigin if same_origin => Some(whole),
        ReferrerPolicy::StrictOriginWhenCrossOrigin => (!downgrade).then_some(root),
        ReferrerPolicy::SameOrigin => same_origin.then_some(whole),
        ReferrerPolicy::OriginWhenCrossOrigin => Some(if same_origin { whole } else { root }),
        ReferrerPolicy::NoReferrerWhenDowngrade => (!downgrade).then_some(whole),
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
fn root(url: &Url) -> Url {
    let mut root = url.clone();
    root.set_path("/");
    root.set_query(None);
    root
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
