//! What sections and directives cover, and who answers there.

use super::{Covers, From, Handler, Redirect, depth, expression_of_glob};
use crate::apache::access::Methods;
use crate::apache::pattern::Pattern;
use crate::apache::tree::{Directive, Section};
use crate::apache::words::words;

pub(super) fn limited(section: &Section) -> Methods {
    Methods { names: words(&section.arguments), are_excepted: section.name == "limitexcept" }
}

/// What a section is for, or nothing if it is not for a part of the server.
pub(super) fn covers(section: &Section) -> Option<Covers> {
    let given = words(&section.arguments);
    let (is_expression, text) = match given.as_slice() {
        [tilde, text, ..] if tilde == "~" => (true, text.as_str()),
        [text, ..] => (false, text.as_str()),
        [] => (false, ""),
    };
    let has_wildcard = text.contains(['*', '?', '[']);
    let of_glob = |end: &str| Pattern::new(&format!("^{}{end}", expression_of_glob(text)), false);
    Some(match section.name.as_str() {
        "directory" if is_expression => Covers::Folders { pattern: Pattern::new(text, false), depth: None },
        "directory" if has_wildcard => {
            Covers::Folders { pattern: of_glob("(/|$)"), depth: Some(depth(text)) }
        }
        "directory" => Covers::Folder(text.to_owned()),
        "directorymatch" => Covers::Folders { pattern: Pattern::new(text, false), depth: None },
        "location" if is_expression => Covers::Paths(Pattern::new(text, false)),
        "location" if has_wildcard => Covers::Paths(of_glob("(/|$)")),
        "location" => Covers::Path(text.to_owned()),
        "locationmatch" => Covers::Paths(Pattern::new(text, false)),
        "files" if is_expression => Covers::File(Pattern::new(text, false)),
        "files" => Covers::File(of_glob("$")),
        "filesmatch" => Covers::File(Pattern::new(text, false)),
        "proxy" | "proxymatch" => Covers::Proxy,
        _ => return None,
    })
}

/// Who answers for the target of `ProxyPass` or of `SetHandler "proxy:..."`.
pub(super) fn upstream(target: &str) -> Option<Handler> {
    if target == "!" {
        return None;
    }
    let target = target.rsplit_once('|').map_or(target, |(_, target)| target);
    let is_gateway = ["fcgi:", "scgi:", "uwsgi:"].iter().any(|scheme| target.starts_with(scheme));
    Some(if is_gateway { Handler::Gateway } else { Handler::Proxy })
}

pub(super) fn handler(arguments: &str, directive: &str) -> Option<Handler> {
    let name = words(arguments).into_iter().next().unwrap_or_default();
    if let Some(target) = name.strip_prefix("proxy:") {
        return upstream(target);
    }
    match directive {
        "wsgiscriptalias" => Some(Handler::Gateway),
        "passengerenabled" => Some(Handler::Inside),
        _ if name.starts_with("cgi-script")
            || name.starts_with("fcgid")
            || name.starts_with("wsgi-script") =>
        {
            Some(Handler::Gateway)
        }
        _ if name.contains("php") => Some(Handler::Inside),
        _ => None,
    }
}

pub(super) fn redirect(directive: &Directive) -> Option<Redirect> {
    let given = words(&directive.arguments);
    let mut given = given.iter().map(String::as_str).peekable();
    let mut status = if directive.name == "redirectpermanent" { 301 } else { 302 };
    if directive.name.starts_with("redirectm") || directive.name == "redirect" {
        let named = given.peek().and_then(|word| match *word {
            "permanent" => Some(301),
            "temp" => Some(302),
            "seeother" => Some(303),
            "gone" => Some(410),
            number => number.parse().ok(),
        });
        if let Some(named) = named {
            given.next();
            status = named;
        }
    }
    let from = given.next()?;
    let from = if directive.name == "redirectmatch" {
        From::Pattern(Pattern::new(from, false))
    } else {
        From::Prefix(from.to_owned())
    };
    Some(Redirect { at: directive.at, status, from, to: given.next().unwrap_or_default().to_owned() })
}
