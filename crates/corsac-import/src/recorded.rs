//! Replays what real servers answered, for tests: `conformance/import/record.py` recorded it.

use std::path::Path;

use corsac::header::HeaderList;
use serde::Deserialize;

use crate::ImportError;
use crate::files::{Files, Source};
use crate::server::{Asked, Behind, Server};

#[derive(Deserialize)]
struct Recorded {
    request: Request,
    behind: Response,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    scheme: String,
    host: String,
    path: String,
    headers: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    headers: Vec<(String, String)>,
}

/// The configuration in `conformance/import/KIND/NAME`, with what it includes.
pub(crate) fn read_folder<S>(
    folder: &Path,
    read: impl FnOnce(&mut Files<'_>) -> Result<S, ImportError>,
) -> Result<S, ImportError> {
    let mut include = |pattern: &str| included(folder, pattern);
    read(&mut Files::new(config(folder), &mut include)?)
}

/// The file `config*` of a folder.
fn config(folder: &Path) -> Source {
    let name = names(folder).into_iter().find(|name| name.starts_with("config")).unwrap();
    source(folder, &name)
}

/// Asks each recorded configuration of `conformance/import/KIND` what the real server was asked, and expects what that answered. Returns the
/// number of requests.
pub(crate) fn replay(
    kind: &str,
    read: impl Fn(&mut Files<'_>) -> Result<Box<dyn Server>, ImportError>,
) -> usize {
    let kind = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/import").join(kind);
    let (mut requests, mut wrong) = (0, Vec::new());
    for name in names(&kind) {
        let folder = kind.join(&name);
        let Ok(json) = std::fs::read_to_string(folder.join("recorded.json")) else { continue };
        let recorded: Vec<Recorded> = serde_json::from_str(&json).unwrap();
        let server = read_folder(&folder, &read).unwrap_or_else(|error| panic!("{name}: {error}"));
        for Recorded { request, behind, response } in recorded {
            requests += 1;
            let mut headers = HeaderList::new();
            for (name, value) in &request.headers {
                headers.append(name.as_str(), value.as_str());
            }
            let behind = Behind { status: behind.status, headers: behind.headers };
            let answer = server.answer(&Asked {
                method: &request.method,
                scheme: &request.scheme,
                host: &request.host,
                path: &request.path,
                headers: &headers,
                behind: &behind,
            });
            let lines = answer.lines.iter().map(|line| (line.name.to_lowercase(), line.value.clone()));
            let (expected, got) = (sorted(response.headers), sorted(lines));
            if (response.status, &expected) != (answer.status, &got) {
                wrong.push(format!(
                    "{name}: {} {}{} {:?}\n  expected {} {expected:?}\n  got      {} {got:?}",
                    request.method,
                    request.host,
                    request.path,
                    request.headers,
                    response.status,
                    answer.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {requests}:\n{}", wrong.len(), wrong.join("\n"));
    requests
}

/// The headers that were recorded, by their names; repeated ones stay in their order.
fn sorted(headers: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let is_kept = |name: &str| {
        name.starts_with("access-control-")
            || ["vary", "timing-allow-origin", "cross-origin-resource-policy", "location"].contains(&name)
    };
    let mut headers: Vec<_> = headers.into_iter().filter(|(name, _)| is_kept(name)).collect();
    headers.sort_by(|one, other| one.0.cmp(&other.0));
    headers
}

/// What an include names in the folder; at most one `*`, in the name of the file.
fn included(folder: &Path, pattern: &str) -> Result<Vec<Source>, String> {
    let (under, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let Some((before, after)) = name.split_once('*') else {
        let is_there = folder.join(pattern).is_file();
        return is_there
            .then(|| vec![source(folder, pattern)])
            .ok_or_else(|| format!("`{pattern}` is not there."));
    };
    let found = names(&folder.join(under)).into_iter();
    let found = found.filter(|name| name.starts_with(before) && name.ends_with(after));
    Ok(found.map(|name| source(folder, Path::new(under).join(name).to_str().unwrap())).collect())
}

fn source(folder: &Path, name: &str) -> Source {
    Source { name: name.to_owned(), text: std::fs::read_to_string(folder.join(name)).unwrap() }
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
