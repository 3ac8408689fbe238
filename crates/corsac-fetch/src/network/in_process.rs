//! A transport that calls a service of this program.

use std::fmt;
use std::future::poll_fn;
use std::time::Duration;

use corsac::browser::{Exchange, NetworkError, NetworkErrorKind, ResponseHead};
use corsac::header::HeaderList;
use http_body_util::Full;
use hyper::body::{Body, Bytes};
use hyper::{Request, Response};
use tower_service::Service;

use super::body::BodyRead;
use super::coding;
use super::deadline::Deadline;
use super::options::NetworkOptions;
use super::received::{Peer, Received, Timings};
use super::request::Outgoing;
use super::send_error::SendError;
use super::setup_error::NetworkSetupError;
use super::target::{Form, Target};
use super::transport::Transport;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The body of the requests that an [`InProcess`] service receives.
pub type RequestBody = Full<Bytes>;

/// Sends each exchange to a service of this program, to test without a socket what a browser would get.
///
/// Every URL leads to the service, whatever its host; the service sees the host in `Host`. It receives what a server of HTTP/1.1 would receive,
/// and the headers that a [`Network`](crate::Network) adds (`User-Agent`, `Accept-Encoding`, cookies) are added here too. A service has no
/// address, so Local Network Access is not checked.
///
/// ```
/// use corsac::browser::{Client, Engine, RequestInit};
/// use corsac::origin::Origin;
/// use corsac_fetch::{Browser, InProcess, RequestBody};
/// use hyper::{Request, Response};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let service = tower::service_fn(|request: Request<RequestBody>| async move {
///     let allowed = request.headers()["origin"].clone();
///     Response::builder().header("Access-Control-Allow-Origin", allowed).body("the items".to_owned())
/// });
/// let mut browser = Browser::new(InProcess::new(service), Engine::Firefox);
///
/// let page = Client::new(Origin::parse("https://app.example")?);
/// let request = RequestInit::new("https://api.example/items".parse()?, page).build()?;
/// let fetched = browser.fetch(request).await;
/// assert_eq!(fetched.body(), Some(&b"the items"[..]));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct InProcess<S> {
    service: S,
    options: NetworkOptions,
}

impl<S> InProcess<S> {
    /// Calls this service, with the default options.
    ///
    /// If the service needs another type of request body, convert it with `tower::ServiceExt::map_request`.
    pub fn new(service: S) -> Self {
        Self { service, options: NetworkOptions::default() }
    }

    /// Calls this service, with these options. It uses `timeout`, `body_timeout`, `body_limit`, `body_wanted`, `cookies` and `user_agent`.
    ///
    /// # Errors
    ///
    /// If a header line cannot hold a cookie or the user agent.
    pub fn with_options(service: S, options: NetworkOptions) -> Result<Self, NetworkSetupError> {
        options.check()?;
        Ok(Self { service, options })
    }
}

impl<S> fmt::Debug for InProcess<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<S, B> Transport for InProcess<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>, Error: Into<Error>, Future: Send> + Send,
    B: Body<Data: Send, Error: Into<Error>> + Send,
{
    async fn send_within(
        &mut self,
        within: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        _connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> Result<Received, SendError> {
        let deadline = Deadline::after(within);
        Target::of(&exchange.url)?; // http and https only, as over a network
        let request = Outgoing::compose(exchange, body, &self.options)?.into_request(&Form::Service)?;
        let answer = async {
            poll_fn(|context| self.service.poll_ready(context)).await?;
            self.service.call(request).await
        };
        let missing = || "no response from the service".to_owned();
        let response: Response<B> = deadline.hold(answer, missing).await?.map_err(failed)?;
        let head_at = deadline.started.elapsed();
        let status = response.status().as_u16();
        if status < 200 {
            let message = format!("the service answers {status}, an informational status");
            return Err(NetworkError::new(NetworkErrorKind::Malformed, message).into());
        }
        let mut head = ResponseHead::default();
        (head.status, head.headers) = (status, HeaderList::from(response.headers()));
        let status_text = response.status().canonical_reason().unwrap_or_default().to_owned();
        let has_body = exchange.method != "HEAD" && !matches!(status, 204 | 304);
        let mut read = BodyRead::unread();
        if !has_body {
            read.bytes = Some(Vec::new());
        } else if (self.options.body_wanted)(&head) {
            read = BodyRead::of(response.into_body(), &self.options, deadline, failed).await;
            read = coding::decode(read, &head.headers, self.options.body_limit);
        }
        Ok(Received {
            status_text,
            body: read.bytes,
            body_truncated: read.truncated,
            body_error: read.error,
            timings: Timings { head: head_at, total: deadline.started.elapsed(), ..Timings::default() },
            ..Received::new(head)
        })
    }

    fn timeout(&self) -> Duration {
        self.options.timeout
    }
}

/// A server closes the connection if its service fails.
fn failed(error: impl Into<Error>) -> NetworkError {
    NetworkError::new(NetworkErrorKind::Closed, format!("the service failed: {}", error.into()))
}
