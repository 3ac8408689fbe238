//! Servers, frameworks and services that policies are compiled for.

use corsac_stacks::{Feature, Support, Target, limits, support, traps};
use serde_json::{Value, json};

use crate::terminal::{FAINT, LINE, STRONG, styled, wrap};

/// Returns the page of the target that has this name.
pub(super) fn page(name: &str) -> Option<(String, Value)> {
    let target = Target::parse(&name.to_ascii_lowercase())?;
    Some((text(target), as_json(target)))
}

/// Every name, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    Target::ALL.iter().copied().map(Target::as_str)
}

fn text(target: Target) -> String {
    let kind = target.kind().as_str();
    let name = target.as_str();
    let mut page = format!("{}  {}\n", styled(STRONG, name), styled(FAINT, kind));
    page.push_str(&wrap(target.title(), "", ""));
    let surprises: String = traps(target).iter().map(|trap| wrap(trap, "  - ", "    ")).collect();
    page.push_str(&format!("\n{}\n{surprises}", styled(STRONG, "What surprises")));
    let command = |command: String| format!("      {}\n", styled(LINE, &command));
    page.push_str(&format!("\n{}\n", styled(STRONG, "What to do")));
    page.push_str(&wrap("For one request that is refused:", "  ", "  "));
    page.push_str(&command(format!("corsac check URL --origin ORIGIN --stack {name}")));
    page.push_str(&wrap(
        "For all of your pages, from a policy, and the proof on the running server:",
        "  ",
        "  ",
    ));
    page.push_str(&command(format!("corsac policy compile {name} corsac.toml")));
    page.push_str(&command("corsac verify URL --policy corsac.toml".to_owned()));
    let limits: String = exceptions(target)
        .map(|(feature, words)| wrap(&format!("{}: {words}", feature.as_str()), "  - ", "    "))
        .chain(limits(target).map(|limit| wrap(limit, "  - ", "    ")))
        .collect();
    if !limits.is_empty() {
        page.push_str(&format!(
            "\n{}\n{limits}",
            styled(STRONG, "What it cannot do, or does with something to know")
        ));
    }
    page
}

fn exceptions(target: Target) -> impl Iterator<Item = (Feature, String)> {
    Feature::ALL.iter().copied().filter_map(move |feature| match support(target, feature) {
        Support::WithNote(note) => Some((feature, note.to_owned())),
        Support::Refused { reason, instead, .. } => Some((feature, format!("refused. {reason} {instead}"))),
        _ => None,
    })
}

fn as_json(target: Target) -> Value {
    let limits: Vec<Value> = exceptions(target)
        .map(|(feature, words)| json!({ "feature": feature.as_str(), "text": words }))
        .collect();
    json!({
        "kind": "target",
        "name": target.as_str(),
        "title": target.title(),
        "traps": traps(target),
        "limits": limits,
    })
}
