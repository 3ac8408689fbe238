//! A response headers policy of Amazon CloudFront, as JSON of its API, its command line or CloudFormation.

use crate::document::{Node, Text, yaml_or_json};
use crate::error::ImportError;
use crate::files::Files;
use crate::filter::{
    Allowed, Application, Behaviour, Declared, Filter, Names, PLAIN, Route, Star, joined, not_read,
    without_effect,
};
use crate::note::Noted;
use crate::server::Server;
use crate::template;

/// As [the developer guide](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html) has it: headers are added to what
/// the origin of the distribution answers, to preflights too, and only for requests with an origin that is in the list.
const CLOUDFRONT: Behaviour = Behaviour { answers: None, ..PLAIN };

const MOST_LEVELS: usize = 12;

/// Reads the policies.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let documents = yaml_or_json(files, 0)?;
    let mut found = Vec::new();
    documents.iter().for_each(|document| policies(document, 0, &mut found));
    let Some(policy) = found.first() else {
        let why = "There is no `CorsConfig` of a response headers policy here, and no CORS header in `CustomHeadersConfig`.";
        return Err(ImportError::new(files.name(0), 1, why));
    };
    let mut notes = Vec::new();
    for other in found.iter().skip(1) {
        let why = "A second policy is not read: import it from a file of its own.";
        notes.push(not_read(other.at, why));
    }
    for header in custom_headers(policy) {
        let name = field(header, "Header").and_then(Node::text).unwrap_or_default();
        let why = format!(
            "`{name}` is set among the custom headers. CORS headers belong into `CorsConfig`, and only they are read."
        );
        notes.push(not_read(header.at, why));
    }
    let route = field(policy, "CorsConfig").filter(|cors| !cors.is_null()).map(|cors| {
        let origin_override = field(cors, "OriginOverride");
        let overrides = origin_override.and_then(Node::boolean) == Some(true);
        let application = if overrides { Application::Replaced } else { Application::Kept };
        Route::new(
            "cloudfront",
            Behaviour { application, ..CLOUDFRONT },
            vec![filter(cors, &mut notes).into()],
            cors.at,
        )
    });
    Ok(Box::new(Declared { routes: route.into_iter().collect(), notes, ..Declared::default() }))
}

/// A field as the API, CloudFormation or Terraform names it. Terraform writes what is there once as a list.
fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let (_, found) = node.relaxed(name)?;
    match found.items() {
        [only] if only.text().is_none() => Some(only),
        _ => Some(found),
    }
}

/// The CORS headers that are set with a fixed value.
fn custom_headers(policy: &Node) -> impl Iterator<Item = &Node> {
    let custom = field(policy, "CustomHeadersConfig").and_then(|custom| field(custom, "Items"));
    custom.map(Node::items).unwrap_or_default().iter().filter(|header| {
        let name = field(header, "Header").and_then(Node::text).unwrap_or_default();
        name.to_ascii_lowercase().starts_with("access-control-")
    })
}

/// The policies that say something about CORS, wherever they are.
fn policies<'n>(node: &'n Node, level: usize, found: &mut Vec<&'n Node>) {
    if field(node, "CorsConfig").is_some_and(|cors| !cors.is_null()) || custom_headers(node).next().is_some()
    {
        found.push(node);
    } else if level < MOST_LEVELS {
        let level = level.saturating_add(1);
        node.entries().iter().for_each(|(_, node)| policies(node, level, found));
        if node.entries().is_empty() {
            node.items()
                .iter()
                .filter(|item| !std::ptr::eq(*item, node))
                .for_each(|item| policies(item, level, found));
        }
    }
}

fn filter(cors: &Node, notes: &mut Vec<Noted>) -> Filter {
    let mut texts = |key: &str| {
        let list = field(cors, key);
        let items = list.and_then(|list| field(list, "Items")).or(list);
        items.map(|items| template::texts(items, notes)).unwrap_or_default()
    };
    let mut filter = Filter::new(cors.at);
    for text in texts("AccessControlAllowOrigins") {
        filter.origins.push(match text.text.as_str() {
            "*" => Allowed { sent: Some("*".to_owned()), ..Allowed::any(text.at) },
            origin if origin.contains('*') => Allowed::glob(&text, Star::Host),
            _ => Allowed::exact(&text),
        });
    }
    if let Some(credentials) = field(cors, "AccessControlAllowCredentials")
        && credentials.boolean() == Some(true)
    {
        filter.credentials = Some(credentials.at);
    }
    let methods = texts("AccessControlAllowMethods");
    filter.methods = match methods.iter().find(|method| method.text == "ALL") {
        Some(all) => {
            let sent = "GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT".to_owned();
            Names::Listed { names: Vec::new(), sent, at: all.at }
        }
        None => Names::listed(&methods, ", "),
    };
    let headers = texts("AccessControlAllowHeaders");
    filter.headers = Names::listed(&headers, ", ");
    filter.exposed = joined(&texts("AccessControlExposeHeaders"), ", ");
    if let Some(star) = headers.iter().find(|name| name.text.contains('*'))
        && filter.credentials.is_some()
    {
        let why = format!(
            "CloudFront takes no `*` in `AccessControlAllowHeaders` if credentials are allowed, and refuses the whole policy because of `{}`.",
            star.text
        );
        notes.push(without_effect(star.at, why, "Name each request header that pages may send."));
    }
    filter.max_age = cors
        .get("AccessControlMaxAgeSec")
        .and_then(|age| Some(Text { text: age.text()?.to_owned(), at: age.at }));
    filter
}
