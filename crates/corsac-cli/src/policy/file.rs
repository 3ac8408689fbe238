//! Reads a policy file or standard input, and chooses a policy.

use corsac::server::Policy;
use corsac_config::{FilePlacement, PolicyFile, ReadError};

use super::draw::draw_errors;
use crate::arguments::FileArguments;
use crate::terminal::printable;

/// Reads the file.
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

/// Returns the message for a file that cannot be read.
pub(crate) fn unreadable(path: &std::path::Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {error}", printable(path.as_os_str().as_encoded_bytes()))
}

/// Reads a file that must not have errors.
pub(crate) fn read_right(arguments: &FileArguments) -> Result<PolicyFile, String> {
    right(read(arguments))
}

/// What was read, if it has no errors.
pub(crate) fn right(read: Result<PolicyFile, ReadError>) -> Result<PolicyFile, String> {
    read.map_err(|error| match error {
        ReadError::Io { path, error } => unreadable(&path, &error),
        ReadError::Problems(problems) => {
            format!("{}\n\n{}", problems.summary(), draw_errors(&problems).trim_end())
        }
    })
}

/// Returns the policy of this name, with its name. Without a name, returns the one for the path, or the only one. `option` is the option that
/// chooses a name.
pub(crate) fn choose(
    file: &PolicyFile,
    option: &str,
    name: Option<&str>,
    path: &str,
) -> Result<(String, Policy), String> {
    let placement = file.placement();
    let placed = match name {
        Some(name) => match file.policy(name) {
            Ok(policy) => return Ok((name.to_owned(), policy)),
            Err(error) => placement
                .iter()
                .find(|placed| placed.name() == name)
                .ok_or_else(|| printable(&error.to_string()))?,
        },
        None => placement.get(path).ok_or_else(|| nothing_for(file, &placement, option, path))?,
    };
    let policy = placed.policy().cloned().ok_or_else(|| {
        let (name, about) = (printable(placed.name()), format!(" for `{}`", printable(path)));
        let about = if placement.get(path).is_some_and(|found| found.name() == placed.name()) { &about } else { "" };
        format!("`{name}` has `cors = \"pass\"`, which passes requests{about} on unchanged: no policy applies to them")
    })?;
    Ok((placed.name().to_owned(), policy))
}

/// Returns the message for a path that has no policy.
fn nothing_for(file: &PolicyFile, placement: &FilePlacement, option: &str, path: &str) -> String {
    let quoted = |name: &String| format!("`{}`", printable(name));
    let listed = |names: &[String]| names.iter().map(quoted).collect::<Vec<_>>().join(", ");
    if !placement.has_parts() {
        let names: Vec<String> = file.policies().map(|policy| policy.name.clone()).collect();
        return format!("the file has several policies: choose one with {option} ({})", listed(&names));
    }
    let start = format!("no policy in the file applies to `{}`", printable(path));
    match placement.unplaced() {
        [] => format!("{start}: choose one with {option}"),
        names => format!(
            "{start}: {} have no `at`, and only a single policy without one applies to all other paths. Choose one with {option}, or add an `at`",
            listed(names)
        ),
    }
}
