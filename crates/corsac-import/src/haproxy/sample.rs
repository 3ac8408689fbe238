//! Samples: what HAProxy fetches from a request or a response, and what it converts that to. `req.hdr(origin),lower` is one.

use super::expression::Expression;
use super::matcher::Matcher;
use crate::files::At;

/// A fetch, and the converters after it.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) fetch: Fetch,
    pub(super) converters: Vec<Converter>,
}

/// What is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fetch {
    Header(Header),
    HeaderCount(Header),
    Method,
    /// The path; with the query as `pathq`.
    Path,
    /// The `Host` and the path.
    Base,
    /// The path as it was at the beginning.
    OriginalUrl,
    OriginalMethod,
    Variable {
        name: String,
        default: Option<String>,
    },
    Captured(usize),
    Constant(Value),
    Status,
    Tls,
    Port,
    Host,
    /// How many servers of a backend are there.
    Servers(String),
    /// Whether the request has the right password.
    Credentials,
    /// Something that a request of a browser does not have.
    Absent,
    /// Something that cannot be known here, such as an address.
    Unknown(String),
}

/// Which header, and which of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) of_request: bool,
    /// Whole lines, instead of what commas separate.
    pub(super) whole: bool,
    /// Which one; counted from the end if negative.
    pub(super) occurrence: Option<i64>,
}

/// A value of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Boolean(bool),
}

impl Value {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(value) => u8::from(*value).to_string(),
        }
    }
}

/// What is made of a value.
#[derive(Clone, Debug)]
pub(super) enum Converter {
    Lower,
    Upper,
    UrlDecode,
    Substitute { expression: Expression, replacement: String, each: bool },
    Field { index: i64, delimiters: String },
    Word { index: i64, delimiters: String },
    Concat { before: String, variable: Option<String>, after: String },
    Map(Map),
    Length,
    Compare { variable: String },
    Either { yes: String, no: String },
    Not,
    HostOnly,
    Bytes { offset: usize, length: Option<usize> },
    Unknown(String),
}

/// A map: keys with the values that they lead to.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pub(super) matcher: Matcher,
    pub(super) keys: Vec<(Key, String)>,
    pub(super) default: Option<String>,
}

/// A text or an expression that samples are compared with.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) at: At,
    pub(super) text: String,
    pub(super) expression: Option<Expression>,
}

impl Sample {
    /// Whether a request alone has it, so that it is gone when the response comes.
    pub(super) fn is_of_request(&self) -> bool {
        match &self.fetch {
            Fetch::Header(header) | Fetch::HeaderCount(header) => header.of_request,
            Fetch::Path | Fetch::Base | Fetch::Credentials => true,
            Fetch::Variable { name, .. } => name.starts_with("req."),
            _ => false,
        }
    }

    /// Whether the response has to be there.
    pub(super) fn is_of_response(&self) -> bool {
        match &self.fetch {
            Fetch::Header(header) | Fetch::HeaderCount(header) => !header.of_request,
            Fetch::Status => true,
            Fetch::Variable { name, .. } => name.starts_with("res."),
            _ => false,
        }
    }

    /// What cannot be known of it, as it is written.
    pub(super) fn unknown(&self) -> Option<&str> {
        let fetch = match &self.fetch {
            Fetch::Unknown(name) => Some(name.as_str()),
            _ => None,
        };
        let converter = self.converters.iter().find_map(|converter| match converter {
            Converter::Unknown(name) => Some(name.as_str()),
            _ => None,
        });
        fetch.or(converter)
    }

    /// How it is compared if nothing is said.
    pub(super) fn usual_matcher(&self) -> Matcher {
        match self.converters.last() {
            Some(Converter::Length) => Matcher::Number,
            Some(Converter::Not) => Matcher::Boolean,
            Some(Converter::Compare { .. }) => Matcher::Number,
            Some(_) => Matcher::Whole,
            None => match &self.fetch {
                Fetch::HeaderCount(_) | Fetch::Status | Fetch::Port | Fetch::Servers(_) => Matcher::Number,
                Fetch::Tls | Fetch::Credentials => Matcher::Boolean,
                Fetch::Constant(Value::Number(_)) => Matcher::Number,
                Fetch::Constant(Value::Boolean(_)) => Matcher::Boolean,
                Fetch::Unknown(_) => Matcher::Unknown,
                _ => Matcher::Whole,
            },
        }
    }
}

/// A name with its arguments: `hdr(origin)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
}

impl Call {
    pub(super) fn argument(&self, index: usize) -> &str {
        self.arguments.get(index).map_or("", String::as_str)
    }
}

/// Reads calls that commas separate, up to `end` or the end of the text. Returns the calls and the rest.
pub(super) fn calls(text: &str, end: Option<char>) -> (Vec<Call>, &str) {
    let mut calls = Vec::new();
    let mut rest = text;
    loop {
        let stop = rest
            .find(|character| matches!(character, '(' | ',') || Some(character) == end)
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(stop).unwrap_or((rest, ""));
        let mut call = Call { name: name.trim().to_owned(), arguments: Vec::new() };
        rest = after;
        if let Some(inside) = rest.strip_prefix('(') {
            rest = arguments(inside, &mut call.arguments);
        }
        if !call.name.is_empty() {
            calls.push(call);
        }
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return (calls, rest),
        }
    }
}

/// Reads arguments up to the closing parenthesis, with their own level of quotes. Returns the rest after it.
fn arguments<'t>(text: &'t str, arguments: &mut Vec<String>) -> &'t str {
    let mut argument = String::new();
    let mut quote = None;
    let mut rest = text.char_indices().peekable();
    while let Some((index, character)) = rest.next() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some('\''), _) => argument.push(character),
            (_, '\\') => match rest.peek().map(|(_, next)| *next) {
                Some(next @ ('\\' | '\'' | '"' | ' ')) => {
                    argument.push(next);
                    rest.next();
                }
                _ => argument.push('\\'),
            },
            (Some(_), _) => argument.push(character),
            (None, '\'' | '"') => quote = Some(character),
            (None, ',') => arguments.push(std::mem::take(&mut argument)),
            (None, ')') => {
                arguments.push(argument);
                return text.get(index.saturating_add(1)..).unwrap_or_default();
            }
            _ => argument.push(character),
        }
    }
    arguments.push(argument);
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_have_quotes_of_their_own() {
        let call = |name: &str, arguments: &[&str]| Call {
            name: name.to_owned(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        };
        for (text, expected, rest) in [
            ("path", vec![call("path", &[])], ""),
            (
                "path,url_dec,regsub(//*,/,g)",
                vec![call("path", &[]), call("url_dec", &[]), call("regsub", &["//*", "/", "g"])],
                "",
            ),
            (
                r#"path,regsub("^/(a)(/|$)","\1",g)] x"#,
                vec![call("path", &[]), call("regsub", &["^/(a)(/|$)", r"\1", "g"])],
                "] x",
            ),
            ("req.hdr(origin,-1)]", vec![call("req.hdr", &["origin", "-1"])], "]"),
            ("concat(')',x", vec![call("concat", &[")", "x"])], ""),
        ] {
            assert_eq!(calls(text, Some(']')), (expected, rest), "{text}");
        }
    }
}
