//! Rows about what surrounds CORS: headers that the browser adds, password prompts, mixed content, local networks.

use corsac::browser::{LocalNetworkAccess, Profile};

use super::Known::{Measured, Partly, Source};
use super::words::either;
use super::{Field, Row, field, links, words};

pub(super) const METADATA: &[Row] = &[
    Row {
        field: field!(preflight_always_says_mode),
        title: "`Sec-Fetch-Mode` of a preflight to a URL that is not trustworthy (plain http)",
        section: links::METADATA,
        words: |p| either(p.preflight_always_says_mode, "`cors`", "not sent, like all fetch metadata"),
        consequence: "Fetch metadata is for https, but Chromium also sends `Sec-Fetch-Mode` alone over http. It does not mean \
                      that the other headers are sent.",
        known: Measured,
        cases: &["put/both", "redirect-drops/302-type-cross"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_site_sees_redirects),
        title: "`Sec-Fetch-Site` of a preflight after redirects",
        section: links::METADATA_SITE,
        words: |p| {
            either(p.preflight_site_sees_redirects, "describes all redirects", "describes the current URL")
        },
        consequence: "After a redirect through another site, a preflight to the page's own site has `cross-site` in WebKit and \
                      `same-site` or `same-origin` elsewhere.",
        known: Measured,
        cases: &["metadata-through-redirects/s-t-s-s-put"],
        bugs: &[],
    },
    Row {
        field: field!(redirected_cors_loses_metadata),
        title: "Fetch metadata of a CORS request after a redirect to another origin than the last",
        section: links::METADATA,
        words: |p| {
            either(
                p.redirected_cors_loses_metadata,
                "not sent; nor with its preflight, unless the first URL is trustworthy",
                "sent",
            )
        },
        consequence: "A server that requires `Sec-Fetch-Site` refuses WebKit users who come through a redirect. If it is \
                      missing, treat the site as unknown, not as an attacker.",
        known: Measured,
        cases: &["metadata-through-redirects/s-s-t-t-get", "metadata-through-redirects/a-t-t-s-put"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_follows_cache_mode),
        title: "`Cache-Control` and `Pragma` of the request's cache mode, on its preflight",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.preflight_follows_cache_mode, "sent", "not sent"),
        consequence: "`Access-Control-Request-Headers` does not ask for a `Cache-Control: no-cache` on a preflight, because the \
                      browser added it. The server does not have to allow it.",
        known: Measured,
        cases: &["cache-mode/no-store-default", "cache-mode/default-reload", "cache-mode/no-cache-default"],
        bugs: &[],
    },
    Row {
        field: field!(conditional_cache_mode),
        title: "The cache mode that a header such as `If-None-Match`, set by script, causes",
        section: links::OR_CACHE_FETCH,
        words: |p| format!("`{}`", p.conditional_cache_mode.as_str()),
        consequence: "It decides which of `Cache-Control` and `Pragma` the request has: Chromium sends `Cache-Control: \
                      max-age=0`, the others send both headers with `no-cache`.",
        known: Measured,
        cases: &["safelist-names/if-none-match", "safelist-names/if-modified-since"],
        bugs: &[],
    },
    Row {
        field: field!(conditional_headers_reach_preflight),
        title: "Whether that mode also applies to the preflight",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.conditional_headers_reach_preflight, "yes", "no"),
        consequence: "As above: cache headers on a preflight come from the browser.",
        known: Measured,
        cases: &["safelist-names/if-none-match", "safelist-names/if-modified-since"],
        bugs: &[],
    },
    Row {
        field: field!(conditional_headers_count_in_xhr),
        title: "Whether that mode also applies in `XMLHttpRequest`",
        section: links::OR_CACHE_FETCH,
        words: |p| either(p.conditional_headers_count_in_xhr, "yes", "no"),
        consequence: "In Firefox a conditional request by `XMLHttpRequest` has no `Cache-Control` and `Pragma`, and one by \
                      `fetch()` has both.",
        known: Measured,
        cases: &["conditional/xhr-b-if-none-match", "conditional/xhr-a-if-modified-since"],
        bugs: &[],
    },
    Row {
        field: field!(redirects_keep_cache_mode),
        title: "`Cache-Control` and `Pragma` of the cache mode, after a redirect to another origin",
        section: links::OR_CACHE_FETCH,
        words: |p| either(p.redirects_keep_cache_mode, "sent", "not sent, until a redirect within an origin"),
        consequence: "A cache in front of the redirect's target may answer WebKit users, although the page asked for a fresh \
                      response.",
        known: Measured,
        cases: &[
            "cache-mode-through-redirects/reload-b-c-c-get",
            "cache-mode-through-redirects/no-cache-b-c-b-put",
        ],
        bugs: &[],
    },
];

pub(super) const RESPONSES: &[Row] = &[
    Row {
        field: field!(drops_empty_lines),
        title: "An empty line of a header that has another line",
        section: links::HEADER_GET,
        words: |p| {
            either(
                p.drops_empty_lines,
                "left out, except in `Access-Control-Allow-Origin`",
                "joined with the rest",
            )
        },
        consequence: "A doubled header with one empty line works in Firefox and is malformed elsewhere, for example in \
                      `Access-Control-Max-Age`. `Access-Control-Allow-Origin` on two lines fails everywhere.",
        known: Measured,
        cases: &["max-age-lines/empty-first", "max-age-lines/empty-last"],
        bugs: &[],
    },
    Row {
        field: field!(prompts_after_unauthorized),
        title: "401 with `WWW-Authenticate`, to a CORS request with credentials",
        section: links::OR_CACHE_FETCH,
        words: |p| {
            either(p.prompts_after_unauthorized, "the user is asked for a password", "script gets the 401")
        },
        consequence: "If an API answers 401 with a `WWW-Authenticate` of a scheme that browsers know, a dialog opens on a page \
                      of another site, and tests without a screen hang. Use a scheme that browsers do not know, or none.",
        known: Measured,
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(resource_policy_reaches_below_page),
        title: "`Cross-Origin-Resource-Policy: same-site` of a host below the page's own, which has no registrable domain: \
                      `m.localhost` for `localhost`",
        section: links::RESOURCE_POLICY,
        words: |p| either(p.resource_policy_reaches_below_page, "the same site", "another site"),
        consequence: "A development set-up with names below `localhost` may work only in WebKit. Send `cross-origin` there.",
        known: Measured,
        cases: &["resource-policy-site/below-localhost"],
        bugs: &[],
    },
];

pub(super) const NETWORKS: &[Row] = &[
    Row {
        field: field!(loopback_is_no_mixed_content),
        title: "`http://localhost` and `http://127.0.0.1` from an https page",
        section: links::MIXED_CONTENT,
        words: |p| either(p.loopback_is_no_mixed_content, "allowed", "blocked as mixed content"),
        consequence: "A page that connects to a program on the user's machine over plain http does not work in WebKit. The \
                      program needs https with a certificate that the machine trusts.",
        known: Measured,
        cases: &[
            "mixed-content/localhost",
            "mixed-content/below-localhost",
            "mixed-content/loopback-address",
        ],
        bugs: &[],
    },
    Row {
        field: field!(local_network_access),
        title: "Connections that need the user's permission for local networks",
        section: links::LOCAL_NETWORK,
        words: |p| {
            match p.local_network_access {
                LocalNetworkAccess::MorePrivate => "any to an address space more private than the page's",
                LocalNetworkAccess::FromPublic => {
                    "from a page of a public address to a private or loopback one"
                }
                LocalNetworkAccess::Off => "none",
                _ => words::MISSING,
            }
            .to_owned()
        },
        consequence: "When a public page calls a router, a printer or `localhost`, Chromium (since 142) and Firefox ask the \
                      user. The request waits for the answer, and a refusal looks like a network error. No CORS header gives \
                      that permission.",
        known: Partly("WebKit, in whose 2.50.6 no such check was found"),
        cases: &[],
        bugs: &[links::MOZILLA_LOCAL_1, links::MOZILLA_LOCAL_2, links::MOZILLA_LOCAL_3],
    },
    Row {
        // Where nothing is checked, the field means nothing.
        field: Field {
            path: "local_network_needs_secure_context",
            value: |p| format!("{:?}", secure_context_rule(p)),
            take: |p, other| p.local_network_needs_secure_context = other.local_network_needs_secure_context,
        },
        title: "The same from a page that is not a secure context",
        section: links::LOCAL_NETWORK,
        words: |p| match secure_context_rule(p) {
            None => "no such check".to_owned(),
            Some(needed) => either(needed, "refused without asking", "the user is asked"),
        },
        consequence: "Serve such a page over https. Firefox's preference `network.lna.block_insecure_contexts` is off in 153.7.",
        known: Source("the default of the preference in Firefox's `omni.ja`"),
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(reads_target_address_space),
        title: "`targetAddressSpace` in the options of `fetch()`",
        section: links::LOCAL_NETWORK,
        words: |p| either(p.reads_target_address_space, "read", "ignored"),
        consequence: "Only Chromium has this way to reach a private address over http from an https page, after permission.",
        known: Partly("WebKit, where nothing was found"),
        cases: &[],
        bugs: &[],
    },
];

/// Whether a page needs a secure context to connect to the local network. `None` if the engine does not check it.
fn secure_context_rule(profile: &Profile) -> Option<bool> {
    let checks = profile.local_network_access != LocalNetworkAccess::Off;
    checks.then_some(profile.local_network_needs_secure_context)
}
