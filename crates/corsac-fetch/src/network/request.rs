//! The request as it is sent: the header lines of the exchange, and those that the connection adds.

use corsac::browser::{Exchange, NetworkError, NetworkErrorKind};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION, RANGE, UPGRADE, USER_AGENT,
};
use hyper::{Method, Request, Uri};

use super::control_bytes::{disguise, undisguise};
use super::options::NetworkOptions;
use super::send_error::SendError;
use super::target::Form;

/// A request that can be written to any kind of connection.
pub(super) struct Outgoing {
    method: Method,
    uri: Uri,
    host: HeaderValue,
    /// All lines except `Host`, `Connection` and those for a proxy. The values of the exchange's lines are encoded ([`disguise`]).
    lines: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    spelling: Vec<String>,
}

impl Outgoing {
    /// Puts `Content-Length`, `User-Agent`, the lines of the exchange, `Accept-Encoding` and `Cookie` in this order, as browsers do.
    pub(super) fn compose(
        exchange: &Exchange,
        body: Option<&[u8]>,
        options: &NetworkOptions,
    ) -> Result<Self, SendError> {
        let method = Method::from_bytes(exchange.method.as_bytes())
            .map_err(|_| unsendable(format!("`{}` is not a method", exchange.method)))?;
        let (uri, host) = target(exchange)?;
        let body = body.filter(|_| exchange.body).map(Bytes::copy_from_slice);

        let mut own = Vec::with_capacity(exchange.headers.len() + 4);
        for line in &exchange.headers {
            let name = HeaderName::from_bytes(line.name.as_bytes())
                .map_err(|_| unsendable(format!("`{}` is not a header name", line.name)))?;
            let value = HeaderValue::from_bytes(&disguise(&line.value))
                .map_err(|_| unsendable(format!("the value of `{}` has a line break or NUL", line.name)))?;
            own.push((name, value));
        }
        let has = |name: HeaderName| own.iter().any(|(own, _)| *own == name);

        let mut lines = Vec::with_capacity(own.len() + 4);
        // Fetch, "HTTP-network-or-cache fetch", steps 5-7: a POST or PUT without a body has a length of 0.
        match &body {
            Some(body) => lines.push((CONTENT_LENGTH, HeaderValue::from(body.len()))),
            None if method == Method::POST || method == Method::PUT => {
                lines.push((CONTENT_LENGTH, HeaderValue::from(0)));
            }
            None => {}
        }
        if !has(USER_AGENT) && !options.user_agent.is_empty() {
            lines.push((USER_AGENT, value(&options.user_agent)?));
        }
        let accept_encoding = accept_encoding(exchange, has(RANGE)).filter(|_| !has(ACCEPT_ENCODING));
        lines.append(&mut own);
        if let Some(codings) = accept_encoding {
            lines.push((ACCEPT_ENCODING, HeaderValue::from_static(codings)));
        }
        if exchange.credentials && !options.cookies.is_empty() {
            lines.push((COOKIE, value(&options.cookies.join("; "))?));
        }
        let spelling = exchange.headers.iter().map(|line| line.name.clone()).collect();
        Ok(Self { method, uri, host, lines, body: body.unwrap_or_default(), spelling })
    }

    /// The header names as the exchange spells them. The library changes them to lower case.
    pub(super) fn spelling(&self) -> Vec<String> {
        self.spelling.clone()
    }

    /// Returns `true` if the request asks to switch to another protocol.
    pub(super) fn upgrades(&self) -> bool {
        self.lines.iter().any(|(name, _)| *name == UPGRADE)
    }

    /// Converts the request to the form that the connection needs. HTTP/2 cannot carry control bytes.
    pub(super) fn into_request(self, form: &Form) -> Result<Request<Full<Bytes>>, NetworkError> {
        let mut headers = HeaderMap::with_capacity(self.lines.len() + 3);
        let upgrades = self.upgrades();
        let plain = matches!(form, Form::Http2 | Form::Service);
        if !matches!(form, Form::Http2) {
            headers.append(HOST, self.host);
        }
        if !plain {
            // Browsers keep connections alive, and send this header. Ours are not kept, but the request has to be the same.
            let connection = if upgrades { "Upgrade" } else { "keep-alive" };
            headers.append(CONNECTION, HeaderValue::from_static(connection));
        }
        if let Form::Absolute { proxy_authorization: Some(credentials) } = form {
            headers.append(PROXY_AUTHORIZATION, credentials.clone());
        }
        for (name, mut value) in self.lines {
            if plain {
                value = HeaderValue::from_bytes(&undisguise(value.as_bytes())).map_err(|_| {
                    let message =
                        format!("the value of `{name}` has a control character, which cannot be sent here");
                    NetworkError::new(NetworkErrorKind::Malformed, message)
                })?;
            }
            headers.append(name, value);
        }
        let uri = match form {
            Form::Origin | Form::Service => {
                self.uri.path_and_query().cloned().map(Uri::from).unwrap_or_default()
            }
            Form::Absolute { .. } | Form::Http2 => self.uri,
        };
        let mut request = Request::new(Full::new(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

/// The URL without fragment, user name and password; and the value of `Host`.
fn target(exchange: &Exchange) -> Result<(Uri, HeaderValue), SendError> {
    let mut url = exchange.url.clone();
    url.set_fragment(None);
    // These fail only for URLs that cannot have user info, and then there is none to remove.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let uri: Uri = url
        .as_str()
        .parse()
        .map_err(|error| unsendable(format!("`{url}` cannot be a request target: {error}")))?;
    let host = uri.authority().map(|authority| HeaderValue::from_str(authority.as_str()));
    match host {
        Some(Ok(host)) => Ok((uri, host)),
        _ => Err(unsendable(format!("`{url}` has no host"))),
    }
}

/// The codings that a browser offers: Brotli only over TLS, and `identity` for a request with `Range` (Fetch, "HTTP-network-or-cache fetch").
fn accept_encoding(exchange: &Exchange, range: bool) -> Option<&'static str> {
    Some(match exchange.url.scheme() {
        _ if range => "identity",
        "https" => "gzip, deflate, br",
        _ => "gzip, deflate",
    })
}

fn value(text: &str) -> Result<HeaderValue, SendError> {
    HeaderValue::from_bytes(text.as_bytes())
        .map_err(|_| unsendable(format!("{text:?} has a control character")))
}

fn unsendable(reason: String) -> SendError {
    SendError::Unsendable(reason)
}
