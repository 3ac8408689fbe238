//! What WebKit's console says: Safari, every browser on iOS, WebKitGTK, WPE; and Chrome until it left WebKit in 2013.

use corsac::browser::Engine;

use super::message::Message;
use crate::ItemStage::{Network, Preflight, Redirect, Response};

const fn reason(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::cors(codes, words).by(Engine::WebKit)
}

const fn preflight(codes: &'static [&'static str], words: &'static str) -> Message {
    reason(codes, words).at(Preflight)
}

const fn other(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::other(codes, words).by(Engine::WebKit)
}

/// WebKit prints the same for a header that is missing, different or invalid.
pub(super) const NOT_ALLOWED: &[&str] =
    &["allow-origin-missing", "allow-origin-mismatch", "allow-origin-invalid", "allow-origin-multiple"];

pub(super) const MESSAGES: &[Message] = &[
    reason(NOT_ALLOWED, "Origin '{origin}' is not allowed by 'Access-Control-Allow-Origin'\\.? Status code: {status}"),
    reason(NOT_ALLOWED, "Origin '{origin}' is not allowed by 'Access-Control-Allow-Origin"),
    reason(NOT_ALLOWED, "(?:'|^|\\s)is not allowed by 'Access-Control-Allow-Origin"),
    reason(&["allow-origin-multiple"], "Access-Control-Allow-Origin' cannot contain more than one origin"),
    reason(&["credentials-wildcard"], "Cannot use wildcard in 'Access-Control-Allow-Origin' when credentials flag is true"),
    reason(&["credentials-wildcard"], "Cannot use wildcard in 'Access-Control-Allow-Origin"),
    reason(&["allow-credentials-not-true"], "Credentials flag is true, but 'Access-Control-Allow-Credentials' is not"),
    preflight(&["preflight-status", "preflight-redirected"], "Preflight response is not successful(?:\\.? Status code: {status})?"),
    preflight(&["method-not-allowed"], "Method '{method}' is not allowed by 'Access-Control-Allow-Methods"),
    preflight(&["header-not-allowed"], "Request header field '{name}' is not allowed by 'Access-Control-Allow-Headers"),
    preflight(&["method-not-allowed"], "is not allowed by 'Access-Control-Allow-Methods"),
    preflight(&["header-not-allowed"], "is not allowed by 'Access-Control-Allow-Headers"),
    preflight(&["allow-methods-invalid"], "Header 'Access-Control-Allow-Methods' has an invalid value(?:: '{value}'(?:\\n|$))?"),
    preflight(&["allow-headers-invalid"], "Header 'Access-Control-Allow-Headers' has an invalid value(?:: '{value}'(?:\\n|$))?"),
    // The reason of a redirect stands behind this.
    Message::frame("Cross-origin redirection to '{location}' denied by Cross-Origin Resource Sharing policy").by(Engine::WebKit).at(Redirect),
    reason(&["scheme-not-http", "location-invalid"], "not allowed to follow a cross-origin CORS redirection with non CORS scheme").at(Redirect),
    reason(&["scheme-not-http"], "Redirection to URL with a scheme that is not HTTP\\(S\\)").at(Redirect),
    reason(&["redirect-credentials"], "redirection URL '{location}' has credentials").at(Redirect),
    other(&["redirect-mode-error"], "Not allowed to follow a redirection while loading '{url}'(?:\\s|$)").at(Redirect),
    other(&["too-many-redirects"], "Load cannot follow more than 20 redirections").at(Redirect),
    other(
        &["resource-policy"],
        "Cancelled load to '{url}' because it violates the resource'?s Cross-Origin-Resource-Policy",
    )
    .at(Response),
    reason(&["scheme-not-http"], "Cross origin requests are only supported for HTTP").at(Network),
    reason(&["scheme-not-http", "redirect-mode-error"], "FTP URLs are disabled").at(Network),
    Message { engine: None, ..reason(&["scheme-not-http"], "Not allowed to load local resource: '{url}'(?:\\s|$)") }.at(Network),
    other(&["bad-port"], "Not allowed to use restricted network port {port}(?:: '{url}'(?:\\s|$))?").at(Network),
    reason(&["no-cors-redirect-mode"], "No-Cors mode requires follow redirect mode").at(Network),
    reason(&["mode-same-origin"], "Cross origin requests are not allowed when using same-origin fetch mode").at(Network),
    reason(
        &["mode-same-origin", "scheme-not-http"],
        "Unsafe attempt to load URL '{url}' from origin '{origin}'\\. Domains, protocols and ports must match",
    ),
    other(
        &["mixed-content"],
        "The page at '{page}' (?:was not allowed to run|was not allowed to display|requested) insecure content from '{url}'(?:\\.\\s|\\.?$)",
    )
    .at(Network),
    Message::companion("Not allowed to request resource").by(Engine::WebKit).meaning(&["mixed-content", "no-cors-redirect-mode"]).at(Network),
    reason(NOT_ALLOWED, "Cross-origin (?:script|media resource|text track|image|font|stylesheet) load denied by Cross-Origin Resource Sharing policy"),
    reason(&["preflight-redirected", "allow-origin-missing"], "Cross-origin redirection denied by Cross-Origin Resource Sharing policy").at(Redirect),
    preflight(&["preflight-status", "network-error"], "CORS-preflight request was blocked|Preflight response was blocked").perhaps_cors(),
    Message::companion("Connection terminated unexpectedly").by(Engine::WebKit).meaning(&["connection-closed"]).at(Network),
    // The second line has the URL.
    Message::companion("(?:Fetch API|XMLHttpRequest|EventSource|Beacon API) cannot load '{url}' due to access control checks").by(Engine::WebKit),
    Message::frame("Beacon API cannot load '{real}'\\.? (?:Origin|Preflight|Method|Request header|Credentials|Cannot use)").by(Engine::WebKit),
    Message::companion("Cannot load (?:image|script|stylesheet|font|media) '{url}' due to access control checks").by(Engine::WebKit),
    Message::companion("due to access control checks").by(Engine::WebKit),
    // Chrome and Safari until about 2015 put the URL before the reason, on one line.
    Message::frame("(?:XMLHttpRequest|Fetch API|EventSource) cannot load '{real}'\\.? (?:Origin|No '|The |Method|Request header|Response|Invalid HTTP|Redirect|A wild|Wildcard|Credentials|Cannot use|Cross origin)").shared(),
    Message::frame("(?:Image|Font|Script) from origin '{server}' has been blocked from loading by Cross-Origin Resource Sharing policy").at(Response),
    Message { engine: None, ..reason(&["mode-same-origin"], "Fetch API cannot load '{real}'\\.?\\s*(?:\\n|$)") }.meaning(&["mode-same-origin", "mixed-content"]).at(Network),
    other(&["stream-body-unsupported"], "ReadableStream uploading is not supported").at(Network),
    Message::exception("TypeError: Load failed").by(Engine::WebKit),
    Message::exception("(?:^|\\n|: )Load failed(?: ?\\n|\\.|$)").by(Engine::WebKit),
    other(&["connection-closed"], "The network connection was lost").at(Network),
    other(&["connection-refused"], "Could not connect to the server").at(Network),
    other(&["dns-failed"], "A server with the specified hostname could not be found").at(Network),
    other(&["host-unreachable"], "The Internet connection appears to be offline").at(Network),
    other(&["timed-out"], "The request timed out\\.").at(Network),
    other(&["tls-untrusted"], "The certificate for this server is invalid").at(Network),
    other(&["tls-failed"], "An SSL error has occurred and a secure connection to the server cannot be made").at(Network),
];
