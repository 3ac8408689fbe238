//! The list at the beginning of the page: what the rows together mean for a server.

/// One thing to do, and the fields that explain it.
pub(super) struct Advice {
    pub(super) text: &'static str,
    pub(super) fields: &'static [&'static str],
}

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        text: "**List header and method names; `*` is slow.** Firefox never uses a cached `*`, so each request has a preflight.",
        fields: &["cache.wildcard"],
    },
    Advice {
        text: "**Name `Authorization`.** Browsers still let `*` cover it, against the standard; Chromium and Firefox then send a preflight before every \
               request.",
        fields: &["authorization_covered_by_wildcard", "cache.wildcard_covers_authorization"],
    },
    Advice {
        text: "**Give every preflight of a URL the same, complete response**, not only what it asked for. Chromium and WebKit keep one response, and the \
               next replaces it.",
        fields: &["cache.whole_answers"],
    },
    Advice {
        text: "**`Access-Control-Max-Age`: digits, once.** Ages above the browser's limit are cut; a malformed one is not cached at all in Firefox.",
        fields: &["cache.limit", "cache.malformed_max_age", "cache.overflowing_max_age"],
    },
    Advice {
        text: "**List HEAD**, if clients use it with custom headers, and PUT and DELETE even for uploads that browsers preflight anyway.",
        fields: &["cache.exempt_methods", "forced_preflight_implies_method"],
    },
    Advice {
        text: "**Read `Access-Control-Request-Headers` as a list that may repeat names, contain names that are then not sent, or be missing.**",
        fields: &["safelist.keeps_repeats", "preflight_after_redirect"],
    },
    Advice {
        text: "**Avoid redirects of URLs that other origins call.** After a redirect, origins, methods, headers and tokens differ from engine to \
               engine.",
        fields: &[
            "redirected_preflight_keeps_origin",
            "redirects_from_page_origin_are_credentialed",
            "dropped_headers.authorization_returns",
            "leaving_origin_turns_delete_into_get",
        ],
    },
    Advice {
        text: "**Use few and short URLs** where preflights matter: caches limit their length and number.",
        fields: &["cache.url_length_limit", "cache.capacity"],
    },
    Advice {
        text: "**Always answer `OPTIONS`.** If the connection closes instead, browsers may send it again, up to ten times.",
        fields: &["preflight_attempts"],
    },
    Advice {
        text: "**In the page:** avoid `cache: \"no-store\"`, upload listeners without an upload, and `User-Agent`. Set each header once.",
        fields: &[
            "cache.bypassing_modes",
            "upload_listeners_count_without_body",
            "safelist.user_agent_is_safe",
            "safelist.joins_lines",
            "sends_last_line_only",
        ],
    },
    Advice {
        text: "**A program on the user's machine** needs https for WebKit, the user's permission elsewhere, and a check of `Origin` instead of \
               `Referer`.",
        fields: &["loopback_is_no_mixed_content", "local_network_access", "downgrade_is_by_scheme"],
    },
];
