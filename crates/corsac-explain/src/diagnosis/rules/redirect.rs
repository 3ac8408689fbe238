//! What the rules about redirects need to know of one: where it leads, and whether it is the reason for the refusal. This file is not a
//! rule itself.

use corsac::browser::{Exchange, Refusal, ResponseHead, Stage};
use corsac::origin::Origin;
use url::Url;

use crate::diagnosis::Confidence;
use crate::evidence::{Evidence, is_success};

/// The redirect that was refused, or that led to where the request was refused.
pub(super) struct Redirect<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) response: &'a ResponseHead,
    pub(super) location: String,
    pub(super) to: Url,
    /// `true` if the redirect itself was refused, and not what came after it.
    is_refused: bool,
}

impl<'a> Redirect<'a> {
    /// Returns the redirect of this refusal, if there is one that leads to a URL.
    pub(super) fn of(evidence: &Evidence<'a>, refusal: &Refusal) -> Option<Self> {
        let (exchange, response) = evidence.redirect(refusal)?;
        let location = response.headers.text("location")?;
        let to = exchange.url.join(&location).ok()?;
        let is_refused = evidence.refused(refusal).is_some_and(|(_, refused)| refused.is_redirect());
        Some(Self { exchange, response, location, to, is_refused })
    }

    /// Returns the same redirect, if CORS refuses it, or if it changed the origin to `null` and the next response was refused for that.
    pub(super) fn that_is_the_cause(evidence: &Evidence<'a>, refusal: &Refusal) -> Option<Self> {
        let redirect = Self::of(evidence, refusal)?;
        let (_, refused) = evidence.refused(refusal)?;
        let took_the_origin =
            refusal.origin == "null" && is_success(refused) && !evidence.request.origin().is_opaque();
        let matters = refusal.reason.code().is_cors() && (redirect.is_refused || took_the_origin);
        matters.then_some(redirect)
    }

    /// Returns why the request fails there, as a sentence. `after` is that sentence if the response after the redirect was refused.
    pub(super) fn rule(&self, refusal: &Refusal, after: &'static str) -> &'static str {
        match refusal.stage {
            _ if !self.is_refused => after,
            Stage::Preflight => "A preflight may not be redirected.",
            _ => "The redirect has no CORS headers that allow the page, so the browser does not follow it.",
        }
    }

    /// Returns a sentence for a fix, if CORS headers on the redirect would not help: it leads from one foreign origin to another, and the
    /// browser then sends `Origin: null` ([Fetch, HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch)). Redirects of a
    /// preflight are not followed at all.
    pub(super) fn not_enough(&self, evidence: &Evidence<'_>, refusal: &Refusal) -> &'static str {
        let (from, to) = (Origin::of(&self.exchange.url), Origin::of(&self.to));
        let is_lost = !from.same_origin(&to) && !evidence.request.origin().same_origin(&from);
        if is_lost && refusal.stage != Stage::Preflight {
            " CORS headers on the redirect are not enough: after it the browser sends `Origin: null`."
        } else {
            ""
        }
    }

    /// Returns `Certain` if the redirect itself was refused.
    pub(super) fn confidence(&self) -> Confidence {
        if self.is_refused { Confidence::Certain } else { Confidence::Likely }
    }
}
