//! The calls of `cors` in a program, and for which parts of the server they are.

use std::collections::HashMap;

use super::options::Reader;
use crate::document::{Argument, Call, Node, Program, Value};
use crate::error::ImportError;
use crate::files::At;
use crate::filter::{Matcher, Route, When, not_read, slug, without_effect};

/// The most parts that get options of their own.
const MOST_PARTS: usize = 50;

/// Options, and the calls that have them.
struct Options {
    node: Node,
    calls: Vec<Call>,
}

/// What the calls are for.
enum Part {
    Everything,
    /// What is below each of these paths.
    Below(Vec<String>),
    /// More than [`MOST_PARTS`] paths.
    Many,
    /// Single routes, or something else that is no path.
    Routes,
}

/// Reads the calls.
pub(super) fn read(
    program: &mut Program<'_>,
    calls: Vec<Call>,
    reader: &mut Reader,
) -> Result<Vec<Route>, ImportError> {
    let (mut all, mut problems): (Vec<Options>, Vec<ImportError>) = (Vec::new(), Vec::new());
    let (mut by_name, mut by_content) = (HashMap::new(), HashMap::new());
    for call in calls {
        let known = call.name.as_ref().and_then(|name| by_name.get(name).copied());
        let known = match known {
            Some(known) => known,
            None => {
                let known = match program.argument(&call) {
                    Ok(argument) => options(argument, &call, reader).map(|node| {
                        *by_content.entry(content(&node)).or_insert_with(|| {
                            all.push(Options { node, calls: Vec::new() });
                            all.len().saturating_sub(1)
                        })
                    }),
                    Err(problem) => {
                        problems.push(problem);
                        None
                    }
                };
                if let Some(name) = &call.name {
                    by_name.insert(name.clone(), known);
                }
                known
            }
        };
        if let Some(options) = known.and_then(|known| all.get_mut(known)) {
            options.calls.push(call);
        }
    }
    if all.is_empty() && reader.notes.is_empty() && !problems.is_empty() {
        return Err(problems.swap_remove(0));
    }
    for problem in problems {
        reader.notes.push(not_read(At { file: 0, line: problem.line }, problem.message));
    }
    Ok(routes(&all, reader))
}

/// The options of a call, if they can be known.
fn options(argument: Argument, call: &Call, reader: &mut Reader) -> Option<Node> {
    match argument {
        Argument::Missing => Some(Node { at: call.at, value: Value::Map(Vec::new()) }),
        Argument::Literal(node) => Some(node),
        Argument::Code(code) => {
            reader.code(&code);
            None
        }
        Argument::Elsewhere { name, from } => {
            let of = from
                .map_or_else(|| "gets no value in this file".to_owned(), |from| format!("is from `{from}`"));
            let why = format!("The options of `cors` are `{name}` here, which {of}. They are not read.");
            reader.notes.push(not_read(call.at, why).instead(
                "Import the file that has them, or ask the running server: `corsac policy infer URL`.",
            ));
            None
        }
    }
}

/// What options say, without their lines.
fn content(node: &Node) -> String {
    match &node.value {
        Value::List(items) => format!("[{}]", items.iter().map(content).collect::<Vec<_>>().join(",")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, node)| format!("{:?}:{}", key.text, content(node)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        other => format!("{other:?}"),
    }
}

/// A route for each part if the parts are apart from each other. If they are not, the options for the whole server are read.
fn routes(all: &[Options], reader: &mut Reader) -> Vec<Route> {
    let parts: Vec<Part> = all.iter().map(|options| part(&options.calls)).collect();
    let below = |part: &Part| match part {
        Part::Below(paths) => paths.clone(),
        _ => Vec::new(),
    };
    let paths: Vec<String> = parts.iter().flat_map(below).collect();
    let are_all_paths = parts.iter().all(|part| matches!(part, Part::Below(_)));
    if are_all_paths && paths.len() <= MOST_PARTS && are_apart(&paths) {
        return all.iter().zip(&parts).flat_map(|(options, part)| routes_of(options, part, reader)).collect();
    }
    let main = parts
        .iter()
        .position(|part| matches!(part, Part::Everything))
        .or_else(|| parts.iter().position(|part| matches!(part, Part::Below(_))))
        .unwrap_or(0);
    let (Some(options), Some(part)) = (all.get(main), parts.get(main)) else { return Vec::new() };
    let read_at = options.calls.first().map_or(options.node.at, |call| call.at);
    let answers_all = matches!(part, Part::Everything)
        && options.node.get("preflightContinue").is_none_or(|node| node.value == Value::Bool(false));
    for (number, other) in all.iter().enumerate().filter(|(number, _)| *number != main) {
        for call in &other.calls {
            let is_for_preflights = call.mounted.as_ref().is_some_and(|mounted| mounted.method == "options");
            reader.notes.push(if is_for_preflights && answers_all && main < number {
                let why = format!(
                    "The call of `cors` in line {} answers every `OPTIONS` before this one can.",
                    read_at.line
                );
                without_effect(call.at, why, "Leave this line out, or give the other call these options.")
            } else {
                let why = format!(
                    "`cors` is called here with other options than in line {}, and only those are read.",
                    read_at.line
                );
                not_read(call.at, why).instead(
                    "Look at the part of the server that this call is for, and give it a policy of its own.",
                )
            });
        }
    }
    routes_of(options, part, reader)
}

fn routes_of(options: &Options, part: &Part, reader: &mut Reader) -> Vec<Route> {
    let routes = reader.route("express", &options.node);
    match part {
        Part::Everything => routes,
        Part::Many | Part::Routes => {
            let why = match part {
                Part::Many => format!(
                    "`cors` is called for more than {MOST_PARTS} paths, which are not read, and not for the whole server."
                ),
                _ => "`cors` is called for single routes, and not for the whole server.".to_owned(),
            };
            routes
                .into_iter()
                .map(|route| Route { is_more_than_prefix: Some(why.clone()), ..route })
                .collect()
        }
        Part::Below(paths) => {
            let of_path = |path: &String| {
                routes
                    .iter()
                    .cloned()
                    .map(|mut route| {
                        for when in &mut route.when {
                            *when = When { path: Matcher::Below(path.clone()), ..when.clone() };
                        }
                        Route { name: slug(&["express", path]), ..route }
                    })
                    .collect::<Vec<_>>()
            };
            paths.iter().flat_map(of_path).collect()
        }
    }
}

/// What calls with the same options are for.
fn part(calls: &[Call]) -> Part {
    const ROUTES: [&str; 8] = ["get", "head", "post", "put", "patch", "delete", "options", "all"];
    // One path too many is kept, so that it shows.
    let mut below: Vec<String> = Vec::new();
    let mut has_routes = false;
    for call in calls {
        let Some(mounted) = &call.mounted else { return Part::Everything };
        let is_router = mounted.receiver.to_ascii_lowercase().contains("router");
        match (mounted.method.as_str(), mounted.path.as_deref()) {
            ("use", Some(path)) if path.trim_matches('/').is_empty() => return Part::Everything,
            ("use", Some(path)) if is_plain(path) && !is_router => {
                if below.len() <= MOST_PARTS && !below.iter().any(|known| known == path) {
                    below.push(path.to_owned());
                }
            }
            ("use", Some(_)) => has_routes = true,
            ("use", None) if mounted.is_pattern => has_routes = true,
            (method, path) if ROUTES.contains(&method) && (path.is_some() || mounted.is_pattern) => {
                has_routes = true;
            }
            _ => return Part::Everything,
        }
    }
    match below.len() {
        0 if has_routes => Part::Routes,
        0..=MOST_PARTS => Part::Below(below),
        _ => Part::Many,
    }
}

/// Returns `true` for a path without parameters.
fn is_plain(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains([':', '*', '?', '+', '(', ')', '{', '}', '[', ']', '|', '\\', '$'])
}

/// Returns `true` if no path is inside of another one.
fn are_apart(paths: &[String]) -> bool {
    paths.iter().enumerate().all(|(number, path)| {
        paths
            .iter()
            .enumerate()
            .all(|(other, outer)| number == other || !Matcher::Below(outer.clone()).matches(Some(path)))
    })
}
