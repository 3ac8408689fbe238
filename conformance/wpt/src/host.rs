//! The functions that the JavaScript glue calls. Each asks the core, a crate that implements the standard in question, or the network.
//!
//! Bytes that come from JavaScript come as strings of one character for each byte.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use corsac::header::names;
use corsac::{header, method};
use encoding_rs::Encoding;
use rquickjs::function::Opt;
use rquickjs::{Ctx, Exception, Function, Object, Result, TypedArray};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use url::{Url, form_urlencoded, quirks};

use crate::browser::{Browser, PATIENCE, lock};
use crate::message::{Answer, Message, latin1};
use crate::page::Page;

/// What arrives for the page from outside its thread.
pub struct Delivery {
    pub id: u32,
    pub answer: Answer,
    pub body: Vec<u8>,
}

/// What the page has asked of the host.
pub struct State {
    pub page: Arc<Page>,
    pub browser: Arc<Browser>,
    pub tokio: Handle,
    pub deliveries: Sender<Delivery>,
    pub running: HashMap<u32, AbortHandle>,
    /// By when they are due, and in which order they were set.
    pub timers: BTreeMap<(Instant, u64), u32>,
    pub timers_set: u64,
    pub result: Option<String>,
    pub verbose: bool,
}

type Shared = Rc<RefCell<State>>;

/// The `host` object.
pub fn object<'js>(ctx: &Ctx<'js>, state: &Shared) -> Result<Object<'js>> {
    let host = Object::new(ctx.clone())?;
    headers_and_methods(ctx, &host)?;
    urls(ctx, &host)?;
    text(ctx, &host)?;
    requests(ctx, &host, state)?;
    page(ctx, &host, state)?;
    Ok(host)
}

/// Names, values and methods, as the core classifies them.
fn headers_and_methods<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    let set = |name: &str, function: Result<Function<'js>>| host.set(name, function?);
    let new = || ctx.clone();
    set("isToken", Function::new(new(), |name: String| method::is_token(name.as_bytes())))?;
    set("isForbiddenMethod", Function::new(new(), |name: String| method::is_forbidden_method(&name)))?;
    set(
        "normalizeMethod",
        Function::new(new(), |name: String| method::normalize_method(&name).into_owned()),
    )?;
    set(
        "normalizeHeaderValue",
        Function::new(new(), |value: String| {
            header::normalize(&latin1(&value)).iter().map(|byte| char::from(*byte)).collect::<String>()
        }),
    )?;
    set("isHeaderValue", Function::new(new(), |value: String| header::is_header_value(&latin1(&value))))?;
    set(
        "isForbiddenRequestHeader",
        Function::new(new(), |name: String, value: String| {
            header::is_forbidden_request_header(&name, &latin1(&value))
        }),
    )?;
    set(
        "isForbiddenResponseHeaderName",
        Function::new(new(), |name: String| header::is_forbidden_response_header_name(&name)),
    )?;
    set(
        "isNoCorsSafelisted",
        Function::new(new(), |name: String, value: String| {
            header::is_no_cors_safelisted(&name, &latin1(&value))
        }),
    )?;
    set(
        "isNoCorsSafelistedName",
        Function::new(new(), |name: String| header::is_no_cors_safelisted_name(&name)),
    )?;
    set("isPrivilegedNoCors", Function::new(new(), |name: String| name.eq_ignore_ascii_case(names::RANGE)))?;
    set(
        "isMimeType",
        Function::new(new(), |value: String| header::parse_mime_essence(&latin1(&value)).is_some()),
    )?;
    set("blobRange", Function::new(new(), |value: String, size: u64| blob_range(&value, size)))
}

/// [Scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch), "blob", steps 9.1 to 9.7: first and last byte.
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

/// `URL` and form encoding, from the `url` crate.
fn urls<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set(
        "urlParse",
        Function::new(ctx.clone(), |text: String, base: Opt<Option<String>>| {
            let base = match base.0.flatten() {
                Some(base) => Some(Url::parse(&base).ok()?),
                None => None,
            };
            Url::options().base_url(base.as_ref()).parse(&text).ok().map(|url| url_parts(&url))
        })?,
    )?;
    host.set(
        "urlSet",
        Function::new(ctx.clone(), |href: String, part: String, value: String| {
            let mut url = Url::parse(&href).ok()?;
            // The setters that cannot be applied leave the URL as it is, as the URL standard says; only `href` throws.
            match part.as_str() {
                "href" => quirks::set_href(&mut url, &value).map_err(|_| ()).ok()?,
                "protocol" => quirks::set_protocol(&mut url, &value).unwrap_or_default(),
                "username" => quirks::set_username(&mut url, &value).unwrap_or_default(),
                "password" => quirks::set_password(&mut url, &value).unwrap_or_default(),
                "host" => quirks::set_host(&mut url, &value).unwrap_or_default(),
                "hostname" => quirks::set_hostname(&mut url, &value).unwrap_or_default(),
                "port" => quirks::set_port(&mut url, &value).unwrap_or_default(),
                "pathname" => quirks::set_pathname(&mut url, &value),
                "search" => quirks::set_search(&mut url, &value),
                _ => quirks::set_hash(&mut url, &value),
            };
            Some(url_parts(&url))
        })?,
    )?;
    host.set(
        "formParse",
        Function::new(ctx.clone(), |text: String| {
            let pairs = form_urlencoded::parse(text.as_bytes());
            pairs.map(|(name, value)| vec![name.into_owned(), value.into_owned()]).collect::<Vec<_>>()
        })?,
    )?;
    host.set(
        "formSerialize",
        Function::new(ctx.clone(), |pairs: Vec<Vec<String>>| {
            let mut text = form_urlencoded::Serializer::new(String::new());
            for pair in &pairs {
                if let [name, value] = pair.as_slice() {
                    text.append_pair(name, value);
                }
            }
            text.finish()
        })?,
    )
}

/// In the order of `partNames` in url.js.
fn url_parts(url: &Url) -> Vec<String> {
    let parts = [
        url.as_str(),
        &quirks::origin(url),
        quirks::protocol(url),
        quirks::username(url),
        quirks::password(url),
        quirks::host(url),
        quirks::hostname(url),
        quirks::port(url),
        quirks::pathname(url),
        quirks::search(url),
        quirks::hash(url),
    ];
    parts.into_iter().map(str::to_owned).collect()
}

fn text<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set(
        "encode",
        Function::new(ctx.clone(), |ctx: Ctx<'js>, text: String| {
            TypedArray::<u8>::new(ctx, text.into_bytes())
        })?,
    )?;
    host.set(
        "encodingOf",
        Function::new(ctx.clone(), |label: String| {
            Encoding::for_label(label.as_bytes()).map(|encoding| encoding.name().to_ascii_lowercase())
        })?,
    )?;
    host.set(
        "decode",
        Function::new(ctx.clone(), |label: String, bytes: String, fatal: bool, keep_bom: bool| {
            let bytes = latin1(&bytes);
            let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
            let (text, damaged) = if keep_bom {
                encoding.decode_without_bom_handling(&bytes)
            } else {
                encoding.decode_with_bom_removal(&bytes)
            };
            (!(fatal && damaged)).then(|| text.into_owned())
        })?,
    )
}

fn requests<'js>(ctx: &Ctx<'js>, host: &Object<'js>, state: &Shared) -> Result<()> {
    let shared = state.clone();
    host.set(
        "checkRequest",
        Function::new(ctx.clone(), move |ctx: Ctx<'js>, json: String| {
            let message = parse(&ctx, &json)?;
            let answer = Object::new(ctx)?;
            let state = shared.borrow();
            match message.build(&state.page, state.browser.profile) {
                Ok(request) => answer.set("method", request.method())?,
                Err(error) => answer.set("error", error)?,
            }
            Ok::<_, rquickjs::Error>(answer)
        })?,
    )?;
    let shared = state.clone();
    host.set(
        "send",
        Function::new(
            ctx.clone(),
            move |ctx: Ctx<'js>, id: u32, json: String, body: Opt<Option<String>>| {
                let message = parse(&ctx, &json)?;
                let body = body.0.flatten().map(|bytes| latin1(&bytes));
                let mut state = shared.borrow_mut();
                let deliveries = state.deliveries.clone();
                let (page, browser) = (state.page.clone(), state.browser.clone());
                let task = state.tokio.spawn(async move {
                    let (answer, body) = fetch(&message, body, &page, &browser).await;
                    // A page that is over does not listen any more.
                    let _ = deliveries.send(Delivery { id, answer, body });
                });
                state.running.insert(id, task.abort_handle());
                Ok::<_, rquickjs::Error>(())
            },
        )?,
    )?;
    let shared = state.clone();
    host.set(
        "sendSync",
        Function::new(ctx.clone(), move |ctx: Ctx<'js>, json: String, body: Opt<Option<String>>| {
            let message = parse(&ctx, &json)?;
            let body = body.0.flatten().map(|bytes| latin1(&bytes));
            let (page, browser, tokio) = {
                let state = shared.borrow();
                (state.page.clone(), state.browser.clone(), state.tokio.clone())
            };
            let (answer, body) = tokio.block_on(async {
                let error = Answer::Error { error: "no answer came".into() };
                let fetched = fetch(&message, body, &page, &browser);
                tokio::time::timeout(PATIENCE, fetched).await.unwrap_or((error, Vec::new()))
            });
            let pair = rquickjs::Array::new(ctx.clone())?;
            pair.set(0, answer.to_json())?;
            pair.set(1, TypedArray::<u8>::new(ctx, body)?)?;
            Ok::<_, rquickjs::Error>(pair)
        })?,
    )?;
    let shared = state.clone();
    host.set(
        "cancel",
        Function::new(ctx.clone(), move |id: u32| {
            if let Some(task) = shared.borrow_mut().running.remove(&id) {
                task.abort();
            }
        })?,
    )
}

async fn fetch(
    message: &Message,
    body: Option<Vec<u8>>,
    page: &Page,
    browser: &Browser,
) -> (Answer, Vec<u8>) {
    match message.build(page, browser.profile) {
        Ok(request) => browser.fetch(request, message.cache_mode(), body).await,
        Err(error) => (Answer::Error { error }, Vec::new()),
    }
}

fn parse(ctx: &Ctx<'_>, json: &str) -> Result<Message> {
    serde_json::from_str(json).map_err(|error| Exception::throw_internal(ctx, &error.to_string()))
}

fn page<'js>(ctx: &Ctx<'js>, host: &Object<'js>, state: &Shared) -> Result<()> {
    let description = {
        let page = &state.borrow().page;
        let metas =
            page.metas.iter().map(|(name, content)| serde_json::json!({ "name": name, "content": content }));
        serde_json::json!({
            "url": page.url.as_str(),
            "title": page.title,
            "metas": metas.collect::<Vec<_>>(),
            "secure": page.url.scheme() == "https",
            "userAgent": "Mozilla/5.0 (compatible; corsac)",
        })
    };
    host.set("page", description.to_string())?;
    let shared = state.clone();
    host.set(
        "startTimer",
        Function::new(ctx.clone(), move |id: u32, milliseconds: f64| {
            let wait =
                Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or(PATIENCE).min(PATIENCE * 2);
            let mut state = shared.borrow_mut();
            state.timers_set += 1;
            let key = (Instant::now() + wait, state.timers_set);
            state.timers.insert(key, id);
        })?,
    )?;
    let shared = state.clone();
    host.set(
        "cookies",
        Function::new(ctx.clone(), move || {
            let state = shared.borrow();
            lock(&state.browser.jar).of_document(&state.page.url)
        })?,
    )?;
    let shared = state.clone();
    host.set(
        "setCookie",
        Function::new(ctx.clone(), move |line: String| {
            let state = shared.borrow();
            lock(&state.browser.jar).set(&state.page.url, &line, true);
        })?,
    )?;
    let shared = state.clone();
    host.set(
        "done",
        Function::new(ctx.clone(), move |json: String| {
            shared.borrow_mut().result = Some(json);
        })?,
    )?;
    let verbose = state.borrow().verbose;
    host.set(
        "log",
        Function::new(ctx.clone(), move |line: String| {
            if verbose {
                eprintln!("  | {line}");
            }
        })?,
    )?;
    host.set("uuid", Function::new(ctx.clone(), uuid)?)
}

/// Different in each call is all that is wanted of it.
fn uuid() -> String {
    use std::hash::{BuildHasher, RandomState};
    let bits = || RandomState::new().hash_one(Instant::now());
    format!("{:016x}{:016x}", bits(), bits())
}
