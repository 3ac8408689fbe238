//! The servers, each on its own port and so with its own origin: the broken API, the same API with a policy, a second API that redirects lead
//! to, the page, and a port where nothing listens.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Semaphore;
use tower_service::Service;

use super::addresses::Addresses;
use super::api::{Api, respond};
use super::fixed_api;

/// The most connections that each server has at a time. A browser opens six to each host.
pub(crate) const MOST_CONNECTIONS: usize = 64;

/// The servers. They run as tasks of the runtime.
pub(crate) struct Servers {
    pub(crate) addresses: Arc<Addresses>,
    /// Listens from the start, and answers once the page is built.
    page: TcpListener,
    /// Bound but not listening: connections are refused, and no other program can use the port.
    _stopped: TcpSocket,
}

impl Servers {
    /// Starts the API on this port of 127.0.0.1, or on a free one for 0. The others use the ports after it if they are free.
    pub(crate) async fn start(port: u16) -> io::Result<Self> {
        let api = TcpListener::bind(("127.0.0.1", port)).await?;
        let port = api.local_addr()?.port();
        let page = bind_near(port, 1).await?;
        let files = bind_near(port, 2).await?;
        let stopped = TcpSocket::new_v4()?;
        if stopped.bind(([127, 0, 0, 1], port.saturating_add(3)).into()).is_err() {
            stopped.bind(([127, 0, 0, 1], 0).into())?;
        }
        let fixed = bind_near(port, 4).await?;
        let page_port = page.local_addr()?.port();
        let addresses = Arc::new(Addresses {
            api: format!("http://127.0.0.1:{port}"),
            fixed: format!("http://{}", fixed.local_addr()?),
            files: format!("http://{}", files.local_addr()?),
            page: format!("http://localhost:{page_port}"),
            page_by_address: format!("http://127.0.0.1:{page_port}"),
            stopped: format!("http://{}", stopped.local_addr()?),
        });
        for listener in [api, files] {
            answer_with(listener, Api::new(Arc::clone(&addresses)));
        }
        answer_with(fixed, fixed_api::api(&addresses).map_err(io::Error::other)?);
        Ok(Self { addresses, page, _stopped: stopped })
    }

    /// Serves the page, and its routes as JSON, until the task is dropped.
    pub(crate) async fn serve_page(self, html: String, json: String) {
        let (html, json) = (Bytes::from(html), Bytes::from(json));
        answer_with(self.page, Page { html, json });
        std::future::pending::<()>().await;
    }
}

async fn bind_near(port: u16, distance: u16) -> io::Result<TcpListener> {
    match TcpListener::bind(("127.0.0.1", port.saturating_add(distance))).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await,
    }
}

/// The page, and its routes as JSON.
#[derive(Clone)]
struct Page {
    html: Bytes,
    json: Bytes,
}

impl Service<Request<Incoming>> for Page {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let (status, kind, body) = match request.uri().path() {
            "/" => (200, "text/html; charset=utf-8", self.html.clone()),
            "/routes.json" => (200, "application/json", self.json.clone()),
            _ => (404, "text/plain", Bytes::from_static(b"Not found.\n")),
        };
        ready(Ok(respond(status, [("content-type".to_owned(), kind.to_owned())], body)))
    }
}

/// Answers each request on this listener. A connection without a complete request for 30 seconds, hyper's default, is closed.
fn answer_with<S>(listener: TcpListener, service: S)
where
    S: Service<Request<Incoming>, Response = Response<Full<Bytes>>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
{
    tokio::spawn(async move {
        let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        // The semaphore is never closed, so this always ends with a permit.
        while let Ok(permit) = Arc::clone(&connections).acquire_owned().await {
            let Ok((stream, _)) = listener.accept().await else {
                // For example because of too many open connections, of which there may soon be fewer.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let service = TowerToHyperService::new(service.clone());
            // Without a timer hyper waits forever.
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move {
                // It is not an error if a client closes the connection early.
                let _ = connection.await;
                drop(permit);
            });
        }
    });
}
