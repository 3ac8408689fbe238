//! Writes the JavaScript that loads a WebAssembly file in a page, and the file without what only this program needs:
//! `corsac-wasm-bindgen FILE.wasm FOLDER`

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("name the WebAssembly file and the folder to write to".into());
    };
    Bindgen::new()
        .input_path(file)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    Ok(())
}
