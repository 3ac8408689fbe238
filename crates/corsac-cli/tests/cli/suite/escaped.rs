//! Hostile names and values, and secrets: no output lets them through.

use serde_json::Value;

use super::{api, suite};
use crate::command::{binary, run};
use crate::policy::TextFile;
use crate::server::{Server, response};

/// A name with what ends an attribute, a CDATA section, a line, an annotation, a JSON string, or starts a command of a terminal or of GitHub.
const HOSTILE: &str = r#""::error file=x,line=1::a\n::error::b \u001b[2J \"quoted\" ]]> </testcase> %0A::error::c, d: ##[error]e \u202ef""#;

#[test]
fn a_hostile_name_is_escaped_in_every_output() {
    let server = api();
    let text = format!(
        "[[case]]\nname = {HOSTILE}\norigin = \"http://evil.example\"\nurl = \"{{server}}/a%0A::error::x?]]>\"\nexpect = \"readable\"\n"
    );
    let (junit, sarif) = (TextFile::new("junit.xml", ""), TextFile::new("a b.sarif", ""));
    let outputs = ["--junit", junit.path(), "--sarif", sarif.path()];
    let printed = suite(&server, &text, &outputs);
    let json = suite(&server, &text, &["--json"]);
    let github = suite(&server, &text, &["--github"]);
    let junit = std::fs::read_to_string(junit.path()).unwrap();
    let sarif = std::fs::read_to_string(sarif.path()).unwrap();
    for (name, output) in [
        ("text", &printed.stdout),
        ("json", &json.stdout),
        ("github", &github.stdout),
        ("junit", &junit),
        ("sarif", &sarif),
    ] {
        assert!(
            output.chars().all(|character| character == '\n' || !character.is_control()),
            "{name}: {output:?}"
        );
        assert!(!output.contains('\u{202e}'), "{name}: {output:?}");
    }

    for line in printed.stdout.lines() {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{}", printed.stdout);
    }
    let name = json.json()["checks"][0]["name"].as_str().unwrap().to_owned();
    assert!(name.contains("\"quoted\" ]]> </testcase>") && name.contains("\\n"), "{name}");

    let annotations: Vec<&str> =
        github.stdout.lines().filter(|line| line.trim_start().starts_with("::")).collect();
    let [annotation] = annotations.as_slice() else { panic!("{}", github.stdout) };
    let (properties, message) = annotation.strip_prefix("::error ").unwrap().split_once("::").unwrap();
    assert_eq!(properties.split(',').count(), 3, "{properties}");
    assert!(properties.contains(",line=1,title="), "{properties}");
    assert!(message.starts_with("expected verdict readable, found blocked"), "{message}");

    assert_eq!(junit.matches("<testcase ").count(), 1, "{junit}");
    assert_eq!(junit.matches("</testcase>").count(), 1, "{junit}");
    assert!(!junit.contains("]]>") && junit.contains("]]&gt;"), "{junit}");

    let log: Value = serde_json::from_str(&sarif).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    assert!(result["message"]["text"].as_str().unwrap().contains("]]> </testcase>"), "{result:#}");
}

#[test]
fn no_secret_of_the_environment_or_of_a_url_is_printed_even_if_the_server_echoes_it() {
    // The body and a header line have what was sent.
    let server = Server::new(|request| {
        let echo = request.header("x-plain").unwrap_or("none");
        response(
            500,
            &[&format!("X-Echo: {echo}"), &format!("Location: /?token={echo}"), "Server: s3cret-value"],
        )
    });
    let text = "[[case]]\nname = \"a\"\norigin = \"http://a.example\"\nurl = \"{server}/?token=hidden-as-well\"\nexpect = \"readable\"\n\
                cookies = [{ name = \"session\", env = \"SECRET\" }]\nheaders = [{ name = \"X-Plain\", env = \"SECRET\" }]\ncredentials = \"include\"\n\
                [[matrix]]\nname = \"b\"\norigins = [\"http://a.example\"]\nurls = [\"{server}/s3cret-value?token=hidden-as-well\"]\nexpect = \"readable\"\n\
                headers = [{ name = \"X-Plain\", env = \"SECRET\" }]\n";
    let file =
        TextFile::new("corsac.suite.toml", text.replace("{server}", server.url("").trim_end_matches('/')));
    let (junit, sarif) = (TextFile::new("junit.xml", ""), TextFile::new("results.sarif", ""));
    for format in [&[][..], &["--json"], &["--github"]] {
        let mut command = binary();
        command
            .args(["check", "--suite", file.path(), "--junit", junit.path(), "--sarif", sarif.path()])
            .args(format);
        command.env("SECRET", "s3cret-value");
        let ended = run(command, b"");
        assert_eq!(ended.status, 1, "{ended:#?}");
        let written = [junit.path(), sarif.path()].map(|path| std::fs::read_to_string(path).unwrap());
        for output in [&ended.stdout, &ended.stderr, &written[0], &written[1]] {
            assert!(
                !output.contains("s3cret-value") && !output.contains("hidden-as-well"),
                "{format:?}: {output}"
            );
        }
    }
    assert!(!server.requests().is_empty());
}

#[test]
fn a_value_of_the_environment_that_cannot_be_sent_is_named_and_not_printed() {
    let text = "[[case]]\nname = \"a\"\norigin = \"http://a.example\"\nurl = \"http://127.0.0.1:4/\"\nexpect = \"readable\"\n";
    for (key, words) in [
        ("cookies", "the cookie `X-Name` has a control character"),
        ("headers", "the value of `X-Name` has a"),
    ] {
        for secret in ["s3cret\nvalue", "s3cret\u{1}value", "s3cret\u{1f98a}\u{7f}value"] {
            let pair = format!("{text}{key} = [{{ name = \"X-Name\", env = \"SECRET\" }}]\n");
            let file = TextFile::new("corsac.suite.toml", pair);
            let mut command = binary();
            command.args(["check", "--suite", file.path()]).env("SECRET", secret);
            let ended = run(command, b"");
            assert_eq!(ended.status, 2, "{key} {secret:?}: {ended:#?}");
            assert!(ended.stderr.contains(words), "{key} {secret:?}: {}", ended.stderr);
            assert!(!ended.stderr.contains("s3cret"), "{key} {secret:?}: {}", ended.stderr);
        }
    }
}
