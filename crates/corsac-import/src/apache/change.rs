//! The smallest changes to a configuration.

use corsac::origin::Origin;

use super::words::words;
use crate::change::Edit;
use crate::files::{At, Files};
use crate::note::Noted;
use crate::server::Wanted;

/// The change for a note, or nothing.
pub(super) fn change(note: &Noted, wanted: &Wanted, files: &Files<'_>) -> Vec<Edit> {
    let file = Text { number: note.at.file, lines: files.text(note.at.file).lines().collect() };
    let Some(line) = file.line(note.at.line).filter(|line| !line.ends_with('\\')) else { return Vec::new() };
    let origins = &wanted.policy.origins;
    let names_origins = !origins.is_empty() && !origins.iter().any(|origin| origin == "*");
    match note.code {
        "error-without-headers" => file.always(note.at),
        "vary-missing" => vec![insert_after(note.at, vary(line))],
        "wildcard-with-credentials" if is_header(line, "access-control-allow-credentials") => {
            vec![Edit::Delete { at: note.at }]
        }
        "origin-never-matches" => {
            corrected(line).map(|text| Edit::Replace { at: note.at, text }).into_iter().collect()
        }
        "any-origin-with-credentials" | "several-origins" if names_origins => {
            file.compared(note.at, line, &corsac_stacks::origin_expression(origins))
        }
        "application-header-kept" | "header-repeated" => removed_first(note.at, line),
        "preflight-passed-on" | "preflight-refused" => file.answered(note.at),
        code if names_origins && (code.starts_with("origin-") || code == "subdomain-allowed") => {
            let expression = corsac_stacks::origin_expression(origins);
            with_expression(line, &expression)
                .map(|text| Edit::Replace { at: note.at, text })
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A file as its lines, which count from 1.
struct Text<'t> {
    number: usize,
    lines: Vec<&'t str>,
}

impl<'t> Text<'t> {
    fn line(&self, number: usize) -> Option<&'t str> {
        self.lines.get(number.checked_sub(1)?).copied()
    }

    fn at(&self, line: usize) -> At {
        At { file: self.number, line }
    }

    /// The lines around this one up to the beginning and the end of a section.
    fn block(&self, at: At) -> Vec<(At, &'t str)> {
        let is_edge = |line: &str| {
            let line = line.trim_start().to_ascii_lowercase();
            line.starts_with('<') && !line.contains("ifmodule")
        };
        let mut first = at.line;
        while self.line(first.saturating_sub(1)).is_some_and(|line| !is_edge(line)) {
            first = first.saturating_sub(1);
        }
        let lines = (first..).map_while(|number| Some((self.at(number), self.line(number)?)));
        lines.take_while(|(here, line)| here.line <= at.line || !is_edge(line)).collect()
    }

    /// The headers of CORS in the block of this line, with `always`.
    fn always(&self, at: At) -> Vec<Edit> {
        let headers = self.block(at).into_iter().filter(|(_, line)| is_cors_line(line));
        headers.filter_map(|(at, line)| Some(Edit::Replace { at, text: with_always(line)? })).collect()
    }

    /// Answers preflights in the block of this line.
    fn answered(&self, at: At) -> Vec<Edit> {
        let block = self.block(at);
        let Some((first, line)) = block.iter().find(|(_, line)| is_cors_line(line)) else {
            return Vec::new();
        };
        let indent = indent(line);
        let rules = [
            "RewriteEngine On",
            "RewriteCond %{REQUEST_METHOD} =OPTIONS",
            "RewriteCond %{HTTP:Access-Control-Request-Method} .",
            "RewriteRule ^ - [R=204,L]",
        ]
        .map(|rule| format!("{indent}{rule}"))
        .join("\n");
        let mut edits = vec![Edit::InsertBefore { at: *first, text: rules }];
        edits.extend(self.always(at));
        // A rule in a folder comes after the login.
        let needs_user = |line: &str| {
            let words = words(line);
            words.first().is_some_and(|word| word.eq_ignore_ascii_case("require"))
                && words.get(1).is_some_and(|word| matches!(word.as_str(), "valid-user" | "user" | "group"))
        };
        edits.extend(
            block
                .iter()
                .filter(|(_, line)| needs_user(line))
                .map(|(at, line)| insert_after(*at, format!("{}Require method OPTIONS", self::indent(line)))),
        );
        edits
    }

    /// The value is compared with the origins that are wanted.
    fn compared(&self, at: At, line: &str, expression: &str) -> Vec<Edit> {
        if !is_header(line, "access-control-allow-origin") {
            return Vec::new();
        }
        let (indent, always) = (indent(line), always_of(line));
        let text = format!(
            "{indent}SetEnvIf Origin \"{expression}\" CORS_ORIGIN=$0\n\
             {indent}Header {always}set Access-Control-Allow-Origin \"%{{CORS_ORIGIN}}e\" env=CORS_ORIGIN"
        );
        let has_vary = self.block(at).iter().any(|(_, line)| is_header(line, "vary"));
        let vary = if has_vary { String::new() } else { format!("\n{}", vary(line)) };
        vec![Edit::Replace { at, text: format!("{text}{vary}") }]
    }
}

fn insert_after(at: At, text: String) -> Edit {
    Edit::InsertAfter { at, text }
}

fn indent(line: &str) -> &str {
    line.split_at_checked(line.len().saturating_sub(line.trim_start().len())).map_or("", |(indent, _)| indent)
}

/// The words of a `Header` line without `always` and `onsuccess`: the action, the name and so on.
fn header_words(line: &str) -> Option<Vec<String>> {
    let mut words = words(line).into_iter();
    words.next().filter(|word| word.eq_ignore_ascii_case("header"))?;
    let is_table =
        |word: &String| word.eq_ignore_ascii_case("always") || word.eq_ignore_ascii_case("onsuccess");
    Some(
        words
            .enumerate()
            .filter(|(index, word)| *index > 0 || !is_table(word))
            .map(|(_, word)| word)
            .collect(),
    )
}

fn is_header(line: &str, name: &str) -> bool {
    header_words(line).is_some_and(|words| words.get(1).is_some_and(|word| word.eq_ignore_ascii_case(name)))
}

fn is_cors_line(line: &str) -> bool {
    let words = header_words(line).unwrap_or_default();
    let changes = words.first().is_some_and(|action| !action.eq_ignore_ascii_case("unset"));
    changes && words.get(1).is_some_and(|name| super::headers::is_cors_header(name))
}

/// `always `, if the line has it.
fn always_of(line: &str) -> &'static str {
    let has = words(line).get(1).is_some_and(|word| word.eq_ignore_ascii_case("always"));
    if has { "always " } else { "" }
}

/// `Header set` with `always`; nothing if it has it.
fn with_always(line: &str) -> Option<String> {
    if !always_of(line).is_empty() {
        return None;
    }
    let rest = line.trim_start();
    let (directive, rest) = rest.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let after = rest
        .split_once(char::is_whitespace)
        .filter(|(word, _)| word.eq_ignore_ascii_case("onsuccess"))
        .map_or(rest, |(_, rest)| rest.trim_start());
    Some(format!("{}{directive} always {after}", indent(line)))
}

fn vary(line: &str) -> String {
    format!("{}Header {}merge Vary Origin", indent(line), always_of(line))
}

/// Takes away what the application set, which is in the other table.
fn removed_first(at: At, line: &str) -> Vec<Edit> {
    let Some(name) = header_words(line).and_then(|words| words.get(1).cloned()) else { return Vec::new() };
    let other = if always_of(line).is_empty() { "always" } else { "onsuccess" };
    vec![Edit::InsertBefore { at, text: format!("{}Header {other} unset {name}", indent(line)) }]
}

/// The line with an origin as browsers send it.
fn corrected(line: &str) -> Option<String> {
    if line.contains("%{HTTP_ORIGIN}") {
        return Some(line.replace("%{HTTP_ORIGIN}", "%{HTTP:Origin}"));
    }
    let value = if is_header(line, "access-control-allow-origin") {
        header_words(line)?.get(2)?.clone()
    } else {
        words(line).get(2)?.strip_prefix('=')?.to_owned()
    };
    let with_scheme = if value.contains("://") { value.clone() } else { format!("https://{value}") };
    let (scheme, rest) = with_scheme.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let origin = Origin::parse(&format!("{scheme}://{host}").to_ascii_lowercase()).ok()?.to_string();
    (origin != value && !value.is_empty()).then(|| line.replacen(&value, &origin, 1))
}

/// The line with another regular expression for origins.
fn with_expression(line: &str, expression: &str) -> Option<String> {
    // Whole matches and first groups are the same, whichever the line uses.
    let expression = format!("^({})$", expression.strip_prefix('^')?.strip_suffix('$')?);
    if let Some((before, after)) = line.split_once("=~") {
        let rest = after.trim_start();
        let opened = rest.strip_prefix('m').unwrap_or(rest);
        let separator = opened.chars().next()?;
        let (_, after) = opened.get(separator.len_utf8()..)?.split_once(separator)?;
        return Some(format!("{before}=~ m#{expression}#{after}"));
    }
    let mut words = words(line).into_iter();
    let directive = words.next()?.to_ascii_lowercase();
    let subject = words.next()?;
    let is_origin = (directive.starts_with("setenvif") && subject.eq_ignore_ascii_case("origin"))
        || (directive == "rewritecond" && subject.eq_ignore_ascii_case("%{HTTP:Origin}"));
    if !is_origin {
        return None;
    }
    let (start, end) = third_word(line)?;
    let (before, after) = (line.get(..start)?, line.get(end..)?);
    Some(format!("{before}\"{expression}\"{after}"))
}

/// Where the third word of a line begins and ends, with its quotes.
fn third_word(line: &str) -> Option<(usize, usize)> {
    let mut rest = line;
    super::words::next_word(&mut rest)?;
    super::words::next_word(&mut rest)?;
    let start = line.len().checked_sub(rest.len())?;
    super::words::next_word(&mut rest)?;
    let end = line.len().checked_sub(rest.len())?;
    let end = line.get(..end)?.trim_end().len();
    Some((start, end))
}
