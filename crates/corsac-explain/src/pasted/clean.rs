//! Removes what consoles, chats and shells put around a message, so that only its words remain.
//!
//! Each line of the result knows which line of the text it comes from.

use std::sync::LazyLock;

use regex::Regex;

use crate::secrets::{REDACTED, redacted};

/// A text without decoration.
#[derive(Debug, Default)]
pub(super) struct Clean {
    /// The lines, each with its line feed.
    pub(super) text: String,
    /// For each line of `text`, where it starts there, and the index of the line that it comes from.
    starts: Vec<(usize, usize)>,
    /// For each character of `text`, where it starts there, and the character of the original that it stands for.
    characters: Vec<(usize, char)>,
}

impl Clean {
    pub(super) fn new(original: &str) -> Self {
        let mut clean = Self::default();
        for (index, line) in original.lines().enumerate() {
            for part in without_decoration(line).split(|(character, _)| *character == '\n') {
                clean.starts.push((clean.text.len(), index));
                let is_space = |pair: &&(char, char)| pair.0 == ' ';
                let leading = part.iter().take_while(is_space).count();
                let trailing = part.iter().rev().take_while(is_space).count();
                let length = part.len().saturating_sub(leading).saturating_sub(trailing);
                for (character, raw) in part.iter().skip(leading).take(length).chain([&('\n', '\n')]) {
                    clean.characters.push((clean.text.len(), *raw));
                    clean.text.push(*character);
                }
            }
        }
        clean
    }

    /// Returns the same with other words at these places, which are in order.
    pub(super) fn with(&self, corrections: &[(usize, usize, &str)]) -> Self {
        let mut clean = Self::default();
        let mut rest = corrections.iter().peekable();
        let mut lines = self.starts.iter().peekable();
        for ((start, raw), character) in self.characters.iter().zip(self.text.chars()) {
            if let Some((_, line)) = lines.next_if(|(at, _)| at == start) {
                clean.starts.push((clean.text.len(), *line));
            }
            match rest.peek() {
                Some((from, to, word)) if from <= start && start < to => {
                    if from == start {
                        for letter in word.chars() {
                            clean.characters.push((clean.text.len(), letter));
                            clean.text.push(letter);
                        }
                    }
                    if start.saturating_add(character.len_utf8()) >= *to {
                        rest.next();
                    }
                }
                _ => {
                    clean.characters.push((clean.text.len(), *raw));
                    clean.text.push(character);
                }
            }
        }
        clean
    }

    /// Returns the index of the original line at this position of `text`.
    pub(super) fn line_at(&self, position: usize) -> usize {
        let after = self.starts.partition_point(|(start, _)| *start <= position);
        after.checked_sub(1).and_then(|at| self.starts.get(at)).map_or(0, |(_, line)| *line)
    }

    /// Returns what stands in the original in the place of this part of `text`, with its own quotation marks.
    pub(super) fn original(&self, start: usize, end: usize) -> String {
        let first = self.characters.partition_point(|(position, _)| *position < start);
        self.characters
            .iter()
            .skip(first)
            .take_while(|(position, _)| *position < end)
            .map(|(_, raw)| *raw)
            .collect()
    }

    /// Returns what stands in the original in the place of this part of `text`, or `REDACTED` if only what stands before it in its line shows that it
    /// is a secret.
    pub(super) fn original_or_redacted(&self, start: usize, end: usize) -> String {
        /// The name of a parameter, or a header with its scheme.
        const LONGEST_NAME: usize = 200;
        let after = self.starts.partition_point(|(line, _)| *line <= start);
        let line = after.checked_sub(1).and_then(|at| self.starts.get(at)).map_or(0, |(line, _)| *line);
        let own = self.original(start, end);
        let whole = self.original(line.max(start.saturating_sub(LONGEST_NAME)), end);
        if redacted(&whole).ends_with(&redacted(&own)) { own } else { REDACTED.to_owned() }
    }
}

/// Returns the text with lines joined that a terminal wrapped at its width, also within words. `None` if it was not wrapped so.
///
/// A line that is shorter by one may have lost a space at its end, which `short` puts back.
pub(super) fn unwrapped(clean: &Clean, short: &str) -> Option<Clean> {
    /// No terminal is narrower.
    const NARROWEST: usize = 40;
    let width =
        clean.text.lines().map(|line| line.chars().count()).max().filter(|width| *width >= NARROWEST)?;
    let mut joins = Vec::new();
    let mut end = 0_usize;
    for line in clean.text.split_inclusive('\n') {
        end = end.saturating_add(line.len());
        let length = line.trim_end_matches('\n').chars().count();
        if length.saturating_add(1) >= width {
            let instead = if length == width { "" } else { short };
            joins.push((end.saturating_sub(1), end, instead));
        }
    }
    // The end of the text is no place to join.
    joins.retain(|(_, after, _)| *after < clean.text.len());
    // A single line is the longest of any text.
    (joins.len() > 1).then(|| clean.with(&joins))
}

/// A line: each character, and the one that it stands for.
type Line = Vec<(char, char)>;

/// Rules that are applied to each line in this order: the expression, and what it is replaced by.
static RULES: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let rules: &[(&str, &str)] = &[
        // Elements of the developer tools' own markup, and of chats. Firefox's message `<script> source URI` is not one.
        (r#"</?(?:span|div|a|p|b|i|em|strong|code|pre|td|tr|li|ul|font|br)(?:\s[^<>]{0,2000})?/?>"#, " "),
        // A link in Markdown: its text is the URL, too.
        (r"\[(https?://[^\]\s]+)\]\(https?://[^)\s]*\)", "$1"),
        (r"<(https?://[^<>\s]+)>", "$1"),
        // Marks of quotation, comments, lists, prompts and containers' logs before the line.
        (r"^(?:\s*(?:>|//\s|#+\s|\|\s|\*\s|-\s|•))+\s*", ""),
        (r"^\s*[a-z0-9_.-]{1,40}\s+\|\s", ""),
        // Colours of a terminal.
        ("\u{1b}\\[[0-9;]*m", ""),
        // Words of the developer tools.
        (r"(?i)understand this (?:error|warning)", " "),
        (
            r"\[(?:Learn More|Mehr erfahren|En savoir plus|Más información|Saber mais|Scopri di più|Подробнее|詳細|了解更多|Więcej informacji)\]",
            " ",
        ),
        (r"\(unknown\)|Stack table collapsed", " "),
        // The method is glued to the URL, and its first letter is easily lost.
        (r"\b(?:XHR)?(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)(https?://)", "$1 $2"),
        (r"^\s*(?:OST)\s?(https?://)", "POST $1"),
        // The place in the script stands in the middle of the sentence.
        (
            r"([a-z.'])\s*[\w./@-]{1,80}\.(?:js|ts|tsx|jsx|mjs|vue|html):[0-9]+(?::[0-9]+)?\s+(from|has|is|that|header|which|on|by)\b",
            "$1 $2",
        ),
        (r"```|\\([*_\-.`#\[\]()!])", "$1"),
        (r"(^|[\s(])(?:\*\*|__)([^\s'*_])", "$1$2"),
        (r"([^\s'*_])(?:\*\*|__)([\s).,:]|$)", "$1$2"),
        (r"(')\*\*\s*$", "$1"),
        // A number of repetitions, before or after.
        (r"^\s*[0-9]{1,4}\s?(Access to|Cross-Origin|Failed to|Origin )", "$1"),
    ];
    rules.iter().filter_map(|(rule, instead)| Some((Regex::new(rule).ok()?, *instead))).collect()
});

/// A line of a stack trace, or one without words.
static OF_STACK_TRACE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?:at\s.*|\S*@\S+:[0-9]+.*|[\w.$<>() ]+\s@\s.*|[^\w]*)$").ok());

/// Returns `true` for a line of a stack trace, and for one without words.
pub(super) fn is_of_stack_trace(line: &str) -> bool {
    OF_STACK_TRACE.as_ref().is_some_and(|expression| expression.is_match(line))
}

fn without_decoration(line: &str) -> Line {
    let mut line: Line = escapes_decoded(line).chars().filter_map(plain_character).collect();
    for (rule, instead) in RULES.iter() {
        let text: String = line.iter().map(|(character, _)| character).collect();
        if rule.is_match(&text) {
            line = replaced(&text, &line, rule, instead);
        }
    }
    line
}

/// Replaces each match. `instead` holds spaces and groups, such as `$1`; the characters of a group stay what they stand for.
fn replaced(text: &str, line: &Line, rule: &Regex, instead: &str) -> Line {
    let offsets: Vec<usize> = text.char_indices().map(|(offset, _)| offset).collect();
    let part = |start: usize, end: usize| {
        let first = offsets.partition_point(|offset| *offset < start);
        let last = offsets.partition_point(|offset| *offset < end);
        line.iter().skip(first).take(last.saturating_sub(first)).copied()
    };
    let mut result: Line = Vec::with_capacity(line.len());
    let mut done = 0;
    for captures in rule.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        result.extend(part(done, whole.start()));
        for piece in instead.split_inclusive([' ', '1', '2']) {
            let group = piece.trim().strip_prefix('$').and_then(|number| number.parse().ok());
            if let Some(group) = group.and_then(|group| captures.get(group)) {
                result.extend(part(group.start(), group.end()));
            }
            if piece.ends_with(' ') {
                result.push((' ', ' '));
            }
        }
        done = whole.end();
    }
    result.extend(part(done, text.len()));
    result
}

/// Decodes the escapes of HTML, of JSON and of strings in programs.
fn escapes_decoded(line: &str) -> String {
    const ESCAPES: &[(&str, &str)] = &[
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
        ("&lsquo;", "'"),
        ("&rsquo;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
        ("\\u2018", "'"),
        ("\\u2019", "'"),
        ("\\u201c", "\""),
        ("\\u201d", "\""),
        ("\\u0027", "'"),
        ("\\u0022", "\""),
        ("\\\"", "\""),
        ("\\'", "'"),
        ("\\r", " "),
        ("\\n", "\n"),
        ("\\t", " "),
    ];
    let mut text = line.to_owned();
    for (escape, instead) in ESCAPES {
        if text.contains(escape) {
            text = text.replace(escape, instead);
        }
    }
    text
}

/// Makes quotation marks of all kinds `'` and spaces of all kinds a space, and removes what is invisible.
fn plain_character(raw: char) -> Option<(char, char)> {
    let plain = match raw {
        '"' | '`' | '´' | '‘' | '’' | '‚' | '‛' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '′'
        | '″' | '「' | '」' | '『' | '』' | '＂' | '＇' => '\'',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' | '\t' => ' ',
        '‐' | '‑' | '–' => '-',
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{ad}' | '\r' => return None,
        raw => raw,
    };
    Some((plain, raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_an_expression() {
        assert_eq!(RULES.len(), 17);
        assert!(OF_STACK_TRACE.is_some());
    }

    #[test]
    fn decoration_is_removed_and_words_stay() {
        let table = [
            ("a quotation in Markdown", "> Access to fetch", "Access to fetch"),
            ("a container's log", "web_1  | Access to fetch", "Access to fetch"),
            ("markup", "<span class=\"x\">Access</span> to &#39;a&#39;", "Access  to 'a'"),
            ("a message about a script", "<script> source URI", "<script> source URI"),
            ("typographic quotes", "header ‘x’ is “y”", "header 'x' is 'y'"),
            (
                "the place in the middle",
                "at 'https://a' main.js:12 from origin 'b'",
                "at 'https://a' from origin 'b'",
            ),
            ("a badge", "3Access to fetch", "Access to fetch"),
            ("a glued method", "XHRGEThttps://a.example/", "GET https://a.example/"),
            (
                "a link in Markdown",
                "at [https://a.example](https://a.example) from",
                "at https://a.example from",
            ),
        ];
        for (name, given, expected) in table {
            assert_eq!(Clean::new(given).text.trim(), expected.trim(), "{name}");
        }
    }

    #[test]
    fn corrected_words_keep_the_places_of_all_others() {
        let clean = Clean::new("‘orgin’\nalow it").with(&[(1, 6, "origin"), (8, 12, "allow")]);
        assert_eq!(clean.text, "'origin'\nallow it\n");
        assert_eq!(clean.original(0, 8), "‘origin’");
        assert_eq!([0, 9].map(|position| clean.line_at(position)), [0, 1]);
    }

    #[test]
    fn a_line_of_the_result_knows_its_line_in_the_text() {
        let clean = Clean::new("one\\ntwo\nthree");
        assert_eq!(clean.text, "one\ntwo\nthree\n");
        assert_eq!([0, 4, 8].map(|position| clean.line_at(position)), [0, 0, 1]);
    }
}
