//! Whether answers depend on the request's `Origin`, and whether caches are told.

use corsac::header::names::ACCESS_CONTROL_ALLOW_ORIGIN;
use corsac::origin::Origin;
use corsac_verify::varies_by_origin;

use super::mentions::example;
use super::place::Looking;
use crate::asking::{STRANGER, answer, response};
use crate::files::At;
use crate::note::{NoteKind, Noted};
use crate::server::{Answer, Behind};

/// The most origins whose answers are compared.
const MOST_COMPARED: usize = 20;

impl Looking<'_> {
    /// An allowed origin that is told something else than a stranger is.
    fn told_otherwise(&self) -> Option<String> {
        let to_stranger = told(&self.get(STRANGER));
        let origins = self.mentions.entries.iter().filter_map(|entry| example(entry)).take(MOST_COMPARED);
        origins.into_iter().find(|origin| self.allows(origin) && told(&self.get(origin)) != to_stranger)
    }

    /// Answers that depend on the request's `Origin` and do not say so, and answers that are for one origin and are sent to all.
    pub(super) fn caching(&self, notes: &mut Vec<Noted>) {
        let allowed = self.told_otherwise().or_else(|| self.allowed.clone());
        let allowed = allowed.as_deref().unwrap_or(STRANGER);
        let at = self.line_of(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        for behind in [200, 404].map(Behind::answers) {
            let ask = |origin| answer(self.server, &self.exchange("GET", origin), &behind);
            let answers = [Some(allowed), Some(STRANGER), None].map(ask);
            let [to_allowed, to_stranger, to_nobody] = answers.each_ref().map(told);
            let is_varied = answers.each_ref().map(|answer| varies_by_origin(&response(answer)));
            if to_allowed == to_stranger && to_stranger == to_nobody {
                if to_stranger.as_deref().is_some_and(is_origin) {
                    notes.push(
                        Noted::new(NoteKind::Fragile, "static-origin", at, "The same origin is sent to everybody. It works for that origin as long as it is the only one.")
                            .instead("Send it only to that origin, with `Vary: Origin`."),
                    );
                    return;
                }
            } else if is_varied.contains(&false) {
                notes.push(vary_missing(at, is_varied));
                return;
            }
        }
    }
}

/// The value of `Access-Control-Allow-Origin`.
fn told(answer: &Answer) -> Option<String> {
    answer.line(ACCESS_CONTROL_ALLOW_ORIGIN).map(|line| line.value.clone()).filter(|value| !value.is_empty())
}

/// Returns `true` if a browser can send the value as the origin of a page.
pub(super) fn is_origin(value: &str) -> bool {
    value != "null" && Origin::parse(value).is_ok_and(|origin| origin.as_str() == value)
}

/// `is_varied` is about the answers to an allowed origin, to another one, and to a request without one.
fn vary_missing(at: At, is_varied: [bool; 3]) -> Noted {
    let message = match is_varied {
        [false, ..] => {
            "The answer depends on the request's `Origin`, and has no `Vary: Origin`. A cache may send one origin's response to another."
        }
        [true, false, _] => {
            "Only answers to allowed origins have `Vary: Origin`. A cache may keep the answer to another origin and send it to an allowed one, which then cannot read it."
        }
        [true, true, _] => {
            "Answers to requests without an `Origin` have no `Vary: Origin`. A cache may keep one and send it to a page of an allowed origin, which then cannot read it."
        }
    };
    Noted::new(NoteKind::Fragile, "vary-missing", at, message)
        .instead("Send `Vary: Origin` with every response, whether or not the request has an `Origin`.")
}
