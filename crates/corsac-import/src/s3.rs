//! The CORS configuration of an Amazon S3 bucket: JSON as the console, the command line and Terraform have it, or XML.

use crate::document::{Key, Node, Text, Value, xml, yaml_or_json};
use crate::error::ImportError;
use crate::files::Files;
use crate::filter::{
    Allowed, Behaviour, Checks, Declared, Filter, Names, PLAIN, Refusal, Route, Star, Varies, joined,
    without_effect,
};
use crate::note::{NoteKind, Noted};
use crate::server::Server;

/// As [the user guide](https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html) and responses of buckets have it: the first rule counts that has the
/// origin, the method and all headers. Methods and the age are in every response. Who is sent `*` gets no credentials, everybody else
/// always does. `Vary` is only in responses with these headers, so never in one to a request without an origin.
const S3: Behaviour = Behaviour {
    answers: Some(200),
    any_options: true,
    incomplete: Some(400),
    refused_preflight: Refusal::Answered(403),
    checks: Checks::AllHeaders,
    vary: &[("Origin, Access-Control-Request-Headers, Access-Control-Request-Method", Varies::Allowed)],
    lists_everywhere: true,
    exposes_to_preflights: true,
    star_without_credentials: true,
    ..PLAIN
};

const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "HEAD"];
const MOST_RULES: usize = 100;

/// Reads the rules.
pub(crate) fn read(files: &mut Files<'_>) -> Result<Box<dyn Server>, ImportError> {
    let is_xml = files.text(0).trim_start_matches('\u{feff}').trim_start().starts_with('<');
    // A template of CloudFormation is often YAML.
    let documents = if is_xml { vec![xml(files, 0)?] } else { yaml_or_json(files, 0)? };
    let found = documents.iter().find_map(|document| Some((document, rules(document)?)));
    let (document, rules) = found.ok_or_else(|| {
        let why = "There are no CORS rules here. Expected is a list of rules, an object with `CORSRules`, or XML with `CORSConfiguration`.";
        ImportError::new(files.name(0), 1, why)
    })?;
    let mut notes = Vec::new();
    if let Some(rule) = rules.get(MOST_RULES) {
        notes.push(without_effect(
            rule.at,
            format!("S3 takes at most {MOST_RULES} rules, and refuses the configuration."),
            "Put origins with the same rights into one rule.",
        ));
    }
    let asks =
        |name: &str, rule: &Node| texts(rule, name).into_iter().map(|text| text.text).collect::<Vec<_>>();
    let differs = |other: &&&Node| {
        rules.first().is_some_and(|first| {
            asks("AllowedOrigins", first) != asks("AllowedOrigins", other)
                && (asks("AllowedMethods", first) != asks("AllowedMethods", other)
                    || asks("AllowedHeaders", first) != asks("AllowedHeaders", other))
        })
    };
    if let Some(other) = rules.iter().find(differs) {
        let why = "The rules allow different methods or request headers to different origins. A policy allows the same to all of its origins.";
        notes.push(
            Noted::new(NoteKind::NotExpressible, "place-not-a-path", other.at, why).instead(
                "Check what the policy allows to whom, or write a policy for each group of origins.",
            ),
        );
    }
    let filters = rules.iter().take(MOST_RULES).map(|rule| filter(rule, &mut notes).into()).collect();
    let route = Route::new("bucket", S3, filters, document.at);
    // A bucket decides itself when it sends `Vary`.
    let irrelevant = &["vary-missing"];
    Ok(Box::new(Declared { routes: vec![route], notes, irrelevant, ..Declared::default() }))
}

/// The rules, wherever a tool keeps them: in `CORSRules`, or somewhere in a template.
fn rules(node: &Node) -> Option<Vec<&Node>> {
    const NAMES: [&str; 5] = ["corsrules", "corsrule", "corsconfiguration", "corsconfigurations", "cors"];
    if is_rule(node) {
        return Some(vec![node]);
    }
    if let Value::List(items) = &node.value {
        return match items.iter().any(is_rule) {
            true => Some(items.iter().collect()),
            false => items.iter().find_map(rules),
        };
    }
    let plain = |key: &Key| key.text.replace(['_', '-'], "").to_ascii_lowercase();
    let named = node.entries().iter().filter(|(key, _)| NAMES.contains(&plain(key).as_str()));
    let empty = named.clone().find(|(key, node)| plain(key).ends_with("rules") && node.items().is_empty());
    named.map(|(_, node)| node).find_map(rules).or_else(|| empty.map(|_| Vec::new())).or_else(|| {
        node.entries()
            .iter()
            .filter(|(key, _)| !NAMES.contains(&plain(key).as_str()))
            .find_map(|(_, node)| rules(node))
    })
}

fn is_rule(node: &Node) -> bool {
    field(node, "AllowedOrigins").is_some()
}

/// A field of a rule as JSON, XML, CloudFormation and Terraform name it.
fn field<'n>(rule: &'n Node, name: &str) -> Option<&'n Node> {
    let singular = name.strip_suffix('s').unwrap_or(name);
    let wanted = [name, singular].map(str::to_ascii_lowercase);
    let found = rule.entries().iter().find(|(key, _)| {
        let key = key.text.replace('_', "").to_ascii_lowercase();
        wanted.contains(&key)
            || (name == "ExposeHeaders" && key == "exposedheaders")
            || (name == "MaxAgeSeconds" && key == "maxage")
    });
    found.map(|(_, node)| node)
}

fn texts(rule: &Node, name: &str) -> Vec<Text> {
    field(rule, name).map(Node::texts).unwrap_or_default()
}

fn filter(rule: &Node, notes: &mut Vec<Noted>) -> Filter {
    let mut filter = Filter::new(rule.at);
    for text in texts(rule, "AllowedOrigins") {
        if text.text.matches('*').count() > 1 {
            let why = format!(
                "S3 takes one `*` in an origin, and refuses the whole configuration because of `{}`.",
                text.text
            );
            notes.push(without_effect(text.at, why, "Write one entry for each scheme, with one `*` in it."));
        } else if text.text == "*" {
            filter.origins.push(Allowed { sent: Some("*".to_owned()), ..Allowed::any(text.at) });
        } else if text.text.contains('*') {
            filter.origins.push(Allowed::glob(&text, Star::Anything));
        } else {
            filter.origins.push(Allowed::exact(&text));
        }
    }
    let (methods, others): (Vec<Text>, Vec<Text>) =
        texts(rule, "AllowedMethods").into_iter().partition(|method| METHODS.contains(&method.text.as_str()));
    for method in others {
        let why = format!(
            "S3 takes the methods {}, and refuses the whole configuration because of `{}`.",
            METHODS.join(", "),
            method.text
        );
        notes.push(without_effect(method.at, why, "Leave it out: a bucket answers no other methods."));
    }
    filter.methods = Names::listed(&methods, ", ");
    filter.headers = Names::listed(&texts(rule, "AllowedHeaders"), ", ");
    filter.exposed = joined(&texts(rule, "ExposeHeaders"), ", ");
    if let Some(exposed) = texts(rule, "ExposeHeaders").iter().find(|name| name.text.contains('*')) {
        notes.push(without_effect(
            exposed.at,
            "S3 takes no `*` in `ExposeHeaders`, and refuses the whole configuration because of it.",
            "Name each header that pages should read.",
        ));
    }
    filter.max_age =
        field(rule, "MaxAgeSeconds").and_then(|age| Some(Text { text: age.text()?.to_owned(), at: age.at }));
    filter.credentials = Some(rule.at);
    filter
}
