//! What carries exchanges: a network, a service in this program, or what a caller makes.

use std::future::Future;
use std::time::Duration;

use corsac::browser::Exchange;

use super::received::{Peer, Received};
use super::send_error::SendError;

/// Carries one exchange after another to whoever answers, and brings back the responses.
///
/// [`Network`](crate::Network) and [`InProcess`](crate::InProcess) are two; [`Browser`](crate::Browser) and [`Wire`](crate::Wire) take any.
///
/// ```
/// use std::time::Duration;
/// use corsac::browser::{Client, Engine, Exchange, RequestInit, ResponseHead};
/// use corsac::origin::Origin;
/// use corsac_fetch::{Browser, Peer, Received, SendError, Transport};
///
/// /// A server that has only one answer.
/// struct Always(ResponseHead);
///
/// impl Transport for Always {
///     async fn carry(
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
    /// Sends the exchange, and `body` with it if [`Exchange::body`] says so; reads the response, within this time.
    ///
    /// `connected` is asked after connecting and before any byte is sent, if there is an address to tell; when it returns `false`, nothing
    /// may be sent. An exchange is not sent again by itself, whatever becomes of it: it may have had its effect.
    ///
    /// # Errors
    ///
    /// [`SendError`]: no response came, the connection was declined, or the request cannot be written as HTTP.
    fn carry(
        &mut self,
        within: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> impl Future<Output = Result<Received, SendError>> + Send;

    /// How long all exchanges of a fetch together may take, if nobody says otherwise.
    fn timeout(&self) -> Duration;
}

impl<T: Transport + Send> Transport for &mut T {
    async fn carry(
        &mut self,
        within: Duration,
        exchange: &Exchange,
        body: Option<&[u8]>,
        connected: &mut (dyn FnMut(Peer) -> bool + Send),
    ) -> Result<Received, SendError> {
        T::carry(self, within, exchange, body, connected).await
    }

    fn timeout(&self) -> Duration {
        T::timeout(self)
    }
}
