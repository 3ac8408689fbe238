//! Reads rules: `http-request`, `http-response`, `http-after-response`, and what versions before 2.1 had instead.

use std::sync::Arc;

use super::configuration::{Action, Capture, Format, NewValue, Redirect, Reply, Rule};
use super::lines::Line;
use super::lua;
use super::matcher::Matcher;
use super::sample::{Fetch, Key, calls};
use super::sections::{Reading, error_file, says_cors, text};
use super::syntax::Syntax;
use crate::files::At;
use crate::note::{NoteKind, Noted, header_name};

/// When a rule is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Request,
    Response,
    AfterResponse,
}

impl Phase {
    fn keyword(self) -> &'static str {
        match self {
            Self::Request => "http-request",
            Self::Response => "http-response",
            Self::AfterResponse => "http-after-response",
        }
    }
}

/// What is done with header lines and answers, and needs no look into.
const WITHOUT_EFFECT: &[&str] = &[
    "add-acl",
    "del-acl",
    "set-map",
    "del-map",
    "cache-use",
    "cache-store",
    "disable-l7-retry",
    "do-resolve",
    "early-hint",
    "sc-inc-gpc",
    "sc-inc-gpc0",
    "sc-inc-gpc1",
    "sc-set-gpt",
    "sc-set-gpt0",
    "sc-add-gpc",
    "send-spoe-group",
    "set-dst",
    "set-dst-port",
    "set-log-level",
    "set-mark",
    "set-nice",
    "set-priority-class",
    "set-priority-offset",
    "set-query",
    "set-src",
    "set-src-port",
    "set-timeout",
    "set-tos",
    "strict-mode",
    "track-sc0",
    "track-sc1",
    "track-sc2",
    "track-sc",
    "wait-for-body",
    "wait-for-handshake",
    "set-fc-mark",
    "set-fc-tos",
    "set-bc-mark",
    "set-bc-tos",
    "set-bandwidth-limit",
    "pause",
];

impl Reading {
    /// Reads a rule into its list.
    pub(super) fn rule(&mut self, syntax: &mut Syntax<'_, '_>, phase: Phase, words: &[String], line: &Line) {
        let at = line.at;
        let Some((action, rest)) = self.action(syntax, phase, words, line) else { return };
        let condition = syntax.condition(rest, at);
        if condition.is_none() && !rest.is_empty() && says_cors(line) {
            syntax.not_read(at, format!("`{}` is not understood at the end of this rule.", rest.join(" ")));
        }
        let rule = Arc::new(Rule { at, action, condition });
        check(syntax, phase, &rule);
        // One whose name ends with a colon is none of CORS.
        if matches!(set_name(&rule), Some(name) if name.ends_with(':')) {
            return;
        }
        match phase {
            Phase::Request => self.proxy.request.push(rule),
            Phase::Response => self.proxy.response.push(rule),
            Phase::AfterResponse => self.proxy.after_response.push(rule),
        }
    }

    /// The action of a rule, and the words after it.
    fn action<'w>(
        &mut self,
        syntax: &mut Syntax<'_, '_>,
        phase: Phase,
        words: &'w [String],
        line: &Line,
    ) -> Option<(Action, &'w [String])> {
        let at = line.at;
        let (called, _) = calls(words.first()?, None);
        let call = called.into_iter().next()?;
        let word = |index: usize| words.get(index).map_or("", String::as_str);
        let from = |index: usize| words.get(index..).unwrap_or_default();
        let name = || word(1).to_ascii_lowercase();
        let action = match call.name.as_str() {
            "add-header" => (Action::AddHeader { name: name(), value: syntax.format(word(2), at) }, from(3)),
            "set-header" => (Action::SetHeader { name: name(), value: syntax.format(word(2), at) }, from(3)),
            "del-header" => {
                let named = if word(2) == "-m" { Matcher::parse(word(3)) } else { None };
                let matcher = named.unwrap_or(Matcher::Whole);
                let expression =
                    (matcher == Matcher::Expression).then(|| syntax.expression(word(1), true, at));
                let rest = from(if named.is_some() { 4 } else { 2 });
                (Action::DeleteHeader { name: Key { at, text: name(), expression }, matcher }, rest)
            }
            action @ ("replace-header" | "replace-value") => {
                let expression = syntax.expression(word(2), false, at);
                let value = syntax.format(word(3), at);
                let whole = action == "replace-header";
                (Action::ReplaceHeader { name: name(), expression, value, whole }, from(4))
            }
            "set-var" => {
                let value = NewValue::Sample(syntax.sample(word(1), at));
                (set_variable(&call.arguments, value), from(2))
            }
            "set-var-fmt" => {
                let value = NewValue::Format(syntax.format(word(1), at));
                (set_variable(&call.arguments, value), from(2))
            }
            "unset-var" => (Action::UnsetVariable(call.argument(0).trim().to_owned()), from(1)),
            "capture" => {
                let sample = syntax.sample(word(1), at);
                let number = word(3).parse().unwrap_or(0);
                let slot = if word(2) == "len" {
                    self.proxy.captures.push(Capture { header: None, length: number });
                    self.proxy.captures.len().saturating_sub(1)
                } else {
                    number
                };
                // Responses are captured into slots of their own, which nothing here reads.
                if phase != Phase::Request {
                    return None;
                }
                (Action::Capture { sample, slot }, from(4))
            }
            "set-path" | "set-pathq" | "set-uri" => (Action::SetPath(syntax.format(word(1), at)), from(2)),
            "replace-path" | "replace-pathq" | "replace-uri" => {
                let expression = syntax.expression(word(1), false, at);
                (Action::ReplacePath { expression, value: syntax.format(word(2), at) }, from(3))
            }
            "normalize-uri" if word(1) == "path-merge-slashes" => (Action::MergeSlashes, from(2)),
            "normalize-uri" => return None,
            "set-method" => (Action::SetMethod(syntax.format(word(1), at)), from(2)),
            "set-status" => {
                let rest = if word(2) == "reason" { from(4) } else { from(2) };
                (Action::SetStatus(word(1).parse().ok()?), rest)
            }
            "allow" => (Action::Allow, from(1)),
            action @ ("return" | "deny" | "tarpit" | "reject" | "silent-drop" | "auth") => {
                let status = match action {
                    "return" => 200,
                    "tarpit" => 500,
                    "auth" => 401,
                    _ if phase == Phase::Request => 403,
                    _ => 502,
                };
                reply(syntax, status, action != "return", from(1), at)
            }
            "redirect" => redirect(syntax, from(1), at)?,
            "use-service" => {
                if word(1).starts_with("lua.") && answers_preflights(from(2)) {
                    let message = format!(
                        "What the Lua service `{}` answers is not known here, so the headers that it sends are not in the policy.",
                        word(1)
                    );
                    syntax.not_read(at, message);
                }
                (Action::Service, from(2))
            }
            "lua.cors" if phase == Phase::Request => {
                let (arguments, rest) = until_condition(from(1));
                (Action::LuaRequest(lua::arguments(syntax, arguments, false, at)), rest)
            }
            "lua.cors" => {
                let (arguments, rest) = until_condition(from(1));
                let first_version =
                    (arguments.len() >= 2).then(|| lua::arguments(syntax, arguments, true, at));
                (Action::LuaResponse(first_version), rest)
            }
            other if WITHOUT_EFFECT.contains(&other) => return None,
            other => {
                if says_cors(line) {
                    let message = format!(
                        "The action `{other}` of `{}` is not understood, so it is left out.",
                        phase.keyword()
                    );
                    syntax.not_read(at, message);
                }
                return None;
            }
        };
        Some(action)
    }

    /// `block if ...`
    pub(super) fn old_block(&mut self, syntax: &mut Syntax<'_, '_>, line: &Line) {
        let (action, rest) = reply(syntax, 403, true, line.from(1), line.at);
        let condition = syntax.condition(rest, line.at);
        self.proxy.request.push(Arc::new(Rule { at: line.at, action, condition }));
    }

    /// `redirect` without `http-request`: it comes after the rules.
    pub(super) fn old_redirect(&mut self, syntax: &mut Syntax<'_, '_>, line: &Line) {
        let Some((action, rest)) = redirect(syntax, line.from(1), line.at) else { return };
        let condition = syntax.condition(rest, line.at);
        self.later_request.push(Arc::new(Rule { at: line.at, action, condition }));
    }

    /// `rspadd`, `reqidel` and so on.
    pub(super) fn old_rule(&mut self, syntax: &mut Syntax<'_, '_>, line: &Line) {
        let at = line.at;
        let first = line.word(0);
        let of_request = first.starts_with("req");
        let (kind, ignores_case) = match first.get(3..) {
            Some(kind) if kind.starts_with('i') => (kind.get(1..).unwrap_or_default(), true),
            kind => (kind.unwrap_or_default(), false),
        };
        let (action, rest) = match kind {
            "add" => {
                let Some((name, value)) = line.word(1).split_once(':') else { return };
                let (name, value) = (name.trim().to_ascii_lowercase(), text(value.trim()));
                (Action::AddHeader { name, value }, line.from(2))
            }
            "del" => (Action::DeleteLines(syntax.expression(line.word(1), ignores_case, at)), line.from(2)),
            "rep" => {
                let expression = syntax.expression(line.word(1), ignores_case, at);
                (Action::ReplaceLines { expression, value: line.word(2).to_owned() }, line.from(3))
            }
            _ => {
                if says_cors(line) {
                    syntax.not_read(at, format!("`{first}` is not understood, so it is left out."));
                }
                return;
            }
        };
        if says_cors(line) {
            let message = format!("HAProxy does not start with `{first}` since version 2.1.");
            let noted = Noted::new(NoteKind::Dead, "without-effect", at, message);
            let keyword = if of_request { "http-request" } else { "http-response" };
            syntax.notes.push(noted.instead(match &action {
                Action::AddHeader { name, value } => format!(
                    "Write `{keyword} add-header {} \"{}\"`.",
                    header_name(name),
                    value.literal().unwrap_or_default()
                ),
                Action::DeleteLines(_) => format!("Write `{keyword} del-header` with the header's name."),
                _ => format!("Write `{keyword} replace-header` with the header's name."),
            }));
        }
        let condition = syntax.condition(rest, at);
        let rule = Arc::new(Rule { at, action, condition });
        check(syntax, if of_request { Phase::Request } else { Phase::Response }, &rule);
        if of_request {
            self.later_request.push(rule);
        } else {
            self.later_response.push(rule);
        }
    }
}

/// Whether a service answers every request, or preflights.
fn answers_preflights(condition: &[String]) -> bool {
    condition.is_empty()
        || condition.iter().any(|word| {
            let word = word.to_ascii_lowercase();
            ["options", "origin", "cors", "preflight"].iter().any(|part| word.contains(part))
        })
}

fn set_variable(arguments: &[String], value: NewValue) -> Action {
    let mut arguments = arguments.iter().map(|argument| argument.trim().to_owned());
    Action::SetVariable { name: arguments.next().unwrap_or_default(), only: arguments.collect(), value }
}

/// The words before `if` or `unless`, and those from it on.
fn until_condition(words: &[String]) -> (&[String], &[String]) {
    let end = words.iter().position(|word| word == "if" || word == "unless").unwrap_or(words.len());
    words.split_at_checked(end).unwrap_or((words, &[]))
}

/// The arguments of `return`, `deny` and so on.
fn reply<'w>(
    syntax: &mut Syntax<'_, '_>,
    status: u16,
    is_error: bool,
    words: &'w [String],
    at: At,
) -> (Action, &'w [String]) {
    let mut reply = Reply { status, headers: Vec::new(), file: None, is_error };
    let mut index = 0_usize;
    loop {
        let word = |offset: usize| words.get(index.saturating_add(offset)).map_or("", String::as_str);
        let used = match word(0) {
            "status" | "deny_status" => {
                reply.status = word(1).parse().unwrap_or(reply.status);
                2
            }
            "hdr" => {
                let value = syntax.format(word(2), at);
                reply.headers.push((word(1).to_ascii_lowercase(), value));
                3
            }
            "errorfile" => {
                reply.file = Some(error_file(syntax, word(1), at));
                2
            }
            "content-type" | "string" | "lf-string" | "file" | "lf-file" | "errorfiles" | "realm" => 2,
            "default-errorfiles" => 1,
            _ => break,
        };
        // What is given a body, is no error page.
        reply.is_error &= !matches!(word(0), "string" | "lf-string" | "file" | "lf-file");
        index = index.saturating_add(used);
    }
    (Action::Reply(reply), words.get(index..).unwrap_or_default())
}

fn redirect<'w>(syntax: &mut Syntax<'_, '_>, words: &'w [String], at: At) -> Option<(Action, &'w [String])> {
    let (arguments, rest) = until_condition(words);
    let after = |name: &str| {
        let position = arguments.iter().position(|word| word == name)?;
        arguments.get(position.saturating_add(1))
    };
    let status = after("code").and_then(|code| code.parse().ok()).unwrap_or(302);
    let (to, value) = [
        (Redirect::Location, after("location")),
        (Redirect::Prefix, after("prefix")),
        (Redirect::Scheme, after("scheme")),
    ]
    .into_iter()
    .find_map(|(to, value)| Some((to, value?)))?;
    Some((Action::Redirect { status, to, value: syntax.format(value, at) }, rest))
}

/// The header that a rule sets or adds.
pub(super) fn set_name(rule: &Rule) -> Option<&str> {
    match &rule.action {
        Action::AddHeader { name, .. } | Action::SetHeader { name, .. } => Some(name),
        _ => None,
    }
}

/// Says what in a rule can never have an effect.
fn check(syntax: &mut Syntax<'_, '_>, phase: Phase, rule: &Rule) {
    if let (Some(unknown), true) = (
        rule.samples().into_iter().find_map(|sample| sample.unknown().map(str::to_owned)),
        rule.is_about_cors() && phase != Phase::Request,
    ) {
        syntax.not_read(
            rule.at,
            format!("`{unknown}` is not understood, so its value is taken as an empty one."),
        );
    }
    if !rule.is_about_cors() {
        return;
    }
    let dead = |message: String, instead: String| {
        Noted::new(NoteKind::Dead, "without-effect", rule.at, message).instead(instead)
    };
    let set = set_name(rule);
    if let Some(bare) = set.and_then(|name| name.strip_suffix(':')).map(header_name) {
        let message =
            format!("The colon becomes a part of the header's name, and no browser knows `{bare}:`.");
        syntax.notes.push(dead(message, format!("Write `{bare}` without the colon.")));
    } else if let (Phase::Request, Some(name)) = (phase, set)
        && !name.starts_with("access-control-request-")
    {
        let message = format!(
            "`http-request` sets `{}` in the request that goes to the server. Browsers read it in responses, and never see this one.",
            header_name(name)
        );
        let instead =
            "Write `http-after-response` instead of `http-request`, or `http-response` before version 2.2.";
        syntax.notes.push(dead(message, instead.to_owned()));
    }
    if phase == Phase::Request {
        return;
    }
    if let Some(gone) = rule.samples().into_iter().find(|sample| sample.is_of_request()) {
        let message = format!(
            "The value needs something that only the request has, and `{}` comes when the request is gone. HAProxy does not start with this line.",
            phase.keyword()
        );
        let is_origin = matches!(&gone.fetch, Fetch::Header(header) if header.name == "origin");
        let instead = if is_origin {
            "Keep the value in a variable: `http-request set-var(txn.origin) req.hdr(origin)`. Send `%[var(txn.origin)]` here, if it is one of your own pages: `if { var(txn.origin) -m str https://app.example.com }`."
        } else {
            "Keep the value in a variable with `http-request set-var(txn.kept)`, and send `%[var(txn.kept)]` here."
        };
        syntax.notes.push(dead(message, instead.to_owned()));
    }
}

/// A header value that is only text.
pub(super) fn literal(value: &Format) -> Option<String> {
    value.literal().filter(|text| !text.is_empty())
}
