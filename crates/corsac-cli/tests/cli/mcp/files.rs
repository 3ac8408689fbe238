//! Which files are read.

use std::fs;

use serde_json::json;

use super::{answer, error, session};

const POLICY: &str = "[policy.app]\norigins = [\"https://app.example.com\"]\n";

/// A directory with a policy, and one beside it with another.
fn directories(name: &str) -> (std::path::PathBuf, std::path::PathBuf) {
    let base = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mcp-{name}"));
    let _ = fs::remove_dir_all(&base);
    let (root, beside) = (base.join("root"), base.join("beside"));
    for directory in [&root, &beside] {
        fs::create_dir_all(directory).unwrap();
        fs::write(directory.join("corsac.toml"), POLICY).unwrap();
    }
    (root, beside)
}

#[test]
fn without_a_root_no_file_is_read() {
    let (root, _) = directories("none");
    let message = error(&[], "lint", &json!({ "file": root.join("corsac.toml") }));
    assert!(message.contains("--root DIR"), "{message}");
}

#[test]
fn a_file_of_the_root_is_read_and_nothing_outside_of_it() {
    let (root, beside) = directories("outside");
    let arguments = ["--root", root.to_str().unwrap()];
    let report = answer(&arguments, "lint", &json!({ "file": "corsac.toml" }));
    assert_eq!(report["files"], json!(["corsac.toml"]), "{report:#}");

    let outside = beside.join("corsac.toml");
    let mut rows = vec![
        "../beside/corsac.toml".to_owned(),
        outside.to_str().unwrap().to_owned(),
        "/etc/passwd".to_owned(),
        "no-such-file.toml".to_owned(),
        ".".to_owned(),
        String::new(),
        "corsac.toml\0".to_owned(),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, root.join("link.toml")).unwrap();
        std::os::unix::fs::symlink(&beside, root.join("linked")).unwrap();
        rows.extend(["link.toml".to_owned(), "linked/corsac.toml".to_owned()]);
    }
    for path in rows {
        let message = error(&arguments, "lint", &json!({ "file": path }));
        assert!(message.contains("is not a file in the directory of --root"), "{path}: {message}");
    }
}

#[test]
fn a_body_that_names_a_file_is_refused() {
    let given = json!({
        "policy": POLICY, "origin": "https://app.example.com", "method": "POST", "body": "@/etc/passwd",
    });
    let message = error(&[], "why", &given);
    assert!(message.contains("`@FILE` is not read"), "{message}");
}

#[test]
fn a_policy_over_one_mebibyte_is_refused() {
    let (root, _) = directories("large");
    let large = format!("{POLICY}# {}\n", "x".repeat(1 << 20));
    fs::write(root.join("large.toml"), &large).unwrap();
    for given in [json!({ "policy": large }), json!({ "file": "large.toml" })] {
        let message = error(&["--root", root.to_str().unwrap()], "lint", &given);
        assert!(message.contains("larger than 1 MiB"), "{message}");
    }
}

#[test]
fn a_policy_cannot_read_the_environment() {
    // `PATH` is set, and what is read from it would be quoted in a problem.
    let given = json!({ "policy": "[policy.app]\norigins-from-env = \"PATH\"\n" });
    let report = answer(&[], "lint", &given).to_string();
    let path = std::env::var("PATH").unwrap();
    let first = path.split(':').next().unwrap();
    assert!(!report.contains(first), "{report}");
}

#[test]
fn a_root_that_is_no_directory_is_an_error() {
    let run = session(&["--root", "/no/such/directory"], &[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
}
