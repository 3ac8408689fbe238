//! A `fetch()` that enforces CORS, as a sandbox or a test would call it.
//!
//! `cargo run -p corsac-fetch --example fetch -- URL ORIGIN`

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use corsac::browser::{Client, Engine, Outcome, RequestInit};
use corsac::origin::Origin;
use corsac_fetch::{Browser, Network, NetworkOptions, ProxySettings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(origin)) = (arguments.next(), arguments.next()) else {
        return Err(
            "give a URL and the origin of a page, as in `https://api.example/items https://app.example`"
                .into(),
        );
    };

    let options = NetworkOptions::default().with(|options| options.proxy = ProxySettings::from_environment());
    let mut browser = Browser::new(Network::new(options)?, Engine::Chromium);

    let page = Client::new(Origin::parse(&origin)?);
    let request = RequestInit::new(url.parse()?, page).build()?;
    let fetched = browser.fetch(request).await;
    match &fetched.outcome {
        Outcome::Readable(response) => {
            println!("{} {}", response.status, response.kind.as_str());
            for line in &response.headers {
                println!("{line:?}");
            }
            println!("{} bytes of body", fetched.body().map_or(0, <[u8]>::len));
        }
        Outcome::Opaque(_) => println!("an opaque response: the page cannot read it"),
        Outcome::Refused(refusal) => {
            println!("TypeError: Failed to fetch  ({}: {})", refusal.reason.code(), refusal.reason);
        }
    }
    Ok(())
}
