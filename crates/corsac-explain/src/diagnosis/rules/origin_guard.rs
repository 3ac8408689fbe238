//! A check that is not the CORS layer refuses the origin, such as a CSRF check, or the origin check of a notebook or socket server.

use corsac::browser::{Refusal, ResponseHead, Stage};

use super::origin_refused::succeeds_for_others;
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Body, Evidence, depends_on_origin};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "origin-guard",
        title: "An origin or CSRF check that is not the CORS layer refuses the page",
        what: "The server has a check against forged requests (CSRF): it compares `Origin`, `Referer` or `Host` with \
               values that it knows, or requires a token. It is separate from the CORS layer, and may answer with \
               any status, such as 401, 403, 404 or 421. Corsac recognizes it by the body, or because the same \
               request succeeds without `Origin` or from the server's own origin.",
        fix: "Add the page's origin to the list of that check, or send the token that it requires. Do not disable \
              the check: it keeps other sites from acting on behalf of a user who is logged in.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

/// A check that can be recognized by its error message.
pub(crate) struct Guard {
    signs: &'static [&'static str],
    /// What it refuses.
    refuses: &'static str,
    /// What to change. `ORIGIN` is replaced by the page's origin.
    fix: &'static str,
}

const GUARDS: &[Guard] = &[
    Guard {
        signs: &["Origin checking failed", "Referer checking failed"],
        refuses: "the origin",
        fix: "Add `ORIGIN` to `CSRF_TRUSTED_ORIGINS` in Django's settings.",
    },
    Guard {
        signs: &["POST form submissions are forbidden"],
        refuses: "the origin of a form",
        fix: "Add `ORIGIN` to the origins that the framework trusts (`csrf.trustedOrigins` in SvelteKit), or send \
              JSON: this check applies to forms. If the page belongs to the server itself, configure the server's \
              public URL.",
    },
    Guard {
        signs: &["ross-origin request detected"],
        refuses: "the origin",
        fix: "Add `ORIGIN` to the trusted origins of the check: `AddTrustedOrigin(\"ORIGIN\")` for Go's \
              `http.CrossOriginProtection`.",
    },
    Guard {
        signs: &["Upgrader.CheckOrigin"],
        refuses: "the origin",
        fix: "Make `CheckOrigin` of the server's `websocket.Upgrader` compare `Origin` with a list that contains \
              `ORIGIN`.",
    },
    Guard {
        signs: &["match request.base_url"],
        refuses: "the origin",
        fix: "If the page belongs to the server itself, make the proxy forward `Host` and `X-Forwarded-Proto`, from \
              which Rails builds its own URL. For a page on another site, provide an API that uses a token instead \
              of the session's cookie.",
    },
    Guard {
        signs: &["INVALID_ORIGIN"],
        refuses: "the origin",
        fix: "Add `ORIGIN` to the trusted origins of the login library (`trustedOrigins` in Better Auth).",
    },
    Guard {
        signs: &["Invalid Origin header"],
        refuses: "the origin",
        fix: "Add `ORIGIN` to the allowed origins of the server's transport (`allowedOrigins` or `allowed_origins` \
              in the SDKs of the Model Context Protocol).",
    },
    Guard {
        signs: &["Invalid Server Actions request"],
        refuses: "the origin",
        fix: "Add the page's host to `serverActions.allowedOrigins` in the configuration of Next.js.",
    },
    Guard {
        signs: &["Blocking Cross Origin", "Blocking request from unknown origin"],
        refuses: "the origin",
        fix: JUPYTER,
    },
    Guard {
        signs: &[
            "Invalid Host header",
            "Blocked request. This host",
            "Blocked hosts",
            "Blocked host:",
            "invalid host specified",
        ],
        refuses: "the host name in the URL",
        fix: "Add the host to the server's list of allowed hosts (`allowedHosts` or a similar setting).",
    },
    Guard {
        signs: &[
            "CSRF verification failed",
            "CSRF Failed",
            "CSRF token",
            "csrf token",
            "CSRF Token",
            "csrf_token",
            "'_xsrf' argument",
            "rest_cookie_invalid_nonce",
        ],
        refuses: "a request without its token",
        fix: "Send the token that the check requires with the request, together with its cookie (`credentials: \
              \"include\"`), and add `ORIGIN` to the trusted origins if there is such a list.",
    },
];

const JUPYTER: &str = "Allow the origin in Jupyter's configuration: `c.ServerApp.allow_origin = \"ORIGIN\"`. Then \
                       restart the server.";

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    if !refusal.reason.code().is_cors() {
        return None;
    }
    let (exchange, response) = evidence.refused(refusal)?;
    let body = evidence.refused_body(refusal);
    let asked = if refusal.stage == Stage::Preflight { "preflight" } else { exchange.method.as_str() };
    let (confidence, refuses, seen, fix) = if let Some((guard, line)) = named(response, body) {
        (Confidence::Certain, guard.refuses, vec![format!("The body says {line}.")], guard.fix)
    } else {
        let (confidence, seen) = by_contrast(evidence, refusal)?;
        let is_jupyter =
            response.headers.text("server").is_some_and(|server| server.starts_with("TornadoServer"))
                && body.is_some_and(|body| body.line_with(&["\"reason\""]).is_some());
        let fix = if is_jupyter { JUPYTER } else { OF_UNKNOWN };
        (confidence, "the origin", seen, fix)
    };
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Application,
        confidence,
        is_cors: false,
        title: format!(
            "A check on the server, which is not its CORS layer, refuses {refuses}: it answers the {asked} from {} \
             with status {}.",
            refusal.origin, response.status
        ),
        evidence: seen,
        fix: fix_for(&refusal.origin, fix),
    })
}

const OF_UNKNOWN: &str = "Add `ORIGIN` to the list of the server's own origin check, a setting with a name like \
                          allowed or trusted origins. It is separate from the CORS settings. Do not disable the \
                          check.";

fn fix_for(origin: &str, fix: &str) -> Fix {
    if origin == "null" {
        return Fix::new(
            "Serve the page over http or https, so that it has an origin, and allow that one. Do not allow `null`: \
             every sandboxed frame has that origin.",
            Vec::new(),
        );
    }
    Fix::new(fix.replace("ORIGIN", origin), Vec::new())
}

/// Returns the check that an error response comes from, and the line of its body that shows it.
pub(crate) fn named(response: &ResponseHead, body: Option<Body<'_>>) -> Option<(&'static Guard, String)> {
    let body = body.filter(|_| response.status >= 400)?;
    GUARDS.iter().find_map(|guard| Some((guard, body.line_with(guard.signs)?)))
}

impl Guard {
    /// Returns what it refuses, and what to change for this origin.
    pub(crate) fn advice(&self, origin: &str) -> (&'static str, String) {
        (self.refuses, fix_for(origin, self.fix).text)
    }
}

/// Recognizes a check by a status that CORS layers do not use, if the request succeeds without `Origin` or from another origin. Returns how
/// certain that is, and the evidence.
pub(super) fn by_contrast(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<(Confidence, Vec<String>)> {
    let (exchange, response) = evidence.refused(refusal)?;
    let is_of_a_guard = matches!(response.status, 401 | 404 | 421);
    if !is_of_a_guard || evidence.knows_cors(response) || depends_on_origin(response) {
        return None;
    }
    let others: Vec<_> = succeeds_for_others(evidence, exchange.kind)
        // A server that answers `OPTIONS` with 404 may well answer GET with 200 for every origin.
        .filter(|(whose, _)| refusal.stage != Stage::Preflight || *whose != WITHOUT)
        .collect();
    let seen = others
        .iter()
        .map(|(whose, control)| format!("The same request {whose} gets status {}.", control.status));
    let confidence = match others.len() {
        0 => return None,
        1 => Confidence::Likely,
        _ => Confidence::Certain,
    };
    Some((confidence, seen.collect()))
}

pub(super) const WITHOUT: &str = "without `Origin`";
