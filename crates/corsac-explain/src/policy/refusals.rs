//! What a policy refuses when it is asked.

use corsac::server::PolicyRefusal;

use super::RefusalEntry;

const fn row(
    refusal: PolicyRefusal,
    title: &'static str,
    why: &'static str,
    fix: &'static str,
) -> RefusalEntry {
    RefusalEntry { refusal, title, why, fix }
}

pub(super) const ENTRIES: &[RefusalEntry] = &[
    row(
        PolicyRefusal::OriginNotAllowed,
        "The page's origin is not among the policy's origins",
        "The response has no `Access-Control-Allow-Origin`, and the browser keeps it from the page. That is what the policy is for, if \
         the page is not yours.",
        "If the page is yours, add its origin to `origins`, letter by letter as the `Origin` header has it.",
    ),
    row(
        PolicyRefusal::OriginNull,
        "The page has no origin of its own",
        "Sandboxed frames, local files and redirects across origins make a browser send `Origin: null`. Everybody can make such a page.",
        "Give the page an origin: serve it over http, take the sandbox off, or ask the last server of the redirects directly.",
    ),
    row(
        PolicyRefusal::OriginMalformed,
        "The `Origin` header is no origin",
        "No browser sends that; a program or a proxy wrote it.",
        "Look at what stands between the browser and the server.",
    ),
    row(
        PolicyRefusal::OriginInsecure,
        "A lookup would allow an http origin, and the policy allows credentials",
        "Whoever is on the way between a user and an http page can change the page, and would read what the user may.",
        "Serve the page over https. If that cannot be, write `acknowledge = [\"credentials-insecure-origin\"]`.",
    ),
    row(
        PolicyRefusal::MethodNotAllowed,
        "The method is not among the policy's methods",
        "The preflight asks for it, and its answer does not name it. `GET`, `HEAD` and `POST` need no entry.",
        "Add the method to `methods`; script and policy have to spell it alike, in upper case.",
    ),
    row(
        PolicyRefusal::MethodMalformed,
        "`Access-Control-Request-Method` is no method",
        "No browser sends that; a program or a proxy wrote it.",
        "Look at what stands between the browser and the server.",
    ),
    row(
        PolicyRefusal::HeaderNotAllowed,
        "A request header is not among the policy's request headers",
        "The preflight asks for it, and its answer does not name it. `Content-Type` needs an entry for JSON.",
        "Add the name to `request-headers`, or leave the header out of the request.",
    ),
    row(
        PolicyRefusal::HeadersMalformed,
        "`Access-Control-Request-Headers` is no list of names",
        "No browser sends that; a program or a proxy wrote it.",
        "Look at what stands between the browser and the server.",
    ),
    row(
        PolicyRefusal::HeadersTooLong,
        "`Access-Control-Request-Headers` is longer than any browser's",
        "It lists more than 256 names, or is longer than 16 KiB: more than is looked at for one request.",
        "Send fewer headers.",
    ),
];
