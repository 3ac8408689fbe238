//! How a text starts: its kind, and what a person copied along with it.

use std::borrow::Cow;

use super::{Kind, http_file, javascript};

/// Where a prompt in front of a command comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prompt {
    Unix,
    Cmd,
    PowerShell,
}

/// Returns the text with line feeds at the ends of its lines, without a byte order mark and without a Markdown fence.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    let trimmed = text.trim();
    let fenced = trimmed.strip_prefix("```").and_then(|rest| rest.split_once('\n'));
    match fenced {
        Some((_, inside)) => {
            let inside = inside.strip_suffix("```").unwrap_or(inside);
            Cow::Owned(inside.trim().to_owned())
        }
        None if trimmed.len() == text.len() => text,
        None => Cow::Owned(trimmed.to_owned()),
    }
}

/// Returns the request without a prompt in front of it, and its kind.
pub(super) fn kind(text: &str) -> (&str, Option<Kind>) {
    let (text, prompt) = without_prompt(without_comments(text));
    let kind = match command_of(text).as_deref() {
        Some("curl") => Some(kind_of_curl(text, prompt)),
        Some("http" | "https" | "xh" | "xhs") => Some(Kind::Httpie),
        Some(_) => Some(Kind::PowerShell),
        None if is_power_shell_block(text) => Some(Kind::PowerShell),
        None if javascript::starts_call(text) => Some(Kind::Fetch),
        None if http_file::starts_request(text) => Some(Kind::HttpFile),
        None => None,
    };
    (text, kind)
}

/// Returns the text without the shell's comments in front of a command. In an `.http` file such lines have a meaning, so they stay.
fn without_comments(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
    }
    if command_of(without_prompt(rest).0).is_some() { rest } else { text }
}

/// Returns the name of the command with which the text starts, in lower case, if it is one that sends requests. Assignments of variables may
/// stand in front of it.
fn command_of(text: &str) -> Option<String> {
    const NAMES: [&str; 9] =
        ["curl", "http", "https", "xh", "xhs", "invoke-webrequest", "invoke-restmethod", "iwr", "irm"];
    let mut words = text.split_whitespace().skip_while(|word| is_assignment(word));
    let word = words.next()?;
    // A URL's path could end in any of these names.
    let path = if word.contains("://") { "" } else { word };
    let name = path.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    // A word alone is no request, and `http` is also a word of sentences.
    let is_target = |word: &str| {
        word == "localhost" || word.trim_end_matches(['.', ':', ',']).contains(['.', ':', '/', '$'])
    };
    let is_httpie = matches!(name, "http" | "https" | "xh" | "xhs");
    let is_followed = if is_httpie { words.take(20).any(is_target) } else { words.next().is_some() };
    (NAMES.contains(&name) && is_followed).then(|| name.to_owned())
}

/// Returns `true` for `NAME=value` in front of a command of a Unix shell.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
            && !name.starts_with(|first: char| first.is_ascii_digit())
    })
}

/// Removes a prompt: `$ `, `> `, `user@host:~$ `, `C:\>`, `PS C:\> `. Only if a command or a call follows it.
fn without_prompt(text: &str) -> (&str, Option<Prompt>) {
    const LONGEST: usize = 200;
    if command_of(text).is_some() {
        return (text, None);
    }
    let line = text.lines().next().unwrap_or_default();
    for (at, sign) in line.char_indices().take(LONGEST) {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let rest = rest.strip_prefix(sign).unwrap_or_default();
        let is_sign = match sign {
            '\'' | '"' | '(' | '=' => break,
            '$' | '%' | '>' | '❯' | '➜' | '›' => true,
            '#' => before.contains(['@', ':']),
            _ => false,
        };
        let is_windows = before.contains(":\\") || before.starts_with("PS ");
        if !is_sign || !(rest.starts_with(' ') || is_windows) {
            continue;
        }
        let rest = rest.trim_start_matches([' ', '>']);
        if command_of(rest).is_some() || javascript::starts_call(rest) {
            let prompt = match before {
                before if before.starts_with("PS ") => Prompt::PowerShell,
                before if before.contains(":\\") => Prompt::Cmd,
                _ => Prompt::Unix,
            };
            return (rest, Some(prompt));
        }
    }
    (text, None)
}

/// Chooses by what only one shell has: how it continues a line, and how it escapes a quotation mark.
fn kind_of_curl(text: &str, prompt: Option<Prompt>) -> Kind {
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    match prompt {
        Some(Prompt::PowerShell) => Kind::PowerShell,
        Some(Prompt::Cmd) => Kind::CurlCmd,
        _ if has(&[" \\\n"]) => Kind::CurlBash,
        _ if has(&[" `\n"]) || is_alias(text) => Kind::PowerShell,
        _ if has(&[" ^\n", " ^\""]) => Kind::CurlCmd,
        Some(Prompt::Unix) | None => Kind::CurlBash,
    }
}

/// Returns `true` if `curl` is PowerShell's alias of `Invoke-WebRequest`, which has long parameters with one hyphen.
fn is_alias(text: &str) -> bool {
    let is_parameter = |word: &str| {
        ["-uri", "-method", "-headers", "-body", "-usebasicparsing", "-contenttype"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    };
    text.split_whitespace().any(is_parameter)
}

/// Returns `true` for the lines that browsers write in front of `Invoke-WebRequest`, and for its result in a variable.
fn is_power_shell_block(text: &str) -> bool {
    let is_variable = text.strip_prefix('$').is_some_and(|rest| {
        let name =
            rest.trim_start_matches(|character: char| character.is_ascii_alphanumeric() || character == '_');
        name.len() < rest.len() && name.trim_start().starts_with(['=', '.'])
    });
    let is_command = |word: &str| {
        ["invoke-webrequest", "invoke-restmethod", "iwr", "irm", "curl", "curl.exe"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    };
    is_variable && text.split_whitespace().any(is_command)
}
