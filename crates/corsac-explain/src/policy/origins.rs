//! Problems with `origins`.

use corsac::server::ProblemCode as Code;

use super::{ProblemEntry, row};

/// Problems with a single origin.
pub(super) const SPELLING: &[ProblemEntry] = &[
    row(
        Code::OriginEmpty,
        "Empty origin",
        "No page has an empty origin. Often a variable was not set.",
        "Write the origin, or remove the entry.",
        r#"origins = [""]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginWhitespace,
        "The origin contains white space or a control character",
        "Browsers send an origin without them, and it is compared byte by byte.",
        "Remove them.",
        r#"origins = [" https://app.example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginSeveralValues,
        "One string contains several origins",
        "A browser sends one origin, and `Access-Control-Allow-Origin` can name one.",
        "Write each origin as a separate string.",
        r#"origins = ["https://a.example.com, https://b.example.com"]"#,
        r#"origins = ["https://a.example.com", "https://b.example.com"]"#,
    ),
    row(
        Code::OriginMissingScheme,
        "The origin has no scheme",
        "An origin is a scheme, a host and a port, so the http and the https pages of a host have different origins.",
        "Add `https://` in front of it.",
        r#"origins = ["app.example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginSchemeInvalid,
        "Invalid scheme",
        "A scheme is a letter, followed by letters, digits, `+`, `-` and `.`.",
        "Write `https://`.",
        r#"origins = ["1https://app.example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginOpaqueScheme,
        "No page has an origin with this scheme",
        "Pages from `file:`, `data:` and similar URLs send `Origin: null`. Pages at `blob:` URLs and `about:blank` \
         have the origin of the page that made them.",
        "Serve files over http: `http://localhost` is enough. For a `blob:` page, write the origin of the page that \
         made it.",
        r#"origins = ["file://"]"#,
        r#"origins = ["http://localhost:8080"]"#,
    ),
    row(
        Code::OriginSchemeNeverSent,
        "No page has an origin with this scheme",
        "A WebSocket (`wss:`) is opened by an https page, and the handshake has that page's origin.",
        "Write the origin of the page.",
        r#"origins = ["wss://app.example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginMissingHost,
        "The origin has no host",
        "The host distinguishes one site from another.",
        "Write the host after `://`.",
        r#"origins = ["https://"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginPath,
        "The origin has a path, or a slash at the end",
        "Browsers send the origin without a path, and it is compared byte by byte: with a slash, it never matches.",
        "End the origin after the host or port.",
        r#"origins = ["https://app.example.com/"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginQuery,
        "The origin has a query",
        "An origin ends after the host or port.",
        "Remove `?` and what follows.",
        r#"origins = ["https://app.example.com?x=1"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginFragment,
        "The origin has a fragment",
        "An origin ends after the host or port.",
        "Remove `#` and what follows.",
        r##"origins = ["https://app.example.com#top"]"##,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginUserInfo,
        "The origin has a user name or a password",
        "They are not part of an origin, and passwords do not belong in a policy file.",
        "Remove everything between `://` and `@`, and the `@`.",
        r#"origins = ["https://user@app.example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginUpperCase,
        "The origin is in upper case",
        "Browsers send scheme and host in lower case, and they are compared byte by byte.",
        "Write it in lower case.",
        r#"origins = ["https://App.Example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginUnicodeHost,
        "The host is not in ASCII",
        "Browsers send such names in their ASCII form, which begins with `xn--`.",
        "Write the ASCII form.",
        r#"origins = ["https://bücher.example"]"#,
        r#"origins = ["https://xn--bcher-kva.example"]"#,
    ),
    row(
        Code::OriginIpv6Brackets,
        "The IPv6 address has no brackets",
        "Without brackets, the address and the port cannot be distinguished.",
        "Put the address in brackets.",
        r#"origins = ["https://2001:db8::1"]"#,
        r#"origins = ["https://[2001:db8::1]"]"#,
    ),
    row(
        Code::OriginIpv6Form,
        "The IPv6 address is not in its shortest form",
        "Browsers send the shortest form, and it is compared byte by byte.",
        "Write the shortest form.",
        r#"origins = ["https://[2001:db8:0:0:0:0:0:1]"]"#,
        r#"origins = ["https://[2001:db8::1]"]"#,
    ),
    row(
        Code::OriginIpv4Form,
        "The IPv4 address is not four decimal numbers",
        "Browsers understand other forms (`127.1`, `0x7f000001`), but send four numbers.",
        "Write four numbers, separated by dots.",
        r#"origins = ["https://192.0.513"]"#,
        r#"origins = ["https://192.0.2.1"]"#,
    ),
    row(
        Code::OriginPortInvalid,
        "Invalid port",
        "A port is a number from 1 to 65535, without leading zeros.",
        "Write the number, or remove the port.",
        r#"origins = ["https://app.example.com:99999"]"#,
        r#"origins = ["https://app.example.com:8443"]"#,
    ),
    row(
        Code::OriginDefaultPort,
        "The origin includes the default port of its scheme",
        "Browsers leave out 443 for https and 80 for http, and origins are compared byte by byte.",
        "Remove the port.",
        r#"origins = ["https://app.example.com:443"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginHostInvalid,
        "Invalid host",
        "It contains a character that is not allowed in a host, or is longer than 253 characters.",
        "Write the host as in the page's address bar.",
        r#"origins = ["https://app<1>.example.com"]"#,
        r#"origins = ["https://app1.example.com"]"#,
    ),
];

/// Problems with wildcards, and with combinations of entries.
pub(super) const PATTERNS: &[ProblemEntry] = &[
    row(
        Code::OriginNull,
        "`null` is listed as an origin",
        "Browsers send `null` for pages without an origin of their own, and any site can make such a page, for \
         example with a sandboxed frame.",
        "Give the page an origin. If the data is public, write `*`. `null-origin = true` allows these pages in \
         addition to the listed origins.",
        r#"origins = ["null"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginWildcardMisplaced,
        "Misplaced `*`, or a `*` that matches names that anybody can register",
        "`*` can be the port, the first label of a host, part of one label, or the whole entry. \
         `https://*example.com` would allow `https://evilexample.com`, so the registered part of a name cannot be a \
         pattern.",
        "Write `https://*.example.com` for subdomains of any depth, `https://app-*.example.com` for a part of one \
         label, `http://localhost:*` for ports. In Rust, an `OriginLookup` can decide about other origins.",
        r#"origins = ["https://*example.com"]"#,
        r#"origins = ["https://*.example.com"]"#,
    ),
    row(
        Code::OriginRegularExpression,
        "The origin is a regular expression",
        "Entries are origins and patterns with `*`. A regular expression with an unescaped dot or without an anchor \
         allows other people's sites.",
        "Write origins or patterns. In Rust, an `OriginLookup` can decide about other origins.",
        r#"origins = ['^https://app-\d+\.example\.com$']"#,
        r#"origins = ["https://app-*.example.com"]"#,
    ),
    row(
        Code::OriginVariable,
        "The origin is a variable",
        "`${APP_ORIGIN}` is not replaced: with a variable that is not set, the entry would never match.",
        "Write the origin, or `origins-from-env = \"APP_ORIGINS\"` in a file.",
        r#"origins = ["${APP_ORIGIN}"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginAddressRange,
        "The origin is an address range",
        "An origin has one host, and there is no pattern for part of an address.",
        "Write each address. In Rust, an `OriginLookup` can decide about a range.",
        r#"origins = ["https://192.0.2.*"]"#,
        r#"origins = ["https://192.0.2.1"]"#,
    ),
    row(
        Code::OriginAnyMixed,
        "`*` is listed together with other origins",
        "`*` already covers every origin; listing others looks like a restriction.",
        "Leave out the others, or leave out `*`.",
        r#"origins = ["*", "https://app.example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginAnyHost,
        "The pattern matches every host",
        "It looks like a restriction, but it allows every site with that scheme.",
        "Write the host. If the data is public, write `*`; for any host of an app's own scheme, write \
         `moz-extension://*`.",
        r#"origins = ["https://*"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginNoSubdomains,
        "The pattern is for subdomains of something that has none",
        "IP addresses and the origins of apps have no subdomains.",
        "Write the address itself.",
        r#"origins = ["https://*.192.0.2.1"]"#,
        r#"origins = ["https://192.0.2.1"]"#,
    ),
    row(
        Code::OriginNoPorts,
        "The pattern is for ports of something that has none",
        "The origins of apps and extensions have no ports.",
        "Remove `:*`.",
        r#"origins = ["chrome-extension://abcdefghijklmnop:*"]"#,
        r#"origins = ["chrome-extension://abcdefghijklmnop"]"#,
    ),
    row(
        Code::OriginNone,
        "No origin is listed",
        "The list is empty, so no other origin may read responses, except those that an `OriginLookup` allows. That \
         is safe, but rarely intended.",
        "List the origins of your pages, or acknowledge the problem if that is intended.",
        r#"origins = []"#,
        "origins = []\nacknowledge = [\"origin-none\"]",
    ),
    row(
        Code::OriginRedundant,
        "The origin is already in the list",
        "It is listed twice, or a pattern covers it. If somebody removes one of them, the origin is still allowed.",
        "Remove it.",
        r#"origins = ["https://*.example.com", "https://app.example.com"]"#,
        r#"origins = ["https://*.example.com"]"#,
    ),
    row(
        Code::OriginInsecure,
        "The origin uses http",
        "Anyone on the network between a user and an http page (in the same Wi-Fi, for example) can change the page, \
         and read what it may read.",
        "Serve the page over https. `localhost` is exempt.",
        r#"origins = ["http://app.example.com"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginPublicSuffix,
        "The pattern matches subdomains of a public suffix",
        "Anybody can register a name there, so the pattern allows other people's sites, as `*` does. With \
         `credentials = true` it is an error.",
        "List your own hosts. If the data is public, write `*`.",
        r#"origins = ["https://*.github.io"]"#,
        r#"origins = ["https://acme.github.io"]"#,
    ),
    row(
        Code::OriginSharedSuffix,
        "The pattern matches names that anybody can register",
        "The pattern matches names directly below a suffix where anybody can register one, and a stranger can choose \
         one that matches. With `credentials = true` it is an error.",
        "Put previews on a domain of your own, or list the hosts. Acknowledge the problem if the data is public.",
        r#"origins = ["https://app-*-team.vercel.app"]"#,
        r#"origins = ["https://app-*.preview.example.com"]"#,
    ),
    row(
        Code::OriginAnyAppHost,
        "The pattern matches every host of an app's scheme",
        "It allows every app or extension with this scheme, whoever made it. An extension can have a different host \
         on each installation, so there may be no other way.",
        "Write the host if it is known. Acknowledge the problem if every host is intended.",
        r#"origins = ["moz-extension://*"]"#,
        "origins = [\"moz-extension://*\"]\nacknowledge = [\"origin-any-app-host\"]",
    ),
    row(
        Code::OriginPortBlocked,
        "Browsers do not connect to the origin's port",
        "Other protocols use the port, so browsers block it, and no page can have this origin.",
        "Write the page's port.",
        r#"origins = ["http://localhost:6000"]"#,
        r#"origins = ["http://localhost:8000"]"#,
    ),
    row(
        Code::OriginPortOtherScheme,
        "The origin has the default port of the other scheme",
        "80 is the port of http, and 443 that of https. A page with the other scheme on that port is possible but \
         rare, so this is probably a mistake: a browser leaves out the default port, so the intended entry has \
         none.",
        "Remove the port, or acknowledge the problem if the page really uses it.",
        r#"origins = ["https://app.example.com:80"]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginTrailingDot,
        "The host has a dot at the end",
        "Browsers treat `https://app.example.com.` and `https://app.example.com` as different origins. A page has the one with the dot only \
         if the URL in the address bar has it.",
        "Remove the dot, or acknowledge the problem if the page's URL really has it.",
        r#"origins = ["https://app.example.com."]"#,
        r#"origins = ["https://app.example.com"]"#,
    ),
    row(
        Code::OriginAboveSuffixes,
        "The pattern matches hosts that have public suffixes below them",
        "The host itself is not a public suffix, but names below it are, and anybody can get a name there: for a \
         bucket, a function or a virtual machine.",
        "Write a host below which all names are yours.",
        r#"origins = ["https://*.amazonaws.com"]"#,
        r#"origins = ["https://acme-site.s3.amazonaws.com"]"#,
    ),
    row(
        Code::OriginUnknownSuffix,
        "The pattern matches subdomains of a single label",
        "The label is not a known public suffix, so it may be mistyped. In a private network it can be right.",
        "Check the spelling, or acknowledge the problem if it is right.",
        r#"origins = ["https://*.intranett"]"#,
        "origins = [\"https://*.intranet\"]\nacknowledge = [\"origin-unknown-suffix\"]",
    ),
];
