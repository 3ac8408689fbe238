//! Errors of HTTP clients in script, and of what enforces CORS outside of browsers: jsdom and happy-dom.

use super::chromium::ANY_REFUSAL;
use super::message::Message;
use super::webkit::NOT_ALLOWED;
use crate::ItemStage::{Network, Preflight, Response};

pub(super) const MESSAGES: &[Message] = &[
    // superagent lists what may be wrong, in words that browsers use for what is wrong.
    Message::exception(
        "Request has been terminated Possible causes: the network is offline, Origin is not allowed by \
         Access-Control-Allow-Origin, the page is being unloaded",
    ),
    Message::exception("(?:AxiosError|Error): Network Error"),
    Message::exception("(?:^|\\s|\\[)Network Error(?:\\s|\\.|,|$)"),
    Message::exception("'?code'?: ?'?ERR_NETWORK'?(?:\\s|,|$)"),
    Message::exception("ERR_NETWORK(?:\\s|,|'|\\)|$)"),
    Message::exception("FetchError: \\[{method}\\] '{real}': <no response>"),
    Message::exception("TypeError: Network request failed"),
    Message::exception("Network request failed"),
    Message::exception("Http failure response for '{url}': 0 Unknown Error"),
    Message::exception("Http failure response for \\(unknown url\\): 0"),
    Message::companion("Http failure response for '{url}': {status}").at(Response),
    Message::exception("'?status'?: ?0, '?statusText'?: ?'Unknown Error'(?:, '?url'?: ?'{real}')?"),
    Message::exception("'?status'?: ?0, ?'?statusText'?: ?'error'"),
    Message::exception("XMLHttpRequest error\\.?,? uri=?:? ?'{real}'"),
    Message::exception("XMLHttpRequest error"),
    Message::exception("The XMLHttpRequest onError callback was called"),
    Message::companion("TypeError: fetch failed").meaning(&["network-error"]).never_cors().at(Network),
    Message::companion("(?:^|\\s)fetch failed(?:\\s|$)").meaning(&["network-error"]).never_cors().at(Network),
    // jsdom
    Message::cors(NOT_ALLOWED, "Cross origin '{origin}' forbidden"),
    Message::cors(&["allow-credentials-not-true", "credentials-wildcard"], "Error: Credentials forbidden"),
    Message::cors(&["header-not-allowed"], "Error: Headers '{name}'(?:, [^\\n]{0,300}?)? forbidden")
        .at(Preflight),
    Message::cors(&["method-not-allowed"], "Error: Method '{method}' forbidden").at(Preflight),
    // Words of people and of libraries.
    Message::companion("(?:blocked|refused|rejected|failed) (?:by|due to|because of) CORS(?:\\s|\\.|,|$)")
        .meaning(ANY_REFUSAL)
        .surely_cors(),
];
