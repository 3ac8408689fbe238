//! Matchers: what has to be true of a request for a directive to run.

use super::expression::Expression;
use super::expression_language::Condition as Formula;
use super::findings::Findings;
use super::flow::Flow;
use super::lexer::Token;
use super::pattern::{matches_host, matches_path, matches_value, merged_slashes};
use super::segment::Segment;
use crate::headers::is_asked;
use crate::server::Line;

/// The most conditions of one matcher.
const MOST_CONDITIONS: usize = 500;

/// All of them have to be true.
#[derive(Clone, Debug, Default)]
pub(super) struct Matcher {
    pub(super) conditions: Vec<Condition>,
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    Host(Vec<String>),
    Path(Vec<String>),
    PathExpression(Named),
    Method(Vec<String>),
    Header(HeaderTest),
    HeaderExpression {
        name: String,
        expression: Named,
    },
    /// One of the variables has one of its values.
    Variables(Vec<(String, Vec<String>)>),
    /// One of the variables matches.
    VariableExpressions(Vec<(String, Named)>),
    Not(Matcher),
    Formula(Formula),
    Scheme(String),
    /// There is a query, of which a request to a configuration has none.
    Query {
        is_empty: bool,
    },
    /// There is a file for the path.
    File,
    /// Something about the client, of whom nothing is known: `remote_ip`.
    Client(String),
    /// A module that is not known.
    Never,
}

/// An expression and the name under which its groups are known.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    /// As it is written.
    pub(super) pattern: String,
    pub(super) expression: Option<Expression>,
}

/// What the lines of a header have to be.
#[derive(Clone, Debug)]
pub(super) struct HeaderTest {
    pub(super) name: String,
    /// One of these, which may begin or end with `*`; `None`: there is no such line.
    pub(super) values: Option<Vec<String>>,
}

impl Matcher {
    /// Of the first argument of a directive that is a path.
    pub(super) fn of_path(path: &str) -> Self {
        Self { conditions: vec![Condition::Path(vec![path.to_ascii_lowercase()])] }
    }

    /// `@name ...` or `@name { ... }`.
    pub(super) fn definition(segment: &Segment, findings: &mut Findings) -> Self {
        let name = segment.name().trim_start_matches('@').to_owned();
        let mut matcher = Self::default();
        match segment.arguments() {
            [] => matcher.take_lines(segment.inside(), &name, findings),
            [formula, ..] if formula.quote.is_some() => {
                matcher.conditions.push(Condition::Formula(Formula::read(formula, &name, findings)));
            }
            arguments => matcher.take(arguments, segment.inside(), &name, findings),
        }
        matcher
    }

    fn take_lines(&mut self, lines: &[Segment], name: &str, findings: &mut Findings) {
        for line in lines {
            self.take(&line.words, line.inside(), name, findings);
        }
    }

    /// One line: the kind of the matcher and its arguments. Lines of the same kind add to each other.
    pub(super) fn take(&mut self, words: &[Token], block: &[Segment], name: &str, findings: &mut Findings) {
        let Some((kind, arguments)) = words.split_first() else { return };
        if self.conditions.len() >= MOST_CONDITIONS {
            findings.not_read(
                kind.at,
                format!("The matcher has more than {MOST_CONDITIONS} conditions, and this one is left out."),
            );
            return;
        }
        let texts = || arguments.iter().map(|word| word.text.clone());
        match kind.text.as_str() {
            "host" => self.list(
                texts(),
                |condition| match condition {
                    Condition::Host(list) => Some(list),
                    _ => None,
                },
                Condition::Host,
            ),
            "path" => self.list(
                texts().map(|path| path.to_ascii_lowercase()),
                |condition| match condition {
                    Condition::Path(list) => Some(list),
                    _ => None,
                },
                Condition::Path,
            ),
            "method" => self.list(
                texts().map(|method| method.to_ascii_uppercase()),
                |condition| match condition {
                    Condition::Method(list) => Some(list),
                    _ => None,
                },
                Condition::Method,
            ),
            "header" => self.header(arguments, findings),
            "path_regexp" => {
                if let Some(expression) = Named::read(arguments, name, false, findings) {
                    self.conditions.push(Condition::PathExpression(expression));
                }
            }
            "header_regexp" => {
                if let Some((field, expression)) =
                    Named::of_field(arguments, name, |field| field.eq_ignore_ascii_case("origin"), findings)
                {
                    self.conditions.push(Condition::HeaderExpression { name: field, expression });
                }
            }
            "vars" => {
                let Some((key, values)) = arguments.split_first() else { return };
                if Findings::is_origin(&key.text) {
                    values.iter().for_each(|value| findings.text(&value.text, value.at));
                }
                let pair = (key.text.clone(), values.iter().map(|value| value.text.clone()).collect());
                self.list(
                    [pair].into_iter(),
                    |condition| match condition {
                        Condition::Variables(list) => Some(list),
                        _ => None,
                    },
                    Condition::Variables,
                );
            }
            "vars_regexp" => {
                if let Some(pair) = Named::of_field(arguments, name, Findings::is_origin, findings) {
                    self.list(
                        [pair].into_iter(),
                        |condition| match condition {
                            Condition::VariableExpressions(list) => Some(list),
                            _ => None,
                        },
                        Condition::VariableExpressions,
                    );
                }
            }
            "not" => {
                let mut inner = Self::default();
                if arguments.is_empty() {
                    inner.take_lines(block, name, findings);
                } else {
                    inner.take(arguments, block, name, findings);
                }
                self.conditions.push(Condition::Not(inner));
            }
            "expression" => {
                let formula = match arguments {
                    [formula] => formula.clone(),
                    [first, ..] => {
                        // Of several words Caddy keeps the quotes.
                        let raw: Vec<_> = arguments.iter().map(Token::raw).collect();
                        Token { text: raw.join(" "), ..first.clone() }
                    }
                    [] => return,
                };
                self.conditions.push(Condition::Formula(Formula::read(&formula, name, findings)));
            }
            "protocol" => {
                self.conditions.push(Condition::Scheme(
                    arguments.first().map_or(String::new(), |word| word.text.clone()),
                ));
            }
            "query" => self
                .conditions
                .push(Condition::Query { is_empty: arguments.iter().all(|word| word.text.is_empty()) }),
            "file" => self.conditions.push(Condition::File),
            "remote_ip" | "client_ip" | "tls" | "local_ip" => {
                self.conditions.push(Condition::Client(kind.text.clone()));
            }
            other => {
                findings.not_read(
                    kind.at,
                    format!("The matcher `{other}` is not known, so it is taken to match nothing."),
                );
                self.conditions.push(Condition::Never);
            }
        }
    }

    fn list<T>(
        &mut self,
        more: impl Iterator<Item = T>,
        find: impl Fn(&mut Condition) -> Option<&mut Vec<T>>,
        new: impl FnOnce(Vec<T>) -> Condition,
    ) {
        match self.conditions.iter_mut().find_map(find) {
            Some(list) => list.extend(more),
            None => self.conditions.push(new(more.collect())),
        }
    }

    fn header(&mut self, arguments: &[Token], findings: &mut Findings) {
        let Some((field, values)) = arguments.split_first() else { return };
        if let Some(absent) = field.text.strip_prefix('!') {
            self.conditions.push(Condition::Header(HeaderTest { name: absent.to_owned(), values: None }));
            return;
        }
        let Some(value) = values.first() else { return };
        if field.text.eq_ignore_ascii_case("origin") {
            findings.unknown_value(value);
            findings.origin_of_placeholder(value);
            if !value.text.contains('{') {
                findings.wildcard(&value.text, value.at);
            }
        }
        let same = self.conditions.iter_mut().find_map(|condition| match condition {
            Condition::Header(HeaderTest { name, values }) if name.eq_ignore_ascii_case(&field.text) => {
                values.as_mut()
            }
            _ => None,
        });
        match same {
            Some(values) => values.push(value.text.clone()),
            None => {
                let test = HeaderTest { name: field.text.clone(), values: Some(vec![value.text.clone()]) };
                self.conditions.push(Condition::Header(test));
            }
        }
    }

    pub(super) fn matches(&self, flow: &mut Flow<'_>) -> bool {
        self.conditions.iter().all(|condition| condition.matches(flow))
    }
}

impl Condition {
    /// Whether it is about paths or hosts.
    pub(super) fn narrows(&self) -> bool {
        match self {
            Self::Path(_) | Self::PathExpression(_) | Self::Host(_) => true,
            Self::Not(inner) => inner.conditions.iter().any(Self::narrows),
            Self::Formula(formula) => formula.narrows(),
            _ => false,
        }
    }

    /// What it asks of a request that browsers decide, and that no request to a configuration has.
    pub(super) fn untried(&self) -> Option<String> {
        match self {
            Self::Header(HeaderTest { name, values: Some(_) }) | Self::HeaderExpression { name, .. }
                if !is_asked(name) =>
            {
                Some(format!("the header `{name}`"))
            }
            Self::Query { is_empty: false } => Some("the query".to_owned()),
            Self::Client(kind) => Some(format!("the client (`{kind}`)")),
            _ => None,
        }
    }

    fn matches(&self, flow: &mut Flow<'_>) -> bool {
        match self {
            Self::Host(hosts) => hosts.iter().any(|host| matches_host(&flow.expand_all(host), flow.host())),
            Self::Path(paths) => {
                let path = flow.path.to_ascii_lowercase();
                paths.iter().any(|pattern| matches_path(&flow.expand_all(pattern), &path))
            }
            Self::PathExpression(expression) => {
                let path = merged_slashes(&flow.path);
                expression.find(&path, flow)
            }
            Self::Method(methods) => methods.contains(&flow.method),
            Self::Header(test) => test.matches(&flow.header(&test.name), |value| flow.expand_all(value)),
            Self::HeaderExpression { name, expression } => {
                flow.header(name).iter().any(|value| expression.find(value, flow))
            }
            Self::Variables(variables) => variables.iter().any(|(key, values)| {
                let value = variable(flow, key);
                values.iter().any(|wanted| flow.expand_all(wanted) == value)
            }),
            Self::VariableExpressions(variables) => {
                variables.iter().any(|(key, expression)| expression.find(&variable(flow, key), flow))
            }
            Self::Not(inner) => !inner.matches(flow),
            Self::Formula(formula) => formula.matches(flow),
            Self::Scheme(scheme) => match scheme.as_str() {
                "grpc" => flow.header("Content-Type").iter().any(|kind| kind.starts_with("application/grpc")),
                "http" | "https" => flow.asked.scheme == scheme,
                _ => true,
            },
            Self::Query { is_empty } => *is_empty,
            Self::File => flow.asked.behind.status < 400,
            Self::Client(_) | Self::Never => false,
        }
    }
}

/// The value of a placeholder, or of a variable without braces.
fn variable(flow: &Flow<'_>, key: &str) -> String {
    let name = key.strip_prefix('{').and_then(|key| key.strip_suffix('}'));
    let value = match name {
        Some(name) => flow.value(name),
        None => flow.variables.get(key).cloned(),
    };
    value.unwrap_or_default()
}

impl Named {
    /// `expression` or `name expression`.
    pub(super) fn read(
        words: &[Token],
        default: &str,
        of_origin: bool,
        findings: &mut Findings,
    ) -> Option<Self> {
        let (name, word) = match words {
            [word] => (default, word),
            [name, word, ..] => (name.text.as_str(), word),
            [] => return None,
        };
        if of_origin {
            findings.unknown_value(word);
        }
        let expression = findings.expression(word, of_origin);
        Some(Self { name: name.to_owned(), pattern: word.text.clone(), expression })
    }

    /// `field expression` or `name field expression`.
    fn of_field(
        words: &[Token],
        default: &str,
        is_origin: impl Fn(&str) -> bool,
        findings: &mut Findings,
    ) -> Option<(String, Self)> {
        let (name, field, word) = match words {
            [field, word] => (default, field, word),
            [name, field, word, ..] => (name.text.as_str(), field, word),
            _ => return None,
        };
        let of_origin = is_origin(&field.text);
        let word = std::slice::from_ref(word);
        Some((
            field.text.clone(),
            Self { name: name.to_owned(), ..Self::read(word, name, of_origin, findings)? },
        ))
    }

    /// Whether it is found; its groups are placeholders from then on.
    pub(super) fn find(&self, text: &str, flow: &mut Flow<'_>) -> bool {
        match self.expression.as_ref().and_then(|expression| expression.find(text)) {
            Some(groups) => {
                flow.found(&self.name, groups);
                true
            }
            None => false,
        }
    }
}

impl HeaderTest {
    fn matches(&self, actual: &[String], expand: impl Fn(&str) -> String) -> bool {
        let Some(values) = &self.values else { return actual.is_empty() };
        values.iter().any(|value| {
            let value = expand(value);
            actual.iter().any(|actual| matches_value(&value, actual))
        })
    }
}

/// What has to be true of a response.
#[derive(Clone, Debug, Default)]
pub(super) struct ResponseTest {
    /// Statuses, or the first digits of them.
    pub(super) statuses: Vec<u16>,
    pub(super) headers: Vec<HeaderTest>,
    /// Headers that are not there.
    pub(super) absent: Vec<String>,
}

impl ResponseTest {
    /// `@name status 4xx 500`, `match header X y`, or a block with such lines.
    pub(super) fn read(segment: &Segment) -> Self {
        let mut test = Self::default();
        test.take(segment.arguments());
        segment.inside().iter().for_each(|line| test.take(&line.words));
        test
    }

    fn take(&mut self, words: &[Token]) {
        let Some((kind, arguments)) = words.split_first() else { return };
        match kind.text.as_str() {
            "status" => {
                self.statuses.extend(arguments.iter().filter_map(|word| {
                    word.text.strip_suffix("xx").unwrap_or(&word.text).parse::<u16>().ok()
                }));
            }
            "header" => {
                let Some(field) = arguments.first() else { return };
                match (field.text.strip_prefix('!'), arguments.get(1)) {
                    (Some(absent), _) => self.absent.push(absent.to_owned()),
                    (None, Some(value)) => self.headers.push(HeaderTest {
                        name: field.text.clone(),
                        values: Some(vec![value.text.clone()]),
                    }),
                    (None, None) => {}
                }
            }
            _ => {}
        }
    }

    pub(super) fn matches(&self, status: u16, lines: &[Line]) -> bool {
        let all = |name: &str| -> Vec<String> {
            lines
                .iter()
                .filter(|line| line.name.eq_ignore_ascii_case(name))
                .map(|line| line.value.clone())
                .collect()
        };
        let is_status = self.statuses.is_empty()
            || self
                .statuses
                .iter()
                .any(|wanted| *wanted == status || (*wanted < 10 && *wanted == status / 100));
        is_status
            && self.absent.iter().all(|name| all(name).is_empty())
            && self.headers.iter().all(|test| test.matches(&all(&test.name), str::to_owned))
    }
}
