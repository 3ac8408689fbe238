//! The smallest changes to a configuration.

mod expression;

use corsac::origin::Origin;

use super::words::words;
use crate::change::Edit;
use crate::files::{At, Files};
use crate::headers::is_of_cors;
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
        "vary-missing" => file.varied(note.at, line),
        "wildcard-with-credentials" if is_header(line, "access-control-allow-credentials") => {
            vec![Edit::Delete { at: note.at }]
        }
        "origin-never-matches" if header_words(line).is_some() && line.contains("}e") => {
            only_if_set(line).map(|text| Edit::Replace { at: note.at, text }).into_iter().collect()
        }
        "origin-never-matches" => file.corrected(line),
        "several-origins" => {
            let several = listed(line);
            let expression = (!several.is_empty()).then(|| corsac_stacks::origin_expression(&several));
            expression.map(|expression| file.compared(note.at, line, &expression)).unwrap_or_default()
        }
        "any-origin-with-credentials" if names_origins => {
            file.compared(note.at, line, &corsac_stacks::origin_expression(origins))
        }
        "application-header-kept" => removed_first(note.at, line).into_iter().collect(),
        "header-repeated" => file.once(note.at, line),
        "options-taken-for-preflight"
            if line.trim_start().to_ascii_lowercase().starts_with("rewriterule") =>
        {
            let text = format!("{}{PREFLIGHT}", indent(line));
            vec![Edit::InsertBefore { at: note.at, text }]
        }
        // Without anything to permit, each preflight would be refused, and what is behind may answer them.
        "preflight-passed-on"
            if wanted.policy.methods.is_empty() && wanted.policy.request_headers.is_empty() =>
        {
            Vec::new()
        }
        "preflight-passed-on" | "preflight-refused" => file.answered(note.at),
        code if names_origins && (code.starts_with("origin-") || code == "subdomain-allowed") => {
            let text = expression::mended(line, origins);
            text.map(|text| Edit::Replace { at: note.at, text }).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The condition for preflights among requests with `OPTIONS`.
const PREFLIGHT: &str = "RewriteCond %{HTTP:Access-Control-Request-Method} .";

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

    /// `Vary: Origin` beside this line: with every status, where it is there already.
    fn varied(&self, at: At, line: &str) -> Vec<Edit> {
        let there = self.block(at).into_iter().find(|(_, line)| {
            let value = header_words(line).and_then(|words| words.get(2).cloned()).unwrap_or_default();
            is_header(line, "vary") && value.to_ascii_lowercase().contains("origin")
        });
        match there {
            Some((at, vary)) => {
                let text = with_always(vary);
                text.map(|text| Edit::Replace { at, text }).into_iter().collect()
            }
            None => vec![insert_after(at, vary(line))],
        }
    }

    /// Each line with the text that is wrong in this one.
    fn corrected(&self, line: &str) -> Vec<Edit> {
        let Some((wrong, _)) = corrected(line) else { return Vec::new() };
        let lines = self.lines.iter().enumerate().filter_map(|(index, line)| Some((index, corrected(line)?)));
        let lines = lines.filter(|(_, (text, _))| *text == wrong);
        lines.map(|(index, (_, text))| Edit::Replace { at: self.at(index.saturating_add(1)), text }).collect()
    }

    /// One of two lines for the same header goes away, and the one that is sent always stays.
    fn once(&self, at: At, line: &str) -> Vec<Edit> {
        let name = header_words(line).and_then(|words| words.get(1).cloned()).unwrap_or_default();
        let lines =
            self.block(at).into_iter().filter(|(_, line)| is_cors_line(line) && is_header(line, &name));
        let lines: Vec<_> = lines.collect();
        if lines.len() < 2 {
            return removed_first(at, line).into_iter().collect();
        }
        let less = lines.iter().find(|(_, line)| always_of(line).is_empty()).or(lines.last());
        less.map(|(at, _)| Edit::Delete { at: *at }).into_iter().collect()
    }

    /// Answers preflights in the block of this line.
    fn answered(&self, at: At) -> Vec<Edit> {
        let block = self.block(at);
        let Some((first, line)) = block.iter().find(|(_, line)| is_cors_line(line)) else {
            return Vec::new();
        };
        let indent = indent(line);
        let is_on = block.iter().any(|(_, line)| {
            let words = words(line);
            words.len() == 2
                && words
                    .iter()
                    .zip(["rewriteengine", "on"])
                    .all(|(word, known)| word.eq_ignore_ascii_case(known))
        });
        let rules: Vec<String> = [
            "RewriteEngine On",
            "RewriteCond %{REQUEST_METHOD} =OPTIONS",
            PREFLIGHT,
            "RewriteRule ^ - [R=204,L]",
        ]
        .into_iter()
        .skip(usize::from(is_on))
        .map(|rule| format!("{indent}{rule}"))
        .collect();
        let mut edits = vec![Edit::InsertBefore { at: *first, text: rules.join("\n") }];
        // What the application sets is in the other table, and would be sent as well.
        for (at, line) in block.iter().filter(|(_, line)| is_cors_line(line)) {
            if let Some(text) = with_always(line) {
                edits.extend(removed_first(*at, &text));
                edits.push(Edit::Replace { at: *at, text });
            }
        }
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
    changes && words.get(1).is_some_and(|name| is_of_cors(name))
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
fn removed_first(at: At, line: &str) -> Option<Edit> {
    let name = header_words(line)?.get(1).cloned()?;
    let other = if always_of(line).is_empty() { "always" } else { "onsuccess" };
    Some(Edit::InsertBefore { at, text: format!("{}Header {other} unset {name}", indent(line)) })
}

/// The line, only where the variable is set that its value has.
fn only_if_set(line: &str) -> Option<String> {
    let words = header_words(line)?;
    let name = words.get(2)?.strip_prefix("%{")?.strip_suffix("}e")?;
    // Files never have this one, and scripts always do.
    let is_for_scripts = name.to_ascii_uppercase().starts_with("HTTP_");
    (words.len() == 3 && !is_for_scripts).then(|| format!("{} env={name}", line.trim_end()))
}

/// The origins of a value that lists several.
fn listed(line: &str) -> Vec<String> {
    let value = header_words(line).and_then(|words| words.get(2).cloned()).unwrap_or_default();
    let origins = value.split([',', ' ']).filter(|text| !text.is_empty());
    origins.filter_map(|text| Origin::parse(text).ok()).map(|origin| origin.to_string()).collect()
}

/// What is wrong in a line, and the line with an origin as browsers send it.
fn corrected(line: &str) -> Option<(String, String)> {
    if line.contains("%{HTTP_ORIGIN}") {
        let corrected = line.replace("%{HTTP_ORIGIN}", "%{HTTP:Origin}");
        return Some(("%{HTTP_ORIGIN}".to_owned(), corrected));
    }
    let value = if is_header(line, "access-control-allow-origin") {
        header_words(line)?.get(2)?.clone()
    } else if let Some(text) = words(line).get(2).and_then(|word| word.strip_prefix('=')) {
        text.to_owned()
    } else {
        // A text in an expression.
        let mut quoted = line.split('\'').skip(1).step_by(2);
        quoted.find(|text| as_sent(text).is_some_and(|origin| origin != *text))?.to_owned()
    };
    let origin = as_sent(&value)?;
    let corrected = line.replacen(&value, &origin, 1);
    (origin != value).then_some((value, corrected))
}

/// The origin that a text means.
fn as_sent(value: &str) -> Option<String> {
    let with_scheme = if value.contains("://") { value.to_owned() } else { format!("https://{value}") };
    let (scheme, rest) = with_scheme.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    // A word without a dot, such as a method, is no host.
    let is_host = value.contains("://") || host.contains('.');
    Origin::parse(&format!("{scheme}://{host}").to_ascii_lowercase())
        .ok()
        .filter(|_| is_host)
        .map(|origin| origin.to_string())
}
