//! What each browser makes of a request and its responses.

use std::fmt;

use corsac::browser::{Engine, ExchangeKind, Fetched, Outcome, ReasonCode, Request, Verdict};
use corsac_explain::diagnosis::Cause;
use corsac_explain::{Secrets, browser_name, diagnosis};

use super::print;
use super::readable::Readable;
use super::request::stop;

/// What each browser makes of a request and its responses.
///
/// It displays as text for the message of a failed test: the verdict of each browser, the cause, the fix, each exchange with the header lines that
/// matter, and the line that the browser prints in its console. Tokens, cookies and signatures become `REDACTED`.
///
/// ```
/// use corsac_fetch::testing::{check, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
/// let request = page("https://app.example").get("https://api.example/?access_token=t0p-s3cret");
/// let text = check(app, request).await.to_string();
/// assert!(text.contains("Fix: ") && text.contains("access_token=REDACTED"), "{text}");
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) request: Request,
    pub(super) cookies: Vec<String>,
    pub(super) engines: Vec<EngineReport>,
    pub(super) preflight_only: bool,
}

/// What one browser makes of it.
///
/// ```
/// use corsac_fetch::testing::{check, page};
/// # use corsac_fetch::RequestBody;
/// # use hyper::{Request, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
/// let report = check(app, page("https://app.example").get("https://api.example/")).await;
/// let chromium = &report.engines()[0];
/// assert_eq!(chromium.causes[0].code, "allow-origin-missing");
/// assert!(chromium.console[0].contains("has been blocked by CORS policy"));
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EngineReport {
    /// The browser's engine.
    pub engine: Engine,
    /// The whole fetch: its outcome, its exchanges, and each rule that was applied.
    pub fetched: Fetched,
    /// Why the page gets no response, the most likely cause first. Empty if it gets one.
    pub causes: Vec<Cause>,
    /// What the browser prints in its console. Empty if the page gets a response.
    pub console: Vec<String>,
}

impl EngineReport {
    /// Whether this is the browser's reason, or the cause that comes first.
    fn is_about(&self, code: &str) -> bool {
        let reason = self.fetched.outcome.refusal().map(|refusal| refusal.reason.code().as_str());
        reason == Some(code) || self.causes.first().is_some_and(|cause| cause.code == code)
    }

    pub(super) fn has_preflight(&self) -> bool {
        self.fetched.exchanges.iter().any(|completed| completed.exchange.kind == ExchangeKind::Preflight)
    }
}

impl Report {
    pub(super) fn new(
        request: Request,
        cookies: Vec<String>,
        engines: Vec<EngineReport>,
        preflight_only: bool,
    ) -> Self {
        Self { request, cookies, engines, preflight_only }
    }

    /// The browsers, in the order in which they were asked for. There is at least one.
    ///
    /// ```
    /// use corsac::browser::Engine;
    /// # use corsac_fetch::{RequestBody, testing::{check, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
    /// let report = check(app, page("https://app.example").get("https://api.example/")).await;
    /// assert!(report.engines().iter().map(|report| report.engine).eq(Engine::BROWSERS));
    /// # }
    /// ```
    pub fn engines(&self) -> &[EngineReport] {
        &self.engines
    }

    /// Returns `true` if the page may read the response in every browser.
    ///
    /// ```
    /// # use corsac_fetch::{RequestBody, testing::{check, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
    /// assert!(check(app, page("https://api.example").get("https://api.example/")).await.is_readable()); // the same origin
    /// # }
    /// ```
    pub fn is_readable(&self) -> bool {
        self.all(|report| report.fetched.outcome.verdict() == Verdict::Readable)
    }

    /// Returns `true` if CORS keeps the response from the page in every browser.
    ///
    /// ```
    /// # use corsac_fetch::{RequestBody, testing::{check, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
    /// assert!(check(app, page("https://app.example").get("https://api.example/")).await.is_blocked());
    /// # }
    /// ```
    pub fn is_blocked(&self) -> bool {
        self.all(|report| report.fetched.outcome.verdict() == Verdict::Blocked)
    }

    /// Returns `true` if every browser sends a preflight, and none of them is refused.
    ///
    /// ```
    /// # use corsac_fetch::{RequestBody, testing::{check_preflight, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
    /// let report = check_preflight(app, page("https://app.example").get("https://api.example/")).await;
    /// assert!(!report.is_preflight_allowed()); // there is none: a plain GET is sent directly
    /// # }
    /// ```
    pub fn is_preflight_allowed(&self) -> bool {
        self.all(|report| report.has_preflight() && report.fetched.outcome.refusal().is_none())
    }

    /// Returns the response as script reads it, or `None` if a browser keeps it from the page.
    ///
    /// ```
    /// # use corsac_fetch::{RequestBody, testing::{check, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new("hi".to_owned())) });
    /// let report = check(app, page("https://api.example").get("https://api.example/")).await;
    /// assert_eq!(report.readable().unwrap().body, b"hi");
    /// # }
    /// ```
    pub fn readable(&self) -> Option<Readable> {
        let fetched = &self.engines.first().filter(|_| self.is_readable())?.fetched;
        match &fetched.outcome {
            Outcome::Readable(response) => Some(Readable::new(response, fetched.body())),
            Outcome::Opaque(_) | Outcome::Refused(_) => None,
        }
    }

    /// Returns the response, or ends the test: [`assert_readable!`](crate::assert_readable).
    ///
    /// # Panics
    ///
    /// If a browser keeps the response from the page.
    ///
    /// ```should_panic
    /// # use corsac_fetch::{RequestBody, testing::{check, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
    /// check(app, page("https://app.example").get("https://api.example/")).await.expect_readable();
    /// # }
    /// ```
    #[track_caller]
    pub fn expect_readable(self) -> Readable {
        // A closure would not know the caller.
        match self.readable() {
            Some(response) => response,
            None => self.fail("the page should be able to read the response"),
        }
    }

    /// Returns the report, or ends the test: [`assert_blocked!`](crate::assert_blocked).
    ///
    /// # Panics
    ///
    /// If CORS does not keep the response from the page in every browser, or for another reason than `code`, or if there is no such code.
    ///
    /// ```
    /// # use corsac_fetch::{RequestBody, testing::{check, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
    /// let report = check(app, page("https://app.example").get("https://api.example/")).await;
    /// assert!(report.expect_blocked(Some("allow-origin-missing")).is_blocked());
    /// # }
    /// ```
    #[track_caller]
    pub fn expect_blocked(self, code: Option<&str>) -> Self {
        if let Some(code) = code
            && !is_code(code)
        {
            stop(&format!(
                "`{code}` is not a code of a reason or a cause: `corsac explain --list` has all of them"
            ));
        }
        if !self.is_blocked() {
            self.fail("CORS should keep the response from the page");
        }
        if let Some(code) = code
            && !self.all(|report| report.is_about(code))
        {
            self.fail(&format!("CORS should keep the response from the page because of `{code}`"));
        }
        self
    }

    /// Returns the report, or ends the test: [`assert_preflight_allowed!`](crate::assert_preflight_allowed).
    ///
    /// # Panics
    ///
    /// If a browser sends no preflight, or if it is refused.
    ///
    /// ```should_panic
    /// # use corsac_fetch::{RequestBody, testing::{check_preflight, page}};
    /// # use hyper::{Request, Response};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let app = tower::service_fn(|_: Request<RequestBody>| async { Ok::<_, hyper::Error>(Response::new(String::new())) });
    /// let report = check_preflight(app, page("https://app.example").put("https://api.example/")).await;
    /// let _ = report.expect_preflight_allowed();
    /// # }
    /// ```
    #[track_caller]
    pub fn expect_preflight_allowed(self) -> Self {
        if !self.is_preflight_allowed() {
            self.fail("the preflight should be sent, and allow the request");
        }
        self
    }

    fn all(&self, is_so: impl Fn(&EngineReport) -> bool) -> bool {
        self.engines.iter().all(is_so)
    }

    #[track_caller]
    fn fail(&self, expected: &str) -> ! {
        stop(&format!("{expected}\n\n{self}"))
    }

    /// Everything that must not be printed.
    fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add_headers(&self.request.init().headers);
        secrets.add_url(&self.request.init().url);
        self.cookies.iter().for_each(|cookie| secrets.add_cookie(cookie));
        let exchanges = self.engines.iter().flat_map(|report| &report.fetched.exchanges);
        exchanges.for_each(|completed| secrets.add_completed(completed));
        secrets
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.secrets().hide(&print::page(self)))
    }
}

fn is_code(code: &str) -> bool {
    code.parse::<ReasonCode>().is_ok() || diagnosis::entry(code).is_some()
}

/// The name of the browser, for people.
pub(super) fn name(report: &EngineReport) -> &'static str {
    browser_name(report.engine)
}
