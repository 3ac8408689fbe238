//! Templates: strings with placeholders such as `{origin}`. They are filled in one pass, so that braces in a value stay as they are.

use std::borrow::Cow;

/// Replaces each `{name}` by what `value` returns for `name`. A name consists of letters and hyphens. Other braces, and names for which
/// `value` returns `None`, stay as they are.
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

/// Returns the name at the start of `text`, up to the closing brace, and what follows.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.split_once('}')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    is_name.then_some((name, after))
}

/// Returns the names of the placeholders in a template.
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
