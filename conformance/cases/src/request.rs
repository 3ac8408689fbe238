//! A call of a case as a request of the core. The core does what `XMLHttpRequest` and bodies do to it.

use corsac::browser::{Api, BodyKind, Client, CrossOrigin, Load, RequestInit};
use url::Url;

use crate::Failure;
use crate::case::{self, Body, Call};
use crate::observation::to_bytes;

/// The request that script makes with this call, on the page of `client`.
pub(crate) fn init(call: &Call, client: Client) -> Result<RequestInit, Failure> {
    let page = client.url.clone();
    let url = Url::options().base_url(page.as_ref()).parse(&call.url)?;
    let mut init = RequestInit::new(url, client);
    if let Some(method) = &call.method {
        init.method.clone_from(method);
    }
    init.headers = call.headers.iter().map(|(name, value)| (name.clone(), to_bytes(value))).collect();
    init.body = body(call.body).map(Into::into);
    if let Some(name) = &call.load {
        let load = Load::ALL.iter().copied().find(|load| load.as_str() == name);
        let load = load.ok_or_else(|| format!("`{name}` is not something that a page loads"))?;
        let state = |text: &String| CrossOrigin::ALL.into_iter().find(|state| state.as_str() == text);
        if let Some(credentials) = &call.credentials {
            init.credentials = parsed(credentials)?;
        }
        return Ok(init.for_load(load, call.crossorigin.as_ref().and_then(state)));
    }
    if call.api != case::Api::Fetch {
        init.api = Api::XmlHttpRequest { upload_listeners: call.api == case::Api::XhrUpload };
        // withCredentials is a boolean, and the other values below are fetch()'s.
        if call.credentials.as_deref() == Some("include") {
            init.credentials = parsed("include")?;
        }
        return Ok(init);
    }
    if let Some(credentials) = &call.credentials {
        init.credentials = parsed(credentials)?;
    }
    if let Some(mode) = &call.mode {
        init.mode = parsed(mode)?;
    }
    if let Some(redirect) = &call.redirect {
        init.redirect = parsed(redirect)?;
    }
    if let Some(cache) = &call.cache {
        init.cache = parsed(cache)?;
    }
    if let Some(policy) = call.referrer_policy.as_deref().filter(|policy| !policy.is_empty()) {
        init.referrer_policy = parsed(policy)?;
    }
    Ok(init)
}

fn body(body: Body) -> Option<BodyKind> {
    Some(match body {
        Body::None => return None,
        Body::Text => BodyKind::Text,
        Body::Form => BodyKind::UrlSearchParams,
        Body::Json => BodyKind::Blob { media_type: "application/json".to_owned() },
        Body::Bytes => BodyKind::BufferSource,
        Body::Stream => BodyKind::Stream,
    })
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error| format!("{error}").into())
}
