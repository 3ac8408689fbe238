//! The broken API: it answers as the table of routes says. Beside it on other ports, which makes them other origins, the same API behind a
//! policy, a second API that redirects lead to, the page that asks, and a port where nothing listens.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket};

use super::fix;
use super::routes::{self, Answer};

/// Where everything is. The API is at an address and the page at a name, so that they are two sites as well as two origins.
#[derive(Clone)]
pub(crate) struct Places {
    /// The origin of the API.
    pub(crate) api: String,
    /// The origin of the same API behind a policy.
    pub(crate) fixed: String,
    /// The origin of the second API.
    pub(crate) files: String,
    /// The origin of the page.
    pub(crate) page: String,
    /// The origin of the page, had it been opened by its address.
    page_by_address: String,
    /// An origin where nothing listens.
    pub(crate) stopped: String,
}

impl Places {
    /// `text` with its placeholders filled, such as `{page}`.
    pub(crate) fn fill(&self, text: &str) -> String {
        let places = [
            ("{api}", &self.api),
            ("{files}", &self.files),
            ("{page}", &self.page),
            ("{page-by-address}", &self.page_by_address),
            ("{stopped}", &self.stopped),
        ];
        places.iter().fold(text.to_owned(), |text, (name, place)| text.replace(name, place))
    }
}

/// The servers. They answer on tasks of the runtime, for as long as it runs.
pub(crate) struct Servers {
    pub(crate) places: Arc<Places>,
    /// Listening, and answering once there is a page.
    page: TcpListener,
    /// Bound and never listening: whoever connects is refused, and nobody else can take the port.
    _stopped: TcpSocket,
}

impl Servers {
    /// Starts the API on this port of 127.0.0.1, or on a free one for 0; the others on the ports after it, as far as they are free.
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
        let places = Arc::new(Places {
            api: format!("http://127.0.0.1:{port}"),
            fixed: format!("http://{}", fixed.local_addr()?),
            files: format!("http://{}", files.local_addr()?),
            page: format!("http://localhost:{page_port}"),
            page_by_address: format!("http://127.0.0.1:{page_port}"),
            stopped: format!("http://{}", stopped.local_addr()?),
        });
        for listener in [api, files] {
            let places = Arc::clone(&places);
            answer_with(listener, move |request| answer(&places, request));
        }
        let policy = fix::policy(&places).map_err(io::Error::other)?;
        let behind = Places { api: places.fixed.clone(), ..Places::clone(&places) };
        answer_with(fixed, move |request| fix::answer_behind(&policy, &behind, request));
        Ok(Self { places, page, _stopped: stopped })
    }

    /// Serves the page, and its routes as JSON beside it, until the task is dropped.
    pub(crate) async fn serve_page(self, html: String, json: String) {
        let (html, json) = (Bytes::from(html), Bytes::from(json));
        answer_with(self.page, move |request| {
            let (status, kind, body) = match request.uri().path() {
                "/" => (200, "text/html; charset=utf-8", html.clone()),
                "/routes.json" => (200, "application/json", json.clone()),
                _ => (404, "text/plain", Bytes::from_static(b"Nothing here.\n")),
            };
            respond(status, [("content-type".to_owned(), kind.to_owned())], body)
        });
        std::future::pending::<()>().await;
    }
}

async fn bind_near(port: u16, distance: u16) -> io::Result<TcpListener> {
    match TcpListener::bind(("127.0.0.1", port.saturating_add(distance))).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await,
    }
}

/// Answers each request on this listener.
fn answer_with(
    listener: TcpListener,
    answer: impl Fn(&Request<Incoming>) -> Response<Full<Bytes>> + Clone + Send + 'static,
) {
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Too many open connections, say: a moment later there may be fewer.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let answer = answer.clone();
            let service = service_fn(move |request| {
                let response = answer(&request);
                async move { Ok::<_, Infallible>(response) }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move {
                // A client that breaks off is its own affair.
                let _ = connection.await;
            });
        }
    });
}

/// The answer of the API.
pub(super) fn answer(places: &Places, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key("access-control-request-method");
    let origin = request.headers().get(ORIGIN);
    let is_listed = origin.is_some_and(|origin| origin.as_bytes() == places.page.as_bytes());
    let answer = routes::answer(request.uri().path(), is_preflight);
    let Answer { status, headers, body } = answer;
    let lines = headers.iter().filter_map(|(name, value)| {
        let value = match *value {
            "{page, if it asks}" if is_listed => places.page.clone(),
            "{page, if it asks}" => return None,
            value => places.fill(value),
        };
        Some(((*name).to_owned(), value))
    });
    respond(*status, lines, Bytes::from_static(body.as_bytes()))
}

fn respond(
    status: u16,
    lines: impl IntoIterator<Item = (String, String)>,
    body: Bytes,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in lines {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
