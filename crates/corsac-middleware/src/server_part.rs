//! A part of a server, and where its policy comes from.

use std::borrow::Cow;
use std::sync::Arc;

use arc_swap::ArcSwap;
use corsac::server::{PathMap, Placed, Placement};
use http::header::{HOST, HeaderName, HeaderValue};

use crate::handle::{PlacementHandle, PolicyHandle};
use crate::lookup::OriginLookup;
use crate::observe::{self, Limiter, Observer};
use crate::source::{PolicySource, SourceKind};

/// A part of a server that takes its policies from one source. The main part is the whole server without the others.
pub(crate) struct ServerPart {
    pub(crate) source: SourceKind,
    /// Asked about origins that a policy of this source does not list.
    pub(crate) lookup: Option<OriginLookup>,
    /// The policy to compare with. Only the main part has one.
    pub(crate) report_only: Option<PolicyHandle>,
    pub(crate) observer: Observer,
    /// The request headers that lookups and choices depend on, as a value of `Vary`.
    pub(crate) vary: Option<HeaderValue>,
    pub(crate) shared: Arc<Shared>,
    /// The parts of the placement, if the source is one.
    pub(crate) placed: Option<PlacedParts>,
}

/// The parts of a placement. They are built again when the placement has been replaced.
pub(crate) struct PlacedParts {
    handle: PlacementHandle,
    current: ArcSwap<PartsOfPlacement>,
    /// Holds the lookup of the main part and the headers that it declares. Its other fields are not used.
    template: PolicySource,
    report_only: Option<PolicyHandle>,
}

struct PartsOfPlacement {
    /// The placement that they were built from.
    placement: Arc<Placement>,
    main: Arc<ServerPart>,
    others: PathMap<Arc<ServerPart>>,
}

/// What all parts of one [`Cors`](crate::Cors) share.
pub(crate) struct Shared {
    pub(crate) outcome_for_handlers: bool,
    pub(crate) limiter: Limiter,
}

impl Drop for Shared {
    fn drop(&mut self) {
        observe::forget_layer(std::ptr::from_ref(self).addr());
    }
}

impl ServerPart {
    pub(crate) fn new(
        source: PolicySource,
        name: &str,
        report_only: Option<PolicyHandle>,
        shared: &Arc<Shared>,
    ) -> Self {
        let placed = match &source.kind {
            SourceKind::Placed(handle) => {
                Some(PlacedParts::new(handle, &source, report_only.as_ref(), shared))
            }
            _ => None,
        };
        let declared = source.lookup.as_ref().map_or(&[][..], OriginLookup::declared_headers);
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

impl PlacedParts {
    fn new(
        handle: &PlacementHandle,
        template: &PolicySource,
        report_only: Option<&PolicyHandle>,
        shared: &Arc<Shared>,
    ) -> Self {
        let parts = PartsOfPlacement::new(&handle.current(), template, report_only, shared);
        Self {
            handle: handle.clone(),
            current: ArcSwap::from_pointee(parts),
            template: template.clone(),
            report_only: report_only.cloned(),
        }
    }

    /// Calls `use_part` with the part that the placement has for a path.
    pub(crate) fn with<T>(
        &self,
        path: &str,
        shared: &Arc<Shared>,
        use_part: impl FnOnce(&Arc<ServerPart>) -> T,
    ) -> T {
        let mut parts = self.current.load();
        self.handle.with(|placement| {
            if !Arc::ptr_eq(placement, &parts.placement) {
                let rebuilt =
                    PartsOfPlacement::new(placement, &self.template, self.report_only.as_ref(), shared);
                self.current.store(Arc::new(rebuilt));
                parts = self.current.load();
            }
        });
        use_part(parts.others.get(path).unwrap_or(&parts.main))
    }
}

impl PartsOfPlacement {
    fn new(
        placement: &Arc<Placement>,
        template: &PolicySource,
        report_only: Option<&PolicyHandle>,
        shared: &Arc<Shared>,
    ) -> Self {
        let part = |placed: &Placed, lookup: Option<OriginLookup>, report_only| {
            let mut source = PolicySource::from(placed.choice.clone()).reads(template.reads.clone());
            source.lookup = lookup;
            Arc::new(ServerPart::new(source, &placed.name, report_only, shared))
        };
        let mut others = PathMap::new();
        for (prefix, placed) in placement.parts() {
            others.insert(prefix.clone(), part(placed, None, None));
        }
        let main = part(placement.main(), template.lookup.clone(), report_only.cloned());
        Self { placement: Arc::clone(placement), main, others }
    }
}
