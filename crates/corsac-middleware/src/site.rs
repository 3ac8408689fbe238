//! A part of a server that has one source of policies.

use std::borrow::Cow;
use std::sync::Arc;

use arc_swap::ArcSwap;
use corsac::server::{PathMap, Placed, Placement};
use http::header::{HOST, HeaderName, HeaderValue};

use crate::handle::{PlacementHandle, PolicyHandle};
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
    /// The parts of its own, where the source is a placement.
    pub(crate) placed: Option<PlacedSites>,
}

/// The sites of a placement, made anew when it was replaced.
pub(crate) struct PlacedSites {
    handle: PlacementHandle,
    current: ArcSwap<Sites>,
    /// The main policy's lookup, and what it declares; nothing else of the source counts.
    template: PolicySource,
    report_only: Option<PolicyHandle>,
}

struct Sites {
    /// What they were made of.
    placement: Arc<Placement>,
    main: Arc<Site>,
    parts: PathMap<Arc<Site>>,
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
        let placed = match &source.kind {
            SourceKind::Placed(handle) => {
                Some(PlacedSites::new(handle, &source, report_only.as_ref(), shared))
            }
            _ => None,
        };
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
            placed,
        }
    }
}

impl PlacedSites {
    fn new(
        handle: &PlacementHandle,
        template: &PolicySource,
        report_only: Option<&PolicyHandle>,
        shared: &Arc<Shared>,
    ) -> Self {
        Self {
            handle: handle.clone(),
            current: ArcSwap::from_pointee(Sites::of(&handle.current(), template, report_only, shared)),
            template: template.clone(),
            report_only: report_only.cloned(),
        }
    }

    /// Uses the site that the placement has for a path.
    pub(crate) fn with<T>(&self, path: &str, shared: &Arc<Shared>, see: impl FnOnce(&Arc<Site>) -> T) -> T {
        let mut sites = self.current.load();
        self.handle.with(|placement| {
            if !Arc::ptr_eq(placement, &sites.placement) {
                let anew = Sites::of(placement, &self.template, self.report_only.as_ref(), shared);
                self.current.store(Arc::new(anew));
                sites = self.current.load();
            }
        });
        see(sites.parts.get(path).unwrap_or(&sites.main))
    }
}

impl Sites {
    fn of(
        placement: &Arc<Placement>,
        template: &PolicySource,
        report_only: Option<&PolicyHandle>,
        shared: &Arc<Shared>,
    ) -> Self {
        let site = |placed: &Placed, lookup: Option<OriginLookup>, report_only| {
            let mut source = PolicySource::from(placed.choice.clone()).reads(template.reads.clone());
            source.lookup = lookup;
            Arc::new(Site::new(source, &placed.name, report_only, shared))
        };
        let mut parts = PathMap::new();
        for (prefix, placed) in placement.parts() {
            parts.insert(prefix.clone(), site(placed, None, None));
        }
        let main = site(placement.main(), template.lookup.clone(), report_only.cloned());
        Self { placement: Arc::clone(placement), main, parts }
    }
}
