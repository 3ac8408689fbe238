//! A platform in front of the server answers in its place: with a warning, a login or a refusal of its own.

use corsac::browser::{Exchange, ExchangeKind, Refusal, ResponseHead, Stage};

use super::cached_copy::is_stored_copy;
use super::html_instead_of_data::{START_PAGES, is_page_where_data_was_asked};
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Body, Evidence, is_success, shown};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "platform-wall",
        title: "A platform in front of the server answered in its place",
        what: "A tunnel, a deployment protection, an access proxy or a platform's own check of who may call stands in front of the server, and \
               answered before the server saw the request: with status 401 or 403, or with a page for people and status 200. It is known by a \
               header or a text with which it names itself, or by a preflight that the server answered well just before.",
        fix: "Change the setting of that platform: let the API's paths through there, or send what the platform asks for. No CORS setting of \
              the server helps, since the server never sees the request.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

/// A wall that names itself.
struct Wall {
    /// Who answered, as the subject of a sentence.
    who: &'static str,
    signs: &'static [Sign],
    /// What to change where it answered the request itself.
    fix: &'static str,
    /// What to change where it answered the preflight.
    preflight_fix: &'static str,
}

enum Sign {
    /// A header, and what its value contains, in lower case.
    Header(&'static str, &'static str),
    /// A header that counts with status 401 or 403 only.
    OnRefusal(&'static str),
    /// What the body contains.
    Body(&'static str),
}

use Sign::{Body as Text, Header, OnRefusal};

const WALLS: &[Wall] = &[
    Wall {
        who: "ngrok's warning for visitors",
        signs: &[Header("ngrok-error-code", "err_ngrok_6024")],
        fix: "Send the request header `ngrok-skip-browser-warning` with any value, and add it to the headers that the server's CORS layer \
              allows. Or use a plan, or a tunnel, without that page.",
        preflight_fix: "Use a plan, or a tunnel, without that page: a preflight cannot carry the header that skips it.",
    },
    Wall {
        who: "ngrok itself",
        signs: &[Header("ngrok-error-code", "")],
        fix: "See that the tunnel runs, that the server behind it runs, and that the URL is the tunnel's present one.",
        preflight_fix: "See that the tunnel runs, that the server behind it runs, and that the URL is the tunnel's present one.",
    },
    Wall {
        who: "localtunnel's page for visitors",
        signs: &[Text("bypass-tunnel-reminder"), Text("tunnel password"), Text("Tunnel Password")],
        fix: "Send the request header `bypass-tunnel-reminder` with any value, and add it to the headers that the server's CORS layer allows. \
              Or use a tunnel without that page.",
        preflight_fix: "Use a tunnel without that page: a preflight cannot carry the header that skips it.",
    },
    Wall {
        who: "the dev tunnel's page for visitors",
        signs: &[Text("X-Tunnel-Skip-AntiPhishing-Page"), Text("X-Tunnel-Skip-Anti-Phishing-Page")],
        fix: "Send the request header `X-Tunnel-Skip-AntiPhishing-Page: true`, and add it to the headers that the server's CORS layer allows.",
        preflight_fix: "Use a tunnel without that page: a preflight cannot carry the header that skips it.",
    },
    Wall {
        who: "the dev tunnel's login",
        signs: &[Header("www-authenticate", "tunnel")],
        fix: "Make the forwarded port public (\"Port Visibility\" in the editor, `--allow-anonymous` on the command line).",
        preflight_fix: "Make the forwarded port public (\"Port Visibility\" in the editor, `--allow-anonymous` on the command line).",
    },
    Wall {
        who: "Pinggy's page for visitors",
        signs: &[Text("X-Pinggy-No-Screen")],
        fix: "Send the request header `X-Pinggy-No-Screen` with any value, and add it to the headers that the server's CORS layer allows.",
        preflight_fix: "Use a tunnel without that page: a preflight cannot carry the header that skips it.",
    },
    Wall {
        who: "Vercel's Deployment Protection",
        signs: &[Header("set-cookie", "_vercel_sso_nonce"), Text("Vercel Authentication")],
        fix: "Ask the production domain, which the protection leaves open by default. Or switch Deployment Protection off for this deployment \
              (project settings, Deployment Protection). A page cannot keep a bypass secret.",
        preflight_fix: "Add the API's path to the OPTIONS Allowlist (project settings, Deployment Protection), and let the request itself bring \
                        the visitor's login. Or switch the protection off for this deployment.",
    },
    Wall {
        who: "Cloudflare Access",
        signs: &[Header("www-authenticate", "cloudflare-access"), Text("cloudflareaccess.com")],
        fix: "Sign in to the application in a tab of its own, and send cookies along (`credentials: \"include\"`); set its CORS settings in Access so \
              that they allow the page's origin with credentials. Or add a Bypass policy for the API's path.",
        preflight_fix: "Set CORS in the settings of the Access application, so that Access answers preflights, or let it bypass `OPTIONS` requests to the \
                        origin.",
    },
    Wall {
        who: "Google's Identity-Aware Proxy",
        signs: &[Header("x-goog-iap-generated-response", "")],
        fix: "Sign in again in a tab of its own, and send cookies along (`credentials: \"include\"`). An API that everybody may call must not be \
              behind the proxy.",
        preflight_fix: "Let the proxy pass preflights on: `corsSettings: {allowHttpOptions: true}` in its access settings.",
    },
    Wall {
        who: "the IAM check of Google Cloud",
        signs: &[Text("Your client does not have permission to")],
        fix: "If browsers are to call this service, and it checks its callers itself, allow unauthenticated calls: the role Cloud Run Invoker \
              for allUsers. Otherwise put a server of your own between the page and it.",
        preflight_fix: "If browsers are to call this service, and it checks its callers itself, allow unauthenticated calls: the role Cloud Run \
                        Invoker for allUsers. A preflight carries no token, so none can pass otherwise.",
    },
    Wall {
        who: "the authorization check of AWS (IAM or an authorizer)",
        signs: &[
            Header("x-amzn-errortype", "accessdeniedexception"),
            Text("{\"Message\":\"Forbidden"),
            Text("Function URL authorization"),
        ],
        fix: "Send what the function or route demands: a signature, or a token that its authorizer takes. Or, if browsers are to call it and it checks its callers itself, set its \
              authorization type to NONE.",
        preflight_fix: "Configure CORS at the function URL or gateway, so that it answers `OPTIONS` itself without authorization.",
    },
    Wall {
        who: "the API gateway of AWS",
        signs: &[Header("x-amzn-errortype", "forbiddenexception")],
        fix: "Look at the API key, the usage plan, the resource policy and the firewall (WAF) of the gateway: one of them refuses the request. \
              Then give the gateway responses DEFAULT_4XX and DEFAULT_5XX the CORS headers, so that the page can see such errors.",
        preflight_fix: "Let `OPTIONS` through without an API key or authorization, and past the resource policy and the firewall (WAF) of the \
                        gateway.",
    },
    Wall {
        who: "Azure's App Service Authentication",
        signs: &[OnRefusal("x-ms-middleware-request-id")],
        fix: "Send the login that the platform expects. If the application checks its callers itself, set unauthenticated requests to \"allow\" in \
              the app's Authentication settings.",
        preflight_fix: "Add the origin under CORS in the app's settings, so that the platform answers preflights before it asks for a login.",
    },
    Wall {
        who: "OAuth2 Proxy",
        signs: &[Text("OAuth2 Proxy")],
        fix: "Sign in again in a tab of its own, and send cookies along (`credentials: \"include\"`). With `--api-route` the proxy answers 401 in \
              the place of its page; what may be asked without a login belongs in `--skip-auth-route`.",
        preflight_fix: "Start the proxy with `--skip-auth-preflight`, so that preflights reach the server.",
    },
    Wall {
        who: "the host's check for browsers",
        signs: &[Text("/aes.js"), Text("slowAES")],
        fix: "Move the API to a host without that check. It sets a cookie by a script that only a page in a tab runs; free web space has it so that \
              nobody serves an API from there.",
        preflight_fix: "Move the API to a host without that check. It sets a cookie by a script that only a page in a tab runs; free web space has \
                        it so that nobody serves an API from there.",
    },
];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    if !refusal.reason.code().is_cors() || response.is_redirect() || evidence.knows_cors(response) {
        return None;
    }
    let body = evidence.refused_body(refusal);
    let Some((wall, sign)) = named(response, body) else {
        return by_contrast(evidence, refusal, exchange, response, body);
    };
    let is_preflight = refusal.stage == Stage::Preflight;
    let host = exchange.url.host_str().unwrap_or_default();
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Proxy,
        confidence: Confidence::Certain,
        is_cors: false,
        title: format!(
            "Not the server but something in front of {host} answered the {} with status {}: {}. The server never saw it.",
            exchange.method, response.status, wall.who
        ),
        evidence: std::iter::once(sign).chain(passed_before(evidence)).collect(),
        fix: Fix::new(if is_preflight { wall.preflight_fix } else { wall.fix }, Vec::new()),
    })
}

/// Returns `true` if who answered names itself as something in front of the server.
pub(super) fn is_named(response: &ResponseHead, body: Option<Body<'_>>) -> bool {
    named(response, body).is_some()
}

fn named(response: &ResponseHead, body: Option<Body<'_>>) -> Option<(&'static Wall, String)> {
    WALLS.iter().find_map(|wall| {
        let sign = wall.signs.iter().find_map(|sign| match sign {
            Header(name, value) => {
                let line = response
                    .headers
                    .iter()
                    .find(|line| line.is(name) && line.text().to_ascii_lowercase().contains(value))?;
                // The value of a cookie is nobody's business.
                Some(match *name {
                    "set-cookie" => format!("The response sets the cookie `{value}`."),
                    _ => format!("The response says `{}: {}`.", line.name, shown(&line.text())),
                })
            }
            OnRefusal(name) => {
                let refuses = matches!(response.status, 401 | 403) && response.headers.contains(name);
                refuses.then(|| format!("Status {} with the header `{name}`.", response.status))
            }
            Text(text) => {
                body?.line_with(&[text])?;
                Some(format!("The body has `{text}`."))
            }
        })?;
        Some((wall, sign))
    })
}

/// A page for people after a preflight that the server answered: only something in front of it speaks to people here.
fn by_contrast(
    evidence: &Evidence<'_>,
    refusal: &Refusal,
    exchange: &Exchange,
    response: &ResponseHead,
    body: Option<Body<'_>>,
) -> Option<Cause> {
    let good = passed_before(evidence)?;
    let is_start_page = body.is_some_and(|body| body.line_with(START_PAGES).is_some());
    let is_of_the_server = body.is_none_or(|body| body.line_with(OF_SERVERS).is_some());
    let status = response.status;
    let is_wall = match status {
        401 | 403 => !is_of_the_server,
        _ => is_success(response) && !is_start_page,
    };
    let gets_data_without_origin = evidence.without_origin().is_some_and(|beside| {
        is_success(beside.response) && !is_page_where_data_was_asked(evidence, exchange, beside.response)
    });
    if refusal.stage == Stage::Preflight
        || exchange.kind == ExchangeKind::Redirect
        || !is_wall
        || !is_page_where_data_was_asked(evidence, exchange, response)
        || is_stored_copy(response)
        || gets_data_without_origin
    {
        return None;
    }
    let title = body.and_then(|body| body.line_with(&["<title>", "<h1>"]));
    let titled = title.map(|title| format!(", {title}")).unwrap_or_default();
    Some(Cause {
        code: RULE.entry.code,
        layer: Layer::Proxy,
        confidence: Confidence::Likely,
        is_cors: false,
        title: format!(
            "After a good preflight the {} was answered with a page for people, status {status}{titled}. Something in front of the server put it up, and \
             the server never saw the {}.",
            exchange.method, exchange.method
        ),
        evidence: vec![good],
        fix: Fix::new(
            "Switch that page off for the API's paths where it is made: a tunnel's warning, a protection of the deployment, a login in front of the \
             server. Or send what it asks for. No CORS setting of the server changes it.",
            Vec::new(),
        ),
    })
}

/// What the error pages of servers and frameworks contain: they speak for the server, and not for something in front of it.
const OF_SERVERS: &[&str] = &[
    "<center>",
    "<address>",
    "This server could not verify",
    "t have permission to access this resource",
    "CSRF",
    "Whitelabel Error Page",
    "Traceback",
    "<pre>",
    "DisallowedHost",
];

fn passed_before(evidence: &Evidence<'_>) -> Option<String> {
    let (_, preflight) = evidence.preflights().last().filter(|(_, preflight)| is_success(preflight))?;
    evidence.knows_cors(preflight).then(|| {
        format!(
            "The preflight passed just before: it was answered with status {} and CORS headers.",
            preflight.status
        )
    })
}
