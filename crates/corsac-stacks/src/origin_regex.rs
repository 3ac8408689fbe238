//! An entry of `origins` as a regular expression that matches whole origins, in the syntax that PCRE and RE2 share.

use corsac::server::OriginEntry;

/// What a label of a host is made of. Some hosts have `_` in their names.
const LABEL: &str = "[a-z0-9_-]+";
const PART_OF_LABEL: &str = "[a-z0-9-]+";
/// The host of an app or an extension, which is not always in lower case.
const APP_HOST: &str = "[A-Za-z0-9._~-]+";
const ANY_PORT: &str = "(?::[0-9]{1,5})?";

/// The expression, with anchors. `*` alone is not an entry for it.
pub(crate) fn of_entry(entry: &str) -> String {
    let Some(parts) = OriginEntry::split(entry) else { return format!("^{}$", escaped(entry)) };
    let scheme = escaped(parts.scheme);
    if parts.covers_every_host() {
        return format!("^{scheme}://{APP_HOST}$");
    }
    let subdomains = if parts.covers_subdomains { format!("(?:{LABEL}\\.)+") } else { String::new() };
    let host = parts.host.split('*').map(escaped).collect::<Vec<_>>().join(PART_OF_LABEL);
    let port = match parts.port {
        Some("*") => ANY_PORT.to_owned(),
        Some(port) => format!(":{port}"),
        None => String::new(),
    };
    format!("^{scheme}://{subdomains}{host}{port}$")
}

/// One expression for all of these entries, with anchors.
pub(crate) fn of_all(entries: &[String]) -> String {
    if let [entry] = entries {
        return of_entry(entry);
    }
    let expressions = entries.iter().map(|entry| {
        let expression = of_entry(entry);
        let inner = expression.strip_prefix('^').and_then(|inner| inner.strip_suffix('$'));
        inner.unwrap_or(&expression).to_owned()
    });
    format!("^(?:{})$", expressions.collect::<Vec<_>>().join("|"))
}

/// The text with everything escaped that means something in an expression.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_' | ':' | '/') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use corsac::origin::Origin;
    use corsac::server::{Policy, Request};

    use super::*;

    #[test]
    fn each_kind_of_entry_has_an_expression() {
        for (entry, expression) in [
            ("null", "^null$"),
            ("https://app.example.com", r"^https://app\.example\.com$"),
            ("https://app.example.com:8443", r"^https://app\.example\.com:8443$"),
            ("http://[::1]:3000", r"^http://\[::1\]:3000$"),
            ("https://*.example.com", r"^https://(?:[a-z0-9_-]+\.)+example\.com$"),
            ("http://localhost:*", "^http://localhost(?::[0-9]{1,5})?$"),
            ("https://app-*.example.com", r"^https://app-[a-z0-9-]+\.example\.com$"),
            ("moz-extension://*", "^moz-extension://[A-Za-z0-9._~-]+$"),
            ("app://.", r"^app://\.$"),
        ] {
            assert_eq!(of_entry(entry), expression, "{entry}");
        }
    }

    /// The browser half never sends other spellings of an origin, so only origins are compared.
    #[test]
    fn an_expression_matches_the_origins_that_the_policy_allows() {
        let entries = [
            "https://app.example.com",
            "https://app.example.com:8443",
            "http://[::1]:3000",
            "https://*.example.com",
            "http://localhost:*",
            "https://*.example.com:*",
            "https://app-*.example.com",
            "https://*--shop.example.com:8443",
            "https://*.pr-*.example.com",
            "moz-extension://*",
            "app://.",
        ];
        let hosts = [
            "example.com",
            "app.example.com",
            "a.b.example.com",
            "appxexample.com",
            "app.examplexcom",
            "app.example.com.evil.test",
            "evilapp.example.com",
            "app-.example.com",
            "app-1.example.com",
            "app-a.b.example.com",
            "app-a_b.example.com",
            "x--shop.example.com",
            "--shop.example.com",
            "a.pr-1.example.com",
            "pr-1.example.com",
            "a.b.pr-1.example.com",
            "a.pr-.example.com",
            "localhost",
            "localhost.evil.test",
            "[::1]",
            ".",
            "a-b",
            "example.com.",
            "_dmarc.example.com",
            "ex-ample.com",
        ];
        let origins: Vec<String> = ["https", "http", "app", "moz-extension", "httpsx"]
            .iter()
            .flat_map(|scheme| hosts.iter().map(move |host| format!("{scheme}://{host}")))
            .flat_map(|origin| ["", ":1", ":8443", ":3000", ":65535"].map(|port| format!("{origin}{port}")))
            .filter(|origin| Origin::parse(origin).is_ok_and(|parsed| parsed.as_str() == origin))
            .collect();
        assert!(origins.len() > 200, "{}", origins.len());
        for entry in entries {
            let expression = regex::Regex::new(&of_entry(entry)).unwrap();
            let policy = Policy::builder([entry]).build().unwrap();
            for origin in &origins {
                let mut headers = http::HeaderMap::new();
                headers.insert("origin", origin.parse().unwrap());
                let is_allowed = policy.decide(&Request::new(&http::Method::GET, &headers)).is_allowed();
                assert_eq!(expression.is_match(origin), is_allowed, "{entry} and {origin}");
            }
        }
    }
}
