//! The smallest change to a configuration that puts a note right.

use corsac::origin::Origin;
use url::Url;

use super::lines::{indentation, is_alone, replaced_expression, with_always, with_value};
use super::model::{AddHeader, Block, Condition, Configuration, Content, Key, Level, Protocol, Step};
use crate::change::Edit;
use crate::files::{At, Files};
use crate::headers::is_of_cors;
use crate::note::Noted;
use crate::server::Wanted;

pub(super) fn of(
    configuration: &Configuration,
    note: &Noted,
    wanted: &Wanted,
    files: &Files<'_>,
) -> Vec<Edit> {
    let changer = Changer { configuration, files, at: note.at, wanted };
    let edits = match note.code {
        "error-without-headers" => changer.always(),
        "vary-missing" => changer.vary(),
        "headers-lost" => changer.repeat(),
        "origin-never-matches" => changer.origin(),
        "wildcard-with-credentials" => changer.without_credentials(),
        "header-repeated" => changer.once(),
        "application-header-kept" => changer.hide(note.at),
        "preflight-passed-on" | "preflight-refused" => changer.answer_preflights(),
        "any-origin-with-credentials" | "any-origin-echoed" => changer.compare(),
        "origin-matches-anything" => changer.expression(),
        code if code.starts_with("origin-") || code.ends_with("domain-allowed") => changer.expression(),
        _ => None,
    };
    edits.unwrap_or_default()
}

struct Changer<'c, 'f, 'i> {
    configuration: &'c Configuration,
    files: &'f Files<'i>,
    /// The line of the note.
    at: At,
    wanted: &'c Wanted,
}

impl Changer<'_, '_, '_> {
    fn line(&self, at: At) -> Option<&str> {
        self.files.text(at.file).lines().nth(at.line.checked_sub(1)?)
    }

    fn indentation(&self, at: At) -> String {
        self.line(at).map(indentation).unwrap_or_default()
    }

    /// The block with an `add_header` on the line of the note.
    fn level(&self) -> Option<(usize, &Level)> {
        let has = |level: &Level| level.add_headers.iter().any(|header| header.at == self.at);
        self.configuration.levels.iter().enumerate().find(|(_, level)| has(level))
    }

    /// The location of a block, and the `if` blocks inside of it: of all these, one is in force.
    fn family(&self, level: usize) -> Vec<&Level> {
        let levels = &self.configuration.levels;
        let Some(own) = levels.get(level) else { return Vec::new() };
        let location = if own.block == Block::If { own.around.unwrap_or(level) } else { level };
        let is_inside = |index: usize, other: &Level| {
            index == location || other.block == Block::If && other.around == Some(location)
        };
        levels
            .iter()
            .enumerate()
            .filter(|(index, other)| is_inside(*index, other))
            .map(|(_, other)| other)
            .collect()
    }

    fn always(&self) -> Option<Vec<Edit>> {
        let (index, own) = self.level()?;
        let mut edits = Vec::new();
        for level in self.family(index) {
            if level.at != own.at && self.only_answers(level) {
                continue;
            }
            let headers = level.add_headers.iter();
            for header in
                headers.filter(|header| !header.always && (is_of_cors(&header.name) || is_vary(header)))
            {
                let at = At { line: header.last_line, ..header.at };
                edits.push(Edit::Replace { at, text: with_always(self.line(at)?)? });
            }
        }
        edits.dedup();
        Some(edits)
    }

    /// Returns `true` for an `if` that answers itself, as it does preflights.
    fn only_answers(&self, level: &Level) -> bool {
        let around = level.around.and_then(|around| self.configuration.levels.get(around));
        around.is_some_and(|around| {
            around.steps.iter().any(|step| match step {
                Step::If { at, steps, .. } => {
                    *at == level.at && steps.iter().any(|step| matches!(step, Step::Return { .. }))
                }
                _ => false,
            })
        })
    }

    fn vary(&self) -> Option<Vec<Edit>> {
        let (index, _) = self.level()?;
        let line = |indentation: &str| format!("{indentation}add_header Vary Origin always;");
        let mut edits = Vec::new();
        for level in self.family(index) {
            let allow_origin = level.add_headers.iter().find(|header| is_allow_origin(header));
            match allow_origin {
                Some(_) if level.add_headers.iter().any(is_vary) => {}
                Some(header) => {
                    let at = At { line: header.last_line, ..header.at };
                    edits.push(Edit::InsertAfter { at, text: line(&self.indentation(header.at)) });
                }
                // What no `if` is for has to say it, too.
                None if level.block == Block::Location && level.add_headers.is_empty() => {
                    let inner = self.family(index).into_iter().find(|level| level.block == Block::If)?;
                    edits.push(Edit::InsertBefore { at: inner.at, text: line(&self.indentation(inner.at)) });
                }
                None => {}
            }
        }
        Some(edits)
    }

    /// Repeats the lines around in a block that has lost them.
    fn repeat(&self) -> Option<Vec<Edit>> {
        let at_place = |level: &&Level| level.at == self.at && !level.add_headers.is_empty();
        let level = self
            .configuration
            .levels
            .iter()
            .find(at_place)
            .or_else(|| self.level().map(|(_, level)| level))?;
        let own = level.add_headers.last()?;
        let indentation = self.indentation(own.at);
        let around = self.configuration.add_headers(level.around?);
        let mut lines = Vec::new();
        for header in around.into_iter().filter(|header| is_of_cors(&header.name) || is_vary(header)) {
            for line in header.at.line..=header.last_line {
                lines.push(format!("{indentation}{}", self.line(At { line, ..header.at })?.trim()));
            }
        }
        lines.dedup();
        let at = At { line: own.last_line, ..own.at };
        (!lines.is_empty()).then(|| vec![Edit::InsertAfter { at, text: lines.join("\n") }])
    }

    /// Writes the origin that was meant.
    fn origin(&self) -> Option<Vec<Edit>> {
        let line = self.line(self.at)?;
        let text = self.texts().into_iter().find(|text| meant(text).is_some())?;
        let changed = line.replace(&text, &meant(&text)?);
        (changed != line).then(|| vec![Edit::Replace { at: self.at, text: changed }])
    }

    /// The texts that are compared with the origin, or sent, on the line of the note.
    fn texts(&self) -> Vec<String> {
        let here =
            super::mentions::of(self.configuration).into_iter().filter(|mention| mention.at == self.at);
        here.filter_map(|mention| match mention.what {
            crate::server::Mentioned::Text { text, .. } => Some(text),
            _ => None,
        })
        .collect()
    }

    fn without_credentials(&self) -> Option<Vec<Edit>> {
        let (index, _) = self.level()?;
        let mut edits = Vec::new();
        for level in self.family(index) {
            let credentials = |header: &&AddHeader| {
                header.name.eq_ignore_ascii_case("access-control-allow-credentials")
                    && header.at.line == header.last_line
            };
            for header in level.add_headers.iter().filter(credentials) {
                if self.line(header.at).is_some_and(is_alone) {
                    edits.push(Edit::Delete { at: header.at });
                }
            }
        }
        Some(edits)
    }

    /// A header that the block has twice is there once afterwards; otherwise the other one is the application's.
    fn once(&self) -> Option<Vec<Edit>> {
        let (_, level) = self.level()?;
        let header = level.add_headers.iter().find(|header| header.at == self.at)?;
        let same = level.add_headers.iter().filter(|other| other.name.eq_ignore_ascii_case(&header.name));
        if same.count() > 1 {
            let is_simple = header.last_line == self.at.line && self.line(self.at).is_some_and(is_alone);
            return is_simple.then(|| vec![Edit::Delete { at: self.at }]);
        }
        self.hide(self.at)
    }

    fn hide(&self, header_at: At) -> Option<Vec<Edit>> {
        let (index, level) = self.level()?;
        let at = match level.block {
            // It is not allowed in an `if`.
            Block::If => At { line: level.at.line, ..level.at },
            _ => {
                let header = level.add_headers.iter().rfind(|header| header.at.file == header_at.file)?;
                At { line: header.last_line, ..header.at }
            }
        };
        let location = if level.block == Block::If { level.around.unwrap_or(index) } else { index };
        let protocol = self.protocol(location);
        let mut names: Vec<String> = Vec::new();
        let sent =
            self.family(index).into_iter().flat_map(|level| &level.add_headers).map(|header| &header.name);
        let hidden =
            self.configuration.chain(location).map(|level| &level.hidden).find(|hidden| !hidden.is_empty());
        let hidden = hidden
            .into_iter()
            .flatten()
            .filter(|hidden| hidden.protocol == protocol)
            .map(|hidden| &hidden.name);
        for name in sent.filter(|name| is_of_cors(name)).chain(hidden) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                names.push(name.clone());
            }
        }
        let directive = match protocol {
            Protocol::Proxy => "proxy_hide_header",
            Protocol::Fastcgi => "fastcgi_hide_header",
            Protocol::Uwsgi => "uwsgi_hide_header",
            Protocol::Scgi => "scgi_hide_header",
            Protocol::Grpc => "grpc_hide_header",
        };
        let already =
            self.configuration.levels.get(location).map(|level| level.hidden.as_slice()).unwrap_or_default();
        names.retain(|name| !already.iter().any(|hidden| hidden.name.eq_ignore_ascii_case(name)));
        let indentation = self.indentation(at);
        let lines: Vec<String> =
            names.iter().map(|name| format!("{indentation}{directive} {name};")).collect();
        let text = lines.join("\n");
        Some(vec![if level.block == Block::If {
            Edit::InsertBefore { at, text }
        } else {
            Edit::InsertAfter { at, text }
        }])
    }

    /// How the blocks below ask what is behind.
    fn protocol(&self, level: usize) -> Protocol {
        let levels = &self.configuration.levels;
        let asks = |block: &Level| match block.content {
            Some(Content::Upstream(protocol)) => Some(protocol),
            _ => None,
        };
        let below = levels.iter().filter(|block| block.around == Some(level));
        let own = levels.get(level).into_iter().chain(below).find_map(asks);
        own.or_else(|| levels.iter().find_map(asks)).unwrap_or(Protocol::Proxy)
    }

    /// Answers preflights where the headers are.
    fn answer_preflights(&self) -> Option<Vec<Edit>> {
        let host = self.wanted.place.host.as_deref().unwrap_or("server.example");
        let (server, _) = self.configuration.server("https", host)?;
        let server = self.configuration.servers.get(server)?;
        let found = self.configuration.location(server, &self.wanted.place.path);
        let location = found.location.and_then(|index| self.configuration.locations.get(index));
        let level = location.map_or(server.level, |location| location.level);
        let owner = self.configuration.chain(level).find(|level| !level.add_headers.is_empty())?;
        if owner.block == Block::Http {
            return None;
        }
        let last = owner.add_headers.iter().rfind(|header| is_of_cors(&header.name))?;
        let at = At { line: last.last_line, ..last.at };
        let indentation = self.indentation(last.at);
        let mut lines = Vec::new();
        let policy = &self.wanted.policy;
        for (name, list) in [
            ("Access-Control-Allow-Methods", &policy.methods),
            ("Access-Control-Allow-Headers", &policy.request_headers),
        ] {
            if !list.is_empty()
                && !owner.add_headers.iter().any(|header| header.name.eq_ignore_ascii_case(name))
            {
                lines.push(format!("{indentation}add_header {name} \"{}\" always;", list.join(", ")));
            }
        }
        // Without a method or a header that is allowed, the answer would refuse what the application may allow.
        let is_needed = |header: &AddHeader| {
            ["access-control-allow-methods", "access-control-allow-headers"]
                .iter()
                .any(|name| header.name.eq_ignore_ascii_case(name))
        };
        if lines.is_empty() && !owner.add_headers.iter().any(is_needed) {
            return None;
        }
        lines.push(format!("{indentation}if ($request_method = OPTIONS) {{"));
        lines.push(format!("{indentation}    return 204;"));
        lines.push(format!("{indentation}}}"));
        Some(vec![Edit::InsertAfter { at, text: lines.join("\n") }])
    }

    /// Compares the origin with those that are meant before it is sent back.
    fn compare(&self) -> Option<Vec<Edit>> {
        let origins = &self.wanted.policy.origins;
        if origins.is_empty() || origins.iter().any(|origin| origin == "*") {
            return None;
        }
        let (index, level) = self.level()?;
        if level.block == Block::Http {
            return None;
        }
        let family = self.family(index);
        let mut headers: Vec<&AddHeader> = family.iter().flat_map(|level| &level.add_headers).collect();
        headers
            .retain(|header| is_allow_origin(header) && header.value.only_variable() == Some("http_origin"));
        // Before the first block or line that needs it.
        let blocks = family.iter().filter(|level| level.block == Block::If).map(|level| level.at);
        let at = headers.iter().map(|header| header.at).chain(blocks).min()?;
        let name = self.unused_variable();
        let indentation = self.indentation(at);
        let expression = corsac_stacks::origin_expression(origins);
        let text = [
            format!("{indentation}set ${name} \"\";"),
            format!("{indentation}if ($http_origin ~ \"{expression}\") {{"),
            format!("{indentation}    set ${name} $http_origin;"),
            format!("{indentation}}}"),
        ];
        let mut edits = vec![Edit::InsertBefore { at, text: text.join("\n") }];
        for header in headers {
            edits.push(Edit::Replace {
                at: header.at,
                text: with_value(self.line(header.at)?, "http_origin", &name)?,
            });
        }
        Some(edits)
    }

    fn unused_variable(&self) -> String {
        let texts = (0..).map_while(|file| Some(self.files.text(file)).filter(|text| !text.is_empty()));
        let texts: Vec<&str> = texts.collect();
        let is_used = |name: &str| texts.iter().any(|text| text.contains(&format!("${name}")));
        let names = ["cors_origin", "allowed_origin", "corsac_origin"];
        names.into_iter().find(|name| !is_used(name)).unwrap_or("checked_origin").to_owned()
    }

    /// Writes the expression that matches what this one is meant for.
    fn expression(&self) -> Option<Vec<Edit>> {
        let (expression, is_in_map) = self.expression_here()?;
        let entries: Vec<String> =
            self.wanted.policy.origins.iter().filter(|entry| covers(&expression, entry)).cloned().collect();
        if entries.is_empty() || entries.iter().any(|entry| entry == "*") {
            return None;
        }
        let mut seen = std::collections::HashSet::new();
        let entries = entries.iter().flat_map(|entry| in_development(&expression, entry));
        let entries: Vec<String> = entries.filter(|entry| seen.insert(entry.clone())).collect();
        let exact = corsac_stacks::origin_expression(&entries);
        let text = replaced_expression(self.line(self.at)?, &expression.text, &exact, is_in_map)?;
        Some(vec![Edit::Replace { at: self.at, text }])
    }

    /// The expression on the line of the note, and whether it is the key of a map.
    fn expression_here(&self) -> Option<(super::expression::Expression, bool)> {
        use super::expression::Expression;
        fn inside(steps: &[Step], here: At) -> Option<Expression> {
            steps.iter().find_map(|step| match step {
                Step::If { condition: Condition::Matches { expression, .. }, at, .. } if *at == here => {
                    Some(Expression::new(&expression.text, expression.ignores_case))
                }
                Step::If { steps, .. } => inside(steps, here),
                _ => None,
            })
        }
        let entries = self.configuration.maps.values().flat_map(|map| {
            let is_origin = map.source.only_variable() == Some("http_origin");
            map.entries.iter().filter(move |_| is_origin)
        });
        let in_map = entries.filter(|entry| entry.at == self.at).find_map(|entry| match &entry.key {
            Key::Expression { text, ignores_case } => Some(Expression::new(text, *ignores_case)),
            _ => None,
        });
        let in_step = || self.configuration.levels.iter().find_map(|level| inside(&level.steps, self.at));
        in_map
            .map(|expression| (expression, true))
            .or_else(|| in_step().map(|expression| (expression, false)))
    }
}

/// An entry for localhost with the schemes and ports that the expression matches, and every other entry as it is.
fn in_development(expression: &super::expression::Expression, entry: &str) -> Vec<String> {
    let host = entry.split_once("://").map_or("", |(_, host)| host);
    if !["localhost", "127.0.0.1"].contains(&host) {
        return vec![entry.to_owned()];
    }
    let matched = ["https", "http"].into_iter().filter_map(|scheme| {
        let any_port = [":3000", ":8080"].iter();
        let any_port = any_port
            .map(|port| format!("{scheme}://{host}{port}"))
            .all(|origin| expression.is_match(&origin));
        let origin = format!("{scheme}://{host}");
        if any_port {
            return Some(format!("{origin}:*"));
        }
        expression.is_match(&origin).then_some(origin)
    });
    let mut entries: Vec<String> = matched.collect();
    if entries.is_empty() {
        entries.push(entry.to_owned());
    }
    entries
}

fn is_allow_origin(header: &AddHeader) -> bool {
    header.name.eq_ignore_ascii_case("access-control-allow-origin")
}

fn is_vary(header: &AddHeader) -> bool {
    header.name.eq_ignore_ascii_case("vary")
}

/// The origin that somebody meant who wrote a URL, a host, or an origin in upper case.
fn meant(text: &str) -> Option<String> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&with_scheme).ok().filter(|_| !text.contains([' ', ',', '*', '$']))?;
    let origin = Origin::of(&url);
    (!origin.is_opaque() && origin.as_str() != text && origin.host()?.contains('.'))
        .then(|| origin.as_str().to_owned())
}

/// Whether an expression matches an origin that an entry covers.
fn covers(expression: &super::expression::Expression, entry: &str) -> bool {
    let labels = entry.replace("://*.", "://a.");
    let examples = match labels.strip_suffix(":*") {
        Some(host) => vec![host.to_owned(), format!("{host}:8443"), format!("{host}:3000")],
        None => vec![labels],
    };
    examples.iter().any(|example| expression.is_match(&example.replace('*', "a")))
}
