//! The servers, each on its own port and so with its own origin: the broken API, the same API with a policy, a second API that redirects lead
//! to, the page, and a port where nothing listens.

use std::io;
use std::sync::Arc;

use hyper::server::conn::http1;
use tokio::net::{TcpListener, TcpSocket};

use super::addresses::Addresses;
use super::api::Api;
use super::fixed_api;
use crate::connections::{answer_with, listen_near};

/// The servers. They run as tasks of the runtime.
pub(crate) struct Servers {
    pub(crate) addresses: Arc<Addresses>,
    /// Listens from the start, and answers once the routes were checked.
    page: TcpListener,
    /// Bound but not listening: connections are refused, and no other program can use the port.
    stopped: TcpSocket,
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
            answer_with(http1::Builder::new(), listener, Api::new(Arc::clone(&addresses)));
        }
        answer_with(http1::Builder::new(), fixed, fixed_api::api(&addresses).map_err(io::Error::other)?);
        Ok(Self { addresses, page, stopped })
    }

    /// Returns the listener of the page, and the ports that stay in use.
    pub(crate) fn into_page(self) -> (TcpListener, TcpSocket) {
        (self.page, self.stopped)
    }
}
