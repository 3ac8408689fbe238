//! The same cases in Go, where there is a Go toolchain: `jub0bs/cors` and `rs/cors`.

use std::process::Command;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/go");

pub fn print() {
    println!("\n## Go\n");
    if Command::new("go").arg("version").output().is_err() {
        println!("There is no Go toolchain here: jub0bs/cors and rs/cors are left out.");
        return;
    }
    match Command::new("go").args(["run", "."]).current_dir(FOLDER).output() {
        Ok(output) if output.status.success() => print!("{}", String::from_utf8_lossy(&output.stdout)),
        Ok(output) => {
            println!("`go run .` in benches/peers/go failed:\n\n{}", String::from_utf8_lossy(&output.stderr))
        }
        Err(error) => println!("`go run .` in benches/peers/go could not be started: {error}"),
    }
}
