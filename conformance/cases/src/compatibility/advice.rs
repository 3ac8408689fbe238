//! The list that the page begins with: what the rows together mean for a server.

/// One thing to do, and the fields that say why.
pub(super) struct Advice {
    pub(super) text: &'static str,
    pub(super) fields: &'static [&'static str],
}

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        text: "**List header and method names; `*` is slow.** Firefox never takes a kept `*`, so each request has its preflight.",
        fields: &["cache.wildcard"],
    },
    Advice {
        text: "**Name `Authorization`.** `*` still covers it in browsers, against the standard; Chromium and Firefox then ask before every \
               request.",
        fields: &["authorization_covered_by_wildcard", "cache.wildcard_covers_authorization"],
    },
    Advice {
        text: "**Give every preflight of a URL the same, full answer**, not only what it asked for. Chromium and WebKit keep one answer, and the \
               next replaces it.",
        fields: &["cache.whole_answers"],
    },
    Advice {
        text: "**`Access-Control-Max-Age`: digits, once.** Ages above the browser's cap are cut; anything malformed is no cache at all in Firefox.",
        fields: &["cache.limit", "cache.malformed_max_age", "cache.overflowing_max_age"],
    },
    Advice {
        text: "**List HEAD**, if clients use it with headers of their own, and PUT and DELETE even for uploads that browsers preflight anyway.",
        fields: &["cache.exempt_methods", "forced_preflight_implies_method"],
    },
    Advice {
        text: "**Read `Access-Control-Request-Headers` as a list that may repeat names, hold names that never come, or be missing.**",
        fields: &["safelist.keeps_repeats", "preflight_after_redirect"],
    },
    Advice {
        text: "**Avoid redirects on URLs that other origins call.** Origins, methods, headers and tokens behind a redirect differ from engine to \
               engine.",
        fields: &[
            "redirected_preflight_keeps_origin",
            "redirects_from_home_are_credentialed",
            "dropped_headers.authorization_returns",
            "leaving_origin_turns_delete_into_get",
        ],
    },
    Advice {
        text: "**Keep URLs short** where preflights matter, and few: caches have bounds of length and number.",
        fields: &["cache.url_length_limit", "cache.capacity"],
    },
    Advice {
        text: "**Answer `OPTIONS`, whatever happens.** A connection that closes instead may be tried again, up to ten times.",
        fields: &["preflight_attempts"],
    },
    Advice {
        text: "**In the page:** no `cache: \"no-store\"`, no upload listeners without an upload, no `User-Agent`, each header set once.",
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
