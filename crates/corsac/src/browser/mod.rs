//! The browser half: what a browser sends, checks and shows to script.
//!
//! Start with [`Fetch`]. The other modules are the algorithms of the standard, one file each.

mod address_space;
mod body;
mod charset;
mod client;
mod cors_check;
mod engine;
mod exchange;
mod fetch;
mod fetch_metadata;
mod fetched;
mod flight;
mod http_fetch;
mod load;
mod load_check;
mod local_network;
mod main_fetch;
mod mixed_content;
mod origin_header;
mod outcome;
mod preflight;
mod preflight_cache;
mod reason;
mod reason_code;
mod redirect;
mod referrer;
mod refusal;
mod request;
mod request_error;
mod request_values;
mod resource_policy;
mod response_filter;
mod script_headers;
mod timing;
mod trace;
mod verdict;

pub use address_space::AddressSpace;
pub use body::{BodyInit, BodyKind};
pub use client::{Client, EmbedderPolicy, Permission};
pub use engine::{
    BodyHeaders, CacheRules, CachedWildcard, ClearedBy, CrossSiteReferrer, DroppedHeaders, EmptyLocation,
    Engine, LoadRules, LocalNetworkAccess, NullOrigin, OpaqueResponseBlocking, PreflightAfterRedirect,
    Profile, RefusedHeaders, StreamBody, XhrCharset,
};
pub use exchange::{
    Exchange, ExchangeKind, NetworkError, NetworkErrorKind, ResponseHead, is_redirect_status,
};
pub use fetch::{Fetch, Step};
pub use fetched::{CompletedExchange, Fetched};
pub use load::{CrossOrigin, Load};
pub use outcome::{FilteredResponse, Outcome, ResponseType};
pub use preflight_cache::PreflightCache;
pub use reason::Reason;
pub use reason_code::{ReasonCode, UnknownReasonCode};
pub use refusal::{Refusal, RefusedRedirect, ResponseTainting};
pub use request::{Api, Request, RequestInit};
pub use request_error::RequestError;
pub use request_values::{CacheMode, Credentials, Mode, RedirectMode, ReferrerPolicy, UnknownValue};
pub use trace::{Rule, RuleResult, Trace, TraceEntry};
pub use verdict::{Stage, Verdict};
