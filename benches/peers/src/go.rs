//! The same cases in Go, where there is a Go toolchain: rs/cors, and jub0bs/cors from a checkout.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/go");

/// What jub0bs/cors adds to a handler in one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    pub origins: String,
    pub case: String,
    /// In nanoseconds.
    pub jub0bs: f64,
}

/// Prints the table, and gives what it says of jub0bs/cors.
pub fn print(jub0bs: Option<&Path>) -> Vec<Added> {
    println!("\n## Go\n");
    if Command::new("go").arg("version").output().is_err() {
        println!("There is no Go toolchain here: rs/cors and jub0bs/cors are left out.");
        return Vec::new();
    }
    if jub0bs.is_none() {
        println!(
            "jub0bs/cors is left out: the module proxy does not have it. `--jub0bs FOLDER` names a checkout.\n"
        );
    }
    match table(jub0bs) {
        Ok(table) => {
            print!("{table}");
            if jub0bs.is_some() { added(&table) } else { Vec::new() }
        }
        Err(error) => {
            println!("`go run` in benches/peers/go failed: {error}");
            Vec::new()
        }
    }
}

fn table(jub0bs: Option<&Path>) -> io::Result<String> {
    let mut command = Command::new("go");
    command.current_dir(FOLDER).arg("run");
    let modules = match jub0bs {
        Some(checkout) => Some(ModuleFile::with(checkout)?),
        None => None,
    };
    if let Some(modules) = &modules {
        command
            .arg(format!("-modfile={}", modules.folder.join("go.mod").display()))
            .args(["-mod=mod", "-tags=jub0bs"]);
    }
    let output = command.arg(".").output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

/// A module file with the checkout in it, beside the committed one: a `go.mod` that requires what the proxy does not have breaks every run.
struct ModuleFile {
    folder: std::path::PathBuf,
}

impl ModuleFile {
    fn with(checkout: &Path) -> io::Result<Self> {
        let checkout = checkout.canonicalize()?;
        let folder = std::env::temp_dir().join(format!("corsac-peers-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let modules = fs::read_to_string(Path::new(FOLDER).join("go.mod"))?;
        let name = "github.com/jub0bs/cors";
        fs::write(
            folder.join("go.mod"),
            format!("{modules}\nrequire {name} v0.0.0\n\nreplace {name} => {}\n", checkout.display()),
        )?;
        fs::copy(Path::new(FOLDER).join("go.sum"), folder.join("go.sum"))?;
        Ok(Self { folder })
    }
}

impl Drop for ModuleFile {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Rows of the table: origins, request, none, rs/cors, jub0bs/cors.
fn added(table: &str) -> Vec<Added> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [origins, case, _, _, jub0bs] = cells.as_slice() else { return None };
        let jub0bs = jub0bs.split(' ').next()?.parse().ok()?;
        Some(Added { origins: (*origins).to_owned(), case: (*case).to_owned(), jub0bs })
    };
    table.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_jub0bs_cors_adds_is_read_from_the_last_column() {
        let table = "| origins | request | none | rs/cors | jub0bs/cors |\n|---|---|---:|---:|---:|\n\
                     | 1 | allowed | 99 / - / 4.0 | 82 / - / 1.0 | 120 / - / 2.0 |\n\
                     | 1 | refused | 99 / - / 4.0 | 82 / - / 1.0 |\n";
        assert_eq!(
            added(table),
            [Added { origins: "1".to_owned(), case: "allowed".to_owned(), jub0bs: 120.0 }]
        );
    }
}
