//! `corsac policy import`: configurations of other servers.

use std::path::{Path, PathBuf};

use super::TextFile;
use crate::command::{Run, corsac};
use crate::schema::keeps_to;

/// An expression without an end, and a header that errors do not have.
const NGINX: &str = r#"server {
    listen 80;
    server_name api.example.com;
    location / {
        if ($http_origin ~ "^https://app\.example\.com") {
            add_header Access-Control-Allow-Origin $http_origin;
            add_header Vary Origin;
        }
        proxy_pass http://127.0.0.1:3000;
    }
}
"#;

fn import(kind: &str, path: &str, arguments: &[&str]) -> Run {
    corsac(["policy", "import", kind, path].iter().chain(arguments))
}

/// A folder with files, until dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir().join(format!("corsac-import-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(root)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_policy_is_written_and_each_note_has_its_line() {
    let file = TextFile::new("nginx.conf", NGINX);
    let run = import("nginx", file.path(), &[]);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.contains("origins = [\"https://app.example.com\"]"), "{}", run.stdout);
    for (line, kind, code) in [(5, "unsafe", "origin-prefix-matches"), (6, "dead", "error-without-headers")] {
        let head = format!("nginx.conf:{line} {kind} {code}");
        assert!(run.stderr.contains(&head), "{head}: {}", run.stderr);
    }
    assert!(
        run.stderr.contains("https://app.example.com.corsac-other.example"),
        "the origin that shows it: {}",
        run.stderr
    );
    assert!(run.stderr.contains("5 |         if ($http_origin ~"), "the line itself: {}", run.stderr);

    // What is written is a policy file without errors.
    let policy = TextFile::new("corsac.toml", &run.stdout);
    let lint = corsac(["policy", "lint", policy.path()]);
    assert_eq!(lint.status, 0, "{lint:#?}");
}

#[test]
fn a_change_is_a_patch_after_which_nothing_is_left() {
    let file = TextFile::new("nginx.conf", NGINX);
    let run = import("nginx", file.path(), &["--diff"]);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.starts_with("--- a/"), "{}", run.stdout);
    let added: Vec<&str> =
        run.stdout.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++")).collect();
    assert!(added.iter().any(|line| line.contains(r"app\.example\.com$")), "{added:?}");
    assert!(added.iter().any(|line| line.contains("$http_origin always;")), "{added:?}");
    assert!(added.len() <= 12, "the smallest change: {added:?}");

    let none = import("s3", file.path(), &["--diff"]);
    assert_eq!(none.status, 2, "{none:#?}");
    assert!(none.stderr.contains("nginx, apache and caddy"), "{}", none.stderr);
}

#[test]
fn what_import_prints_is_described() {
    let file = TextFile::new("nginx.conf", NGINX);
    let nothing = TextFile::new("empty.conf", "events {}\n");
    keeps_to(
        "import",
        &[
            import("nginx", file.path(), &["--json"]).json(),
            import("nginx", nothing.path(), &["--json"]).json(),
        ],
    );
}

#[test]
fn where_every_origin_may_read_with_credentials_the_person_names_those_that_are_meant() {
    let file =
        TextFile::new("cors.json", r#"{"origin": true, "credentials": true, "methods": ["GET", "PUT"]}"#);
    let run = import("express", file.path(), &[]);
    assert_eq!(run.status, 1, "{run:#?}");
    assert!(run.stdout.contains("origins = []") && run.stdout.contains("--origin"), "{}", run.stdout);
    let run = import("express", file.path(), &["--origin", "https://app.example.com"]);
    assert!(
        run.stdout.contains("origins = [\"https://app.example.com\"]\nmethods = [\"PUT\"]"),
        "{}",
        run.stdout
    );
    let run = import("express", file.path(), &["--origin", "https://app.example.com/"]);
    assert_eq!(run.status, 2, "{run:#?}");
    assert!(run.stderr.contains("`--origin https://app.example.com/`"), "{}", run.stderr);
}

/// An absolute path, as a server has it, is found by its end.
#[test]
fn included_files_are_read_from_the_folder_of_the_configuration() {
    let main = "events {}\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n";
    let folder = Folder::new(
        "includes",
        &[("nginx.conf", main), ("conf.d/api.conf", NGINX), ("conf.d/.hidden.conf", "{")],
    );
    let run = import("nginx", &folder.path("nginx.conf"), &[]);
    assert!(run.stderr.contains("conf.d/api.conf:5 unsafe origin-prefix-matches"), "{run:#?}");
}

#[test]
fn includes_lead_out_of_no_folder() {
    let secret = Folder::new("outside", &[("secret.conf", NGINX)]);
    let include = |path: &str| format!("events {{}}\nhttp {{\n    include {path};\n}}\n");
    let folder = Folder::new(
        "inside",
        &[
            ("up.conf", &include("../corsac-import-*/secret.conf")),
            ("link.conf", &include("linked.conf")),
            ("folder.conf", &include("linked/*.conf")),
            ("absolute.conf", &include(&secret.path("secret.conf"))),
        ],
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(secret.path("secret.conf"), folder.path("linked.conf")).unwrap();
        std::os::unix::fs::symlink(&secret.0, folder.path("linked")).unwrap();
    }
    for name in ["up.conf", "link.conf", "folder.conf", "absolute.conf"] {
        let run = import("nginx", &folder.path(name), &[]);
        assert!(
            !run.stderr.contains("origin-prefix-matches") && !run.stdout.contains("app.example.com"),
            "{name}: {run:#?}"
        );
        assert!(run.stderr.contains("folder"), "{name} says why: {run:#?}");
    }
    // A folder that holds both may be named.
    let parent = Path::new(&folder.0).parent().unwrap().to_str().unwrap().to_owned();
    let run = import("nginx", &folder.path("absolute.conf"), &["--folder", &parent]);
    assert!(run.stderr.contains("origin-prefix-matches"), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_included() {
    let main = "events {}\nhttp {\n    include conf.d/*;\n}\n";
    let folder = Folder::new("devices", &[("nginx.conf", main), ("conf.d/folder/x.conf", "")]);
    std::os::unix::fs::symlink("/dev/zero", folder.path("conf.d/zero")).unwrap();
    std::os::unix::fs::symlink("zero", folder.path("conf.d/again")).unwrap();
    let run = import("nginx", &folder.path("nginx.conf"), &[]);
    assert!(run.status == 0 || run.stderr.contains("leads out of the folder"), "{run:#?}");
}

#[test]
fn a_configuration_that_is_too_large_cyclic_or_deep_is_an_error_with_a_line() {
    let deep = "location / {\n".repeat(5_000);
    let large = format!("{}\n", "# a comment that fills the file\n".repeat(200_000));
    let cyclic = Folder::new(
        "cyclic",
        &[
            ("nginx.conf", "events {}\nhttp {\ninclude a.conf;\n}\n"),
            ("a.conf", "include b.conf;\n"),
            ("b.conf", "\ninclude a.conf;\n"),
        ],
    );
    let (deep, large) = (TextFile::new("nginx.conf", deep), TextFile::new("nginx.conf", large));
    let binary = TextFile::new("nginx.conf", [b'a', b'\n', 0xff, 0xfe]);
    for (name, path, words) in [
        ("deep", deep.path().to_owned(), ":"),
        ("large", large.path().to_owned(), "larger than 4 MiB"),
        ("cyclic", cyclic.path("nginx.conf"), "b.conf:2: `a.conf` includes itself"),
        ("not UTF-8", binary.path().to_owned(), ":2: this is not UTF-8"),
    ] {
        let run = import("nginx", &path, &[]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}: {run:#?}");
        assert!(run.stderr.contains(words), "{name}: {}", run.stderr);
    }
}

#[test]
fn nothing_of_a_configuration_is_run_or_asked() {
    let (marker, server) = (
        Folder::new("marker", &[("there", "")]),
        crate::server::Server::answering(crate::server::response(200, &[])),
    );
    let touch = marker.path("touched");
    let nginx = format!(
        "server {{\n    content_by_lua_block {{ os.execute(\"touch {touch}\") }}\n    location / {{ proxy_pass {}; add_header Access-Control-Allow-Origin *; }}\n}}\n",
        server.url("/")
    );
    let apache = format!(
        "<If \"%{{REQUEST_URI}} =~ /x/\">\nHeader set Access-Control-Allow-Origin *\n</If>\nRewriteMap m prg:/usr/bin/touch\nProxyPass / {}\nCustomLog \"|touch {touch}\" combined\n",
        server.url("/")
    );
    for (kind, text) in [("nginx", nginx), ("apache", apache)] {
        let file = TextFile::new("configuration", text);
        let run = import(kind, file.path(), &[]);
        assert!(run.status <= 1, "{kind}: {run:#?}");
    }
    assert!(!Path::new(&touch).exists());
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn an_unknown_kind_and_a_library_in_code_say_what_to_do() {
    let run = import("iis", "web.config", &[]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("nginx, apache, caddy"), "{}", run.stderr);
    for library in ["tower-http", "actix-cors", "rs-cors"] {
        let run = import(library, "src/main.rs", &[]);
        assert_eq!(run.status, 2);
        assert!(
            run.stderr.contains("docs/migrate.md") && run.stderr.contains("corsac policy infer"),
            "{}",
            run.stderr
        );
    }
}
