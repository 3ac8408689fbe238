//! What Chromium's console and its developer tools say: Chrome, Edge, Opera, Brave, Android's WebView, Electron.

use corsac::browser::Engine;

use super::message::Message;
use crate::ItemStage::{Network, Preflight, Redirect, Response};

const fn reason(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::cors(codes, words).by(Engine::Chromium)
}

const fn preflight(codes: &'static [&'static str], words: &'static str) -> Message {
    reason(codes, words).at(Preflight)
}

const fn frame(words: &'static str) -> Message {
    Message::frame(words).by(Engine::Chromium)
}

const fn other(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::other(codes, words).by(Engine::Chromium)
}

/// What the words `CORS error` may mean, the likeliest first.
pub(super) const ANY_REFUSAL: &[&str] = &[
    "allow-origin-missing",
    "preflight-status",
    "allow-origin-mismatch",
    "header-not-allowed",
    "credentials-wildcard",
    "method-not-allowed",
    "preflight-redirected",
    "allow-credentials-not-true",
    "allow-origin-multiple",
    "allow-origin-invalid",
];

pub(super) const MESSAGES: &[Message] = &[
    // The frame, and its halves.
    // What people put in the place of the URL and the origin may have spaces.
    frame(
        "Access to {kind} at '(?P<url>[^\\n']{1,2000}?)' (?:\\(redirected from '{first-url}'\\) )?from origin \
         '(?P<origin>[^\\n']{1,300}?)' has been blocked by CORS policy",
    ),
    frame("Access to {kind} at '{real}' ?(?:\\(redirected from '{first-url}'\\) )?(?:from origin '{origin}'(?: |$))?"),
    frame("at '{real}' (?:\\(redirected from '{first-url}'\\) )?from origin '{origin}' has been blocked"),
    frame("from origin '{origin}' has been blocked by CORS(?: policy)?"),
    frame("been blocked by CORS policy"),
    frame("\\(redirected from '{first-url}'\\)").at(Redirect),
    frame("blocked by CORS policy"),
    frame("Response to preflight request does ?n'?o?t pass access control check").at(Preflight),
    frame("does ?n'?o?t pass access control check").at(Preflight),
    // The page's origin behind the reason, until 2018.
    frame("Origin '{origin}' is therefore not allowed access"),
    frame("The response had HTTP status code {status}"),
    frame("Failed to load '{real}': (?:No '|Response|Invalid HTTP|The |Redirect|Request header|Method|A wild|Wild|Credentials|Cross origin)"),
    frame("Redirect from '{first-url}' to '{url}' has been blocked by CORS policy").at(Redirect),
    frame("Redirect at '{first-url}' from origin '{origin}' has been blocked").at(Redirect),
    // The reasons.
    reason(&["allow-origin-missing"], "No 'Access-Control-Allow-Origin' header (?:is|was)(?: present)?"),
    reason(&["allow-origin-missing"], "Access-Control-Allow-Origin' header (?:is|was) (?:not )?present on the requested"),
    reason(&["allow-origin-missing"], "header (?:is|was) present on the requested resource"),
    reason(&["allow-origin-mismatch", "allow-origin-invalid"], "Access-Control-Allow-Origin' header has a value '{value}' that is not equal"),
    reason(&["allow-origin-mismatch", "allow-origin-invalid"], "Access-Control-Allow-Origin' header has a value '{value}(?:[']|\\n|$)"),
    reason(&["allow-origin-mismatch", "allow-origin-invalid"], "has a value '{value}' that is not equal to the supplied origin"),
    reason(&["allow-origin-mismatch", "allow-origin-invalid"], "not equal to the supplied origin"),
    reason(&["allow-origin-multiple"], "(?:Access-Control-Allow-Origin' )?header contains multiple values '{value}', but only one is allowed"),
    reason(&["allow-origin-multiple"], "Access-Control-Allow-Origin' header contains multiple values '{value}(?:[']|\\n|$)"),
    reason(&["allow-origin-multiple"], "contains multiple values"),
    reason(&["allow-origin-multiple"], "but only one is allowed"),
    reason(&["allow-origin-invalid"], "(?:Access-Control-Allow-Origin' )?header contains the invalid value '{value}'\\.? ?(?:Have|Origin|\\n|$)"),
    reason(&["allow-origin-invalid"], "(?:Access-Control-Allow-Origin' )?header contains the invalid value '{value}(?:[']|\\n|$)"),
    reason(&["allow-origin-invalid"], "Access-Control-Allow-Origin' header contains the invalid"),
    reason(&["credentials-wildcard"], "must not be the wildcard '.{0,3}?' ?when the"),
    reason(&["credentials-wildcard"], "must not be the wildcard"),
    reason(&["credentials-wildcard"], "wildcard '.{0,3}?' cannot be used in the 'Access-Control-Allow-Origin"),
    reason(
        &["allow-credentials-not-true"],
        "Access-Control-Allow-Credentials' header in the response is '{value}' which must be 'true",
    ),
    reason(&["allow-credentials-not-true"], "which must be 'true' (?:when|to allow)"),
    reason(&["allow-credentials-not-true"], "Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '{value}'"),
    preflight(&["preflight-status"], "does not have HTTP ok status"),
    preflight(&["preflight-status"], "Response for preflight has invalid HTTP status code {status}"),
    preflight(&["preflight-status"], "preflight has invalid HTTP status"),
    // Until 2015 or so.
    preflight(&["preflight-status"], "Invalid HTTP status code {status}"),
    preflight(&["preflight-redirected"], "Redirect is not allowed for a preflight request"),
    preflight(&["preflight-redirected"], "not allowed for a preflight request"),
    preflight(&["preflight-redirected"], "Request requires preflight, which is disallowed to follow cross-origin redirect"),
    preflight(&["preflight-redirected"], "Response for preflight is invalid \\(redirect\\)"),
    preflight(&["preflight-redirected"], "request was redirected to '{location}', which is disallowed for cross-origin requests that require preflight"),
    preflight(&["allow-methods-invalid"], "Cannot parse 'Access-Control-Allow-Methods'"),
    preflight(&["allow-headers-invalid"], "Cannot parse 'Access-Control-Allow-Headers'"),
    preflight(&["method-not-allowed"], "Method '{method}' is not allowed by 'Access-Control-Allow-Methods' in(?: preflight)?"),
    preflight(&["header-not-allowed"], "(?:Request )?header field '{name}' is not allowed by 'Access-Control-Allow-Headers' in(?: preflight)?"),
    // Half of the line.
    preflight(&["header-not-allowed"], "is not allowed by 'Access-Control-Allow-Headers' in preflight"),
    preflight(&["method-not-allowed"], "is not allowed by 'Access-Control-Allow-Methods' in preflight"),
    reason(&["redirect-credentials", "redirect-mode-error"], "Redirect location '{location}' contains a? ?user ?name and password").at(Redirect),
    reason(&["scheme-not-http"], "Cross origin requests are only supported for protocol schemes").at(Network),
    reason(&["mode-same-origin"], "Cross origin requests are not allowed by request mode").at(Network),
    reason(
        &["mode-same-origin", "mixed-content"],
        "Fetch API cannot load '{url}'\\. Request mode is 'same-origin' but the URL'?s origin is not same as the \
         request origin '{origin}'(?:\\.|\\s|$)",
    )
    .at(Network),
    reason(&["mode-same-origin"], "Request mode is 'same-origin' but the URL").at(Network),
    reason(
        &["mode-same-origin"],
        "Unsafe attempt to load URL '{url}' from frame with URL '{page}'\\. Domains, protocols and ports must match",
    )
    .at(Redirect),
    reason(
        &["no-cors-redirect-mode", "mixed-content"],
        "Fetch API cannot load '{url}'\\. Request mode is 'no-cors' but the redirect mode is not",
    )
    .at(Network),
    reason(&["scheme-not-http"], "Fetch API cannot load '{url}'\\. URL scheme '{scheme}' is not supported").at(Network),
    reason(&["scheme-not-http"], "URL scheme '{scheme}' is not supported").at(Network),
    other(&["scheme-not-http"], "FTP is not supported").surely_cors().at(Network),
    // Private and local networks: the words are CORS, the matter is not.
    other(
        &["local-network-denied"],
        "Permission was denied for this request to access the '{space}' address space",
    )
    .at(Network),
    other(&["local-network-denied"], "Permission was denied for this request to access").at(Network),
    reason(&["private-network-header-missing", "local-network-denied"], "Unable to ask for permission to access the '{space}' IP address space").at(Network),
    other(
        &["local-network-insecure"],
        "The request client is not a secure context and the resource is in more-(?:private|local) address space '{space}'",
    )
    .at(Network),
    other(&["local-network-insecure"], "request client is not a secure context and the resource").at(Network),
    other(
        &["local-network-mismatch"],
        "Request had a target IP address space of '{named}' yet the resource is in address space '{space}'",
    )
    .at(Network),
    reason(
        &["private-network-header-missing", "local-network-mismatch"],
        "Request had no target IP address space, yet the resource is in address space '{space}'",
    )
    .at(Network),
    preflight(
        &["private-network-header-missing"],
        "No 'Access-Control-Allow-Private-Network' header (?:was|is)(?: present in the preflight response for this \
         private network request targeting the '{space}' address space)?",
    ),
    preflight(
        &["private-network-header-missing"],
        "'Access-Control-Allow-Private-Network' header in the preflight response (?:for this private network request \
         targeting the '{space}' address space )?had a value of '{value}',",
    ),
    preflight(&["private-network-header-missing"], "No 'Private-Network-Access-(?:Id|Name)' header"),
    preflight(&["private-network-header-missing"], "No 'Access-Control-Allow-External' header"),
    // What other tools of the browser print.
    reason(ANY_REFUSAL, "Cross-origin resource sharing error").perhaps_cors().surely_cors(),
    reason(ANY_REFUSAL, "(?:^|\\n)(?:[^\\s]+ ){0,2}(?:\\(failed\\) )?CORS error(?: (?:fetch|xhr|preflight|script|stylesheet|font|image|media|other|[^\\s]+:[0-9]+|[0-9.]+|k?B|m?s|-))*\\s*(?:\\n|$)").surely_cors(),
    reason(
        &["allow-origin-missing", "allow-origin-multiple", "allow-origin-invalid", "allow-credentials-not-true"],
        "Ensure CORS response header values are valid",
    ),
    preflight(&["preflight-status", "preflight-redirected"], "Ensure preflight responses are valid"),
    preflight(&["header-not-allowed"], "Ensure CORS requests include only allowed headers|Ensure CORS request includes only allowed headers"),
    Message::companion("XHR failed loading: {method} '{real}'").by(Engine::Chromium),
    // The network log.
    Message::companion("(?:{method} )?'{real}' (?:net::)?ERR_FAILED {status} ?\\(")
        .by(Engine::Chromium)
        .meaning(ANY_REFUSAL)
        .surely_cors(),
    Message::companion("(?:net::)?ERR_FAILED {status}").by(Engine::Chromium).meaning(ANY_REFUSAL).surely_cors(),
    Message::companion("(?:{method} )?'{real}' (?:net::)?ERR_FAILED").by(Engine::Chromium),
    Message::companion("(?:net::)?ERR_FAILED").by(Engine::Chromium),
    Message::companion(
        "Failed to load resource: the server responded with a status of {status}",
    )
    .by(Engine::Chromium),
    Message::companion("(?:^|\\s){method} '{real}' {status} \\([A-Z]").by(Engine::Chromium),
    Message::exception("Failed to execute 'send' on 'XMLHttpRequest': Failed to load '{url}'[.:]?\\s?").by(Engine::Chromium),
    Message::exception("Failed to fetch, uri ?[=:] ?'{real}'").by(Engine::Chromium),
    Message::exception("TypeError: Failed to fetch").by(Engine::Chromium),
    Message::exception("Failed to fetch").by(Engine::Chromium),
    Message::exception("Failed to fetch dynamically imported module: '{real}'").by(Engine::Chromium).at(Response),
];
