//! Compresses the files of `corsac ui`, and writes a table of them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;

const ASSETS: &str = "src/ui/assets";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ASSETS}");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut files = Vec::new();
    if Path::new(ASSETS).is_dir() {
        list(Path::new(ASSETS), &mut files)?;
    }
    files.sort();
    let mut table = String::from("pub(super) static FILES: &[Embedded] = &[\n");
    let mut has_wasm = false;
    for (index, file) in files.iter().enumerate() {
        let path = path_in_url(file);
        has_wasm |= path == "wasm/corsac_wasm_bg.wasm";
        let compressed = compress(&fs::read(file)?)?;
        // The end of a gzip file is the checksum and the length of what is in it.
        let tag: String = compressed.iter().rev().take(8).map(|byte| format!("{byte:02x}")).collect();
        let name = out.join(format!("asset-{index}.gz"));
        fs::write(&name, compressed)?;
        let row = format!("Embedded {{ path: {path:?}, tag: {tag:?}, gzip: include_bytes!({name:?}) }}");
        writeln!(table, "    {row},").map_err(io::Error::other)?;
    }
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let note = if has_wasm { "" } else { " (without the WebAssembly module: Play asks this program)" };
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)?;
    println!("cargo::rustc-env=CORSAC_LONG_VERSION={version}{note}");
    Ok(())
}

/// Lists the files in a directory and below it, except hidden ones.
fn list(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            continue;
        }
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Returns the path below the root of the page, with slashes on every system.
fn path_in_url(file: &Path) -> String {
    let below = file.strip_prefix(ASSETS).unwrap_or(file);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
