//! Apache's expressions, of `<If>`, `expr=` and `SetEnvIfExpr`: what they are. `evaluate` says what they amount to.

mod parse;

use super::pattern::Pattern;
use super::reach::Names;
use crate::files::At;
use crate::server::{Matching, Mention, Mentioned};

pub(super) use parse::{parse_condition, parse_text};

/// What is true or not.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Always(bool),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// Whether one text is before, at or after the other in the order of bytes, or of numbers.
    Compares {
        left: Word,
        operator: Operator,
        right: Word,
        as_numbers: bool,
    },
    Matches {
        word: Word,
        pattern: Pattern,
        is_negated: bool,
    },
    IsIn {
        word: Word,
        list: Vec<Word>,
    },
    /// `-n`, `-z`, `-T`.
    Is {
        test: char,
        word: Word,
    },
    /// About files and addresses, which nobody here knows.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A text that is known when a request is there.
#[derive(Clone, Debug)]
pub(super) enum Word {
    Text(String),
    /// `%{NAME}`, in upper case.
    Variable(String),
    /// `req('Origin')`, and `%{HTTP:Origin}` alike.
    Function {
        name: String,
        argument: Box<Word>,
    },
    /// What the last expression captured: `$1`.
    Captured(usize),
    Joined(Vec<Word>),
}

impl Word {
    /// The text, if it is the same for every request.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Joined(words) => words.iter().map(Self::text).collect(),
            _ => None,
        }
    }

    /// Whether it is the request's `Origin`, and if so, whether in lower case.
    fn is_origin(&self) -> Option<bool> {
        match self {
            Self::Function { name, argument } => match name.as_str() {
                "req" | "http" | "req_novary" => {
                    argument.text().filter(|text| text.eq_ignore_ascii_case("origin")).map(|_| false)
                }
                "tolower" | "toupper" => argument.is_origin().map(|_| true),
                _ => None,
            },
            Self::Joined(words) => match words.as_slice() {
                [word] => word.is_origin(),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_path(&self) -> bool {
        match self {
            Self::Variable(name) => name == "REQUEST_URI" || name == "DOCUMENT_URI",
            Self::Joined(words) => matches!(words.as_slice(), [word] if word.is_path()),
            _ => false,
        }
    }

    /// The variables of the request that it reads.
    pub(super) fn add_variables(&self, names: &mut Names) {
        match self {
            Self::Function { name, argument } => {
                match (name.as_str(), argument.text()) {
                    ("reqenv" | "env", Some(name)) => names.add(&name),
                    ("reqenv" | "env" | "resp" | "note", _) => names.are_unknown = true,
                    _ => {}
                }
                argument.add_variables(names);
            }
            Self::Joined(words) => words.iter().for_each(|word| word.add_variables(names)),
            Self::Text(_) | Self::Variable(_) | Self::Captured(_) => {}
        }
    }
}

impl Condition {
    /// The origins that the request's `Origin` is compared with.
    pub(super) fn mentions(&self, at: At, mentions: &mut Vec<Mention>) {
        let text = |text: Option<String>, ignores_case| {
            text.map(|text| Mention { what: Mentioned::Text { text, ignores_case }, at })
        };
        match self {
            Self::Not(condition) => condition.mentions(at, mentions),
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().for_each(|condition| condition.mentions(at, mentions));
            }
            Self::Compares { .. } => {
                for (origin, other) in self.compared().into_iter().flatten() {
                    if let Some(ignores_case) = origin.is_origin() {
                        // Compared with nothing: whether there is one.
                        mentions.extend(text(other.text().filter(|text| !text.is_empty()), ignores_case));
                    }
                }
            }
            Self::Matches { word, pattern, .. } => {
                if let Some(ignores_case) = word.is_origin() {
                    mentions.push(Mention {
                        what: Mentioned::Expression {
                            expression: pattern.text.clone(),
                            matching: Matching::Search,
                            ignores_case: ignores_case || pattern.ignores_case,
                        },
                        at,
                    });
                }
            }
            Self::IsIn { word, list } => {
                if let Some(ignores_case) = word.is_origin() {
                    mentions.extend(list.iter().filter_map(|word| text(word.text(), ignores_case)));
                }
            }
            Self::Always(_) | Self::Is { .. } | Self::Unknown => {}
        }
    }

    /// Both sides of a test whether two texts are the same, each with the other one.
    fn compared(&self) -> Option<[(&Word, &Word); 2]> {
        match self {
            Self::Compares {
                left,
                right,
                operator: Operator::Equal | Operator::NotEqual,
                as_numbers: false,
            } => Some([(left, right), (right, left)]),
            _ => None,
        }
    }

    /// The expressions that the request's path is compared with, and those for the texts that it is compared with.
    pub(super) fn path_patterns(&self, patterns: &mut Vec<Pattern>) {
        let mut whole = |text: Option<String>| {
            let text = text.filter(|text| text.starts_with('/'));
            patterns
                .extend(text.map(|text| Pattern::new(&format!("^{}$", regex_syntax::escape(&text)), false)));
        };
        match self {
            Self::Not(condition) => condition.path_patterns(patterns),
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().for_each(|condition| condition.path_patterns(patterns));
            }
            Self::Matches { word, pattern, .. } if word.is_path() => patterns.push(pattern.clone()),
            Self::Compares { .. } => {
                for (path, other) in self.compared().into_iter().flatten() {
                    if path.is_path() {
                        whole(other.text());
                    }
                }
            }
            Self::IsIn { word, list } if word.is_path() => {
                list.iter().for_each(|word| whole(word.text()));
            }
            _ => {}
        }
    }

    /// The variables of the request that it reads.
    pub(super) fn add_variables(&self, names: &mut Names) {
        match self {
            Self::Not(condition) => condition.add_variables(names),
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().for_each(|condition| condition.add_variables(names));
            }
            Self::Compares { left, right, .. } => {
                left.add_variables(names);
                right.add_variables(names);
            }
            Self::Matches { word, .. } | Self::Is { word, .. } => word.add_variables(names),
            Self::IsIn { word, list } => {
                word.add_variables(names);
                list.iter().for_each(|word| word.add_variables(names));
            }
            Self::Always(_) | Self::Unknown => {}
        }
    }

    /// All regular expressions in it.
    pub(super) fn patterns<'c>(&'c self, patterns: &mut Vec<&'c Pattern>) {
        match self {
            Self::Not(condition) => condition.patterns(patterns),
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().for_each(|condition| condition.patterns(patterns));
            }
            Self::Matches { pattern, .. } => patterns.push(pattern),
            _ => {}
        }
    }
}
