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
fn hostile_files_end_soon() {
    let many = |line: &str| line.repeat((1 << 20) / line.len());
    let define = (0..60).map(|n| format!("Define A{} \"${{A{n}}}${{A{n}}}\"\n", n + 1)).collect::<String>();
    for (name, text) in [
        ("deep sections", many("<Location />\n")),
        ("deep conditions", many("<IfModule a>\n")),
        ("deep parentheses", format!("<If \"{}\">\n</If>\n", "(".repeat(1 << 16))),
        ("deep negations", format!("<If \"{}true\">\n</If>\n", "!".repeat(1 << 16))),
        ("a long line", format!("Header set X {}\n", "a".repeat(1 << 20))),
        ("variables that grow", format!("Define A0 aaaaaaaaaa\n{define}Header set X ${{A60}}\n")),
        ("many unclosed variables", format!("Header set X {}\n", "${".repeat(1 << 15))),
        ("many headers", many("Header append Access-Control-Allow-Origin \"%{A}e\"\n")),
        ("many expressions", many("SetEnvIf Origin \"^(a|b)+$\" A=$1\n")),
        ("large expressions", many("SetEnvIf Origin \"((a{99}){99}){9}\" A=$1\n")),
        (
            "macros that grow",
            format!(
                "{}Use M19\n",
                (0..20)
                    .map(|n| format!("<Macro M{n}>\nUse M{p}\nUse M{p}\n</Macro>\n", p = n - 1))
                    .collect::<String>()
            ),
        ),
        (
            "rules that begin again",
            "RewriteEngine On\nRewriteRule ^(.*)$ $1$1 [N]\nHeader set Access-Control-Allow-Origin *\n"
                .to_owned(),
        ),
        (
            "rules that redirect",
            "RewriteEngine On\nRewriteRule ^(.*)$ x$1 [L]\nHeader set Access-Control-Allow-Origin *\n"
                .to_owned(),
        ),
        (
            "error documents in a circle",
            "ErrorDocument 404 /a\nErrorDocument 500 /a\nHeader set Access-Control-Allow-Origin *\n"
                .to_owned(),
        ),
        ("bytes of all kinds", (0..=0x2000_u32).filter_map(char::from_u32).collect()),
        ("continued without end", "Header \\\n".repeat(1 << 16)),
    ] {
        let begun = Instant::now();
        drop(survive(&text));
        let seconds = begun.elapsed().as_secs();
        assert!(seconds < 20, "{name}: {seconds} seconds");
    }
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
