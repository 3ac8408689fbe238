//! From directives to what they mean.

use super::expression::Expression;
use super::model::{
    AddHeader, Block, Condition, Configuration, Content, ErrorPage, Flag, Hidden, Inherits, Level, Location,
    MoreHeader, MoreHeaders, Paths, Protocol, ServerName, Step, TryFiles, VirtualServer,
};
use super::parse::{Directive, Parsed, Word};
use super::value::Value;
use super::{maps, unread};
use crate::files::At;
use crate::headers::is_of_cors;

/// The most blocks that answer: servers, locations, `if`.
const MOST_BLOCKS: usize = 20_000;
/// Blocks of the main file that have nothing to do with HTTP.
const OTHER_BLOCKS: &[&str] = &["events", "stream", "mail", "rtmp"];
const PROTOCOLS: &[(&str, Protocol)] = &[
    ("proxy_", Protocol::Proxy),
    ("fastcgi_", Protocol::Fastcgi),
    ("uwsgi_", Protocol::Uwsgi),
    ("scgi_", Protocol::Scgi),
    ("grpc_", Protocol::Grpc),
];
/// Directives that make an application inside of nginx answer, or something that is as good as unknown.
const APPLICATIONS: &[&str] = &[
    "content_by_lua",
    "content_by_lua_block",
    "content_by_lua_file",
    "echo",
    "js_content",
    "memcached_pass",
    "passenger_enabled",
    "perl",
    "redis_pass",
    "redis2_pass",
    "drizzle_pass",
    "postgres_pass",
    "nchan_pubsub",
    "nchan_subscriber",
    "nchan_publisher",
    "push_stream_subscriber",
    "hls",
    "mp4",
    "flv",
    "image_filter",
];
const BUILT_IN: &[&str] = &["empty_gif", "stub_status"];

/// Why a configuration is refused, and where.
pub(super) type Refused = (At, String);

/// Reads a whole configuration, a file of `conf.d`, or a fragment of any level.
pub(super) fn build(parsed: &Parsed) -> Result<Configuration, Refused> {
    super::arity::check(&parsed.directives)?;
    let start = At { file: 0, line: 1 };
    let mut builder = Builder { configuration: Configuration::default() };
    let http = builder.level(Block::Http, None, start)?;
    let is_http = |directive: &&Directive| directive.name() == "http" && directive.block.is_some();
    let is_server = |directive: &&Directive| directive.name() == "server" && directive.block.is_some();
    let top = &parsed.directives;
    if top.iter().any(|directive| is_http(&directive)) {
        for directive in top.iter().filter(is_http) {
            builder.http(http, directive.inside().iter())?;
        }
    } else if top.iter().any(|directive| is_server(&directive)) {
        builder.http(http, top.iter())?;
    } else {
        builder.fragment(http, top)?;
    }
    unread::missing_files(&mut builder.configuration, &parsed.missing);
    Ok(builder.configuration)
}

struct Builder {
    configuration: Configuration,
}

impl Builder {
    fn level(&mut self, block: Block, around: Option<usize>, at: At) -> Result<usize, Refused> {
        let levels = &mut self.configuration.levels;
        if levels.len() >= MOST_BLOCKS {
            return Err((
                at,
                format!("The configuration has more than {MOST_BLOCKS} servers, locations and conditions."),
            ));
        }
        levels.push(Level::new(block, around, at));
        Ok(levels.len().saturating_sub(1))
    }

    fn at_level(&mut self, level: usize, change: impl FnOnce(&mut Level)) {
        if let Some(level) = self.configuration.levels.get_mut(level) {
            change(level);
        }
    }

    fn http<'d>(
        &mut self,
        http: usize,
        directives: impl Iterator<Item = &'d Directive>,
    ) -> Result<(), Refused> {
        for directive in directives {
            match directive.name() {
                "server" => {
                    self.server(http, directive.inside().iter(), directive.at)?;
                }
                name if OTHER_BLOCKS.contains(&name) => {}
                _ if self.map(directive) => {}
                _ => self.said(http, directive),
            }
        }
        Ok(())
    }

    /// Lines that a `server` or `location` block includes, without that block.
    fn fragment(&mut self, http: usize, directives: &[Directive]) -> Result<(), Refused> {
        let mut rest = Vec::new();
        for directive in directives {
            if !OTHER_BLOCKS.contains(&directive.name()) && !self.map(directive) {
                rest.push(directive);
            }
        }
        let Some(first) = rest.first() else { return Ok(()) };
        let at = first.at;
        let is_server = ["location", "listen", "server_name"];
        if rest.iter().any(|directive| is_server.contains(&directive.name())) {
            return self.server(http, rest.into_iter(), at);
        }
        self.server(http, std::iter::empty(), at)?;
        let server = self.configuration.servers.first().map_or(http, |server| server.level);
        let paths = Paths::Prefix { path: "/".to_owned(), is_before_expressions: false };
        let location = self.location(server, paths, rest.into_iter(), at)?;
        let level = self.configuration.locations.get(location).map_or(server, |location| location.level);
        self.at_level(level, |level| level.content = level.content.or(Some(Content::Application)));
        if let Some(server) = self.configuration.servers.first_mut() {
            server.locations.push(location);
        }
        Ok(())
    }

    /// `map`, `geo` and `split_clients`; `upstream` has nothing that matters here.
    fn map(&mut self, directive: &Directive) -> bool {
        match directive.name() {
            "map" | "geo" | "split_clients" => maps::add(&mut self.configuration, directive),
            "upstream" => {}
            _ => return false,
        }
        true
    }

    fn server<'d>(
        &mut self,
        http: usize,
        directives: impl Iterator<Item = &'d Directive>,
        at: At,
    ) -> Result<(), Refused> {
        let level = self.level(Block::Server, Some(http), at)?;
        let mut server = VirtualServer {
            names: Vec::new(),
            is_plain: false,
            is_tls: false,
            is_default: false,
            level,
            locations: Vec::new(),
            named: std::collections::HashMap::new(),
            made_up_host: None,
            at,
        };
        for directive in directives {
            match directive.name() {
                "listen" => listen(&mut server, directive),
                "ssl" if directive.argument(0) == "on" => server.is_tls = true,
                "server_name" => {
                    let names = directive.arguments().iter().flat_map(|word| server_names(&word.text));
                    server.names.extend(names);
                }
                "location" => {
                    let location = self.location_block(level, directive)?;
                    match self.configuration.locations.get(location).map(|location| &location.paths) {
                        Some(Paths::Named(name)) => {
                            server.named.insert(name.clone(), location);
                        }
                        _ => server.locations.push(location),
                    }
                }
                _ => match self.step(level, directive, Block::Server)? {
                    Some(step) => self.at_level(level, |level| level.steps.push(step)),
                    None => self.said(level, directive),
                },
            }
        }
        server.is_plain |= !server.is_tls;
        self.configuration.servers.push(server);
        Ok(())
    }

    fn location_block(&mut self, around: usize, directive: &Directive) -> Result<usize, Refused> {
        let paths = paths(directive.arguments());
        self.location(around, paths, directive.inside().iter(), directive.at)
    }

    fn location<'d>(
        &mut self,
        around: usize,
        paths: Paths,
        directives: impl Iterator<Item = &'d Directive>,
        at: At,
    ) -> Result<usize, Refused> {
        let level = self.level(Block::Location, Some(around), at)?;
        let mut location =
            Location { paths, level, locations: Vec::new(), limit: None, is_internal: false, at };
        for directive in directives {
            match directive.name() {
                "internal" => location.is_internal = true,
                "location" => location.locations.push(self.location_block(level, directive)?),
                "limit_except" => {
                    let inside = self.level(Block::LimitExcept, Some(level), directive.at)?;
                    for said in directive.inside() {
                        self.said(inside, said);
                    }
                    let mut methods: Vec<String> =
                        directive.arguments().iter().map(|word| word.text.to_ascii_uppercase()).collect();
                    if methods.iter().any(|method| method == "GET") {
                        methods.push("HEAD".to_owned());
                    }
                    location.limit = Some((methods, inside));
                }
                _ => match self.step(level, directive, Block::Location)? {
                    Some(step) => self.at_level(level, |level| level.steps.push(step)),
                    None => self.said(level, directive),
                },
            }
        }
        self.configuration.locations.push(location);
        Ok(self.configuration.locations.len().saturating_sub(1))
    }

    /// A directive of the rewrite module.
    fn step(&mut self, level: usize, directive: &Directive, block: Block) -> Result<Option<Step>, Refused> {
        let at = directive.at;
        Ok(Some(match directive.name() {
            "set" => {
                let name = directive.argument(0).trim_start_matches('$').to_ascii_lowercase();
                Step::Set { name, value: Value::parse(directive.argument(1)), at }
            }
            "break" => Step::Break,
            "return" => match returned(directive) {
                Some((status, text)) => Step::Return { status, text, at },
                None => return Ok(None),
            },
            "rewrite" => {
                let flag = match (directive.argument(2), directive.argument(1)) {
                    ("last", _) => Flag::Last,
                    ("break", _) => Flag::Break,
                    ("permanent", _) => Flag::Redirect(301),
                    ("redirect", _) => Flag::Redirect(302),
                    (_, url) if is_url(url) => Flag::Redirect(302),
                    _ => Flag::None,
                };
                let expression = Expression::new(directive.argument(0), false);
                Step::Rewrite { expression, replacement: Value::parse(directive.argument(1)), flag, at }
            }
            "if" => {
                let condition = condition(directive.arguments());
                if matches!(condition, Condition::Never) {
                    unread::condition(&mut self.configuration, directive);
                }
                let own = match block {
                    Block::Server => None,
                    _ => Some(self.level(Block::If, Some(level), at)?),
                };
                let mut steps = Vec::new();
                for inside in directive.inside() {
                    match (self.step(own.unwrap_or(level), inside, block)?, own) {
                        (Some(step), _) => steps.push(step),
                        (None, Some(own)) => self.said(own, inside),
                        (None, None) => unread::in_server_condition(&mut self.configuration, inside),
                    }
                }
                Step::If { condition, level: own, steps, at }
            }
            _ => return Ok(None),
        }))
    }

    /// A directive that says something about the answers of a block.
    fn said(&mut self, level: usize, directive: &Directive) {
        let at = directive.at;
        let name = directive.name();
        let first = directive.argument(0);
        match name {
            "add_header" if directive.arguments().len() >= 2 => {
                // On the wire, a name ends at its first colon.
                let (name, value) = match first.split_once(':') {
                    Some((name, rest)) => (name, format!("{rest}: {}", directive.argument(1))),
                    None => (first, directive.argument(1).to_owned()),
                };
                if name != first && is_of_cors(name) {
                    unread::colon(&mut self.configuration, first, at);
                }
                let header = AddHeader {
                    name: name.to_owned(),
                    value: Value::parse(&value),
                    always: directive.argument(2) == "always",
                    at,
                    last_line: directive.last_line,
                };
                self.at_level(level, |level| level.add_headers.push(header));
            }
            "add_header_inherit" => {
                let inherits = match first {
                    "off" => Inherits::Nothing,
                    "merge" => Inherits::Everything,
                    _ => Inherits::Default,
                };
                self.at_level(level, |level| level.inherits = Some(inherits));
            }
            "more_set_headers" | "more_clear_headers" => {
                let more = more_headers(directive);
                self.at_level(level, |level| level.more_headers.push(more));
            }
            "error_page" => {
                if let Some(page) = error_page(directive.arguments(), at) {
                    self.at_level(level, |level| level.error_pages.push(page));
                }
            }
            "try_files" => {
                if let Some(last) = directive.arguments().last() {
                    let last = Value::parse(&last.text);
                    self.at_level(level, |level| level.try_files = Some(TryFiles { last, at }));
                }
            }
            "auth_basic" => {
                self.at_level(level, |level| level.asks_for_password = Some((first != "off", at)));
            }
            "deny" | "allow" if level_is_open(&self.configuration, level) => {
                if name == "allow" || first == "all" {
                    self.at_level(level, |level| level.denies = Some((name == "deny", at)));
                }
            }
            "index" => self.at_level(level, |level| level.index = Some(first.to_owned())),
            _ if BUILT_IN.contains(&name) => {
                self.at_level(level, |level| level.content = Some(Content::BuiltIn(at)));
            }
            _ if APPLICATIONS.contains(&name) => {
                self.at_level(level, |level| level.content = Some(Content::Application));
                unread::directive(&mut self.configuration, directive);
            }
            _ => match PROTOCOLS
                .iter()
                .find_map(|(prefix, protocol)| Some((name.strip_prefix(prefix)?, *protocol)))
            {
                Some((rest, protocol)) => self.upstream(level, directive, rest, protocol),
                None => unread::directive(&mut self.configuration, directive),
            },
        }
    }

    fn upstream(&mut self, level: usize, directive: &Directive, rest: &str, protocol: Protocol) {
        let first = directive.argument(0);
        let hidden = || Hidden { protocol, name: first.to_owned() };
        match rest {
            "pass" => self.at_level(level, |level| level.content = Some(Content::Upstream(protocol))),
            "hide_header" => self.at_level(level, |level| level.hidden.push(hidden())),
            "pass_header" => self.at_level(level, |level| level.passed.push(hidden())),
            "intercept_errors" => {
                self.at_level(level, |level| level.intercepts.push((protocol, first == "on")));
            }
            _ => unread::directive(&mut self.configuration, directive),
        }
    }
}

/// The first of the rules about addresses that is for everybody decides: who asks is somebody that an `allow` is for.
fn level_is_open(configuration: &Configuration, level: usize) -> bool {
    configuration.levels.get(level).is_some_and(|level| level.denies.is_none())
}

fn listen(server: &mut VirtualServer, directive: &Directive) {
    let words: Vec<&str> = directive.arguments().iter().map(|word| word.text.as_str()).collect();
    let address = words.first().copied().unwrap_or_default();
    let is_tls = words.iter().any(|word| ["ssl", "quic"].contains(word))
        || address == "443"
        || address.ends_with(":443");
    server.is_tls |= is_tls;
    server.is_plain |= !is_tls;
    server.is_default |= words.iter().any(|word| ["default_server", "default"].contains(word));
}

fn server_names(name: &str) -> Vec<ServerName> {
    if let Some(expression) = name.strip_prefix('~') {
        return vec![ServerName::Expression(Expression::new(expression, true))];
    }
    let name = name.to_ascii_lowercase();
    if let Some(ending) = name.strip_prefix('*') {
        return vec![ServerName::Ending(ending.to_owned())];
    }
    if let Some(host) = name.strip_prefix('.') {
        return vec![ServerName::Exact(host.to_owned()), ServerName::Ending(name)];
    }
    match name.strip_suffix('*') {
        Some(beginning) => vec![ServerName::Beginning(beginning.to_owned())],
        None => vec![ServerName::Exact(name)],
    }
}

fn paths(words: &[Word]) -> Paths {
    let (modifier, path) = match words {
        [modifier, path] => (modifier.text.as_str(), path.text.as_str()),
        [word, ..] => {
            let modifiers = ["=", "^~", "~*", "~"];
            let split =
                modifiers.iter().find_map(|modifier| Some((*modifier, word.text.strip_prefix(modifier)?)));
            split.unwrap_or(("", &word.text))
        }
        [] => ("", "/"),
    };
    match modifier {
        "=" => Paths::Exact(path.to_owned()),
        "~" => Paths::Expression(Expression::new(path, false)),
        "~*" => Paths::Expression(Expression::new(path, true)),
        _ if path.starts_with('@') => Paths::Named(path.to_owned()),
        _ => Paths::Prefix { path: path.to_owned(), is_before_expressions: modifier == "^~" },
    }
}

fn is_url(text: &str) -> bool {
    ["http://", "https://", "$scheme"].iter().any(|start| text.starts_with(start))
}

fn returned(directive: &Directive) -> Option<(u16, Option<Value>)> {
    let first = directive.argument(0);
    if is_url(first) {
        return Some((302, Some(Value::parse(first))));
    }
    let status = first.parse().ok().filter(|status| *status < 1000)?;
    Some((status, directive.arguments().get(1).map(|word| Value::parse(&word.text))))
}

fn condition(words: &[Word]) -> Condition {
    let mut texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    if let Some(first) = texts.first_mut() {
        *first = first.strip_prefix('(').unwrap_or(first);
    }
    if let Some(last) = texts.last_mut() {
        *last = last.strip_suffix(')').unwrap_or(last);
    }
    // Only parentheses can have left nothing at the ends; between them, an empty text is one.
    let ends =
        [texts.first().is_some_and(|text| text.is_empty()), texts.last().is_some_and(|text| text.is_empty())];
    let texts =
        texts.get(usize::from(ends[0])..texts.len().saturating_sub(usize::from(ends[1]))).unwrap_or_default();
    match texts {
        [left] if left.starts_with('$') => Condition::IsSet(Value::parse(left)),
        [left, operator, right] if left.starts_with('$') => {
            let left = Value::parse(left);
            let matches = |ignores_case, is_not| Condition::Matches {
                left: left.clone(),
                expression: Expression::new(right, ignores_case),
                is_not,
            };
            match *operator {
                "=" => Condition::Is { left, right: Value::parse(right), is_not: false },
                "!=" => Condition::Is { left, right: Value::parse(right), is_not: true },
                "~" => matches(false, false),
                "~*" => matches(true, false),
                "!~" => matches(false, true),
                "!~*" => matches(true, true),
                _ => Condition::Never,
            }
        }
        [test, _path] if matches!(test.trim_start_matches('!'), "-f" | "-d" | "-e" | "-x") => {
            Condition::File { is_not: test.starts_with('!') }
        }
        _ => Condition::Never,
    }
}

fn error_page(words: &[Word], at: At) -> Option<ErrorPage> {
    let (target, before) = words.split_last()?;
    let mut page = ErrorPage { statuses: Vec::new(), status: None, target: Value::parse(&target.text), at };
    for word in before {
        match word.text.strip_prefix('=') {
            Some("") => page.status = Some(0),
            Some(status) => page.status = status.parse().ok(),
            None => page.statuses.extend(word.text.parse::<u16>()),
        }
    }
    Some(page)
}

fn more_headers(directive: &Directive) -> MoreHeaders {
    let clears = directive.name() == "more_clear_headers";
    let mut more = MoreHeaders {
        statuses: Vec::new(),
        appends: false,
        only_if_there: false,
        headers: Vec::new(),
        at: directive.at,
    };
    let mut words = directive.arguments().iter().map(|word| word.text.as_str());
    while let Some(word) = words.next() {
        match word {
            "-s" => {
                let statuses = words.next().unwrap_or_default();
                more.statuses
                    .extend(statuses.split([' ', ',']).filter_map(|status| status.parse::<u16>().ok()));
            }
            "-t" => {
                words.next();
            }
            "-a" => more.appends = true,
            "-r" => more.only_if_there = true,
            _ => {
                let (name, value) = word.split_once(':').unwrap_or((word, ""));
                let value = if clears { Value::default() } else { Value::parse(value.trim_start()) };
                more.headers.push(MoreHeader { name: name.trim().to_owned(), value });
            }
        }
    }
    more
}

/// Returns `true` if a block says something about headers of CORS by itself.
pub(super) fn says_cors(level: &Level) -> bool {
    level.add_headers.iter().any(|header| is_of_cors(&header.name))
        || level.more_headers.iter().flat_map(|more| &more.headers).any(|header| is_of_cors(&header.name))
}
