//! `corsac check --from-openapi`: the skeleton of a suite, from an [OpenAPI](https://spec.openapis.org/oas/v3.1.1.html) document.
//!
//! What a page may do is not in such a document, so the skeleton says that the given origin may do everything, for a person to change.

use std::io::Read as _;
use std::path::Path;

use corsac::origin::Origin;
use serde_json::{Map, Value};
use url::Url;

use super::openapi_document::{Document, example};
use super::write::{Table, comment, from_environment, quoted, variable_for};
use crate::arguments::CheckArguments;
use crate::policy::file::unreadable;
use crate::terminal::printable;

/// The limit of a document.
const LONGEST_FILE: u64 = 16 << 20;

/// The most cases, as in a suite.
const MOST: usize = 1_000;

/// The methods of a path, in the order of the skeleton. Script cannot send TRACE.
const METHODS: [&str; 7] = ["get", "head", "options", "post", "put", "patch", "delete"];

/// Types that a form can send, so that browsers send no preflight for them.
const FORM_TYPES: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// Returns the skeleton of the document in this file.
pub(crate) fn run(path: &Path, arguments: &CheckArguments) -> Result<String, String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LONGEST_FILE.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, &error))?;
    let name = printable(path.as_os_str().as_encoded_bytes());
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(format!("`{name}` is over 16 MiB, which is the limit of a document"));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("`{name}` is not UTF-8"))?;
    let document = Document::parse(&text).map_err(|message| format!("cannot read `{name}`: {message}"))?;
    let [origin] = arguments.origins.as_slice() else {
        return Err("a skeleton is for one --origin. Add others to the file that is written".to_owned());
    };
    Ok(skeleton(&document, origin))
}

fn skeleton(document: &Document, origin: &Origin) -> String {
    let (base, note) = base(document);
    let mut defaults = Table::new("[defaults]");
    defaults.text("origin", origin.as_str());
    if let Some(note) = note {
        defaults.comment(note);
    }
    defaults.text("base", &base);
    let mut page = format!(
        "{}\n\n{}",
        comment("A skeleton: change what each case expects. `corsac check --suite` checks it."),
        defaults.print()
    );
    let mut operations = operations(document);
    for operation in operations.by_ref().take(MOST) {
        page.push('\n');
        page.push_str(&operation.case(document));
    }
    let more = operations.count();
    if more > 0 {
        let note = format!("{more} more did not fit: a suite has at most 1,000 checks.");
        page.push_str(&format!("\n{}\n", comment(&note)));
    }
    page
}

/// Returns the URL of the first server, and a note if it has to be changed.
fn base(document: &Document) -> (String, Option<&'static str>) {
    let server = document.root.get("servers").and_then(|servers| servers.get(0));
    let mut url = server.and_then(|server| text(server, "url")).unwrap_or_default().to_owned();
    if let Some(Value::Object(variables)) = server.and_then(|server| server.get("variables")) {
        for (name, variable) in variables {
            url = url.replace(&format!("{{{name}}}"), text(variable, "default").unwrap_or("EXAMPLE"));
        }
    }
    let is_usable = |url: &Url| {
        matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
    };
    match Url::parse(&url) {
        Ok(parsed) if is_usable(&parsed) => (url, None),
        _ => {
            let path = if url.starts_with('/') { url.as_str() } else { "" };
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let note = "The document does not say where the server is: write its URL.";
            (format!("https://your-server.example{path}"), Some(note))
        }
    }
}

/// A method of a path.
struct Operation<'d> {
    path: &'d str,
    method: &'static str,
    /// What all methods of the path share.
    item: &'d Value,
    operation: &'d Value,
}

fn operations(document: &Document) -> impl Iterator<Item = Operation<'_>> {
    let paths = document.root.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::iter);
    paths.filter(|(path, _)| path.starts_with('/')).flat_map(|(path, item)| {
        let item = document.resolve(item);
        METHODS.iter().filter_map(move |method| {
            let operation = item.get(method).filter(|operation| operation.is_object())?;
            Some(Operation { path, method, item, operation })
        })
    })
}

impl Operation<'_> {
    fn case(&self, document: &Document) -> String {
        let method = self.method.to_ascii_uppercase();
        let is_safe = matches!(self.method, "get" | "head" | "options");
        let mut table = Table::new("[[case]]");
        table.text("name", &format!("{method} {}", self.path));
        table.text("url", &self.url(document));
        table.text("method", &method);
        let mut credentials = Credentials::default();
        self.add_security(document, is_safe, &mut credentials);
        self.add_headers(document, &mut credentials);
        let content_type = self.content_type(document).filter(|_| !is_safe);
        if let Some(kind) = content_type {
            credentials.headers.push(quoted(&format!("Content-Type: {kind}")));
        }
        table.list("headers", &credentials.headers);
        if is_safe {
            table.list("cookies", &credentials.cookies);
        }
        if credentials.includes_cookies {
            table.text("credentials", "include");
        }
        if is_safe {
            table.text("expect", "readable");
            return table.print();
        }
        table.value("preflight-only", "true");
        table.text("expect", "allowed");
        let is_form = content_type.is_none_or(|kind| FORM_TYPES.iter().any(|form| kind.starts_with(form)));
        let others = credentials.headers.len().saturating_sub(usize::from(content_type.is_some()));
        if self.method == "post" && is_form && others == 0 {
            let note = "Browsers send this without a preflight. To check it, write `send = true`, which really sends it, instead of `preflight-only`.";
            return format!("{}\n{}", comment(note), table.print_commented());
        }
        table.print()
    }

    /// Returns the parameters. Those of the operation replace those of its path with the same name and place.
    fn parameters<'p>(&'p self, document: &'p Document) -> Vec<&'p Value> {
        let key = |parameter: &'p Value| (text(parameter, "name"), text(parameter, "in"));
        let mut found: Vec<&Value> = Vec::new();
        for parameter in [self.operation, self.item]
            .iter()
            .filter_map(|owner| owner.get("parameters")?.as_array())
            .flatten()
        {
            let parameter = document.resolve(parameter);
            if !found.iter().any(|other| key(other) == key(parameter)) {
                found.push(parameter);
            }
        }
        found
    }

    /// Returns the path with examples in place of its parameters, and the query parameters that are required.
    fn url(&self, document: &Document) -> String {
        let mut path = self.path.to_owned();
        let mut query = Vec::new();
        for parameter in self.parameters(document) {
            let Some(name) = text(parameter, "name") else { continue };
            let value = escaped(&example(document, parameter));
            match text(parameter, "in") {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &value),
                Some("query") if is_required(parameter) => query.push(format!("{}={value}", escaped(name))),
                _ => {}
            }
        }
        // A parameter that the document does not describe.
        while let Some((start, end)) =
            path.find('{').and_then(|start| Some((start, start + path.get(start..)?.find('}')?)))
        {
            path.replace_range(start..=end, "EXAMPLE");
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// Adds the request headers that are required.
    fn add_headers(&self, document: &Document, credentials: &mut Credentials) {
        for parameter in self
            .parameters(document)
            .into_iter()
            .filter(|one| text(one, "in") == Some("header") && is_required(one))
        {
            let Some(name) = text(parameter, "name").filter(|name| is_for_script(name)) else { continue };
            let value: String =
                example(document, parameter).chars().filter(|one| (' '..='~').contains(one)).collect();
            credentials.headers.push(quoted(&format!("{name}: {value}")));
        }
    }

    /// Adds the credentials of the first alternative that the document names. A preflight has none, so there no variable is needed.
    fn add_security(&self, document: &Document, is_sent: bool, credentials: &mut Credentials) {
        let security = self.operation.get("security").or_else(|| document.root.get("security"));
        let Some(Value::Object(first)) = security.and_then(|alternatives| alternatives.get(0)) else {
            return;
        };
        for scheme_name in first.keys() {
            let Some(scheme) =
                document.root.pointer("/components/securitySchemes").and_then(|all| all.get(scheme_name))
            else {
                continue;
            };
            let scheme = document.resolve(scheme);
            let name = text(scheme, "name").unwrap_or_default();
            let variable = variable_for(scheme_name);
            let is_basic = text(scheme, "scheme").is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"));
            let (header, prefix) = match (text(scheme, "type"), text(scheme, "in")) {
                (Some("apiKey"), Some("cookie")) => {
                    credentials.cookies.push(from_environment(name, &variable, ""));
                    credentials.includes_cookies = true;
                    continue;
                }
                (Some("apiKey"), Some("header")) if is_for_script(name) => (name, ""),
                (Some("http"), _) if is_basic => ("Authorization", "Basic "),
                (Some("http" | "oauth2" | "openIdConnect"), _) => ("Authorization", "Bearer "),
                _ => continue,
            };
            credentials.headers.push(match is_sent {
                true => from_environment(header, &variable, prefix),
                false => quoted(&format!("{header}: {prefix}EXAMPLE")),
            });
        }
    }

    /// Returns the first type of the request's body.
    fn content_type<'p>(&'p self, document: &'p Document) -> Option<&'p str> {
        let content = document.resolve(self.operation.get("requestBody")?).get("content")?.as_object()?;
        let is_printable = |kind: &&String| kind.chars().all(|one| (' '..='~').contains(&one));
        content.keys().find(is_printable).map(String::as_str)
    }
}

/// What a request sends besides its URL.
#[derive(Default)]
struct Credentials {
    headers: Vec<String>,
    cookies: Vec<String>,
    includes_cookies: bool,
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn is_required(parameter: &Value) -> bool {
    parameter.get("required") == Some(&Value::Bool(true))
}

/// Returns `true` if it is a header's name, and script may set it.
fn is_for_script(name: &str) -> bool {
    corsac::method::is_token(name.as_bytes()) && !corsac::header::is_forbidden_request_header(name, b"")
}

/// Escapes a value for a path or a query.
fn escaped(value: &str) -> String {
    let mut escaped = String::new();
    for byte in value.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => escaped.push(char::from(byte)),
            byte => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}
