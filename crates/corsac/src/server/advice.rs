//! What to write in a policy so that it allows a request: everything at once, and nothing that the checks would report.

use super::check::check;
use super::config::PolicyConfig;
use super::decision::Decision;
use super::explanation::{MissingMethod, first_problem, is_inexact, printable};
use super::lookalike::lookalike;
use super::origins::Origins;
use super::policy::Policy;
use super::problem::{Problem, ProblemCode};
use super::refusal::PolicyRefusal;
use super::request::{RequestHeader, RequestHeaders, RequestKind};

impl<H: RequestHeaders> Decision<'_, H> {
    /// Returns what to write in the policy so that the page may send this request and read its response, as far as that is safe: the origin,
    /// the method, every request header, and `credentials` if the request has credentials (`with_credentials`; a preflight does not show
    /// that). Returns `None` if nothing is missing, or if no browser sends such a request.
    ///
    /// The advice is for a person who wants this request to work. It is not part of [`explain`](Self::explain), because most refusals in a log
    /// are intended.
    ///
    /// ```
    /// use corsac::server::{Policy, Request};
    /// use http::{HeaderMap, HeaderValue, Method};
    ///
    /// let policy = Policy::builder(["https://app.example"]).build().unwrap();
    /// let mut preflight = HeaderMap::new();
    /// preflight.insert("origin", HeaderValue::from_static("https://shop.example"));
    /// preflight.insert("access-control-request-method", HeaderValue::from_static("PUT"));
    /// assert_eq!(
    ///     policy.decide(&Request::new(&Method::OPTIONS, &preflight)).advice(true).unwrap(),
    ///     "If these pages may send this request, add `https://shop.example` to `origins`, add `PUT` to `methods`, and write \
    ///      `credentials = true`.",
    /// );
    /// ```
    pub fn advice(&self, with_credentials: bool) -> Option<String> {
        let refusal = self.refusal();
        let can_be_allowed = matches!(
            refusal,
            None | Some(
                PolicyRefusal::OriginNotAllowed
                    | PolicyRefusal::OriginNull
                    | PolicyRefusal::MethodNotAllowed
                    | PolicyRefusal::HeaderNotAllowed
            )
        );
        if !can_be_allowed || self.kind() == RequestKind::WithoutOrigin {
            return None;
        }
        let quoted = |header| printable(self.request().first(header).unwrap_or_default());
        let origin = quoted(RequestHeader::Origin);
        let mut advice = Advice::new(self.policy());
        if with_credentials {
            advice.allow_credentials(&origin);
        }
        match refusal {
            Some(PolicyRefusal::OriginNotAllowed) => advice.allow_origin(&origin),
            Some(PolicyRefusal::OriginNull) => {
                advice.say("Rather than allowing `null`, give the page an origin of its own.");
            }
            _ => {}
        }
        if self.kind() == RequestKind::Preflight {
            advice.allow_method(&quoted(RequestHeader::AccessControlRequestMethod));
            for name in self.refused_headers() {
                advice.allow_header(&name);
            }
        }
        advice.into_text()
    }
}

/// The advice so far.
struct Advice<'p> {
    policy: &'p Policy,
    /// The policy with the advised changes.
    config: PolicyConfig,
    /// Advice other than adding entries.
    sentences: Vec<String>,
    /// Entries to add to `origins`.
    origins: Vec<String>,
    /// Entries to add to `methods`.
    methods: Vec<String>,
    /// Entries to add to `request-headers`.
    headers: Vec<String>,
    /// Whether to write `credentials = true`.
    credentials: bool,
    /// Whether the script has to write the method in upper case.
    upper_case: bool,
}

impl<'p> Advice<'p> {
    fn new(policy: &'p Policy) -> Self {
        Self {
            policy,
            config: policy.config(),
            sentences: Vec::new(),
            origins: Vec::new(),
            methods: Vec::new(),
            headers: Vec::new(),
            credentials: false,
            upper_case: false,
        }
    }

    fn say(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    fn allow_credentials(&mut self, origin: &str) {
        if self.policy.allows_credentials() {
            return;
        }
        let mut changed = PolicyConfig { credentials: true, ..self.config.clone() };
        let any_origin = self.policy.allows_any_origin();
        if any_origin {
            changed.origins = vec![origin.to_owned()];
            self.say(
                "The request has credentials, and `*` in `origins` never covers those. Name the origins in `origins` and write \
                 `credentials = true`, or have the page send the request without credentials.",
            );
        }
        match self.new_problem(&changed) {
            Some(problem) => self.say(format!(
                "Credentials cannot be combined with `{}` in `{}`: {}.",
                printable(problem.value.as_bytes()),
                problem.place.key,
                problem.message
            )),
            None if any_origin => {}
            None => {
                self.credentials = true;
                self.config = changed;
            }
        }
    }

    fn allow_origin(&mut self, origin: &str) {
        let mut changed = self.config.clone();
        changed.origins.push(origin.to_owned());
        let problem = self.new_problem(&changed).filter(|problem| problem.place.key == "origins");
        if let Some((entry, owner)) = lookalike(self.policy, origin) {
            let only_if = match problem {
                None => format!(" Add it only if `{owner}` is also yours."),
                Some(_) => String::new(),
            };
            return self.say(format!("It resembles `{entry}`, but it belongs to `{owner}`.{only_if}"));
        }
        let Some(problem) = problem else {
            self.origins.push(origin.to_owned());
            self.config = changed;
            return;
        };
        let is_insecure =
            matches!(problem.code, ProblemCode::CredentialsInsecureOrigin | ProblemCode::OriginInsecure);
        if !is_insecure {
            return self.say(format!("It should not be added to `origins`: {}.", problem.message));
        }
        let secure = origin.replacen("http://", "https://", 1);
        let origins = &self.policy.compiled().origins;
        let instead = if matches!(origins, Origins::Listed(set) if set.holds(secure.as_bytes())) {
            format!(": `{secure}` is allowed already")
        } else {
            changed.origins.pop();
            changed.origins.push(secure.clone());
            match self.new_problem(&changed) {
                Some(_) => String::new(),
                None => format!(", and add `{secure}` to `origins` if its pages may read"),
            }
        };
        let why = if self.config.credentials {
            "With `credentials = true`, http origins are refused, because anybody on the network can change their pages"
        } else {
            "It is an http origin, and anybody on the network can change its pages"
        };
        self.say(format!("{why}. Serve the page over https{instead}."));
    }

    fn allow_method(&mut self, method: &str) {
        if self.policy.compiled().methods.allows(method.as_bytes()) {
            return;
        }
        match MissingMethod::of(self.policy, method) {
            MissingMethod::WrongCase(upper) => {
                self.say(format!("`{upper}` is allowed: the script has to write the method in upper case."));
            }
            MissingMethod::Entry(entry) => {
                self.upper_case = entry != method;
                self.config.methods.push(entry.clone());
                self.methods.push(entry);
            }
            MissingMethod::Never(why) => {
                self.say(format!("`{method}` cannot be added to `methods`: {why}."));
            }
            MissingMethod::Inexact => {}
        }
    }

    fn allow_header(&mut self, name: &str) {
        let config = PolicyConfig { request_headers: vec![name.to_owned()], ..PolicyConfig::default() };
        match first_problem(&config, "request-headers") {
            _ if is_inexact(name) || self.headers.iter().any(|known| known == name) => {}
            None => {
                self.config.request_headers.push(name.to_owned());
                self.headers.push(name.to_owned());
            }
            Some(problem) => {
                self.say(format!("`{name}` cannot be added to `request-headers`: {}.", problem.message));
            }
        }
    }

    /// Returns the first problem that the policy would have with the change and does not have yet.
    fn new_problem(&self, changed: &PolicyConfig) -> Option<Problem> {
        let known = self.policy.lints();
        let is_new = |problem: &Problem| {
            problem.code != ProblemCode::AcknowledgeUnused
                && !known.iter().any(|lint| (lint.code, &lint.value) == (problem.code, &problem.value))
        };
        check(changed).problems.into_iter().find(is_new)
    }

    /// Returns the advice as sentences; `None` if there is none.
    fn into_text(mut self) -> Option<String> {
        let lists =
            [("origins", &self.origins), ("methods", &self.methods), ("request-headers", &self.headers)];
        let mut steps: Vec<String> = Vec::new();
        for (key, entries) in lists.into_iter().filter(|(_, entries)| !entries.is_empty()) {
            let quoted: Vec<String> = entries.iter().map(|entry| format!("`{entry}`")).collect();
            steps.push(format!("add {} to `{key}`", quoted.join(", ")));
        }
        if self.credentials {
            steps.push("write `credentials = true`".to_owned());
        }
        if self.upper_case {
            steps.push("write the method in upper case in the script".to_owned());
        }
        if let Some(last) = steps.pop() {
            let steps = if steps.is_empty() { last } else { format!("{}, and {last}", steps.join(", ")) };
            self.sentences.push(format!("If these pages may send this request, {steps}."));
        }
        (!self.sentences.is_empty()).then(|| self.sentences.join(" "))
    }
}
