//! Responses: what a page may read of them, and what caches keep.

use super::GlossaryEntry;

pub(super) const ENTRIES: &[GlossaryEntry] = &[
    GlossaryEntry {
        word: "allow-origin",
        synonyms: &["access-control-allow-origin", "acao"],
        definition: "`Access-Control-Allow-Origin` (allow-origin) is the response header that names the origin that \
                     may read the response.",
        details: "Its value is exactly one origin, or `*` for every origin. Browsers compare it with the page's \
                  origin byte for byte: a slash at the end, another port or a list of origins does not match. A \
                  server that allows several origins compares the request's `Origin` with its list, and answers with \
                  the one that it found, and `Vary: Origin`.",
        example: &["Access-Control-Allow-Origin: https://app.example.com", "Vary: Origin"],
        see_also: &["origin", "wildcard", "vary", "allow-origin-missing", "allow-origin-mismatch"],
    },
    GlossaryEntry {
        word: "wildcard",
        synonyms: &["*", "star", "asterisk"],
        definition: "The wildcard is the value `*` in a CORS header: every origin, every method or every header name.",
        details: "It stands alone; `https://*.example.com` is not a valid value of any CORS header, since a server \
                  has to match subdomains itself. In requests with credentials `*` has no special meaning. In \
                  `Access-Control-Allow-Headers` it does not cover `Authorization`, by the standard.",
        example: &["Access-Control-Allow-Origin: *"],
        see_also: &["allow-origin", "credentials", "credentials-wildcard", "pattern-in-header"],
    },
    GlossaryEntry {
        word: "opaque",
        synonyms: &["opaque-response"],
        definition: "An opaque response is one whose status, headers and body a page cannot see.",
        details: "A script sees status 0, no headers and an empty body. It comes from a `no-cors` request to another \
                  origin, and elements such as `<img>` can still show it. `corsac check` reports the verdict \
                  `opaque` for it, with exit status 0, because nothing was blocked.",
        example: &[
            "const response = await fetch(url, { mode: \"no-cors\" });",
            "response.type    // \"opaque\"",
            "response.status  // 0",
        ],
        see_also: &["no-cors", "verdict", "opaque-response-blocked"],
    },
    GlossaryEntry {
        word: "exposed-headers",
        synonyms: &["expose-headers", "exposed", "exposed-header", "expose", "access-control-expose-headers"],
        definition: "Exposed headers are the response headers that script may read in a CORS response.",
        details: "Script always sees `Cache-Control`, `Content-Language`, `Content-Length`, `Content-Type`, \
                  `Expires`, `Last-Modified` and `Pragma`. The server lists any others in \
                  `Access-Control-Expose-Headers`. Without that, `response.headers.get(\"ETag\")` is `null`, \
                  although the network panel shows the header. `Set-Cookie` can never be exposed.",
        example: &["ETag: \"33a64df5\"", "Access-Control-Expose-Headers: ETag"],
        see_also: &["cors", "wildcard", "credentials-any-exposed"],
    },
    GlossaryEntry {
        word: "vary",
        synonyms: &["vary-origin", "vary-header"],
        definition: "`Vary` is a response header that tells caches which request headers the response depends on.",
        details: "If `Access-Control-Allow-Origin` names the origin of the request, the response needs `Vary: \
                  Origin`. Without it, a cache can give a copy that was made for one origin to another one, and the \
                  browser blocks it there. Send it with every response of the URL, also to requests without \
                  `Origin`. A response with a fixed `*` does not need it.",
        example: &["Access-Control-Allow-Origin: https://app.example.com", "Vary: Origin"],
        see_also: &["cache", "allow-origin", "cached-copy"],
    },
    GlossaryEntry {
        word: "cache",
        synonyms: &["caching", "http-cache", "cdn"],
        definition: "A cache is a store of responses, in the browser or between it and the server, that answers \
                     later requests instead of the server.",
        details: "It can cause a CORS error that comes and goes: a copy that was stored for a request without \
                  `Origin` has no CORS headers. `Vary: Origin` prevents that. `Age` and `X-Cache: HIT` in a response \
                  show that it is a copy. The answers to preflights are kept in a cache of their own.",
        example: &["HTTP/1.1 200 OK", "Age: 120", "X-Cache: HIT", "Vary: Accept-Encoding"],
        see_also: &["vary", "preflight-cache", "cached-copy"],
    },
    GlossaryEntry {
        word: "preflight-cache",
        synonyms: &["max-age", "access-control-max-age"],
        definition: "The preflight cache is the browser's store of answers to preflights, which saves it from asking \
                     again.",
        details: "`Access-Control-Max-Age` says for how many seconds an answer may be kept; without it, browsers \
                  keep it for 5 seconds. Chromium keeps it for two hours at most, Firefox for a day and WebKit for \
                  ten minutes. After a change of the server's settings, a browser may use the old answer until that \
                  time has passed. It asks again if you disable the cache in the developer tools.",
        example: &[
            "HTTP/1.1 204 No Content",
            "Access-Control-Allow-Methods: PUT",
            "Access-Control-Max-Age: 7200",
        ],
        see_also: &["preflight", "max-age-over-cap", "cache"],
    },
    GlossaryEntry {
        word: "corp",
        synonyms: &["cross-origin-resource-policy"],
        definition: "CORP (`Cross-Origin-Resource-Policy`) is a response header that says whether other sites may \
                     embed a file.",
        details: "It applies to loads without CORS, such as `<img>` and `<script>`, and CORS headers do not override \
                  it. Its values are `same-origin`, `same-site` and `cross-origin`. A page that sends \
                  `Cross-Origin-Embedder-Policy: require-corp` can embed a file of another origin only if the file \
                  has this header or is loaded with CORS.",
        example: &["Cross-Origin-Resource-Policy: cross-origin"],
        see_also: &["no-cors", "crossorigin", "resource-policy"],
    },
];
