//! From the shape of what an expression matches to the entry that was probably meant.

use corsac::server::Policy;

use super::shapes::{Piece, Shape};

/// The entries that these shapes stand for, each once, without those that a wildcard of theirs covers.
pub(super) fn of(shapes: &[Shape]) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for entry in shapes.iter().flat_map(of_shape) {
        if !entries.contains(&entry) && Policy::builder([entry.as_str()]).build().is_ok() {
            entries.push(entry);
        }
    }
    let any_port: Vec<String> =
        entries.iter().filter_map(|entry| entry.strip_suffix(":*").map(str::to_owned)).collect();
    entries.retain(|entry| !any_port.contains(entry));
    entries
}

/// The entries of one shape: two if a host and its subdomains are meant.
fn of_shape(shape: &Shape) -> Vec<String> {
    let is_anchored = shape.first() == Some(&Piece::Start);
    let mut text = String::new();
    for piece in shape {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Dot => text.push('.'),
            Piece::Some { .. } | Piece::Digits if text.ends_with('*') => {}
            Piece::Some { .. } | Piece::Digits => text.push('*'),
            Piece::Labels => text.push_str("*."),
            Piece::Start => {}
        }
    }
    let (scheme, authority) = match text.split_once("://") {
        Some((scheme, authority)) => (scheme.to_owned(), authority.to_owned()),
        None if text.starts_with("//") => ("https".to_owned(), text.trim_start_matches('/').to_owned()),
        // Without `^`, people write only the end of the origin, and mean https, with the host's subdomains.
        None if !is_anchored && text.starts_with(|first: char| first.is_ascii_alphanumeric()) => {
            ("https".to_owned(), format!("*{text}"))
        }
        None if !is_anchored || text.starts_with('*') => ("https".to_owned(), text),
        None => return Vec::new(),
    };
    let scheme = if scheme.is_empty() || scheme.contains('*') { "https".to_owned() } else { scheme };
    // What is not anchored at its end has anything after it, written or not.
    let (host, port) = match authority.rsplit_once(':') {
        // Any port follows.
        Some((host, "")) => (host, "*"),
        Some((host, port)) if !host.is_empty() && !port.contains(']') => (host, port),
        _ => (authority.as_str(), ""),
    };
    let host = if port.is_empty() { host.trim_end_matches('*').trim_end_matches('/') } else { host };
    let port = match port.trim_end_matches('/') {
        "" => String::new(),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => format!(":{digits}"),
        _ => ":*".to_owned(),
    };
    let is_cut_off = host.ends_with('.') && matches!(scheme.as_str(), "http" | "https");
    if host.contains('/')
        || host.is_empty()
        || is_cut_off
        || host.trim_matches(['*', '.']).is_empty() && (host.contains('*') || scheme.starts_with("http"))
    {
        return Vec::new();
    }
    if let Some(parent) = host.strip_prefix('.').filter(|parent| !parent.is_empty()) {
        return vec![format!("{scheme}://*.{parent}{port}")];
    }
    // `.*example.com`: the host and its subdomains. `[a-z]+-shop.example.com`: a part of a label.
    let first = shape.iter().find(|piece| matches!(piece, Piece::Some { .. } | Piece::Labels | Piece::Dot));
    let may_have_dots = !matches!(first, Some(Piece::Some { dots: false }));
    match host.strip_prefix('*') {
        Some(rest) if !rest.starts_with('.') && may_have_dots => {
            vec![format!("{scheme}://{rest}{port}"), format!("{scheme}://*.{rest}{port}")]
        }
        _ => vec![format!("{scheme}://{host}{port}").replace("*.*.", "*.")],
    }
}
