//! One part of a configuration: asked as browsers ask, and what its answers say.

use corsac::browser::{Exchange, ExchangeKind};
use corsac::header::is_cors_header;
use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
};
use corsac::server::{Policy, PolicyConfig};
use corsac_verify::{EveryOrigin, InferOptions, Inference, Inferred, covered, make_valid};
use url::Url;

use super::finding::let_in;
use super::found::Found;
use super::mentions::{Mentions, example};
use crate::asking::{STRANGER, answer, behind, run, url};
use crate::expression::is_covered;
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::{Answer, Behind, Place, Server};

/// Looks at one part.
pub(super) fn look(server: &dyn Server, place: Place, mentions: &Mentions, meant: &[String]) -> Found {
    let mut found = Found { place, config: None, remarks: Vec::new(), notes: Vec::new() };
    let Some(url) = url(&found.place) else { return found };
    let Mentions { entries, samples, .. } = mentions;
    let tried = [entries.as_slice(), samples].concat();
    let mut inferred = infer(server, &url, &tried, "GET");
    let mut method = "GET".to_owned();
    if let Some(other) = other_method(server, &inferred) {
        inferred = infer(server, &url, &tried, &other);
        method = other;
    }
    let mut looking = Looking { server, url, mentions, place: found.place.clone(), method, allowed: None };
    looking.allowed = tried.iter().filter_map(|entry| example(entry)).find(|origin| looking.allows(origin));
    if !looking.says_anything(&tried) {
        return found;
    }
    looking.every_origin(&inferred, &mut found.notes);
    let mut config = inferred.config.clone();
    looking.common_methods(&mut config, &mut found.remarks);
    config.origins.retain(|origin| entries.contains(origin) || !samples.contains(origin));
    looking.wildcards(&mut config, entries, &mut found.notes);
    looking.shared_domains(entries, &mut found.notes);
    looking.strangers(&config, &mut found.notes);
    looking.insecure(&config, &mut found.notes);
    let first = entries.first().and_then(|entry| example(entry)).unwrap_or_else(|| STRANGER.to_owned());
    looking.values(&first, &mut found.notes);
    if let Ok(policy) = Policy::new(&config) {
        looking.refused(&policy, &mut found.notes);
        looking.verified(&policy, inferred.every_origin.is_some(), &mut found.notes);
    }
    looking.caching(&mut found.notes);
    looking.open_preflights(&mut found.notes);
    looking.names(config.credentials, &mut found.notes);
    if looking.method != "GET" && !config.origins.is_empty() {
        found.remarks.push(
            "GET is not among the methods. No policy can refuse it: browsers send it without asking."
                .to_owned(),
        );
    }
    let is_open = config.origins.iter().any(|entry| entry == "*");
    let allowed = if is_open { Some(STRANGER.to_owned()) } else { looking.allowed.clone() };
    if let Some(origin) = &allowed {
        looking.answers(origin, &mut found.notes);
    }
    looking.unknown(&inferred, allowed.as_deref(), &mut found);
    if inferred.every_origin == Some(EveryOrigin::EchoWithCredentials) {
        list_what_is_meant(&mut config, meant, &mut found.remarks);
    }
    if let Some(why) = &found.place.is_more_than_prefix {
        found.notes.push(
            Noted::new(NoteKind::NotExpressible, "place-not-a-path", found.place.at, why.clone()).instead(
                "Change the `at` of the policy if it covers too much, or use the policy by its name.",
            ),
        );
    }
    found.config = Some(config);
    found
}

/// The method to ask with where `GET` is not among those that the configuration lists, and nobody may use it.
fn other_method(server: &dyn Server, inferred: &Inferred) -> Option<String> {
    let config = &inferred.config;
    let nobody = config.origins.is_empty() && !config.null_origin && inferred.every_origin.is_none();
    let (methods, _) = server.names();
    let has_get = methods.iter().any(|method| method == "GET" || method == "*");
    methods.into_iter().next().filter(|_| nobody && !has_get)
}

fn infer(server: &dyn Server, url: &Url, entries: &[String], method: &str) -> Inferred {
    let options = InferOptions::default().with(|options| {
        options.method = method.to_owned();
        options.preflights_only = method != "GET";
        options.candidates = entries.to_vec();
        (options.methods, options.request_headers) = server.names();
        options.limit = 20_000;
        options.own_query = false;
        options.relatives = false;
    });
    let mut inference = Inference::new(url, options);
    while let Some(case) = inference.next() {
        inference.receive(&run(server, &case));
    }
    inference.finish()
}

/// Any site could read with credentials, which no policy can say. So the policy lists what the person names.
fn list_what_is_meant(config: &mut PolicyConfig, meant: &[String], remarks: &mut Vec<String>) {
    config.origins = meant.to_vec();
    config.credentials = true;
    config.null_origin = false;
    if config.expose_headers == ["*"] {
        config.expose_headers.clear();
    }
    if config.origins.is_empty() {
        remarks.push("The configuration lets every origin read with credentials. A policy has to name them: list your own pages here, or give them with `--origin`.".to_owned());
    }
    remarks.extend(make_valid(config).into_iter().map(|unknown| unknown.message));
}

pub(super) struct Looking<'l> {
    pub(super) server: &'l dyn Server,
    pub(super) url: Url,
    pub(super) mentions: &'l Mentions,
    /// The method of the requests that origins are asked about with.
    pub(super) method: String,
    /// An origin that may read here.
    pub(super) allowed: Option<String>,
    pub(super) place: Place,
}

impl Looking<'_> {
    pub(super) fn exchange(&self, method: &str, origin: Option<&str>) -> Exchange {
        let mut exchange = Exchange::new(ExchangeKind::Request, method, self.url.clone());
        if let Some(origin) = origin {
            exchange.headers.append("Origin", origin);
        }
        exchange
    }

    pub(super) fn get(&self, origin: &str) -> Answer {
        let exchange = self.exchange("GET", Some(origin));
        answer(self.server, &exchange, &behind(&exchange))
    }

    pub(super) fn preflight(&self, method: &str, origin: &str, behind: &Behind) -> Answer {
        let mut exchange = self.exchange("OPTIONS", Some(origin));
        exchange.kind = ExchangeKind::Preflight;
        exchange.headers.append(ACCESS_CONTROL_REQUEST_METHOD, method);
        answer(self.server, &exchange, behind)
    }

    /// Whether any answer has a CORS header of the configuration's.
    fn says_anything(&self, entries: &[String]) -> bool {
        let origins = entries.iter().filter_map(|entry| example(entry)).take(2_000);
        let mut origins = origins.chain([STRANGER.to_owned(), "null".to_owned()]);
        let has =
            |answer: &Answer| answer.lines.iter().any(|line| line.at.is_some() && is_cors_header(&line.name));
        origins.any(|origin| {
            has(&self.get(&origin)) || has(&self.preflight("PUT", &origin, &Behind::answers(200)))
        })
    }

    /// The line that sends a header to an origin, or the place.
    pub(super) fn line_of(&self, name: &str, origin: &str) -> At {
        let line = |answer: &Answer| answer.line(name).and_then(|line| line.at);
        let preflight = || line(&self.preflight("PUT", origin, &Behind::answers(200)));
        let of_allowed = || line(&self.get(self.allowed.as_deref()?));
        line(&self.get(origin)).or_else(preflight).or_else(of_allowed).unwrap_or(self.place.at)
    }

    fn every_origin(&self, inferred: &Inferred, notes: &mut Vec<Noted>) {
        let at = self.line_of(ACCESS_CONTROL_ALLOW_ORIGIN, STRANGER);
        let expression = self.mentions.expressions().find(|(_, expression)| expression.matches_everything);
        match inferred.every_origin {
            Some(EveryOrigin::EchoWithCredentials) => {
                let (code, at, what) = match expression {
                    Some((read, _)) => (
                        "origin-matches-anything",
                        read.at,
                        format!("The expression `{}` matches every origin", read.text),
                    ),
                    None => {
                        ("any-origin-with-credentials", at, "Whichever origin asks is sent back".to_owned())
                    }
                };
                notes.push(
                    Noted::new(
                        NoteKind::Unsafe,
                        code,
                        at,
                        format!("{what}, with `Access-Control-Allow-Credentials: true`. Any site, such as {STRANGER}, can read what its visitors may read here."),
                    )
                    .instead("Send back only origins that are on a list of your own pages.")
                    .origin(STRANGER),
                );
            }
            Some(EveryOrigin::Echo) => {
                let (code, at) =
                    expression.map_or(("any-origin-echoed", at), |(read, _)| ("any-origin-echoed", read.at));
                notes.push(
                    Noted::new(NoteKind::Fragile, code, at, "Whichever origin asks is sent back. That allows what `*` allows, and caches have to keep a response for each origin.")
                        .instead("If the data is public, send `*` where the server can. Otherwise list the origins.")
                        .origin(STRANGER),
                );
            }
            _ => {}
        }
        let null = self.get("null");
        let is_null = null.line(ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|line| line.value == "null");
        if inferred.every_origin.is_none() && is_null {
            let at = null.line(ACCESS_CONTROL_ALLOW_ORIGIN).and_then(|line| line.at).unwrap_or(self.place.at);
            notes.push(
                Noted::new(
                    NoteKind::Unsafe,
                    "null-origin-allowed",
                    at,
                    "`Origin: null` is allowed. Any site can send it, from a sandboxed frame.",
                )
                .instead("Take `null` out of the list.")
                .origin("null"),
            );
        }
    }

    /// Entries with a wildcard that cover more than the configuration lets in: a wildcard for one label, where ours is for several.
    fn wildcards(&self, config: &mut PolicyConfig, entries: &[String], notes: &mut Vec<Noted>) {
        if config.origins.iter().any(|entry| entry == "*") {
            return;
        }
        let policy = Policy::new(config).ok();
        for entry in entries
            .iter()
            .filter(|entry| entry.contains('*') && !config.origins.contains(entry))
            .cloned()
            .collect::<Vec<_>>()
        {
            let Some(read) = self.mentions.of_entry(&entry) else { continue };
            let mut origins = covered(&entry);
            origins.extend(read.expression.as_ref().and_then(|expression| expression.example(&entry)));
            let (inside, outside): (Vec<&String>, Vec<&String>) =
                origins.iter().partition(|origin| self.allows(origin));
            let Some(more) = outside.first().filter(|_| !inside.is_empty()) else { continue };
            if inside.iter().all(|origin| policy.as_ref().is_some_and(|policy| is_covered(policy, origin))) {
                continue;
            }
            notes.push(
                Noted::new(
                    NoteKind::NotExpressible,
                    "expression-not-exact",
                    read.at,
                    if read.text == entry {
                        format!("`{entry}` covers more in a policy than here: also {more}.")
                    } else {
                        format!(
                            "The closest entry to `{}` is `{entry}`, which also covers {more}.",
                            read.text
                        )
                    },
                )
                .instead("List the hosts if that is too much."),
            );
            config.origins.push(entry);
        }
        let _ = make_valid(config);
    }

    pub(super) fn allows(&self, origin: &str) -> bool {
        let answer = match self.method.as_str() {
            "GET" => self.get(origin),
            method => self.preflight(method, origin, &Behind::answers(200)),
        };
        answer.line(ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|line| line.value == origin || line.value == "*")
    }

    /// Origins that the configuration names and refuses, and that an entry covers.
    pub(super) fn refused(&self, policy: &Policy, notes: &mut Vec<Noted>) {
        for read in self.mentions.single() {
            let Some(origin) = read.entries.first() else { continue };
            if is_covered(policy, origin) && !self.allows(origin) && policy.config().origins != ["*"] {
                notes.push(
                    Noted::new(
                        NoteKind::NotExpressible,
                        "expression-not-exact",
                        read.at,
                        format!("{origin} is refused here, and an entry of the policy covers it."),
                    )
                    .instead("List the hosts if it must stay out."),
                );
            }
        }
    }

    /// Origins that expressions let in and that nobody meant.
    fn strangers(&self, config: &PolicyConfig, notes: &mut Vec<Noted>) {
        if config.origins == ["*"] {
            return self.strangers_with_credentials(notes);
        }
        let Ok(policy) = Policy::new(config) else { return };
        for (read, expression) in self.mentions.expressions() {
            if notes.iter().any(|note| note.code == "origin-shared-domain" && note.at == read.at) {
                continue;
            }
            // What it was probably meant for is no stranger, even if the policy has to leave it out.
            let known = [config.origins.as_slice(), &read.entries].concat();
            for stranger in expression.strangers(&known) {
                if !is_covered(&policy, &stranger.origin) && self.allows(&stranger.origin) {
                    notes.push(let_in(read.at, stranger.code, Some(read), &stranger.origin));
                }
            }
        }
    }

    /// What shows only with something special behind the configuration.
    fn answers(&self, origin: &str, notes: &mut Vec<Noted>) {
        let allow_origin = self.line_of(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let own = Behind {
            status: 200,
            headers: vec![(
                "Access-Control-Allow-Origin".to_owned(),
                "https://application.example".to_owned(),
            )],
        };
        let kept = answer(self.server, &self.exchange("GET", Some(origin)), &own);
        let lines: Vec<_> = kept.all(ACCESS_CONTROL_ALLOW_ORIGIN).collect();
        let what = match lines.as_slice() {
            [only] if only.at.is_none() => Some("that is sent instead of what this line says."),
            [_, _, ..] => Some("responses have it twice, and browsers refuse that."),
            _ => None,
        };
        let is_said = notes.iter().any(|note| note.code == "header-repeated");
        if let Some(what) = what.filter(|_| kept.answered_at.is_none() && !is_said) {
            let message = format!("If the application sends `Access-Control-Allow-Origin` itself, {what}");
            notes.push(
                Noted::new(NoteKind::Fragile, "application-header-kept", allow_origin, message)
                    .instead("Remove the application's CORS headers here, or leave them to the application."),
            );
        }
        let fails = [404, 500].map(Behind::answers);
        let loses = |behind: &Behind| {
            let failed = answer(self.server, &self.exchange("GET", Some(origin)), behind);
            failed.status >= 400 && failed.line(ACCESS_CONTROL_ALLOW_ORIGIN).is_none()
        };
        let is_sent = self.get(origin).line(ACCESS_CONTROL_ALLOW_ORIGIN).is_some();
        if is_sent && fails.iter().any(loses) {
            notes.push(
                Noted::new(NoteKind::Dead, "error-without-headers", allow_origin, "This header is not sent with errors. A page then sees a CORS problem, and not the error.")
                    .instead("Send it with every status."),
            );
        }
        let passed_on = self.preflight("PUT", origin, &Behind::answers(405));
        if passed_on.answered_at.is_none() && passed_on.status == 405 {
            notes.push(
                Noted::new(NoteKind::Fragile, "preflight-passed-on", allow_origin, "Preflights are passed on. Unless what is behind answers `OPTIONS` with 200 to 299, browsers refuse every request that needs one.")
                    .instead("Answer preflights here, with 204."),
            );
        }
    }

    /// What the inference could not say, at its line where it has one.
    fn unknown(&self, inferred: &Inferred, origin: Option<&str>, found: &mut Found) {
        let origin = origin.unwrap_or(STRANGER);
        for unknown in &inferred.unknown {
            let dead = |name| {
                Noted::new(NoteKind::Dead, unknown.code, self.line_of(name, origin), unknown.message.clone())
            };
            match unknown.code {
                "wildcard-with-credentials" => found.notes.push(
                    dead(ACCESS_CONTROL_ALLOW_CREDENTIALS)
                        .instead("Leave the line out, or send back single origins from a list."),
                ),
                "method-never-matches" => found
                    .notes
                    .push(dead(ACCESS_CONTROL_ALLOW_METHODS).instead("Write methods in upper case.")),
                "max-age-invalid" => found
                    .notes
                    .push(dead(ACCESS_CONTROL_MAX_AGE).instead("Write a number of seconds, such as 600.")),
                // It is a note of its own.
                "wildcard-is-a-name" => {}
                // All that the configuration names was tried, and what it lets in beside is a note.
                "origins-not-tried" | "some-strangers" | "open-with-credentials" | "no-origin-allowed" => {}
                _ => found.remarks.push(unknown.message.clone()),
            }
        }
    }
}
