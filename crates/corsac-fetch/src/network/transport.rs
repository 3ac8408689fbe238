//! What sends exchanges: a network, a service of this program, or a transport of the caller.

use std::future::Future;
use std::time::Duration;

use corsac::browser::Exchange;

use super::received::{Peer, Received};
use super::send_error::SendError;

/// Sends exchanges to a server, one after another, and returns the responses.
///
/// [`Network`](crate::Network) and [`InProcess`](crate::InProcess) implement it; [`Browser`](crate::Browser) and [`Wire`](crate::Wire) accept
/// any transport.
///
/// ```
/// use std::time::Duration;
/// use corsac::browser::{Client, Engine, Exchange, RequestInit, ResponseHead};
/// use corsac::origin::Origin;
/// use corsac_fetch::{Browser, Peer, Received, SendError, Transport};
///
/// /// A server that always answers the same.
/// struct Always(ResponseHead);
///
/// impl Transport for Always {
///     async fn send_within(
///         &mut self, _: Duration, _: &Exchange, _: Option<&[u8]>, _: &mut (dyn FnMut(Peer) -> bool + Send),
///     ) -> Result<Received, SendError> {
///         Ok(Received::new(self.0.clone()))
///     }
///
///     fn timeout(&self) -> Duration {
///         Duration::from_secs(1)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let public = Always(ResponseHead::new(200, [("Access-Control-Allow-Origin", "*")]));
/// let mut browser = Browser::new(public, Engine::WebKit);
/// let page = Client::new(Origin::parse("https://app.example")?);
/// let request = RequestInit::new("https://api.example/".parse()?, page).build()?;
/// assert_eq!(browser.fetch(request).await.body(), Some(&b""[..]));
/// # Ok(()) }
/// ```
pub trait Transport {
    /// Sends the exchange, with `body` if [`Exchange::body`] says so, and reads the response, within this time.
    ///
    /// If the server has an address, `connected` is called with it after connecting, before any byte is sent. If it returns `false`, nothing may
    /// be sent. An exchange must not be sent again on its own initiative, even after a failure, because it may have had its effect.
    ///
    /// # Errors
    ///
    /// [`SendError`]: no response came, the connection was declined, or the request cannot be written as HTTP.
    fn send_within(
        &mut self,
        within: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> impl Future<Output = Result<Received, SendError>> + Send;

    /// How long all exchanges of a fetch may take together, unless the caller sets another limit.
    fn timeout(&self) -> Duration;
}

impl<T: Transport + Send> Transport for &mut T {
    async fn send_within(
        &mut self,
        within: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> Result<Received, SendError> {
        T::send_within(self, within, exchange, body, connected).await
    }

    fn timeout(&self) -> Duration {
        T::timeout(self)
    }
}
