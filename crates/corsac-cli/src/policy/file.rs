//! Reads a policy file, or standard input, and finds a policy in it.

use corsac::server::Policy;
use corsac_config::{Placed, PolicyFile, ReadError};

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

/// The policy of this name. Without a name, the one that the file places at the path; or the only one.
pub(crate) fn choose(file: &PolicyFile, name: Option<&str>, path: &str) -> Result<Policy, String> {
    let placement = file.placement();
    let is_placed = placement.has_parts() || placement.main.is_some();
    match (name, file.policies().as_slice()) {
        (Some(name), _) => file.policy(name).map_err(|error| printable(&error.to_string())),
        (None, [only]) if !placement.has_parts() => Ok(only.policy.clone()),
        (None, _) if is_placed => match placement.get(path) {
            Some(Placed::Policy { policy, .. }) => Ok(policy.clone()),
            Some(placed) => Err(format!(
                "`{}` passes requests for `{}` on untouched: no policy decides about them",
                printable(placed.name()),
                printable(path)
            )),
            None => {
                Err(format!("no policy of the file is for `{}`: name one with --policy", printable(path)))
            }
        },
        (None, policies) => {
            let names: Vec<String> =
                policies.iter().map(|policy| format!("`{}`", printable(&policy.name))).collect();
            let names = names.join(", ");
            Err(format!("the file has several policies: name one with --policy ({names})"))
        }
    }
}
