//! Reads texts of a bounded size, in UTF-8.

use std::io::Read as _;
use std::path::Path;

use corsac_import::{MOST_BYTES, Source};

use crate::terminal::printable;

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Source, String> {
    if path == Path::new("-") {
        let bytes = read_bounded(std::io::stdin().lock())
            .map_err(|error| format!("cannot read standard input: {error}"))?;
        return from_bytes("standard input".to_owned(), bytes);
    }
    let name = printable(path.as_os_str().as_encoded_bytes());
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
        return Err(format!("`{name}` is a folder: name a file in it"));
    }
    let bytes = std::fs::File::open(path)
        .and_then(read_bounded)
        .map_err(|error| format!("cannot read `{name}`: {error}"))?;
    from_bytes(name, bytes)
}

/// What was read, as text.
pub(super) fn from_bytes(name: String, bytes: Vec<u8>) -> Result<Source, String> {
    if bytes.len() > MOST_BYTES {
        return Err(format!(
            "`{name}` is larger than {} MiB, and no more than that is read",
            MOST_BYTES >> 20
        ));
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

/// Reads to the end, or one byte more than is allowed.
pub(super) fn read_bounded(file: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
