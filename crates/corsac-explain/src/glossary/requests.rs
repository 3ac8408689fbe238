//! Requests: what browsers send, and when they ask first.

use super::GlossaryEntry;

pub(super) const ENTRIES: &[GlossaryEntry] = &[
    GlossaryEntry {
        word: "preflight",
        synonyms: &[
            "pre-flight",
            "preflight-request",
            "cors-preflight",
            "options",
            "options-request",
            "access-control-request-method",
            "access-control-request-headers",
            "access-control-allow-methods",
            "access-control-allow-headers",
        ],
        definition: "A preflight is an `OPTIONS` request that a browser sends first, to ask whether the server \
                     allows the request itself.",
        details: "It is sent for methods other than GET, HEAD and POST, for request headers such as `Authorization`, \
                  and for bodies such as JSON. It never carries cookies or a token, so it must be answered without a \
                  login. The answer needs a status from 200 to 299 and the headers below. If it does not allow the \
                  request, the browser does not send the request at all.",
        example: &[
            "OPTIONS /items HTTP/1.1",
            "Origin: https://app.example.com",
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: content-type",
            "",
            "HTTP/1.1 204 No Content",
            "Access-Control-Allow-Origin: https://app.example.com",
            "Access-Control-Allow-Methods: PUT",
            "Access-Control-Allow-Headers: Content-Type",
        ],
        see_also: &["simple-request", "preflight-cache", "preflight-status", "preflight-needs-login"],
    },
    GlossaryEntry {
        word: "simple-request",
        synonyms: &[
            "simple",
            "safelisted",
            "safelist",
            "cors-safelisted",
            "safelisted-request",
            "safelisted-header",
            "safelisted-method",
        ],
        definition: "A simple request is one that needs no preflight, because an HTML form could have sent it as well.",
        details: "Its method is GET, HEAD or POST, and its headers are on the standard's safelist, such as `Accept` \
                  and `Accept-Language`. Its `Content-Type`, if it has one, is `application/x-www-form-urlencoded`, \
                  `multipart/form-data` or `text/plain`. The browser sends it at once, so the server acts on it even \
                  if the page may not read the response. The standard calls such methods and headers \
                  CORS-safelisted.",
        example: &["POST /items HTTP/1.1", "Origin: https://app.example.com", "Content-Type: text/plain"],
        see_also: &["preflight", "csrf", "header-not-allowed"],
    },
    GlossaryEntry {
        word: "credentials",
        synonyms: &[
            "credential",
            "credentialed",
            "cookie",
            "withcredentials",
            "access-control-allow-credentials",
        ],
        definition: "Credentials are what a browser adds to a request to show who the user is: cookies, HTTP logins \
                     and client certificates.",
        details: "By default `fetch()` sends them to the page's own origin only. With `credentials: \"include\"` it \
                  sends them to others, too; the server then has to name the origin, since `*` is not accepted, and \
                  to send `Access-Control-Allow-Credentials: true`. An `Authorization` header that a script sets \
                  does not count as a credential, but it needs a preflight. Cookies also have to be `SameSite=None; \
                  Secure` to be sent to another site.",
        example: &[
            "fetch(\"https://api.example.com/me\", { credentials: \"include\" })",
            "",
            "HTTP/1.1 200 OK",
            "Access-Control-Allow-Origin: https://app.example.com",
            "Access-Control-Allow-Credentials: true",
            "Vary: Origin",
        ],
        see_also: &["wildcard", "same-site", "credentials-wildcard", "allow-credentials-not-true"],
    },
    GlossaryEntry {
        word: "no-cors",
        synonyms: &["mode-no-cors", "no-cors-mode"],
        definition: "`no-cors` is a mode of `fetch()` in which a page sends a request to another origin without \
                     being able to read the response.",
        details: "It does not switch CORS off: the response is opaque, and script sees neither its status nor its \
                  body. Only simple methods and headers are allowed. `<img>` and `<script>` elements load in this \
                  mode unless they have the attribute `crossorigin`. A page that wants to read the response has to \
                  leave the mode out.",
        example: &[
            "fetch(\"https://api.example.com/items\", { mode: \"no-cors\" })",
            "// response.status is 0, and the body is empty",
        ],
        see_also: &["opaque", "crossorigin", "simple-request", "resource-policy"],
    },
    GlossaryEntry {
        word: "crossorigin",
        synonyms: &["crossorigin-attribute", "anonymous", "use-credentials"],
        definition: "`crossorigin` is an HTML attribute that makes an element load its file with CORS.",
        details: "`<img>`, `<script>`, `<link>`, `<video>` and `<audio>` take it. With it, a canvas may read the \
                  image, and error messages of the script are shown in full; but the server has to allow the page's \
                  origin, or the file is not loaded. `crossorigin=\"use-credentials\"` sends cookies as well. Fonts \
                  and module scripts are loaded with CORS in any case.",
        example: &[
            "<img src=\"https://cdn.example.com/logo.png\" crossorigin>",
            "",
            "HTTP/1.1 200 OK",
            "Access-Control-Allow-Origin: *",
        ],
        see_also: &["no-cors", "opaque", "resource-policy"],
    },
    GlossaryEntry {
        word: "redirect",
        synonyms: &["redirection", "location"],
        definition: "A redirect is a response with a status such as 301 or 302 that sends the browser to another URL.",
        details: "A redirect that another origin sends needs CORS headers, as the last response does. A preflight \
                  must not be redirected at all. A redirect from one foreign origin to another makes the browser \
                  send `Origin: null` from then on. It is safest to request the last URL directly.",
        example: &[
            "GET http://api.example.com/items",
            "",
            "HTTP/1.1 301 Moved Permanently",
            "Location: https://api.example.com/items",
        ],
        see_also: &["null-origin", "preflight-redirected", "https-redirect", "login-redirect"],
    },
    GlossaryEntry {
        word: "cors-proxy",
        synonyms: &["proxy", "reverse-proxy", "dev-server-proxy"],
        definition: "A CORS proxy is a server that fetches another server's response and passes it on with CORS \
                     headers.",
        details: "Your own server can do the same: if the page calls `/api` on its own origin, and the web server \
                  forwards that, CORS is not involved. Development servers such as Vite have a setting for it. A \
                  public CORS proxy sees all that passes through it, logins included, and can change it.",
        example: &[
            "// vite.config.js",
            "server: { proxy: { \"/api\": \"http://localhost:8080\" } }",
            "",
            "fetch(\"/api/items\")  // same origin: no CORS",
        ],
        see_also: &["same-origin", "cors", "credentials"],
    },
    GlossaryEntry {
        word: "csrf",
        synonyms: &["xsrf", "cross-site-request-forgery", "csrf-token"],
        definition: "CSRF (cross-site request forgery) is an attack in which a foreign page makes the user's browser \
                     send a request with the user's cookies.",
        details: "CORS does not prevent it: a simple request is sent before CORS decides whether its response may be \
                  read. Servers defend themselves with `SameSite` cookies, tokens, or a check of the `Origin` \
                  header. Corsac's policies have `enforce = \"block\"` for such a check.",
        example: &[
            "POST /transfer HTTP/1.1",
            "Origin: https://evil.example",
            "Cookie: session=1",
            "Content-Type: application/x-www-form-urlencoded",
        ],
        see_also: &["simple-request", "enforce", "origin-guard", "same-site"],
    },
];
