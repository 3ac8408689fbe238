//! Rules of routers: which requests they are for.

use crate::caddy::expression::{Compiler, Expression};
use crate::headers::is_asked;
use crate::server::Asked;

/// The most parentheses inside of each other.
const MOST_LEVELS: usize = 60;

#[derive(Clone, Debug)]
pub(super) enum Rule {
    All(Vec<Rule>),
    Any(Vec<Rule>),
    Not(Box<Rule>),
    Host(String),
    HostExpression {
        pattern: String,
        expression: Option<Expression>,
    },
    Path(String),
    PathPrefix(String),
    PathExpression {
        pattern: String,
        expression: Option<Expression>,
    },
    Method(String),
    Header(String, String),
    HeaderExpression {
        name: String,
        pattern: String,
        expression: Option<Expression>,
    },
    /// Something about the client or the query, which no request that is asked has.
    Never,
}

impl Rule {
    /// Reads a rule, in the syntax of Traefik 3 or 2.
    pub(super) fn read(text: &str, compiler: &mut Compiler) -> Option<Self> {
        let mut parser = Parser { rest: text, levels: 0, compiler };
        let rule = parser.any()?;
        parser.rest.trim_start().is_empty().then_some(rule)
    }

    pub(super) fn matches(&self, asked: &Asked<'_>) -> bool {
        let host = asked.host.rsplit_once(':').map_or(asked.host, |(host, _)| host);
        let lines = |name: &str| -> Vec<String> {
            asked.headers.all(name).map(|value| String::from_utf8_lossy(value).into_owned()).collect()
        };
        match self {
            Self::All(rules) => rules.iter().all(|rule| rule.matches(asked)),
            Self::Any(rules) => rules.iter().any(|rule| rule.matches(asked)),
            Self::Not(rule) => !rule.matches(asked),
            Self::Host(wanted) => is_host(wanted, host),
            Self::HostExpression { expression, .. } => found(expression.as_ref(), &host.to_ascii_lowercase()),
            Self::Path(path) => asked.path == path,
            Self::PathPrefix(prefix) => asked.path.starts_with(prefix.as_str()),
            Self::PathExpression { expression, .. } => found(expression.as_ref(), asked.path),
            Self::Method(method) => asked.method == method,
            Self::Header(name, value) => lines(name).contains(value),
            Self::HeaderExpression { name, expression, .. } => {
                lines(name).iter().any(|line| found(expression.as_ref(), line))
            }
            Self::Never => false,
        }
    }

    /// What it needs of a request that browsers decide, and that no request that is tried has.
    pub(super) fn untried(&self) -> Option<String> {
        match self {
            Self::All(rules) => rules.iter().find_map(Self::untried),
            Self::Any(rules) => {
                let each: Option<Vec<String>> = rules.iter().map(Self::untried).collect();
                each?.into_iter().next()
            }
            Self::Header(name, _) | Self::HeaderExpression { name, .. } if !is_asked(name) => {
                Some(format!("the header `{name}`"))
            }
            Self::Never => Some("the client or the query".to_owned()),
            _ => None,
        }
    }

    /// The paths, or expressions for paths and hosts, that it is about.
    pub(super) fn about(&self) -> Vec<&str> {
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::about).collect(),
            Self::Not(rule) => rule.about(),
            Self::Host(text) | Self::Path(text) | Self::PathPrefix(text) => vec![text],
            Self::PathExpression { pattern, .. } | Self::HostExpression { pattern, .. } => vec![pattern],
            _ => Vec::new(),
        }
    }

    /// Itself and every rule inside of it.
    pub(super) fn each(&self, look: &mut impl FnMut(&Self)) {
        look(self);
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().for_each(|rule| rule.each(look)),
            Self::Not(rule) => rule.each(look),
            _ => {}
        }
    }
}

fn found(expression: Option<&Expression>, text: &str) -> bool {
    expression.is_some_and(|expression| expression.is_match(text))
}

/// Whether a text has a variable or a template, whose value stands elsewhere.
pub(super) fn is_open(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

/// The expression of a template of Traefik 2: `{name:[a-z]+}.example.com`.
fn of_template(template: &str) -> Option<String> {
    let mut expression = String::from("^");
    let mut rest = template;
    let mut is_template = false;
    while let Some((before, behind)) = rest.split_once('{') {
        let end = behind.find(|each: char| !each.is_ascii_alphanumeric() && each != '_' && each != '-')?;
        let (name, behind) = behind.split_at(end);
        let begins = name.starts_with(|each: char| each.is_ascii_alphabetic() || each == '_');
        expression.push_str(&regex_syntax::escape(before));
        if let Some(behind) = behind.strip_prefix('}').filter(|_| begins) {
            expression.push_str("[^.]+");
            rest = behind;
        } else {
            let behind = behind.strip_prefix(':').filter(|_| begins || name.is_empty())?;
            let mut depth = 0_usize;
            let end = behind.find(|each: char| {
                depth = if each == '{' { depth.saturating_add(1) } else { depth };
                let is_end = each == '}' && depth == 0;
                depth = if each == '}' { depth.saturating_sub(1) } else { depth };
                is_end
            })?;
            let (inside, behind) = behind.split_at(end);
            expression.push_str(&format!("(?:{inside})"));
            rest = behind.get(1..)?;
        }
        is_template = true;
    }
    expression.push_str(&regex_syntax::escape(rest));
    expression.push('$');
    is_template.then_some(expression)
}

/// `*.example.com` is one label more.
fn is_host(wanted: &str, host: &str) -> bool {
    let host = host.trim_end_matches('.');
    match wanted.strip_prefix("*.") {
        Some(domain) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => wanted == "*" || wanted.trim_end_matches('.').eq_ignore_ascii_case(host),
    }
}

struct Parser<'r> {
    rest: &'r str,
    levels: usize,
    compiler: &'r mut Compiler,
}

impl Parser<'_> {
    fn sign(&mut self, sign: &str) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(sign)?;
        Some(())
    }

    fn has(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn any(&mut self) -> Option<Rule> {
        self.levels = self.levels.saturating_add(1);
        if self.levels > MOST_LEVELS {
            return None;
        }
        let mut rules = vec![self.all()?];
        while self.has("||") {
            rules.push(self.all()?);
        }
        self.levels = self.levels.saturating_sub(1);
        if rules.len() == 1 { rules.pop() } else { Some(Rule::Any(rules)) }
    }

    fn all(&mut self) -> Option<Rule> {
        let mut rules = vec![self.not()?];
        while self.has("&&") {
            rules.push(self.not()?);
        }
        if rules.len() == 1 { rules.pop() } else { Some(Rule::All(rules)) }
    }

    fn not(&mut self) -> Option<Rule> {
        let mut is_negated = false;
        while self.has("!") {
            is_negated = !is_negated;
        }
        let rule = if self.has("(") {
            let inside = self.any()?;
            self.sign(")")?;
            inside
        } else {
            self.function()?
        };
        Some(if is_negated { Rule::Not(Box::new(rule)) } else { rule })
    }

    fn function(&mut self) -> Option<Rule> {
        let start = self.rest.trim_start();
        let end = start.find(|each: char| !each.is_ascii_alphanumeric())?;
        let (name, rest) = start.split_at(end);
        self.rest = rest;
        self.sign("(")?;
        let mut arguments = vec![self.text()?];
        while self.has(",") {
            arguments.push(self.text()?);
        }
        self.sign(")")?;
        let compiler = &mut *self.compiler;
        let mut each = |make: fn(String, &mut Compiler) -> Rule| -> Rule {
            let mut rules: Vec<Rule> =
                arguments.iter().cloned().map(|argument| make(argument, compiler)).collect();
            if rules.len() == 1 { rules.pop().unwrap_or(Rule::Never) } else { Rule::Any(rules) }
        };
        let rule = match (name.to_ascii_lowercase().as_str(), &*arguments) {
            ("host" | "hostheader", _) => each(|host, _| {
                // A host whose name stands elsewhere can be any.
                Rule::Host(if is_open(&host) { "*".to_owned() } else { host })
            }),
            ("path", _) => each(|path, _| Rule::Path(path)),
            ("pathprefix", _) => each(|prefix, _| Rule::PathPrefix(prefix)),
            ("method", _) => each(|method, _| Rule::Method(method.to_ascii_uppercase())),
            ("hostregexp", _) => each(|pattern, compiler| {
                let pattern = of_template(&pattern).unwrap_or(pattern);
                let expression = compiler.compile(&pattern);
                Rule::HostExpression { pattern, expression }
            }),
            ("pathregexp", _) => each(|pattern, compiler| {
                let expression = compiler.compile(&pattern);
                Rule::PathExpression { pattern, expression }
            }),
            ("header" | "headers", [name, value]) => Rule::Header(name.clone(), value.clone()),
            ("headerregexp" | "headersregexp", [name, pattern]) => {
                let expression = self.compiler.compile(pattern);
                Rule::HeaderExpression { name: name.clone(), pattern: pattern.clone(), expression }
            }
            ("clientip" | "query" | "queryregexp", _) => Rule::Never,
            _ => return None,
        };
        Some(rule)
    }

    /// A text in backticks, or in quotes with escapes.
    fn text(&mut self) -> Option<String> {
        let start = self.rest.trim_start();
        let quote = start.chars().next().filter(|quote| matches!(quote, '`' | '"' | '\''))?;
        let mut text = String::new();
        let mut characters = start.char_indices().skip(1);
        while let Some((index, character)) = characters.next() {
            if character == quote {
                self.rest = start.get(index.saturating_add(1)..)?;
                return Some(text);
            }
            match character {
                '\\' if quote != '`' => text.push(match characters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    escaped => escaped,
                }),
                _ => text.push(character),
            }
        }
        None
    }
}
