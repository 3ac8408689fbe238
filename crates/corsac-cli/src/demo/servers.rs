//! The servers, each on its own port and so with its own origin: the broken API, the same API with a policy, a second API that redirects lead
//! to, the page, and a port where nothing listens.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use tokio::net::{TcpListener, TcpSocket};
use tower_service::Service;

use super::addresses::Addresses;
use super::api::{Api, respond};
use super::fixed_api;
use crate::connections::{answer_with, listen_near};

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
        let page = listen_near(port, 1).await?;
        let files = listen_near(port, 2).await?;
        let stopped = TcpSocket::new_v4()?;
        if stopped.bind(([127, 0, 0, 1], port.saturating_add(3)).into()).is_err() {
            stopped.bind(([127, 0, 0, 1], 0).into())?;
        }
        let fixed = listen_near(port, 4).await?;
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
