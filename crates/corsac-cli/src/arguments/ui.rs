//! The arguments of `corsac ui`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use corsac_fetch::ResolveOverride;
use url::Url;

use crate::terminal::printable;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  Open the page in your browser:
    corsac ui
  On a machine without a browser: print the link, and open it elsewhere.
    corsac ui --no-open
  In a dev container or over SSH, where the page has another address:
    corsac ui --public-url https://me-8914.example.dev/
  Write the pages to read as files for a web server:
    corsac ui --export site/

The link has a token. Only who opens it may ask servers from this machine. \
docs/ui.md says more, and SECURITY.md what is refused.")]
pub(crate) struct UiArguments {
    /// The port of the page; 0 picks a free one. Defaults to 8914, or to a free one if that is taken
    #[arg(long)]
    pub(crate) port: Option<u16>,

    /// The address to listen on. Beyond this machine, the page asks no servers without --allow-ask
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) listen: IpAddr,

    /// Do not open a browser: only print the link
    #[arg(long)]
    pub(crate) no_open: bool,

    /// The URL of the page in the browser, if something between forwards it: a dev container, a tunnel, a proxy
    #[arg(long, value_name = "URL", value_parser = parse_public_url)]
    pub(crate) public_url: Option<Url>,

    /// Let the page ask servers, even though it listens beyond this machine. Everybody with the link can then send requests from here
    #[arg(long)]
    pub(crate) allow_ask: bool,

    /// Connect to this address for a host and port, like curl's --resolve; `*` matches every host. Repeatable
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<ResolveOverride>,

    /// Write static pages to this directory, and serve nothing
    #[arg(long, value_name = "DIR", conflicts_with_all = ["port", "listen", "no_open", "public_url", "allow_ask", "resolve"])]
    pub(crate) export: Option<PathBuf>,
}

fn parse_public_url(text: &str) -> Result<Url, String> {
    let wrong =
        || format!("`{}` is not the URL of a page: write `https://me-8914.example.dev/`", printable(text));
    let mut url = Url::parse(text).map_err(|_| wrong())?;
    let has_more = url.query().is_some() || url.fragment().is_some() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || has_more || !url.username().is_empty() {
        return Err(wrong());
    }
    // Links are relative, so the path has to end with a slash.
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}
