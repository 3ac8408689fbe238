//! The evidence for a diagnosis and for findings.

use std::net::IpAddr;

use corsac::browser::{
    CompletedExchange, Credentials, Engine, Exchange, ExchangeKind, Outcome, Reason, Refusal, Request,
    ResponseHead,
};
use corsac::header::is_cors_header;
use corsac::header::names::{CONTENT_TYPE, VARY};
use corsac::text::Printable;
use url::Url;

use crate::findings::{allow_origin, lists};

/// The same request sent in other ways, to distinguish a fixed header from one that depends on the origin.
///
/// A control may have the page's URL with a different query, so that no cache returns its answer to others. Its answer then counts only if
/// the query cannot be the cause of a difference: see [`findings`](fn@crate::findings).
///
/// ```
/// use corsac::browser::CompletedExchange;
/// use corsac_explain::{Evidence, findings};
/// # use corsac::browser::{Client, Exchange, ExchangeKind, FilteredResponse, Outcome, RequestInit, ResponseHead};
/// # use corsac::{header::HeaderList, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let exchange = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// # let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// # let response = ResponseHead::new(200, [("Access-Control-Allow-Origin", "https://app.example"), ("Vary", "Origin")]);
/// # let seen = [CompletedExchange::new(exchange.clone(), Ok(response))];
/// // The same request from an origin that no server can know, which is allowed as well.
/// let head = [("Access-Control-Allow-Origin", "https://a.invalid"), ("Access-Control-Allow-Credentials", "true")];
/// let control = CompletedExchange::new(exchange, Ok(ResponseHead::new(200, head)));
/// let mut evidence = Evidence::new(&request, &seen, &outcome);
/// evidence.controls.other_origin = Some(("https://a.invalid", &control));
/// assert_eq!(findings(&evidence)[0].code, "reflects-any-origin");
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Controls<'a> {
    /// The request without `Origin`, with its response. A GET, if the preflight of another method is refused.
    pub without_origin: Option<&'a CompletedExchange>,
    /// Another origin, which no server can have on a list, and what was sent from it: the request, or its preflight.
    pub other_origin: Option<(&'a str, &'a CompletedExchange)>,
    /// The server's own origin, and what was sent from it: the request, or its preflight.
    pub own_origin: Option<(&'a str, &'a CompletedExchange)>,
    /// A plain GET from the page, which needs no preflight, with its response. Sent if the preflight of the request is refused.
    pub without_preflight: Option<&'a CompletedExchange>,
    /// The preflight of the request that a client of the protocol sends next: see [`next_request`](crate::next_request()).
    pub next_preflight: Option<&'a CompletedExchange>,
    /// The other address of `localhost`, and what the program there answered to the page's first request.
    pub other_address: Option<(IpAddr, &'a CompletedExchange)>,
}

/// Everything that is known about a fetch: what a diagnosis and findings are based on.
///
/// ```
/// use corsac::browser::CompletedExchange;
/// use corsac_explain::{Evidence, findings};
/// # use corsac::browser::{Client, Exchange, ExchangeKind, FilteredResponse, Outcome, RequestInit, ResponseHead};
/// # use corsac::{header::HeaderList, origin::Origin};
/// # let page = Client::new(Origin::parse("https://app.example").unwrap());
/// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
/// # let exchange = Exchange::new(ExchangeKind::Request, "GET", request.init().url.clone());
/// # let outcome = Outcome::Opaque(FilteredResponse::opaque());
/// let response = ResponseHead::new(200, [("Access-Control-Allow-Origin", "*"), ("Vary", "Origin")]);
/// let exchanges = [CompletedExchange::new(exchange, Ok(response))];
/// let evidence = Evidence::new(&request, &exchanges, &outcome);
/// assert!(findings(&evidence).is_empty()); // public, and correct
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Evidence<'a> {
    /// The request.
    pub request: &'a Request,
    /// The exchanges that took place for it, in order.
    pub exchanges: &'a [CompletedExchange],
    /// Its outcome.
    pub outcome: &'a Outcome,
    /// The controls.
    pub controls: Controls<'a>,
    /// The address that answered.
    pub address: Option<IpAddr>,
    /// Whether the user gave cookies to send.
    pub cookies_given: bool,
    /// The server to which the connections for the request's host went, if it was another one.
    pub connected_to: Option<&'a Url>,
    /// Browsers that refuse the request only because of the server's present location, while others do not.
    pub refused_for_location: &'a [(Engine, &'a Refusal)],
}

impl<'a> Evidence<'a> {
    /// Creates the evidence of a fetch without controls and cookies. The address is that of the first exchange that has one.
    ///
    /// ```
    /// use corsac::browser::{FilteredResponse, Outcome};
    /// # use corsac::{browser::{Client, RequestInit}, origin::Origin};
    /// # let page = Client::new(Origin::parse("https://app.example").unwrap());
    /// # let request = RequestInit::new("https://api.example/".parse().unwrap(), page).build().unwrap();
    /// let outcome = Outcome::Opaque(FilteredResponse::opaque());
    /// let evidence = corsac_explain::Evidence::new(&request, &[], &outcome);
    /// assert_eq!((evidence.address, evidence.cookies_given), (None, false));
    /// ```
    pub fn new(request: &'a Request, exchanges: &'a [CompletedExchange], outcome: &'a Outcome) -> Self {
        let address = exchanges.iter().find_map(|carried| carried.address);
        Self {
            request,
            exchanges,
            outcome,
            controls: Controls::default(),
            address,
            cookies_given: false,
            connected_to: None,
            refused_for_location: &[],
        }
    }
}

impl<'a> Evidence<'a> {
    /// Returns the preflights that were answered.
    pub(crate) fn preflights(self) -> impl Iterator<Item = (&'a Exchange, &'a ResponseHead)> {
        self.answered().filter(|(exchange, _)| exchange.kind == ExchangeKind::Preflight)
    }

    /// Returns the response to the request itself: the last one, after all redirects.
    pub(crate) fn response(self) -> Option<(&'a Exchange, &'a ResponseHead)> {
        self.answered().filter(|(exchange, _)| exchange.kind != ExchangeKind::Preflight).last()
    }

    /// Returns the exchange whose response was refused, and that response.
    pub(crate) fn refused(self, refusal: &Refusal) -> Option<(&'a Exchange, &'a ResponseHead)> {
        refusal.status?;
        self.answered().last()
    }

    /// Returns the redirect that was refused, or that led to the refused response.
    pub(crate) fn redirect(self, refusal: &Refusal) -> Option<(&'a Exchange, &'a ResponseHead)> {
        let redirect = |(_, response): &(&Exchange, &ResponseHead)| response.is_redirect();
        let refused = self.refused(refusal).filter(redirect);
        refused.or_else(|| self.answered().filter(redirect).last())
    }

    /// Returns the body of the response that was refused, as far as it was read.
    pub(crate) fn refused_body(self, refusal: &Refusal) -> Option<Body<'a>> {
        refusal.status?;
        self.last_body()
    }

    /// Returns the body of the last response, as far as it was read.
    pub(crate) fn last_body(self) -> Option<Body<'a>> {
        let carried = self.exchanges.iter().rfind(|carried| carried.response().is_some())?;
        carried.body.as_deref().map(Body)
    }

    /// Returns `true` if the response has a CORS header, which shows that a CORS layer answered.
    pub(crate) fn knows_cors(self, response: &ResponseHead) -> bool {
        response.headers.iter().any(|line| is_cors_header(&line.name))
    }

    /// Returns the response to the request without `Origin`, if it counts.
    pub(crate) fn without_origin(self) -> Option<Compared<'a>> {
        self.compared(self.controls.without_origin?)
    }

    /// Returns `true` if `Access-Control-Allow-Origin` allows the page's origin.
    pub(crate) fn allows(self, response: &ResponseHead) -> bool {
        let value = allow_origin(response);
        let value = value.as_deref();
        value == Some(self.request.origin().as_str()) || value == Some("*") && !self.with_credentials()
    }

    /// Returns a response without a preflight that allows the page's origin, if the preflight was refused: to a GET from the page, or to a
    /// request without `Origin` that succeeded. It shows that CORS is enabled, and that the origin is not what is refused.
    pub(crate) fn allowed_without_preflight(self) -> Option<Allowed<'a>> {
        let get = self.controls.without_preflight.and_then(|control| {
            Some(Allowed { what: "a GET from this page", response: control.response()? })
        });
        let without = || {
            let response = self.without_origin()?.response;
            is_success(response).then_some(Allowed { what: "a GET without `Origin`", response })
        };
        get.filter(|get| self.allows(get.response))
            .or_else(|| without().filter(|without| self.allows(without.response)))
    }

    /// Returns `true` if a GET from the page, sent because the preflight was refused, is not allowed either.
    pub(crate) fn is_refused_without_preflight(self) -> bool {
        let get = self.controls.without_preflight.and_then(CompletedExchange::response);
        get.is_some_and(is_success) && self.allowed_without_preflight().is_none()
    }

    /// Returns `true` if a GET from the page, sent because the preflight was refused, gets an error, but the same without `Origin` does
    /// not.
    pub(crate) fn is_get_refused_by_origin(self) -> bool {
        let get = self.controls.without_preflight.and_then(CompletedExchange::response);
        let without = self.controls.without_origin.and_then(CompletedExchange::response);
        get.is_some_and(|get| get.status >= 400) && without.is_some_and(is_success)
    }

    /// Returns `true` if the request without `Origin` gets the same status.
    pub(crate) fn is_same_without_origin(self, response: &ResponseHead) -> bool {
        let control = self.controls.without_origin.and_then(CompletedExchange::response);
        control.is_some_and(|control| control.status == response.status)
    }

    /// Returns the other origin and the response to it, if it counts.
    pub(crate) fn other_origin(self) -> Option<(&'a str, Compared<'a>)> {
        let (origin, control) = self.controls.other_origin?;
        Some((origin, self.compared(control)?))
    }

    /// Returns the server's own origin and the response to it, if it counts.
    pub(crate) fn own_origin(self) -> Option<(&'a str, Compared<'a>)> {
        let (origin, control) = self.controls.own_origin?;
        Some((origin, self.compared(control)?))
    }

    fn compared(self, control: &'a CompletedExchange) -> Option<Compared<'a>> {
        let response = control.response()?;
        let kind = control.exchange.kind;
        let asked_url = &self.request.init().url;
        let page = self.answered().find(|(exchange, _)| exchange.kind == kind && exchange.url == *asked_url);
        let page = page.map(|(_, response)| response);
        let same_url = control.exchange.url == *asked_url;
        let comparable = same_url || page.is_some_and(|page| is_like(page, response));
        let counts = comparable || is_success(response) && page.is_none_or(falls_short);
        counts.then_some(Compared { kind, page, response, comparable })
    }

    pub(crate) fn answered(self) -> impl Iterator<Item = (&'a Exchange, &'a ResponseHead)> {
        self.exchanges.iter().filter_map(|carried| Some((&carried.exchange, carried.response()?)))
    }

    pub(crate) fn with_credentials(self) -> bool {
        self.request.init().credentials == Credentials::Include
    }

    pub(crate) fn is_readable(self) -> bool {
        matches!(self.outcome, Outcome::Readable(_))
    }
}

/// A response that allows the page's origin, with a description of its request for a sentence.
#[derive(Clone, Copy)]
pub(crate) struct Allowed<'a> {
    pub(crate) what: &'static str,
    pub(crate) response: &'a ResponseHead,
}

/// The body of a response, as far as it was read.
#[derive(Clone, Copy)]
pub(crate) struct Body<'a>(pub(crate) &'a [u8]);

/// The most characters of a body's line or of a header's value that are quoted.
const LONGEST_LINE: usize = 160;

impl Body<'_> {
    /// Returns the first line that contains one of these strings. A long line is returned from that string on.
    pub(crate) fn line_with(self, signs: &[&str]) -> Option<String> {
        let text = String::from_utf8_lossy(self.0);
        signs.iter().find_map(|sign| {
            let line = shown_lines(&text).find(|line| line.contains(sign))?;
            // An element ends at its closing tag, even if the whole page is one line.
            if let Some((_, rest)) = sign.strip_prefix('<').and_then(|_| line.split_once(sign)) {
                let content = rest.split("</").next().unwrap_or(rest);
                return Some(quoted_line(&format!("{sign}{content}")));
            }
            let start = line.find(sign).filter(|_| line.len() > LONGEST_LINE).unwrap_or_default();
            Some(quoted_line(from_the_word_before(line, start)))
        })
    }

    /// Returns the most informative line of an error: an exception, a message or a title, or else the first line.
    pub(crate) fn error_line(self) -> Option<String> {
        const SIGNS: [&str; 8] = [
            "Error: ",
            "Exception",
            "error_description",
            "\"message\"",
            "\"error\"",
            "\"detail\"",
            "<title>",
            "<h1>",
        ];
        self.line_with(&SIGNS).or_else(|| {
            let text = String::from_utf8_lossy(self.0);
            let first = text.lines().map(str::trim).find(|line| !line.is_empty())?;
            (!first.starts_with('<')).then(|| quoted_line(first))
        })
    }
}

/// Returns the line from this position on, with a few words before it.
fn from_the_word_before(line: &str, start: usize) -> &str {
    const CONTEXT: usize = 24;
    let before = line.get(..start).unwrap_or_default();
    let earliest = before.char_indices().rev().nth(CONTEXT).map_or(0, |(index, _)| index);
    let words = before.get(earliest..).unwrap_or_default();
    // Starts after a tag, or else at a whole word.
    let skipped = match words.rfind(['>', '"', '{']) {
        Some(end) => end.saturating_add(1),
        None if earliest == 0 => 0,
        None => words.find(' ').map_or(words.len(), |space| space.saturating_add(1)),
    };
    line.get(earliest.saturating_add(skipped)..).unwrap_or(line)
}

/// Returns the lines as a browser shows them: `<br>` ends one, too.
fn shown_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let (first, rest) = line.split_once("<br").map_or((line, None), |(first, rest)| (first, Some(rest)));
        let rest = rest.into_iter().flat_map(|rest| rest.split("<br"));
        std::iter::once(first).chain(rest.map(|part| part.trim_start_matches([' ', '/', '>'])))
    })
}

/// Escapes and shortens an untrusted value, for a sentence.
pub(crate) fn printable(text: &str) -> Printable<'_> {
    Printable::new(text, LONGEST_LINE)
}

/// Returns a line without its tags, escaped and shortened, in backquotes.
fn quoted_line(line: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for character in line.trim().chars().take(LONGEST_LINE * 4) {
        match character {
            '<' => in_tag = true,
            // A tag separates words.
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            _ if !in_tag => text.push(character),
            _ => {}
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("`{}`", printable(&words.join(" ")))
}

/// Returns the value of `Access-Control-Allow-Origin` that was refused: the lines of the header, joined.
pub(crate) fn refused_allow_origin(refusal: &Refusal) -> Option<&str> {
    match &refusal.reason {
        Reason::AllowOriginMismatch { value, .. }
        | Reason::AllowOriginMultiple { value, .. }
        | Reason::AllowOriginInvalid { value, .. } => Some(value),
        _ => None,
    }
}

/// The response to a control, if it counts, with the page's own response, if there was one.
#[derive(Clone, Copy)]
pub(crate) struct Compared<'a> {
    pub(crate) kind: ExchangeKind,
    pub(crate) page: Option<&'a ResponseHead>,
    pub(crate) response: &'a ResponseHead,
    /// Whether differences between the two come from the origin, and not from the control's query.
    pub(crate) comparable: bool,
}

impl<'a> Compared<'a> {
    /// Returns the response to the request itself, not to its preflight, if its headers can be compared.
    pub(crate) fn comparable_request(self) -> Option<&'a ResponseHead> {
        (self.comparable && self.kind == ExchangeKind::Request).then_some(self.response)
    }
}

pub(crate) fn is_success(response: &ResponseHead) -> bool {
    (200..300).contains(&response.status)
}

/// Returns `true` if `Vary` names `Origin`.
pub(crate) fn depends_on_origin(response: &ResponseHead) -> bool {
    lists(&response.headers, VARY, "Origin")
}

/// Returns `true` for an error, or if `Access-Control-Allow-Origin` is missing. A control that does better then counts, whatever its query.
fn falls_short(page: &ResponseHead) -> bool {
    !is_success(page) || allow_origin(page).is_none()
}

/// Returns `true` if both look like the same resource.
fn is_like(page: &ResponseHead, control: &ResponseHead) -> bool {
    page.status == control.status && page.headers.get(CONTENT_TYPE) == control.headers.get(CONTENT_TYPE)
}
