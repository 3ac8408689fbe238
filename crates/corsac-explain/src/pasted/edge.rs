//! What Internet Explorer and the first Edge said. Their engines are none of the three.

use super::message::Message;
use super::webkit::NOT_ALLOWED;
use crate::ItemStage::{Preflight, Redirect};

pub(super) const MESSAGES: &[Message] = &[
    Message::cors(
        NOT_ALLOWED,
        "\\[CORS\\] The origin '{origin}' did not find '{page}' in the Access-Control-Allow-Origin response header for cross-origin resource at '{url}'(?:\\.\\s|\\.?$)",
    ),
    Message::cors(NOT_ALLOWED, "Origin '{origin}' not found in Access-Control-Allow-Origin header"),
    Message::cors(NOT_ALLOWED, "SEC7120"),
    Message::cors(&["allow-credentials-not-true", "credentials-wildcard"], "SEC7121"),
    Message::cors(
        &["header-not-allowed"],
        "Request header '{name}' was not present in the Access-Control-Allow-Headers list",
    )
    .at(Preflight),
    Message::cors(&["header-not-allowed"], "SEC7123").at(Preflight),
    Message::cors(
        &["method-not-allowed"],
        "Request method '{method}' was not present in the Access-Control-Allow-Methods list",
    )
    .at(Preflight),
    Message::cors(&["method-not-allowed"], "SEC7124").at(Preflight),
    Message::cors(
        &["redirect-credentials", "preflight-redirected"],
        "SEC7127|Redirect was blocked for CORS request",
    )
    .at(Redirect),
    Message::cors(
        &["allow-origin-multiple"],
        "SEC7128|Multiple Access-Control-Allow-Origin headers are not allowed for CORS response",
    ),
    Message::exception("XMLHttpRequest: Network Error 0x[0-9a-f]+"),
];
