//! Asks a configuration as browsers ask a server.

use corsac::browser::{Exchange, ExchangeKind, ResponseHead};
use corsac::header::is_cors_header;
use corsac::header::names::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use corsac::server::Policy;
use corsac_verify::{Case, Ended, Run, Suite, SuiteOptions, Verification};
use url::Url;

use crate::server::{Answer, Asked, Behind, Place, Server};

/// An origin that nobody names.
pub(crate) const STRANGER: &str = "https://evil.example";

/// The most parts and the most origins that are tried, to find out whether anything is sent at all.
const MOST_TRIED: usize = 50;

/// A port that no configuration names, so that an allowed origin with the server's own host is another origin than the server's.
const PORT: u16 = 4_430;

/// A URL of this place.
pub(crate) fn url(place: &Place) -> Option<Url> {
    // Of several hosts the first is asked.
    let host = place.host.as_deref().and_then(|hosts| hosts.split(", ").next());
    let host = host.filter(|host| !host.contains('*')).unwrap_or("server.example");
    let mut url =
        Url::parse(&format!("https://{host}")).or_else(|_| Url::parse("https://server.example")).ok()?;
    url.set_port(Some(PORT)).ok()?;
    url.set_path(&place.path);
    Some(url)
}

/// What the configuration answers to an exchange.
pub(crate) fn answer(server: &dyn Server, exchange: &Exchange, behind: &Behind) -> Answer {
    server.answer(&Asked {
        method: &exchange.method,
        scheme: exchange.url.scheme(),
        host: exchange.url.host_str().unwrap_or_default(),
        path: exchange.url.path(),
        headers: &exchange.headers,
        behind,
    })
}

/// Whether no part sends a CORS header of its own to any origin that is named, nor to a stranger.
pub(crate) fn sends_nothing(server: &dyn Server) -> bool {
    let mentions = server.mentions().into_iter().take(MOST_TRIED);
    let mut origins: Vec<String> = mentions.filter_map(|mention| mention.what.sample()).collect();
    origins.extend([STRANGER.to_owned(), "null".to_owned()]);
    let has =
        |answer: &Answer| answer.lines.iter().any(|line| line.at.is_some() && is_cors_header(&line.name));
    let behind = Behind::answers(200);
    !server.places().iter().take(MOST_TRIED).any(|place| {
        origins.iter().any(|origin| {
            ["GET", "OPTIONS"].iter().any(|method| {
                let Some(url) = url(place) else { return false };
                let mut exchange = Exchange::new(ExchangeKind::Request, *method, url);
                exchange.headers.append(ORIGIN, origin.as_str());
                if *method == "OPTIONS" {
                    exchange.headers.append(ACCESS_CONTROL_REQUEST_METHOD, "PUT");
                }
                has(&answer(server, &exchange, &behind))
            })
        })
    })
}

/// What becomes of a preflight from an origin that nobody names.
pub(crate) fn preflight<T>(place: &Place, ask: impl FnOnce(&Asked<'_>) -> T) -> Option<T> {
    let mut exchange = Exchange::new(ExchangeKind::Preflight, "OPTIONS", url(place)?);
    exchange.headers.append(ORIGIN, STRANGER);
    exchange.headers.append(ACCESS_CONTROL_REQUEST_METHOD, "PUT");
    let behind = Behind::answers(200);
    Some(ask(&Asked {
        method: &exchange.method,
        scheme: exchange.url.scheme(),
        host: exchange.url.host_str().unwrap_or_default(),
        path: exchange.url.path(),
        headers: &exchange.headers,
        behind: &behind,
    }))
}

/// The answer as a response.
pub(crate) fn response(answer: &Answer) -> ResponseHead {
    ResponseHead::new(
        answer.status,
        answer.lines.iter().map(|line| (line.name.as_str(), line.value.as_bytes())),
    )
}

/// What is behind the configuration: an application without CORS that answers with 200, or 404 for the URLs that [`Suite`] makes up.
pub(crate) fn behind(exchange: &Exchange) -> Behind {
    let status = if exchange.url.path().contains("/nothing-here") { 404 } else { 200 };
    Behind::answers(status)
}

/// Runs a case.
pub(crate) fn run(server: &dyn Server, case: &Case) -> Ended {
    let mut run = Run::new(case);
    while let Some(planned) = run.next() {
        let exchange = planned.exchange();
        let mut answer = answer(server, exchange, &behind(exchange));
        // An origin that is turned away may read that it is, and nothing else. One that has to log in comes back.
        if answer.answered_at.is_some() && answer.status >= 400 && answer.status != 401 {
            answer.lines.retain(|line| !is_cors_header(&line.name));
        }
        let head = response(&answer);
        run.receive(planned.completed(Ok(head)));
    }
    run.finish()
}

/// In what a place of the configuration differs from a policy.
pub(crate) fn verification<'p>(server: &dyn Server, place: &Place, policy: &'p Policy) -> Verification<'p> {
    let mut verification = Verification::new(policy);
    let Some(url) = url(place) else { return verification };
    let options = SuiteOptions::default().with(|options| options.own_query = false);
    for case in &Suite::new(policy, &url, options).cases {
        verification.add(case, &run(server, case));
    }
    verification
}

/// For tests of the single kinds.
#[cfg(test)]
pub(crate) mod testing {
    use std::path::Path;

    use corsac::header::HeaderList;
    use corsac::server::PathPrefix;
    use corsac_stacks::{CompileOptions, Target, compile};

    use super::*;
    use crate::files::{Files, Source, no_includes};

    /// The configuration `text`, which includes nothing.
    pub(crate) fn read<S>(
        text: &str,
        read: impl FnOnce(&mut Files<'_>) -> Result<S, crate::ImportError>,
    ) -> Result<S, crate::ImportError> {
        let mut include = no_includes;
        let source = Source { name: "test".to_owned(), text: text.to_owned() };
        read(&mut Files::new(source, &mut include)?)
    }

    /// The answer to a request with these header lines, in front of an application that answers with this status.
    pub(crate) fn ask(
        server: &dyn Server,
        method: &str,
        path: &str,
        lines: &[(&str, &str)],
        status: u16,
    ) -> Answer {
        let mut headers = HeaderList::new();
        for (name, value) in lines {
            headers.append(*name, *value);
        }
        let behind = Behind::answers(status);
        server.answer(&Asked {
            method,
            scheme: "https",
            host: "server.example",
            path,
            headers: &headers,
            behind: &behind,
        })
    }

    /// Panics if eight times the size takes more than twenty times the time; what takes quadratic time takes 64 times as long.
    pub(crate) fn takes_linear_time(name: &str, work: impl Fn(usize)) {
        let time = |size: usize| {
            let started = std::time::Instant::now();
            work(size);
            started.elapsed()
        };
        // Shorter times say more about the machine than about the work. Another process can take the processor away, but seldom again and again.
        let floor = std::time::Duration::from_millis(20);
        let is_linear = || time(80_000) < time(10_000).max(floor) * 20;
        assert!(
            (0..3).any(|_| is_linear()),
            "{name}: eight times the size takes more than twenty times the time"
        );
    }

    /// For each policy of `conformance/stacks/policies` that the target takes: what [`compile`] writes, read again, behaves as the policy in each of its
    /// places. `accepted` are the codes of findings that the target is known for. Returns the number of policies.
    pub(crate) fn holds_for_compiled(
        target: Target,
        accepted: &[&str],
        reader: impl Fn(&mut Files<'_>) -> Result<Box<dyn Server>, crate::ImportError>,
    ) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/stacks/policies");
        let mut policies = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let placement: corsac::server::Placement =
                corsac_config::PolicyFile::read(&path).unwrap().placement().into();
            let Ok(compiled) = compile(target, &placement, &CompileOptions::default()) else { continue };
            let server = read(&compiled.text, &reader)
                .unwrap_or_else(|error| panic!("{path:?}: {error}\n{}", compiled.text));
            for (prefix, placed) in placement.all() {
                let corsac::server::PolicyChoice::Policy(policy) = &placed.choice else { continue };
                assert!(PathPrefix::parse(prefix).is_ok() || prefix == "/");
                let place = Place {
                    name: "tested".to_owned(),
                    host: None,
                    path: prefix.to_owned(),
                    prefix: None,
                    is_more_than_prefix: None,
                    at: crate::files::At { file: 0, line: 1 },
                };
                let verification = verification(&*server, &place, policy);
                let findings: Vec<_> = verification
                    .findings()
                    .into_iter()
                    .filter(|finding| !accepted.contains(&finding.code))
                    .map(|finding| {
                        format!(
                            "{}: {} expected {}; got {:?}",
                            finding.code,
                            finding.case,
                            finding.expected,
                            finding.completed.response()
                        )
                    })
                    .collect();
                assert!(findings.is_empty(), "{path:?} at {prefix}: {findings:#?}\n{}", compiled.text);
            }
            policies += 1;
        }
        policies
    }
}
