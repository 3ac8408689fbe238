//! Placeholders: `{header.Origin}` in a text.

/// The longest name of a placeholder.
const LONGEST: usize = 512;
/// Caddy gives up after so many braces that nothing closes.
const MOST_UNCLOSED: usize = 100;

/// What a placeholder that is not known becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It stays as it is written.
    Stays,
    Empty,
}

/// The text with the value of each placeholder.
pub(super) fn replace(text: &str, unknown: Unknown, value: impl Fn(&str) -> Option<String>) -> String {
    if !text.contains(['{', '}']) {
        return text.to_owned();
    }
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    let mut unclosed = 0_usize;
    while let Some(index) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(index);
        let brace = if from.starts_with('{') { '{' } else { '}' };
        let behind = from.get(1..).unwrap_or_default();
        if let Some(before) = before.strip_suffix('\\') {
            replaced.push_str(before);
            replaced.push(brace);
            rest = behind;
            continue;
        }
        replaced.push_str(before);
        let name = if brace == '{' { name(behind) } else { None };
        match name {
            Some(name) => {
                match value(name) {
                    Some(value) => replaced.push_str(&value),
                    None if unknown == Unknown::Stays && full_name(name) != name => {
                        // Caddy writes shorthands out before anything else.
                        replaced.push_str(&format!("{{{}}}", full_name(name)));
                    }
                    None if unknown == Unknown::Stays => {
                        // Another placeholder may begin inside of it.
                        replaced.push('{');
                        rest = behind;
                        continue;
                    }
                    None => {}
                }
                rest = behind.get(name.len().saturating_add(1)..).unwrap_or_default();
            }
            None => {
                if brace == '{' {
                    unclosed = unclosed.saturating_add(1);
                    if unclosed > MOST_UNCLOSED {
                        return String::new();
                    }
                }
                replaced.push(brace);
                rest = behind;
            }
        }
    }
    replaced.push_str(rest);
    replaced
}

/// What stands before the first `}` that is not escaped.
fn name(behind: &str) -> Option<&str> {
    let mut end = 0;
    loop {
        let found = behind.get(end..)?.bytes().take(LONGEST).position(|byte| byte == b'}')?;
        end = end.saturating_add(found);
        let name = behind.get(..end)?;
        if !name.ends_with('\\') || end >= LONGEST {
            return Some(name);
        }
        end = end.saturating_add(1);
    }
}

/// The text with the full name of each placeholder.
pub(super) fn full_names(text: &str) -> String {
    replace(text, Unknown::Stays, |_| None)
}

/// The full name of a placeholder, for its shorthand in a Caddyfile.
pub(super) fn full_name(name: &str) -> String {
    let families: &[(&str, &str)] = &[
        ("header.", "http.request.header."),
        ("cookie.", "http.request.cookie."),
        ("labels.", "http.request.host.labels."),
        ("path.", "http.request.uri.path."),
        ("file.", "http.request.uri.path.file."),
        ("query.", "http.request.uri.query."),
        ("re.", "http.regexp."),
        ("vars.", "http.vars."),
        ("rp.", "http.reverse_proxy."),
        ("err.", "http.error."),
    ];
    for (short, long) in families {
        if let Some(rest) = name.strip_prefix(short) {
            return format!("{long}{rest}");
        }
    }
    let long = match name {
        "host" => "http.request.host",
        "hostport" => "http.request.hostport",
        "port" => "http.request.port",
        "method" => "http.request.method",
        "orig_method" => "http.request.orig_method",
        "uri" => "http.request.uri",
        "orig_uri" => "http.request.orig_uri",
        "path" => "http.request.uri.path",
        "orig_path" => "http.request.orig_uri.path",
        "dir" => "http.request.uri.path.dir",
        "file" => "http.request.uri.path.file",
        "query" => "http.request.uri.query",
        "?query" => "http.request.uri.prefixed_query",
        "remote_host" => "http.request.remote.host",
        "scheme" => "http.request.scheme",
        "client_ip" => "http.vars.client_ip",
        _ => name,
    };
    long.to_owned()
}

/// The names of the placeholders in a text.
pub(super) fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('{') {
        let Some(found) = name(behind) else { break };
        names.push(found);
        rest = behind.get(found.len()..).unwrap_or_default();
    }
    names
}

/// Whether the value of a placeholder is known when a request is.
pub(super) fn is_of_request(full: &str) -> bool {
    let is_asked = [
        "http.request.",
        "http.regexp.",
        "http.vars.",
        "http.response.",
        "http.reverse_proxy.",
        "http.error.",
    ];
    let is_missing =
        ["http.request.cookie.", "http.request.uri.query", "http.request.body", "http.request.tls."];
    let begins = |starts: &[&str]| starts.iter().any(|start| full.starts_with(start));
    begins(&is_asked) && !begins(&is_missing)
}

/// Whether this is the request header `Origin`, alone.
pub(super) fn is_origin(text: &str) -> bool {
    let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    name.is_some_and(|name| full_name(name).eq_ignore_ascii_case("http.request.header.origin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_as_caddy_replaces_them() {
        let value = |name: &str| (name == "a").then(|| "A".to_owned());
        for (text, known, all) in [
            ("x{a}y", "xAy", "xAy"),
            ("{b}", "{b}", ""),
            ("{re.b.1}", "{http.regexp.b.1}", ""),
            (r"\{a\}", "{a}", "{a}"),
            ("{b{a}", "{bA", ""),
            ("a}b{", "a}b{", "a}b{"),
            ("{a}{a}", "AA", "AA"),
        ] {
            assert_eq!(replace(text, Unknown::Stays, value), known, "{text}");
            assert_eq!(replace(text, Unknown::Empty, value), all, "{text}");
        }
        assert_eq!(replace(&"{".repeat(1000), Unknown::Stays, value), "");
    }
}
