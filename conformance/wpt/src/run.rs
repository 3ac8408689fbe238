//! One page: the JavaScript engine, the glue, and the event loop.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rquickjs::context::EvalOptions;
use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, Runtime, TypedArray};
use serde::Deserialize;
use tokio::runtime::Handle;

use crate::browser::{Browser, PATIENCE};
use crate::host::{self, Delivery, State};
use crate::page::{Page, REPORTER};

/// The glue, in the order in which its parts depend on each other.
const GLUE: &[&str] = &[
    include_str!("js/webidl.js"),
    include_str!("js/events.js"),
    include_str!("js/url.js"),
    include_str!("js/streams.js"),
    include_str!("js/body.js"),
    include_str!("js/fetch.js"),
    include_str!("js/xhr.js"),
    include_str!("js/timing.js"),
    include_str!("js/window.js"),
];

/// What testharness.js reports.
#[derive(Debug, Default, Deserialize)]
pub struct Report {
    /// 0 if the harness itself ended without an error.
    pub status: u8,
    pub message: String,
    pub tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
pub struct Test {
    pub name: String,
    /// 0 if it passed.
    pub status: u8,
    pub message: String,
}

/// The functions that the glue exports.
struct Entry<'js> {
    deliver: Function<'js>,
    fire_timer: Function<'js>,
    finish_loading: Function<'js>,
    install_reporter: Function<'js>,
    report_exception: Function<'js>,
}

/// Runs a page to the end of its tests.
pub fn run(
    page: &Arc<Page>,
    browser: Arc<Browser>,
    tokio: Handle,
    verbose: bool,
) -> Result<Report, Box<dyn Error>> {
    let (deliveries, arrived) = mpsc::channel();
    let state = Rc::new(RefCell::new(State {
        page: page.clone(),
        browser,
        tokio,
        deliveries,
        running: HashMap::new(),
        timers: BTreeMap::new(),
        timers_set: 0,
        result: None,
        verbose,
    }));
    let runtime = Runtime::new()?;
    let started = Instant::now();
    runtime.set_interrupt_handler(Some(Box::new(move || started.elapsed() > PATIENCE * 2)));
    let context = Context::full(&runtime)?;
    context.with(|ctx| {
        let outcome = load(&ctx, &state, page).map(|entry| live(&ctx, &entry, &state, &arrived));
        outcome.catch(&ctx).map_err(|error| error.to_string())
    })??;
    for (_, task) in state.borrow_mut().running.drain() {
        task.abort();
    }
    let result = state.borrow_mut().result.take();
    let json = result.ok_or("the page did not finish in time")?;
    Ok(serde_json::from_str(&json)?)
}

fn load<'js>(ctx: &Ctx<'js>, state: &Rc<RefCell<State>>, page: &Page) -> rquickjs::Result<Entry<'js>> {
    let glue = format!("(function (host) {{ \"use strict\";\n{}\n}})", GLUE.join("\n"));
    let glue: Function<'js> = ctx.eval_with_options(glue, options("glue.js", true))?;
    let parts: Vec<Function<'js>> = glue.call((host::object(ctx, state)?,))?;
    let [deliver, fire_timer, finish_loading, install_reporter, report_exception] = parts.as_slice() else {
        return Err(rquickjs::Error::Unknown);
    };
    let entry = Entry {
        deliver: deliver.clone(),
        fire_timer: fire_timer.clone(),
        finish_loading: finish_loading.clone(),
        install_reporter: install_reporter.clone(),
        report_exception: report_exception.clone(),
    };
    for script in &page.scripts {
        let result = if script.url.path() == REPORTER {
            entry.install_reporter.call::<_, ()>(())
        } else {
            ctx.eval_with_options::<(), _>(script.source.as_str(), options(script.url.path(), false))
        };
        report(ctx, &entry, result)?;
        while ctx.execute_pending_job() {}
    }
    report(ctx, &entry, entry.finish_loading.call::<_, ()>(()))?;
    Ok(entry)
}

fn options(name: &str, strict: bool) -> EvalOptions {
    let mut options = EvalOptions::default();
    options.strict = strict;
    options.filename = Some(name.to_owned());
    options
}

/// An exception that a script does not catch becomes an event of its window.
fn report<'js>(ctx: &Ctx<'js>, entry: &Entry<'js>, result: rquickjs::Result<()>) -> rquickjs::Result<()> {
    match result.catch(ctx) {
        Ok(()) => Ok(()),
        Err(CaughtError::Exception(exception)) => entry.report_exception.call((exception,)),
        Err(CaughtError::Value(value)) => entry.report_exception.call((value,)),
        Err(CaughtError::Error(error)) => Err(error),
    }
}

/// The event loop: runs jobs, and then waits for the next response or timer.
fn live<'js>(
    ctx: &Ctx<'js>,
    entry: &Entry<'js>,
    state: &Rc<RefCell<State>>,
    arrived: &Receiver<Delivery>,
) -> rquickjs::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        while ctx.execute_pending_job() {}
        let now = Instant::now();
        if state.borrow().result.is_some() || now > end {
            return Ok(());
        }
        let next_timer = state.borrow().timers.first_key_value().map(|(key, id)| (*key, *id));
        if let Some((key, id)) = next_timer.filter(|((due, _), _)| *due <= now) {
            state.borrow_mut().timers.remove(&key);
            report(ctx, entry, entry.fire_timer.call((id,)))?;
            // A response that is ready comes before later timers.
            if let Ok(delivery) = arrived.try_recv() {
                deliver(ctx, entry, state, delivery)?;
            }
            continue;
        }
        let wait =
            next_timer.map_or(Duration::from_secs(1), |((due, _), _)| due.saturating_duration_since(now));
        match arrived.recv_timeout(wait.min(Duration::from_secs(1))) {
            Ok(delivery) => deliver(ctx, entry, state, delivery)?,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }
}

fn deliver<'js>(
    ctx: &Ctx<'js>,
    entry: &Entry<'js>,
    state: &Rc<RefCell<State>>,
    delivery: Delivery,
) -> rquickjs::Result<()> {
    state.borrow_mut().running.remove(&delivery.id);
    let body = TypedArray::<u8>::new(ctx.clone(), delivery.body)?;
    report(ctx, entry, entry.deliver.call((delivery.id, delivery.answer.to_json(), body)))
}
