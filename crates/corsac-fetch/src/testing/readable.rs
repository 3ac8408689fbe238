//! The response that a page may read.

use corsac::browser::FilteredResponse;
use corsac::header::HeaderList;

/// A response, as script reads it.
///
/// ```
/// use corsac_fetch::testing::{check, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|_: Request<RequestBody>| async {
/// #     Response::builder().header("Access-Control-Allow-Origin", "*").header("Content-Type", "text/plain").body("hello".to_owned())
/// # });
/// let report = check(app, page("https://app.example").get("https://api.example/")).await;
/// let response = report.readable().unwrap();
/// assert_eq!((response.status, response.text().as_str()), (200, "hello"));
/// assert_eq!(response.header("content-type").as_deref(), Some("text/plain"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Readable {
    /// The status.
    pub status: u16,
    /// The headers that script may see: the safelisted ones, and those in `Access-Control-Expose-Headers`.
    pub headers: HeaderList,
    /// The body, at most the first [`NetworkOptions::body_limit`](crate::NetworkOptions::body_limit) bytes.
    pub body: Vec<u8>,
}

impl Readable {
    pub(super) fn new(response: &FilteredResponse, body: Option<&[u8]>) -> Self {
        Self {
            status: response.status,
            headers: response.headers.clone(),
            body: body.unwrap_or_default().to_vec(),
        }
    }

    /// The value of a header, or `None` if script does not see it. Lines of the same name are joined by `, `.
    ///
    /// ```
    /// # use corsac_fetch::testing::{check, page};
    /// # use corsac_fetch::RequestBody;
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async {
    /// #     Response::builder().header("Access-Control-Allow-Origin", "*").header("X-Total", "7").body(String::new())
    /// # });
    /// # let report = check(app, page("https://app.example").get("https://api.example/")).await;
    /// # let response = report.readable().unwrap();
    /// assert_eq!(response.header("X-Total"), None); // it was sent, but is not exposed
    /// # }
    /// ```
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.text(name)
    }

    /// The body as text, as script's `response.text()` reads it: bytes that are not UTF-8 become U+FFFD.
    ///
    /// ```
    /// # use corsac_fetch::testing::{check, page};
    /// # use corsac_fetch::RequestBody;
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async {
    /// #     Response::builder().header("Access-Control-Allow-Origin", "*").body("{}".to_owned())
    /// # });
    /// # let report = check(app, page("https://app.example").get("https://api.example/")).await;
    /// assert_eq!(report.readable().unwrap().text(), "{}");
    /// # }
    /// ```
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
