//! For each code a case in which it is found, and a near one in which it is not.

mod afterwards;
mod caching;
mod protocols;
mod table;

use std::time::Duration;

use corsac::browser::{
    Api, Client, CompletedExchange, Credentials, Engine, Exchange, ExchangeKind, Fetch, Fetched, Load, Mode,
    NetworkError, NetworkErrorKind, PreflightCache, Reason, Refusal, RequestInit, ResponseHead, Stage,
};
use corsac::origin::Origin;

use super::*;
use crate::evidence::Controls;

fn table() -> Vec<(&'static str, FindingSeverity, Case, Case)> {
    [table::rows(), afterwards::rows()].concat()
}

const PAGE: &str = "https://app.example";
const OTHER: &str = "https://corsac-control.test";
const OK: (&str, &str) = ("Access-Control-Allow-Origin", PAGE);
const STAR: (&str, &str) = ("Access-Control-Allow-Origin", "*");
const ECHOED: (&str, &str) = ("Access-Control-Allow-Origin", OTHER);
const TRUE: (&str, &str) = ("Access-Control-Allow-Credentials", "true");
const VARY: (&str, &str) = ("Vary", "Origin");
const MAX_AGE: (&str, &str) = ("Access-Control-Max-Age", "600");

type Headers = &'static [(&'static str, &'static str)];

/// Status and header lines.
type Answer = (u16, Headers);

/// A server, a request to it, and all that else is known.
#[derive(Clone)]
struct Case {
    init: RequestInit,
    preflight: Headers,
    response: Headers,
    body: &'static str,
    breaks_off: Option<NetworkErrorKind>,
    /// The redirect that comes before it.
    redirect: Option<Answer>,
    without_origin: Option<Answer>,
    other_origin: Option<Answer>,
    /// The preflight of the request that comes next.
    next_preflight: Option<Headers>,
    /// The page's own response.
    status: u16,
    /// `true` if the controls were sent with a query of their own.
    own_query: bool,
    address: Option<&'static str>,
    cookies_given: bool,
    /// Safari refuses it for where the server is.
    refused_for_location: bool,
}

fn case(response: Headers) -> Case {
    let page = Client::new(Origin::parse(PAGE).unwrap());
    Case {
        init: RequestInit::new("https://api.test/x".parse().unwrap(), page),
        preflight: &[],
        response,
        body: "",
        breaks_off: None,
        redirect: None,
        without_origin: None,
        other_origin: None,
        next_preflight: None,
        status: 200,
        own_query: false,
        address: None,
        cookies_given: false,
        refused_for_location: false,
    }
}

impl Case {
    fn init(mut self, change: impl Fn(&mut RequestInit)) -> Self {
        change(&mut self.init);
        self
    }

    fn include(self) -> Self {
        self.init(|init| init.credentials = Credentials::Include)
    }

    fn header(self, name: &str, value: &str) -> Self {
        self.init(|init| init.headers.append(name, value))
    }

    fn at(self, url: &str) -> Self {
        self.init(|init| init.url = url.parse().unwrap())
    }

    fn method(self, method: &str) -> Self {
        self.init(|init| init.method = method.to_owned())
    }

    fn page(self, origin: &str) -> Self {
        self.init(|init| init.client = Client::new(Origin::parse(origin).unwrap()))
    }

    fn preflight(mut self, headers: Headers) -> Self {
        self.preflight = headers;
        self
    }

    fn controls(mut self, without_origin: Headers, other_origin: Headers) -> Self {
        self.without_origin = Some((200, without_origin));
        self.other_origin = Some((200, other_origin));
        self
    }

    fn next_preflight(mut self, headers: Headers) -> Self {
        self.next_preflight = Some(headers);
        self
    }

    /// The response to the page has this status.
    fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    fn body(mut self, body: &'static str) -> Self {
        self.body = body;
        self
    }

    /// One control, with a query of its own: the request without `Origin`.
    fn own_query(mut self, status: u16, headers: Headers) -> Self {
        self.without_origin = Some((status, headers));
        self.own_query = true;
        self
    }

    /// One control, with a query of its own: from another origin.
    fn own_query_from_elsewhere(mut self, status: u16, headers: Headers) -> Self {
        self.other_origin = Some((status, headers));
        self.own_query = true;
        self
    }

    /// The control as it was sent: from another origin it is a preflight, if the request needs one.
    fn control(&self, answer: Answer, kind: ExchangeKind) -> CompletedExchange {
        let method = if kind == ExchangeKind::Preflight { "OPTIONS" } else { &self.init.method };
        let mut url = self.init.url.clone();
        if self.own_query {
            url.set_query(Some("corsac-control=1"));
        }
        CompletedExchange::new(Exchange::new(kind, method, url), Ok(head(answer)))
    }

    fn address(mut self, address: &'static str) -> Self {
        self.address = Some(address);
        self
    }

    fn refused_for_location(mut self) -> Self {
        self.refused_for_location = true;
        self
    }

    fn findings(&self) -> Vec<Finding> {
        let request = self.init.clone().build().unwrap();
        let fetch = Fetch::new(request.clone(), Engine::Chromium.profile());
        let mut fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |exchange| {
            Ok(head(match exchange.kind {
                ExchangeKind::Preflight => (200, self.preflight),
                ExchangeKind::Request if self.redirect.is_some() => self.redirect.unwrap(),
                _ => (self.status, self.response),
            }))
        });
        if let Some(last) = fetched.exchanges.last_mut() {
            last.body = Some(self.body.as_bytes().into());
            last.body_error = self.breaks_off.map(|kind| NetworkError::new(kind, "closed"));
        }
        let Fetched { outcome, exchanges, .. } = &fetched;
        let from_elsewhere = exchanges.first().map_or(ExchangeKind::Request, |first| first.exchange.kind);
        let without_origin = self.without_origin.map(|answer| self.control(answer, ExchangeKind::Request));
        let other_origin = self.other_origin.map(|answer| self.control(answer, from_elsewhere));
        let next_preflight =
            self.next_preflight.map(|headers| self.control((204, headers), ExchangeKind::Preflight));
        let refusal = Refusal::new(Stage::Start, request.init().url.clone(), PAGE, Reason::MixedContent);
        let refused = [(Engine::WebKit, &refusal)];
        findings(&Evidence {
            request: &request,
            exchanges,
            outcome,
            controls: Controls {
                without_origin: without_origin.as_ref(),
                other_origin: other_origin.as_ref().map(|control| (OTHER, control)),
                next_preflight: next_preflight.as_ref(),
                ..Controls::default()
            },
            address: self.address.map(|address| address.parse().unwrap()),
            cookies_given: self.cookies_given,
            connected_to: None,
            refused_for_location: if self.refused_for_location { &refused } else { &[] },
        })
    }
}

fn head((status, headers): Answer) -> ResponseHead {
    ResponseHead::new(status, headers.iter().copied())
}

#[test]
fn each_finding_is_found_where_it_applies_and_not_elsewhere() {
    for (code, severity, found, not_found) in table() {
        let matches = |case: &Case| -> Vec<Finding> {
            case.findings()
                .into_iter()
                .filter(|finding| finding.code == code && finding.severity == severity)
                .collect()
        };
        let (here, there) = (matches(&found), matches(&not_found));
        assert_eq!(here.len(), 1, "{code}: {:#?}", found.findings());
        assert!(there.is_empty(), "{code}: {there:#?}");
    }
}

#[test]
fn every_code_is_listed_once_and_has_a_case() {
    assert!(CODES.is_sorted());
    for code in CODES {
        assert!(table().iter().any(|(other, ..)| other == code), "{code} has no case");
    }
    for (code, _, found, not_found) in table() {
        assert!(CODES.contains(&code), "{code}");
        for finding in found.findings().into_iter().chain(not_found.findings()) {
            assert!(CODES.contains(&finding.code), "{}", finding.code);
            let (fix, end) = match finding.fix.split_once('\n') {
                Some((fix, _command)) => (fix, ':'),
                None => (finding.fix.as_str(), '.'),
            };
            assert!(finding.message.ends_with('.') && fix.ends_with(end), "{finding:?}");
            assert!(!finding.message.contains("  ") && !finding.fix.contains("  "), "{finding:?}");
        }
    }
}

#[test]
fn a_good_server_has_no_findings() {
    let preflight: Headers = &[
        OK,
        TRUE,
        ("Access-Control-Allow-Methods", "GET, PUT"),
        ("Access-Control-Allow-Headers", "content-type, x-a"),
        MAX_AGE,
    ];
    let good = case(&[OK, TRUE, VARY, ("Content-Type", "application/json"), ("Server", "x")])
        .include()
        .method("PUT")
        .header("X-A", "1")
        .header("Content-Type", "application/json")
        .preflight(preflight)
        .controls(&[VARY], &[VARY])
        .address("93.184.216.34");
    assert_eq!(good.findings(), []);
    let public = case(&[STAR, ("Content-Type", "text/plain")]).controls(&[STAR], &[STAR]);
    assert_eq!(public.findings(), []);
}

#[test]
fn a_preflight_that_is_never_cached_says_in_which_engine_and_why() {
    let long = format!("https://api.test/{}", "x".repeat(1_100));
    let preflighted = || case(&[OK, VARY]).header("X-A", "1");
    let table: Vec<(Case, &str)> = vec![
        (
            preflighted().preflight(&[OK, ("Access-Control-Allow-Headers", "*"), MAX_AGE]),
            "in Firefox (it never matches a later request against `*`).",
        ),
        (
            preflighted().header("Authorization", "x").preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "*"),
                MAX_AGE,
            ]),
            "in Chromium (`*` does not cover `Authorization` there), Firefox (",
        ),
        (
            preflighted().preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "x-a"),
                ("Access-Control-Max-Age", "0"),
            ]),
            "in Chromium (`Access-Control-Max-Age` is not a number above 0), Firefox (`Access-Control-Max-Age` is \
             not a number above 0), Safari (`Access-Control-Max-Age` is not a number above 0).",
        ),
        (
            preflighted().preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "x-a"),
                ("Access-Control-Max-Age", "1h"),
            ]),
            "in Firefox (`Access-Control-Max-Age` is not a number above 0).",
        ),
        (
            preflighted().init(|init| init.url = long.parse().unwrap()).preflight(&[
                OK,
                ("Access-Control-Allow-Headers", "x-a"),
                MAX_AGE,
            ]),
            "in Chromium (the URL is too long for its cache).",
        ),
    ];
    for (case, end) in table {
        let findings = case.findings();
        let finding = findings.iter().find(|finding| finding.code == "preflight-never-cached").expect(end);
        let message = &finding.message;
        assert!(message.contains(end), "{message}");
    }
}

#[test]
fn a_preflight_to_a_host_that_is_asked_with_https_only_fails_as_a_redirect_in_chromium() {
    let at = |url: &str| case(&[STAR]).at(url).page("http://localhost:3000").header("X-A", "1");
    let allowed: Headers = &[STAR, ("Access-Control-Allow-Headers", "x-a")];
    let found = at("http://api.shop.dev:9111/x").preflight(allowed).findings();
    let finding = found.iter().find(|finding| finding.code == "https-only-host").unwrap();
    assert!(finding.message.contains("Redirect is not allowed for a preflight request"), "{finding:?}");
    assert!(finding.fix.contains("https://api.shop.dev:9111/x"), "{finding:?}");
}

#[test]
fn a_sentence_names_at_most_20_headers_that_are_not_exposed() {
    let said = |count: usize| {
        let mut headers = vec![OK, VARY];
        headers.extend((0..count).map(|number| (&*format!("X-{number}").leak(), "1")));
        let headers: Headers = headers.leak();
        let found = case(headers).findings();
        found.into_iter().find(|finding| finding.code == "response-header-not-exposed").unwrap()
    };
    let all = said(20);
    assert!(all.message.contains("`X-19`, which"), "{all:?}");
    assert!(all.fix.contains("X-18, X-19"), "{all:?}");
    let more = said(23);
    assert!(more.message.contains("`X-19` and 3 more, which"), "{more:?}");
    assert!(!more.fix.contains("X-19"), "{more:?}");
}

#[test]
fn what_matters_most_comes_first() {
    let found = case(&[OK, TRUE, ("X-Order", "1")]).include().controls(&[], &[ECHOED, TRUE]).findings();
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["reflects-any-origin", "vary-missing", "response-header-not-exposed"]);
}

#[test]
fn upload_listeners_alone_are_needless_where_they_count() {
    let uploading = case(&[OK, VARY]).method("POST").preflight(&[OK, MAX_AGE]).init(|init| {
        init.api = Api::XmlHttpRequest { upload_listeners: true };
        init.body = Some(Vec::new().into());
    });
    let found = uploading.findings();
    assert_eq!(
        found[0].message,
        "Only the listeners on `upload` make a preflight necessary, which costs a round trip."
    );
}

#[test]
fn every_code_has_one_entry_with_something_to_say() {
    let codes: Vec<&str> = entries().map(|entry| entry.code).collect();
    assert_eq!(codes, CODES);
    for entry in entries() {
        assert!([entry.title, entry.what, entry.fix].iter().all(|text| text.len() > 20), "{}", entry.code);
        assert!(
            !entry.title.ends_with('.') && entry.what.ends_with('.') && entry.fix.ends_with('.'),
            "{}",
            entry.code
        );
    }
}
