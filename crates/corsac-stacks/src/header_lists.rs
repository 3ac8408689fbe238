//! The lists of methods and request headers, as a target needs them: a fixed value, or an expression for what a preflight asks for.

use crate::origin_regex::escaped;

/// The bytes of a token, in brackets.
const TOKEN: &str = "[!#$%&'*+.^_`|~0-9A-Za-z-]";

/// The entries of `request-headers` by their kind, in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestHeaders {
    pub(crate) any: bool,
    pub(crate) names: Vec<String>,
    pub(crate) prefixes: Vec<String>,
}

impl RequestHeaders {
    pub(crate) fn of(entries: &[String]) -> Self {
        let mut lists = Self::default();
        for entry in entries {
            let entry = entry.to_ascii_lowercase();
            match entry.strip_suffix('*') {
                Some("") => lists.any = true,
                Some(prefix) => lists.prefixes.push(prefix.to_owned()),
                None => lists.names.push(entry),
            }
        }
        lists.names.sort_unstable();
        lists.names.dedup();
        lists
    }

    /// Returns the value of `Access-Control-Allow-Headers`; `None` if it depends on what is asked for.
    pub(crate) fn fixed(&self, credentials: bool) -> Option<String> {
        // In the standard `*` does not cover `Authorization`. In browsers it does, so it is sent only if that is allowed as well.
        if !self.prefixes.is_empty() || self.any && (credentials || self.is_all_but_authorization()) {
            return None;
        }
        let any = self.any.then_some("*");
        let names =
            self.names.iter().map(String::as_str).filter(|name| !self.any || *name == "authorization");
        Some(any.into_iter().chain(names).collect::<Vec<_>>().join(", "))
    }

    /// Returns `true` if every name but `authorization` is allowed.
    pub(crate) fn is_all_but_authorization(&self) -> bool {
        self.any && !self.names.iter().any(|name| name == "authorization")
    }

    /// Returns an expression for one name, without anchors.
    fn name_regex(&self) -> String {
        if self.any {
            return format!("{TOKEN}+");
        }
        let names = self.names.iter().map(|name| escaped(name));
        let prefixes = self.prefixes.iter().map(|prefix| format!("{}{TOKEN}+", escaped(prefix)));
        names.chain(prefixes).collect::<Vec<_>>().join("|")
    }

    /// Returns an expression for a list of allowed names and empty items, with anchors. It does not leave out `authorization`: see
    /// [`is_all_but_authorization`](Self::is_all_but_authorization). Case is to be ignored.
    pub(crate) fn list_regex(&self) -> String {
        format!("^[ \\t,]*(?:(?:{})(?:[ \\t]*,[ \\t,]*|[ \\t]*$))*$", self.name_regex())
    }
}

/// An expression for lists that have the name `authorization`. Case is to be ignored.
pub(crate) const HAS_AUTHORIZATION: &str = "(?:^|[ \\t,])authorization(?:[ \\t,]|$)";

/// Returns the value of `Access-Control-Allow-Methods`; `None` if the requested method is to be repeated, whatever it is.
pub(crate) fn methods(methods: &[String], credentials: bool) -> Option<String> {
    if methods.iter().any(|method| method == "*") {
        return (!credentials).then(|| "*".to_owned());
    }
    let mut all = vec!["GET", "HEAD", "POST"];
    for method in methods {
        if !all.contains(&method.as_str()) {
            all.push(method);
        }
    }
    Some(all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(entries: &[&str]) -> RequestHeaders {
        RequestHeaders::of(&entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_list_of_names_is_a_fixed_value_and_prefixes_are_not() {
        assert_eq!(headers(&["X-B", "Content-Type"]).fixed(true).as_deref(), Some("content-type, x-b"));
        assert_eq!(headers(&["*", "Authorization"]).fixed(false).as_deref(), Some("*, authorization"));
        assert_eq!(headers(&["*"]).fixed(false), None);
        assert_eq!(headers(&["*", "Authorization"]).fixed(true), None);
        assert_eq!(headers(&["x-acme-*"]).fixed(false), None);
        assert_eq!(headers(&[]).fixed(false).as_deref(), Some(""));
    }

    #[test]
    fn an_expression_matches_lists_of_allowed_names() {
        let regex =
            |entries: &[&str]| regex::Regex::new(&format!("(?i){}", headers(entries).list_regex())).unwrap();
        let acme = regex(&["content-type", "x-acme-*"]);
        for list in [
            "content-type",
            "content-type,x-acme-a",
            "Content-Type , X-Acme-A",
            ",, content-type,,x-acme-b ,",
            "",
        ] {
            assert!(acme.is_match(list), "{list}");
        }
        for list in
            ["x-acme-", "x-acme", "content-typex", "content-type x-acme-a", "x-other,content-type", "a/b"]
        {
            assert!(!acme.is_match(list), "{list}");
        }
        let has = regex::Regex::new(&format!("(?i){HAS_AUTHORIZATION}")).unwrap();
        assert!(
            has.is_match("a, Authorization")
                && has.is_match("authorization,b")
                && !has.is_match("x-authorization")
        );
        assert!(regex(&["*"]).is_match("x-a, b") && !regex(&["*"]).is_match("a b"));
    }

    #[test]
    fn methods_that_need_no_permission_are_always_listed() {
        let owned = |list: &[&str]| list.iter().map(|method| (*method).to_owned()).collect::<Vec<_>>();
        assert_eq!(methods(&owned(&["PUT", "POST"]), true).as_deref(), Some("GET, HEAD, POST, PUT"));
        assert_eq!(methods(&owned(&["*"]), false).as_deref(), Some("*"));
        assert_eq!(methods(&owned(&["*"]), true), None);
    }
}
