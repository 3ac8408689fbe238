//! The exports for JavaScript.

use wasm_bindgen::prelude::wasm_bindgen;

/// See [`crate::play`].
#[wasm_bindgen]
pub fn play(text: &str) -> String {
    crate::play(text)
}

/// See [`crate::share`].
#[wasm_bindgen]
pub fn share(text: &str) -> String {
    crate::share(text)
}
