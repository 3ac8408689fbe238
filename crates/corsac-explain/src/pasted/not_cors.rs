//! Messages of a page's own rules, of elements and of frames. People take them for CORS, and each has a name of its own.

use corsac::browser::Engine::{Chromium, Firefox, WebKit};

use super::message::Message;
use crate::ItemStage::{Network, Response};

const fn other(codes: &'static [&'static str], words: &'static str) -> Message {
    Message::other(codes, words)
}

const POLICY: &[&str] = &["content-security-policy"];
const COOKIE: &[&str] = &["cookie-same-site"];
const FRAME: &[&str] = &["frame-access"];
const EMBEDDED: &[&str] = &["frame-options"];
const CANVAS: &[&str] = &["canvas-tainted"];
const WORKER: &[&str] = &["service-worker-opaque"];
const CLIENT: &[&str] = &["blocked-by-client"];
const OPAQUE: &[&str] = &["opaque-response-blocked", "load-status"];

pub(super) const MESSAGES: &[Message] = &[
    other(
        &["mixed-content"],
        "Mixed Content: The page at '{page}' was loaded over (?:a secure connection|HTTPS)[^\\n']{0,120}? '{url}'\\.? This",
    )
    .by(Chromium)
    .at(Network),
    other(&["mixed-content"], "Mixed Content: The page at").by(Chromium).at(Network),
    other(&["mixed-content"], "Mixed Content").at(Network),
    other(&["mixed-content"], "over HTTPS, but requested an insecure").by(Chromium).at(Network),
    // Content Security Policy. A frame that its own content forbids is told by another name.
    other(EMBEDDED, "Refused to (?:frame|display) '{url}' (?:in a frame )?because (?:an ancestor|it set|ancestor)"),
    other(EMBEDDED, "Refused to display '{url}' in a frame"),
    other(EMBEDDED, "(?:frame-ancestors|an ancestor violates the following Content Security Policy)"),
    other(EMBEDDED, "The loading of '{url}' in a frame is denied by"),
    other(EMBEDDED, "Load denied by X-Frame-Options"),
    other(EMBEDDED, "X-Frame-Options' (?:to|directive|header)"),
    other(
        POLICY,
        "(?:Refused to [a-z ]{2,40}?|Connecting to|Loading the [a-z]+) '{url}' (?:because it )?violates the following \
         Content Security Policy directive: '{directive}",
    )
    .by(Chromium)
    .at(Network),
    other(POLICY, "Refused to [a-z ]{2,40}? '{real}' because it (?:violates|does not appear)").at(Network),
    other(POLICY, "does not appear in the '{directive}' directive of the Content Security Policy").by(WebKit).at(Network),
    other(POLICY, "violates the following Content Security Policy directive:? '{directive}").at(Network),
    other(POLICY, "violates the (?:following|document'?s) Content Security Policy").at(Network),
    other(
        POLICY,
        "Content.Security.Policy: The page'?s settings (?:blocked|observed) the loading of a resource (?:\\('?{directive}'?\\) )?at '{url}' (?:\\(|because)",
    )
    .by(Firefox)
    .at(Network),
    other(POLICY, "Content.Security.Policy: The page'?s settings").by(Firefox).at(Network),
    // Opaque Response Blocking, and what was there before it.
    other(OPAQUE, "The resource at '{url}' was blocked by OpaqueResponseBlocking").by(Firefox).at(Response),
    other(OPAQUE, "blocked by OpaqueResponseBlocking").by(Firefox).at(Response),
    other(OPAQUE, "Cross-Origin Read Blocking \\(CORB\\) blocked cross-origin response '{url}' with MIME type '{type}").by(Chromium).at(Response),
    other(OPAQUE, "Cross-Origin Read Blocking|Response was blocked by CORB|Response was blocked by ORB").by(Chromium).at(Response),
    other(CLIENT, "The resource at '{url}' was blocked because (?:Enhanced Tracking Protection|content blocking|tracking protection)").by(Firefox).at(Network),
    other(CLIENT, "(?:Enhanced )?Tracking Protection is enabled").by(Firefox).at(Network),
    other(CLIENT, "Content blocker prevented frame displaying '{page}' from loading a resource from '{url}'(?:\\s|$)").by(WebKit).at(Network),
    other(CLIENT, "blocked by (?:a |an )?(?:content blocker|ad.?blocker|browser extension|extension)").at(Network),
    // Cookies
    other(COOKIE, "A cookie associated with a cross-site resource at '{url}' was set without the 'SameSite'").by(Chromium),
    other(COOKIE, "A cookie associated with (?:a cross-site )?resource").by(Chromium),
    other(COOKIE, "Cookie '{cookie}' (?:has been rejected|will be soon rejected|does not have a proper|has 'SameSite)[^\\n]{0,160}?SameSite").by(Firefox),
    other(COOKIE, "Cookie '{cookie}' (?:has been rejected because it is in a cross-site context|is in a cross-site context)").by(Firefox),
    other(COOKIE, "Cookie '{cookie}' (?:has been|will be soon) (?:rejected|treated)[^\\n]{0,40}?(?:foreign|third.party|Partitioned|cross-site)").by(Firefox),
    other(COOKIE, "attempt to set a cookie via a Set-Cookie header was blocked because it (?:had|came|did not|didn)").by(Chromium),
    other(COOKIE, "didn'?t specify a 'SameSite'? attribute|Set-Cookie header didn'?t specify").by(Chromium),
    other(COOKIE, "Indicate whether to send a cookie in a cross-site request by specifying its SameSite").by(Chromium),
    other(COOKIE, "SameSite=(?:Lax|Strict|None)'?[^\\n]{0,120}?(?:blocked|rejected|cross-site|not sent|Secure)"),
    other(COOKIE, "(?:Third-party cookie (?:will be|is|was) blocked|Reading cookie in cross-site context will be blocked)").by(Chromium),
    other(COOKIE, "Request to access cookies? or storage on '{url}' was blocked").by(Firefox),
    other(COOKIE, "Partitioned cookie or storage access was provided to '{url}'").by(Firefox),
    // Frames and windows
    other(FRAME, "Blocked a frame with origin '{origin}' from accessing a cross-origin frame").by(Chromium),
    other(FRAME, "Blocked a frame with origin '{origin}' from accessing a frame with origin '{real}'"),
    other(FRAME, "Blocked a frame with origin"),
    other(FRAME, "from accessing a cross-origin frame").by(Chromium),
    other(FRAME, "Permission denied to (?:access|get) property '?[^\\n']{0,60}'? on cross-origin object").by(Firefox),
    other(FRAME, "Permission denied to access property").by(Firefox),
    other(FRAME, "target origin provided \\('{real}'\\) does not match the recipient window'?s origin \\('{origin}'\\)").by(Chromium),
    other(FRAME, "does not match the recipient window"),
    other(FRAME, "Unsafe (?:JavaScript )?attempt to (?:access frame with URL|initiate navigation for frame)"),
    // A canvas
    other(CANVAS, "Tainted canvases may not be exported").by(Chromium),
    other(CANVAS, "canvas has been tainted by cross-origin data"),
    other(CANVAS, "(?:image|video) element contains cross-origin data, and may not be loaded").by(Chromium),
    other(CANVAS, "SecurityError: The operation is insecure").by(Firefox),
    other(CANVAS, "tainted (?:canvas|by cross-origin)|(?:canvas|canvases) (?:is|are|was) tainted"),
    // Service workers
    other(
        WORKER,
        "FetchEvent for '{url}' resulted in a network error response: an 'opaque' response was used for a request whose type is not no-cors",
    )
    .by(Chromium)
    .at(Response),
    other(WORKER, "an 'opaque' response was used for a request").by(Chromium).at(Response),
    other(WORKER, "Failed to load '{url}'\\. A ServiceWorker passed an opaque Response to FetchEvent.respondWith").by(Firefox).at(Response),
    other(WORKER, "A ServiceWorker passed an opaque Response").by(Firefox).at(Response),
    other(WORKER, "Response served by service worker is opaque").by(WebKit).at(Response),
    // A script's own mistake, or a body that is not what was wanted.
    other(&["html-instead-of-data"], "Unexpected token '?<'?").at(Response),
    other(&["html-instead-of-data"], "JSON.parse: unexpected character at line 1 column 1").by(Firefox).at(Response),
    other(&["html-instead-of-data"], "JSON Parse error: Unrecognized token '<").by(WebKit).at(Response),
    other(&["nosniff", "load-type"], "Refused to execute script from '{url}' because its MIME type \\('{type}'\\) is not executable").by(Chromium).at(Response),
    other(&["load-type", "nosniff"], "Expected a JavaScript(?:-or-Wasm)? module script but the server responded with a MIME type of '{type}").by(Chromium).at(Response),
    other(&["load-type", "nosniff"], "Loading module from '{url}' was blocked because of a disallowed MIME type \\('{type}").by(Firefox).at(Response),
    other(&["load-type", "nosniff"], "EventSource'?s response has a MIME type \\('{type}'\\) that is not").at(Response),
    other(&["websocket-refused", "redirect-mode-error"], "WebSocket connection to '{url}' failed: Error during WebSocket handshake: Unexpected response code: {status}").by(Chromium).at(Response),
    other(&["websocket-refused", "network-error", "connection-closed", "connection-refused"], "WebSocket connection to '{url}' failed").at(Network),
];
