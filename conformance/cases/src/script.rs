//! The server's script: which response a request gets. The live server and the run in memory both use it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::case::{Case, File, Reply};

/// A case's script, and its current position.
#[derive(Debug)]
pub struct Script {
    case: Arc<Case>,
    served: HashMap<(String, bool), usize>,
}

/// A response that is ready to be sent. Each character of a value is one byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: &'static [u8],
    pub close: bool,
}

impl Script {
    /// The names in the case have to be expanded.
    pub fn new(case: Arc<Case>) -> Self {
        Self { case, served: HashMap::new() }
    }

    /// The response to a request for `url`.
    pub fn answer(&mut self, method: &str, url: &str, origin: Option<&str>, preflight: bool) -> Answer {
        let place = url.split(['?', '#']).next().unwrap_or(url).to_owned();
        let replies = self.case.server.get(&place).map(|resource| {
            if preflight { resource.preflight.as_slice() } else { resource.request.as_slice() }
        });
        let Some(replies) = replies.filter(|replies| !replies.is_empty()) else {
            return Answer::from_reply(
                &Reply { status: 404, headers: Vec::new(), file: File::Text, close: false },
                method,
                origin,
            );
        };
        let turn = self.served.entry((place, preflight)).or_default();
        let reply = replies.get(*turn).or(replies.last());
        *turn = turn.saturating_add(1);
        match reply {
            Some(reply) => Answer::from_reply(reply, method, origin),
            None => Answer { status: 500, headers: Vec::new(), body: b"", close: false },
        }
    }
}

impl Answer {
    /// The response, with this value as the response to the request's `Sec-WebSocket-Key`.
    pub fn accepting(mut self, web_socket_accept: &str) -> Self {
        for (_, value) in &mut self.headers {
            *value = value.replace("{websocket-accept}", web_socket_accept);
        }
        self
    }

    fn from_reply(reply: &Reply, method: &str, origin: Option<&str>) -> Self {
        let has_body = !matches!(reply.status, 100..=199 | 204 | 304);
        let body = if has_body && method != "HEAD" { reply.file.bytes() } else { b"" };
        let mut headers: Vec<_> = reply
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.replace("{origin}", origin.unwrap_or("none"))))
            .collect();
        let has = |headers: &[(String, String)], name: &str| {
            headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        // Two requests of one case must not share an entry of the HTTP cache.
        if !has(&headers, "cache-control") {
            headers.push(("Cache-Control".to_owned(), "no-store".to_owned()));
        }
        if has_body {
            headers.push(("Content-Length".to_owned(), body.len().to_string()));
        }
        Self { status: reply.status, headers, body, close: reply.close }
    }
}
