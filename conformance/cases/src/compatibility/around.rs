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
        words: |p| either(p.preflight_always_says_mode, "`cors`", "left out, as all fetch metadata"),
        consequence: "Fetch metadata is for https; in Chromium a lone `Sec-Fetch-Mode` comes over http, too. Do not conclude from it that the \
                      other \
                      headers are there.",
        known: Measured,
        cases: &["put/both", "redirect-drops/302-type-cross"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_site_sees_redirects),
        title: "`Sec-Fetch-Site` of a preflight after redirects",
        section: links::METADATA_SITE,
        words: |p| either(p.preflight_site_sees_redirects, "about the whole chain", "about the URL at hand"),
        consequence: "After a detour through another site, a preflight to the page's own site says `cross-site` in WebKit and `same-site` or \
                      `same-origin` elsewhere.",
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
                "left out; on its preflight, too, unless the first URL is trustworthy",
                "sent",
            )
        },
        consequence: "A server that demands `Sec-Fetch-Site` refuses WebKit users who come through a redirect. Take its absence for an unknown, \
                      not for an attack.",
        known: Measured,
        cases: &["metadata-through-redirects/s-s-t-t-get", "metadata-through-redirects/a-t-t-s-put"],
        bugs: &[],
    },
    Row {
        field: field!(preflight_follows_cache_mode),
        title: "`Cache-Control` and `Pragma` of the request's cache mode, on its preflight",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.preflight_follows_cache_mode, "sent", "left out"),
        consequence: "A preflight with `Cache-Control: no-cache` is not asked about in `Access-Control-Request-Headers`: the browser added it. \
                      Nothing to allow.",
        known: Measured,
        cases: &["cache-mode/no-store-default", "cache-mode/default-reload", "cache-mode/no-cache-default"],
        bugs: &[],
    },
    Row {
        field: field!(conditional_cache_mode),
        title: "Cache mode that a header such as `If-None-Match`, set by script, stands for",
        section: links::OR_CACHE_FETCH,
        words: |p| format!("`{}`", p.conditional_cache_mode.as_str()),
        consequence: "It decides which of `Cache-Control` and `Pragma` come with the request; Chromium sends `Cache-Control: max-age=0`, the \
                      others \
                      both headers with `no-cache`.",
        known: Measured,
        cases: &["safelist-names/if-none-match", "safelist-names/if-modified-since"],
        bugs: &[],
    },
    Row {
        field: field!(conditional_headers_reach_preflight),
        title: "Does that mode count for the preflight?",
        section: links::PREFLIGHT_FETCH,
        words: |p| either(p.conditional_headers_reach_preflight, "yes", "no"),
        consequence: "As above: cache headers on a preflight are the browser's own.",
        known: Measured,
        cases: &["safelist-names/if-none-match", "safelist-names/if-modified-since"],
        bugs: &[],
    },
    Row {
        field: field!(conditional_headers_count_in_xhr),
        title: "Does that mode count in `XMLHttpRequest`?",
        section: links::OR_CACHE_FETCH,
        words: |p| either(p.conditional_headers_count_in_xhr, "yes", "no"),
        consequence: "In Firefox a conditional request by `XMLHttpRequest` goes without `Cache-Control` and `Pragma`, and one by `fetch()` with \
                      them.",
        known: Measured,
        cases: &["conditional/xhr-b-if-none-match", "conditional/xhr-a-if-modified-since"],
        bugs: &[],
    },
    Row {
        field: field!(redirects_keep_cache_mode),
        title: "`Cache-Control` and `Pragma` of the cache mode, after a redirect to another origin",
        section: links::OR_CACHE_FETCH,
        words: |p| either(p.redirects_keep_cache_mode, "sent", "left out, until a redirect within an origin"),
        consequence: "A cache in front of the redirect's target may answer WebKit users, although the page asked for a fresh response.",
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
                "left out, but in `Access-Control-Allow-Origin`",
                "joined with the rest",
            )
        },
        consequence: "A doubled header, one line of it empty, works in Firefox and is malformed elsewhere, for example in \
                      `Access-Control-Max-Age`. \
                      `Access-Control-Allow-Origin` on two lines fails everywhere.",
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
        consequence: "An API that answers 401 with a `WWW-Authenticate` of a scheme that browsers know opens a dialog on somebody else's page, \
                      and hangs tests \
                      without a screen. Use a scheme that browsers do not know, or none.",
        known: Measured,
        cases: &[],
        bugs: &[],
    },
    Row {
        field: field!(resource_policy_reaches_below_page),
        title: "`Cross-Origin-Resource-Policy: same-site` of a host below the page's own, which has no registrable domain: `m.localhost` for `localhost`",
        section: links::RESOURCE_POLICY,
        words: |p| either(p.resource_policy_reaches_below_page, "the same site", "another site"),
        consequence: "A development set-up with names below `localhost` may work in WebKit only. Say `cross-origin` there.",
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
        consequence: "A page that talks to a program on the user's machine over plain http does not work in WebKit. The program needs https with \
                      a certificate that \
                      the machine trusts.",
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
        consequence: "A public page that calls a router, a printer or `localhost` makes Chromium (since 142) and Firefox ask the user; until \
                      then the request waits, \
                      and a refusal looks like a network error. No CORS header gives that permission.",
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
        title: "The same from a page that is no secure context",
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
        consequence: "The way to reach a private address over http from an https page, after permission, is Chromium's alone.",
        known: Partly("WebKit, where nothing was found"),
        cases: &[],
        bugs: &[],
    },
];

/// Must a page that reaches for the local network be a secure context? `None` where nothing is checked.
fn secure_context_rule(profile: &Profile) -> Option<bool> {
    let checks = profile.local_network_access != LocalNetworkAccess::Off;
    checks.then_some(profile.local_network_needs_secure_context)
}
