//! `api/prove`: opens a situation on the origins of Prove, and tells what arrived there.

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode};
use corsac::browser::Engine;
use serde_json::{Value, json};

use super::super::{Ui, prove};
use super::CallError;
use crate::given::Given;

/// Registers the answers of a situation.
pub(super) fn open(ui: &Ui, headers: &HeaderMap, mut given: Given) -> Result<Value, CallError> {
    let engine = given
        .one_of("engine", &Engine::BROWSERS, Engine::as_str)?
        .ok_or_else(|| "`engine` is missing".to_owned())?;
    let play = given.value("play").ok_or_else(|| "`play` is missing".to_owned())?;
    given.end()?;
    // The guard has seen that it is our own.
    let page = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    match &ui.prove {
        Some(origins) if ui.addresses.is_on_this_machine(page) => {
            Ok(origins.open(&play, engine.as_str(), page)?)
        }
        _ => Ok(json!({ "id": null, "cannot": prove::ELSEWHERE })),
    }
}

/// Returns what arrived.
pub(super) fn seen(ui: &Ui, mut given: Given) -> Result<Value, CallError> {
    let id = given.needed("id")?;
    given.end()?;
    let seen = ui.prove.as_ref().and_then(|origins| origins.seen(&id));
    seen.ok_or_else(|| {
        CallError::new(StatusCode::NOT_FOUND, "This is over a minute old, or another hundred came after it.")
    })
}
