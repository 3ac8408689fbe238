//! What the comparison with its own policy shows about a part, as notes.

use corsac::browser::ExchangeKind;
use corsac::header::names::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
use corsac::server::Policy;
use corsac_verify::Finding;

use super::mentions::Read;
use super::place::Looking;
use super::values::repeated;
use crate::asking::{STRANGER, answer, behind, verification};
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::Behind;

impl Looking<'_> {
    /// In what the configuration differs from its own policy.
    pub(super) fn verified(&self, policy: &Policy, is_open: bool, notes: &mut Vec<Noted>) {
        let verification = verification(self.server, &self.place, policy);
        for finding in verification.findings() {
            let origin = finding.completed.exchange.headers.text(ORIGIN);
            let origin = origin.as_deref().unwrap_or(STRANGER);
            let Some(note) = self.noted(finding, origin, is_open) else { continue };
            // One hole in a line is enough: it is mended as a whole.
            let is_known = |known: &Noted| {
                known.at == note.at
                    && (known.code == note.code
                        || known.kind == NoteKind::Unsafe && note.kind == NoteKind::Unsafe)
            };
            if !notes.iter().any(is_known) {
                notes.push(note);
            }
        }
    }

    /// A finding at its line.
    fn noted(&self, finding: &Finding, origin: &str, is_open: bool) -> Option<Noted> {
        let answered = answer(self.server, &finding.completed.exchange, &behind(&finding.completed.exchange));
        let allow_origin = self.line_of(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        match finding.code {
            "header-repeated" => {
                let second = answered.all(ACCESS_CONTROL_ALLOW_ORIGIN).nth(1);
                Some(repeated(second.and_then(|line| line.at).unwrap_or(allow_origin)))
            }
            "options-taken-for-preflight" => {
                let at = answered.answered_at?;
                Some(
                    Noted::new(NoteKind::Fragile, "options-taken-for-preflight", at, "Every `OPTIONS` request is answered here. Only one with `Access-Control-Request-Method` is a preflight.")
                        .instead("Pass the others on to the application, if it answers `OPTIONS` itself."),
                )
            }
            "credentials-refused" if finding.completed.exchange.kind == ExchangeKind::Preflight => {
                let at = answered.answered_at.unwrap_or(allow_origin);
                Some(
                    Noted::new(NoteKind::Dead, "preflight-refused", at, "The answer to a preflight has no `Access-Control-Allow-Credentials: true`, and other answers have it. Browsers then refuse requests with credentials that need a preflight.")
                        .instead("Send it with preflights as well."),
                )
            }
            // `GET` is refused where it is not among the methods, and no policy can say that.
            "origin-refused-by-preflight" | "forced-preflight-refused" | "method-refused"
                if self.method != "GET" =>
            {
                None
            }
            "origin-refused-by-preflight" | "forced-preflight-refused" | "method-refused" => {
                let at = answered.answered_at?;
                // An entry may cover a little more than the configuration does, and another group of origins may have other methods.
                let simple = self.preflight("GET", origin, &Behind::answers(200));
                let other_methods = simple.status < 300 && simple.line(ACCESS_CONTROL_ALLOW_ORIGIN).is_some();
                if !self.allows(origin) || other_methods {
                    return None;
                }
                let what = if answered.status >= 300 {
                    format!("with status {}", answered.status)
                } else {
                    "without a permission that is needed".to_owned()
                };
                Some(
                    Noted::new(
                        NoteKind::Dead,
                        "preflight-refused",
                        at,
                        format!("Preflights from {origin} are answered here {what}, which browsers refuse, although other requests from it may be read."),
                    )
                    .instead("Answer preflights with 204 and the same headers, before any authentication."),
                )
            }
            code if code.starts_with("origin-")
                && code != "origin-case-ignored"
                && code != "origin-refused"
                || code.ends_with("domain-allowed") =>
            {
                if is_open {
                    return None;
                }
                let read = self.mentions.that_lets_in(origin);
                Some(let_in(read.map_or(allow_origin, |read| read.at), finding.code, read, origin))
            }
            _ => None,
        }
    }
}

/// An origin that is let in by mistake, by a mention or by the configuration as a whole.
pub(super) fn let_in(at: At, code: &'static str, read: Option<&Read>, origin: &str) -> Noted {
    let what = match read {
        Some(read) if read.is_expression => format!("The expression `{}`", read.text),
        Some(read) => format!("`{}`", read.text),
        None => "The configuration".to_owned(),
    };
    let meaning = corsac_verify::code(code);
    let why = meaning.map_or("An origin is allowed that nobody meant", |code| code.title);
    let instead = match (code, read) {
        (_, Some(read)) if !read.is_expression => {
            "List the origins that are meant, or write a pattern in which a wildcard stands for whole labels."
        }
        ("origin-suffix-matches", Some(read)) if read.text.starts_with('^') => {
            "Let what stands before the domain end with `\\.` or `//`: `^https://([a-z0-9-]+\\.)*example\\.com$`."
        }
        ("origin-prefix-matches", Some(read)) if read.text.ends_with('$') => {
            "Write what may follow the host, such as `(:[0-9]+)?`, and nothing that matches any text."
        }
        _ => meaning.map_or(
            "Compare the whole origin: `^` at the beginning, `$` at the end, and `\\.` for each dot.",
            |code| code.fix,
        ),
    };
    Noted::new(NoteKind::Unsafe, code, at, format!("{what} lets in {origin}. {why}."))
        .instead(instead)
        .origin(origin)
}
