//! For each rule a server in which it is found, and near ones in which it is not.

mod in_front;
mod table;
mod values;

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use corsac::browser::{
    Client, CompletedExchange, Credentials, Engine, Exchange, ExchangeKind, Fetch, Fetched, NetworkError,
    NetworkErrorKind, Outcome, PreflightCache, Reason, Refusal, RequestInit, ResponseHead, Stage,
};
use corsac::origin::Origin;

use super::*;
use table::Row;

type Headers = &'static [(&'static str, &'static str)];

const PAGE: &str = "https://app.example";
const OTHER: &str = "https://corsac-control.example";
const OWN: &str = "https://api.example";
const URL: &str = "https://api.example/items";
const OK: Headers = &[("Access-Control-Allow-Origin", PAGE), ("Access-Control-Allow-Methods", "PUT")];

/// All rows.
fn table() -> Vec<Row> {
    [table::rows(), values::rows(), in_front::rows()].concat()
}

/// A server: what it answers to the preflight, to the request, and to the controls; and the request.
#[derive(Clone, Copy)]
struct Server {
    page: &'static str,
    url: &'static str,
    method: &'static str,
    preflight: (u16, Headers),
    response: (u16, Headers, &'static str),
    without_origin: Option<(u16, Headers)>,
    other_origin: Option<(u16, Headers)>,
    own_origin: Option<(u16, Headers)>,
    without_preflight: Option<(u16, Headers)>,
    /// What is answered at 127.0.0.1, where ::1 was asked first.
    other_address: Option<(u16, Headers)>,
    /// The headers that the page sets.
    asks_with: Headers,
    /// What the URL answers that a redirect leads to.
    then: (u16, Headers),
}

const fn get(status: u16, headers: Headers, body: &'static str) -> Server {
    Server { method: "GET", ..put((204, OK), (status, headers, body)) }
}

const fn put(preflight: (u16, Headers), response: (u16, Headers, &'static str)) -> Server {
    Server {
        page: PAGE,
        url: URL,
        method: "PUT",
        preflight,
        response,
        without_origin: None,
        other_origin: None,
        own_origin: None,
        without_preflight: None,
        other_address: None,
        asks_with: &[],
        then: (200, OK),
    }
}

impl Server {
    const fn without_origin(mut self, status: u16, headers: Headers) -> Self {
        self.without_origin = Some((status, headers));
        self
    }

    const fn to_another_origin(mut self, status: u16, headers: Headers) -> Self {
        self.other_origin = Some((status, headers));
        self
    }

    const fn to_its_own_origin(mut self, status: u16, headers: Headers) -> Self {
        self.own_origin = Some((status, headers));
        self
    }

    /// Sets the response to a plain GET from the page.
    const fn without_preflight(mut self, status: u16, headers: Headers) -> Self {
        self.without_preflight = Some((status, headers));
        self
    }

    const fn at_the_other_address(mut self, status: u16, headers: Headers) -> Self {
        self.other_address = Some((status, headers));
        self
    }

    const fn asked_with(mut self, headers: Headers) -> Self {
        self.asks_with = headers;
        self
    }

    const fn preflighted(mut self, headers: Headers) -> Self {
        self.preflight = (204, headers);
        self
    }

    const fn then(mut self, status: u16, headers: Headers) -> Self {
        self.then = (status, headers);
        self
    }

    const fn with_method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    const fn asked_by(mut self, page: &'static str) -> Self {
        self.page = page;
        self
    }

    const fn at(mut self, url: &'static str) -> Self {
        self.url = url;
        self
    }

    fn causes(self) -> Vec<Cause> {
        self.causes_with(Origin::parse(self.page).unwrap(), Credentials::SameOrigin)
    }

    fn causes_with(self, origin: Origin, credentials: Credentials) -> Vec<Cause> {
        let mut init = RequestInit::new(self.url.parse().unwrap(), Client::new(origin));
        init.credentials = credentials;
        init.method = self.method.to_owned();
        init.headers = self.asks_with.iter().copied().collect();
        let request = init.build().unwrap();
        let fetch = Fetch::new(request.clone(), Engine::Chromium.profile());
        let mut fetched: Fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |exchange| {
            let (status, headers) = match exchange.kind {
                ExchangeKind::Preflight => self.preflight,
                ExchangeKind::Redirect => self.then,
                _ => (self.response.0, self.response.1),
            };
            Ok(ResponseHead::new(status, headers.iter().copied()))
        });
        if let Some(last) = fetched.exchanges.last_mut() {
            last.body = Some(self.response.2.as_bytes().into());
        }
        let control = |kind: ExchangeKind, answer: Option<(u16, Headers)>| {
            let (status, headers) = answer?;
            let exchange = Exchange::new(kind, self.method, self.url.parse().unwrap());
            Some(CompletedExchange::new(exchange, Ok(ResponseHead::new(status, headers.iter().copied()))))
        };
        let first = fetched.exchanges.first().map_or(ExchangeKind::Request, |first| first.exchange.kind);
        let without_origin = control(ExchangeKind::Request, self.without_origin);
        let other_origin = control(first, self.other_origin);
        let own_origin = control(first, self.own_origin);
        let without_preflight = control(ExchangeKind::Request, self.without_preflight);
        let other_address = control(first, self.other_address);
        if let Some(first) = fetched.exchanges.first_mut().filter(|_| other_address.is_some()) {
            first.address = Some(Ipv6Addr::LOCALHOST.into());
        }
        let mut evidence = Evidence::new(&request, &fetched.exchanges, &fetched.outcome);
        evidence.controls.without_origin = without_origin.as_ref();
        evidence.controls.other_origin = other_origin.as_ref().map(|control| (OTHER, control));
        evidence.controls.own_origin = own_origin.as_ref().map(|control| (OWN, control));
        evidence.controls.without_preflight = without_preflight.as_ref();
        evidence.controls.other_address =
            other_address.as_ref().map(|control| (Ipv4Addr::LOCALHOST.into(), control));
        diagnose(&evidence)
    }
}

#[test]
fn each_cause_comes_first_where_it_applies_and_is_not_found_elsewhere() {
    for (code, confidence, is_cors, here, there) in table() {
        let causes = here.causes();
        let first = &causes[0];
        assert_eq!((first.code, first.confidence, first.is_cors), (code, confidence, is_cors), "{causes:#?}");
        assert!(!first.title.is_empty() && !first.fix.text.is_empty(), "{first:#?}");
        let near = there.causes();
        assert!(near.iter().all(|cause| cause.code != code), "{code}: {near:#?}");
    }
}

#[test]
fn every_rule_has_an_entry_of_its_own_and_a_case() {
    let mut seen = HashSet::new();
    for entry in entries() {
        assert!(seen.insert(entry.code), "{} is there twice", entry.code);
        assert!(table().iter().any(|(code, ..)| *code == entry.code), "{} has no case", entry.code);
        for text in [entry.title, entry.what, entry.fix] {
            assert!(!text.is_empty() && !text.contains("  "), "{}: {text}", entry.code);
        }
        assert!(
            entry.code.parse::<corsac::browser::ReasonCode>().is_err(),
            "{} is a reason, too",
            entry.code
        );
    }
}

#[test]
fn the_documentation_has_every_code() {
    let documented = include_str!("../../../../docs/diagnose.md");
    for DiagnosisEntry { code, title, is_cors, .. } in entries() {
        let row = format!("| `{code}` | {} | {title} |", if *is_cors { "yes" } else { "no" });
        assert!(documented.contains(&row), "docs/diagnose.md has no row\n{row}");
    }
}

#[test]
fn every_refusal_has_a_cause_and_a_certain_one_is_the_only_one() {
    for (code, _, _, here, there) in table() {
        for server in [here, there] {
            let causes = server.causes();
            assert!(!causes.is_empty(), "{code}");
            let is_certain = |cause: &Cause| cause.confidence == Confidence::Certain;
            assert!(causes.len() == 1 || !causes.iter().any(is_certain), "{causes:#?}");
        }
    }
}

#[test]
fn no_two_causes_are_equally_sure_on_equal_evidence() {
    for (code, _, _, here, there) in table() {
        for server in [here, there] {
            let causes = server.causes();
            let weight = |cause: &Cause| {
                rules::ALL.iter().find(|rule| rule.entry.code == cause.code).map(|rule| rule.weight)
            };
            let keys: Vec<_> = causes.iter().map(|cause| (cause.confidence, weight(cause))).collect();
            let different: HashSet<String> = keys.iter().map(|key| format!("{key:?}")).collect();
            assert_eq!(different.len(), keys.len(), "{code}: the order of these is chance: {causes:#?}");
        }
    }
}

#[test]
fn no_fix_opens_more_than_it_must() {
    for (code, _, _, here, there) in table() {
        for server in [here, there] {
            let origin = Origin::parse(server.page).unwrap();
            for cause in server.causes_with(origin, Credentials::Include) {
                let open = "Access-Control-Allow-Origin: *".to_owned();
                assert!(!cause.fix.lines.contains(&open), "{code}, with cookies: {cause:#?}");
            }
            for cause in server.causes_with(Origin::opaque(), Credentials::Include) {
                let advises_null = |line: &String| line.ends_with(": null") || line.contains("\"null\"");
                let says_so = cause.fix.text.contains("allow null") || cause.fix.text.contains("Add `null`");
                assert!(!says_so && !cause.fix.lines.iter().any(advises_null), "{code}: {cause:#?}");
            }
        }
    }
}

#[test]
fn a_signed_url_is_never_advised_nor_quoted() {
    const SIGNED: Headers =
        &[("Location", "https://files.example/7?X-Amz-Expires=60&X-Amz-Signature=0a1b2c")];
    for server in [get(302, SIGNED, ""), put((307, SIGNED), (200, &[], ""))] {
        let cause = &server.causes()[0];
        assert_eq!(cause.code, "redirect-elsewhere");
        let text = format!("{} {} {}", cause.title, cause.evidence.join(" "), cause.fix.text);
        assert!(!text.contains("0a1b2c") && !text.contains("Request https://files.example"), "{text}");
        assert!(text.contains("return the URL in the body"), "{text}");
    }
}

#[test]
fn headers_on_a_redirect_are_said_not_to_be_enough_where_the_origin_is_lost() {
    let says_so =
        |server: Server| server.causes().iter().any(|cause| cause.fix.text.contains("are not enough"));
    let lost = get(301, &[("Location", "https://api.example/items")], "").at("http://api.example/items");
    assert!(says_so(lost.asked_by("http://app.example")));
    // From the page's own server to another one the origin stays.
    let kept = get(301, &[("Location", "https://files.example/7")], "").asked_by("https://api.example");
    assert!(!says_so(kept));
    // A preflight is not redirected, whatever the headers say.
    let preflight = put((301, &[("Location", "https://api.example/items")]), (200, OK, ""));
    assert!(!says_so(preflight.at("http://api.example/items").asked_by("http://app.example")));
}

#[test]
fn to_a_page_whose_session_is_over_no_header_is_advised() {
    const LOGIN: Headers = &[("Location", "https://id.example/login")];
    let own = get(302, LOGIN, "").asked_by("https://api.example").then(200, &[]);
    let cause = &own.causes()[0];
    assert_eq!((cause.code, cause.fix.lines.len()), ("login-redirect", 0), "{cause:#?}");
    assert!(cause.fix.text.starts_with("Reload the page"), "{cause:#?}");
    let foreign = &get(302, LOGIN, "").causes()[0];
    assert!(!foreign.fix.text.contains("Reload the page"), "{foreign:#?}");
}

#[test]
fn a_certificate_that_is_not_trusted_is_no_matter_of_cors() {
    let url: url::Url = "https://api.example:8443/items".parse().unwrap();
    let client = Client::new(Origin::parse(PAGE).unwrap());
    let request = RequestInit::new(url.clone(), client).build().unwrap();
    let error = NetworkError::new(NetworkErrorKind::TlsUntrusted, "self-signed certificate");
    let refusal = Refusal::new(Stage::Request, url, PAGE, Reason::Network(error));
    let outcome = Outcome::Refused(Box::new(refusal));
    let cause = &diagnose(&Evidence::new(&request, &[], &outcome))[0];
    assert_eq!((cause.code, cause.layer, cause.is_cors), ("tls-untrusted", Layer::Network, false));
    for words in ["browsers refuse the connection", "CORS request did not succeed", "self-signed"] {
        assert!(cause.title.contains(words), "{words}: {cause:#?}");
    }
    // What to do is different on a server of one's own, and no header is among it.
    assert!(cause.fix.text.contains("development server") && cause.fix.text.contains("public authority"));
    assert!(cause.fix.lines.is_empty() && !cause.fix.text.contains("Access-Control"), "{cause:#?}");
}

#[test]
fn the_rule_for_a_bucket_allows_the_request_and_no_more() {
    let body = "CORSResponse: This CORS request is not allowed.";
    let server =
        put((403, &[]), (200, &[], body)).asked_with(&[("Content-Type", "image/png"), ("X-Id", "7")]);
    let mut rule = server.causes()[0].fix.lines.concat();
    rule.retain(|character| character != ' ');
    let expected = "[{\"AllowedOrigins\":[\"https://app.example\"],\"AllowedMethods\":[\"PUT\"],\"AllowedHeaders\":[\"content-type\",\"x-id\"],\"MaxAgeSeconds\":600}]";
    assert_eq!(rule, expected);
}

#[test]
fn only_what_is_proven_is_called_certain() {
    // `*` with cookies: whether a proxy put it there is open.
    let cause = &get(200, &[("Access-Control-Allow-Origin", "*")], "")
        .causes_with(Origin::parse(PAGE).unwrap(), Credentials::Include)[0];
    assert_eq!((cause.code, cause.confidence), ("credentials-wildcard", Confidence::Certain));
    assert!(!cause.evidence.join(" ").contains("proxy"), "{cause:#?}");
    // A slash is seen in the value.
    let cause = &get(200, &[("Access-Control-Allow-Origin", "https://app.example/")], "").causes()[0];
    assert!(cause.evidence[0].contains("ends with a slash"), "{cause:#?}");
}

#[test]
fn of_a_body_the_line_is_quoted_that_names_the_cause() {
    // As Express writes it: the trace follows in the same line of HTML.
    let body = "<pre>Error: Not allowed by CORS<br> &nbsp; at origin (app.js:5:76)<br> &nbsp; at next</pre>";
    assert!(get(500, &[], body).causes()[0].title.ends_with(" and `Error: Not allowed by CORS`."));
    let body = "<h1>Refused</h1><br/>Not allowed by CORS<br />";
    assert!(get(500, &[], body).causes()[0].title.ends_with(" and `Not allowed by CORS`."));
}

#[test]
fn of_a_page_in_one_line_the_title_alone_is_quoted() {
    const HTML: Headers = &[("Content-Type", "text/html")];
    let page =
        "<html><head><title>Sign in to continue</title><script>f()</script></head><body>Hello</body></html>";
    let causes = put((204, OK), (200, HTML, page)).causes();
    assert!(causes[0].title.contains("`Sign in to continue`"), "{:?}", causes[0]);
    // Words that a tag parts stay apart.
    let body = "<h1>Forbidden</h1><p>CSRF verification failed.</p>";
    assert_eq!(
        get(403, &[], body).causes()[0].evidence,
        ["The body says `Forbidden CSRF verification failed.`."]
    );
}

#[test]
fn a_hostile_body_is_quoted_without_control_characters_and_cut() {
    let hostile: &'static str = "Invalid CORS request \u{1b}[31m\u{202e}<b>x</b>";
    let causes = get(403, &[], hostile).causes();
    let quoted = &causes[0].title;
    assert!(quoted.contains("Invalid CORS request"), "{quoted}");
    assert!(quoted.chars().all(|character| !character.is_control() && character != '\u{202e}'), "{quoted:?}");
}

#[test]
fn hostile_values_of_headers_are_quoted_without_control_characters_and_cut() {
    const VALUES: &[&str] =
        &["${", "https://*.", "https://login.example/login?", "https://other.example/", "C", "1 "];
    const NAMES: &[&str] = &[
        "Access-Control-Allow-Origin",
        "Location",
        "Allow",
        "WWW-Authenticate",
        "X-Varnish",
        "Server",
        "X-Cache",
    ];
    let mut kinds = HashSet::new();
    for (start, name) in VALUES.iter().flat_map(|value| NAMES.iter().map(move |name| (value, name))) {
        let hostile = format!("{start}{}\u{202e}\u{1b}[31m}}hit", "x".repeat(5_000));
        let headers: Headers = vec![(*name, &*hostile.leak())].leak();
        for status in [200, 302, 401, 405] {
            let servers = [get(status, headers, ""), put((status, headers), (200, OK, ""))];
            for cause in servers.into_iter().flat_map(Server::causes) {
                if entry(cause.code).is_none() {
                    continue;
                }
                kinds.insert(cause.code);
                let said: Vec<&String> = std::iter::once(&cause.title).chain(&cause.evidence).collect();
                let is_safe = |text: &&&String| {
                    text.len() < 1_000 && text.chars().all(|one| !one.is_control() && one != '\u{202e}')
                };
                assert!(said.iter().all(|text| is_safe(&text)), "{start} {name} {status}: {cause:#?}");
            }
        }
    }
    assert!(kinds.len() > 5, "{kinds:?}");
}
