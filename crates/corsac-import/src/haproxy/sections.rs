//! Reads the sections of a configuration.

use std::collections::HashMap;
use std::sync::Arc;

use super::configuration::{Capture, Configuration, ErrorFile, Format, Part, Proxy, Rule, UseBackend};
use super::lines::{Line, lines};
use super::rules::Phase;
use super::syntax::Syntax;
use crate::error::ImportError;
use crate::files::{At, Files};
use crate::note::{NoteKind, Noted};

/// The sections that HAProxy knows and that have no rules for requests.
const OTHER_SECTIONS: &[&str] = &[
    "global",
    "peers",
    "resolvers",
    "userlist",
    "mailers",
    "program",
    "cache",
    "ring",
    "log-forward",
    "fcgi-app",
    "http-errors",
    "crt-store",
    "traces",
    "acme",
    "log-profile",
];

/// Lines that only a configuration of HAProxy has; without a section, a file of such lines is a part of a `frontend`.
const RULES: &[&str] = &[
    "http-request",
    "http-response",
    "http-after-response",
    "acl",
    "use_backend",
    "default_backend",
    "rspadd",
    "reqadd",
];

/// The most proxies, and defaults, of a configuration.
const MOST_PROXIES: usize = 2_000;

/// Reads the file.
///
/// # Errors
///
/// Fails if it is no configuration of HAProxy, or has a quote without an end.
pub(super) fn read(files: &mut Files<'_>) -> Result<(Configuration, Vec<Noted>), ImportError> {
    let lines = lines(files, 0)?;
    let is_section = |line: &Line| {
        // nginx has a `listen`, too.
        matches!(line.word(0), "frontend" | "listen" | "backend" | "defaults") && !line.word(1).ends_with(';')
    };
    if !lines.iter().any(|line| is_section(line) || RULES.contains(&line.word(0))) {
        let at = lines.first().map_or(1, |line| line.at.line);
        let why = "This is no configuration of HAProxy: it has no `frontend`, `listen` or `backend`, and no rule such as `http-response`.";
        return Err(ImportError::new(files.name(0), at, why));
    }
    // A whole file says `mode http`; people copy parts of files without it.
    let is_whole = lines.iter().any(|line| matches!(line.word(0), "global" | "defaults"));
    let mut sections = Sections {
        syntax: Syntax::new(files),
        proxies: Vec::new(),
        defaults: vec![empty(String::new(), At { file: 0, line: 1 }, !is_whole)],
        error_sections: HashMap::new(),
        skipped: None,
    };
    let mut current = Section::Before;
    for line in &lines {
        current = sections.line(line, current);
    }
    if let Some(at) = sections.skipped {
        sections.syntax.not_read(at, format!("Only the first {MOST_PROXIES} sections are read."));
    }
    for proxy in &mut sections.proxies {
        proxy.finish();
    }
    let proxies = sections.proxies.into_iter().map(|reading| reading.proxy).collect();
    Ok((Configuration { proxies }, sections.syntax.notes))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Section {
    Before,
    Defaults,
    Proxy,
    Errors(String),
    Other,
}

/// A proxy while it is read: what old versions apply after the other rules.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) proxy: Proxy,
    pub(super) later_request: Vec<Arc<Rule>>,
    pub(super) later_response: Vec<Arc<Rule>>,
}

impl Reading {
    fn finish(&mut self) {
        self.proxy.request.append(&mut self.later_request);
        self.proxy.response.append(&mut self.later_response);
    }
}

struct Sections<'f, 'i> {
    syntax: Syntax<'f, 'i>,
    proxies: Vec<Reading>,
    /// The last one counts; the first is what HAProxy has without any.
    defaults: Vec<Reading>,
    error_sections: HashMap<String, HashMap<u16, Arc<ErrorFile>>>,
    /// The first section that is one too many.
    skipped: Option<At>,
}

fn empty(name: String, at: At, is_http: bool) -> Reading {
    Reading {
        proxy: Proxy {
            name,
            at,
            takes_connections: false,
            has_servers: false,
            is_http,
            is_tls: false,
            acls: HashMap::new(),
            request: Vec::new(),
            response: Vec::new(),
            after_response: Vec::new(),
            use_backend: Vec::new(),
            default_backend: None,
            captures: Vec::new(),
            error_files: HashMap::new(),
            servers: 0,
            monitor: None,
        },
        later_request: Vec::new(),
        later_response: Vec::new(),
    }
}

impl Sections<'_, '_> {
    fn line(&mut self, line: &Line, current: Section) -> Section {
        match line.word(0) {
            "defaults" => {
                if self.defaults.len() >= MOST_PROXIES {
                    return Section::Other;
                }
                let mut defaults = empty(line.word(1).to_owned(), line.at, false);
                // Defaults of defaults have no rules, so that a chain of them stays small.
                if let Some(from) = self.named_defaults(line) {
                    defaults.proxy.is_http = from.proxy.is_http;
                    defaults.proxy.default_backend.clone_from(&from.proxy.default_backend);
                }
                self.defaults.push(defaults);
                Section::Defaults
            }
            kind @ ("frontend" | "listen" | "backend") => {
                if self.proxies.len() >= MOST_PROXIES {
                    self.skipped.get_or_insert(line.at);
                    return Section::Other;
                }
                let mut reading = self.copy_of_defaults(line);
                reading.proxy.name = line.word(1).to_owned();
                reading.proxy.at = line.at;
                reading.proxy.takes_connections = kind != "backend";
                reading.proxy.has_servers = kind != "frontend";
                self.proxies.push(reading);
                Section::Proxy
            }
            "http-errors" => Section::Errors(line.word(1).to_owned()),
            name if OTHER_SECTIONS.contains(&name) => Section::Other,
            _ => match current {
                Section::Before => {
                    let mut reading = empty("default".to_owned(), line.at, true);
                    reading.proxy.takes_connections = true;
                    self.proxies.push(reading);
                    self.statement(line, false);
                    Section::Proxy
                }
                Section::Proxy => {
                    self.statement(line, false);
                    Section::Proxy
                }
                Section::Defaults => {
                    self.statement(line, true);
                    Section::Defaults
                }
                Section::Errors(name) => {
                    if let (true, Ok(status)) = (line.word(0) == "errorfile", line.word(1).parse()) {
                        let file = error_file(&mut self.syntax, line.word(2), line.at);
                        self.error_sections.entry(name.clone()).or_default().insert(status, Arc::new(file));
                    }
                    Section::Errors(name)
                }
                Section::Other => Section::Other,
            },
        }
    }

    /// A proxy with what its defaults say. The lists are copied, so what is in them counts again.
    fn copy_of_defaults(&mut self, line: &Line) -> Reading {
        let Some(defaults) = self.named_defaults(line).or(self.defaults.last()) else {
            return empty(String::new(), line.at, true);
        };
        let copied = defaults.proxy.rules().count().saturating_add(defaults.proxy.acls.len());
        let (reading, is_http) = (defaults, defaults.proxy.is_http);
        if copied <= self.syntax.rules_left() {
            let reading = reading.clone();
            self.syntax.take_rules(copied, line.at);
            return reading;
        }
        self.syntax.take_rules(copied, line.at);
        empty(String::new(), line.at, is_http)
    }

    /// The defaults that a section names with `from`.
    fn named_defaults(&self, line: &Line) -> Option<&Reading> {
        let position = line.words.iter().position(|word| word == "from")?;
        let name = line.word(position.saturating_add(1));
        self.defaults.iter().rev().find(|defaults| defaults.proxy.name == name)
    }

    fn statement(&mut self, line: &Line, of_defaults: bool) {
        let list = if of_defaults { &mut self.defaults } else { &mut self.proxies };
        let Some(reading) = list.last_mut() else { return };
        let syntax = &mut self.syntax;
        if let (Some(name), true) = (line.variables.first(), says_cors(line)) {
            let message = format!(
                "The environment variable `{name}` is not known here, so it is taken as an empty one."
            );
            syntax.not_read(line.at, message);
        }
        let (first, at) = (line.word(0), line.at);
        if line.has_bare_dollar && says_cors(line) {
            let message = "Between double quotes `$` begins an environment variable, and no name of one follows here. HAProxy does not start with this line.";
            let noted = Noted::new(NoteKind::Dead, "without-effect", at, message);
            syntax
                .notes
                .push(noted.instead(
                    "Write single quotes around the expression: `'^https://app\\.example\\.com$'`.",
                ));
        }
        if matches!(
            first,
            "acl"
                | "use_backend"
                | "http-request"
                | "http-response"
                | "http-after-response"
                | "block"
                | "redirect"
        ) && !syntax.take_rules(1, at)
        {
            return;
        }
        let proxy = &mut reading.proxy;
        match first {
            "mode" => proxy.is_http = line.word(1) == "http",
            "bind" => proxy.is_tls |= line.words.iter().any(|word| word == "ssl"),
            "acl" => {
                let acl = syntax.acl(line.from(2), at);
                if let (Some(unknown), true) = (acl.sample.unknown(), says_cors(line)) {
                    let message = format!(
                        "`{unknown}` is not understood, so what depends on `{}` is left out.",
                        line.word(1)
                    );
                    syntax.not_read(at, message);
                }
                proxy.acls.entry(line.word(1).to_owned()).or_default().push(Arc::new(acl));
            }
            "use_backend" => {
                let name = syntax.format(line.word(1), at);
                let condition = syntax.condition(line.from(2), at);
                proxy.use_backend.push(UseBackend { at, name, condition });
            }
            "default_backend" => proxy.default_backend = Some(line.word(1).to_owned()),
            "server" if !line.words.iter().any(|word| word == "disabled") => {
                proxy.servers = proxy.servers.saturating_add(1);
            }
            "server-template" => proxy.servers = proxy.servers.saturating_add(1),
            "capture" if line.word(1) == "request" && line.word(2) == "header" => {
                let length = line.word(5).parse().unwrap_or(0);
                proxy.captures.push(Capture { header: Some(line.word(3).to_ascii_lowercase()), length });
            }
            "declare" if line.word(1) == "capture" && line.word(2) == "request" => {
                proxy.captures.push(Capture { header: None, length: line.word(4).parse().unwrap_or(0) });
            }
            "errorfile" => {
                if let Ok(status) = line.word(1).parse() {
                    let file = error_file(syntax, line.word(2), at);
                    proxy.error_files.insert(status, Arc::new(file));
                }
            }
            "errorfiles" => {
                if let Some(files) = self.error_sections.get(line.word(1)) {
                    proxy.error_files.extend(files.iter().map(|(status, file)| (*status, Arc::clone(file))));
                }
            }
            "monitor-uri" => proxy.monitor = Some((line.word(1).to_owned(), at)),
            "http-request" => reading.rule(syntax, Phase::Request, line.from(1), line),
            "http-response" => reading.rule(syntax, Phase::Response, line.from(1), line),
            "http-after-response" => reading.rule(syntax, Phase::AfterResponse, line.from(1), line),
            "block" => reading.old_block(syntax, line),
            "redirect" => reading.old_redirect(syntax, line),
            _ if first.starts_with("rsp") || first.starts_with("req") => reading.old_rule(syntax, line),
            _ => {}
        }
    }
}

/// Whether a line is about CORS, as far as its words show.
pub(super) fn says_cors(line: &Line) -> bool {
    line.words.iter().any(|word| {
        let word = word.to_ascii_lowercase();
        word.contains("access-control-") || word.contains("origin") || word.contains("cors")
    })
}

/// The answer that a file has.
pub(super) fn error_file(syntax: &mut Syntax<'_, '_>, path: &str, at: At) -> ErrorFile {
    let mut answer = ErrorFile { status: 0, lines: Vec::new() };
    if path == "/dev/null" {
        return answer;
    }
    // Such files are pages in most configurations, and no CORS header is in them. So it is no news that one is not there.
    let notes = syntax.notes.len();
    let files = syntax.included(path, at);
    syntax.notes.truncate(notes);
    for file in files {
        for (index, line) in syntax.files.text(file).lines().enumerate() {
            if line.trim().is_empty() {
                break;
            }
            if index == 0 {
                answer.status =
                    line.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
            } else if let Some((name, value)) = line.split_once(':') {
                let at = At { file, line: index.saturating_add(1) };
                answer.lines.push((name.trim().to_ascii_lowercase(), value.trim().to_owned(), at));
            }
        }
    }
    answer
}

/// A text without samples.
pub(super) fn text(text: &str) -> Format {
    Format { parts: vec![Part::Text(text.to_owned())] }
}
