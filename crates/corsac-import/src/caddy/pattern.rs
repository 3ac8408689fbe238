//! Patterns of hosts, paths and values of headers.

/// Whether a header's value is the pattern's, which may begin or end with `*`.
pub(super) fn matches_value(pattern: &str, value: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        _ if pattern == "*" => true,
        (Some(rest), Some(_)) => value.contains(rest.strip_suffix('*').unwrap_or(rest)),
        (Some(end), None) => value.ends_with(end),
        (None, Some(start)) => value.starts_with(start),
        (None, None) => value == pattern,
    }
}

/// Whether a host is the pattern's, in which a label may be `*`.
pub(super) fn matches_host(pattern: &str, host: &str) -> bool {
    if !pattern.contains('*') {
        return pattern.eq_ignore_ascii_case(host);
    }
    let (mut labels, mut actual) = (pattern.split('.'), host.split('.'));
    loop {
        match (labels.next(), actual.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(label), Some(actual)) if label.eq_ignore_ascii_case(actual) => {}
            _ => return false,
        }
    }
}

/// Whether a path, in lower case, is the pattern's.
pub(super) fn matches_path(pattern: &str, path: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let path = if pattern.contains("//") { path.to_owned() } else { merged_slashes(path) };
    let stars = pattern.matches('*').count();
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(rest), Some(_)) if stars == 2 => path.contains(rest.strip_suffix('*').unwrap_or(rest)),
        (Some(end), _) if stars == 1 => path.ends_with(end),
        (_, Some(start)) if stars == 1 => path.starts_with(start),
        _ => matches_glob(pattern, &path),
    }
}

/// A glob in which `*` and `?` stay inside of a part of the path.
fn matches_glob(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<char>, Vec<char>) =
        (pattern.chars().take(1000).collect(), path.chars().take(8000).collect());
    let (mut at, mut on) = (0_usize, 0_usize);
    let mut star: Option<(usize, usize)> = None;
    while let Some(character) = path.get(on) {
        let (matched, width) = match pattern.get(at) {
            Some('*') => {
                star = Some((at, on));
                at = at.saturating_add(1);
                continue;
            }
            Some('?') => (*character != '/', 1),
            Some('\\') => (pattern.get(at.saturating_add(1)) == Some(character), 2),
            Some(literal) => (literal == character, 1),
            None => (false, 0),
        };
        if matched {
            (at, on) = (at.saturating_add(width), on.saturating_add(1));
            continue;
        }
        match star {
            Some((star_at, taken)) if path.get(taken).is_some_and(|taken| *taken != '/') => {
                star = Some((star_at, taken.saturating_add(1)));
                (at, on) = (star_at.saturating_add(1), taken.saturating_add(1));
            }
            _ => return false,
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|rest| *rest == '*')
}

/// The path with one slash for several.
pub(super) fn merged_slashes(path: &str) -> String {
    let mut merged = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !merged.ends_with('/') {
            merged.push(character);
        }
    }
    merged
}
