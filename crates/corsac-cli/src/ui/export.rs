//! `corsac ui --export DIR`: the pages to read, as files for a web server.

use std::path::Path;

/// Writes the pages. Returns the exit status.
pub(super) fn run(_directory: &Path) -> Result<u8, String> {
    Err("this build cannot write the pages yet".to_owned())
}
