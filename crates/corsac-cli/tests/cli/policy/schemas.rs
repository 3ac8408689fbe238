//! The JSON of the policy commands, held against the schemas in `docs/`.

use serde_json::json;

use super::TextFile;
use crate::command::corsac;
use crate::schema::keeps_to;

const FILE: &str = r#"
[policy.app]
origins = ["https://app.example", "http://wiki.example"]
methods = ["PUT"]

[policy.public]
origins = ["*"]
max-age = "1d"

[policy.admin]
at = "/admin"
origins = ["https://admin.example"]
credentials = true
"#;

#[test]
fn what_lint_prints_is_described() {
    let (file, wrong) = (
        TextFile::new("corsac.toml", FILE),
        TextFile::new("wrong.toml", "[policy.a]\norigins = [\"https://a.example/\"]\ncors = 1\n[x]\n"),
    );
    let lint = |paths: &[&str]| corsac(["policy", "lint", "--json"].iter().chain(paths)).json();
    keeps_to("lint", &[lint(&[file.path()]), lint(&[file.path(), wrong.path()])]);
}

#[test]
fn what_diff_prints_is_described() {
    let old = TextFile::new("old.toml", FILE);
    let news = [
        FILE.to_owned(),
        FILE.replace("PUT", "PATCH").replace("\"1d\"", "\"1h\"\nenforce = \"block\"\ntiming = true"),
        FILE.replace("/admin", "/adm").replace("policy.public", "policy.open"),
        FILE.replace("http://wiki.example", "https://*.app.example").replace("credentials = true", ""),
        "[policy.app]\norigins = []\n[policy.store]\nat = \"/admin\"\ncors = \"pass\"\n".to_owned(),
    ];
    let outputs = news.map(|new| {
        let new = TextFile::new("new.toml", new);
        corsac(["policy", "diff", old.path(), new.path(), "--json"]).json()
    });
    assert_eq!(outputs[0]["unplaced"], json!({ "old": ["app", "public"], "new": ["app", "public"] }));
    assert_eq!(outputs[4]["unplaced"]["new"], json!([]));
    keeps_to("diff", &outputs);
}

#[test]
fn what_why_prints_is_described() {
    let file = TextFile::new("corsac.toml", FILE);
    let table: [&[&str]; 7] = [
        &["--policy", "app", "--origin", "https://app.example"],
        &["--policy", "app", "--origin", "https://app.example", "-X", "PUT", "-H", "X-A: 1"],
        &["--policy", "public", "--origin", "null", "--credentials", "include"],
        &["--policy", "app", "--origin", "https://evil.example", "--mode", "no-cors", "--engine", "firefox"],
        &["--policy", "app", "--origin", "https://app.example", "--url", "http://api.example/"],
        &["--policy", "app", "--origin", "https://your-server.example"],
        &["--origin", "https://evil.example", "--url", "https://api.example/admin"],
    ];
    let outputs = table
        .map(|arguments| corsac(["policy", "why", file.path(), "--json"].iter().chain(arguments)).json());
    assert!(outputs[1]["exchanges"][0]["decision"]["advice"].as_str().unwrap().contains("add `x-a`"));
    keeps_to("why", &outputs);
}
