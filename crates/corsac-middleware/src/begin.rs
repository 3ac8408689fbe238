//! The beginning of a request: a decision at once, or after a lookup.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use corsac::origin::Origin;
use corsac::server::{Decision, Enforce, Enforcement, Policy, PolicyRefusal, RequestKind};
use http::header::UPGRADE;

use crate::cors::{Cors, Site};
use crate::judged::Judged;
use crate::lookup::LookupFailure;
use crate::nobody::NOBODY;
use crate::observe;
use crate::outcome::Verdict;
use crate::request::{Kept, RequestView};
use crate::source::SourceKind;

/// A decision, or a lookup that has to come first.
///
/// ```
/// use corsac::server::Policy;
/// use corsac_middleware::{Begun, Cors, RequestView};
/// let cors = Cors::new(Policy::builder(["*"]).build().unwrap());
/// let request = http::Request::get("/").body(()).unwrap();
/// assert!(matches!(cors.begin(&RequestView::of(&request)), Begun::Now(_)));
/// ```
#[derive(Debug)]
pub enum Begun {
    /// It is decided.
    Now(Judged),
    /// A lookup is asked first.
    Later(Later),
}

/// A decision that waits for a lookup. It always comes: a lookup that takes too long refuses.
///
/// ```
/// use corsac_middleware::{Begun, Judged};
/// async fn judged(begun: Begun) -> Judged {
///     match begun {
///         Begun::Now(judged) => judged,
///         Begun::Later(later) => later.await,
///     }
/// }
/// ```
pub struct Later {
    meanwhile: Meanwhile,
    judged: Pin<Box<dyn Future<Output = Judged> + Send>>,
}

/// What an adapter may do with the request while it waits.
///
/// ```
/// assert_ne!(corsac_middleware::Meanwhile::Wait, corsac_middleware::Meanwhile::Forward);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meanwhile {
    /// Nothing: the request is a preflight, and the service never sees it.
    Drop,
    /// Let the service answer already: the decision is only about who may read the response.
    Forward,
    /// Keep it: it may be that the service must not see it, or the service reads the outcome.
    Wait,
}

impl Later {
    /// What may be done while it is waited for.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, Meanwhile, OriginLookup, RequestView};
    /// let cors = Cors::builder(Policy::builder(["https://app.example"]).build().unwrap())
    ///     .origins(OriginLookup::future(|_| async { Ok::<_, std::io::Error>(true) }))
    ///     .build()?;
    /// let request = http::Request::get("/").header("origin", "https://acme.example").body(()).unwrap();
    /// let Begun::Later(later) = cors.begin(&RequestView::of(&request)) else { unreachable!() };
    /// assert_eq!(later.meanwhile(), Meanwhile::Forward);
    /// # Ok::<(), corsac_middleware::BuildError>(())
    /// ```
    pub fn meanwhile(&self) -> Meanwhile {
        self.meanwhile
    }
}

impl Future for Later {
    type Output = Judged;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Judged> {
        self.judged.as_mut().poll(context)
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Later").field("meanwhile", &self.meanwhile).finish_non_exhaustive()
    }
}

/// What a lookup said about the origin, if one was asked.
type Answer = Option<Result<bool, LookupFailure>>;

impl Cors {
    /// Decides about a request, or begins to.
    ///
    /// ```
    /// # use corsac::server::Policy;
    /// # use corsac_middleware::{Begun, Cors, RequestView, Step};
    /// let cors = Cors::new(Policy::builder(["https://app.example"]).build().unwrap());
    /// let preflight = http::Request::options("/")
    ///     .header("origin", "https://app.example")
    ///     .header("access-control-request-method", "POST")
    ///     .body(())
    ///     .unwrap();
    /// let Begun::Now(judged) = cors.begin(&RequestView::of(&preflight)) else { unreachable!("no lookup is involved") };
    /// assert_eq!(judged.step(), Step::AnswerPreflight);
    /// ```
    pub fn begin(&self, request: &RequestView<'_>) -> Begun {
        self.site(request.path).begin(request)
    }
}

impl Site {
    fn begin(self: &Arc<Self>, request: &RequestView<'_>) -> Begun {
        let policy = match &self.source {
            SourceKind::Fixed(policy) => return self.begin_with(policy, request),
            SourceKind::Handle(handle) => return handle.with(|policy| self.begin_with(policy, request)),
            SourceKind::Selected(select) => select(request),
            SourceKind::Tenants(tenants) => match tenants.key(request) {
                None => None,
                Some(tenant) => {
                    let tenants = tenants.clone();
                    return self.later(request, None, async move |site, request| {
                        match tenants.policy(tenant).await {
                            Ok(Some(policy)) => site.judge_later(&policy, &request.view()).await,
                            Ok(None) => site.without_policy(&request.view()),
                            Err(failure) => match tenants.stand_in() {
                                Some(policy) => site.judge(policy, &request.view(), Some(Err(failure))),
                                None => site.without_policy(&request.view()),
                            },
                        }
                    });
                }
            },
        };
        match policy {
            Some(policy) => self.begin_with(&policy, request),
            None => Begun::Now(self.without_policy(request)),
        }
    }

    fn begin_with(self: &Arc<Self>, policy: &Policy, request: &RequestView<'_>) -> Begun {
        let answer = match (&self.lookup, self.unlisted_origin(policy, request)) {
            (Some(lookup), Some(_)) if lookup.takes_time() => {
                let known = policy.clone();
                return self.later(request, Some(policy), async move |site, request| {
                    site.judge_later(&known, &request.view()).await
                });
            }
            (Some(lookup), Some(origin)) => Some(lookup.now(origin, request)),
            _ => None,
        };
        Begun::Now(self.judge(policy, request, answer))
    }

    /// Keeps what a decision needs of the request, and what may be done with the request until then.
    fn later<F, J>(self: &Arc<Self>, request: &RequestView<'_>, policy: Option<&Policy>, judge: F) -> Begun
    where
        F: FnOnce(Arc<Self>, Kept) -> J,
        J: Future<Output = Judged> + Send + 'static,
    {
        let changes = !request.method.is_safe() || request.headers.contains_key(UPGRADE);
        let may_block = policy.is_none_or(|policy| policy.enforces() == Enforce::Block) && changes;
        let meanwhile = if RequestKind::of(request.method, request.headers) == RequestKind::Preflight {
            Meanwhile::Drop
        } else if may_block || self.shared.outcome_for_handlers {
            Meanwhile::Wait
        } else {
            Meanwhile::Forward
        };
        let declared = self.lookup.as_ref().map_or(&[][..], |lookup| lookup.declared());
        Begun::Later(Later {
            meanwhile,
            judged: Box::pin(judge(Arc::clone(self), Kept::of(request, declared))),
        })
    }

    async fn judge_later(self: &Arc<Self>, policy: &Policy, request: &RequestView<'_>) -> Judged {
        let answer = match (&self.lookup, self.unlisted_origin(policy, request)) {
            (Some(lookup), Some(origin)) => Some(lookup.answer(origin, request).await),
            _ => None,
        };
        self.judge(policy, request, answer)
    }

    /// The origin to ask about, when there is a lookup and one of the policies does not list it.
    fn unlisted_origin(&self, policy: &Policy, request: &RequestView<'_>) -> Option<Origin> {
        self.lookup.as_ref()?;
        let candidate = self.report_only.as_ref();
        let reported = || candidate?.with(|candidate| candidate.unlisted_origin(request.headers));
        policy.unlisted_origin(request.headers).or_else(reported)
    }

    fn judge(self: &Arc<Self>, policy: &Policy, request: &RequestView<'_>, answer: Answer) -> Judged {
        let (decision, enforcement) = decide(policy, request, answer);
        let verdict = match (decision.refusal(), answer) {
            (Some(_), _) if request.is_same_origin(decision.kind()) => Verdict::SameOrigin,
            (Some(PolicyRefusal::OriginNotAllowed), Some(Err(failure))) => Verdict::LookupFailed(failure),
            (Some(refusal), _) => Verdict::Refused(refusal),
            (None, _) if decision.kind() == RequestKind::WithoutOrigin => Verdict::NotAsked,
            (None, _) => Verdict::Allowed,
        };
        let judged = Judged {
            site: Arc::clone(self),
            kind: decision.kind(),
            verdict,
            enforcement,
            decision: Some(decision),
        };
        observe::judged(&judged, request);
        if let Some(candidate) = &self.report_only {
            let other = candidate.with(|candidate| decide(candidate, request, answer));
            observe::difference(&judged, &other.0, other.1, request);
        }
        judged
    }

    fn without_policy(self: &Arc<Self>, request: &RequestView<'_>) -> Judged {
        let kind = RequestKind::of(request.method, request.headers);
        // No preflight ever reaches a handler.
        let nobody = NOBODY.as_ref().filter(|_| kind == RequestKind::Preflight);
        let decision = nobody.map(|policy| policy.decide(request.method, request.headers));
        let (verdict, enforcement) = (Verdict::NoPolicy, Enforcement::Pass);
        let judged = Judged { site: Arc::clone(self), decision, kind, verdict, enforcement };
        observe::judged(&judged, request);
        judged
    }
}

fn decide(policy: &Policy, request: &RequestView<'_>, answer: Answer) -> (Decision, Enforcement) {
    let decision = match answer {
        None => policy.decide(request.method, request.headers),
        Some(answer) => policy.decide_with(request.method, request.headers, |_| answer == Ok(true)),
    };
    let enforcement = decision.enforce(request.method, request.headers, request.uri_authority);
    (decision, enforcement)
}
