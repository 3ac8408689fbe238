//! The browser around the core. It performs the exchanges of a fetch, and keeps what is shared between fetches: cookies, passwords, the
//! preflight cache, stored responses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use corsac::browser::{
    Exchange, ExchangeKind, Fetch, NetworkError, NetworkErrorKind, Outcome, PreflightCache, Profile, Request,
    Step,
};
use corsac::origin::Origin;
use corsac_fetch::{Network, Received, SendError};
use data_url::DataUrl;
use url::Url;

use crate::cache::{HttpCache, Lookup};
use crate::cookies::Jar;
use crate::message::{Answer, latin1};

/// One browser for one page. Tests share nothing.
pub struct Browser {
    pub network: Arc<Network>,
    pub profile: &'static Profile,
    pub jar: Mutex<Jar>,
    preflights: Mutex<PreflightCache>,
    responses: Mutex<HttpCache>,
    /// [Authentication entries](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), by origin: user name and password.
    passwords: Mutex<HashMap<String, String>>,
    started: Instant,
}

impl Browser {
    pub fn new(network: Arc<Network>, profile: &'static Profile) -> Self {
        Self {
            network,
            profile,
            jar: Mutex::default(),
            preflights: Mutex::default(),
            responses: Mutex::default(),
            passwords: Mutex::default(),
            started: Instant::now(),
        }
    }

    /// Fetches, and returns what script may see.
    pub async fn fetch(
        &self,
        request: Request,
        cache_mode: &str,
        body: Option<Vec<u8>>,
    ) -> (Answer, Vec<u8>) {
        let page = request.origin().clone();
        let method = request.method().to_owned();
        let url = request.init().url.clone();
        let mut fetch = Fetch::new(request, self.profile);
        let mut last: Option<Received> = None;
        loop {
            let exchange = match fetch.next(&mut lock(&self.preflights), self.started.elapsed()) {
                Step::Send(exchange) => exchange.clone(),
                Step::Done(outcome) => return answer(outcome, last, &method, &url),
            };
            match self.exchange(&exchange, cache_mode, body.as_deref(), &page, &mut fetch).await {
                Ok(received) => {
                    fetch.receive(Ok(received.head.clone()));
                    last = Some(received);
                }
                Err(SendError::Declined(_)) => {}
                Err(SendError::Failed(error)) => fetch.receive(Err(error)),
                Err(SendError::Unsendable(why)) => {
                    fetch.receive(Err(NetworkError::new(NetworkErrorKind::Malformed, why)));
                }
            }
        }
    }

    /// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), as far as the core leaves it to
    /// its driver: here the cache of responses.
    async fn exchange(
        &self,
        exchange: &Exchange,
        cache_mode: &str,
        body: Option<&[u8]>,
        page: &Origin,
        fetch: &mut Fetch<'_>,
    ) -> Result<Received, SendError> {
        if exchange.kind == ExchangeKind::Preflight {
            return self.send(exchange, None, body, page, fetch).await;
        }
        let conditions = match lock(&self.responses).look_up(exchange, cache_mode) {
            Lookup::Answer(received) => return Ok(received),
            Lookup::Nothing => {
                return Err(SendError::Unsendable("only-if-cached, but nothing is cached".into()));
            }
            Lookup::Ask(conditions) => conditions,
        };
        let mut conditional = exchange.clone();
        let revalidates = !conditions.is_empty();
        for (name, value) in conditions {
            conditional.headers.append(name, value);
        }
        let received = self.authenticated(&conditional, body, page, fetch).await?;
        Ok(lock(&self.responses).store(exchange, cache_mode, revalidates, received))
    }

    /// HTTP authentication, with the user name and password of the URL.
    async fn authenticated(
        &self,
        exchange: &Exchange,
        body: Option<&[u8]>,
        page: &Origin,
        fetch: &mut Fetch<'_>,
    ) -> Result<Received, SendError> {
        let own = Origin::of(&exchange.url);
        let given = user_and_password(&exchange.url);
        // XMLHttpRequest sets the use-URL-credentials flag, and no other URL here has credentials.
        let known = lock(&self.passwords).get(own.as_str()).cloned().filter(|_| given.is_none());
        let received = self.send(exchange, known, body, page, fetch).await?;
        let asks = received.head.status == 401 && exchange.credentials && own.same_origin(page);
        let (true, Some(given), false) = (asks, given, exchange.headers.contains("authorization")) else {
            return Ok(received);
        };
        let again = self.send(exchange, Some(given.clone()), body, page, fetch).await?;
        if again.head.status != 401 {
            lock(&self.passwords).insert(own.as_str().to_owned(), given);
        }
        Ok(again)
    }

    /// `Cookie`, `Set-Cookie`, and the network.
    async fn send(
        &self,
        exchange: &Exchange,
        password: Option<String>,
        body: Option<&[u8]>,
        page: &Origin,
        fetch: &mut Fetch<'_>,
    ) -> Result<Received, SendError> {
        let mut exchange = exchange.clone();
        if exchange.credentials {
            let cookies = lock(&self.jar).header(&exchange.url, page);
            if let Some(cookies) = cookies {
                exchange.headers.append("Cookie", latin1(&cookies));
            }
            if let Some(password) = password.filter(|_| !exchange.headers.contains("authorization")) {
                exchange.headers.append("Authorization", format!("Basic {}", base64(password.as_bytes())));
            }
        }
        let received = self.network.send(&exchange, body, &mut |peer| fetch.connected(peer.address)).await?;
        if exchange.credentials {
            for line in received.head.headers.all("set-cookie") {
                lock(&self.jar).set(&exchange.url, &byte_text(line), false);
            }
        }
        Ok(received)
    }
}

fn answer(outcome: &Outcome, last: Option<Received>, method: &str, url: &Url) -> (Answer, Vec<u8>) {
    let (response, readable) = match outcome {
        Outcome::Readable(response) => (response, true),
        Outcome::Opaque(response) => (response, false),
        Outcome::Refused(refusal) => {
            let error = format!("{}: {}", refusal.reason.code(), refusal.reason);
            return (Answer::Error { error }, Vec::new());
        }
    };
    let mut answer = Answer::of(response);
    let Answer::Response { status_text, no_body, body_error, .. } = &mut answer else {
        return (answer, Vec::new());
    };
    if !readable {
        *no_body = true;
        return (answer, Vec::new());
    }
    let Some(received) = last else {
        return data_body(url, method, answer);
    };
    status_text.clone_from(&received.status_text);
    *no_body = method == "HEAD" || matches!(response.status, 101 | 103 | 204 | 205 | 304);
    *body_error = received.body_error.as_ref().map(ToString::to_string);
    if received.body_truncated && body_error.is_none() {
        *body_error = Some("the body is too long".into());
    }
    (answer, received.body.unwrap_or_default())
}

/// A `data:` URL has a response without an exchange.
fn data_body(url: &Url, method: &str, mut answer: Answer) -> (Answer, Vec<u8>) {
    let decoded = DataUrl::process(url.as_str()).ok().and_then(|data| {
        let (body, _) = data.decode_to_vec().ok()?;
        Some((body, data.mime_type().to_string()))
    });
    let Some((body, kind)) = decoded else {
        return (Answer::Error { error: "the data: URL cannot be decoded".into() }, Vec::new());
    };
    if let Answer::Response { status_text, headers, no_body, .. } = &mut answer {
        *no_body = method == "HEAD";
        *status_text = "OK".into();
        *headers = vec![("content-type".into(), kind)];
    }
    (answer, if method == "HEAD" { Vec::new() } else { body })
}

fn user_and_password(url: &Url) -> Option<String> {
    let decoded =
        |text: &str| percent_decoded(text.as_bytes()).into_iter().map(char::from).collect::<String>();
    let named = !url.username().is_empty() || url.password().is_some();
    named.then(|| format!("{}:{}", decoded(url.username()), decoded(url.password().unwrap_or_default())))
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| first == b'%');
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
        bytes.push(byte.unwrap_or(first));
    }
    bytes
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |six: u32| DIGITS.get((six & 63) as usize).copied().map_or('=', char::from);
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |index: usize| three.get(index).copied().map_or(0, u32::from);
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for position in 0..4 {
            text.push(if position <= three.len() { digit(bits >> (18 - 6 * position)) } else { '=' });
        }
    }
    text
}

fn byte_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// A page that panicked leaves nothing in a state that harms another.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long a page waits for anything to happen before it is given up.
pub const PATIENCE: Duration = Duration::from_secs(80);
