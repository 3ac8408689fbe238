//! Values of templates of CloudFormation and Terraform that are not known before the template is used.

use crate::document::{Node, Text, Value};
use crate::filter::not_read;
use crate::note::Noted;

/// The texts of a list that are known. The others get a note.
pub(crate) fn texts(node: &Node, notes: &mut Vec<Noted>) -> Vec<Text> {
    for item in node.items() {
        if let Some(reference) = reference(item) {
            let why = format!(
                "What `{reference}` stands for is only known when the template is used, so it is not read."
            );
            notes.push(not_read(item.at, why).instead(
                "Import what the template becomes, or ask the running server: `corsac policy infer URL`.",
            ));
        }
    }
    match reference(node) {
        Some(_) => Vec::new(),
        None => known(node),
    }
}

/// The texts of a list that are known.
pub(crate) fn known(node: &Node) -> Vec<Text> {
    node.texts().into_iter().filter(|text| !text.text.contains("${")).chain(constants(node)).collect()
}

/// `Fn::Sub` of a text in which nothing is replaced.
fn constants(node: &Node) -> impl Iterator<Item = Text> + '_ {
    node.items().iter().filter_map(|item| match item.entries() {
        [(key, text)] if key.text == "Fn::Sub" => {
            let written = text.text().filter(|written| !written.contains("${"))?;
            Some(Text { text: written.to_owned(), at: text.at })
        }
        _ => None,
    })
}

/// How a value is written that is not known.
pub(crate) fn reference(node: &Node) -> Option<String> {
    if let Some(text) = node.text() {
        return text.contains("${").then(|| text.to_owned());
    }
    let Value::Map(entries) = &node.value else { return None };
    let [(key, argument)] = entries.as_slice() else { return None };
    match (key.text.as_str(), argument.text()) {
        ("Fn::Sub", Some(text)) if !text.contains("${") => None,
        ("Ref", Some(text)) => Some(format!("Ref {text}")),
        ("Fn::Sub", Some(text)) => Some(text.to_owned()),
        (function, _) if function == "Ref" || function.starts_with("Fn::") => Some(function.to_owned()),
        _ => None,
    }
}
