//! Templates: texts with placeholders such as `{origin}`. Filled in one pass, so that a value with braces in it stays as it is.

use std::borrow::Cow;

/// Replaces each `{name}` by what `value` gives for `name`. A name is letters and hyphens; any other brace is text, and so is a name that
/// `value` does not know.
pub(crate) fn fill<'v>(template: &str, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = placeholder(after).and_then(|(name, after)| Some((value(name)?, after)));
        match known {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The name at the start of `text`, up to the closing brace, and what follows.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.split_once('}')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    is_name.then_some((name, after))
}

/// The names of the placeholders in a template.
#[cfg(test)]
pub(crate) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|after| Some(placeholder(after)?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once_and_other_braces_stay() {
        let value = |name: &str| match name {
            "a" => Some(Cow::Borrowed("{b}")),
            "b" => Some(Cow::Borrowed("B")),
            _ => None,
        };
        for (template, filled) in [
            ("{a} {b}", "{b} B"),
            ("{c}{b}", "{c}B"),
            ("{ mode: \"x\" }{b", "{ mode: \"x\" }{b"),
            ("{{b}}", "{B}"),
            ("{}{b}{", "{}B{"),
            ("", ""),
        ] {
            assert_eq!(fill(template, value), filled, "{template}");
        }
        assert_eq!(placeholders("{a} { x } {b-c}{").collect::<Vec<_>>(), ["a", "b-c"]);
    }
}
