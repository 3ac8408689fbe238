//! Reads a policy file, or standard input, and finds a policy in it.

use corsac::server::Policy;
use corsac_config::{FilePlacement, PolicyFile, ReadError};

use super::draw::draw_errors;
use crate::arguments::FileArguments;
use crate::terminal::printable;

/// The policies, or why there are none.
pub(crate) fn read(arguments: &FileArguments) -> Result<PolicyFile, ReadError> {
    let FileArguments { file, format } = arguments;
    match format {
        format if file.as_os_str() == "-" => {
            PolicyFile::read_from(std::io::stdin().lock(), "standard input", *format)
        }
        None => PolicyFile::read(file),
        Some(format) => PolicyFile::read_as(file, *format),
    }
}

/// What is told about a file that cannot be read at all.
pub(crate) fn unreadable(path: &std::path::Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {error}", printable(path.as_os_str().as_encoded_bytes()))
}

/// The policies of a file that has to be right. The error is for a person.
pub(crate) fn read_right(arguments: &FileArguments) -> Result<PolicyFile, String> {
    read(arguments).map_err(|error| match error {
        ReadError::Io { path, error } => unreadable(&path, &error),
        ReadError::Problems(problems) => {
            format!("{}\n\n{}", problems.summary(), draw_errors(&problems).trim_end())
        }
    })
}

/// The policy of this name. Without a name, the one that the file has for the path, or the only one.
pub(crate) fn choose(file: &PolicyFile, name: Option<&str>, path: &str) -> Result<Policy, String> {
    let placement = file.placement();
    let placed = match name {
        Some(name) => match file.policy(name) {
            Ok(policy) => return Ok(policy),
            Err(error) => placement
                .iter()
                .find(|placed| placed.name() == name)
                .ok_or_else(|| printable(&error.to_string()))?,
        },
        None => placement.get(path).ok_or_else(|| nothing_for(file, &placement, path))?,
    };
    placed.policy().cloned().ok_or_else(|| {
        let (name, about) = (printable(placed.name()), format!(" for `{}`", printable(path)));
        let about = if placement.get(path).is_some_and(|found| found.name() == placed.name()) { &about } else { "" };
        format!("`{name}` has `cors = \"pass\"` and passes requests{about} on untouched: no policy decides about them")
    })
}

/// No entry of the file is for this path.
fn nothing_for(file: &PolicyFile, placement: &FilePlacement, path: &str) -> String {
    let quoted = |name: &String| format!("`{}`", printable(name));
    let listed = |names: &[String]| names.iter().map(quoted).collect::<Vec<_>>().join(", ");
    if !placement.has_parts() {
        let names: Vec<String> = file.policies().map(|policy| policy.name.clone()).collect();
        return format!("the file has several policies: name one with --policy ({})", listed(&names));
    }
    let start = format!("no policy of the file is for `{}`", printable(path));
    match placement.unplaced.as_slice() {
        [] => format!("{start}: name one with --policy"),
        names => format!(
            "{start}: {} have no `at`, and of several none is for the rest. Name one with --policy, or write an `at`",
            listed(names)
        ),
    }
}
