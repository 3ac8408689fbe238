//! `URL` and form encoding, from the `url` crate.

use rquickjs::Result;
use rquickjs::function::Opt;
use url::{Url, form_urlencoded, quirks};

use super::Host;

pub(super) fn add(host: &Host<'_>) -> Result<()> {
    host.function("urlParse", |text: String, base: Opt<Option<String>>| {
        parse(&text, base.0.flatten().as_deref()).map(|url| url_parts(&url))
    })?;
    host.function("urlSet", |href: String, part: String, value: String| {
        set(&href, &part, &value).map(|url| url_parts(&url))
    })?;
    host.function("formParse", |text: String| {
        let pairs = form_urlencoded::parse(text.as_bytes());
        pairs.map(|(name, value)| vec![name.into_owned(), value.into_owned()]).collect::<Vec<_>>()
    })?;
    host.function("formSerialize", |pairs: Vec<Vec<String>>| {
        let mut text = form_urlencoded::Serializer::new(String::new());
        for pair in &pairs {
            if let [name, value] = pair.as_slice() {
                text.append_pair(name, value);
            }
        }
        text.finish()
    })
}

fn parse(text: &str, base: Option<&str>) -> Option<Url> {
    let base = match base {
        Some(base) => Some(Url::parse(base).ok()?),
        None => None,
    };
    Url::options().base_url(base.as_ref()).parse(text).ok()
}

/// A setter that cannot be applied leaves the URL unchanged, as the URL standard says. Only `href` throws.
fn set(href: &str, part: &str, value: &str) -> Option<Url> {
    let mut url = Url::parse(href).ok()?;
    match part {
        "href" => quirks::set_href(&mut url, value).ok()?,
        "protocol" => quirks::set_protocol(&mut url, value).unwrap_or_default(),
        "username" => quirks::set_username(&mut url, value).unwrap_or_default(),
        "password" => quirks::set_password(&mut url, value).unwrap_or_default(),
        "host" => quirks::set_host(&mut url, value).unwrap_or_default(),
        "hostname" => quirks::set_hostname(&mut url, value).unwrap_or_default(),
        "port" => quirks::set_port(&mut url, value).unwrap_or_default(),
        "pathname" => quirks::set_pathname(&mut url, value),
        "search" => quirks::set_search(&mut url, value),
        _ => quirks::set_hash(&mut url, value),
    }
    Some(url)
}

/// In the order of `partNames` in url.js.
fn url_parts(url: &Url) -> Vec<String> {
    let parts = [
        url.as_str(),
        &quirks::origin(url),
        quirks::protocol(url),
        quirks::username(url),
        quirks::password(url),
        quirks::host(url),
        quirks::hostname(url),
        quirks::port(url),
        quirks::pathname(url),
        quirks::search(url),
        quirks::hash(url),
    ];
    parts.into_iter().map(str::to_owned).collect()
}
