//! `corsac policy import`: another server's configuration as a policy file, and notes at its lines.

mod includes;
mod text;

use std::io::Read as _;
use std::path::Path;

use corsac::server::Policy;
use corsac_import::{ImportError, Imported, MOST_BYTES, NoteKind, Source};
use serde_json::{Value, json};

use crate::arguments::ImportArguments;
use crate::terminal::{self, printable};
use crate::{AS_EXPECTED, BLOCKED};
use includes::Includes;

/// Returns the exit status, and what to print to standard output. Notes go to standard error.
pub(crate) fn run(arguments: &ImportArguments) -> Result<(u8, String), String> {
    check_origins(&arguments.origin)?;
    let main = read(&arguments.file)?;
    let mut includes = Includes::new(&arguments.file, arguments.folder.as_deref())?;
    let mut include = |pattern: &str| includes.read(pattern);
    if arguments.diff {
        return diff(arguments, main, &mut include);
    }
    let imported = corsac_import::import(arguments.kind, main.clone(), &mut include, &arguments.origin)
        .map_err(|error| unreadable(&error))?;
    let is_bad = imported.notes.iter().any(|note| note.kind <= NoteKind::Dead) || text::is_unknown(&imported);
    let status = if is_bad { BLOCKED } else { AS_EXPECTED };
    if arguments.json {
        return Ok((status, terminal::json(&as_json(arguments, &main, &imported))));
    }
    let texts = includes.texts(&main);
    for note in &imported.notes {
        anstream::eprint!("{}", text::note(note, &texts));
    }
    Ok((status, text::policy_file(arguments.kind, &main.name, &imported)))
}

fn diff(
    arguments: &ImportArguments,
    main: Source,
    include: &mut corsac_import::Include<'_>,
) -> Result<(u8, String), String> {
    if !arguments.kind.has_changes() {
        return Err(format!(
            "for {} no changes are known. `--diff` is for nginx, apache and caddy: leave it out to see the notes",
            arguments.kind.title()
        ));
    }
    let mended = corsac_import::mend(arguments.kind, main, include, &arguments.origin)
        .map_err(|error| unreadable(&error))?;
    for note in &mended.left {
        anstream::eprint!("{}", text::left(note));
    }
    let page: String = mended.files.iter().map(text::diff).collect();
    Ok((if page.is_empty() { AS_EXPECTED } else { BLOCKED }, page))
}

/// The entries that a person names have to be ones that a policy can have.
fn check_origins(origins: &[String]) -> Result<(), String> {
    for origin in origins {
        if let Err(problems) = Policy::builder([origin.as_str()]).build() {
            let problem = problems.iter().find(|problem| problem.is_error());
            let message = problem.map(|problem| problem.message.clone()).unwrap_or_default();
            return Err(format!("`--origin {}`: {message}", printable(origin)));
        }
    }
    Ok(())
}

/// Reads the configuration.
fn read(path: &Path) -> Result<Source, String> {
    if path == Path::new("-") {
        let bytes = read_bounded(std::io::stdin().lock())
            .map_err(|error| format!("cannot read standard input: {error}"))?;
        return source("standard input".to_owned(), bytes);
    }
    let name = printable(path.as_os_str().as_encoded_bytes());
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
        return Err(format!("`{name}` is a folder: name the configuration file in it"));
    }
    let bytes = std::fs::File::open(path)
        .and_then(read_bounded)
        .map_err(|error| format!("cannot read `{name}`: {error}"))?;
    source(name, bytes)
}

/// A file that has been read as a source.
fn source(name: String, bytes: Vec<u8>) -> Result<Source, String> {
    if bytes.len() > MOST_BYTES {
        return Err(format!("`{name}` is larger than {} MiB, which no configuration is", MOST_BYTES >> 20));
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let without_mark = text.strip_prefix('\u{feff}').map(str::to_owned);
            Ok(Source { name, text: without_mark.unwrap_or(text) })
        }
        Err(error) => {
            let line = error
                .as_bytes()
                .iter()
                .take(error.utf8_error().valid_up_to())
                .filter(|byte| **byte == b'\n')
                .count();
            Err(format!("{name}:{}: this is not UTF-8. Save the file in UTF-8", line.saturating_add(1)))
        }
    }
}

fn read_bounded(file: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(error: &ImportError) -> String {
    printable(&error.to_string())
}

fn as_json(arguments: &ImportArguments, main: &Source, imported: &Imported) -> Value {
    let policies: Vec<Value> = imported
        .policies
        .iter()
        .map(|policy| {
            json!({
                "name": policy.name,
                "at": policy.at.as_ref().map(|at| at.as_str()),
                "host": policy.host,
                "file": policy.file,
                "line": policy.line,
                "policy": policy.config,
                "remarks": policy.remarks,
            })
        })
        .collect();
    let notes: Vec<Value> = imported
        .notes
        .iter()
        .map(|note| {
            json!({
                "kind": note.kind.as_str(),
                "code": note.code,
                "file": note.file,
                "line": note.line,
                "message": note.message,
                "instead": note.instead,
                "origin": note.origin,
            })
        })
        .collect();
    json!({
        "schema": "corsac.import/1",
        "kind": arguments.kind.as_str(),
        "file": main.name,
        "policies": policies,
        "notes": notes,
        "toml": text::policy_file(arguments.kind, &main.name, imported),
    })
}
