//! Secrets: tokens, cookies, signatures and passwords. Which parts of URLs, headers and texts are some, and how to remove them.
//!
//! [`Secrets`] collects those of exchanges and replaces them in everything that is printed about these. [`redacted`] finds them in a text of which
//! nothing else is known.

mod collected;
mod recorded;
mod text;

pub use collected::Secrets;
pub(crate) use recorded::redacted_text_and_parameters;
pub use recorded::{redacted_header, redacted_parameters, redacted_text, redacted_url};
pub use text::redacted;

/// What stands in the place of a secret.
///
/// ```
/// assert_eq!(corsac_explain::secrets::REDACTED, "REDACTED");
/// ```
pub const REDACTED: &str = "REDACTED";

/// Returns `true` for names of URL parameters, headers and fields whose value is a signature, a token or a password.
///
/// ```
/// use corsac_explain::secrets::is_secret_name;
/// assert!(is_secret_name("X-Amz-Signature") && is_secret_name("access_token") && is_secret_name("sid"));
/// assert!(!is_secret_name("page") && !is_secret_name("design"));
/// ```
pub fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 9] = [
        "signature",
        "token",
        "secret",
        "credential",
        "password",
        "hmac",
        "apikey",
        "authorization",
        "sessionid",
    ];
    const NAMES: [&str; 10] =
        ["sig", "sign", "key", "auth", "jwt", "session", "sid", "code", "pwd", "assertion"];
    let mut name = name.to_ascii_lowercase();
    name.retain(|character| character.is_ascii_alphanumeric());
    PARTS.iter().any(|part| name.contains(part)) || NAMES.contains(&name.as_str())
}

/// Returns `true` for a JSON Web Token ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).
///
/// ```
/// use corsac_explain::secrets::is_web_token;
/// assert!(is_web_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."));
/// assert!(!is_web_token("eyJ"));
/// ```
pub fn is_web_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.matches('.').count() >= 2
}
