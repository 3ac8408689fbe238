//! Writes suites: the lines of a case in TOML.

use corsac::text::is_printable;

/// A table of a suite, line by line.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<String>);

impl Table {
    /// Starts a table such as `[[case]]`.
    pub(super) fn new(title: &str) -> Self {
        Self(vec![title.to_owned()])
    }

    /// Adds a key with a string.
    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.0.push(format!("{key} = {}", quoted(value)));
    }

    /// Adds a key with a value that is TOML already.
    pub(super) fn value(&mut self, key: &str, value: &str) {
        self.0.push(format!("{key} = {value}"));
    }

    /// Adds a key with a list of values that are TOML already, unless there are none.
    pub(super) fn list(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.0.push(format!("{key} = [{}]", values.join(", ")));
        }
    }

    /// Adds a comment.
    pub(super) fn comment(&mut self, text: &str) {
        self.0.push(comment(text));
    }

    /// Returns the text of the table.
    pub(super) fn print(&self) -> String {
        format!("{}\n", self.0.join("\n"))
    }

    /// Returns the text of the table as comments.
    pub(super) fn print_commented(&self) -> String {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|line| if line.starts_with('#') { line.clone() } else { format!("# {line}") })
            .collect();
        format!("{}\n", lines.join("\n"))
    }
}

/// Returns a comment of one line.
pub(super) fn comment(text: &str) -> String {
    let text: String = text.chars().filter(|character| is_printable(*character)).collect();
    format!("# {text}")
}

/// Returns a header line or cookie whose value comes from the environment.
pub(super) fn from_environment(name: &str, variable: &str, prefix: &str) -> String {
    let prefix = if prefix.is_empty() { String::new() } else { format!(", prefix = {}", quoted(prefix)) };
    format!("{{ name = {}, env = {}{prefix} }}", quoted(name), quoted(variable))
}

/// Returns the name of an environment variable for this header, cookie or scheme.
pub(super) fn variable_for(name: &str) -> String {
    let letter = |character: char| match character {
        character if character.is_ascii_alphanumeric() => character.to_ascii_uppercase(),
        _ => '_',
    };
    name.chars().take(60).map(letter).collect()
}

/// Returns a basic string of TOML.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            character if is_printable(character) => quoted.push(character),
            character => quoted.push_str(&format!("\\U{:08x}", u32::from(character))),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_reads_back() {
        let hostile = "a\"b\\c\nd\r\te\u{0}\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{e0001}é🦊''' \"\"\"";
        let mut table = Table::default();
        table.text("key", hostile);
        let text = table.print();
        assert!(text.chars().all(|character| character == '\n' || is_printable(character)), "{text:?}");
        let read = toml::de::DeTable::parse(&text).unwrap().into_inner();
        assert_eq!(read.get("key").unwrap().get_ref().as_str(), Some(hostile));
    }

    #[test]
    fn a_commented_table_is_only_comments() {
        let mut table = Table::new("[[case]]");
        table.text("name", "a\nb");
        table.comment("a\nb");
        assert_eq!(table.print_commented(), "# [[case]]\n# name = \"a\\nb\"\n# ab\n");
    }
}
