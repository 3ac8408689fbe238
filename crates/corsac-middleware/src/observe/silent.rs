//! What stands in for events and counters where they are left out.

#![allow(dead_code, reason = "each part is used where a feature is not")]

use corsac::server::{Enforcement, RequestKind};

use crate::failure::LookupFailure;
use crate::outcome::CorsVerdict;

pub(crate) struct Counters;

impl Counters {
    pub(crate) fn new(_: std::sync::Arc<str>) -> Self {
        Self
    }

    pub(crate) fn request(&self, _: RequestKind, _: CorsVerdict) {}

    pub(crate) fn enforced(&self, _: Enforcement, _: &'static str) {}

    pub(crate) fn difference(&self, _: RequestKind, _: &'static str, _: &'static str) {}
}

pub(crate) struct Limiter;

impl Limiter {
    pub(crate) fn new(_: u32) -> Self {
        Self
    }
}

pub(crate) fn lookup_failed(_: &(dyn std::error::Error + Send + Sync)) -> LookupFailure {
    LookupFailure::Failed
}

pub(crate) fn lookup_late(_: std::time::Duration) {}

pub(crate) fn stacked(_: usize) {}

pub(super) mod log {
    use corsac::server::{Decision, RequestHeaders, RequestKind};

    use super::super::Fate;
    use super::{CorsVerdict, Limiter};

    pub(in super::super) fn decided<H: RequestHeaders>(
        _: &Limiter,
        _: &str,
        _: &Decision<'_, H>,
        _: CorsVerdict,
        _: &str,
    ) {
    }

    pub(in super::super) fn enforced<H: RequestHeaders>(
        _: &Limiter,
        _: &str,
        _: &Decision<'_, H>,
        _: &'static str,
        _: &str,
    ) {
    }

    pub(in super::super) fn without_policy(_: &str, _: RequestKind, _: &str, _: CorsVerdict, _: &str) {}

    pub(in super::super) fn compared<H: RequestHeaders>(
        _: &Limiter,
        _: &str,
        _: &Decision<'_, H>,
        _: &Fate,
        _: &Fate,
        _: &str,
    ) {
    }
}
