//! Assertions for tests: may a page read this response, and if not, why, and what to change?
//!
//! They ask a server as Chromium, Firefox and Safari would. The server is a tower service of your program, such as an axum `Router`, or what
//! listens at the URL, over a [`Network`](crate::Network). A failed assertion panics with a [`Report`]: the verdict of each browser, the cause, the fix,
//! each exchange with the header lines that matter, and the line that the browser prints in its console. It contains no tokens and no cookies.
//!
//! ```
//! use corsac_fetch::testing::{assert_blocked, assert_preflight_allowed, assert_readable, page};
//! use corsac_fetch::RequestBody;
//! use hyper::{Request, Response};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // In your test, the router of your application.
//! let app = tower::service_fn(|request: Request<RequestBody>| async move {
//!     let mut response = Response::builder().header("Access-Control-Allow-Origin", "https://app.example");
//!     if request.method() == "OPTIONS" {
//!         response = response.header("Access-Control-Allow-Methods", "PUT");
//!     }
//!     response.body("the items".to_owned())
//! });
//! let items = "https://api.example/items";
//!
//! let response = assert_readable!(app, page("https://app.example").get(items));
//! assert_eq!((response.status, response.text().as_str()), (200, "the items"));
//!
//! assert_preflight_allowed!(app, page("https://app.example").put(items));
//! assert_blocked!(app, page("https://evil.example").get(items), "allow-origin-mismatch");
//! # }
//! ```
//!
//! If you prefer other assertions, [`check`] returns the [`Report`].

mod check;
mod print;
mod readable;
mod report;
mod request;
mod server;

pub use check::{check, check_preflight};
pub use readable::Readable;
pub use report::{EngineReport, Report};
pub use request::{Page, PageRequest, page};
pub use server::Server;

#[doc(inline)]
pub use crate::{assert_blocked, assert_preflight_allowed, assert_readable};

/// Asserts that the page may read the response, in every browser that is asked for. Returns the response as script reads it, a [`Readable`].
///
/// It takes a [`Server`] (a tower service, or a [`Network`](crate::Network)) and a [`PageRequest`], and awaits the responses, so it can be used in `async` functions.
///
/// # Panics
///
/// If a browser keeps the response from the page. The message is the [`Report`].
///
/// ```
/// use corsac_fetch::testing::{assert_readable, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|_: Request<RequestBody>| async {
/// #     Response::builder().header("Access-Control-Allow-Origin", "*").header("X-Total", "7").body("[]".to_owned())
/// # });
/// let response = assert_readable!(app, page("https://app.example").get("https://api.example/items"));
/// assert_eq!(response.status, 200);
/// assert_eq!(response.header("X-Total"), None); // not in `Access-Control-Expose-Headers`, so script does not see it
/// # }
/// ```
#[macro_export]
macro_rules! assert_readable {
    ($server:expr, $request:expr $(,)?) => {
        $crate::testing::check($server, $request).await.expect_readable()
    };
}

/// Asserts that CORS keeps the response from the page, in every browser that is asked for. Returns the [`Report`].
///
/// A third argument is the code that every browser has to give as its reason, or the code of the cause:
/// [`ReasonCode`](corsac::browser::ReasonCode) and [`corsac_explain::diagnosis::entries`] have all of them.
///
/// # Panics
///
/// If a browser lets the page read the response, if the request fails for a reason that is not CORS, if the reason is another one, or if there is no
/// such code. The message is the [`Report`].
///
/// ```
/// use corsac_fetch::testing::{assert_blocked, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new("[]".to_owned())) });
/// let report = assert_blocked!(app, page("https://evil.example").get("https://api.example/items"), "allow-origin-missing");
/// assert!(report.to_string().contains("Access-Control-Allow-Origin"));
/// # }
/// ```
#[macro_export]
macro_rules! assert_blocked {
    ($server:expr, $request:expr $(,)?) => {
        $crate::testing::check($server, $request).await.expect_blocked(None)
    };
    ($server:expr, $request:expr, $code:expr $(,)?) => {
        $crate::testing::check($server, $request).await.expect_blocked(Some($code))
    };
}

/// Asserts that the request needs a preflight, and that the preflight allows it, in every browser that is asked for. Returns the [`Report`].
///
/// Only the preflight is sent, and not the request itself.
///
/// # Panics
///
/// If the preflight is refused, or if a browser would send the request without one. The message is the [`Report`].
///
/// ```
/// use corsac_fetch::testing::{assert_preflight_allowed, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|request: Request<RequestBody>| async move {
/// #     assert_eq!(request.method(), "OPTIONS");
/// #     Response::builder()
/// #         .header("Access-Control-Allow-Origin", "*").header("Access-Control-Allow-Methods", "DELETE").body(String::new())
/// # });
/// let report = assert_preflight_allowed!(app, page("https://app.example").delete("https://api.example/items/7"));
/// assert_eq!(report.engines()[0].fetched.exchanges[0].exchange.method, "OPTIONS");
/// # }
/// ```
#[macro_export]
macro_rules! assert_preflight_allowed {
    ($server:expr, $request:expr $(,)?) => {
        $crate::testing::check_preflight($server, $request).await.expect_preflight_allowed()
    };
}
