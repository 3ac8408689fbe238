//! A part of a server that has one source of policies.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{HOST, HeaderName, HeaderValue};

use crate::handle::PolicyHandle;
use crate::lookup::OriginLookup;
use crate::observe::{Limiter, Observer};
use crate::source::{PolicySource, SourceKind};

/// A part of a server that has one source of policies, or all of it but these parts.
pub(crate) struct Site {
    pub(crate) source: SourceKind,
    /// Asked about origins that a policy of this source does not list.
    pub(crate) lookup: Option<OriginLookup>,
    /// The policy to compare with. Parts have none.
    pub(crate) report_only: Option<PolicyHandle>,
    pub(crate) observer: Observer,
    /// What lookups and choices depend on.
    pub(crate) vary: Option<HeaderValue>,
    pub(crate) shared: Arc<Shared>,
}

/// What all parts of one [`Cors`](crate::Cors) have in common.
pub(crate) struct Shared {
    pub(crate) outcome_for_handlers: bool,
    pub(crate) limiter: Limiter,
}

impl Site {
    pub(crate) fn new(
        source: PolicySource,
        name: &str,
        report_only: Option<PolicyHandle>,
        shared: &Arc<Shared>,
    ) -> Self {
        let declared = source.lookup.as_ref().map_or(&[][..], OriginLookup::declared);
        let mut names: Vec<&str> = source
            .reads
            .iter()
            .chain(declared)
            .filter(|name| *name != HOST)
            .map(HeaderName::as_str)
            .collect();
        names.sort_unstable();
        names.dedup();
        let vary = HeaderValue::from_str(&names.join(", ")).ok().filter(|_| !names.is_empty());
        let name: Arc<str> = source.name.unwrap_or_else(|| Cow::Owned(name.to_owned())).into();
        Self {
            observer: Observer::new(name),
            source: source.kind,
            lookup: source.lookup,
            report_only,
            vary,
            shared: Arc::clone(shared),
        }
    }
}
