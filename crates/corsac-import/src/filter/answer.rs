//! What a filter answers.

use std::rc::Rc;

use corsac::header::names::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, VARY,
};

use super::{Allowed, Application, Behaviour, Checks, Filter, Matcher, Names, Refusal, Star, Varies};
use crate::files::At;
use crate::server::{Answer, Asked, Line};

/// A request, as far as filters look at it.
struct Request {
    origin: Option<String>,
    is_preflight: bool,
    /// The method that a page wants to use.
    method: String,
    headers: Option<String>,
}

impl Request {
    fn new(asked: &Asked<'_>, behaviour: &Behaviour) -> Self {
        let wanted = asked.header(ACCESS_CONTROL_REQUEST_METHOD).filter(|method| !method.is_empty());
        let origin = asked.header("Origin").filter(|origin| !origin.is_empty());
        let is_options = asked.method == "OPTIONS";
        let is_complete = is_options && wanted.is_some() && origin.is_some();
        let is_own = behaviour.knows_itself
            && origin.as_deref().is_some_and(|origin| is_own(origin, asked.scheme, asked.host));
        Self {
            origin: origin.filter(|_| !is_own),
            is_preflight: if behaviour.any_options { is_options } else { is_complete && !is_own },
            method: wanted.filter(|_| is_options).unwrap_or_else(|| asked.method.to_owned()),
            headers: asked.header(ACCESS_CONTROL_REQUEST_HEADERS).filter(|headers| !headers.is_empty()),
        }
    }

    fn header_names(&self) -> Vec<&str> {
        let headers = self.headers.as_deref().unwrap_or_default();
        headers.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
    }
}

fn is_own(origin: &str, scheme: &str, host: &str) -> bool {
    origin.split_once("://").is_some_and(|(own, rest)| own == scheme && rest.eq_ignore_ascii_case(host))
}

/// The answer of filters of which the first that allows the request counts.
pub(super) fn answer(filters: &[Rc<Filter>], behaviour: &Behaviour, asked: &Asked<'_>) -> Answer {
    let request = Request::new(asked, behaviour);
    let Some(first) = filters.first() else { return passed_on(asked, Vec::new(), Application::Replaced) };
    if let Some(status) = behaviour.incomplete
        && asked.method == "OPTIONS"
        && (request.origin.is_none() || asked.header(ACCESS_CONTROL_REQUEST_METHOD).is_none())
    {
        return Answer { status, answered_at: Some(first.at), lines: Vec::new() };
    }
    let found = filters.iter().find_map(|filter| Some((filter, filter.allowed(&request, behaviour.checks)?)));
    let (filter, allowed) = match found {
        Some((filter, allowed)) => (filter, Some(allowed)),
        None => {
            let refusal = match (&request.origin, request.is_preflight) {
                (None, _) => behaviour.without_origin,
                (Some(_), true) => behaviour.refused_preflight,
                (Some(_), false) => behaviour.refused,
            };
            let vary = vary(behaviour, &request, first.at, false);
            match refusal {
                Refusal::PassedOn => return passed_on(asked, vary, Application::Replaced),
                Refusal::Answered(status) => {
                    return Answer { status, answered_at: Some(first.at), lines: vary };
                }
                Refusal::OriginLeftOut => (first, None),
            }
        }
    };
    let mut lines = filter.lines(&request, allowed, behaviour);
    lines.extend(vary(behaviour, &request, filter.at, allowed.is_some()));
    match behaviour.answers.filter(|_| request.is_preflight) {
        Some(status) => Answer { status, answered_at: Some(filter.at), lines },
        None => passed_on(asked, lines, behaviour.application),
    }
}

impl Filter {
    /// The entry that allows the request, if the filter does.
    fn allowed(&self, request: &Request, checks: Checks) -> Option<&Allowed> {
        let origin = request.origin.as_deref();
        let allowed = self.origins.iter().find(|allowed| allowed.matcher.matches(origin))?;
        let is_method = |name: &String| *name == request.method;
        let checked_method = match &self.methods {
            Names::Unset => false,
            Names::Asked { .. } => true,
            Names::Listed { names, .. } => names.iter().any(is_method),
        };
        let asked = request.header_names();
        let headers = || asked.iter().filter(|name| self.takes(name));
        let checked_headers = match checks {
            _ if !request.is_preflight || asked.is_empty() => true,
            Checks::Nothing => true,
            Checks::SomeHeader => headers().next().is_some(),
            Checks::AllHeaders => headers().count() == asked.len(),
        };
        (checks == Checks::Nothing || (checked_method && checked_headers)).then_some(allowed)
    }

    /// Returns `true` if this request header is in the list.
    fn takes(&self, name: &str) -> bool {
        match &self.headers {
            Names::Unset => false,
            Names::Asked { .. } => true,
            Names::Listed { names, .. } => names.iter().any(|listed| {
                let pattern = listed.to_ascii_lowercase();
                Matcher::Glob { pattern, star: Star::Anything }.matches(Some(&name.to_ascii_lowercase()))
            }),
        }
    }

    fn lines(&self, request: &Request, allowed: Option<&Allowed>, behaviour: &Behaviour) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut add = |name: &str, value: &str, at: At| {
            lines.push(Line { name: name.to_owned(), value: value.to_owned(), at: Some(at) });
        };
        let mut is_star = false;
        if let Some(allowed) = allowed {
            let sent = allowed.sent.as_deref().or(request.origin.as_deref());
            is_star = sent == Some("*");
            if let Some(sent) = sent {
                add(ACCESS_CONTROL_ALLOW_ORIGIN, sent, allowed.at);
            }
        }
        if let Some(at) = self.credentials
            && !(is_star && behaviour.star_without_credentials)
        {
            add(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true", at);
        }
        if request.is_preflight || behaviour.lists_everywhere {
            match &self.methods {
                Names::Listed { sent, at, .. } => add(ACCESS_CONTROL_ALLOW_METHODS, sent, *at),
                Names::Asked { at } => add(ACCESS_CONTROL_ALLOW_METHODS, &request.method, *at),
                Names::Unset => {}
            }
            // Who checks the headers names those that were asked for.
            let taken: Vec<&str> =
                request.header_names().into_iter().filter(|name| self.takes(name)).collect();
            match (&self.headers, behaviour.checks) {
                (Names::Asked { at }, Checks::Nothing) => {
                    if let Some(headers) = &request.headers {
                        add(ACCESS_CONTROL_ALLOW_HEADERS, headers, *at);
                    }
                }
                (Names::Listed { sent, at, .. }, Checks::Nothing) => {
                    add(ACCESS_CONTROL_ALLOW_HEADERS, sent, *at);
                }
                (Names::Asked { at } | Names::Listed { at, .. }, _) if !taken.is_empty() => {
                    add(ACCESS_CONTROL_ALLOW_HEADERS, &taken.join(", "), *at);
                }
                _ => {}
            }
            if let Some(age) = &self.max_age {
                add(ACCESS_CONTROL_MAX_AGE, &age.text, age.at);
            }
        }
        if let Some(exposed) = &self.exposed
            && (!request.is_preflight || behaviour.exposes_to_preflights)
        {
            add(ACCESS_CONTROL_EXPOSE_HEADERS, &exposed.text, exposed.at);
        }
        lines
    }
}

fn vary(behaviour: &Behaviour, request: &Request, at: At, is_allowed: bool) -> Vec<Line> {
    let is_sent = |varies: &Varies| match varies {
        Varies::Always => true,
        Varies::Preflights => request.is_preflight,
        Varies::Requests => !request.is_preflight,
        Varies::Allowed => is_allowed,
    };
    let lines = behaviour.vary.iter().filter(|(_, varies)| is_sent(varies));
    lines.map(|(value, _)| Line { name: VARY.to_owned(), value: (*value).to_owned(), at: Some(at) }).collect()
}

/// The answer of what is behind, with these lines.
pub(super) fn passed_on(asked: &Asked<'_>, lines: Vec<Line>, application: Application) -> Answer {
    let own = asked.behind.headers.iter().map(|(name, value)| Line {
        name: name.clone(),
        value: value.clone(),
        at: None,
    });
    let is_in = |lines: &[Line], name: &str| {
        !name.eq_ignore_ascii_case(VARY) && lines.iter().any(|line| line.name.eq_ignore_ascii_case(name))
    };
    let mut own: Vec<Line> = own.collect();
    let mut lines = lines;
    match application {
        Application::Replaced => own.retain(|line| !is_in(&lines, &line.name)),
        Application::Kept => lines.retain(|line| !is_in(&own, &line.name)),
        Application::Doubled => {}
    }
    lines.extend(own);
    Answer { status: asked.behind.status, answered_at: None, lines }
}
