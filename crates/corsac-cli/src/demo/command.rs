//! The `corsac check` command of a route.

use corsac::browser::{Credentials, Mode};

use super::addresses::Addresses;
use super::routes::{PageRequest, Route};

/// Returns the URL of a route, with the API at `api`.
pub(crate) fn url(route: &Route, addresses: &Addresses, api: &str) -> String {
    let server = if route.request.at_api { api } else { &addresses.stopped };
    format!("{server}/{}", route.id)
}

/// Returns the command as a list of arguments.
pub(crate) fn arguments(route: &Route, addresses: &Addresses, api: &str) -> Vec<String> {
    let PageRequest { method, headers, body, credentials, mode, .. } = route.request;
    let mut arguments: Vec<String> =
        ["corsac", "check", &url(route, addresses, api), "--origin", &addresses.page]
            .map(str::to_owned)
            .into();
    let mut add = |option: &str, value: &str| arguments.extend([option.to_owned(), value.to_owned()]);
    if method != if body.is_some() { "POST" } else { "GET" } {
        add("-X", method);
    }
    for (name, value) in headers {
        add("-H", &format!("{name}: {value}"));
    }
    if let Some(body) = body {
        add("-d", body);
    }
    if credentials != Credentials::default() {
        add("--credentials", credentials.as_str());
    }
    if mode != Mode::default() {
        add("--mode", mode.as_str());
    }
    arguments
}

/// Returns the command as it is typed in a POSIX shell.
pub(crate) fn line(arguments: &[String]) -> String {
    let quoted: Vec<String> = arguments.iter().map(|argument| quote(argument)).collect();
    quoted.join(" ")
}

/// Returns the command as lines of at most this width, where possible. They break before options, and a shell reads them as one.
pub(crate) fn lines(arguments: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = arguments;
    while let Some((first, others)) = rest.split_first() {
        let values = others.iter().take_while(|argument| !argument.starts_with('-')).count();
        let (part, others) =
            rest.split_at_checked(values.saturating_add(1)).unwrap_or((std::slice::from_ref(first), others));
        rest = others;
        let part = line(part);
        let goes_on = if rest.is_empty() { "" } else { " \\" };
        match lines.last_mut() {
            Some(last) if [last.as_str(), " ", &part, goes_on].concat().len() <= width => {
                last.push(' ');
                last.push_str(&part);
            }
            Some(last) => {
                last.push_str(" \\");
                lines.push(format!("  {part}"));
            }
            None => lines.push(part),
        }
    }
    lines
}

fn quote(argument: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@,+=".contains(&byte);
    if !argument.is_empty() && argument.bytes().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_command_is_broken_before_an_option_with_a_backslash() {
        let arguments = ["corsac", "check", "http://a.example/", "--origin", "http://b.example", "-X", "PUT"];
        let arguments = arguments.map(str::to_owned);
        let whole = "corsac check http://a.example/ --origin http://b.example -X PUT";
        assert_eq!(line(&arguments), whole);
        assert_eq!(lines(&arguments, 80), [whole]);
        assert_eq!(
            lines(&arguments, 60),
            ["corsac check http://a.example/ --origin http://b.example \\", "  -X PUT"]
        );
        let narrow = ["corsac check http://a.example/ \\", "  --origin http://b.example \\", "  -X PUT"];
        assert_eq!(lines(&arguments, 20), narrow);
    }

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        let table = [
            ("http://127.0.0.1:8917/items", "http://127.0.0.1:8917/items"),
            ("PUT", "PUT"),
            ("", "''"),
            ("Content-Type: text/plain", "'Content-Type: text/plain'"),
            ("{\"a\": 1}", "'{\"a\": 1}'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("a&b", "'a&b'"),
        ];
        for (argument, quoted) in table {
            assert_eq!(quote(argument), quoted);
        }
    }
}
