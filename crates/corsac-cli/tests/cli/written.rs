//! Where the output goes: a full disk is an error, a reader that has read enough is none; and how wide it is.

use std::process::Stdio;

use crate::command::{binary, corsac, run};
use crate::policy::TextFile;
use crate::server::{Server, response};

const POLICY: &str = "[policy.app]\norigins = [\"https://app.example\"]\n";

/// The commands that print, each with enough arguments to do so.
fn commands<'a>(file: &'a str, url: &'a str) -> Vec<Vec<&'a str>> {
    let origin = ["--origin", "https://app.example"];
    vec![
        vec!["check", url, origin[0], origin[1]],
        vec!["check", url, origin[0], origin[1], "--json"],
        vec!["policy", "lint", file],
        vec!["policy", "lint", file, "--json"],
        vec!["policy", "diff", file, file],
        vec!["policy", "why", file, origin[0], origin[1]],
        vec!["policy", "schema"],
        vec!["explain", "allow-origin-missing"],
        vec!["explain", "--list"],
        vec!["completions", "bash"],
        vec!["man"],
        vec!["demo"],
        vec!["--help"],
        vec!["--version"],
        vec!["check", "--help"],
    ]
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_for_every_command_that_prints() {
    let file = TextFile::new("corsac.toml", POLICY);
    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    for arguments in commands(file.path(), &server.url("/")) {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = binary().args(&arguments).stdin(Stdio::null()).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("cannot write to standard output"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let file = TextFile::new("corsac.toml", POLICY);
    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    for arguments in commands(file.path(), &server.url("/")) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = binary().args(&arguments).stdin(Stdio::null()).stdout(writer).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_may_have_a_name_that_is_not_utf_8() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;

    let directory = TextFile::new("corsac.toml", POLICY);
    let path = std::path::Path::new(directory.path()).parent().unwrap();
    let file = path.join(OsString::from_vec(b"\xffcorsac.toml".to_vec()));
    std::fs::write(&file, "[policy.app]\norigins = [\"app.example\"]\n").unwrap();
    let right = path.join(OsString::from_vec(b"\xffright.toml".to_vec()));
    std::fs::write(&right, POLICY).unwrap();
    let os = |texts: &[&str]| texts.iter().map(OsString::from).collect::<Vec<_>>();
    let with = |mut arguments: Vec<OsString>, more: &[&std::path::PathBuf]| {
        arguments.extend(more.iter().map(|path| path.as_os_str().to_owned()));
        arguments
    };

    let run = corsac(with(os(&["policy", "lint"]), &[&file]));
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.contains("\\xffcorsac.toml:2:12"), "{run:#?}");
    let run = corsac(with(os(&["policy", "lint", "--format", "toml", "--json"]), &[&file]));
    assert!(run.json()["files"][0].as_str().unwrap().ends_with("\\xffcorsac.toml"), "{run:#?}");
    let run = corsac(with(os(&["policy", "diff"]), &[&right, &right]));
    assert_eq!(run.status, 0, "{run:#?}");
    let run = corsac(with(os(&["policy", "why", "--origin", "https://app.example"]), &[&right]));
    assert_eq!(run.status, 0, "{run:#?}");

    let server = Server::answering(response(200, &["Access-Control-Allow-Origin: *"]));
    let body = |bytes: &[u8]| {
        let mut arguments = os(&["check", &server.url("/"), "--origin", "http://app.example", "-d"]);
        arguments.push(OsString::from_vec(bytes.to_vec()));
        corsac(arguments)
    };
    let mut at = b"@".to_vec();
    at.extend(right.as_os_str().as_encoded_bytes());
    assert_eq!(body(&at).status, 0);
    let run = body(b"\xff");
    assert!(run.status == 2 && run.stderr.contains("the body is not UTF-8"), "{run:#?}");
}

#[test]
fn the_underline_is_under_the_value_in_a_terminal_of_60_columns() {
    let good =
        |from: u32| (from..from + 20).map(|n| format!("\"https://app{n}.example\", ")).collect::<String>();
    let file = TextFile::new(
        "corsac.toml",
        format!("[policy.app]\norigins = [{}\"b.example\", {}]\n", good(0), good(20)),
    );
    for columns in ["40", "60", "80", "100"] {
        let mut command = binary();
        command.args(["policy", "lint", file.path()]).env("COLUMNS", columns);
        let run = run(command, b"");
        let lines: Vec<&str> = run.stdout.lines().collect();
        let at =
            lines.iter().position(|line| line.starts_with(" 2 ")).unwrap_or_else(|| panic!("{}", run.stdout));
        let (line, below) = (lines[at], lines[at + 1]);
        assert!(line.chars().count() <= columns.parse().unwrap(), "{columns}: {}", run.stdout);
        assert!(line.contains("… ") || line.contains("│ …"), "{columns}: {line}");
        assert!(line.ends_with('…'), "{columns}: {line}");
        let column = |text: &str, part: &str| text.split(part).next().unwrap().chars().count();
        let marks = below.chars().position(|c| !matches!(c, ' ' | '·')).unwrap();
        assert_eq!(marks, column(line, "\"b.example\""), "{columns}:\n{line}\n{below}");
    }
}

#[test]
fn columns_says_how_wide_the_text_is() {
    let widest = |columns: &str| {
        let mut command = binary();
        command.args(["explain", "allow-origin-missing"]).env("COLUMNS", columns);
        let run = run(command, b"");
        // Lines of one word, such as links, are as long as they are; so are lines to copy.
        let wrapped = run
            .stdout
            .lines()
            .filter(|line| line.trim_start_matches([' ', '-']).contains(' ') && !line.starts_with("      "));
        wrapped.map(|line| line.chars().count()).max().unwrap_or_default()
    };
    for (columns, width) in
        [("40", 40), ("60", 60), ("80", 80), ("100", 100), ("500", 100), ("0", 80), ("wide", 80)]
    {
        let widest = widest(columns);
        assert!(widest <= width && widest + 15 > width, "{columns}: {widest}");
    }
}
