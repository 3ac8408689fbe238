//! The functions that the JavaScript glue calls. Each uses the core, a crate that implements the standard in question, or the network.
//!
//! Bytes from JavaScript are passed as strings with one character for each byte.

mod page;
mod requests;
mod text;
mod urls;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use corsac::header::names;
use corsac::{header, method};
use rquickjs::function::IntoJsFunc;
use rquickjs::{Ctx, Function, Object, Result};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::browser::Browser;
use crate::message::{Answer, latin1};
use crate::page::Page;

/// What reaches the page from outside its thread.
pub struct Delivery {
    pub id: u32,
    pub answer: Answer,
    pub body: Vec<u8>,
}

/// What the page has requested of the host.
pub struct State {
    pub page: Arc<Page>,
    pub browser: Arc<Browser>,
    pub tokio: Handle,
    pub deliveries: Sender<Delivery>,
    pub running: HashMap<u32, AbortHandle>,
    /// Timers, by the time at which they fire and the order in which they were set.
    pub timers: BTreeMap<(Instant, u64), u32>,
    pub timers_set: u64,
    pub result: Option<String>,
    pub verbose: bool,
}

type Shared = Rc<RefCell<State>>;

/// The `host` object.
pub fn object<'js>(ctx: &Ctx<'js>, state: &Shared) -> Result<Object<'js>> {
    let host = Host { ctx: ctx.clone(), object: Object::new(ctx.clone())? };
    headers_and_methods(&host)?;
    urls::add(&host)?;
    text::add(&host)?;
    requests::add(&host, state)?;
    page::add(&host, state)?;
    Ok(host.object)
}

/// The `host` object while its functions are added.
struct Host<'js> {
    ctx: Ctx<'js>,
    object: Object<'js>,
}

impl<'js> Host<'js> {
    fn function<P>(&self, name: &str, function: impl IntoJsFunc<'js, P> + 'js) -> Result<()> {
        self.object.set(name, Function::new(self.ctx.clone(), function)?)
    }
}

/// Classification of header names, header values and methods, by the core.
fn headers_and_methods(host: &Host<'_>) -> Result<()> {
    host.function("isToken", |name: String| method::is_token(name.as_bytes()))?;
    host.function("isForbiddenMethod", |name: String| method::is_forbidden_method(&name))?;
    host.function("normalizeMethod", |name: String| method::normalize_method(&name).into_owned())?;
    host.function("normalizeHeaderValue", |value: String| {
        header::normalize(&latin1(&value)).iter().map(|byte| char::from(*byte)).collect::<String>()
    })?;
    host.function("isHeaderValue", |value: String| header::is_header_value(&latin1(&value)))?;
    host.function("isForbiddenRequestHeader", |name: String, value: String| {
        header::is_forbidden_request_header(&name, &latin1(&value))
    })?;
    host.function("isForbiddenResponseHeaderName", |name: String| {
        header::is_forbidden_response_header_name(&name)
    })?;
    host.function("isNoCorsSafelisted", |name: String, value: String| {
        header::is_no_cors_safelisted(&name, &latin1(&value))
    })?;
    host.function("isNoCorsSafelistedName", |name: String| header::is_no_cors_safelisted_name(&name))?;
    host.function("isPrivilegedNoCors", |name: String| name.eq_ignore_ascii_case(names::RANGE))?;
    host.function("isMimeType", |value: String| header::parse_mime_essence(&latin1(&value)).is_some())?;
    host.function("blobRange", |value: String, size: u64| blob_range(&value, size))
}

/// [Scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch), "blob", steps 9.1 to 9.7: the first and last byte.
fn blob_range(value: &str, size: u64) -> Option<Vec<u64>> {
    let range = header::parse_single_range(&latin1(value), true)?;
    let last = size.saturating_sub(1);
    let (start, end) = match (range.start, range.end) {
        (None, Some(length)) => (size.saturating_sub(length), last),
        (Some(start), Some(end)) => (start, end.min(last)),
        (Some(start), None) => (start, last),
        (None, None) => return None,
    };
    (start < size).then(|| vec![start, end])
}
