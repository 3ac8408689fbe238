//! Reads samples, formats, ACLs and conditions.

use std::collections::HashMap;

use super::configuration::{Acl, Condition, Format, Named, Part, Term};
use super::expression::Expression;
use super::matcher::Matcher;
use super::sample::{Call, Converter, Fetch, Header, Key, Map, Sample, Value, calls};
use crate::files::{At, Files};
use crate::note::{NoteKind, Noted};

/// The most regular expressions of a configuration.
const MOST_EXPRESSIONS: usize = 2_000;

/// The most notes; nobody reads more.
const MOST_NOTES: usize = 500;
/// The most rules and terms of conditions of a configuration.
const MOST_RULES: usize = 50_000;

/// Reads the parts of lines, and keeps what there is to say about them.
pub(super) struct Syntax<'f, 'i> {
    pub(super) files: &'f mut Files<'i>,
    pub(super) notes: Vec<Noted>,
    expressions: usize,
    rules: usize,
    /// The files that were included, by their paths: a list that several lines name is one list.
    included: HashMap<String, Vec<usize>>,
}

impl<'f, 'i> Syntax<'f, 'i> {
    pub(super) fn new(files: &'f mut Files<'i>) -> Self {
        Self { files, notes: Vec::new(), expressions: 0, rules: 0, included: HashMap::new() }
    }

    pub(super) fn not_read(&mut self, at: At, message: String) {
        if self.notes.len() >= MOST_NOTES {
            return;
        }
        self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, message));
    }

    /// Counts rules, and terms of conditions. Returns whether they are still read.
    pub(super) fn take_rules(&mut self, number: usize, at: At) -> bool {
        let before = self.rules;
        self.rules = self.rules.saturating_add(number);
        if before <= MOST_RULES && self.rules > MOST_RULES {
            self.not_read(at, format!("Only the first {MOST_RULES} rules and conditions are read."));
        }
        self.rules <= MOST_RULES
    }

    pub(super) fn rules_left(&self) -> usize {
        MOST_RULES.saturating_sub(self.rules)
    }

    pub(super) fn expression(&mut self, text: &str, ignores_case: bool, at: At) -> Expression {
        self.expressions = self.expressions.saturating_add(1);
        if self.expressions > MOST_EXPRESSIONS {
            if self.expressions == MOST_EXPRESSIONS.saturating_add(1) {
                self.not_read(at, format!("Only the first {MOST_EXPRESSIONS} regular expressions are read."));
            }
            return Expression::new("(", false);
        }
        let expression = Expression::new(text, ignores_case);
        if !expression.is_understood() {
            let message = format!(
                "The regular expression `{text}` is not understood here, so it is taken as one that nothing matches. It has a mistake, or something \
                 that cannot be matched in linear time, such as look-ahead."
            );
            self.not_read(at, message);
        }
        expression
    }

    /// `%[var(txn.origin)]` with text around it.
    pub(super) fn format(&mut self, text: &str, at: At) -> Format {
        let mut format = Format::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            push_text(&mut format.parts, before);
            if let Some(after) = after.strip_prefix('%') {
                push_text(&mut format.parts, "%");
                rest = after;
                continue;
            }
            // Flags for quotes and encoding.
            let after = match after.strip_prefix('{').and_then(|flags| flags.split_once('}')) {
                Some((_, after)) => after,
                None => after,
            };
            if let Some(inside) = after.strip_prefix('[') {
                let (called, after) = calls(inside, Some(']'));
                format.parts.push(Part::Sample(self.sample_of(called, at).0));
                rest = after.strip_prefix(']').unwrap_or(after);
                continue;
            }
            let length =
                after.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(after.len());
            let (name, after) = after.split_at_checked(length).unwrap_or((after, ""));
            let fetch = match name {
                "HM" => Fetch::OriginalMethod,
                "HP" | "HU" | "HPO" => Fetch::OriginalUrl,
                "ST" => Fetch::Status,
                _ => Fetch::Unknown(format!("%{name}")),
            };
            format.parts.push(Part::Sample(Sample { fetch, converters: Vec::new() }));
            rest = after;
        }
        push_text(&mut format.parts, rest);
        format
    }

    pub(super) fn sample(&mut self, text: &str, at: At) -> Sample {
        self.sample_of(calls(text, None).0, at).0
    }

    /// A sample, and the comparison that its name asks for.
    fn sample_of(&mut self, called: Vec<Call>, at: At) -> (Sample, Option<Matcher>) {
        let mut called = called.into_iter();
        let first = called.next().unwrap_or_else(|| Call { name: String::new(), arguments: Vec::new() });
        let (fetch, matcher) = fetch(&first);
        let converters: Vec<Converter> = called.map(|call| self.converter(&call, at)).collect();
        // A comparison in the name does not count if there are converters.
        let matcher = matcher.filter(|_| converters.is_empty());
        (Sample { fetch, converters }, matcher)
    }

    fn converter(&mut self, call: &Call, at: At) -> Converter {
        let number = |index| call.argument(index).trim().parse::<i64>();
        match call.name.as_str() {
            "lower" => Converter::Lower,
            "upper" => Converter::Upper,
            "url_dec" => Converter::UrlDecode,
            "length" => Converter::Length,
            "not" => Converter::Not,
            "host_only" => Converter::HostOnly,
            "strcmp" => Converter::Compare { variable: call.argument(0).to_owned() },
            "iif" => Converter::Either { yes: call.argument(0).to_owned(), no: call.argument(1).to_owned() },
            "regsub" => Converter::Substitute {
                expression: self.expression(call.argument(0), call.argument(2).contains('i'), at),
                replacement: call.argument(1).to_owned(),
                each: call.argument(2).contains('g'),
            },
            name @ ("field" | "word") => match number(0) {
                Ok(index) if call.arguments.len() == 2 => {
                    let delimiters = call.argument(1).to_owned();
                    if name == "field" {
                        Converter::Field { index, delimiters }
                    } else {
                        Converter::Word { index, delimiters }
                    }
                }
                _ => Converter::Unknown(call.name.clone()),
            },
            "concat" => Converter::Concat {
                before: call.argument(0).to_owned(),
                variable: Some(call.argument(1).to_owned()).filter(|name| !name.is_empty()),
                after: call.argument(2).to_owned(),
            },
            "bytes" => match number(0).map(usize::try_from) {
                Ok(Ok(offset)) => Converter::Bytes {
                    offset,
                    length: number(1).ok().and_then(|length| length.try_into().ok()),
                },
                _ => Converter::Unknown(call.name.clone()),
            },
            name => {
                let matcher = match name {
                    "map" | "map_str" => Some(Matcher::Whole),
                    _ => name.strip_prefix("map_").and_then(Matcher::parse),
                };
                match matcher {
                    Some(matcher) => self.map(matcher, call, at),
                    None => Converter::Unknown(name.to_owned()),
                }
            }
        }
    }

    fn map(&mut self, matcher: Matcher, call: &Call, at: At) -> Converter {
        let default = call.arguments.get(1).cloned();
        let keys = self.keys_of_file(call.argument(0), true, matcher, false, at);
        Converter::Map(Map { matcher, keys, default })
    }

    /// The lines of a file of patterns; of a map, with their values.
    fn keys_of_file(
        &mut self,
        path: &str,
        has_values: bool,
        matcher: Matcher,
        ignores_case: bool,
        at: At,
    ) -> Vec<(Key, String)> {
        let mut keys = Vec::new();
        for file in self.included(path, at) {
            let lines: Vec<(At, String)> = self
                .files
                .text(file)
                .lines()
                .enumerate()
                .map(|(index, line)| {
                    (At { file, line: index.saturating_add(1) }, line.trim_start().to_owned())
                })
                .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
                .collect();
            for (at, line) in lines {
                let (key, value) = match line.split_once([' ', '\t']) {
                    Some((key, value)) if has_values => (key, value.trim()),
                    _ => (line.as_str(), ""),
                };
                keys.push((self.key(key, matcher, ignores_case, at), value.to_owned()));
            }
        }
        keys
    }

    /// The files of this name; a note if there are none.
    pub(super) fn included(&mut self, path: &str, at: At) -> Vec<usize> {
        if let Some(files) = self.included.get(path) {
            return files.clone();
        }
        match self.files.include(path, at) {
            Ok(files) => {
                self.included.insert(path.to_owned(), files.clone());
                files
            }
            Err(error) => {
                self.not_read(
                    at,
                    format!(
                        "The file `{path}` cannot be read, so it is taken as an empty one. {}",
                        error.message
                    ),
                );
                Vec::new()
            }
        }
    }

    fn key(&mut self, text: &str, matcher: Matcher, ignores_case: bool, at: At) -> Key {
        let expression = (matcher == Matcher::Expression).then(|| self.expression(text, ignores_case, at));
        Key { at, text: text.to_owned(), expression }
    }

    /// A criterion, flags and patterns, as after `acl NAME` and between braces.
    pub(super) fn acl(&mut self, words: &[String], at: At) -> Acl {
        let (criterion, rest) =
            words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let (sample, named) = self.sample_of(calls(criterion, None).0, at);
        let mut acl = Acl {
            text: words.join(" "),
            matcher: named.unwrap_or_else(|| sample.usual_matcher()),
            sample,
            ignores_case: false,
            keys: Vec::new(),
        };
        let mut files = Vec::new();
        let mut rest = rest.iter();
        let mut operator = String::new();
        let mut keys = Vec::new();
        while let Some(word) = rest.next() {
            match word.as_str() {
                "-i" => acl.ignores_case = true,
                "-f" => files.extend(rest.next().cloned().map(|path| (path, false))),
                "-M" => files.extend(rest.next_if_file().map(|path| (path, true))),
                "-n" | "-u" => {}
                "-m" => {
                    acl.matcher =
                        rest.next().and_then(|name| Matcher::parse(name)).unwrap_or(Matcher::Unknown);
                }
                "--" => {
                    keys.extend(rest.by_ref().cloned());
                }
                _ => {
                    keys.push(word.clone());
                    keys.extend(rest.by_ref().cloned());
                }
            }
        }
        if let (Matcher::Number | Matcher::Length, Some("eq" | "ge" | "gt" | "le" | "lt")) =
            (acl.matcher, keys.first().map(String::as_str))
        {
            operator = format!("{} ", keys.remove(0));
        }
        for (path, has_values) in files {
            let from_file = self.keys_of_file(&path, has_values, acl.matcher, acl.ignores_case, at);
            acl.keys.extend(from_file.into_iter().map(|(key, _)| key));
        }
        for text in keys {
            acl.keys.push(self.key(&format!("{operator}{text}"), acl.matcher, acl.ignores_case, at));
        }
        acl
    }

    /// `if` or `unless` with what follows; nothing if the words do not begin so.
    pub(super) fn condition(&mut self, words: &[String], at: At) -> Option<Condition> {
        let (first, rest) = words.split_first()?;
        let unless = match first.as_str() {
            "if" => false,
            "unless" => true,
            _ => return None,
        };
        let mut condition = Condition { unless, any: vec![Vec::new()] };
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            if !self.take_rules(1, at) {
                break;
            }
            if matches!(word.as_str(), "or" | "||" | "OR") {
                condition.any.push(Vec::new());
                continue;
            }
            let bare = word.trim_start_matches('!');
            let mut negated = word.len().saturating_sub(bare.len()) % 2 == 1;
            let mut bare = bare.to_owned();
            while bare.is_empty() {
                // An exclamation mark of its own.
                let Some(next) = rest.next() else { break };
                let stripped = next.trim_start_matches('!');
                negated ^= next.len().saturating_sub(stripped.len()) % 2 == 1;
                bare = stripped.to_owned();
            }
            let acl = if bare == "{" {
                let inside: Vec<String> = rest.by_ref().take_while(|word| *word != "}").cloned().collect();
                Named::Anonymous(self.acl(&inside, at))
            } else {
                Named::Acl(bare)
            };
            if let Some(terms) = condition.any.last_mut() {
                terms.push(Term { negated, acl });
            }
        }
        Some(condition)
    }
}

/// `-M` is written before or after `-f`.
trait NextIfFile {
    fn next_if_file(&mut self) -> Option<String>;
}

impl NextIfFile for std::slice::Iter<'_, String> {
    fn next_if_file(&mut self) -> Option<String> {
        if self.as_slice().first().map(String::as_str) == Some("-f") {
            self.next();
            return self.next().cloned();
        }
        None
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Part::Text(last)) = parts.last_mut() {
        last.push_str(text);
    } else {
        parts.push(Part::Text(text.to_owned()));
    }
}

/// What a name fetches, and the comparison at its end: `hdr_beg`.
fn fetch(call: &Call) -> (Fetch, Option<Matcher>) {
    if let Some(fetch) = plain_fetch(&call.name, call) {
        return (fetch, None);
    }
    let ended = call
        .name
        .rsplit_once('_')
        .and_then(|(name, end)| Some((plain_fetch(name, call)?, Matcher::parse(end)?)));
    match ended {
        Some((fetch, matcher)) => (fetch, Some(matcher)),
        None => (Fetch::Unknown(call.name.clone()), Some(Matcher::Unknown)),
    }
}

fn plain_fetch(name: &str, call: &Call) -> Option<Fetch> {
    let header = |of_request, whole| Header {
        name: call.argument(0).trim().to_ascii_lowercase(),
        of_request,
        whole,
        occurrence: call.argument(1).trim().parse().ok(),
    };
    Some(match name {
        "hdr" | "req.hdr" => Fetch::Header(header(true, false)),
        "req.fhdr" => Fetch::Header(header(true, true)),
        "shdr" | "res.hdr" => Fetch::Header(header(false, false)),
        "res.fhdr" => Fetch::Header(header(false, true)),
        "hdr_cnt" | "req.hdr_cnt" => Fetch::HeaderCount(header(true, false)),
        "req.fhdr_cnt" => Fetch::HeaderCount(header(true, true)),
        "shdr_cnt" | "res.hdr_cnt" => Fetch::HeaderCount(header(false, false)),
        "res.fhdr_cnt" => Fetch::HeaderCount(header(false, true)),
        "method" => Fetch::Method,
        "path" | "pathq" | "url" | "uri" => Fetch::Path,
        "base" | "baseq" => Fetch::Base,
        "capture.req.uri" => Fetch::OriginalUrl,
        "capture.req.method" => Fetch::OriginalMethod,
        "capture.req.hdr" => Fetch::Captured(call.argument(0).trim().parse().ok()?),
        "var" => Fetch::Variable {
            name: call.argument(0).trim().to_owned(),
            default: call.arguments.get(1).cloned(),
        },
        "str" => Fetch::Constant(Value::Text(call.argument(0).to_owned())),
        "int" => Fetch::Constant(Value::Number(call.argument(0).trim().parse().ok()?)),
        "bool" => {
            Fetch::Constant(Value::Boolean(!matches!(call.argument(0).trim(), "0" | "false" | "no" | "off")))
        }
        "always_true" => Fetch::Constant(Value::Boolean(true)),
        "always_false" => Fetch::Constant(Value::Boolean(false)),
        "http_first_req" | "wait_end" => Fetch::Constant(Value::Boolean(true)),
        "req.ver" | "req_ver" => Fetch::Constant(Value::Text("1.1".to_owned())),
        "status" | "res.status" => Fetch::Status,
        "ssl_fc" => Fetch::Tls,
        "dst_port" => Fetch::Port,
        "ssl_fc_sni" | "req.ssl_sni" | "req_ssl_sni" => Fetch::Host,
        "nbsrv" => Fetch::Servers(call.argument(0).trim().to_owned()),
        "http_auth" | "http_auth_group" => Fetch::Credentials,
        "query" | "url_param" | "urlp" | "cook" | "req.cook" | "scook" | "res.cook" | "hdr_ip"
        | "req.hdr_ip" => Fetch::Absent,
        _ => return None,
    })
}
