//! `corsac policy compile`.

use super::TextFile;
use crate::command::corsac;

const POLICY: &str = r#"
[policy.app]
origins = ["https://app.example.com"]
methods = ["PUT"]

[policy.admin]
at = "/admin"
origins = ["https://admin.example.com"]
credentials = true
"#;

fn policy() -> TextFile {
    TextFile::new("corsac.toml", POLICY)
}

#[test]
fn the_configuration_is_all_that_standard_output_has() {
    let file = policy();
    let run = corsac(["policy", "compile", "haproxy", file.path()]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("# CORS ") && run.stderr.is_empty(), "{}", run.stderr);
    assert!(
        run.stdout.contains("https://admin.example.com") && run.stdout.contains("https://app.example.com")
    );
    assert!(run.stdout.contains("corsac verify URL --policy"));
}

#[test]
fn one_policy_is_written_by_name_or_for_a_path() {
    let file = policy();
    let admin = corsac(["policy", "compile", "nginx", file.path(), "--name", "admin"]);
    assert!(admin.stdout.contains(r#"    "~^/admin(?:/|$)" "1"; # admin"#), "its own path: {}", admin.stdout);
    assert!(!admin.stdout.contains("app.example.com"), "{}", admin.stdout);
    let moved = corsac(["policy", "compile", "nginx", file.path(), "--name", "admin", "--path", "/intern"]);
    assert!(moved.stdout.contains(r#"    "~^/intern(?:/|$)" "1"; # admin"#), "{}", moved.stdout);
}

#[test]
fn a_refusal_is_status_1_with_its_reason_on_standard_error() {
    let file = TextFile::new(
        "corsac.toml",
        "[policy.app]\norigins = [\"https://app.example.com\"]\nenforce = \"block\"\n",
    );
    let run = corsac(["policy", "compile", "nginx", file.path()]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("without `enforce`"), "{}", run.stderr);
}

#[test]
fn a_note_goes_to_standard_error_and_into_the_file() {
    let file = TextFile::new(
        "corsac.toml",
        "[policy.app]\norigins = [\"https://app.example.com\"]\nrequest-headers = [\"x-acme-*\"]\n",
    );
    let run = corsac(["policy", "compile", "nginx", file.path()]);
    assert_eq!(run.status, 0);
    assert!(run.stderr.starts_with("note: ") && run.stdout.contains("# Note: "), "{}", run.stderr);
}

#[test]
fn json_has_no_comments_so_its_notes_are_on_standard_error_only() {
    let file = TextFile::new(
        "corsac.toml",
        "[policy.app]\norigins = [\"https://app.example.com\"]\ncredentials = true\n",
    );
    let run = corsac(["policy", "compile", "s3", file.path()]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.starts_with("note: Not run: "), "{}", run.stderr);
    let written: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(written["CORSRules"][0]["AllowedOrigins"][0], "https://app.example.com");
}

#[test]
fn check_says_whether_a_file_is_still_what_the_policy_compiles_to() {
    let file = policy();
    let run = corsac(["policy", "compile", "caddy", file.path()]);
    let written = TextFile::new("Caddyfile", &run.stdout);
    let same = corsac(["policy", "compile", "caddy", file.path(), "--check", written.path()]);
    assert_eq!(same.status, 0, "{}", same.stdout);
    let changed = TextFile::new("Caddyfile", run.stdout.replacen("Vary Origin", "Vary Accept", 1));
    let differs = corsac(["policy", "compile", "caddy", file.path(), "--check", changed.path()]);
    assert_eq!(differs.status, 1);
    assert!(differs.stdout.contains("line "), "{}", differs.stdout);
    let missing = corsac(["policy", "compile", "caddy", file.path(), "--check", "no/such/file"]);
    assert_eq!(missing.status, 2);
}

#[test]
fn bad_arguments_say_what_to_write() {
    let file = policy();
    let wrong = TextFile::new("corsac.toml", "[policy.app]\norigins = [\"https://app.example.com/\"]\n");
    let cases: [(&[&str], &str); 9] = [
        (&["policy", "compile", "istio", file.path(), "--full"], "for Istio is a setting"),
        (
            &["policy", "compile", "netlify", file.path(), "--full"],
            "for Netlify Edge Functions is middleware",
        ),
        (&["policy", "compile", "lighttpd", file.path(), "--full"], "script"),
        (&["policy", "compile", "nginxx", file.path()], "nginx"),
        (&["policy", "compile", "nginx"], "corsac.toml"),
        (&["policy", "compile", "nginx", file.path(), "--upstream", "app:3000"], "http://127.0.0.1:3000"),
        (&["policy", "compile", "nginx", file.path(), "--path", "api"], "/api"),
        (&["policy", "compile", "nginx", file.path(), "--name", "other"], "other"),
        (&["policy", "compile", "nginx", wrong.path()], "origin-path"),
    ];
    for (arguments, word) in cases {
        let run = corsac(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(word), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn several_policies_without_paths_need_a_name() {
    let file = TextFile::new(
        "corsac.toml",
        "[policy.a]\norigins = [\"https://a.example.com\"]\n[policy.b]\norigins = [\"https://b.example.com\"]\n",
    );
    let run = corsac(["policy", "compile", "nginx", file.path()]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--name"), "{}", run.stderr);
}

#[test]
fn the_list_has_each_target_and_what_it_refuses() {
    let all = corsac(["policy", "compile", "--list"]);
    assert_eq!(all.status, 0);
    for target in
        ["nginx  nginx", "apache  Apache httpd", "go-jub0bs  Go with jub0bs/cors", "actix  actix-web"]
    {
        assert!(all.stdout.contains(target), "{target}");
    }
    for words in ["s3  Amazon S3 (not run)", "limit    S3 has no wildcard for exposed headers."] {
        assert!(all.stdout.contains(words), "{words}");
    }
    let one = corsac(["policy", "compile", "traefik", "--list"]);
    assert!(one.stdout.contains("refused  `timing`") && !one.stdout.contains("nginx"), "{}", one.stdout);
}

#[test]
fn a_target_that_was_not_run_says_so_wherever_it_is_shown() {
    let file = policy();
    let run = corsac(["policy", "compile", "aspnet", file.path()]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stderr.starts_with("note: Not run: ") && run.stdout.contains("// Not run: "),
        "{}",
        run.stderr
    );
    let list = corsac(["policy", "compile", "--list"]).stdout;
    assert!(list.contains("aspnet  ASP.NET Core (not run)\n") && list.contains("nginx  nginx\n"), "{list}");
}
