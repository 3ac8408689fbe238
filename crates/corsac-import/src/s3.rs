//! The CORS configuration of an Amazon S3 bucket: JSON as the console, the command line and Terraform have it, or XML.

use std::collections::HashMap;

use corsac::server::Policy;

use crate::document::{Key, Node, Text, Value, xml, yaml_or_json};
use crate::error::ImportError;
use crate::files::Files;
use crate::filter::{
    Allowed, Behaviour, Checks, Declared, Filter, Names, PLAIN, Refusal, Route, Star, Varies, joined,
    not_read, without_effect,
};
use crate::note::{NoteKind, Noted};
use crate::server::Server;
use crate::template;

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
    let mut found = Vec::new();
    documents.iter().for_each(|document| buckets(document, &mut found));
    let mut found = found.into_iter();
    let (document, rules) = documents.iter().find(|document| has_rules(document)).zip(found.next()).ok_or_else(|| {
        let why = "There are no CORS rules here. Expected is a list of rules, an object with `CORSRules`, or XML with `CORSConfiguration`.";
        ImportError::new(files.name(0), 1, why)
    })?;
    let mut notes = Vec::new();
    for other in found.filter_map(|rules| rules.first().copied()) {
        let why = "The rules of a second bucket are not read: import them from a file of their own.";
        notes.push(not_read(other.at, why));
    }
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
    notes.extend(lost_names(&rules));
    let filters = rules.iter().take(MOST_RULES).map(|rule| filter(rule, &mut notes).into()).collect();
    let route = Route::new("bucket", S3, filters, document.at);
    // A bucket decides itself when it sends `Vary`, and has no application behind it.
    let irrelevant = &["vary-missing", "application-header-kept"];
    Ok(Box::new(Declared { routes: vec![route], notes, irrelevant, ..Declared::default() }))
}

/// Names of headers that hold for some methods of an origin only. A policy has one list for all methods.
fn lost_names(rules: &[&Node]) -> Option<Noted> {
    let names = |rule: &Node| {
        ["AllowedHeaders", "ExposeHeaders"].map(|name| {
            let mut names: Vec<String> = texts(rule, name).into_iter().map(|text| text.text).collect();
            names.sort();
            names
        })
    };
    let mut first_of: HashMap<String, usize> = HashMap::new();
    for (number, rule) in rules.iter().enumerate().take(MOST_RULES) {
        for origin in texts(rule, "AllowedOrigins") {
            let first = *first_of.entry(origin.text.clone()).or_insert(number);
            let Some(earlier) = rules.get(first).filter(|_| first != number) else { continue };
            if names(earlier) != names(rule) {
                let why = format!(
                    "For `{}`, this rule has other request headers or exposed headers than the rule in line {}, which is for other methods. A policy has the same for all methods, so it leaves out what only some of them have.",
                    origin.text, earlier.at.line
                );
                let note = Noted::new(NoteKind::NotExpressible, "place-not-a-path", rule.at, why);
                return Some(note.instead(
                    "Give both rules the same headers, or add those that are missing to the policy.",
                ));
            }
        }
    }
    None
}

/// The rules of each bucket, wherever a tool keeps them: in `CORSRules`, or somewhere in a template.
fn buckets<'n>(node: &'n Node, found: &mut Vec<Vec<&'n Node>>) {
    const NAMES: [&str; 5] = ["corsrules", "corsrule", "corsconfiguration", "corsconfigurations", "cors"];
    if is_rule(node) {
        return found.push(vec![node]);
    }
    if let Value::List(items) = &node.value {
        return match items.iter().any(is_rule) {
            true => found.push(items.iter().collect()),
            false => items.iter().for_each(|item| buckets(item, found)),
        };
    }
    let plain = |key: &Key| key.text.replace(['_', '-'], "").to_ascii_lowercase();
    let (named, others): (Vec<_>, Vec<_>) =
        node.entries().iter().partition(|(key, _)| NAMES.contains(&plain(key).as_str()));
    let before = found.len();
    named.iter().for_each(|(_, node)| buckets(node, found));
    let is_empty = |(key, node): &&&(Key, Node)| plain(key).ends_with("rules") && node.items().is_empty();
    if found.len() == before && named.iter().any(|entry| is_empty(&entry)) {
        found.push(Vec::new());
    }
    others.iter().for_each(|(_, node)| buckets(node, found));
}

fn has_rules(node: &Node) -> bool {
    let mut found = Vec::new();
    buckets(node, &mut found);
    !found.is_empty()
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
    field(rule, name).map(template::known).unwrap_or_default()
}

fn filter(rule: &Node, notes: &mut Vec<Noted>) -> Filter {
    let mut filter = Filter::new(rule.at);
    for name in ["AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposeHeaders", "MaxAgeSeconds"] {
        if let Some(node) = field(rule, name) {
            template::texts(node, notes);
        }
    }
    if field(rule, "AllowedMethods").is_none_or(|methods| methods.items().is_empty()) {
        notes.push(without_effect(
            rule.at,
            "This rule has no `AllowedMethods`, and S3 refuses the whole configuration because of it.",
            "List the methods that the origins may use: `GET`, for example.",
        ));
    }
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
        let upper = method.text.to_ascii_uppercase();
        let instead = match METHODS.contains(&upper.as_str()) {
            true => format!("Write `{upper}`."),
            false => "Leave it out: a bucket answers no other methods.".to_owned(),
        };
        notes.push(without_effect(method.at, why, &instead));
    }
    filter.methods = Names::listed(&methods, ", ");
    let (headers, refused): (Vec<Text>, Vec<Text>) =
        texts(rule, "AllowedHeaders").into_iter().partition(|name| name.text.matches('*').count() <= 1);
    for name in refused {
        let why = format!(
            "S3 takes one `*` in the name of a request header, and refuses the whole configuration because of `{}`.",
            name.text
        );
        notes.push(without_effect(
            name.at,
            why,
            "Write one entry for each beginning, with one `*` at its end.",
        ));
    }
    notes.extend(headers.iter().filter_map(not_exact));
    filter.headers = Names::listed(&headers, ", ");
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

/// A note about a name of a request header with `*` for which the policy has another entry, or none.
fn not_exact(name: &Text) -> Option<Noted> {
    let Text { text, at } = name;
    if !text.contains('*') || text == "*" {
        return None;
    }
    let note = |why: String| Noted::new(NoteKind::NotExpressible, "expression-not-exact", *at, why);
    let policy = Policy::builder(["https://app.example.com"]).request_headers([text.as_str()]).build();
    if policy.is_err() {
        let why =
            format!("No entry of `request-headers` stands for `{text}`, so the policy does without it.");
        return Some(note(why).instead("Name the request headers that are meant."));
    }
    // It has the names of most headers that are not standard, so it looks like all of them from outside.
    let is_wide = text.strip_suffix('*').is_some_and(|start| "x-".starts_with(&start.to_ascii_lowercase()));
    is_wide.then(|| {
        note(format!("The policy allows more than `{text}`: every request header.")).instead(format!(
            "Write `{text}` in `request-headers`, or name the request headers that are meant."
        ))
    })
}
