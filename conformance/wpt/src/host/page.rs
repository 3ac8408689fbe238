//! The page: what it is, its timers, its cookies, its results.

use std::time::{Duration, Instant};

use rquickjs::Result;

use super::{Host, Shared};
use crate::browser::{PATIENCE, lock};
use crate::page::Page;

pub(super) fn add(host: &Host<'_>, state: &Shared) -> Result<()> {
    host.object.set("page", description(&state.borrow().page))?;
    let shared = state.clone();
    host.function("startTimer", move |id: u32, milliseconds: f64| start_timer(&shared, id, milliseconds))?;
    let shared = state.clone();
    host.function("cookies", move || {
        let state = shared.borrow();
        lock(&state.browser.jar).of_document(&state.page.url)
    })?;
    let shared = state.clone();
    host.function("setCookie", move |line: String| {
        let state = shared.borrow();
        lock(&state.browser.jar).set(&state.page.url, &line, true);
    })?;
    let shared = state.clone();
    host.function("done", move |json: String| shared.borrow_mut().result = Some(json))?;
    let verbose = state.borrow().verbose;
    host.function("log", move |line: String| {
        if verbose {
            eprintln!("  | {line}");
        }
    })?;
    host.function("uuid", uuid)
}

/// The page as JSON.
fn description(page: &Page) -> String {
    let metas =
        page.metas.iter().map(|(name, content)| serde_json::json!({ "name": name, "content": content }));
    let description = serde_json::json!({
        "url": page.url.as_str(),
        "title": page.title,
        "metas": metas.collect::<Vec<_>>(),
        "secure": page.url.scheme() == "https",
        "userAgent": "Mozilla/5.0 (compatible; corsac)",
    });
    description.to_string()
}

fn start_timer(shared: &Shared, id: u32, milliseconds: f64) {
    let wait = Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or(PATIENCE).min(PATIENCE * 2);
    let mut state = shared.borrow_mut();
    state.timers_set += 1;
    let key = (Instant::now() + wait, state.timers_set);
    state.timers.insert(key, id);
}

/// It only has to differ from call to call.
fn uuid() -> String {
    use std::hash::{BuildHasher, RandomState};
    let bits = || RandomState::new().hash_one(Instant::now());
    format!("{:016x}{:016x}", bits(), bits())
}
