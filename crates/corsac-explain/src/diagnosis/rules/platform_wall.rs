//! A platform in front of the server answers instead of it, with a warning, a login or a refusal.

use corsac::browser::{Exchange, ExchangeKind, Refusal, ResponseHead, Stage};

use super::cached_copy::is_stored_copy;
use super::html_instead_of_data::{INDEX_PAGES, is_html_instead_of_data};
use crate::diagnosis::rule::{Rule, Weight};
use crate::diagnosis::{Cause, Confidence, DiagnosisEntry, Layer};
use crate::evidence::{Body, Evidence, is_success, printable};
use crate::explain::Fix;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    entry: DiagnosisEntry {
        code: "platform-wall",
        title: "A platform in front of the server answered instead of it",
        what: "A tunnel, a deployment protection, an access proxy or a platform's own access check is in front of \
               the server, and answered before the server got the request: with status 401 or 403, or with an HTML \
               page and status 200. Corsac recognizes it by a header or text that identifies it, or because the \
               server answered the preflight correctly just before.",
        fix: "Change the platform's settings so that it lets the API's paths through, or send what it asks for. The \
              server's CORS settings do not help, since the server never gets the request.",
        is_cors: false,
    },
    weight: Weight::Marker,
    find,
};

/// A platform that can be recognized by its response.
struct Platform {
    /// What answered, as the subject of a sentence.
    who: &'static str,
    signs: &'static [Sign],
    /// What to change where it answered the request itself.
    fix: &'static str,
    /// What to change where it answered the preflight.
    preflight_fix: &'static str,
}

enum Sign {
    /// A header, and a part of its value, in lower case.
    Header(&'static str, &'static str),
    /// A header that counts only with status 401 or 403.
    OnRefusal(&'static str),
    /// A part of the body.
    Body(&'static str),
}

use Sign::{Body as Text, Header, OnRefusal};

const PLATFORMS: &[Platform] = &[
    Platform {
        who: "ngrok's warning for visitors",
        signs: &[Header("ngrok-error-code", "err_ngrok_6024")],
        fix: "Send the request header `ngrok-skip-browser-warning` with any value, and add it to the headers that \
              the server's CORS layer allows. Or use a plan or a tunnel without that page.",
        preflight_fix: "Use a plan or a tunnel without that page: a preflight cannot carry the header that skips it.",
    },
    Platform {
        who: "ngrok itself",
        signs: &[Header("ngrok-error-code", "")],
        fix: "Check that the tunnel and the server that it forwards to are running, and that the URL is the tunnel's \
              current one.",
        preflight_fix: "Check that the tunnel and the server that it forwards to are running, and that the URL is \
                        the tunnel's current one.",
    },
    Platform {
        who: "localtunnel's page for visitors",
        signs: &[Text("bypass-tunnel-reminder"), Text("tunnel password"), Text("Tunnel Password")],
        fix: "Send the request header `bypass-tunnel-reminder` with any value, and add it to the headers that the \
              server's CORS layer allows. Or use a tunnel without that page.",
        preflight_fix: "Use a tunnel without that page: a preflight cannot carry the header that skips it.",
    },
    Platform {
        who: "the dev tunnel's page for visitors",
        signs: &[Text("X-Tunnel-Skip-AntiPhishing-Page"), Text("X-Tunnel-Skip-Anti-Phishing-Page")],
        fix: "Send the request header `X-Tunnel-Skip-AntiPhishing-Page: true`, and add it to the headers that the \
              server's CORS layer allows.",
        preflight_fix: "Use a tunnel without that page: a preflight cannot carry the header that skips it.",
    },
    Platform {
        who: "the dev tunnel's login",
        signs: &[Header("www-authenticate", "tunnel")],
        fix: "Make the forwarded port public (\"Port Visibility\" in the editor, `--allow-anonymous` on the command \
              line).",
        preflight_fix: "Make the forwarded port public (\"Port Visibility\" in the editor, `--allow-anonymous` on \
                        the command line).",
    },
    Platform {
        who: "Pinggy's page for visitors",
        signs: &[Text("X-Pinggy-No-Screen")],
        fix: "Send the request header `X-Pinggy-No-Screen` with any value, and add it to the headers that the \
              server's CORS layer allows.",
        preflight_fix: "Use a tunnel without that page: a preflight cannot carry the header that skips it.",
    },
    Platform {
        who: "Vercel's Deployment Protection",
        signs: &[Header("set-cookie", "_vercel_sso_nonce"), Text("Vercel Authentication")],
        fix: "Use the production domain, which is not protected by default. Or turn off Deployment Protection for \
              this deployment (project settings, Deployment Protection). A page cannot keep a bypass secret.",
        preflight_fix: "Add the API's path to the OPTIONS Allowlist (project settings, Deployment Protection), and \
                        send the visitor's login with the request itself. Or turn off the protection for this \
                        deployment.",
    },
    Platform {
        who: "Cloudflare Access",
        signs: &[Header("www-authenticate", "cloudflare-access"), Text("cloudflareaccess.com")],
        fix: "Sign in to the application in another tab, and send cookies (`credentials: \"include\"`). In Access, \
              make the application's CORS settings allow the page's origin with credentials. Or add a Bypass policy \
              for the API's path.",
        preflight_fix: "Configure CORS in the settings of the Access application, so that Access answers preflights, \
                        or let `OPTIONS` requests bypass Access.",
    },
    Platform {
        who: "Google's Identity-Aware Proxy",
        signs: &[Header("x-goog-iap-generated-response", "")],
        fix: "Sign in again in another tab, and send cookies (`credentials: \"include\"`). A public API must not use \
              this proxy.",
        preflight_fix: "Make the proxy forward preflights: `corsSettings: {allowHttpOptions: true}` in its access \
                        settings.",
    },
    Platform {
        who: "the IAM check of Google Cloud",
        signs: &[Text("Your client does not have permission to")],
        fix: "If browsers call this service, and it checks its callers itself, allow unauthenticated calls: the role \
              Cloud Run Invoker for allUsers. Otherwise put a server of your own between the page and the service.",
        preflight_fix: "If browsers call this service, and it checks its callers itself, allow unauthenticated \
                        calls: the role Cloud Run Invoker for allUsers. Otherwise no preflight can pass, since \
                        preflights carry no token.",
    },
    Platform {
        who: "the authorization check of AWS (IAM or an authorizer)",
        signs: &[
            Header("x-amzn-errortype", "accessdeniedexception"),
            Text("{\"Message\":\"Forbidden"),
            Text("Function URL authorization"),
        ],
        fix: "Send what the function or route requires: a signature, or a token for its authorizer. Or, if browsers \
              call it and it checks its callers itself, set its authorization type to NONE.",
        preflight_fix: "Configure CORS at the function URL or gateway, so that it answers `OPTIONS` itself without \
                        authorization.",
    },
    Platform {
        who: "the API gateway of AWS",
        signs: &[Header("x-amzn-errortype", "forbiddenexception")],
        fix: "Check the API key, the usage plan, the resource policy and the firewall (WAF) of the gateway: one of \
              them rejects the request. Then add the CORS headers to the gateway responses DEFAULT_4XX and \
              DEFAULT_5XX, so that the page can see such errors.",
        preflight_fix: "Let `OPTIONS` through without an API key or authorization, and past the resource policy and \
                        the firewall (WAF) of the gateway.",
    },
    Platform {
        who: "Azure's App Service Authentication",
        signs: &[OnRefusal("x-ms-middleware-request-id")],
        fix: "Send the login that the platform expects. If the application checks its callers itself, set \
              unauthenticated requests to \"allow\" in the app's Authentication settings.",
        preflight_fix: "Add the origin under CORS in the app's settings, so that the platform answers preflights \
                        before it asks for a login.",
    },
    Platform {
        who: "OAuth2 Proxy",
        signs: &[Text("OAuth2 Proxy")],
        fix: "Sign in again in another tab, and send cookies (`credentials: \"include\"`). With `--api-route` the \
              proxy answers 401 instead of its page. Paths that need no login belong in `--skip-auth-route`.",
        preflight_fix: "Start the proxy with `--skip-auth-preflight`, so that preflights reach the server.",
    },
    Platform {
        who: "the host's check for browsers",
        signs: &[Text("/aes.js"), Text("slowAES")],
        fix: "Move the API to a host without that check. It sets a cookie with a script that only a page in a tab \
              runs. Free web hosts use it to prevent APIs.",
        preflight_fix: "Move the API to a host without that check. It sets a cookie with a script that only a page \
                        in a tab runs. Free web hosts use it to prevent APIs.",
    },
];

fn find(evidence: &Evidence<'_>, refusal: &Refusal) -> Option<Cause> {
    let (exchange, response) = evidence.refused(refusal)?;
    if !refusal.reason.code().is_cors() || response.is_redirect() || evidence.knows_cors(response) {
        return None;
    }
    let body = evidence.refused_body(refusal);
    let Some((platform, sign)) = named(response, body) else {
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
            "Something in front of {host}, not the server itself, answered the {} with status {}: {}. The server \
             never got it.",
            exchange.method, response.status, platform.who
        ),
        evidence: std::iter::once(sign).chain(passed_before(evidence)).collect(),
        fix: Fix::new(if is_preflight { platform.preflight_fix } else { platform.fix }, Vec::new()),
    })
}

/// Returns `true` if the response identifies a platform in front of the server.
pub(super) fn is_named(response: &ResponseHead, body: Option<Body<'_>>) -> bool {
    named(response, body).is_some()
}

fn named(response: &ResponseHead, body: Option<Body<'_>>) -> Option<(&'static Platform, String)> {
    PLATFORMS.iter().find_map(|platform| {
        let sign = platform.signs.iter().find_map(|sign| match sign {
            Header(name, value) => {
                let line = response
                    .headers
                    .iter()
                    .find(|line| line.is(name) && line.text().to_ascii_lowercase().contains(value))?;
                // The value of a cookie is not printed.
                Some(match *name {
                    "set-cookie" => format!("The response sets the cookie `{value}`."),
                    _ => format!("The response has `{}: {}`.", line.name, printable(&line.text())),
                })
            }
            OnRefusal(name) => {
                let refuses = matches!(response.status, 401 | 403) && response.headers.contains(name);
                refuses.then(|| format!("Status {} with the header `{name}`.", response.status))
            }
            Text(text) => {
                body?.line_with(&[text])?;
                Some(format!("The body contains `{text}`."))
            }
        })?;
        Some((platform, sign))
    })
}

/// An HTML page after a preflight that the server answered: it comes from something in front of the server.
fn by_contrast(
    evidence: &Evidence<'_>,
    refusal: &Refusal,
    exchange: &Exchange,
    response: &ResponseHead,
    body: Option<Body<'_>>,
) -> Option<Cause> {
    let good = passed_before(evidence)?;
    let is_index_page = body.is_some_and(|body| body.line_with(INDEX_PAGES).is_some());
    let is_of_the_server = body.is_none_or(|body| body.line_with(OF_SERVERS).is_some());
    let status = response.status;
    let is_platform = match status {
        401 | 403 => !is_of_the_server,
        _ => is_success(response) && !is_index_page,
    };
    let gets_data_without_origin = evidence.without_origin().is_some_and(|control| {
        is_success(control.response) && !is_html_instead_of_data(evidence, exchange, control.response)
    });
    if refusal.stage == Stage::Preflight
        || exchange.kind == ExchangeKind::Redirect
        || !is_platform
        || !is_html_instead_of_data(evidence, exchange, response)
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
            "The preflight passed, but the {} was answered with an HTML page for visitors, status {status}{titled}. \
             It comes from something in front of the server, and the server never got the {}.",
            exchange.method, exchange.method
        ),
        evidence: vec![good],
        fix: Fix::new(
            "Turn that page off for the API's paths: it may be a tunnel's warning, a deployment protection or a \
             login in front of the server. Or send what it asks for. The server's CORS settings do not change it.",
            Vec::new(),
        ),
    })
}

/// What the error pages of servers and frameworks contain. They show that the server answered, and not something in front of it.
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
        format!("The preflight passed just before: it got status {} and CORS headers.", preflight.status)
    })
}
