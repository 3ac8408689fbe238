//! What the whole of a configuration shows: policies that nothing reads, and routes that are for other requests.

use super::configuration::{Action, Table};
use super::read::Reader;
use crate::files::At;
use crate::note::{NoteKind, Noted};

impl Reader {
    /// Policies that nothing reads.
    pub(super) fn notes_about_filters(&mut self) {
        let one_has_it = self.managers.is_empty() || self.managers.contains(&true);
        for found in &mut self.tables {
            if !found.filters_are_known {
                found.table.has_filter = one_has_it;
            }
            if found.table.has_filter {
                continue;
            }
            for policy in found.table.all_policies() {
                let message = "The connection manager does not have the filter `envoy.filters.http.cors`, so nothing reads this policy.";
                self.notes.push(
                    Noted::new(NoteKind::Dead, "without-effect", policy.at, message)
                        .instead("Put `envoy.filters.http.cors` into `http_filters`, before the filters that may refuse a request."),
                );
            }
        }
        // Filters that refuse preflights matter where there are policies.
        let has_policy = self.tables.iter().any(|found| found.table.all_policies().next().is_some());
        self.about_filters.retain(|note| has_policy || note.code == "without-effect");
        self.notes.append(&mut self.about_filters);
        for found in &self.tables {
            self.notes.extend(notes_about_routes(&found.table));
            let hosts = found.table.hosts.iter().filter(|_| found.table.has_filter);
            for route in hosts.flat_map(|host| &host.routes) {
                if let (Some(policy), Action::Direct(_) | Action::Redirect(_)) =
                    (&route.policy, &route.action)
                {
                    let message = "The CORS filter does nothing for routes with `direct_response` or `redirect`, so this policy has no effect.";
                    self.notes.push(
                        Noted::new(NoteKind::Dead, "without-effect", policy.at, message)
                            .instead("Add the headers with `response_headers_to_add` at this route."),
                    );
                }
            }
        }
    }
}

/// A policy in the field `cors` that another one takes the place of.
pub(super) fn not_read_beside(at: At, by: At) -> Noted {
    let message = format!(
        "Envoy reads the field `cors` only if `typed_per_filter_config` has no policy, and line {} has one. So this has no effect.",
        by.line
    );
    Noted::new(NoteKind::Dead, "without-effect", at, message).instead("Leave it out.")
}

/// Policies of routes that nothing reads, and those of routes that ask for something which no request here has.
fn notes_about_routes(table: &Table) -> Vec<Noted> {
    let mut notes = Vec::new();
    for host in &table.hosts {
        let typed = host.policy.as_ref().or(table.policy.as_ref()).filter(|policy| policy.is_typed);
        for route in &host.routes {
            if let (Some(typed), Some(old)) = (typed, route.policy.as_ref().filter(|policy| !policy.is_typed))
            {
                notes.push(not_read_beside(old.at, typed.at));
            }
            let known = ["origin", "host", "access-control-request-method", "x-forwarded-proto"];
            let headers = route.headers_match.iter().filter(|condition| {
                !condition.inverted
                    && !condition.name.starts_with(':')
                    && !known.contains(&condition.name.as_str())
            });
            let mut asked: Vec<String> = route.asks_for.iter().map(|name| format!("`{name}`")).collect();
            asked.extend(headers.map(|condition| format!("the header `{}`", condition.name)));
            if route.is_about_cors() && !asked.is_empty() {
                let message = format!(
                    "This route asks for {} as well, which the requests that are tried here do not have. What it says about CORS is not in the policy.",
                    asked.join(" and ")
                );
                notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", route.at, message));
            }
        }
    }
    notes
}
