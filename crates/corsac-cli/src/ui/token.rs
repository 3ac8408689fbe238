//! The token: who has it may call the API.

use axum::http::HeaderValue;
use subtle::ConstantTimeEq as _;

/// A token of 256 random bits. It has no `Debug` and no `Display`, so that no log can have it by mistake.
pub(super) struct Token(String);

impl Token {
    /// Makes a token that nobody can guess.
    pub(super) fn new() -> Result<Self, String> {
        random::<32>().map(Self)
    }

    /// Returns the token for the fragment of the link, the one place where it is shown.
    pub(super) fn for_link(&self) -> &str {
        &self.0
    }

    /// Returns `true` if this is the token. How long that takes does not depend on how much of it is right.
    pub(super) fn is(&self, given: &HeaderValue) -> bool {
        bool::from(self.0.as_bytes().ct_eq(given.as_bytes()))
    }
}

/// Returns so many random bytes, in hexadecimal digits.
pub(super) fn random<const BYTES: usize>() -> Result<String, String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| format!("this system has no random numbers: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
