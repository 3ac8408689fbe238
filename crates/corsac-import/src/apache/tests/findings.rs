//! What notes say, found by asking.

use super::*;
use crate::files::{Source, no_includes};
use crate::{Imported, Kind, import};

/// What is found in a file with this name.
fn imported(name: &str, text: &str) -> Imported {
    let source = Source { name: name.to_owned(), text: text.to_owned() };
    import(Kind::Apache, source, &mut no_includes, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The lines and codes of the notes that are unsafe or dead, and of this code.
fn codes(imported: &Imported, code: &str) -> Vec<(usize, &'static str)> {
    let is_meant = |kind| matches!(kind, NoteKind::Unsafe | NoteKind::Dead);
    let notes = imported.notes.iter().filter(|note| is_meant(note.kind) || note.code == code);
    notes.map(|note| (note.line, note.code)).collect()
}

/// Measured on Apache 2.4.
#[test]
fn a_part_that_a_condition_on_the_path_opens_is_asked() {
    let open = "Header always set Access-Control-Allow-Origin \"expr=%{req:Origin}\" env=OPEN\n\
                Header always set Access-Control-Allow-Credentials true env=OPEN\n";
    for (name, condition, path) in [
        ("SetEnvIf", "SetEnvIf Request_URI \"^/public/\" OPEN\n", "/public/"),
        ("an ending", "SetEnvIf Request_URI \"\\.json$\" OPEN\n", "/x.json"),
        ("SetEnvIfExpr", "SetEnvIfExpr \"%{REQUEST_URI} =~ m#^/dav/#\" OPEN\n", "/dav/"),
        ("a text", "SetEnvIfExpr \"%{REQUEST_URI} == '/a.b'\" OPEN\n", "/a.b"),
        ("RewriteRule", "RewriteEngine On\nRewriteRule ^public/ - [E=OPEN:1]\n", "/public/"),
        ("a part of the path", "RewriteEngine On\nRewriteRule api/v[0-9] - [E=OPEN:1]\n", "/api/v0"),
        (
            "RewriteCond",
            "RewriteEngine On\nRewriteCond %{REQUEST_URI} ^/public/\nRewriteRule ^ - [E=OPEN:1]\n",
            "/public/",
        ),
    ] {
        let text = format!("{condition}{open}");
        let places = server_of_htaccess(&text).places();
        assert!(places.iter().any(|place| place.path == path), "{name}: {places:?}");
        let found = imported(".htaccess", &text);
        let is_noted = found.notes.iter().any(|note| note.code == "any-origin-with-credentials");
        assert!(is_noted, "{name}: {:?}", found.notes);
    }
    let unused = "SetEnvIf Request_URI \"\\.gif$\" IMAGE\nHeader always set Access-Control-Allow-Origin *\n";
    assert_eq!(server_of_htaccess(unused).places().len(), 1, "a variable that no header depends on");
}

fn server_of_htaccess(text: &str) -> Box<dyn Server> {
    let source = Source { name: ".htaccess".to_owned(), text: text.to_owned() };
    read(&mut crate::files::Files::new(source, &mut no_includes).unwrap()).unwrap()
}

/// Measured on Apache 2.4 with mod_php and with mod_cgi.
#[test]
fn scripts_have_the_headers_of_the_request_as_variables() {
    let text = "SetEnvIf Origin \"example\\.com\" IS_CORS\n\
                Header set Access-Control-Allow-Origin \"%{HTTP_ORIGIN}e\" env=IS_CORS\n\
                Header set Access-Control-Allow-Credentials true\n";
    let stranger = "https://example.com.evil.example";
    for (path, expected) in [("/x.php", stranger), ("/x.html", "(null)")] {
        let found = values(text, "GET", path, stranger, 200, "Access-Control-Allow-Origin");
        assert_eq!(found, [expected], "{path}");
    }
    let rewritten = format!("{text}RewriteEngine On\nRewriteRule ^ index.php [L]\n");
    for (name, text) in [("everything is a script", rewritten.as_str()), ("scripts among files", text)] {
        let found = imported(".htaccess", text);
        let is_unsafe = found.notes.iter().any(|note| note.kind == NoteKind::Unsafe && note.line == 1);
        assert!(is_unsafe, "{name}: {:?}", found.notes);
        let names_scripts = found.notes.iter().any(|note| note.message.contains("PHP, CGI"));
        assert_eq!(names_scripts, name == "scripts among files", "{name}: {:?}", found.notes);
    }
}

#[test]
fn a_variable_that_is_not_set_is_sent_as_null_in_parentheses() {
    let text = "SetEnvIf Origin \"^https://app\\.example\\.com$\" O=$0\n\
                Header always set Access-Control-Allow-Origin \"%{O}e\"\n";
    let found = imported(".htaccess", text);
    assert!(codes(&found, "").contains(&(2, "origin-never-matches")), "{:?}", found.notes);
    let found = imported(".htaccess", &text.replace("\"%{O}e\"", "\"%{O}e\" env=O"));
    assert_eq!(codes(&found, ""), [], "{:?}", found.notes);
}

#[test]
fn an_expression_for_a_variable_that_nothing_uses_is_not_about_origins() {
    let text = "SetEnvIf Origin \"^(.*)$\" UNUSED=$1\n\
                SetEnvIf Origin \"^https://app.example.com$\" FIRST=1\n\
                SetEnvIf FIRST 1 SECOND=1\n\
                Header always set Access-Control-Allow-Origin \"expr=%{req:Origin}\" env=SECOND\n\
                Header always set Vary Origin\n";
    let found = imported(".htaccess", text);
    assert_eq!(codes(&found, ""), [(2, "origin-dot-matches")], "{:?}", found.notes);
}

#[test]
fn what_takes_a_header_away_has_not_lost_it() {
    let open = "Listen 80\nHeader always set Access-Control-Allow-Origin *\n";
    for (name, part) in [
        ("a section", "<Location /a>\nHeader always unset Access-Control-Allow-Origin\n</Location>\n"),
        (
            "a condition",
            "<If \"%{REQUEST_URI} =~ m#^/a/#\">\nHeader always unset Access-Control-Allow-Origin\n</If>\n",
        ),
    ] {
        let found = imported("site.conf", &format!("{open}{part}"));
        let has = found.notes.iter().any(|note| note.code == "headers-lost");
        assert!(!has, "{name}: {:?}", found.notes);
    }
}

#[test]
fn an_origin_that_is_taken_out_of_others_is_named() {
    let text = "SetEnvIf Origin \"^https://([a-z0-9-]+\\.)*example\\.com$\" CORS=$0\n\
                SetEnvIf Origin \"^https://blog\\.example\\.com$\" !CORS\n\
                Header always set Access-Control-Allow-Origin %{CORS}e env=CORS\n\
                Header always set Vary Origin\n";
    let found = imported(".htaccess", text);
    let note = found.notes.iter().find(|note| note.code == "expression-not-exact").unwrap();
    assert_eq!((note.line, note.origin.as_deref()), (2, Some("https://blog.example.com")), "{note:?}");
    let kept = imported(".htaccess", &text.replace("!CORS", "CORS=$0"));
    assert!(kept.notes.iter().all(|note| note.code != "expression-not-exact"), "{:?}", kept.notes);
}

#[test]
fn headers_for_options_alone_let_nobody_read() {
    let text = "<If \"%{REQUEST_METHOD} == 'OPTIONS'\">\n\
                Header always set Access-Control-Allow-Origin \"https://app.example.com\"\n\
                Header always set Access-Control-Allow-Methods PUT\n</If>\n";
    let found = imported(".htaccess", text);
    assert_eq!(codes(&found, ""), [(2, "without-effect")], "{:?}", found.notes);
}
