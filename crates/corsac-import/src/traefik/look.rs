//! What can be said about middlewares and routers by reading them alone: settings that Traefik does not have, and what depends on more than a policy can say.

use super::declared::{Everything, Setting};
use super::headers::Headers;
use super::{Action, Configuration};
use crate::files::At;
use crate::headers::is_of_cors;
use crate::note::{NoteKind, Noted};

/// The settings for CORS that the middleware has.
const SETTINGS: &[&str] = &[
    "accesscontrolallowcredentials",
    "accesscontrolallowheaders",
    "accesscontrolallowmethods",
    "accesscontrolalloworiginlist",
    "accesscontrolalloworiginlistregex",
    "accesscontrolexposeheaders",
    "accesscontrolmaxage",
];

impl Configuration {
    pub(super) fn not_read(&mut self, at: At, text: &str) {
        let why = format!(
            "What the variable in `{text}` is set to does not stand in the file, so its value is not read."
        );
        self.notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", at, why));
    }

    fn without_effect(&mut self, at: At, why: impl Into<String>, instead: impl Into<String>) {
        self.notes.push(Noted::new(NoteKind::Dead, "without-effect", at, why).instead(instead));
    }

    /// Settings of a middleware for headers.
    pub(super) fn look_at_settings(&mut self, settings: &[Setting], headers: &Headers) {
        let mut is_unknown = false;
        for setting in settings {
            let (key, name) = (setting.key(), &setting.original);
            let is_of_request = name.to_ascii_lowercase().starts_with("access-control-request-");
            if key == "customrequestheaders" && is_of_cors(name) && !is_of_request {
                let why = format!(
                    "`{name}` is set on the request here. Browsers look for it in the response, which stays without it."
                );
                self.without_effect(setting.at, why, "Use the settings that begin with `accessControl`.");
            } else if key.starts_with("accesscontrol") && !SETTINGS.contains(&key) {
                is_unknown = true;
                let why = format!(
                    "The middleware has no setting `{name}`, and Traefik does without the configuration that it is in."
                );
                let instead = if key == "accesscontrolalloworigin" {
                    "Write `accessControlAllowOriginList`."
                } else {
                    "Its settings for CORS are `accessControlAllowOriginList`, `accessControlAllowOriginListRegex`, `accessControlAllowMethods`, `accessControlAllowHeaders`, `accessControlExposeHeaders`, `accessControlAllowCredentials` and `accessControlMaxAge`."
                };
                self.without_effect(setting.at, why, instead);
            }
        }
        if let Some(at) = headers.without_origins().filter(|_| !is_unknown) {
            let why = "Without `accessControlAllowOriginList` no origin is allowed, so what else is allowed here has no effect.";
            self.without_effect(at, why, "List the origins in `accessControlAllowOriginList`.");
        }
    }

    /// Routers whose requests cannot be told by host and path alone, and what decides before their headers.
    pub(super) fn look_at_routers(&mut self, everything: &Everything) {
        let mut notes = Vec::new();
        for router in self.routers.iter().filter(|router| self.is_about_cors(router)) {
            if let Some(what) = router.rule.untried() {
                let why = format!(
                    "Which requests this router takes depends on {what}. A policy cannot say that, and no request that was tried fulfils it."
                );
                notes.push(Noted::new(NoteKind::NotExpressible, "line-not-read", router.at, why));
            }
            let mut passed = None;
            for middleware in router.middlewares.iter().filter_map(|number| self.middlewares.get(*number)) {
                match &middleware.action {
                    Action::AuthenticateElsewhere => passed = passed.or(Some(middleware.at)),
                    Action::Headers(headers) if headers.has_cors() => {
                        let Some(at) = passed else { break };
                        let why = "Preflights are passed on to the server that `forwardAuth` asks, before the headers of CORS are there, and browsers send them without cookies and without `Authorization`. Unless that server answers them with 200 to 299, browsers refuse every request that needs one.";
                        notes.push(Noted::new(NoteKind::Fragile, "preflight-passed-on", at, why).instead(
                            "Name the middleware for CORS before this one: it answers preflights itself.",
                        ));
                        break;
                    }
                    _ => {}
                }
            }
        }
        self.notes.extend(notes);
        for setting in everything.routers.iter().flat_map(|router| &router.settings) {
            if setting.kind() == "tls" && setting.key() == "middlewares" {
                let why = "`middlewares` stands inside of `tls`, which has no such setting. The router has no middlewares.";
                self.without_effect(
                    setting.at,
                    why,
                    "Put it before the table or the block of `tls`, at the router itself.",
                );
            }
        }
        for at in &everything.of_version_1 {
            let why = "This label is of Traefik 1. Traefik 2 and 3 do not read it.";
            self.without_effect(*at, why, "Write `traefik.http.middlewares.cors.headers.accessControlAllowOriginList=https://app.example.com`, and name the middleware at the router.");
        }
    }
}
