//! `corsac explain --check`: asks the server about the request that a text is about.

use clap::Parser as _;
use corsac_explain::Item;

use crate::arguments::{Arguments, Command, ExplainArguments};
use crate::terminal::{self, STRONG, styled};

/// The request of a page that failed, as far as a text tells.
pub(crate) struct Told<'i> {
    pub(crate) url: &'i str,
    pub(crate) origin: Option<&'i str>,
    /// The method. That of a preflight says nothing about the page's request.
    pub(crate) method: Option<&'i str>,
    /// The name of a request header that is not allowed.
    pub(crate) header: Option<&'i str>,
    pub(crate) credentials: bool,
}

/// Returns the request of an item that names a URL.
pub(crate) fn told(item: &Item) -> Option<Told<'_>> {
    let codes = item.codes.as_slice();
    Some(Told {
        url: item.url.as_deref().filter(|url| url.starts_with("http"))?,
        origin: item.origin.as_deref(),
        method: item.value("method").filter(|method| *method != "OPTIONS"),
        header: item.value("name"),
        credentials: matches!(codes, ["credentials-wildcard" | "allow-credentials-not-true"]),
    })
}

/// Checks the first item that names a URL. Returns the exit status of `corsac check`.
pub(super) fn check(items: &[Item], arguments: &ExplainArguments) -> Result<u8, String> {
    let Some(told) = items.iter().find_map(told) else {
        return Err("the text does not contain the URL of the request, so there is nothing to check. Run `corsac check URL --origin ORIGIN`."
            .to_owned());
    };
    if told.url.contains(corsac_explain::secrets::REDACTED) {
        return Err("the URL in the text has a secret, which is not sent to the server. Run `corsac check URL --origin ORIGIN` with the whole URL."
            .to_owned());
    }
    let given = arguments.origin.as_ref().map(|origin| origin.as_str());
    let Some(origin) = given.or(told.origin) else {
        return Err(
            "the text does not contain the origin of the page: add `--origin https://...`.".to_owned()
        );
    };
    let mut words = vec!["corsac", "check", told.url, "--origin", origin];
    if let Some(method) = told.method {
        words.extend(["-X", method]);
        if !matches!(method, "GET" | "HEAD") {
            words.push("--preflight-only");
        }
    }
    let header = told.header.map(|name| format!("{name}: 1"));
    if let Some(header) = &header {
        words.extend(["-H", header]);
    }
    if told.credentials {
        words.extend(["--credentials", "include"]);
    }
    let mut parsed = Arguments::try_parse_from(&words).map_err(|error| error.to_string())?;
    if let Command::Check(check) = &mut parsed.command {
        check.resolve.clone_from(&arguments.resolve);
        check.json = arguments.json;
    }
    if !arguments.json {
        terminal::print(&format!("\n{}\n\n", styled(STRONG, "What the server answers now")))?;
    }
    crate::run(&parsed.command)
}
