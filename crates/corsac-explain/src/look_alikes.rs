//! What is told in a console or a log in the same breath as CORS, and has a name of its own.
//!
//! The browser half of Corsac never finds these: they are no part of the CORS protocol, of an earlier form of it, or only words. People meet
//! them when they look for a CORS error, so [`pasted`](crate::pasted) recognizes them and tells them apart.

use crate::diagnosis::DiagnosisEntry;

/// Returns the entry of a code.
///
/// ```
/// let entry = corsac_explain::look_alikes::entry("content-security-policy").unwrap();
/// assert!(!entry.is_cors);
/// ```
pub fn entry(code: &str) -> Option<&'static DiagnosisEntry> {
    entries().find(|entry| entry.code == code)
}

/// Returns every entry.
///
/// ```
/// assert!(corsac_explain::look_alikes::entries().any(|entry| entry.code == "canvas-tainted"));
/// ```
pub fn entries() -> impl Iterator<Item = &'static DiagnosisEntry> {
    ENTRIES.iter()
}

const fn entry_of(
    code: &'static str,
    title: &'static str,
    what: &'static str,
    fix: &'static str,
) -> DiagnosisEntry {
    DiagnosisEntry { code, title, what, fix, is_cors: false }
}

const ENTRIES: &[DiagnosisEntry] = &[
    entry_of(
        "network-error",
        "No response arrived",
        "The browser got no answer that it could use, and says nothing about CORS headers. The name was not found, nothing listens there, \
         the certificate is not trusted, something closed the connection, or an extension or a setting of the browser stopped the request. \
         Firefox writes `CORS request did not succeed` for all of these, and also below each failed preflight.",
        "Open the URL in a tab of its own, and look at the request in the Network panel: it names the network error. Then run \
         `corsac check URL --origin ORIGIN`, which tells these causes apart.",
    ),
    entry_of(
        "reason-not-shown",
        "The message does not say why the request failed",
        "`TypeError: Failed to fetch`, `NetworkError when attempting to fetch resource.`, `Load failed` and the errors of HTTP clients are \
         all that script is told: whether it was CORS, the network or an extension is a secret that the browser keeps from the page.",
        "Look in the console for the line above the exception, or at the request in the Network panel. With its URL, run \
         `corsac check URL --origin ORIGIN`.",
    ),
    DiagnosisEntry {
        code: "private-network-header-missing",
        title: "The preflight's answer lacks `Access-Control-Allow-Private-Network`",
        what: "An older Chromium (about 104 to 141) asked a server in a private network for permission with \
               `Access-Control-Request-Private-Network: true`, and the answer did not have `Access-Control-Allow-Private-Network: true`. \
               Current versions ask the user instead (Local Network Access), and no header helps.",
        fix: "If those versions matter, answer that preflight with `Access-Control-Allow-Private-Network: true`. For current versions, \
              serve the page over https, and let the user grant access to the local network. See `local-network-denied`.",
        is_cors: true,
    },
    entry_of(
        "content-security-policy",
        "The page's own Content Security Policy forbids the request",
        "The page is served with a `Content-Security-Policy` whose `connect-src` (or `default-src`, `img-src`, `script-src` and so on) does \
         not list the URL. The browser sends nothing, so the server's CORS headers do not matter.",
        "Add the URL's origin to the directive that the message names, where the page's `Content-Security-Policy` is set: a header of the \
         page's server, or a `<meta>` element in the page.",
    ),
    entry_of(
        "blocked-by-client",
        "An extension or a setting of the browser blocked the request",
        "An ad blocker, a privacy extension or the browser's tracking protection stopped the request before it was sent, because its URL \
         is on a list.",
        "Try a private window without extensions. If the request works there, rename the path or host that the list matches (words such as \
         `ads`, `analytics`, `track`), or ask users to allow your site.",
    ),
    entry_of(
        "cookie-same-site",
        "The browser does not send or keep the cookie across sites",
        "The cookie's `SameSite` attribute (or its absence, which counts as `Lax`), or the browser's blocking of third-party cookies, keeps \
         it out of requests from another site. CORS may be right at the same time.",
        "Set the cookie with `SameSite=None; Secure`, over https, and send the request with `credentials: \"include\"`. Browsers that block \
         third-party cookies need the page and the API on the same site, or a token instead of a cookie.",
    ),
    entry_of(
        "frame-access",
        "A script reached into a frame or window of another origin",
        "Script read or called something in a document of another origin: `iframe.contentWindow.document`, `window.opener`, `parent`. The \
         same-origin policy forbids it, and no CORS header allows it.",
        "Exchange messages with `postMessage()`, and check `event.origin` on both sides.",
    ),
    entry_of(
        "frame-options",
        "The other site does not let itself be shown in a frame",
        "Its `X-Frame-Options` or `Content-Security-Policy: frame-ancestors` forbids the page to embed it. CORS headers do not change that.",
        "If the other site is yours, list the page in `frame-ancestors` and remove `X-Frame-Options`. If not, link to it, or use the API or \
         the embed code that it offers.",
    ),
    entry_of(
        "canvas-tainted",
        "The canvas holds an image of another origin",
        "An image was loaded without CORS and drawn into a canvas. The canvas is then tainted: script may not read its pixels (`toDataURL`, \
         `getImageData`, WebGL textures).",
        "Load the image with `crossorigin=\"anonymous\"` (set it before `src`), and make its server send `Access-Control-Allow-Origin`. If \
         the image was shown before without it, the cached copy lacks the header: request another URL, or reload without the cache.",
    ),
    entry_of(
        "service-worker-opaque",
        "A service worker answered with an opaque response",
        "The page asked with CORS, and its service worker answered with what it got in mode `no-cors`, or from a cache of such responses. \
         Such a response is opaque, and a request with CORS does not accept it.",
        "In the service worker, fetch `event.request` itself, or with `mode: \"cors\"`, and do not cache opaque responses for it. To test, \
         unregister the worker, or use \"Bypass for network\" in the developer tools.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_used_once_and_by_nothing_else() {
        for (index, entry) in ENTRIES.iter().enumerate() {
            assert!(ENTRIES.iter().skip(index + 1).all(|other| other.code != entry.code), "{}", entry.code);
            assert!(crate::diagnosis::entry(entry.code).is_none(), "{}", entry.code);
            assert!(entry.code.parse::<corsac::browser::ReasonCode>().is_err(), "{}", entry.code);
        }
    }
}
