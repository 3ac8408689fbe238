//! `corsac explain --check`: asks the server about the request that a text is about.

use clap::Parser as _;
use corsac_explain::Item;

use crate::arguments::{Arguments, Command, ExplainArguments};
use crate::terminal::{self, STRONG, styled};

/// Checks the first item that names a URL. Returns the exit status of `corsac check`.
pub(super) fn check(items: &[Item], arguments: &ExplainArguments) -> Result<u8, String> {
    let named = items
        .iter()
        .find_map(|item| Some((item, item.url.as_deref().filter(|url| url.starts_with("http"))?)));
    let Some((item, url)) = named else {
        return Err("the text does not contain the URL of the request, so there is nothing to check. Run `corsac check URL --origin ORIGIN`."
            .to_owned());
    };
    if url.contains(corsac_explain::secrets::REDACTED) {
        return Err("the URL in the text has a secret, which is not sent to the server. Run `corsac check URL --origin ORIGIN` with the whole URL."
            .to_owned());
    }
    let given = arguments.origin.as_ref().map(|origin| origin.as_str());
    let Some(origin) = given.or(item.origin.as_deref()) else {
        return Err(
            "the text does not contain the origin of the page: add `--origin https://...`.".to_owned()
        );
    };
    let mut words = vec!["corsac", "check", url, "--origin", origin];
    let method = item.value("method").filter(|method| *method != "OPTIONS");
    if let Some(method) = method {
        words.extend(["-X", method]);
        if !matches!(method, "GET" | "HEAD") {
            words.push("--preflight-only");
        }
    }
    let header = item.value("name").map(|name| format!("{name}: 1"));
    if let Some(header) = &header {
        words.extend(["-H", header]);
    }
    if item.codes.iter().any(|code| matches!(*code, "credentials-wildcard" | "allow-credentials-not-true"))
        && item.codes.len() == 1
    {
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
