//! `api/play` and `api/share`: what the WebAssembly module does, for pages without it.

use serde_json::Value;

use super::CallError;

/// Plays a request against answers or a policy.
pub(super) fn play(body: &[u8]) -> Result<Value, CallError> {
    call(body, corsac_wasm::play)
}

/// Removes the secrets of a request.
pub(super) fn share(body: &[u8]) -> Result<Value, CallError> {
    call(body, corsac_wasm::share)
}

fn call(body: &[u8], does: fn(&str) -> String) -> Result<Value, CallError> {
    let text = std::str::from_utf8(body).map_err(|_| "This is not UTF-8.".to_owned())?;
    serde_json::from_str(&does(text)).map_err(|error| error.to_string().into())
}
