//! The words of Corsac's policies and reports.

use super::GlossaryEntry;

pub(super) const ENTRIES: &[GlossaryEntry] = &[
    GlossaryEntry {
        word: "policy",
        synonyms: &["policies", "policy-file", "cors-policy", "corsac.toml"],
        definition: "A policy is what a server allows other origins to do: which ones may read its responses, with \
                     which methods and headers.",
        details: "In Corsac it is data, written in a TOML or JSON file or built in Rust, and the middleware turns it \
                  into headers. `corsac policy lint` checks a file, `policy why` explains a decision, and `policy \
                  diff` shows what a change allows. When a browser says \"blocked by CORS policy\", it means the \
                  rules of CORS, and not a setting of this name.",
        example: &[
            "[policy.api]",
            "origins = [\"https://app.example.com\"]",
            "methods = [\"PUT\", \"DELETE\"]",
            "request-headers = [\"Content-Type\"]",
        ],
        see_also: &["enforce", "acknowledge", "origin-not-allowed", "key-unknown"],
    },
    GlossaryEntry {
        word: "enforce",
        synonyms: &["enforcement", "block"],
        definition: "`enforce` is the key of a policy that says whether the server itself refuses requests from \
                     origins that are not allowed.",
        details: "By default it does not: it answers as usual, without CORS headers, and the browser does not let \
                  the page read the response. With `enforce = \"block\"` the middleware answers such requests with \
                  status 403 before the service sees them. That protects against requests that do something, which \
                  CORS alone does not prevent.",
        example: &["[policy.api]", "origins = [\"https://app.example.com\"]", "enforce = \"block\""],
        see_also: &["policy", "csrf", "origin-not-allowed"],
    },
    GlossaryEntry {
        word: "acknowledge",
        synonyms: &["acknowledgement", "acknowledged", "lint"],
        definition: "To acknowledge a lint is to say in the policy that the finding is intended, which silences it.",
        details: "A lint is advice about something in a policy that works but is probably a mistake. List its code \
                  under `acknowledge`. A few errors can be acknowledged as well; the others have to be corrected. An \
                  acknowledgement that no longer matches anything is reported.",
        example: &["origins = [\"http://intranet.example\"]", "acknowledge = [\"origin-insecure\"]"],
        see_also: &["policy", "acknowledge-unknown", "acknowledge-unused"],
    },
    GlossaryEntry {
        word: "control",
        synonyms: &["control-request", "comparison"],
        definition: "A control is an extra request that `corsac check` sends for comparison, such as the same one \
                     without `Origin`.",
        details: "It shows what the answer depends on: if the control succeeds and the page's request does not, the \
                  server looks at the origin. Another control comes from an origin that no server can know, and \
                  shows whether the server allows everybody. The report lists each request that was sent. \
                  `--no-controls` leaves the controls out.",
        example: &[
            "GET /items    Origin: https://app.example.com     403",
            "GET /items    (no Origin)                         200",
        ],
        see_also: &["verdict", "origin-not-allowed", "static-allow-origin"],
    },
    GlossaryEntry {
        word: "verdict",
        synonyms: &["readable", "blocked", "failed", "allowed"],
        definition: "The verdict is what a browser makes of a request: `readable`, `opaque`, `blocked` or `failed`.",
        details: "`readable` means that the page may read the response, and `opaque` that the request was sent, but \
                  the page cannot see the response; the exit status of both is 0. `blocked` means that CORS keeps \
                  the page from reading the response: exit status 1. `failed` means that the request fails for \
                  another reason, such as a closed port: exit status 3. With `--preflight-only` the verdict is \
                  `allowed`, `blocked` or `failed`.",
        example: &[
            "$ corsac check https://api.example.com/ --origin https://app.example.com",
            "$ echo $?",
            "1",
        ],
        see_also: &["opaque", "control", "allow-origin-missing"],
    },
    GlossaryEntry {
        word: "private-network",
        synonyms: &["local-network", "local-network-access", "private-network-access", "lna", "pna"],
        definition: "A private network is one that the internet does not reach, such as the user's own machine or \
                     home network.",
        details: "Chrome and Firefox ask the user before a page from the internet may send requests there, and \
                  Chrome asks only for pages on https. It is a permission of the user, and no response header \
                  replaces it. A page that comes from the same network needs no permission.",
        example: &[
            "Page:     https://app.example.com",
            "Request:  http://192.168.1.20/status",
            "Chrome:   app.example.com wants to access devices on your local network",
        ],
        see_also: &["local-network-denied", "local-network-insecure", "mixed-content"],
    },
];
