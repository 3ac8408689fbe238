//! The [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check).

use super::client::EmbedderPolicy;
use super::exchange::ResponseHead;
use super::flight::{Flight, Refused};
use super::reason::Reason;
use super::trace::Rule;
use super::verdict::Stage;
use crate::header::names::CROSS_ORIGIN_RESOURCE_POLICY;

/// The policy that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    SameOrigin,
    SameSite,
    CrossOrigin,
}

/// [Cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check) with its internal check, for a
/// subresource. Report-only embedder policies are left out: they report but never block.
pub(crate) fn check(flight: &mut Flight<'_>, stage: Stage, response: &ResponseHead) -> Result<(), Refused> {
    let embedder_policy = flight.request().init().client.embedder_policy;
    // The value has to match as a whole: two lines, or anything else, is not a policy.
    let declared = match response.headers.get(CROSS_ORIGIN_RESOURCE_POLICY).as_deref() {
        Some(b"same-origin") => Some(Policy::SameOrigin),
        Some(b"same-site") => Some(Policy::SameSite),
        Some(b"cross-origin") => Some(Policy::CrossOrigin),
        _ => None,
    };
    let policy = declared.unwrap_or(match embedder_policy {
        EmbedderPolicy::UnsafeNone => Policy::CrossOrigin,
        EmbedderPolicy::Credentialless if flight.includes_credentials() => Policy::SameOrigin,
        EmbedderPolicy::Credentialless => Policy::CrossOrigin,
        EmbedderPolicy::RequireCorp => Policy::SameOrigin,
    });
    let origin = flight.request().origin();
    let allowed = match policy {
        Policy::CrossOrigin => true,
        Policy::SameOrigin => origin.same_origin(flight.url_origin()),
        Policy::SameSite => {
            (origin.schemelessly_same_site(flight.url_origin()) || is_below_page(flight))
                && (origin.scheme() == Some("https") || flight.url().scheme() != "https")
        }
    };
    let value = response.headers.text(CROSS_ORIGIN_RESOURCE_POLICY);
    if allowed {
        if let Some(value) = value {
            flight.pass(stage, Rule::ResourcePolicyCheck, format!("Cross-Origin-Resource-Policy: {value}"));
        }
        return Ok(());
    }
    let embedder_policy = declared.is_none().then(|| embedder_policy.as_str());
    Err(Refused::new(stage, Rule::ResourcePolicyCheck, Reason::ResourcePolicy { value, embedder_policy }))
}

/// Engine difference: see [`Profile::resource_policy_reaches_below_page`](super::engine::Profile).
fn is_below_page(flight: &Flight<'_>) -> bool {
    let (page, url) = (flight.request().origin().host(), flight.url_origin().host());
    let below = page.zip(url).and_then(|(page, url)| url.strip_suffix(page));
    flight.profile.resource_policy_reaches_below_page && below.is_some_and(|labels| labels.ends_with('.'))
}
