//! Replacements that do nothing, for events and counters whose feature is off.

#![allow(dead_code, reason = "each item is used if its feature is off")]

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

pub(crate) fn lookup_timed_out(_: std::time::Duration) {}

pub(crate) fn nested_layers(_: usize) {}

pub(crate) fn forget_layer(_: usize) {}

pub(super) mod log {
    use corsac::server::{Decision, RequestHeaders, RequestKind};

    use super::super::Effect;
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
        _: &Effect,
        _: &Effect,
        _: &str,
    ) {
    }
}
