//! Answers the connections of a listener, so many at a time.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_service::Service;

/// The most connections that each listener has at a time. A browser opens six to each host.
pub(crate) const MOST_CONNECTIONS: usize = 64;

/// Answers each request on this listener. A connection without a complete request for 30 seconds, hyper's default, is closed.
pub(crate) fn answer_with<S, B>(mut settings: http1::Builder, listener: TcpListener, service: S)
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    // Without a timer hyper waits forever.
    settings.timer(TokioTimer::new());
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
            let connection = settings.serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move {
                // It is not an error if a client closes the connection early.
                let _ = connection.await;
                drop(permit);
            });
        }
    });
}

/// Listens on the port so far after `port`, or on a free one if that is taken.
pub(crate) async fn listen_near(port: u16, distance: u16) -> std::io::Result<TcpListener> {
    match TcpListener::bind(("127.0.0.1", port.saturating_add(distance))).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await,
    }
}
