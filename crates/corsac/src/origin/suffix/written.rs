//! The list as a text, for WebAssembly: a page loads it, and the compiled list would be the largest part of that.
//!
//! Each line is a name and the labels that rules have before it, sorted by the names with their labels reversed: `uk ac co` stands for `ac.uk` and
//! `co.uk`. `*` is a wildcard, `!` an exception, `~` a rule of the private part.

use super::SuffixList;

/// `scripts/suffixes` writes it. The first line has the rules with one label.
const LINES: &str = include_str!("list.txt");

/// Returns the public suffix of a name, and the part of the list that has it: `None` for the rule for names that are not listed.
pub(super) fn suffix(name: &str) -> Option<(&str, Option<SuffixList>)> {
    if name.is_empty() {
        return None;
    }
    // The longest rule wins, and an exception is shorter by its first label. The default rule is `*`.
    let mut found = (last_label(name), None);
    let mut at = Some(name.len());
    let mut parent = "";
    while let Some(end) = at {
        let before = name.get(..end)?;
        let (rest, label) =
            before.rsplit_once('.').map_or((None, before), |(rest, label)| (Some(rest), label));
        let reached = name.get(end.checked_sub(label.len())?..)?;
        let labels = labels_before(parent);
        match rule(labels, label) {
            Some(Rule::Exception(list)) => return Some((parent, Some(list))),
            Some(Rule::Suffix(list)) => found = (reached, Some(list)),
            // Like the compiled list, which does not match a label with rules below it by a wildcard.
            Some(Rule::Wildcard(list)) if labels_before(reached).is_empty() => found = (reached, Some(list)),
            Some(Rule::Wildcard(_)) | None => {}
        }
        parent = reached;
        at = rest.map(str::len);
    }
    Some(found)
}

/// Returns the public suffix of a name and one more label.
pub(super) fn registrable(name: &str) -> Option<&str> {
    let (suffix, _) = suffix(name)?;
    let before = name.strip_suffix(suffix)?.strip_suffix('.')?;
    let label = last_label(before);
    name.get(before.len().checked_sub(label.len())?..)
}

fn last_label(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, label)| label)
}

enum Rule {
    Suffix(SuffixList),
    Wildcard(SuffixList),
    Exception(SuffixList),
}

/// Returns what the labels before a name say about one of them.
fn rule(labels: &str, label: &str) -> Option<Rule> {
    let mut wildcard = None;
    for written in labels.split(' ') {
        let (list, written) = match written.strip_prefix('~') {
            Some(written) => (SuffixList::Private, written),
            None => (SuffixList::Icann, written),
        };
        match written.strip_prefix('!') {
            Some(exception) if exception == label => return Some(Rule::Exception(list)),
            None if written == label => return Some(Rule::Suffix(list)),
            None if written == "*" => wildcard = Some(Rule::Wildcard(list)),
            _ => {}
        }
    }
    wildcard
}

/// Returns the labels that rules have before this name, as they are written.
fn labels_before(name: &str) -> &'static str {
    let reversed = |name: &str| name.rsplit('.').collect::<Vec<_>>().join(".");
    let wanted = reversed(name);
    let mut lines = LINES;
    // A binary search over lines.
    while !lines.is_empty() {
        let middle = lines.get(..lines.len() / 2).map_or(0, |half| half.rfind('\n').map_or(0, |end| end + 1));
        let line = lines.get(middle..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let (found, labels) = line.split_once(' ').unwrap_or((line, ""));
        match reversed(found).as_str().cmp(wanted.as_str()) {
            std::cmp::Ordering::Equal => return labels,
            std::cmp::Ordering::Less => lines = lines.get(middle + line.len() + 1..).unwrap_or_default(),
            std::cmp::Ordering::Greater => lines = lines.get(..middle).unwrap_or_default(),
        }
    }
    ""
}
