//! How HAProxy compares a sample with patterns.

use regex_syntax::escape;

use super::lua::is_local;
use super::sample::{Key, Value};
use super::subjects::OriginPart;
use crate::server::{Matching, Mentioned};

/// The kind of comparison, as `-m` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matcher {
    /// `found`
    Found,
    /// `bool`
    Boolean,
    /// `int`
    Number,
    /// `len`
    Length,
    /// `str`
    Whole,
    /// `beg`
    Beginning,
    /// `end`
    End,
    /// `sub`
    Inside,
    /// `dir`
    Folder,
    /// `dom`
    Domain,
    /// `reg`
    Expression,
    /// Addresses and the like.
    Unknown,
}

const NAMES: &[(&str, Matcher)] = &[
    ("found", Matcher::Found),
    ("bool", Matcher::Boolean),
    ("int", Matcher::Number),
    ("len", Matcher::Length),
    ("str", Matcher::Whole),
    ("beg", Matcher::Beginning),
    ("end", Matcher::End),
    ("sub", Matcher::Inside),
    ("dir", Matcher::Folder),
    ("dom", Matcher::Domain),
    ("reg", Matcher::Expression),
];

impl Matcher {
    pub(super) fn parse(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, matcher)| *matcher)
    }

    /// Whether a value fits one of the patterns; `None` if that cannot be known.
    pub(super) fn fits(self, value: &Value, keys: &[Key], ignores_case: bool) -> Option<bool> {
        match self {
            Self::Found => return Some(true),
            Self::Boolean => return Some(!matches!(value.text().as_str(), "0" | "")),
            Self::Unknown => return None,
            _ => {}
        }
        let text = value.text();
        Some(keys.iter().any(|key| self.fits_one(&text, key, ignores_case)))
    }

    pub(super) fn fits_one(self, value: &str, key: &Key, ignores_case: bool) -> bool {
        if let Some(expression) = &key.expression {
            return expression.is_match(value);
        }
        match self {
            Self::Number => return value.parse().is_ok_and(|number| is_in(number, &key.text)),
            Self::Length => {
                return i64::try_from(value.len()).is_ok_and(|number| is_in(number, &key.text));
            }
            _ => {}
        }
        let lowered = |text: &str| if ignores_case { text.to_ascii_lowercase() } else { text.to_owned() };
        let (value, key) = (lowered(value), lowered(&key.text));
        match self {
            Self::Whole => value == key,
            Self::Beginning => value.starts_with(&key),
            Self::End => value.ends_with(&key),
            Self::Inside => value.contains(&key),
            Self::Folder => has_part(&value, &key, &['/', '?']),
            Self::Domain => has_part(&value, &key, &['/', '?', '.', ':']),
            _ => false,
        }
    }

    /// What a pattern means for origins, if it is compared with this part of them.
    pub(super) fn mentioned(self, key: &Key, part: OriginPart, ignores_case: bool) -> Vec<Mentioned> {
        let text = |text: &str| Mentioned::Text { text: text.to_owned(), ignores_case };
        let (start, end) = match part {
            OriginPart::Whole => ("^", "$"),
            OriginPart::HostAndPort => ("://", "$"),
            OriginPart::Host => ("://", r"(?::[0-9]+)?$"),
            OriginPart::Unknown => return Vec::new(),
        };
        if self == Self::Whole && part == OriginPart::Whole {
            return vec![text(&key.text)];
        }
        if self == Self::Whole && part == OriginPart::HostAndPort && is_local(&key.text) {
            return ["http", "https"]
                .iter()
                .map(|scheme| text(&format!("{scheme}://{}", key.text)))
                .collect();
        }
        let escaped = escape(&key.text);
        let expression = match self {
            Self::Whole => format!("{start}{escaped}{end}"),
            Self::Beginning => format!("{start}{escaped}"),
            Self::End => format!("{escaped}{end}"),
            Self::Inside => escaped,
            Self::Folder => format!("(?:^|[/?]){}(?:[/?]|$)", escape(key.text.trim_matches(['/', '?']))),
            Self::Domain => {
                let bare = escape(key.text.trim_matches(['/', '?', '.', ':']));
                format!("(?:^|[/?.:]){bare}(?:[/?.:]|$)")
            }
            Self::Expression => match key.expression.as_ref().filter(|expression| expression.is_understood())
            {
                Some(understood) if part == OriginPart::Whole => understood.text.clone(),
                Some(understood) => of_part(&understood.text, start, end),
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let matching = Matching::Search;
        vec![match self {
            Self::Expression => Mentioned::Expression { expression, matching, ignores_case },
            _ => Mentioned::Pattern { pattern: key.text.clone(), expression, matching, ignores_case },
        }]
    }
}

/// An expression for a part of an origin as one for the whole of it.
fn of_part(expression: &str, start: &str, end: &str) -> String {
    let (begins, bare) = expression.strip_prefix('^').map_or(("", expression), |bare| (start, bare));
    match bare.strip_suffix('$').filter(|bare| !bare.ends_with('\\')) {
        Some(bare) => format!("{begins}(?:{bare}){end}"),
        None => format!("{begins}(?:{bare})"),
    }
}

/// Whether the value has the key as a part between delimiters. Delimiters around the key do not count.
fn has_part(value: &str, key: &str, delimiters: &[char]) -> bool {
    let key = key.trim_matches(delimiters);
    value.match_indices(key).any(|(start, found)| {
        let before = value.get(..start).and_then(|text| text.chars().next_back());
        let after = value.get(start.saturating_add(found.len())..).and_then(|text| text.chars().next());
        let is_edge =
            |character: Option<char>| character.is_none_or(|character| delimiters.contains(&character));
        is_edge(before) && is_edge(after)
    })
}

/// Whether a number is in a range: `200`, `200:299`, `200:`, or with an operator that the reader put before it, `gt 0`.
fn is_in(number: i64, range: &str) -> bool {
    let bound = |text: &str| text.trim().parse::<i64>().ok();
    if let Some((operator, text)) = range.split_once(' ') {
        return bound(text).is_some_and(|bound| match operator {
            "gt" => number > bound,
            "ge" => number >= bound,
            "lt" => number < bound,
            "le" => number <= bound,
            _ => number == bound,
        });
    }
    match range.split_once(':') {
        Some((least, most)) => {
            bound(least).is_none_or(|least| number >= least) && bound(most).is_none_or(|most| number <= most)
        }
        None => bound(range) == Some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::At;

    #[test]
    fn each_comparison_is_haproxys() {
        for (matcher, key, value, expected) in [
            (Matcher::Domain, "example.com", "https://a.example.com:8080", true),
            (Matcher::Domain, ".example.com", "https://example.com.evil.example", true),
            (Matcher::Domain, "example.com", "https://badexample.com", false),
            (Matcher::End, "example.com", "https://badexample.com", true),
            (Matcher::Beginning, "https://a", "https://ab", true),
            (Matcher::Folder, "api", "/v1/api", true),
            (Matcher::Folder, "api", "/v1/apis", false),
            (Matcher::Inside, "A", "xax", false),
            (Matcher::Number, "200:299", "204", true),
            (Matcher::Number, "gt 0", "0", false),
            (Matcher::Length, "3", "abc", true),
        ] {
            let key = Key { at: At { file: 0, line: 1 }, text: key.to_owned(), expression: None };
            assert_eq!(matcher.fits_one(value, &key, false), expected, "{matcher:?} {} {value}", key.text);
        }
    }
}
