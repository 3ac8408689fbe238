//! Standard output: a full disk is an error, a closed pipe is not; and its width.

use std::process::Stdio;

use textwrap::core::display_width;

use crate::command::{binary, corsac, run};
use crate::policy::TextFile;
use crate::server::{Server, response};

const POLICY: &str = "[policy.app]\norigins = [\"https://app.example\"]\n";

/// Returns the commands that print, with their arguments.
fn commands<'a>(file: &'a str, url: &'a str) -> Vec<Vec<&'a str>> {
    let origin = ["--origin", "https://app.example"];
    vec![
        vec!["check", url, origin[0], origin[1]],
        vec!["check", url, origin[0], origin[1], "--json"],
        vec!["check", url, origin[0], origin[1], "--markdown"],
        vec!["check", url, url, origin[0], origin[1]],
        vec!["policy", "lint", file],
        vec!["policy", "lint", file, "--json"],
        vec!["policy", "diff", file, file],
        vec!["policy", "diff", file, file, "--json"],
        vec!["policy", "why", file, origin[0], origin[1]],
        vec!["policy", "why", file, origin[0], origin[1], "--json"],
        vec!["policy", "schema"],
        vec!["explain", "allow-origin-missing"],
        vec!["explain", "--list"],
        vec!["explain", "allow-origin-missing", "--json"],
        vec!["completions", "bash"],
        vec!["man"],
        vec!["verify", "--help"],
        vec!["man", "policy", "lint"],
        vec!["demo"],
        vec!["--help"],
        vec!["--version"],
        vec!["check", "--help"],
        vec!["policy", "lint", "--help"],
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
fn a_closed_pipe_is_not_an_error_for_any_command() {
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
fn the_underline_is_below_the_value_whatever_is_before_it_and_however_wide_the_terminal_is() {
    const WRONG: &str = "\"b.example\"";
    let good =
        |from: u32| (from..from + 20).map(|n| format!("\"https://app{n}.example\", ")).collect::<String>();
    let comment = |text: &str| format!("# {}\n", text.repeat(40));
    let table = [
        ("long", format!("origins = [{}{WRONG}, {}]", good(0), good(20)), "plain "),
        ("tabs", format!("\torigins\t=\t[\t{WRONG},\t{}]", good(20)), "\tx"),
        ("wide", format!("origins = [\"https://例え.example\", {WRONG}, {}]", good(20)), "漢字"),
        (
            "combining",
            format!("origins = [\"https://e\u{301}e\u{301}.example\", {WRONG}, {}]", good(20)),
            "e\u{301}",
        ),
    ];
    for (name, line, around) in &table {
        let around = comment(around);
        let file = TextFile::new("corsac.toml", format!("[policy.app]\n{around}{line}\n{around}"));
        for columns in [40, 60, 61, 80, 100] {
            let mut command = binary();
            command.args(["policy", "lint", file.path()]).env("COLUMNS", columns.to_string());
            let printed = run(command, b"").stdout;
            // The problem of this value, and not of the one before it.
            let report = printed.split("\n\n").find(|report| report.contains("`b.example`")).expect(&printed);
            let lines: Vec<&str> = report.lines().collect();
            let at = lines.iter().position(|line| line.starts_with(" 3 ")).expect(report);
            let (line, below) = (lines[at], lines[at + 1]);
            for line in &lines[at - 1..=at + 2] {
                assert!(display_width(line) <= columns, "{name} in {columns} columns:\n{report}");
            }
            assert!(line.ends_with("..."), "{name} in {columns} columns:\n{report}");
            let underline = below.split(['─', '┬', '╰']).next().unwrap();
            let before = line.split("\"b.exa").next().unwrap();
            assert_eq!(
                display_width(underline),
                display_width(before),
                "{name} in {columns} columns:\n{report}"
            );
        }
    }
}

#[test]
fn columns_sets_the_width_of_text() {
    let widest = |columns: &str| {
        let mut command = binary();
        command.args(["explain", "allow-origin-missing"]).env("COLUMNS", columns);
        let run = run(command, b"");
        // Lines of one word, such as links, are not wrapped, and neither are lines to copy.
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

#[test]
fn columns_sets_the_width_of_help() {
    for columns in [60, 80, 100] {
        let mut command = binary();
        command.args(["check", "--help"]).env("COLUMNS", columns.to_string());
        let help = run(command, b"").stdout;
        // clap does not wrap the usage, and examples are for copying.
        let (options, _) = help.split_once("Examples:").unwrap();
        let wrapped = options.lines().filter(|line| !line.starts_with("Usage:"));
        let widest = wrapped.map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns && widest + 10 > columns, "{columns}: {widest}\n{help}");
    }
}

#[test]
fn without_a_terminal_80_columns_are_filled_and_examples_are_not_wrapped() {
    let help = corsac(["check", "--help"]).stdout;
    let continued: Vec<&str> = help.lines().filter(|line| line.trim() == "\\").collect();
    assert!(help.lines().all(|line| line.chars().count() <= 80) && continued.is_empty(), "{help}");
}
