//! What is read, and what is said about what is not.

use super::*;

const ORIGIN: &str = "Access-Control-Allow-Origin";

#[test]
fn idioms_that_people_write_answer_as_apache_does() {
    let a = "https://a.example";
    for (name, text, origin, expected) in [
        (
            "an echo with SetEnvIf and $0",
            "SetEnvIf Origin \"^https?://(.+\\.)?a\\.example$\" AccessControlAllowOrigin=$0\n\
             Header add Access-Control-Allow-Origin %{AccessControlAllowOrigin}e env=AccessControlAllowOrigin",
            a,
            vec![a],
        ),
        (
            "an expression without special characters captures nothing",
            "SetEnvIf Origin \"example\" FROM=$0\nHeader set Access-Control-Allow-Origin %{FROM}e env=FROM",
            a,
            vec!["$0"],
        ),
        (
            "a variable that is not there",
            "Header set Access-Control-Allow-Origin \"%{HTTP_ORIGIN}e\"",
            a,
            vec!["(null)"],
        ),
        (
            "the header of the request by way of mod_ssl",
            "Header set Access-Control-Allow-Origin \"%{HTTP:Origin}s\"",
            a,
            vec![a],
        ),
        (
            "both tables",
            "Header set Access-Control-Allow-Origin *\nHeader always set Access-Control-Allow-Origin *",
            a,
            vec!["*", "*"],
        ),
        (
            "an <If> with an expression",
            "<If \"%{HTTP:Origin} =~ m#^https://(a|b)\\.example$#i\">\nHeader set Access-Control-Allow-Origin \"expr=%{HTTP:Origin}\"\n</If>",
            "https://A.example",
            vec!["https://A.example"],
        ),
        (
            "a list in an <ElseIf>",
            "<If \"-z req('Origin')\">\nHeader set X 1\n</If>\n<ElseIf \"req('Origin') in {'https://a.example', 'https://b.example'}\">\n\
             Header set Access-Control-Allow-Origin \"expr=%{req:Origin}\"\n</ElseIf>",
            a,
            vec![a],
        ),
        (
            "mod_rewrite that puts the origin into a variable",
            "RewriteEngine On\nRewriteCond %{HTTP:Origin} ^https://(a|b)\\.example$\nRewriteRule .* - [E=ALLOW:%{HTTP:Origin}]\n\
             Header always set Access-Control-Allow-Origin \"%{ALLOW}e\" env=ALLOW",
            a,
            vec![a],
        ),
        (
            "continued lines and comments",
            "# one \\\ntwo\nHeader set \\\n  Access-Control-Allow-Origin \\\n  \"*\"",
            a,
            vec!["*"],
        ),
        (
            "a value of Define",
            "Define ALLOWED https://a.example\nHeader set Access-Control-Allow-Origin ${ALLOWED}",
            a,
            vec![a],
        ),
        (
            "edit",
            "Header set Access-Control-Allow-Origin https://x.example\nHeader edit Access-Control-Allow-Origin ^https://x https://a",
            a,
            vec![a],
        ),
        (
            "a module that is not needed is taken to be there",
            "<IfModule !mod_headers.c>\nHeader set Access-Control-Allow-Origin never\n</IfModule>\n<IfModule mod_headers.c>\n\
             Header set Access-Control-Allow-Origin *\n</IfModule>",
            a,
            vec!["*"],
        ),
    ] {
        assert_eq!(values(text, "GET", "/items", origin, 200, ORIGIN), expected, "{name}");
    }
}

#[test]
fn each_line_of_an_answer_says_where_it_was_written() {
    let text = "ServerName a.example\n\nHeader set \\\n  Access-Control-Allow-Origin *\nHeader always merge Vary Origin\n";
    let answer = ask(&*server(text), "GET", "/", &[], 200);
    assert_eq!(answer.line(ORIGIN).unwrap().at, Some(At { file: 0, line: 3 }));
    assert_eq!(answer.line("vary").unwrap().at, Some(At { file: 0, line: 5 }));
}

#[test]
fn what_cannot_be_read_is_an_error_at_its_line() {
    for (name, text, line, words) in [
        ("a section without an end", "Listen 80\n<VirtualHost *:80>\nServerName a\n", 2, "never ends"),
        ("an end without a section", "Listen 80\n</VirtualHost>\n", 2, "has not begun"),
        ("ends that are crossed", "<Location />\n<If \"true\">\n</Location>\n</If>\n", 3, "</if>"),
        ("a section without >", "<Location /\n", 1, "no `>`"),
        ("another server's configuration", "server {\n  listen 80;\n}\n", 3, "no configuration of Apache"),
        ("JSON", "{\"cors\": true}", 1, "no configuration of Apache"),
        ("an unknown action", "\nHeader put Access-Control-Allow-Origin *\n", 2, "`put` is none of"),
        ("a value with spaces", "Header set Access-Control-Allow-Methods GET, POST\n", 1, "in quotes"),
        ("a header without a value", "Header set Access-Control-Allow-Origin\n", 1, "value is missing"),
        ("an unknown format", "Header set X %{a}z\n", 1, "`%z` is no format"),
        (
            "an expression that is none",
            "<If \"%{HTTP_ORIGIN} == 'x'\">\n</If>\n",
            1,
            "no variable `HTTP_ORIGIN`",
        ),
        (
            "a separator in an expression",
            "<If \"req('Origin') =~ /https:\\/\\/a/\">\n</If>\n",
            1,
            "cannot be read",
        ),
        ("flags that are none", "RewriteRule a b c\n", 1, "flags such as"),
        ("a macro without an end", "<Macro A>\nHeader set X 1\n", 1, "never ends"),
        ("a macro that uses itself", "<Macro A>\nUse A\n</Macro>\nUse A\n", 2, "Macros use each other"),
    ] {
        let Err(error) = read_text(text, read) else { panic!("{name}: it was read") };
        assert_eq!(error.line, line, "{name}: {error}");
        assert!(error.message.contains(words), "{name}: {error}");
    }
}

#[test]
fn what_is_not_understood_is_a_note_at_its_line() {
    for (name, text, line, words) in [
        ("a look-ahead", "Listen 80\nSetEnvIf Origin \"^(?!x).*$\" A=$0\n", 2, "look-ahead"),
        ("an included file that is not there", "Include conf/cors.conf\n", 1, "`conf/cors.conf`"),
        ("a macro that is not there", "Listen 80\nUse Cors /api\n", 2, "`Cors`"),
        (
            "another directive about CORS",
            "ServerName a\nSetHeader Access-Control-Allow-Origin *\n",
            2,
            "setheader",
        ),
        (
            "a header in another section",
            "ServerName a\n<AuthnThing x>\nHeader set Access-Control-Allow-Origin *\n</AuthnThing>\n",
            3,
            "authnthing",
        ),
        (
            "a variable of another server",
            "RewriteCond %{HTTP_ORIGIN} .\nRewriteRule ^ - [E=A:1]\n",
            1,
            "HTTP_ORIGIN",
        ),
    ] {
        let notes = server(text).notes();
        let [note] = notes.as_slice() else { panic!("{name}: {notes:?}") };
        assert_eq!(note.at.line, line, "{name}");
        assert!(note.message.contains(words), "{name}: {}", note.message);
    }
    assert_eq!(server("IncludeOptional conf-enabled/*.conf\nSetOutputFilter DEFLATE\n").notes(), []);
}

#[test]
fn origins_are_found_where_they_are_compared() {
    let text = "SetEnvIf Origin \"^https://a\\.example$\" A\n\
        SetEnvIfNoCase Referer \"other\" B\n\
        SetEnvIfExpr \"tolower(req('Origin')) == 'https://b.example' || -n req('Origin')\" C\n\
        RewriteCond %{HTTP:Origin} =https://c.example\n\
        RewriteRule ^ - [E=D:1]\n\
        <VirtualHost *:80>\n\
        Header set Access-Control-Allow-Origin https://d.example\n\
        Header set X-Other https://never.example\n\
        Header set Access-Control-Allow-Origin * \"expr=%{HTTP:Origin} =~ m#e#i\"\n\
        <If \"req('origin') in {'f', 'g'}\">\n\
        </If>\n\
        Header set Access-Control-Allow-Methods PUT env=A\n\
        Header set Access-Control-Max-Age \"expr=%{reqenv:C}\"\n\
        </VirtualHost>\n";
    let mentions: Vec<_> = server(text)
        .mentions()
        .into_iter()
        .map(|mention| {
            let what = match mention.what {
                Mentioned::Text { text, ignores_case } => format!("text {text} {ignores_case}"),
                Mentioned::Expression { expression, ignores_case, .. } => {
                    format!("{expression} {ignores_case}")
                }
                Mentioned::Entry(entry) | Mentioned::Pattern { pattern: entry, .. } => entry,
            };
            (mention.at.line, what)
        })
        .collect();
    let expected = [
        (1, "^https://a\\.example$ false"),
        (3, "text https://b.example true"),
        (7, "text https://d.example false"),
        (9, "e true"),
        (10, "text f false"),
        (10, "text g false"),
    ];
    // A virtual host has no rules of mod_rewrite from the main server, which is not asked here.
    assert_eq!(mentions, expected.map(|(line, what)| (line, what.to_owned())));
}

#[test]
fn places_are_the_parts_with_headers_of_cors() {
    let header = "Header set Access-Control-Allow-Origin *\n";
    for (name, text, expected) in [
        ("nothing about CORS", "ServerName a.example\nHeader set X 1\n".to_owned(), vec![]),
        ("a whole server", format!("ServerName a.example\n{header}"), vec![("/", None)]),
        ("a location", format!("<Location /api/>\n{header}</Location>\n"), vec![("/api/", Some("/api"))]),
        (
            "a location in a server with headers",
            format!(
                "{header}<Location /api>\nHeader set X 1\n</Location>\n<Location /api/v1/>\nHeader set X 1\n</Location>\n"
            ),
            vec![("/", None), ("/api/", Some("/api")), ("/api/v1/", Some("/api/v1"))],
        ),
        (
            "folders, by their paths",
            format!(
                "DocumentRoot /srv/www\nAlias /pics /data/pics\n<Directory /srv>\n{header}</Directory>\n<Directory /data/pics/big>\n{header}</Directory>\n<Directory /elsewhere>\n{header}</Directory>\n"
            ),
            vec![("/", None), ("/pics/big/", Some("/pics/big"))],
        ),
        (
            "files by their names",
            format!("<FilesMatch \"\\.(woff2?|ttf)$\">\n{header}</FilesMatch>\n"),
            vec![("/x.woff", None)],
        ),
        (
            "paths by an expression",
            format!(
                "Listen 80\n<LocationMatch \"^/v[0-9]+/public\">\n{header}</LocationMatch>\n<LocationMatch \"^/static/.*$\">\n{header}</LocationMatch>\n"
            ),
            vec![("/v0/public", None), ("/static/", Some("/static"))],
        ),
        (
            "what goes elsewhere",
            format!("{header}ProxyPass /api http://127.0.0.1:3000/api\n"),
            vec![("/", None), ("/api/", Some("/api"))],
        ),
        (
            "a condition on the path",
            format!("Listen 80\n<If \"%{{REQUEST_URI}} =~ m#^/fonts/#\">\n{header}</If>\n"),
            vec![("/", None), ("/fonts/", Some("/fonts"))],
        ),
        (
            "a variable that is set by the path",
            format!(
                "Listen 80\nSetEnvIf Request_URI \"\\.(ttf|woff)$\" FONT\n{header}Header set Timing-Allow-Origin * env=FONT\n"
            ),
            vec![("/", None), ("/x.ttf", None)],
        ),
        (
            "parts that nobody may see, and rules that only refuse",
            format!(
                "Listen 80\n{header}<FilesMatch \"^\\.ht\">\nRequire all denied\n</FilesMatch>\n<Location /private>\nRequire all denied\n</Location>\nRewriteEngine On\nRewriteRule ^/\\.git - [F]\n"
            ),
            vec![("/", None)],
        ),
        (
            "two servers for one host",
            format!(
                "<VirtualHost *:80>\nServerName a.example\n{header}</VirtualHost>\n<VirtualHost *:443>\nServerName a.example\n{header}</VirtualHost>\n"
            ),
            vec![("/", None)],
        ),
    ] {
        let places = server(&text).places();
        let found: Vec<_> =
            places.iter().map(|place| (place.path.as_str(), place.prefix.as_deref())).collect();
        assert_eq!(found, expected, "{name}");
        for place in &places {
            let is_whole = place.prefix.is_some() || place.path == "/";
            assert_eq!(place.is_more_than_prefix.is_none(), is_whole, "{name}: {place:?}");
        }
    }
}

#[test]
fn a_preflight_without_a_password_is_refused_by_a_login_unless_it_is_answered_earlier() {
    let login = "<Location />\nAuthType Basic\nRequire valid-user\n</Location>\n";
    let rule = "RewriteEngine On\nRewriteCond %{REQUEST_METHOD} OPTIONS\nRewriteRule ^ - [R=204,L]\n";
    let in_folder =
        format!("<Directory /var/www/html>\n{rule}AuthType Basic\nRequire valid-user\n</Directory>\n");
    for (name, text, status) in [
        ("a login", login.to_owned(), 401),
        ("a rule of the server", format!("{rule}{login}"), 204),
        ("a rule of the folder, which comes after the login", in_folder, 401),
        ("no login for OPTIONS", login.replace("Require", "Require method OPTIONS\nRequire"), 200),
    ] {
        let server = server(&text);
        let answer = ask(&*server, "OPTIONS", "/x", &[("Access-Control-Request-Method", "PUT")], 200);
        assert_eq!(answer.status, status, "{name}");
        // A browser sends the password with the request itself.
        assert_eq!(ask(&*server, "PUT", "/x", &[], 200).status, 200, "{name}");
    }
}
