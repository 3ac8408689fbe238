//! Requests: checked as script makes them, sent, and aborted.

use rquickjs::function::Opt;
use rquickjs::{Array, Ctx, Exception, Object, Result, TypedArray};

use super::{Delivery, Host, Shared};
use crate::browser::{Browser, PATIENCE};
use crate::message::{Answer, Message, latin1};
use crate::page::Page;

pub(super) fn add<'js>(host: &Host<'js>, state: &Shared) -> Result<()> {
    let shared = state.clone();
    host.function("checkRequest", move |ctx: Ctx<'js>, json: String| check(&shared, ctx, &json))?;
    let shared = state.clone();
    host.function("send", move |ctx: Ctx<'js>, id: u32, json: String, body: Opt<Option<String>>| {
        send(&shared, &ctx, id, &json, bytes(body))
    })?;
    let shared = state.clone();
    host.function("sendSync", move |ctx: Ctx<'js>, json: String, body: Opt<Option<String>>| {
        send_sync(&shared, ctx, &json, bytes(body))
    })?;
    let shared = state.clone();
    host.function("cancel", move |id: u32| {
        if let Some(task) = shared.borrow_mut().running.remove(&id) {
            task.abort();
        }
    })
}

fn bytes(body: Opt<Option<String>>) -> Option<Vec<u8>> {
    body.0.flatten().map(|bytes| latin1(&bytes))
}

/// What the constructor of `Request` returns: the method, or an error.
fn check<'js>(shared: &Shared, ctx: Ctx<'js>, json: &str) -> Result<Object<'js>> {
    let message = parse(&ctx, json)?;
    let answer = Object::new(ctx)?;
    let state = shared.borrow();
    match message.build(&state.page, state.browser.profile) {
        Ok(request) => answer.set("method", request.method())?,
        Err(error) => answer.set("error", error)?,
    }
    Ok(answer)
}

fn send(shared: &Shared, ctx: &Ctx<'_>, id: u32, json: &str, body: Option<Vec<u8>>) -> Result<()> {
    let message = parse(ctx, json)?;
    let mut state = shared.borrow_mut();
    let deliveries = state.deliveries.clone();
    let (page, browser) = (state.page.clone(), state.browser.clone());
    let task = state.tokio.spawn(async move {
        let (answer, body) = fetch(&message, body, &page, &browser).await;
        // A page that has ended does not receive anything more.
        let _ = deliveries.send(Delivery { id, answer, body });
    });
    state.running.insert(id, task.abort_handle());
    Ok(())
}

/// A synchronous `XMLHttpRequest`: the response, and its body.
fn send_sync<'js>(shared: &Shared, ctx: Ctx<'js>, json: &str, body: Option<Vec<u8>>) -> Result<Array<'js>> {
    let message = parse(&ctx, json)?;
    let (page, browser, tokio) = {
        let state = shared.borrow();
        (state.page.clone(), state.browser.clone(), state.tokio.clone())
    };
    let (answer, body) = tokio.block_on(async {
        let error = Answer::Error { error: "there was no response".into() };
        let fetched = fetch(&message, body, &page, &browser);
        tokio::time::timeout(PATIENCE, fetched).await.unwrap_or((error, Vec::new()))
    });
    let pair = Array::new(ctx.clone())?;
    pair.set(0, answer.to_json())?;
    pair.set(1, TypedArray::<u8>::new(ctx, body)?)?;
    Ok(pair)
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
