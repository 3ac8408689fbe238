//! The codes of notes: what each means, and what to do.

use crate::note::NoteKind;

/// What a note's code means.
///
/// ```
/// let code = corsac_import::code("headers-lost").unwrap();
/// assert_eq!(code.kind, corsac_import::NoteKind::Dead);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoteCode {
    /// The stable name.
    pub name: &'static str,
    /// The kind of its notes.
    pub kind: NoteKind,
    /// What is wrong, in a sentence without a full stop.
    pub title: &'static str,
    /// What follows from it, and what to change.
    pub fix: &'static str,
}

/// The code of this name.
pub fn code(name: &str) -> Option<&'static NoteCode> {
    CODES.iter().find(|code| code.name == name)
}

macro_rules! codes {
    ($( $kind:ident $name:literal $title:literal $fix:literal )+) => {
        /// All codes, by kind.
        pub const CODES: &[NoteCode] = &[$( NoteCode { name: $name, kind: NoteKind::$kind, title: $title, fix: $fix } ),+];
    };
}

codes! {
    Unsafe "any-origin-with-credentials" "Whichever origin asks is sent back, with credentials"
        "Any site can read what its visitors may read. Send back only origins that are on a list of your own pages."
    Unsafe "origin-matches-anything" "An expression for origins matches every origin, with credentials"
        "Any site can read what its visitors may read. Write an expression for your own pages, with `^` and `$`."
    Unsafe "origin-prefix-matches" "An origin is allowed because its beginning matches"
        "Compare the whole origin. A regular expression needs `$` at its end."
    Unsafe "origin-suffix-matches" "An origin is allowed because its end matches"
        "Compare the whole origin. A pattern for subdomains needs a dot before the domain, and a regular expression `^` at its beginning."
    Unsafe "origin-dot-matches" "A dot of an origin matches any character"
        "Escape dots in regular expressions: `\\.`."
    Unsafe "origin-wildcard-too-wide" "A wildcard inside a label covers more than a part of that label"
        "Let the wildcard stand for one or more of `a-z`, `0-9` and `-`, and never for a dot."
    Unsafe "origin-expression-too-wide" "An expression for origins matches more than the origins that it seems to be for"
        "The note names one. Write the origins that are meant, and nothing else."
    Unsafe "origin-scheme-ignored" "The origin's scheme is not compared"
        "Compare the whole origin, the scheme included: anybody on the network can pretend to be a page over http."
    Unsafe "origin-port-ignored" "The origin's port is not compared"
        "Compare the whole origin, the port included: another program may listen on another port."
    Unsafe "subdomain-allowed" "Subdomains of an allowed origin are allowed"
        "Compare the whole host. If subdomains are meant, write a pattern for them."
    Unsafe "parent-domain-allowed" "The parent domain of an allowed origin is allowed"
        "Compare the whole host. If the domain itself is meant, list it."
    Unsafe "origin-shared-domain" "An origin is allowed below a domain where anybody can have a page"
        "The domain is a hosting platform's or a registry's. List the hosts that are yours."
    Unsafe "any-origin-in-preflights" "Preflights from every origin are allowed, with credentials"
        "Any site can have the browsers of its visitors send requests that change data. Answer preflights for the same origins as other requests."
    Unsafe "null-origin-allowed" "`Origin: null` is allowed"
        "Any site can send it, from a sandboxed frame. Take `null` out of the list."
    Unsafe "credentials-insecure-origin" "An origin over http may use credentials"
        "Anybody on the network between a user and the page can change it, and then read what the user may read. Allow https alone."
    Dead "origin-never-matches" "What is listed is no origin that a browser sends, so it never matches"
        "Write a scheme, a host and, if it is not the usual one, a port, without a slash at the end: `https://app.example.com`."
    Dead "several-origins" "One header names several origins, and browsers accept one or `*`"
        "Compare the request's `Origin` with the list, and send back the one that matches."
    Dead "wildcard-with-credentials" "`Access-Control-Allow-Credentials` is sent with `*`, which browsers refuse"
        "Leave the line out, or send back single origins from a list."
    Dead "error-without-headers" "Errors are sent without CORS headers"
        "A page then sees a CORS problem, and not the error. Send the headers with every status."
    Dead "headers-lost" "A part of the server does not send the CORS headers of the part around it"
        "Repeat them there, or put them where nothing replaces them."
    Dead "header-repeated" "A CORS header is sent more than once, and browsers refuse that"
        "Let one place send it, and remove it in the other."
    Dead "preflight-refused" "Preflights are answered in a way that browsers refuse"
        "Answer them with 204 and the same headers, before any authentication."
    Dead "method-never-matches" "A method is listed in lower case, and methods are compared byte by byte"
        "Write it in upper case."
    Dead "wildcard-is-a-name" "`*` is in a list of names, for requests with credentials"
        "With credentials, browsers take `*` as a name like any other, so it allows nothing. List the names."
    Dead "max-age-invalid" "`Access-Control-Max-Age` is not a number of seconds"
        "Write a number of seconds, such as 600."
    Dead "without-effect" "A line about CORS can never have an effect where it stands"
        "The note says why. Move it, or leave it out."
    Fragile "vary-missing" "`Vary: Origin` is missing"
        "A cache may send one origin's response to another. Send `Vary: Origin` with every response, whether or not it has an `Origin`."
    Fragile "any-origin-echoed" "Whichever origin asks is sent back"
        "That allows what `*` allows. Write `*` if the data is public, or list the origins."
    Fragile "static-origin" "The same origin is sent to everybody"
        "It works for that origin as long as it is the only one. Send it only to that origin, with `Vary: Origin`."
    Fragile "preflight-passed-on" "Preflights are passed on to what is behind the server"
        "Unless that answers `OPTIONS` with 200 to 299, browsers refuse every request that needs a preflight. Answer them in the server, with 204."
    Fragile "application-header-kept" "CORS headers of the application are sent in addition"
        "Browsers refuse a header that is there twice. Remove the application's, or leave CORS to the application."
    Fragile "options-taken-for-preflight" "Every `OPTIONS` request is answered as a preflight"
        "Only one with `Access-Control-Request-Method` is a preflight. Pass the others on, if the application answers `OPTIONS` itself."
    NotExpressible "place-not-a-path" "A part of the server is not simply everything below a path"
        "A policy is for a path and what is below it. Give the policy an `at` of its own, or use it by its name."
    NotExpressible "expression-not-exact" "No entries of a policy stand for exactly what an expression matches"
        "The policy has the closest entries. Check them, or list the origins."
    NotExpressible "line-not-read" "A line is not understood, and could matter for CORS"
        "Look at it yourself. What it does is not in the policy."
    NotExpressible "nothing-about-cors" "Nothing in the configuration is about CORS"
        "If the application answers CORS itself, ask the running server: `corsac policy infer URL`."
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
        assert!(CODES.is_sorted_by_key(|code| code.kind), "sorted by kind");
    }

    #[test]
    fn the_documentation_has_a_row_for_each_code() {
        let rows = CODES.iter().map(|NoteCode { name, kind, title, fix }| {
            format!("| `{name}` | {} | {title} | {fix} |\n", kind.as_str())
        });
        let table: String = rows.collect();
        let page = include_str!("../../../docs/import.md");
        assert!(page.ends_with(&table), "docs/import.md has to end with these rows:\n{table}");
    }
}
