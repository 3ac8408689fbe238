//! The reasons for which a policy refuses a request.

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
        "The response has no `Access-Control-Allow-Origin`, so the browser does not let the page read it. If the \
         page is not yours, that is what the policy is for.",
        "If the page is yours, add its origin to `origins`, exactly as in the `Origin` header.",
    ),
    row(
        PolicyRefusal::OriginNull,
        "The page has no origin of its own",
        "Browsers send `Origin: null` for sandboxed frames and local files, and after redirects across origins. Any \
         site can make such a page.",
        "Give the page an origin: serve it over http, remove the sandbox, or request the last URL of the redirects \
         directly.",
    ),
    row(
        PolicyRefusal::OriginMalformed,
        "The `Origin` header is not a valid origin",
        "Browsers do not send that; it comes from another program or a proxy.",
        "Check what is between the browser and the server.",
    ),
    row(
        PolicyRefusal::OriginInsecure,
        "An `OriginLookup` allows an http origin, and the policy allows credentials",
        "Anyone on the network between a user and an http page can change the page, and could then read the user's \
         data.",
        "Serve the page over https. If that is not possible, write `acknowledge = [\"credentials-insecure-origin\"]`.",
    ),
    row(
        PolicyRefusal::MethodNotAllowed,
        "The method is not among the policy's methods",
        "The preflight asks for it, but the answer does not list it. `GET`, `HEAD` and `POST` do not need to be \
         listed.",
        "Add the method to `methods`. Script and policy must both write it in upper case.",
    ),
    row(
        PolicyRefusal::MethodMalformed,
        "`Access-Control-Request-Method` is not a valid method",
        "Browsers do not send that; it comes from another program or a proxy.",
        "Check what is between the browser and the server.",
    ),
    row(
        PolicyRefusal::HeaderNotAllowed,
        "A request header is not among the policy's request headers",
        "The preflight asks for it, but the answer does not list it. For JSON, `Content-Type` has to be listed.",
        "Add the name to `request-headers`, or leave the header out of the request.",
    ),
    row(
        PolicyRefusal::HeadersMalformed,
        "`Access-Control-Request-Headers` is not a valid list of names",
        "Browsers do not send that; it comes from another program or a proxy.",
        "Check what is between the browser and the server.",
    ),
    row(
        PolicyRefusal::HeadersTooLong,
        "`Access-Control-Request-Headers` is too long",
        "It lists more than 256 names, or is longer than 16 KiB, which is the limit for one request.",
        "Send fewer headers.",
    ),
];
