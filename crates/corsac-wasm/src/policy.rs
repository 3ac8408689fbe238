//! The policy that answers, if there is one.

use corsac::server::Policy;
use corsac::text::{Printable, QUOTED};
use corsac_config::{Format, PolicyFile};
use url::Url;

use crate::error::Problem;

/// Returns the policy of a file for a URL. `None` if the file says that no policy applies there.
pub(crate) fn read(text: &str, url: &Url) -> Result<Option<Policy>, Problem> {
    // Variables of the environment belong to the server, and are not known here.
    let file =
        PolicyFile::parse_with_environment(text, Format::guess(text), &|_| None).map_err(|problems| {
            let first = problems.iter().find(|problem| problem.is_error());
            let message = first
                .map_or_else(|| problems.to_string(), |problem| format!("Line {}: {problem}", problem.line));
            let problem = Problem::new("policy", message);
            first.map_or_else(|| problem.clone(), |first| problem.clone().at_line(first.line))
        })?;
    let placement = file.placement();
    let path = Printable::new(url.path(), QUOTED);
    match placement.get(url.path()) {
        Some(placed) => Ok(placed.policy().cloned()),
        None if placement.has_parts() => {
            let message = format!(
                "No policy in the file applies to `{path}`: add one without `at`, or with an `at` that is the beginning of this path."
            );
            Err(Problem::new("policy", message))
        }
        None => {
            let names: Vec<String> =
                file.policies().map(|policy| Printable::new(&policy.name, QUOTED).to_string()).collect();
            let message = match names.as_slice() {
                [] => "The file has no policy: write `[policy.app]`, and below it `origins = [\"https://app.example.com\"]`.".to_owned(),
                names => format!(
                    "The file has several policies (`{}`), and nothing says which is for `{path}`: leave only one, or give each an `at`.",
                    names.join("`, `")
                ),
            };
            Err(Problem::new("policy", message))
        }
    }
}
