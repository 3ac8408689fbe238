//! What CORS is, and what browsers take for one site or another.

use super::GlossaryEntry;

pub(super) const ENTRIES: &[GlossaryEntry] = &[
    GlossaryEntry {
        word: "cors",
        synonyms: &["cross-origin-resource-sharing", "cors-error", "cors-header"],
        definition: "CORS (Cross-Origin Resource Sharing) is how a server tells browsers which other origins may \
                     read its responses.",
        details: "Without it, a browser does not let a page read what another origin answers. The server gives \
                  permission with response headers, and the browser enforces it; the server itself does not have to \
                  refuse anything. Programs such as curl do not take part, so a request that works there can still \
                  fail in a browser. A CORS error is therefore nearly always fixed on the server, not in the page.",
        example: &[
            "GET /items HTTP/1.1",
            "Origin: https://app.example.com",
            "",
            "HTTP/1.1 200 OK",
            "Access-Control-Allow-Origin: https://app.example.com",
            "Vary: Origin",
        ],
        see_also: &["origin", "same-origin-policy", "preflight", "allow-origin-missing"],
    },
    GlossaryEntry {
        word: "origin",
        synonyms: &["origin-header"],
        definition: "An origin is the scheme, the host and the port of a URL, such as `https://app.example.com`.",
        details: "It has no path and no slash at the end. The port is left out if it is the scheme's default: 443 \
                  for https, 80 for http. A browser sends the page's origin in the `Origin` request header, and \
                  scripts cannot change it. Programs other than browsers can send any `Origin`, so it does not \
                  replace a login.",
        example: &[
            "Page:    https://app.example.com/cart?id=7",
            "Origin:  https://app.example.com",
            "Page:    http://localhost:5173/",
            "Origin:  http://localhost:5173",
        ],
        see_also: &["same-origin", "null-origin", "allow-origin-mismatch", "origin-path"],
    },
    GlossaryEntry {
        word: "same-origin",
        synonyms: &["first-party"],
        definition: "Two URLs are same-origin if their scheme, host and port are all equal.",
        details: "A page may read responses from its own origin without CORS. `http` and `https`, `example.com` and \
                  `www.example.com`, and two ports of one machine are different origins. `localhost` and `127.0.0.1` \
                  are different, too, although both are this machine.",
        example: &[
            "https://app.example.com/a  https://app.example.com/b    same origin",
            "https://app.example.com    https://api.example.com      different host",
            "http://localhost:5173      http://localhost:8080        different port",
        ],
        see_also: &["cross-origin", "same-site", "origin", "mode-same-origin"],
    },
    GlossaryEntry {
        word: "cross-origin",
        synonyms: &["third-party", "foreign"],
        definition: "A request is cross-origin if the URL has another origin than the page that makes it.",
        details: "Only such requests need CORS. The browser sends them with an `Origin` header, some of them after a \
                  preflight, and lets the page read the response only if the response allows the page's origin. A \
                  request to the page's own origin becomes cross-origin if the server redirects it to another one.",
        example: &["Page:     https://app.example.com", "Request:  https://api.example.com/items"],
        see_also: &["same-origin", "cors", "preflight", "redirect"],
    },
    GlossaryEntry {
        word: "same-site",
        synonyms: &["site", "cross-site", "samesite"],
        definition: "Two URLs are same-site if they have the same scheme and the same registrable domain, such as \
                     `example.com`.",
        details: "Hosts below one registrable domain are one site, but each is an origin of its own. CORS looks at \
                  origins. Sites matter for cookies: with `SameSite=Lax` or `Strict`, a browser does not send a \
                  cookie with a `fetch()` to another site, whatever CORS allows. Below a public suffix, such as \
                  `github.io`, each name is a site of its own.",
        example: &[
            "https://app.example.com  https://api.example.com  same site, two origins",
            "https://a.github.io      https://b.github.io      two sites",
            "Set-Cookie: session=1; SameSite=None; Secure      sent to other sites",
        ],
        see_also: &["same-origin", "credentials", "public-suffix"],
    },
    GlossaryEntry {
        word: "same-origin-policy",
        synonyms: &["sop"],
        definition: "The same-origin policy is the rule of browsers that a page may read responses from its own \
                     origin only.",
        details: "It protects users who are logged in: without it, any site could read their mail with their own \
                  cookies. CORS is the exception that a server makes to it. The rule is about reading: a page may \
                  send many requests to other origins, and may show their images and run their scripts.",
        example: &[
            "const response = await fetch(\"https://mail.example/inbox\");",
            "// TypeError: Failed to fetch (the server did not allow this origin)",
        ],
        see_also: &["cors", "no-cors", "csrf"],
    },
    GlossaryEntry {
        word: "null-origin",
        synonyms: &["null", "opaque-origin"],
        definition: "The null origin is what a browser sends, as `Origin: null`, for a page that has no origin of \
                     its own.",
        details: "That is the case in sandboxed frames, for files opened from disk and for `data:` URLs, and after \
                  some redirects from one foreign origin to another. Any site can make such a page, so a server that \
                  allows `null` allows everybody. Serve the page over http or https instead, and allow its origin.",
        example: &[
            "<iframe sandbox=\"allow-scripts\" src=\"page.html\"></iframe>",
            "",
            "GET /items HTTP/1.1",
            "Origin: null",
        ],
        see_also: &["origin", "redirect", "origin-null", "credentials-null-origin"],
    },
    GlossaryEntry {
        word: "public-suffix",
        synonyms: &["etld", "effective-top-level-domain", "registrable-domain", "public-suffix-list"],
        definition: "A public suffix is a domain below which anybody can register a name, such as `com`, `co.uk` or \
                     `github.io`.",
        details: "The names below it belong to different people, so browsers treat each one as a site of its own. \
                  One label more makes a registrable domain: `example.co.uk`. A policy must not allow all subdomains \
                  of a public suffix, since a stranger can take one.",
        example: &[
            "origins = [\"https://*.github.io\"]     # every user of GitHub Pages",
            "origins = [\"https://acme.github.io\"]  # one site",
        ],
        see_also: &["same-site", "origin-public-suffix", "credentials-public-suffix"],
    },
];
