//! Imported policies and notes as text.

use std::collections::BTreeMap;

use corsac_config::policy_to_toml;
use corsac_import::{Imported, Kind, MendedFile, Note, NoteKind};

use crate::terminal::{BAD, CAREFUL, FAINT, STRONG, printable, printable_words, styled, wrap};

/// A note with the line that it is about.
pub(super) fn note(note: &Note, texts: &BTreeMap<String, String>) -> String {
    let mut page = head(note);
    let line = texts.get(&note.file).and_then(|text| text.lines().nth(note.line.saturating_sub(1)));
    if let Some(line) = line.filter(|line| !line.trim().is_empty()) {
        let number = format!("{:>6} | ", note.line);
        page.push_str(&format!(
            "{}{}\n",
            styled(FAINT, &number),
            printable(&line.trim_end().replace('\t', "    "))
        ));
    }
    page.push_str(&wrap(&printable_words(&note.message), "  ", "  "));
    if !note.instead.is_empty() {
        page.push_str(&wrap(&printable_words(&note.instead), "  → ", "    "));
    }
    page.push('\n');
    page
}

/// A note that the changes leave.
pub(super) fn left(note: &Note) -> String {
    let mut page = format!("{} {}", styled(FAINT, "left:"), head(note));
    page.push_str(&wrap(&printable_words(&format!("{} {}", note.message, note.instead)), "  ", "  "));
    page
}

fn head(note: &Note) -> String {
    let style = match note.kind {
        NoteKind::Unsafe => BAD,
        NoteKind::Dead | NoteKind::Fragile => CAREFUL,
        _ => STRONG,
    };
    let place = format!("{}:{}", printable(&note.file), note.line);
    format!("{} {} {}\n", styled(STRONG, &place), styled(style, note.kind.as_str()), styled(FAINT, note.code))
}

/// Returns `true` if nothing can be said: no policy allows anybody, and lines that could matter were not read.
pub(super) fn is_unknown(imported: &Imported) -> bool {
    let allows_nobody =
        imported.policies.iter().all(|policy| policy.config.origins.is_empty() && !policy.config.null_origin);
    allows_nobody && imported.notes.iter().any(|note| note.code == "line-not-read")
}

/// A policy file with what is known about it as comments.
pub(super) fn policy_file(kind: Kind, name: &str, imported: &Imported) -> String {
    let mut page = format!(
        "# What `{}` amounts to, written by `corsac policy import {}`.\n",
        printable(name),
        kind.as_str()
    );
    for note in &imported.notes {
        let origin =
            note.origin.as_ref().map(|origin| format!(" ({})", printable(origin))).unwrap_or_default();
        page.push_str(&format!(
            "# {}:{}: {} {}{origin}\n",
            printable(&note.file),
            note.line,
            note.kind.as_str(),
            note.code
        ));
    }
    if is_unknown(imported) {
        page.push_str("# Who may read is not known, because lines were not understood. Ask the running server: corsac policy infer URL\n");
    } else if imported.policies.is_empty()
        && imported.notes.iter().any(|note| note.code == "expression-not-exact")
    {
        page.push_str("# No entries stand for the origins that may read, so there is no policy.\n");
    } else if imported.policies.is_empty() {
        page.push_str("# No origin may read anything, so there is no policy.\n");
    }
    for policy in &imported.policies {
        page.push('\n');
        let host = policy.host.as_ref().map(|host| format!(", for {}", printable(host))).unwrap_or_default();
        page.push_str(&format!("# {}:{}{host}\n", printable(&policy.file), policy.line));
        for remark in &policy.remarks {
            page.push_str(&format!("# {}\n", printable_words(remark).replace('\n', " ")));
        }
        page.push_str(&policy_to_toml(&policy.name, policy.at.as_ref(), &policy.config));
    }
    page
}

/// The changes of a file, in the form that `patch` takes.
pub(super) fn diff(file: &MendedFile) -> String {
    let name = printable(&file.name);
    let name = name.trim_start_matches('/');
    let (before, after) = (file.before.as_str(), file.after.as_str());
    let diff = similar::TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}
