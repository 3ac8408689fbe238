//! What can be said about a directive by reading it alone: values that stand elsewhere, and lines about CORS that Caddy takes for something else.

use super::build::Builder;
use super::lexer::Token;
use super::matcher::Matcher;
use super::route::is_of_cors;
use super::segment::Segment;
use crate::files::At;
use crate::note::{NoteKind, Noted};

impl Builder<'_> {
    pub(super) fn look_at_response_headers(&mut self, line: &Segment, arguments: &[Token]) {
        let inline = (!arguments.is_empty()).then_some(arguments);
        let lines = inline.into_iter().chain(line.inside().iter().map(|line| &*line.words));
        for words in lines {
            let [field, values @ ..] = words else { continue };
            if matches!(field.text.as_str(), "header_down" | "header_up")
                && values.first().is_some_and(is_field)
            {
                let why = format!(
                    "`{0}` belongs to `reverse_proxy`. Inside of `header` Caddy takes it for the name of a header, so this line does nothing.",
                    field.text
                );
                self.without_effect(field.at, why, format!("Leave `{}` out.", field.text));
                continue;
            }
            if !is_of_cors(&field.text) {
                continue;
            }
            values.iter().for_each(|value| self.findings.unknown_value(value));
            let name = field.text.trim_start_matches(['+', '-', '?', '>']).trim_end_matches(':');
            if let ("access-control-allow-origin", [value]) = (name.to_ascii_lowercase().as_str(), values)
                && !field.text.starts_with('-')
            {
                self.findings.allowed_origin(&value.text, value.at);
                self.findings.origin_of_placeholder(value);
            }
            values.iter().for_each(|value| self.findings.placeholders(value));
            if inline.is_some() && field.text.ends_with(':') {
                let why = format!(
                    "Outside of a block Caddy takes the colon as a part of the name, and a header `{}` is never sent.",
                    field.text
                );
                self.without_effect(field.at, why, "Leave the colon out.");
            }
            if let [value, replacement, ..] = values
                && value.text.ends_with(',')
                && !field.text.starts_with(['+', '-', '?'])
            {
                let why = format!(
                    "Without quotes Caddy reads `{}` as an expression to search for in `{name}`, and `{}` as what replaces it. The header is not set.",
                    value.text, replacement.text
                );
                let all: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
                self.without_effect(field.at, why, format!("Write `{} \"{}\"`.", field.text, all.join(" ")));
            }
        }
    }

    fn without_effect(&mut self, at: At, why: String, instead: impl Into<String>) {
        self.findings.notes.push(Noted::new(NoteKind::Dead, "without-effect", at, why).instead(instead));
    }

    /// Some people set headers of responses on requests.
    pub(super) fn look_at_request_header(&mut self, field: &str, at: At) {
        let lower = field.to_ascii_lowercase();
        if is_of_cors(&lower) && !lower.starts_with('-') && !lower.contains("access-control-request-") {
            let why = format!(
                "`{field}` is set on the request here. Browsers look for it in the response, which stays without it."
            );
            self.without_effect(at, why, "Set it with `header`.");
        }
    }

    /// A matcher that asks for something of the request that is not tried, around headers of CORS.
    pub(super) fn look_at_matcher(&mut self, matcher: Option<&Matcher>, line: &Segment) {
        let conditions = matcher.map(|matcher| matcher.conditions.iter());
        if let Some(what) = conditions.into_iter().flatten().find_map(|condition| condition.untried()) {
            let why = format!(
                "Whether this happens depends on {what}. A policy cannot say that, and no request that was tried fulfils it."
            );
            self.findings.not_read(line.at(), why);
        }
    }

    /// A directive of Caddy's whose effect on headers is not simulated.
    pub(super) fn look_for_cors(&mut self, line: &Segment) {
        let mut inside: Vec<&Segment> = line.inside().iter().collect();
        while let Some(next) = inside.pop() {
            if next.words.iter().any(|word| is_of_cors(&word.text)) {
                let why = format!("Headers that `{}` changes are not read.", line.name());
                self.findings.not_read(next.at(), why);
            }
            inside.extend(next.inside());
        }
    }

    pub(super) fn look_at_plugin(&mut self, line: &Segment) {
        if line.name() == "cors" {
            let why = "Caddy itself has no directive `cors`; Caddy 1 had one, and plugins have. What it does is not read.";
            self.findings.not_read(line.at(), why);
        } else {
            self.look_for_cors(line);
        }
    }
}

fn is_field(word: &Token) -> bool {
    is_of_cors(&word.text)
}
