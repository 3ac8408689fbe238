//! Who takes part, and in which service.

mod actix;
mod axum;
mod bare;
mod decision;

use crate::Cell;
use crate::cases::{Case, Origins};

/// Around what the CORS library stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A tower service that answers at once.
    Bare,
    /// A route of an axum router.
    Axum,
    /// A route of an actix-web app.
    Actix,
}

impl Setting {
    pub const ALL: [Self; 3] = [Self::Bare, Self::Axum, Self::Actix];

    pub fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Axum => "axum",
            Self::Actix => "actix",
        }
    }
}

/// A CORS library, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// The service alone.
    None,
    /// The middleware for the setting.
    Corsac,
    /// `Policy::decide` and `apply`, without any service.
    CorsacDecision,
    /// `tower_http::cors::CorsLayer`.
    TowerHttp,
    /// `actix_cors::Cors`.
    ActixCors,
}

impl Contender {
    pub const ALL: [Self; 5] =
        [Self::None, Self::Corsac, Self::CorsacDecision, Self::TowerHttp, Self::ActixCors];

    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Corsac => "corsac",
            Self::CorsacDecision => "decision",
            Self::TowerHttp => "tower-http",
            Self::ActixCors => "actix-cors",
        }
    }
}

/// Sends requests, so many on each call.
pub struct Runner(Box<dyn FnMut(usize)>);

impl Runner {
    pub fn new(run: impl FnMut(usize) + 'static) -> Self {
        Self(Box::new(run))
    }

    pub fn run(&mut self, count: usize) {
        (self.0)(count);
    }
}

/// Makes runners that share one layer, each in the thread that wants it.
pub struct Source(Box<dyn Fn() -> Runner + Send + Sync>);

impl Source {
    fn new(make: impl Fn() -> Runner + Send + Sync + 'static) -> Self {
        Self(Box::new(make))
    }

    pub fn runner(&self) -> Runner {
        (self.0)()
    }
}

/// A contender in its place; `None` where it has none.
pub fn runner(cell: Cell) -> Option<Runner> {
    if peer_copies_too_much(cell) {
        return None;
    }
    match (cell.setting, cell.contender) {
        (Setting::Bare, Contender::CorsacDecision) => Some(decision::runner(cell)),
        (_, Contender::CorsacDecision) => None,
        (Setting::Bare | Setting::Axum, _) => shared(cell).map(|source| source.runner()),
        (Setting::Actix, _) => actix::runner(cell),
    }
}

/// A contender whose layer several threads can share. actix-web makes its middleware anew in each worker, so it has none.
pub fn shared(cell: Cell) -> Option<Source> {
    match cell.setting {
        Setting::Bare => bare::source(cell),
        Setting::Axum => axum::source(cell),
        Setting::Actix => None,
    }
}

/// Peers that copy or scan their whole list for each request are left out from a million on: a request would take 40 ms.
fn peer_copies_too_much(cell: Cell) -> bool {
    let is_peer = matches!(cell.contender, Contender::TowerHttp | Contender::ActixCors);
    is_peer && cell.origins.count() > 100_000
}

/// Before anything is timed: does each contender do what its case says?
pub fn check_all() {
    for origins in [Origins::Exact(10), Origins::Wildcards(1_000)] {
        for case in Case::ALL {
            bare::check(origins, case);
            axum::check(origins, case);
            actix::check(origins, case);
        }
    }
}

/// Should this case's response name the origin?
fn is_told(case: Case) -> bool {
    matches!(case, Case::Allowed | Case::PreflightAllowed)
}
