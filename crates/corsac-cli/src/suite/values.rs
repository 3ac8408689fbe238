//! Reads the values of a suite's tables. What has the wrong type or an unknown name becomes a problem at its line.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problems::Problems;
use crate::suggestion::nearest;

type Node<'t> = &'t Spanned<DeValue<'t>>;

/// A table of the file, and the table whose values count where it has none.
#[derive(Clone, Copy)]
pub(super) struct Keys<'t> {
    pub(super) own: &'t DeTable<'t>,
    pub(super) defaults: Option<&'t DeTable<'t>>,
    /// How the table is written in the file.
    pub(super) title: &'static str,
}

impl<'t> Keys<'t> {
    /// Reports keys that the table does not have.
    pub(super) fn report_unknown(&self, known: &[&str], problems: &mut Problems) {
        for key in self.own.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let near = nearest(key.get_ref(), known.iter().copied());
            let hint = match near.first() {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("There are {}.", listed(known)),
            };
            problems.add(key.span(), format!("`{}` is not a key of {}. {hint}", key.get_ref(), self.title));
        }
    }

    /// Returns the value of a key of the table itself, or else of the defaults.
    pub(super) fn find(&self, key: &str) -> Option<Node<'t>> {
        let of = |table: &'t DeTable<'t>| {
            table.iter().find(|(own, _)| own.get_ref() == key).map(|(_, value)| value)
        };
        of(self.own).or_else(|| self.defaults.and_then(of))
    }

    /// Returns where the value of a key is, if there is one.
    pub(super) fn span(&self, key: &str) -> Option<Range<usize>> {
        self.find(key).map(Spanned::span)
    }

    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Option<Spanned<&'t str>> {
        let value = self.find(key)?;
        let text = as_text(value);
        if text.is_none() {
            problems.add(value.span(), format!("`{key}` has to be a string, in quotes."));
        }
        text
    }

    pub(super) fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        let value = self.find(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => {
                problems.add(value.span(), format!("`{key}` has to be `true` or `false`, without quotes."));
                None
            }
        }
    }

    /// Returns the strings of a list. One string alone is a list of one.
    pub(super) fn texts(&self, key: &str, problems: &mut Problems) -> Option<Vec<Spanned<&'t str>>> {
        let value = self.find(key)?;
        if let Some(text) = as_text(value) {
            return Some(vec![text]);
        }
        let texts: Option<Vec<_>> =
            value.get_ref().as_array().and_then(|items| items.iter().map(as_text).collect());
        match texts {
            Some(texts) if texts.is_empty() => {
                problems.add(value.span(), format!("`{key}` is empty, so nothing would be checked."));
                None
            }
            None => {
                problems.add(
                    value.span(),
                    format!("`{key}` has to be a list of strings, such as `[\"a\", \"b\"]`."),
                );
                None
            }
            texts => texts,
        }
    }

    /// Returns the value that has this name.
    pub(super) fn named<T: Copy>(
        &self,
        key: &str,
        all: &[(&'static str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.text(key, problems)?;
        named(key, &text, all, problems)
    }

    /// Returns a list of header lines or cookies.
    pub(super) fn pairs(&self, key: &str, problems: &mut Problems) -> Vec<Spanned<Pair>> {
        let Some(value) = self.find(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            problems
                .add(value.span(), format!("`{key}` has to be a list, such as {}.", example_of_pairs(key)));
            return Vec::new();
        };
        items.iter().filter_map(|item| Some(Spanned::new(item.span(), pair(key, item, problems)?))).collect()
    }

    pub(super) fn duration(&self, key: &str, problems: &mut Problems) -> Option<Duration> {
        let text = self.text(key, problems)?;
        let duration = parse_duration(text.get_ref());
        if duration.is_none() {
            problems.add(
                text.span(),
                format!(
                    "`{key}` has to be a time from 1 ms to 1 h, such as `\"10s\"`, `\"500ms\"` or `\"2m\"`."
                ),
            );
        }
        duration
    }

    pub(super) fn status(&self, key: &str, problems: &mut Problems) -> Option<u16> {
        let value = self.find(key)?;
        let number = value.get_ref().as_integer().and_then(|number| number.as_str().parse::<u16>().ok());
        let status = number.filter(|number| (100..=599).contains(number));
        if status.is_none() {
            problems
                .add(value.span(), format!("`{key}` has to be a number from 100 to 599, without quotes."));
        }
        status
    }
}

/// A header line or a cookie.
#[derive(Clone, Debug)]
pub(super) enum Pair {
    /// As it is sent: `Name: value`, or `name=value`.
    Written(String),
    /// The value is that of an environment variable, after `prefix`.
    FromEnvironment { name: String, variable: String, prefix: String },
}

fn pair(key: &str, item: Node<'_>, problems: &mut Problems) -> Option<Pair> {
    if let Some(text) = as_text(item) {
        return Some(Pair::Written(text.into_inner().to_owned()));
    }
    let Some(table) = item.get_ref().as_table() else {
        problems.add(
            item.span(),
            format!("this has to be a string or a table, such as {}.", example_of_pairs(key)),
        );
        return None;
    };
    let keys = Keys { own: table, defaults: None, title: "this table" };
    keys.report_unknown(&["name", "env", "prefix"], problems);
    let mut text = |key: &str| keys.text(key, problems).map(|text| text.into_inner().to_owned());
    let (name, variable, prefix) = (text("name"), text("env"), text("prefix"));
    let (Some(name), Some(variable)) = (name, variable) else {
        problems.add(item.span(), format!("this needs `name` and `env`, such as {}.", example_of_pairs(key)));
        return None;
    };
    Some(Pair::FromEnvironment { name, variable, prefix: prefix.unwrap_or_default() })
}

fn example_of_pairs(key: &str) -> &'static str {
    match key {
        "cookies" => "`[\"theme=dark\", { name = \"session\", env = \"SESSION\" }]`",
        _ => "`[\"X-Trace: 1\", { name = \"Authorization\", env = \"TOKEN\", prefix = \"Bearer \" }]`",
    }
}

/// Returns the value that has this name, and reports a name that none has.
pub(super) fn named<T: Copy>(
    key: &str,
    text: &Spanned<&str>,
    all: &[(&'static str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let found = all.iter().find(|(name, _)| name == text.get_ref()).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let near = nearest(text.get_ref(), names.iter().copied());
        let hint = match near.first() {
            Some(near) => format!("Did you mean `{near}`?"),
            None if names.len() > 10 => "`corsac explain --list` prints all codes.".to_owned(),
            None => format!("Write {}.", listed(&names)),
        };
        problems.add(text.span(), format!("`{}` is not a value of `{key}`. {hint}", text.get_ref()));
    }
    found
}

/// Returns the names of values that name themselves.
pub(super) fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<(&'static str, T)> {
    all.iter().map(|value| (name(*value), *value)).collect()
}

fn as_text<'t>(value: Node<'t>) -> Option<Spanned<&'t str>> {
    value.get_ref().as_str().map(|text| Spanned::new(value.span(), text))
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        all => all.concat(),
    }
}

fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let total = number.parse::<u64>().ok()?.checked_mul(milliseconds)?;
    (1..=3_600_000).contains(&total).then(|| Duration::from_millis(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_whole_number_and_a_unit() {
        let table = [
            ("10s", Some(10_000)),
            ("500ms", Some(500)),
            ("2m", Some(120_000)),
            ("1h", Some(3_600_000)),
            ("2h", None),
            ("0s", None),
            ("10", None),
            ("s", None),
            ("1.5s", None),
            ("-1s", None),
            ("99999999999999999999h", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse_duration(text), expected.map(Duration::from_millis), "{text}");
        }
    }
}
