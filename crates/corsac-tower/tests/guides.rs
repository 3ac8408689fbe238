//! The guides' examples are read on pages that do not know rustdoc: they show every line.

#![allow(clippy::unwrap_used, clippy::panic)] // as in any test

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn no_example_has_a_line_that_only_rustdoc_hides() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let crates = files(&root.join("crates")).into_iter().map(|folder| folder.join("README.md"));
    let pages = files(&root.join("docs")).into_iter().chain(crates).chain([root.join("README.md")]);
    let mut examples = 0;
    for page in pages.filter(|page| page.extension().is_some_and(|name| name == "md") && page.exists()) {
        let text = fs::read_to_string(&page).unwrap();
        for (line, code) in rust_lines(&text, &mut examples) {
            assert!(!is_hidden(code), "{}:{line}: {code}", page.display());
        }
    }
    assert!(examples > 15, "{examples} examples were found");
}

#[test]
fn hidden_lines_are_recognized_and_attributes_are_not_hidden() {
    let page = "# Title\n```rust,no_run\n#[main]\n  # let a = 1;\n#\n## shown\n```\n# Title\n```toml\n# a comment\n```\n";
    let mut examples = 0;
    let hidden: Vec<_> =
        rust_lines(page, &mut examples).into_iter().filter(|(_, code)| is_hidden(code)).collect();
    assert_eq!((examples, hidden), (1, vec![(4, "  # let a = 1;"), (5, "#")]));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// The lines of the Rust examples, with their numbers.
fn rust_lines<'t>(page: &'t str, examples: &mut usize) -> Vec<(usize, &'t str)> {
    let mut language = None;
    let mut found = Vec::new();
    for (line, text) in (1..).zip(page.lines()) {
        match (text.trim_start().strip_prefix("```"), language) {
            (Some(_), Some(_)) => language = None,
            (Some(info), None) => {
                language = info.split(',').next();
                *examples += usize::from(language == Some("rust"));
            }
            (None, Some("rust")) => found.push((line, text)),
            (None, _) => {}
        }
    }
    found
}

fn is_hidden(code: &str) -> bool {
    let code = code.trim_start();
    code == "#" || code.starts_with("# ")
}
