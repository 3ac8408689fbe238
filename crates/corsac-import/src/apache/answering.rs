//! A request on its way through a server, phase by phase as Apache has them.

mod paths;
mod sections;

use super::access::refused;
use super::headers::{Which, apply};
use super::request::{Environment, Request, Table};
use super::rewrite::Outcome;
use super::site::{DOCUMENT_ROOT, Handler, Rulebook, Site, covers_path};
use crate::files::At;
use crate::server::{Answer, Asked, Line};

/// The most internal redirects of a request, as Apache has it.
const MOST_REDIRECTS: usize = 10;

/// What the server answers.
pub(super) fn answer(site: &Site, asked: &Asked<'_>) -> Answer {
    let request = Request {
        asked,
        method: asked.method.to_owned(),
        uri: asked.path.to_owned(),
        filename: String::new(),
        document_root: site
            .document_root
            .as_deref()
            .unwrap_or(DOCUMENT_ROOT)
            .trim_end_matches('/')
            .to_owned(),
        // Outside of virtual hosts it is not written who speaks TLS.
        is_tls: asked.scheme == "https" && (site.is_tls || site.at.is_none()),
        changed_headers: Vec::new(),
        environment: Environment::default(),
        on_success: Table::default(),
        always: Table::default(),
        status: 200,
    };
    Run { site, request, redirects: 0, error: None }.answer()
}

/// A request to an error document, after this error.
#[derive(Clone, Copy)]
struct Error {
    status: u16,
    at: Option<At>,
}

struct Run<'s, 'a> {
    site: &'s Site,
    request: Request<'a>,
    redirects: usize,
    error: Option<Error>,
}

/// Where an answer comes from.
#[derive(Clone, Copy)]
enum Answered {
    Here(At),
    Behind,
}

impl<'s> Run<'s, '_> {
    fn answer(mut self) -> Answer {
        let site = self.site;
        let base: Vec<&Rulebook> = site.base.iter().collect();
        for table in [Which::Request, Which::Always, Which::OnSuccess] {
            self.headers(&base, table, true);
        }
        for rule in &site.variables {
            rule.apply(&mut self.request);
        }
        // Before it is known where the path leads, only `<Location>` and `<If>` count.
        let early = self.with_branches([base.clone(), self.locations()].concat());
        let mut leads_to = None;
        let mut proxied = None;
        match self.server_rewrite() {
            Outcome::Nothing => {}
            Outcome::Status { status, at } => return self.fail(&early, status, Answered::Here(at)),
            Outcome::Redirect { status, to, at } => return self.redirect(&early, status, &to, at),
            Outcome::Proxied => proxied = Some(Handler::Proxy),
            Outcome::Path { path, passes_through: true } => self.request.uri = path,
            Outcome::Path { path, .. } => leads_to = Some(path),
        }
        if leads_to.is_none() && proxied.is_none() {
            proxied = self.proxied();
        }
        if leads_to.is_none()
            && proxied.is_none()
            && let Some(redirect) = self.redirected(&site.redirects)
        {
            let (status, to, at) = redirect;
            return self.redirect(&early, status, &to, at);
        }
        self.request.filename = match proxied {
            Some(_) => format!("proxy:{}", self.request.uri),
            None => self.file(leads_to.as_deref()),
        };
        let stored = if proxied.is_some() { self.proxies() } else { self.folders() };
        let layers = self.with_branches([base, stored, self.locations()].concat());
        self.in_place(&layers, proxied)
    }

    /// The phases after it is known where the path leads.
    fn in_place(mut self, layers: &[&'s Rulebook], mut proxied: Option<Handler>) -> Answer {
        for rule in layers.iter().flat_map(|layer| &layer.variables) {
            rule.apply(&mut self.request);
        }
        let access: Vec<_> =
            layers.iter().map(|layer| &layer.access).filter(|access| !access.is_empty()).collect();
        if let Some((status, at)) = refused(&access, &mut self.request) {
            return self.fail(layers, status, Answered::Here(at));
        }
        match self.folder_rewrite(layers) {
            Outcome::Nothing => {}
            Outcome::Status { status, at } => return self.fail(layers, status, Answered::Here(at)),
            Outcome::Redirect { status, to, at } => return self.redirect(layers, status, &to, at),
            Outcome::Proxied => proxied = Some(Handler::Proxy),
            Outcome::Path { path, .. } => return self.again(layers, path),
        }
        for layer in layers.iter().rev() {
            if let Some((status, to, at)) = self.redirected(&layer.redirects) {
                return self.redirect(layers, status, &to, at);
            }
        }
        for (name, value) in layers.iter().flat_map(|layer| &layer.set) {
            // A variable that is already there stays.
            if self.request.environment.get(name).is_none() {
                self.request.environment.set(name, value.clone());
            }
        }
        self.headers(layers, Which::Request, false);
        if proxied.is_none() && self.request.filename.ends_with('/') {
            return self.index(layers);
        }
        self.handle(layers, proxied)
    }

    /// A folder is answered with a file in it, whose sections are put together as for `GET`, whatever the method is.
    fn index(mut self, layers: &[&'s Rulebook]) -> Answer {
        let behind = self.request.asked.behind;
        let runs_scripts =
            layers.iter().any(|layer| layer.handler == Some(Handler::Inside) || layer.leads_to_script());
        if behind.status >= 400 && !runs_scripts && behind.headers.is_empty() {
            return self.handle(layers, None);
        }
        let named = layers.iter().rev().find_map(|layer| layer.index.as_deref());
        self.request.filename.push_str(named.unwrap_or(if runs_scripts {
            "index.php"
        } else {
            "index.html"
        }));
        let method = std::mem::replace(&mut self.request.method, "GET".to_owned());
        let base = self.site.base.iter().collect();
        let layers = self.with_branches([base, self.folders(), self.locations()].concat());
        self.request.method = method;
        self.handle(&layers, None)
    }

    /// What is behind Apache answers, or the files do.
    fn handle(mut self, layers: &[&'s Rulebook], proxied: Option<Handler>) -> Answer {
        let (behind, site) = (self.request.asked.behind, self.site);
        let written = layers.iter().rev().find_map(|layer| layer.handler);
        let is_script = self.request.filename.ends_with(".php");
        let has_headers = !behind.headers.is_empty();
        let runs = site.scripts.iter().any(|from| covers_path(from, &self.request.uri));
        let handler = proxied
            .or(runs.then_some(Handler::Gateway))
            .or(written)
            .or((is_script || has_headers).then_some(Handler::Inside));
        // An error document is there.
        let status = if self.error.is_some() { 200 } else { behind.status };
        let overrides = layers.iter().rev().find_map(|layer| layer.overrides_errors).unwrap_or(false);
        match handler {
            None if self.request.method == "OPTIONS" => self.request.status = 200,
            None if status >= 400 => return self.fail(layers, status, Answered::Behind),
            None => self.request.status = status,
            // The other server is not there.
            Some(Handler::Proxy | Handler::Gateway) if (502..=504).contains(&status) && !has_headers => {
                return self.fail(layers, status, Answered::Behind);
            }
            Some(Handler::Proxy) => {
                self.request.on_success = Table::default();
                self.request.status = status;
            }
            Some(Handler::Inside | Handler::Gateway) => self.request.status = status,
        }
        if matches!(handler, Some(Handler::Inside | Handler::Gateway)) {
            self.add_script_variables();
        }
        if handler.is_some() && self.error.is_none() {
            let is_gateway = handler == Some(Handler::Gateway);
            let table = if is_gateway { &mut self.request.always } else { &mut self.request.on_success };
            for (name, value) in &behind.headers {
                table.add(name, value.clone(), None);
            }
            if overrides && handler != Some(Handler::Inside) && self.request.status >= 400 {
                return self.fail(layers, behind.status, Answered::Behind);
            }
        }
        self.headers(layers, Which::Always, false);
        self.headers(layers, Which::OnSuccess, false);
        self.finish(Answered::Behind)
    }

    /// A script gets each header of the request as a variable, before the headers of the response are put together.
    fn add_script_variables(&mut self) {
        for line in self.request.asked.headers.iter() {
            let name = line.name.to_ascii_uppercase().replace('-', "_");
            let value = self.request.header(&line.name).unwrap_or_default();
            self.request.environment.set(&format!("HTTP_{name}"), value);
        }
    }

    fn headers(&mut self, layers: &[&Rulebook], table: Which, early: bool) {
        let rules = layers.iter().flat_map(|layer| &layer.headers);
        apply(&mut self.request, rules, table, early);
    }

    /// Apache makes a response to an error, a redirect, or a status that a rule asks for.
    fn fail(mut self, layers: &[&'s Rulebook], status: u16, answered: Answered) -> Answer {
        self.request.status = status;
        let document = layers
            .iter()
            .flat_map(|layer| &layer.error_documents)
            .rfind(|(of, _)| *of == status)
            .map(|(_, document)| document.trim_matches('"').to_owned())
            .filter(|document| self.error.is_none() && !document.is_empty());
        match document {
            Some(document) if document.starts_with('/') && self.redirects < MOST_REDIRECTS => {
                let at = if let Answered::Here(at) = answered { Some(at) } else { None };
                self.error = Some(Error { status, at });
                self.request.method = "GET".to_owned();
                let path = document.split('?').next().unwrap_or_default().to_owned();
                return self.again(layers, path);
            }
            Some(document) if document.starts_with("http://") || document.starts_with("https://") => {
                self.request.status = 302;
                self.request.on_success.set("Location", document, None);
            }
            _ => {}
        }
        if let Some(error) = self.error {
            self.request.status = error.status;
        }
        self.failed(layers, answered)
    }

    /// Only what is sent always is sent with it.
    fn failed(mut self, layers: &[&'s Rulebook], answered: Answered) -> Answer {
        let status = self.request.status;
        if status != 204 && status != 304 {
            let location = self.request.on_success.get("Location").map(str::to_owned);
            self.request.on_success = std::mem::take(&mut self.request.always);
            if let Some(location) = location.filter(|_| (300..400).contains(&status)) {
                self.request.on_success.set("Location", location, None);
            }
        }
        self.headers(layers, Which::Always, false);
        self.finish(answered)
    }

    fn redirect(mut self, layers: &[&'s Rulebook], status: u16, to: &str, at: At) -> Answer {
        if (300..400).contains(&status) {
            let to = if to.starts_with('/') {
                format!("{}://{}{to}", self.request.asked.scheme, self.request.asked.host)
            } else {
                to.to_owned()
            };
            self.request.on_success.set("Location", to, Some(at));
        }
        self.fail(layers, status, Answered::Here(at))
    }

    /// An internal redirect: the request begins again with another path.
    fn again(mut self, layers: &[&'s Rulebook], path: String) -> Answer {
        if self.redirects >= MOST_REDIRECTS {
            self.request.status = 500;
            return self.failed(layers, Answered::Behind);
        }
        self.redirects = self.redirects.saturating_add(1);
        self.request.uri = path;
        self.request.filename = String::new();
        self.request.environment = self.request.environment.redirected();
        self.request.on_success = Table::default();
        self.answer()
    }

    fn finish(self, answered: Answered) -> Answer {
        let mut lines = self.request.always.0;
        lines.extend(self.request.on_success.0);
        one_vary(&mut lines);
        let answered_at = match (self.error, answered) {
            (Some(error), _) => error.at,
            (None, Answered::Here(at)) => Some(at),
            (None, Answered::Behind) => None,
        };
        let status = self.error.map_or(self.request.status, |error| error.status);
        Answer { status, answered_at, lines }
    }
}

/// All lines of `Vary` become one, where the first one stands. Each name is there once.
fn one_vary(lines: &mut Vec<Line>) {
    let mut names: Vec<String> = Vec::new();
    for line in lines.iter().filter(|line| line.name.eq_ignore_ascii_case("vary")) {
        for name in line.value.split([',', ' ']).filter(|name| !name.is_empty()) {
            if !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                names.push(name.to_owned());
            }
        }
    }
    let Some(first) = lines.iter().position(|line| line.name.eq_ignore_ascii_case("vary")) else { return };
    let mut index = 0_usize;
    lines.retain(|line| {
        let is_kept = index == first || !line.name.eq_ignore_ascii_case("vary");
        index = index.saturating_add(1);
        is_kept
    });
    if let Some(line) = lines.get_mut(first).filter(|_| !names.is_empty()) {
        line.value = names.join(",");
    }
}
