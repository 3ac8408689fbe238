//! Texts with variables, as arguments of directives have them.

/// A text with variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    /// A variable, in lower case as nginx compares names.
    Variable(String),
    /// `$1` to `$9`.
    Group(usize),
}

impl Value {
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut plain = String::new();
        while let Some((before, after)) = rest.split_once('$') {
            plain.push_str(before);
            let (name, left) = name(after);
            rest = left;
            let part = match name.parse::<usize>() {
                _ if name.is_empty() => {
                    plain.push('$');
                    continue;
                }
                Ok(number) => Part::Group(number),
                Err(_) => Part::Variable(name.to_ascii_lowercase()),
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(part);
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Self { parts }
    }

    /// The text, if it has no variables.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The variable, if it is nothing else.
    pub(super) fn only_variable(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Variable(name)] => Some(name),
            _ => None,
        }
    }

    /// The names of its variables.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Text(_) | Part::Group(_) => None,
        })
    }
}

/// The name after a `$`, and what comes after it. A group has one digit.
fn name(text: &str) -> (&str, &str) {
    if let Some((name, after)) = text.strip_prefix('{').and_then(|braced| braced.split_once('}')) {
        return (name, after);
    }
    let length = if text.starts_with(|first: char| first.is_ascii_digit()) {
        1
    } else {
        text.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(text.len())
    };
    text.split_at_checked(length).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_in_texts() {
        let variable = |name: &str| Part::Variable(name.to_owned());
        let text = |text: &str| Part::Text(text.to_owned());
        for (written, parts) in [
            ("", vec![]),
            ("plain", vec![text("plain")]),
            ("$http_origin", vec![variable("http_origin")]),
            ("${cors}options", vec![variable("cors"), text("options")]),
            ("https://$Host:8443", vec![text("https://"), variable("host"), text(":8443")]),
            ("$12", vec![Part::Group(1), text("2")]),
            ("a$", vec![text("a$")]),
            ("$$a", vec![text("$"), variable("a")]),
        ] {
            assert_eq!(Value::parse(written).parts, parts, "{written}");
        }
    }
}
