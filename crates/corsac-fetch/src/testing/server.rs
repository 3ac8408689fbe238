//! What is tested: a service of this program, or a server on a network.

use hyper::body::Body;
use hyper::{Request, Response};
use tower_service::Service;

use super::request::stop;
use crate::network::{InProcess, Network, NetworkOptions, NetworkSetupError, RequestBody, Transport};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What a test asks: a tower service, which is called directly as [`InProcess`] does, or a [`Network`], which connects to the server of the URL.
///
/// A service is taken by value: clone it, or pass `&mut service`. If it needs another type of request body, convert it with
/// `tower::ServiceExt::map_request`.
///
/// ```
/// use corsac_fetch::testing::{assert_blocked, page};
/// use corsac_fetch::{Network, NetworkOptions};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// # let port = listener.local_addr()?.port();
/// # tokio::spawn(async move {
/// #     use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
/// #     while let Ok((mut client, _)) = listener.accept().await {
/// #         let _ = client.read(&mut [0; 4096]).await;
/// #         let _ = client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
/// #     }
/// # });
/// let network = Network::new(NetworkOptions::default())?;
/// let url = format!("http://127.0.0.1:{port}/");
/// assert_blocked!(&network, page("http://localhost:5173").get(&url), "allow-origin-missing");
/// # Ok(()) }
/// ```
pub trait Server {
    /// Returns the transport that reaches it. It sends these cookies, each `name=value`, with exchanges that include credentials.
    ///
    /// # Panics
    ///
    /// If a header line cannot hold a cookie.
    fn transport(self, cookies: Vec<String>) -> impl Transport + Send;
}

impl<S, B> Server for S
where
    S: Service<Request<RequestBody>, Response = Response<B>, Error: Into<Error>, Future: Send> + Send,
    B: Body<Data: Send, Error: Into<Error>> + Send,
{
    #[track_caller]
    fn transport(self, cookies: Vec<String>) -> impl Transport + Send {
        let options = with_cookies(NetworkOptions::default(), cookies);
        made(InProcess::with_options(self, options))
    }
}

impl Server for &Network {
    #[track_caller]
    fn transport(self, cookies: Vec<String>) -> impl Transport + Send {
        made(Network::new(with_cookies(self.options().clone(), cookies)))
    }
}

impl Server for Network {
    #[track_caller]
    fn transport(self, cookies: Vec<String>) -> impl Transport + Send {
        made(Self::new(with_cookies(self.options().clone(), cookies)))
    }
}

fn with_cookies(options: NetworkOptions, cookies: Vec<String>) -> NetworkOptions {
    options.with(|options| options.cookies.extend(cookies))
}

#[track_caller]
fn made<T>(transport: Result<T, NetworkSetupError>) -> T {
    match transport {
        Ok(transport) => transport,
        Err(error) => stop(&error.to_string()),
    }
}
