//! `corsac ui`: the page, served on this machine.
//!
//! [`guard`] decides what is answered at all, before anything else looks at a request. `api/` is what the page calls; only [`api::ask`] sends
//! requests to other servers. SECURITY.md says what is refused.

mod addresses;
mod api;
mod assets;
mod export;
mod guard;
mod open;
mod pages;
mod prove;
mod read;
mod token;

use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use axum::http::HeaderValue;
use corsac_fetch::ResolveOverride;
use hyper::server::conn::http1;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use url::Url;

use crate::AS_EXPECTED;
use crate::arguments::UiArguments;
use crate::connections::answer_with;
use crate::terminal::{self, CAREFUL, STRONG, styled};
use addresses::Addresses;
use pages::Pages;
use prove::Prove;
use token::Token;

/// The port, if no other was asked for and it is free. The demo has those after it.
const PORT: u16 = 8914;

/// What the page may do, and where it is.
pub(crate) struct Options {
    /// The URL of the page in the browser, if it is not that of the listener.
    pub(crate) public_url: Option<Url>,
    /// Whether the page may ask servers. Always, if nobody beyond this machine can open it.
    pub(crate) allow_ask: bool,
    /// Addresses of hosts that are asked.
    pub(crate) resolve: Vec<ResolveOverride>,
    /// What `demo.json` says: requests to begin with.
    pub(crate) demo: Value,
}

/// What the handlers share.
struct Ui {
    addresses: Addresses,
    token: Token,
    may_ask: bool,
    resolve: Vec<ResolveOverride>,
    pages: Pages,
    content_security_policy: HeaderValue,
    limits: api::Limits,
    /// The other origins, if the browser is on this machine.
    prove: Option<Prove>,
}

/// A page that is being served.
pub(crate) struct Serving {
    /// The link to open. It has the token.
    pub(crate) link: String,
    may_ask: bool,
}

/// Serves until Ctrl-C, or writes the static pages. Returns the exit status.
pub(crate) fn run(arguments: &UiArguments) -> Result<u8, String> {
    if let Some(directory) = &arguments.export {
        return export::run(directory);
    }
    let runtime = crate::runtime()?;
    let ended = runtime.block_on(async {
        let listener = listen(arguments.listen, arguments.port).await?;
        let options = Options {
            public_url: arguments.public_url.clone(),
            allow_ask: arguments.allow_ask,
            resolve: arguments.resolve.clone(),
            demo: json!({ "routes": [] }),
        };
        let serving = serve(listener, options).await?;
        until_stopped(&serving, &serving.text(), !arguments.no_open).await
    });
    // Work that still runs is not waited for.
    runtime.shutdown_background();
    ended.map(|()| AS_EXPECTED)
}

/// Prints this, opens the link in a browser if wanted and possible, and waits for Ctrl-C.
pub(crate) async fn until_stopped(serving: &Serving, text: &str, opens: bool) -> Result<(), String> {
    let mut stopped = pin!(tokio::signal::ctrl_c());
    // Only from the first poll on it listens, and whoever reads the text may stop the program.
    let first = poll_fn(|context| Poll::Ready(stopped.as_mut().poll(context))).await;
    terminal::print(text)?;
    if opens {
        open::open(&serving.link);
    }
    let ended = match first {
        Poll::Ready(ended) => ended,
        Poll::Pending => stopped.await,
    };
    ended.map_err(|error| format!("cannot wait for Ctrl-C: {error}"))
}

/// Serves the page on this listener, in tasks of the runtime.
pub(crate) async fn serve(listener: TcpListener, options: Options) -> Result<Serving, String> {
    let cannot = |error: std::io::Error| format!("cannot serve the page: {error}");
    let address = listener.local_addr().map_err(cannot)?;
    let prove = match address.ip().is_loopback() {
        true => Some(Prove::start(address.port()).await.map_err(cannot)?),
        false => None,
    };
    let ui = Arc::new(Ui::new(address, options, prove)?);
    let link = format!("{}#token={}", ui.addresses.page(), ui.token.for_link());
    let serving = Serving { link, may_ask: ui.may_ask };
    answer_with(http1::Builder::new(), listener, router(ui));
    Ok(serving)
}

impl Ui {
    fn new(address: SocketAddr, options: Options, prove: Option<Prove>) -> Result<Self, String> {
        let may_ask = options.allow_ask || address.ip().is_loopback();
        Ok(Self {
            addresses: Addresses::new(address, options.public_url.as_ref())?,
            token: Token::new()?,
            may_ask,
            resolve: options.resolve,
            pages: Pages::new(&options.demo)?,
            content_security_policy: guard::content_security_policy(
                prove.as_ref().map_or(&[], Prove::origins),
            )?,
            limits: api::Limits { asked: Semaphore::new(api::MOST_ASKED), recordings: Semaphore::new(1) },
            prove,
        })
    }
}

/// Every request passes the guard, and every response gets its headers.
fn router(ui: Arc<Ui>) -> Router {
    Router::new()
        .route("/api/{*call}", axum::routing::post(api::answer))
        .fallback(pages::answer)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&ui), guard::guard))
        .with_state(ui)
}

impl Serving {
    /// Returns what is printed at the start.
    fn text(&self) -> String {
        let mut text = format!("The page is at\n\n  {}\n\n", styled(STRONG, &self.link));
        text.push_str(&terminal::wrap(
            "The link has a token: only who opens it may ask servers from this machine.",
            "",
            "",
        ));
        if !self.may_ask {
            let words =
                "The page can be reached beyond this machine, so it asks no servers: --allow-ask lets it.";
            text.push_str(&styled(CAREFUL, &terminal::wrap(words, "", "")));
        }
        text.push_str("Press Ctrl-C to stop.\n");
        text
    }
}

async fn listen(address: IpAddr, port: Option<u16>) -> Result<TcpListener, String> {
    let taken = match TcpListener::bind((address, port.unwrap_or(PORT))).await {
        Ok(listener) => return Ok(listener),
        Err(error) => error,
    };
    match port {
        Some(port) => Err(format!(
            "cannot use port {port} of {address}: {taken}. Choose another with --port, or 0 for a free one."
        )),
        None => TcpListener::bind((address, 0))
            .await
            .map_err(|error| format!("cannot open a port on {address}: {error}")),
    }
}
