//! Which stacks answered: what headers, cookies and the text of errors give away. Several layers can show in one response.

use corsac::browser::ResponseHead;

use super::Stack;
use crate::products::recognize;
use crate::target::Target;

/// A stack that shows in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recognition {
    /// The stack.
    pub stack: Stack,
    /// How sure it is.
    pub by: RecognizedBy,
    /// What gave it away: half a sentence, such as "`Server: nginx`".
    pub evidence: String,
}

/// How sure it is that a stack answered.
///
/// ```
/// use corsac_stacks::RecognizedBy;
/// assert!(RecognizedBy::Name > RecognizedBy::Shape);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RecognizedBy {
    /// Other software answers in this way, too.
    Hint,
    /// The text of an error, or a cookie, as only this stack is known to send.
    Shape,
    /// The response names it.
    Name,
}

impl RecognizedBy {
    /// Returns `certain`, `likely` or `possible`.
    pub const fn confidence(self) -> &'static str {
        match self {
            Self::Name => "certain",
            Self::Shape => "likely",
            Self::Hint => "possible",
        }
    }
}

/// Returns the stacks that show in a response and the beginning of its body, the surest first.
///
/// ```
/// use corsac::browser::ResponseHead;
/// use corsac_stacks::{Stack, Target, recognize_stacks};
///
/// let response = ResponseHead::new(404, [("Server", "nginx/1.27.0"), ("X-Powered-By", "Express")]);
/// let stacks: Vec<_> = recognize_stacks(&response, None).into_iter().map(|found| found.stack).collect();
/// assert_eq!(stacks, [Stack::Target(Target::Nginx), Stack::Target(Target::Express)]);
/// ```
pub fn recognize_stacks(response: &ResponseHead, body: Option<&[u8]>) -> Vec<Recognition> {
    let mut found: Vec<Recognition> = recognize(response, body)
        .into_iter()
        .map(|product| Recognition {
            stack: Stack::Product(product),
            by: RecognizedBy::Name,
            evidence: "a header or a text that only it sends".to_owned(),
        })
        .collect();
    found.extend(by_name(response));
    if let Some(body) = body {
        found.extend(by_error(response, body));
    }
    found.extend(by_cookie(response));
    found.sort_by_key(|recognition| std::cmp::Reverse(recognition.by));
    let mut once: Vec<Recognition> = Vec::new();
    for recognition in found {
        if once.iter().all(|known| known.stack != recognition.stack) {
            once.push(recognition);
        }
    }
    once
}

/// A name and a version are not longer than this.
const LONGEST: usize = 40;

/// Headers in which software names itself, and the name in lower case.
const NAMED: &[(&str, &str, Target)] = &[
    ("Server", "nginx", Target::Nginx),
    ("Server", "openresty", Target::Nginx),
    ("Server", "apache", Target::Apache),
    ("Server", "caddy", Target::Caddy),
    ("Via", "caddy", Target::Caddy),
    ("Server", "envoy", Target::Envoy),
    ("Server", "istio-envoy", Target::Envoy),
    ("Server", "lighttpd", Target::Lighttpd),
    ("Server", "kestrel", Target::Aspnet),
    ("Server", "werkzeug", Target::Flask),
    ("X-Powered-By", "express", Target::Express),
    ("X-Powered-By", "next.js", Target::Nextjs),
];

fn by_name(response: &ResponseHead) -> Vec<Recognition> {
    let mut found = Vec::new();
    for (name, word, target) in NAMED {
        for value in response.headers.all(name) {
            let value = String::from_utf8_lossy(value);
            let is_it = |part: &&str| {
                let lower = part.to_ascii_lowercase();
                lower.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if let Some(part) = value.split([' ', ',']).find(is_it).filter(|part| part.len() <= LONGEST) {
                found.push(of(*target, RecognizedBy::Name, &format!("`{name}: {part}`")));
            }
        }
    }
    // Tomcat and others of the Apache foundation.
    let server = response.headers.text("server").unwrap_or_default().to_ascii_lowercase();
    if server.starts_with("apache ") && !server.starts_with("apache (") {
        found.retain(|recognition| recognition.stack != Stack::Target(Target::Apache));
    }
    // These serve applications of several frameworks.
    for (word, target) in [("uvicorn", Target::Fastapi), ("wsgiserver", Target::Django)] {
        if server.starts_with(word) {
            found.push(of(target, RecognizedBy::Hint, &format!("`Server: {word}`")));
        }
    }
    if response.headers.contains("x-envoy-upstream-service-time") {
        found.push(of(Target::Envoy, RecognizedBy::Name, "`X-Envoy-Upstream-Service-Time`"));
    }
    found
}

/// Texts of errors that a stack writes by itself: all of them are in the body.
const ERRORS: &[(&[&str], Target)] = &[
    (&["Invalid CORS request"], Target::Spring),
    (&["Whitelabel Error Page"], Target::Spring),
    (&["\"timestamp\"", "\"status\"", "\"path\""], Target::Spring),
    (&["\"statusCode\"", "\"message\":\"Route "], Target::Fastify),
    (&["\"statusCode\"", "\"message\":\"Cannot "], Target::Nestjs),
    (&["<pre>Cannot "], Target::Express),
    (&["{\"detail\":\"Not Found\"}"], Target::Fastapi),
    (&["{\"detail\":\"Method Not Allowed\"}"], Target::Fastapi),
    (&["Disallowed CORS "], Target::Fastapi),
    (&["<center>nginx"], Target::Nginx),
    (&["No server is available to handle this request"], Target::Haproxy),
    (&["<html lang=en>", "<title>404 Not Found</title>", "If you entered the URL manually"], Target::Flask),
    (&["The requested resource was not found on this server."], Target::Django),
    (&["You're seeing this error because you have <code>DEBUG = True</code>"], Target::Django),
];

/// The most of a body that is looked at, in bytes.
const MOST: usize = 16 << 10;

fn by_error(response: &ResponseHead, body: &[u8]) -> Option<Recognition> {
    if response.status < 400 {
        return None;
    }
    let body = String::from_utf8_lossy(body.get(..MOST).unwrap_or(body));
    let (_, target) = ERRORS.iter().find(|(texts, _)| texts.iter().all(|text| body.contains(text)))?;
    Some(of(*target, RecognizedBy::Shape, "the text of its error"))
}

fn by_cookie(response: &ResponseHead) -> Vec<Recognition> {
    const COOKIES: [(&str, Target, RecognizedBy); 4] = [
        ("csrftoken=", Target::Django, RecognizedBy::Hint),
        ("connect.sid=", Target::Express, RecognizedBy::Shape),
        ("JSESSIONID=", Target::Spring, RecognizedBy::Hint),
        ("laravel_session=", Target::Laravel, RecognizedBy::Shape),
    ];
    let lines: Vec<&[u8]> = response.headers.all("set-cookie").collect();
    let is_set = |name: &str| lines.iter().any(|line| line.starts_with(name.as_bytes()));
    let set = COOKIES.iter().filter(|(name, ..)| is_set(name));
    set.map(|(name, target, by)| of(*target, *by, &format!("its cookie `{}`", name.trim_end_matches('='))))
        .collect()
}

fn of(target: Target, by: RecognizedBy, evidence: &str) -> Recognition {
    Recognition { stack: Stack::Target(target), by, evidence: evidence.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<String> {
        let response = ResponseHead::new(status, headers.iter().copied());
        let found = recognize_stacks(&response, Some(body.as_bytes()));
        found.iter().map(|one| format!("{} {}", one.stack.name(), one.by.confidence())).collect()
    }

    #[test]
    fn software_is_recognized_by_what_it_says_and_by_how_its_errors_look() {
        const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];
        type Row = (u16, &'static [(&'static str, &'static str)], &'static str, &'static [&'static str]);
        let table: &[Row] = &[
            (200, &[("Server", "nginx")], "", &["nginx certain"]),
            (200, &[("Server", "Apache/2.4.62 (Debian)")], "", &["apache certain"]),
            (200, &[("Via", "1.1 Caddy")], "", &["caddy certain"]),
            (200, &[("Server", "lighttpd/1.4.69")], "", &["lighttpd certain"]),
            (200, &[("Server", "Kestrel")], "", &["aspnet certain"]),
            (200, &[("Set-Cookie", "laravel_session=abc; path=/")], "", &["laravel likely"]),
            (
                200,
                &[("Server", "envoy"), ("X-Powered-By", "Express")],
                "",
                &["envoy certain", "express certain"],
            ),
            (200, &[("Server", "Werkzeug/3.1 Python/3.12")], "", &["flask certain"]),
            (
                404,
                JSON,
                r#"{"message":"Route GET:/x not found","error":"Not Found","statusCode":404}"#,
                &["fastify likely"],
            ),
            (
                404,
                JSON,
                r#"{"statusCode":404,"message":"Cannot GET /x","error":"Not Found"}"#,
                &["nestjs likely"],
            ),
            (404, &[], "<pre>Cannot GET /x</pre>", &["express likely"]),
            (404, JSON, r#"{"detail":"Not Found"}"#, &["fastapi likely"]),
            (403, &[], "Invalid CORS request", &["spring likely"]),
            (
                404,
                JSON,
                r#"{"timestamp":"2026-01-01","status":404,"error":"Not Found","path":"/x"}"#,
                &["spring likely"],
            ),
            (200, &[("Set-Cookie", "connect.sid=s%3Aabc; Path=/")], "", &["express likely"]),
        ];
        for (status, headers, body, expected) in table {
            assert_eq!(names(*status, headers, body), *expected, "{headers:?} {body}");
        }
    }

    #[test]
    fn what_only_looks_alike_is_not_recognized() {
        for (status, headers, body) in [
            (200, &[("Server", "nginxx")], ""),
            (200, &[("Server", "cloudflare")], ""),
            (200, &[("Server", "Apache-Coyote/1.1")], ""),
            (200, &[("Server", "Apache Tomcat")], ""),
            (404, &[("X-Content-Type-Options", "nosniff")], "404 page not found\n"), // of many Go programs
            (200, &[("Content-Type", "text/html")], "<pre>Cannot GET /x</pre>"),     // not an error
            (404, &[("Content-Type", "application/json")], r#"{"detail":"Not found."}"#),
            (403, &[("Content-Length", "0")], ""),
        ] {
            assert!(names(status, headers, body).is_empty(), "{headers:?} {body}");
        }
    }
}
