//! The request of the core that a script's request is.

use corsac::browser::{self, Client, RequestError, RequestInit};
use corsac::origin::Origin;
use corsac::text::{Printable, QUOTED};
use url::Url;

use crate::error::Problem;
use crate::given::Request;

/// Returns the request as browsers make it, or why script gets an exception instead.
pub(crate) fn build(given: &Request) -> Result<browser::Request, Problem> {
    let origin = Origin::parse(&given.origin)
        .map_err(|error| Problem::new("request.origin", sentence(&error.to_string())))?;
    let mut init = RequestInit::new(url(&given.url)?, Client::new(origin));
    init.method.clone_from(&given.method);
    init.headers = given.headers.list();
    // A form has an empty field where there is no body.
    init.body = given.body.as_deref().filter(|body| !body.is_empty()).map(Into::into);
    (init.mode, init.credentials, init.redirect) = (given.mode, given.credentials, given.redirect);
    init.build().map_err(|error| Problem::new(field(&error), sentence(&error.to_string())))
}

fn url(text: &str) -> Result<Url, Problem> {
    let wrong = |why: &str| {
        let message =
            format!("`{}` is not a URL that a page can request: {why}", Printable::new(text, QUOTED));
        Problem::new("request.url", message)
    };
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => {
            wrong("write it whole, as in `https://api.example.com/orders`.")
        }
        error => wrong(&format!("{error}.")),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("write one that begins with `https://` or `http://`."));
    }
    Ok(url)
}

fn field(error: &RequestError) -> &'static str {
    match error {
        RequestError::UrlCredentials { .. } => "request.url",
        RequestError::BodyNotAllowed { .. } => "request.body",
        RequestError::HeaderName { .. } | RequestError::HeaderValue { .. } => "request.headers",
        _ => "request.method",
    }
}

/// Makes a sentence of a message.
fn sentence(text: &str) -> String {
    let end = if text.ends_with(['.', '?']) { "" } else { "." };
    corsac_explain::capitalized(text) + end
}
