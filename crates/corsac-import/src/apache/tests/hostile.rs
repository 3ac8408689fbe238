//! Text that nobody means well with.

use super::*;
use crate::error::ImportError;

/// Reads a text and asks what there is to ask.
fn survive(text: &str) -> Result<(), ImportError> {
    let server = read_text(text, read)?;
    server.mentions();
    server.notes();
    for place in server.places().iter().take(20) {
        for method in ["GET", "OPTIONS"] {
            for status in [200, 404] {
                ask(&*server, method, &place.path, &[("Origin", "https://a.example")], status);
            }
        }
    }
    Ok(())
}

#[test]
fn files_that_are_meant_to_take_long_are_errors_with_a_line() {
    let many = |line: &str| line.repeat((1 << 20) / line.len());
    let define = (0..60).map(|n| format!("Define A{} \"${{A{n}}}${{A{n}}}\"\n", n + 1)).collect::<String>();
    let macros = (0..20)
        .map(|n| format!("<Macro M{n}>\nUse M{p}\nUse M{p}\n</Macro>\n", p = n - 1))
        .collect::<String>();
    let letters = (0..=0x2000_u32).filter_map(char::from_u32).collect();
    for (name, text, line, words) in [
        ("deep sections", many("<Location />\n"), 101, "More than 100 sections"),
        ("deep conditions", many("<IfModule a>\n"), 101, "More than 100 sections"),
        ("deep parentheses", format!("<If \"{}\">\n</If>\n", "(".repeat(60_000)), 1, "more than 50 levels"),
        ("deep negations", format!("<If \"{}true\">\n</If>\n", "!".repeat(60_000)), 1, "more than 50 levels"),
        ("a long line", format!("Header set X {}\n", "a".repeat(1 << 20)), 1, "longer than 64 KiB"),
        ("continued without end", "Header \\\n".repeat(1 << 16), 1, "longer than 64 KiB"),
        (
            "variables that grow",
            format!("Define A0 aaaaaaaaaa\n{define}Header set X ${{A60}}\n"),
            14,
            "longer than 64 KiB",
        ),
        (
            "many headers",
            many("Header append Access-Control-Allow-Origin \"%{A}e\"\n"),
            20_001,
            "more than 20000 rules",
        ),
        ("many expressions", many("SetEnvIf Origin \"^(a|b)+$\" A=$1\n"), 20_001, "more than 20000 rules"),
        (
            "large expressions",
            many("SetEnvIf Origin \"((a{99}){99}){9}\" A=$1\n"),
            201,
            "More than 200 regular expressions",
        ),
        ("macros that grow", format!("{macros}Use M19\n"), 2, "more than 20 levels"),
        ("bytes of all kinds", letters, 1, "no name of a directive"),
    ] {
        let error = survive(&text).expect_err(name);
        assert!(error.line == line && error.message.contains(words), "{name}: {error}");
    }
}

#[test]
fn circles_and_unclosed_variables_are_read() {
    let sends = "Header set Access-Control-Allow-Origin *\n";
    for text in [
        format!("RewriteEngine On\nRewriteRule ^(.*)$ $1$1 [N]\n{sends}"),
        format!("RewriteEngine On\nRewriteRule ^(.*)$ x$1 [L]\n{sends}"),
        format!("Header set X {}\n{sends}", "${".repeat(30_000)),
        format!("ErrorDocument 404 /a\nErrorDocument 500 /a\n{sends}"),
    ] {
        assert_eq!(survive(&text), Ok(()), "{text}");
    }
}

/// The questions are bounded for all expressions and parts together. Those of the many leave none for the origin that is taken out.
#[test]
fn origins_are_taken_out_of_a_bounded_number_of_expressions() {
    let parts = (0..80)
        .map(|n| format!("<Location /{n}>\nHeader always unset Access-Control-Allow-Origin\n</Location>\n"))
        .collect::<String>();
    for (count, expected) in [(20, &[21][..]), (98, &[])] {
        let wide = "SetEnvIf Origin \"^https://([a-z0-9-]+\\.)*example\\.com$\" CORS=$0\n".repeat(count);
        let text = format!(
            "{wide}SetEnvIf Origin \"^https://blog\\.example\\.com$\" !CORS\n\
             Header always set Access-Control-Allow-Origin %{{CORS}}e env=CORS\n{parts}"
        );
        let notes = read_text(&text, read).unwrap().notes();
        let found = notes.iter().filter(|note| note.code == "expression-not-exact");
        assert_eq!(found.map(|note| note.at.line).collect::<Vec<_>>(), expected, "{count} expressions");
    }
}

/// Rules that set and read thousands of variables each.
#[test]
fn a_rule_that_sets_many_variables_is_followed_once() {
    let sets = (0..4_000).map(|n| format!("E=A{n}:1,")).collect::<String>();
    let reads = (0..4_000).map(|n| format!("%{{ENV:A{n}}}")).collect::<String>();
    let rule = format!("RewriteCond \"{reads}\" x\nRewriteRule ^ - [{sets}E=B:1]\n");
    let text = format!(
        "RewriteEngine On\n{}Header always set Access-Control-Allow-Origin https://a.example env=B\n",
        rule.repeat(20),
    );
    let server = read_text(&text, read).unwrap();
    assert_eq!(server.mentions().iter().map(|mention| mention.at.line).collect::<Vec<_>>(), [42]);
}

const LINES: &[&str] = &[
    "<VirtualHost *:443>",
    "</VirtualHost>",
    "<Location \"/api\">",
    "</Location>",
    "<Directory /var/www/html>",
    "</Directory>",
    "<If \"%{HTTP:Origin} =~ m#^https://(.+)$#\">",
    "</If>",
    "<Else>",
    "</Else>",
    "<FilesMatch \"\\.(woff|ttf)$\">",
    "</FilesMatch>",
    "SetEnvIf Origin \"^https?://(.*\\.)?a\\.example$\" O=$0 !P",
    "Header always set Access-Control-Allow-Origin \"%{O}e\" env=O",
    "Header edit* Access-Control-Allow-Origin \"(.)(.)?\" \"$2$1\"",
    "Header merge Vary Origin",
    "RewriteEngine On",
    "RewriteCond %{HTTP:Origin} !=\"\" [OR]",
    "RewriteCond %{REQUEST_URI} ^/(a|b) [NC]",
    "RewriteRule ^(.*)$ /x/%1?$1 [E=O:%{HTTP:Origin},S=1]",
    "RewriteRule ^ - [R=204,L]",
    "Require valid-user",
    "ErrorDocument 404 /404.html",
    "ProxyPass / http://127.0.0.1/",
    "Header set X \\",
    "Use M a",
    "<Macro M $x>",
    "</Macro>",
    "Define A ${A}b",
    "Header set Access-Control-Allow-Credentials true \"expr=-n %{HTTP:Origin} && req('a') in {'b'}\"",
    "SetEnvIfExpr \"%{REQUEST_METHOD} == 'OPTIONS'\" P=$1",
    "Redirect 301 /old /new",
    "RedirectMatch ^/(.*)$ /$1$1",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,400}") {
        drop(survive(&text));
    }

    #[test]
    fn no_order_of_lines_makes_it_panic(
        lines in prop::collection::vec((prop::sample::select(LINES), 0_usize..80, "[ -~]{0,2}"), 0..30),
        mutated in prop::collection::vec(any::<bool>(), 30),
    ) {
        let mut text = String::new();
        for ((line, at, inserted), is_mutated) in lines.into_iter().zip(mutated) {
            let at = if is_mutated { at.min(line.len()) } else { line.len() };
            text.push_str(line.get(..at).unwrap_or_default());
            text.push_str(if is_mutated { &inserted } else { "" });
            text.push_str(line.get(at..).unwrap_or_default());
            text.push('\n');
        }
        drop(survive(&text));
    }

    #[test]
    fn no_expression_makes_it_panic(text in "[-a-z()!&|=~'\"%{}:#/$0-9 ,.<>m]{0,60}") {
        drop(super::super::expression::parse_condition(&text));
        drop(super::super::expression::parse_text(&text));
    }
}
