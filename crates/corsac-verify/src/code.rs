//! The codes of findings: what each means, and what to do.

/// What kind of difference a finding is.
///
/// ```
/// assert_eq!(corsac_verify::Class::Open.as_str(), "open");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a server is too open, too closed, or right and fragile")]
pub enum Class {
    /// A browser allows what the policy refuses.
    Open,
    /// A browser refuses what the policy allows.
    Closed,
    /// Browsers decide as the policy says, and something else can break.
    Fragile,
}

impl Class {
    /// Every class, the worst first.
    pub const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::Fragile];

    /// The class's name in JSON: `open`, `closed` or `fragile`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Fragile => "fragile",
        }
    }
}

/// What a finding's code means.
///
/// ```
/// let code = corsac_verify::code("vary-missing").unwrap();
/// assert_eq!(code.class, corsac_verify::Class::Fragile);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// The stable name.
    pub name: &'static str,
    /// What kind of difference it is.
    pub class: Class,
    /// What is wrong, in a sentence.
    pub title: &'static str,
    /// What follows from it, and what to change.
    pub fix: &'static str,
}

/// The code of this name.
pub fn code(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}

impl Code {
    /// Returns `true` if a finding with this code is only a consequence of one with the code `other`.
    pub(crate) fn follows_from(&self, other: &str) -> bool {
        match self.name {
            "request-header-lines" | "request-header-empty-items" => other == "request-header-refused",
            "no-origin" => other == "static-origin",
            "origin-refused-by-preflight" => matches!(other, "origin-refused" | "forced-preflight-refused"),
            "error-without-headers" | "head-refused" => {
                matches!(other, "origin-refused" | "error-refused" | "redirect-refused" | "header-repeated")
            }
            name => other == "any-origin-allowed" && is_about_origins(name),
        }
    }
}

/// Returns `true` for the codes of single kinds of origins.
fn is_about_origins(name: &str) -> bool {
    name != "any-origin-allowed"
        && (name.starts_with("origin-")
            || name.ends_with("-allowed") && name.contains("domain")
            || name == "null-origin-allowed")
}

macro_rules! codes {
    ($( $class:ident $name:literal $title:literal $fix:literal )+) => {
        /// All codes, by class.
        pub const CODES: &[Code] = &[$( Code { name: $name, class: Class::$class, title: $title, fix: $fix } ),+];
    };
}

codes! {
    Open "any-origin-allowed" "An origin that no entry covers is allowed"
        "Compare the request's `Origin` with the list, and send back only an origin that is on it."
    Open "null-origin-allowed" "`Origin: null` is allowed"
        "Any site can send `Origin: null`, from a sandboxed frame. Do not send `Access-Control-Allow-Origin: null`."
    Open "origin-prefix-matches" "An origin is allowed because its beginning matches"
        "Compare the whole origin. A regular expression needs `$` at its end."
    Open "origin-suffix-matches" "An origin is allowed because its end matches"
        "Compare the whole origin. A pattern for subdomains needs a dot before the domain, and a regular expression `^` at its beginning."
    Open "origin-dot-matches" "A dot of an origin matches any character"
        "Escape dots in regular expressions: `\\.`."
    Open "origin-wildcard-too-wide" "A wildcard inside a label covers more than a part of that label"
        "Let the wildcard stand for one or more of `a-z`, `0-9` and `-`, and never for a dot."
    Open "subdomain-allowed" "Subdomains of an allowed origin are allowed"
        "Allow only the host that the policy lists; or, if subdomains are meant, add a pattern to the policy."
    Open "parent-domain-allowed" "The parent domain of an allowed origin is allowed"
        "A pattern for subdomains does not cover the domain itself. Leave it out, or write it into the policy."
    Open "origin-port-ignored" "The origin's port is not compared"
        "Compare the whole origin, the port included: another program may listen on another port."
    Open "origin-scheme-ignored" "The origin's scheme is not compared"
        "Compare the whole origin, the scheme included: anybody on the network can pretend to be a page over http."
    Open "credentials-allowed" "Pages may read responses to requests with credentials"
        "Do not send `Access-Control-Allow-Credentials`."
    Open "method-allowed" "A method is allowed that the policy does not list"
        "List the allowed methods in `Access-Control-Allow-Methods`, and do not repeat whichever is asked for."
    Open "request-header-allowed" "A request header is allowed that the policy does not list"
        "List the allowed names in `Access-Control-Allow-Headers`, and do not repeat whichever are asked for."
    Open "response-header-exposed" "A response header is exposed that the policy does not list"
        "Take the name out of `Access-Control-Expose-Headers`."
    Open "timing-allowed" "Pages may read the response's timing"
        "Do not send `Timing-Allow-Origin`."
    Open "resource-policy-weaker" "`Cross-Origin-Resource-Policy` is missing or weaker than the policy's"
        "Send the policy's value with every response."
    Open "write-not-blocked" "A request that the policy blocks is carried out"
        "Answer it with 403 before the application sees it."
    Closed "origin-refused" "An allowed origin is refused"
        "Send `Access-Control-Allow-Origin` with this origin, on preflights and on other responses."
    Closed "origin-refused-by-preflight" "The preflights of an allowed origin are refused, and its other requests are not"
        "Answer preflights from the same list as other requests."
    Closed "header-repeated" "A CORS header is sent more than once, and browsers refuse that"
        "Two layers add it. Let one layer do it, and remove it in the other."
    Closed "error-refused" "The URL answers with an error that has no CORS headers"
        "Check that the URL is right: one that answers without an error shows more. Add the headers to errors as well."
    Closed "redirect-refused" "The URL redirects, and browsers refuse that"
        "Verify the URL that it leads to, and let pages request that one. A preflight is never redirected, and a redirect needs CORS headers of its own."
    Closed "null-origin-refused" "`Origin: null` is refused"
        "Send `Access-Control-Allow-Origin: null`."
    Closed "credentials-refused" "Responses to requests with credentials cannot be read"
        "Send `Access-Control-Allow-Credentials: true`, with the origin itself and not `*`."
    Closed "head-refused" "Allowed pages cannot read the response to `HEAD`"
        "`HEAD` needs no permission. Answer it with the headers that `GET` gets."
    Closed "method-refused" "An allowed method is refused"
        "Answer the preflight with a status of 200 to 299, and list the method in `Access-Control-Allow-Methods`."
    Closed "request-header-refused" "An allowed request header is refused"
        "Answer the preflight with a status of 200 to 299, and list the name in `Access-Control-Allow-Headers`."
    Closed "forced-preflight-refused" "The preflight of a simple request is refused"
        "Upload listeners of `XMLHttpRequest` cause such preflights. Answer them like any other."
    Closed "response-header-not-exposed" "A response header is not exposed"
        "List the name in `Access-Control-Expose-Headers`."
    Closed "timing-refused" "Allowed pages cannot read the response's timing"
        "Send `Timing-Allow-Origin` with the request's origin."
    Closed "resource-policy-stricter" "`Cross-Origin-Resource-Policy` is stricter than the policy's"
        "Send the policy's value."
    Fragile "error-without-headers" "Errors are sent without CORS headers"
        "A page cannot tell such an error from a CORS problem. Add the headers to every response, errors included."
    Fragile "vary-missing" "`Vary: Origin` is missing"
        "A cache may send one origin's response to another. Send `Vary: Origin` with every response, whether or not it has an `Origin`."
    Fragile "static-origin" "The same origin is sent to everybody"
        "It works for that origin only as long as it is the only one. Send it only to that origin, with `Vary: Origin`."
    Fragile "refused-origin-told" "CORS headers are sent to an origin that is not allowed"
        "They have no effect, and show what is allowed. Send no `Access-Control-*` header to other origins."
    Fragile "request-header-lines" "Only one line of `Access-Control-Request-Headers` is read"
        "Proxies may split the list into several lines. Read all of them."
    Fragile "request-header-empty-items" "Empty items in `Access-Control-Request-Headers` are not ignored"
        "A list may have empty items and white space (RFC 9110, section 5.6.1). Ignore them."
    Fragile "options-taken-for-preflight" "`OPTIONS` without `Access-Control-Request-Method` is answered as a preflight"
        "Only a request with that header is a preflight. Pass others on to the application."
    Fragile "origin-case-ignored" "Origins are compared without regard to case"
        "Browsers send origins in lower case. Compare them byte by byte."
    Fragile "max-age-differs" "`Access-Control-Max-Age` is not the policy's"
        "Send the policy's value with the answer to preflights."
    Fragile "no-origin" "A request without an origin is not answered as the policy says"
        "Answer requests without `Origin` like others, without `Access-Control-Allow-Origin` and with `Vary: Origin`."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_there_once_and_says_what_to_do() {
        for (number, code) in CODES.iter().enumerate() {
            assert!(CODES[..number].iter().all(|other| other.name != code.name), "{}", code.name);
            assert!(code.fix.ends_with('.') && !code.title.ends_with('.'), "{}", code.name);
        }
        assert!(CODES.is_sorted_by_key(|code| code.class), "sorted by class");
    }

    #[test]
    fn the_documentation_has_a_row_for_each_code() {
        let rows = CODES.iter().map(|Code { name, class, title, fix }| {
            format!("| `{name}` | {} | {title} | {fix} |\n", class.as_str())
        });
        let table: String = rows.collect();
        let page = include_str!("../../../docs/verify.md");
        assert!(page.ends_with(&table), "docs/verify.md has to end with these rows:\n{table}");
    }
}
