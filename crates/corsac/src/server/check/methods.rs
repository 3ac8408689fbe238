//! The checks of `methods`.

use std::collections::HashSet;

use super::super::config::PolicyConfig;
use super::super::problem::ProblemCode;
use super::{Report, holds_several, item, values};
use crate::method::{is_cors_safelisted_method, is_forbidden_method, is_token};

const KEY: &str = "methods";

/// Registered methods, all of which are in upper case. Browsers send most methods in the case in which a script wrote them.
const KNOWN: &[&str] = &[
    "ACL",
    "BIND",
    "CHECKOUT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LINK",
    "LOCK",
    "MERGE",
    "MKCALENDAR",
    "MKCOL",
    "MOVE",
    "OPTIONS",
    "PATCH",
    "POST",
    "PROPFIND",
    "PROPPATCH",
    "PURGE",
    "PUT",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNLINK",
    "UNLOCK",
];

pub(super) fn check(config: &PolicyConfig, problems: &mut Report) {
    let methods = &config.methods;
    let mut seen = HashSet::with_capacity(methods.len());
    for (index, text) in methods.iter().enumerate() {
        let (place, upper) = (item(KEY, index), text.trim().to_ascii_uppercase());
        if text == "*" {
            if methods.len() > 1 {
                let why = "`*` covers every method already: leave out the others, or leave out `*`";
                problems.add(ProblemCode::MethodAnyMixed, place, text, why);
            }
        } else if holds_several(text) {
            let (why, suggestion) = separated(text);
            problems.add_with(ProblemCode::MethodSeveralValues, place, text, why, suggestion);
        } else if !is_token(text.as_bytes()) {
            let suggestion = is_token(upper.as_bytes()).then_some(upper);
            problems.add_with(
                ProblemCode::MethodInvalid,
                place,
                text,
                "this is not a method: a method consists of letters, such as `PUT`",
                suggestion,
            );
        } else if is_forbidden_method(text) {
            let why = "browsers do not let scripts use this method, so there is nothing to allow";
            problems.add(ProblemCode::MethodForbidden, place, text, why);
        } else if *text != upper && KNOWN.contains(&upper.as_str()) {
            let why = "method names are case-sensitive, and the registered name is in upper case";
            problems.add_with(ProblemCode::MethodLowerCase, place, text, why, upper);
        } else if *text != upper {
            let why = "method names are case-sensitive: this allows exactly this spelling, and scripts have to use it";
            problems.add(ProblemCode::MethodUnusual, place, text, why);
        } else if !seen.insert(text) {
            problems.add(ProblemCode::MethodRedundant, place, text, "this is in the list already");
        } else if is_cors_safelisted_method(text) {
            let why = "pages may always use this method, so listing it changes nothing: leave it out";
            problems.add(ProblemCode::MethodRedundant, place, text, why);
        } else if text == "OPTIONS" {
            let why = "preflights need no entry; this only allows scripts to send `OPTIONS` requests themselves. Leave it out, unless yours do";
            problems.add(ProblemCode::MethodOptions, place, text, why);
        }
    }
}

/// Returns how to write several methods, and those of them that need an entry: `"PUT", "DELETE"` for `GET, PUT, DELETE, OPTIONS`.
fn separated(text: &str) -> (&'static str, Option<String>) {
    const SEPARATELY: &str = "write each method as a separate string in the list";
    if text.contains('"') {
        return (SEPARATELY, None);
    }
    let is_needed = |method: &&str| {
        let upper = method.to_ascii_uppercase();
        !is_cors_safelisted_method(&upper) && upper != "OPTIONS"
    };
    let needed: Vec<String> = values(text).filter(is_needed).map(|method| format!("\"{method}\"")).collect();
    let why = if needed.len() == values(text).count() {
        SEPARATELY
    } else if needed.is_empty() {
        "`GET`, `HEAD`, `POST` and preflights need no entry: leave it out"
    } else {
        "write each method as a separate string in the list. `GET`, `HEAD`, `POST` and preflights need no entry"
    };
    (why, (!needed.is_empty()).then(|| needed.join(", ")))
}
