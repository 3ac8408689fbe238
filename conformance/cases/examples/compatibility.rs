//! Prints the compatibility page: what `docs/compatibility.md` has to be. `scripts/compatibility` puts it there.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(corsac_conformance::compatibility::page::text().as_bytes())
}
