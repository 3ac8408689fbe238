//! The changes that put notes right.

use corsac::server::PolicyConfig;

use super::{server as server_of, *};
use crate::files::{Files, Source, no_includes};
use crate::server::Place;

/// The text after the change for a note with this code at this line.
fn changed(text: &str, code: &'static str, line: usize, origins: &[&str]) -> String {
    let at = At { file: 0, line };
    let mut include = no_includes;
    let source = Source { name: "test".to_owned(), text: text.to_owned() };
    let mut files = Files::new(source, &mut include).unwrap();
    let server = read(&mut files).unwrap();
    let policy = PolicyConfig {
        origins: origins.iter().map(ToString::to_string).collect(),
        ..PolicyConfig::default()
    };
    let place = Place {
        name: "tested".to_owned(),
        host: None,
        path: "/".to_owned(),
        prefix: None,
        is_more_than_prefix: None,
        at,
    };
    let note = Noted::new(NoteKind::Dead, code, at, "");
    let edits = server.change(&note, &Wanted { policy, place }, &files);
    let mut lines: Vec<Vec<String>> = text.lines().map(|line| vec![line.to_owned()]).collect();
    for edit in edits {
        match edit {
            Edit::Replace { at, text } => *lines[at.line - 1].last_mut().unwrap() = text,
            Edit::InsertBefore { at, text } => lines[at.line - 1].insert(0, text),
            Edit::InsertAfter { at, text } => lines[at.line - 1].push(text),
            Edit::Delete { at } => lines[at.line - 1].clear(),
        }
    }
    let text: String = lines.into_iter().flatten().map(|line| format!("{line}\n")).collect();
    drop(server_of(&text));
    text
}

#[test]
fn each_change_is_the_smallest_that_puts_it_right() {
    let a = &["https://a.example"][..];
    for (name, code, line, text, expected) in [
        (
            "always for all headers of the section",
            "error-without-headers",
            2,
            "<Location /a>\n  Header set Access-Control-Allow-Origin *\n  Header onsuccess set Access-Control-Max-Age 5\n  Header set X 1\n</Location>\n\
             Header set Access-Control-Allow-Origin x\n",
            "<Location /a>\n  Header always set Access-Control-Allow-Origin *\n  Header always set Access-Control-Max-Age 5\n  Header set X 1\n</Location>\n\
             Header set Access-Control-Allow-Origin x\n",
        ),
        (
            "Vary",
            "vary-missing",
            1,
            "\tHeader always set Access-Control-Allow-Origin x\n",
            "\tHeader always set Access-Control-Allow-Origin x\n\tHeader always merge Vary Origin\n",
        ),
        (
            "an expression of SetEnvIf",
            "origin-prefix-matches",
            1,
            "SetEnvIf Origin ^https://a.example ALLOWED=$0 X\n",
            "SetEnvIf Origin \"^https://a\\.example$\" ALLOWED=$0 X\n",
        ),
        (
            "an expression of RewriteCond",
            "origin-dot-matches",
            1,
            "RewriteCond %{HTTP:Origin} \"^https://a.example$\" [NC]\nRewriteRule ^ - [E=A:1]\n",
            "RewriteCond %{HTTP:Origin} \"^https://a\\.example$\" [NC]\nRewriteRule ^ - [E=A:1]\n",
        ),
        (
            "an expression in a condition",
            "origin-suffix-matches",
            1,
            "<If \"req('Origin') =~ m!a.example$!i && true\">\n</If>\n",
            "<If \"req('Origin') =~ m!^(https://a\\.example)$!i && true\">\n</If>\n",
        ),
        (
            "conditions of which none is seen to compare the origin",
            "origin-suffix-matches",
            1,
            "<If \"%{REQUEST_URI} =~ m#^/api# && reqenv('O') =~ m#a.example$#\">\n</If>\n",
            "<If \"%{REQUEST_URI} =~ m#^/api# && reqenv('O') =~ m#a.example$#\">\n</If>\n",
        ),
        (
            "a dot in a group",
            "origin-dot-matches",
            1,
            "SetEnvIf Origin \"^(https://a.example)$\" A=$1\n",
            "SetEnvIf Origin \"^(https://a\\.example)$\" A=$1\n",
        ),
        (
            "an expression with alternatives, of which one is begun and the other ended",
            "origin-prefix-matches",
            1,
            "SetEnvIf Origin ^https://a.example|https://a.example$ A=$0\n",
            "SetEnvIf Origin \"^(?:https://a\\.example|https://a\\.example)$\" A=$0\n",
        ),
        (
            "Vary that is there, but not with every status",
            "vary-missing",
            1,
            "Header always set Access-Control-Allow-Origin x\nHeader merge Vary Origin\n",
            "Header always set Access-Control-Allow-Origin x\nHeader always merge Vary Origin\n",
        ),
        (
            "a variable that may not be set",
            "origin-never-matches",
            1,
            "Header set Access-Control-Allow-Origin \"%{O}e\"\n",
            "Header set Access-Control-Allow-Origin \"%{O}e\" env=O\n",
        ),
        (
            "preflights that nothing here permits",
            "preflight-passed-on",
            1,
            "Header always set Access-Control-Allow-Origin *\n",
            "Header always set Access-Control-Allow-Origin *\n",
        ),
        (
            "credentials that no browser accepts",
            "wildcard-with-credentials",
            2,
            "Header set Access-Control-Allow-Origin *\nHeader set Access-Control-Allow-Credentials true\n",
            "Header set Access-Control-Allow-Origin *\n",
        ),
        (
            "an origin with a path",
            "origin-never-matches",
            1,
            "Header set Access-Control-Allow-Origin \"https://a.example/\"\n",
            "Header set Access-Control-Allow-Origin \"https://a.example\"\n",
        ),
        (
            "an origin without a scheme",
            "origin-never-matches",
            1,
            "RewriteCond %{HTTP:Origin} =A.example\nRewriteRule ^ - [E=A:1]\n",
            "RewriteCond %{HTTP:Origin} =https://a.example\nRewriteRule ^ - [E=A:1]\n",
        ),
        (
            "a variable that is not there",
            "origin-never-matches",
            1,
            "RewriteCond %{HTTP_ORIGIN} .\nRewriteRule ^ - [E=A:1]\n",
            "RewriteCond %{HTTP:Origin} .\nRewriteRule ^ - [E=A:1]\n",
        ),
        (
            "what the application sends as well",
            "application-header-kept",
            1,
            " Header always set Access-Control-Allow-Origin *\n",
            " Header onsuccess unset Access-Control-Allow-Origin\n Header always set Access-Control-Allow-Origin *\n",
        ),
        (
            "any origin with credentials",
            "any-origin-with-credentials",
            1,
            "Header set Access-Control-Allow-Origin \"expr=%{req:Origin}\"\nHeader set Access-Control-Allow-Credentials true\n",
            "SetEnvIf Origin \"^https://a\\.example$\" CORS_ORIGIN=$0\n\
             Header set Access-Control-Allow-Origin \"%{CORS_ORIGIN}e\" env=CORS_ORIGIN\nHeader merge Vary Origin\n\
             Header set Access-Control-Allow-Credentials true\n",
        ),
    ] {
        assert_eq!(changed(text, code, line, a), expected, "{name}");
    }
}

#[test]
fn a_preflight_is_answered_after_the_change() {
    let text = "AuthType Basic\nRequire valid-user\nHeader set Access-Control-Allow-Origin *\n";
    let changed = changed(text, "preflight-refused", 2, &["*"]);
    let answer =
        ask(&*server_of(&changed), "OPTIONS", "/x", &[("Access-Control-Request-Method", "PUT")], 200);
    assert_eq!(
        (answer.status, answer.line("access-control-allow-origin").is_some()),
        (204, true),
        "{changed}"
    );
    let other = ask(&*server_of(&changed), "OPTIONS", "/x", &[], 200);
    assert_eq!(other.status, 200, "{changed}");
}
