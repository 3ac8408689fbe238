//! What Firefox's console says in English. Its other languages are in [`localized`](super::localized).

use corsac::browser::Engine;

use super::message::Message;
use crate::ItemStage::{Network, Preflight, Redirect};

const fn reason(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::cors(codes, words).by(Engine::Firefox)
}

const fn preflight(codes: &'static [&'static str], words: &'static str) -> Message {
    reason(codes, words).at(Preflight)
}

const fn frame(words: &'static str) -> Message {
    Message::frame(words).by(Engine::Firefox)
}

const fn other(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::other(codes, words).by(Engine::Firefox)
}

pub(super) const MESSAGES: &[Message] = &[
    frame(
        "Cross-Origin Request Blocked: The Same Origin Policy dis?sallows reading the remote resource at '{url}'(?:\\. |\\.?$| ?\\()",
    ),
    frame("disallows reading the remote resource at '{real}'"),
    frame(
        "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at '{url}' soon",
    ),
    frame("Cross-Origin Request Blocked"),
    // The status behind the reason belongs to the frame.
    frame("\\)\\.? Status code: {status}"),
    // Firefox of 2014 gave no reason but this advice.
    reason(
        &["allow-origin-missing", "allow-origin-mismatch", "network-error"],
        "This can be fixed by moving the resource to the same domain or enabling CORS",
    )
    .perhaps_cors(),
    reason(&["allow-origin-missing"], "CORS header 'Access-Control-Allow-Origin' (?:is )?missing"),
    reason(&["allow-origin-missing"], "header 'Access-Control-Allow-Origin' (?:is )?missing"),
    reason(
        &["allow-origin-mismatch", "allow-origin-invalid", "allow-origin-multiple"],
        "CORS header 'Access-Control-Allow-Origin' does not match '{value}'\\)",
    ),
    reason(
        &["allow-origin-mismatch", "allow-origin-invalid", "allow-origin-multiple"],
        "Access-Control-Allow-Origin' does not match '{value}(?:[']|\\n|$)",
    ),
    reason(
        &["allow-origin-multiple", "connection-closed"],
        "Multiple CORS header 'Access-Control-Allow-Origin' not allowed",
    ),
    reason(&["credentials-wildcard"], "Credential is not supported if the CORS header"),
    reason(
        &["allow-credentials-not-true"],
        "expected 'true' in CORS header 'Access-Control-Allow-Credentials",
    ),
    preflight(
        &["method-not-allowed", "allow-headers-invalid"],
        "Did not find method in CORS header 'Access-Control-Allow-Methods",
    ),
    preflight(&["method-not-allowed", "allow-headers-invalid"], "Did not find method in CORS header"),
    preflight(
        &["allow-methods-invalid"],
        "invalid token '{token}' in CORS header 'Access-Control-Allow-Methods",
    ),
    preflight(
        &["allow-headers-invalid"],
        "invalid token '{token}' in CORS header 'Access-Control-Allow-Headers",
    ),
    preflight(
        &["header-not-allowed"],
        "header '{name}' is not allowed according to header 'Access-Control-Allow-Headers",
    ),
    preflight(&["header-not-allowed"], "is not allowed according to header 'Access-Control-Allow-Headers"),
    preflight(&["header-not-allowed"], "missing token '{name}' in CORS header 'Access-Control-Allow-Headers"),
    preflight(
        &["preflight-status", "preflight-redirected"],
        "CORS preflight (?:response|channel) did not succeed",
    ),
    preflight(&["preflight-redirected"], "CORS request external redirect not allowed"),
    reason(&["scheme-not-http"], "CORS request not http").at(Network),
    reason(&["scheme-not-http"], "CORS request not https?").at(Network),
    other(&["network-error"], "\\(Reason: CORS disabled").perhaps_cors().at(Network),
    other(&["network-error"], "CORS header 'Origin' cannot be added").perhaps_cors().at(Network),
    // Printed for each network failure, and below each failed preflight.
    Message::companion("CORS request did not succeed(?:\\)\\.? Status code: \\(null\\))?")
        .by(Engine::Firefox)
        .meaning(&["network-error"])
        .at(Network),
    Message::companion("CORS request failed").by(Engine::Firefox).meaning(&["network-error"]).at(Network),
    reason(
        &["authorization-wildcard"],
        "When the 'Access-Control-Allow-Headers' is '.{0,3}?', the 'Authorization' header is not covered",
    )
    .at(Preflight),
    reason(
        &["mode-same-origin", "mixed-content", "scheme-not-http"],
        "Security Error: Content at '{page}' may not load data from '{url}'(?:\\.?\\s|\\.?$)",
    )
    .at(Network),
    reason(
        &["scheme-not-http"],
        "Security Error: Content at '{page}' may not load or link to '{url}'(?:\\.?\\s|\\.?$)",
    )
    .at(Network),
    reason(&["scheme-not-http"], "Redirecting to data: URI not allowed \\(Blocked loading of: '{url}'\\)")
        .at(Redirect),
    other(&["mixed-content"], "Blocked loading mixed active content '{url}'(?:\\s|$)").at(Network),
    // In other languages.
    other(
        &["mixed-content"],
        "(?:gemischte[nr]? aktive[nr]?|contenu mixte|contenido (?:activo )?mixto|contenuto (?:attivo )?misto|conteúdo misto|gemengde|mieszan|смешанн|混在|混合)[^\\n]{0,80}?'{real}'",
    )
    .at(Network),
    other(&["mixed-content"], "Loading mixed \\(insecure\\) (?:active|display) content '{real}'").at(Network),
    other(
        &["resource-policy"],
        "The resource at '{url}' was blocked due to its Cross-Origin-Resource-Policy header",
    ),
    other(&["local-network-denied"], "Local Network Access permission required: .{0,400}?target URL '{url}'")
        .at(Network),
    other(&["local-network-denied"], "Local Network Access (?:permission required|detected)").at(Network),
    // What an element loads.
    Message::companion("'?<script>'? source URI is not allowed in this document: '{url}'(?:\\.|\\s|$)")
        .by(Engine::Firefox),
    Message::companion("Module source URI is not allowed in this document: '{url}'(?:\\.|\\s|$)")
        .by(Engine::Firefox),
    reason(
        &["allow-origin-missing", "allow-origin-mismatch", "connection-closed"],
        "downloadable font: download failed .{0,300}?bad URI or cross-site access not allowed source: '{url}'(?:\\s|$)",
    ),
    Message::companion("Firefox can'?t establish a connection to the server at '{url}'(?:\\.\\s|\\.?$)")
        .by(Engine::Firefox)
        .meaning(&["network-error"])
        .at(Network),
    Message::exception("NetworkError when attempting to fetch resource").by(Engine::Firefox),
    Message::exception("NetworkError: A network error occurred").by(Engine::Firefox),
    Message::exception("error loading dynamically imported module: '{real}'").by(Engine::Firefox),
    Message::companion("NS_ERROR_DOM_BAD_URI").by(Engine::Firefox),
    Message::companion("(?:XHR)?{method} ?'{real}' \\[HTTP/[0-9.]+ {status}").by(Engine::Firefox),
    Message::companion("(?:XHR)?(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) ?'{real}'(?:\\s*\\n| CORS )")
        ,
];
