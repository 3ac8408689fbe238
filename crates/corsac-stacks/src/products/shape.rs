//! What a refusal looks like on the wire.

use serde::Deserialize;

/// The shape of a refusal: what a product's responses to an origin that it does not allow have in common.
///
/// ```
/// use corsac_stacks::Shape;
/// assert_eq!(Shape::Forbidden403Empty.as_str(), "forbidden-403-empty");
/// assert!(Shape::Open.sentence().starts_with("The product allows every origin"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Shape {
    /// Successful answers without any CORS header.
    Quiet,
    /// 403 without a body.
    #[serde(rename = "forbidden-403-empty")]
    Forbidden403Empty,
    /// Every CORS header except `Access-Control-Allow-Origin`.
    RestPresent,
    /// An allowed preflight, and a request without `Access-Control-Allow-Origin`.
    PreflightOnly,
    /// The same `Access-Control-Allow-Origin` for every page.
    Static,
    /// A check that is not CORS.
    Guard,
    /// No refusal: every origin is allowed.
    Open,
    /// Something else, or not known.
    Other,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 8] = [
        Self::Quiet,
        Self::Forbidden403Empty,
        Self::RestPresent,
        Self::PreflightOnly,
        Self::Static,
        Self::Guard,
        Self::Open,
        Self::Other,
    ];

    /// Returns the shape's name in the data and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Forbidden403Empty => "forbidden-403-empty",
            Self::RestPresent => "rest-present",
            Self::PreflightOnly => "preflight-only",
            Self::Static => "static",
            Self::Guard => "guard",
            Self::Open => "open",
            Self::Other => "other",
        }
    }

    /// Returns what the shape looks like and what it means.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Quiet => {
                "The preflight succeeds and the request is answered as usual, both without CORS headers: the origin is not listed, or CORS is off."
            }
            Self::Forbidden403Empty => {
                "The preflight and the request get 403 without a body, and the same request without `Origin` works: the origin is not listed."
            }
            Self::RestPresent => {
                "Allowed methods and headers are there, and only `Access-Control-Allow-Origin` is missing: CORS is on, and the origin is not listed."
            }
            Self::PreflightOnly => {
                "Every preflight is allowed, and the request decides: a test of the preflight alone shows no error."
            }
            Self::Static => {
                "`Access-Control-Allow-Origin` has the configured value, whatever the page's origin. A list in such a setting is one invalid value."
            }
            Self::Guard => {
                "A check of `Origin`, `Host` or a token refuses the request, which is not CORS: a CORS setting alone does not help."
            }
            Self::Open => {
                "The product allows every origin. A CORS error then has another cause: a proxy, an error, a redirect, or a request with credentials."
            }
            Self::Other => "No common shape.",
        }
    }
}
