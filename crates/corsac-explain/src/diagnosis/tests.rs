//! For each rule a server in which it is found, and near ones in which it is not.

use std::collections::HashSet;
use std::time::Duration;

use corsac::browser::{
    Carried, Client, Engine, Exchange, ExchangeKind, Fetch, Fetched, PreflightCache, RequestInit,
    ResponseHead,
};
use corsac::origin::Origin;

use super::*;

type Headers = &'static [(&'static str, &'static str)];

const PAGE: &str = "https://app.example";
const URL: &str = "https://api.example/items";
const OK: Headers = &[("Access-Control-Allow-Origin", PAGE), ("Access-Control-Allow-Methods", "PUT")];

/// A server: what it answers to the preflight, to the request, and to the request without `Origin`.
#[derive(Clone, Copy)]
struct Server {
    url: &'static str,
    method: &'static str,
    preflight: (u16, Headers),
    response: (u16, Headers, &'static str),
    without_origin: Option<u16>,
}

const fn get(status: u16, headers: Headers, body: &'static str) -> Server {
    Server {
        url: URL,
        method: "GET",
        preflight: (204, OK),
        response: (status, headers, body),
        without_origin: None,
    }
}

const fn put(preflight: (u16, Headers), response: (u16, Headers, &'static str)) -> Server {
    Server { url: URL, method: "PUT", preflight, response, without_origin: None }
}

impl Server {
    const fn beside(mut self, status: u16) -> Self {
        self.without_origin = Some(status);
        self
    }

    const fn at(mut self, url: &'static str) -> Self {
        self.url = url;
        self
    }

    fn causes(self) -> Vec<Cause> {
        let mut init = RequestInit::new(self.url.parse().unwrap(), Client::new(Origin::parse(PAGE).unwrap()));
        init.method = self.method.to_owned();
        let request = init.build().unwrap();
        let fetch = Fetch::new(request.clone(), Engine::Chromium.profile());
        let mut fetched: Fetched = fetch.run(&mut PreflightCache::default(), Duration::ZERO, |exchange| {
            let (status, headers) = match exchange.kind {
                ExchangeKind::Preflight => self.preflight,
                _ => (self.response.0, self.response.1),
            };
            Ok(ResponseHead::new(status, headers.iter().copied()))
        });
        if let Some(last) = fetched.exchanges.last_mut() {
            last.body = self.response.2.as_bytes().into();
        }
        let control = self.without_origin.map(|status| {
            let exchange = Exchange::new(ExchangeKind::Request, self.method, self.url.parse().unwrap());
            Carried::new(exchange, Ok(ResponseHead::new(status, [("Content-Type", "text/plain")])))
        });
        let mut evidence = Evidence::new(&request, &fetched.exchanges, &fetched.outcome);
        evidence.controls.without_origin = control.as_ref();
        diagnose(&evidence)
    }
}

/// Code, how sure, whether CORS said no; a server in which it is first, and one in which it is not found.
type Row = (&'static str, Confidence, bool, Server, Server);

fn table() -> Vec<Row> {
    use Confidence::{Certain, Likely};
    const VARY: Headers = &[("Vary", "Origin")];
    vec![
        (
            "challenge-page",
            Certain,
            false,
            get(403, &[("cf-mitigated", "challenge")], ""),
            get(500, &[("cf-mitigated", "challenge")], ""),
        ),
        (
            "challenge-page",
            Certain,
            false,
            put((403, &[("cf-mitigated", "challenge")]), (200, &[], "")),
            get(403, &[], ""),
        ),
        (
            "login-redirect",
            Likely,
            false,
            get(302, &[("Location", "https://id.example/login")], ""),
            get(302, &[("Location", "/new")], ""),
        ),
        (
            "slash-redirect",
            Certain,
            true,
            get(301, &[("Location", "/items/")], ""),
            get(301, &[("Location", "/items/7")], ""),
        ),
        (
            "slash-redirect", // the path has the word login, and no login page is meant
            Certain,
            true,
            get(301, &[("Location", "/api/login/")], "").at("https://api.example/api/login"),
            get(302, &[("Location", "/login")], ""),
        ),
        (
            "slash-redirect", // behind TLS
            Certain,
            false,
            get(307, &[("Location", "http://api.example/items/"), ("Access-Control-Allow-Origin", "*")], ""),
            get(
                307,
                &[("Location", "http://other.example/items/"), ("Access-Control-Allow-Origin", "*")],
                "",
            ),
        ),
        (
            "port-taken",
            Certain,
            false,
            get(403, &[("Server", "AirTunes/620.8.2")], ""),
            get(403, &[("Server", "nginx")], ""),
        ),
        (
            "http-to-tls-port",
            Certain,
            false,
            get(400, &[], "<h1>400</h1>\nThe plain HTTP request was sent to HTTPS port"),
            get(400, &[], "Bad Request"),
        ),
        (
            "error-behind-good-preflight",
            Likely,
            false,
            put((204, OK), (500, &[], "KeyError: 'customer_id'")),
            put((500, &[]), (500, &[], "")),
        ),
        (
            "error-behind-good-preflight", // a right status, whose headers are what is wrong
            Likely,
            true,
            put((204, OK), (405, &[], "")),
            put((204, OK), (405, &[("Access-Control-Allow-Origin", "https://other.example")], "")),
        ),
        (
            "error-status-without-cors",
            Likely,
            false,
            get(500, &[], ""),
            get(500, &[("Access-Control-Allow-Methods", "GET")], ""),
        ),
        ("error-status-without-cors", Likely, false, get(404, &[], ""), get(200, &[], "")),
        (
            "headers-on-preflight-only",
            Certain,
            true,
            put((204, OK), (200, &[], "")),
            put((204, OK), (500, &[], "")),
        ),
        (
            "origin-not-allowed",
            Certain,
            true,
            get(403, &[], "Invalid CORS request"),
            get(403, &[], "Forbidden"),
        ),
        (
            "origin-not-allowed",
            Certain,
            true,
            get(500, &[], "<pre>Error: Not allowed by CORS<br>"),
            get(500, &[], "Error: no database"),
        ),
        ("origin-not-allowed", Certain, true, get(403, VARY, "").beside(200), get(403, &[], "").beside(403)),
        ("origin-not-allowed", Likely, true, get(404, &[], "").beside(200), get(404, &[], "")),
        ("origin-not-allowed", Likely, true, get(200, VARY, ""), get(200, &[], "")),
        (
            "origin-not-allowed", // all headers but one
            Likely,
            true,
            put((200, &[("Access-Control-Allow-Methods", "PUT")]), (200, &[], "")),
            put((405, &[]), (200, &[], "")),
        ),
    ]
}

#[test]
fn each_cause_is_first_where_it_is_and_not_found_beside_it() {
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
    let documented = include_str!("../../../../docs/check.md");
    for DiagnosisEntry { code, title, is_cors, .. } in entries() {
        let row = format!("| `{code}` | {} | {title} |", if *is_cors { "yes" } else { "no" });
        assert!(documented.contains(&row), "docs/check.md has no row\n{row}");
    }
}

#[test]
fn every_refusal_has_a_cause_and_a_certain_one_stands_alone() {
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
fn a_hostile_body_is_quoted_without_control_characters_and_cut() {
    let hostile: &'static str = "Invalid CORS request \u{1b}[31m\u{202e}<b>x</b>";
    let causes = get(403, &[], hostile).causes();
    let quoted = causes[0].evidence.join(" ");
    assert!(quoted.contains("Invalid CORS request"), "{quoted}");
    assert!(quoted.chars().all(|character| !character.is_control() && character != '\u{202e}'), "{quoted:?}");
}
