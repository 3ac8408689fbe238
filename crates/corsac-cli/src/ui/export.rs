//! `corsac ui --export DIR`: Read, and Play where it works without the program, as files for a web server.
//!
//! The pages are the same ones that the program serves. Each names its own Content-Security-Policy, since a web server adds none, and there is
//! nothing in them of the day or the machine: the same program always writes the same bytes.

mod directory;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use minijinja::{Environment, context};

use super::{assets, pages, read};
use crate::{AS_EXPECTED, terminal};

/// The files of a site, by their path with slashes.
type Site = BTreeMap<String, Vec<u8>>;

/// Writes the pages. Returns the exit status.
pub(super) fn run(directory: &Path) -> Result<u8, String> {
    let site = site()?;
    directory::write(directory, &site)?;
    let shown = terminal::printable_argument(&directory.to_string_lossy());
    let play = if assets::has_wasm() {
        ""
    } else {
        " Play is not among them: this `corsac` was built without the WebAssembly module that it needs there."
    };
    let text = format!(
        "{} files are in `{shown}`. A web server can serve them as they are; begin with index.html.{play}",
        site.len()
    );
    terminal::print(&terminal::wrap(&text, "", ""))?;
    Ok(AS_EXPECTED)
}

/// Makes every file.
fn site() -> Result<Site, String> {
    let environment = pages::environment()?;
    let mut site = Site::new();
    let has_play = assets::has_wasm();
    let welcome = render(
        &environment,
        "read-welcome.html",
        context! { has_play, ..pages::frame("read", ".", "export") },
    )?;
    site.insert("index.html".to_owned(), welcome.into_bytes());
    let mut scripts = BTreeSet::from(["js/theme.js".to_owned(), "js/read.js".to_owned()]);
    let presets = if has_play { read::presets() } else { read::Presets::new() };
    let frame = pages::frame("read", "..", "export");
    for file in read::files() {
        let page = read::page(&environment, file, &frame, &presets);
        let page = page.map_err(|error| cannot_make(file, &error))?.unwrap_or_default();
        site.insert(format!("read/{file}"), page.into_bytes());
    }
    if has_play {
        site.insert("play.html".to_owned(), pages::exported_play(&environment)?.into_bytes());
        site.insert("presets.json".to_owned(), corsac_wasm::PRESETS.as_bytes().to_vec());
        scripts.insert("js/play.js".to_owned());
    }
    add_assets(&mut site, scripts)?;
    Ok(site)
}

/// Adds the style sheets, these scripts, and what they import.
fn add_assets(site: &mut Site, scripts: BTreeSet<String>) -> Result<(), String> {
    let cannot = |path: &str, error: std::io::Error| format!("cannot unpack {path}: {error}");
    let is_common = |path: &str| path.ends_with(".css") || path.starts_with("wasm/");
    let common = assets::embedded().map(|asset| asset.path).filter(|path| is_common(path)).map(str::to_owned);
    let mut wanted: Vec<String> = common.chain(scripts).collect();
    while let Some(path) = wanted.pop() {
        if site.contains_key(&path) {
            continue;
        }
        let Some(asset) = assets::embedded().find(|asset| asset.path == path) else { continue };
        let bytes = asset.bytes().map_err(|error| cannot(&path, error))?;
        if path.starts_with("js/") {
            wanted.extend(imports(&String::from_utf8_lossy(&bytes)));
        }
        site.insert(path, bytes);
    }
    Ok(())
}

/// Returns the scripts that a script names, which are all in one directory.
fn imports(script: &str) -> Vec<String> {
    let names = script.split("\"./").skip(1).filter_map(|rest| rest.split_once('"'));
    names.filter(|(name, _)| name.ends_with(".js")).map(|(name, _)| format!("js/{name}")).collect()
}

fn render(environment: &Environment<'_>, name: &str, values: minijinja::Value) -> Result<String, String> {
    let page = environment.get_template(name).and_then(|template| template.render(values));
    page.map_err(|error| cannot_make(name, &error))
}

fn cannot_make(page: &str, error: &minijinja::Error) -> String {
    format!("cannot make the page {page}: {error}")
}

#[cfg(test)]
mod tests;
