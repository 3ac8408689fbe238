//! Prints the text of `docs/compatibility.md`. `scripts/compatibility` writes it there.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(corsac_conformance::compatibility::page::text().as_bytes())
}
