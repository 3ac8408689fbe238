//! What Caddy answers for the configurations that people write.

use corsac_stacks::Target;
use proptest::prelude::*;

use crate::asking::testing::{ask, holds_for_compiled, read};
use crate::recorded::replay;
use crate::server::{Answer, Mentioned, Server};
use crate::{Kind, Source, mend, no_includes};

fn server(text: &str) -> Box<dyn Server> {
    read(text, super::read).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The values of a header.
fn values(answer: &Answer, name: &str) -> Vec<String> {
    let lines = answer.lines.iter().filter(|line| line.name.eq_ignore_ascii_case(name));
    lines.map(|line| line.value.clone()).collect()
}

#[test]
fn a_compiled_policy_behaves_as_the_policy() {
    assert!(holds_for_compiled(Target::Caddy, &[], super::read) >= 15);
}

#[test]
fn it_answers_what_caddy_answered() {
    assert!(replay("caddy", super::read) > 500);
    assert!(replay("caddy-features", super::read) > 300);
}

const APP: (&str, &str) = ("Origin", "https://app.example.com");
const EVIL: (&str, &str) = ("Origin", "https://evil.example");
const PUT: (&str, &str) = ("Access-Control-Request-Method", "PUT");

#[test]
fn the_idioms_answer_as_they_do_in_caddy() {
    type Row<'r> = (&'r str, &'r str, &'r str, &'r [(&'r str, &'r str)], u16, u16, &'r [&'r str]);
    let rows: &[Row<'_>] = &[
        (
            "a star in a fragment",
            "header Access-Control-Allow-Origin *\nreverse_proxy a:1",
            "GET",
            &[APP],
            200,
            200,
            &["*"],
        ),
        (
            "a host that is not asked for",
            "a.example {\nheader Access-Control-Allow-Origin *\nreverse_proxy a:1\n}",
            "GET",
            &[APP],
            500,
            200,
            &[],
        ),
        (
            "any host",
            ":80 {\nheader Access-Control-Allow-Origin *\nreverse_proxy a:1\n}",
            "GET",
            &[APP],
            500,
            500,
            &["*"],
        ),
        (
            "a site without braces",
            ":8080\nheader Access-Control-Allow-Origin *\nrespond ok",
            "GET",
            &[APP],
            200,
            200,
            &["*"],
        ),
        (
            "the brace in its own line",
            "http://server.example,\n:443\n{\nheader Access-Control-Allow-Origin *\nrespond 204\n}",
            "OPTIONS",
            &[APP],
            200,
            204,
            &["*"],
        ),
        (
            "a snippet with an argument",
            "(cors) {\n@c header Origin {args[0]}\nheader @c Access-Control-Allow-Origin {args.0}\n}\n:443 {\nimport cors https://app.example.com\nreverse_proxy a:1\n}",
            "GET",
            &[APP],
            200,
            200,
            &["https://app.example.com"],
        ),
        (
            "a snippet alone",
            "(cors) {\nheader Access-Control-Allow-Origin *\n}",
            "GET",
            &[EVIL],
            404,
            404,
            &["*"],
        ),
        (
            "an origin that is echoed",
            "header {\nAccess-Control-Allow-Origin {http.request.header.Origin}\n}\nfile_server",
            "GET",
            &[EVIL],
            200,
            200,
            &["https://evil.example"],
        ),
        (
            "an origin that is echoed, without one",
            "header Access-Control-Allow-Origin {header.Origin}",
            "GET",
            &[],
            200,
            200,
            &[""],
        ),
        (
            "handles exclude each other",
            "@o method OPTIONS\nhandle @o {\nheader Access-Control-Allow-Origin pre\nrespond 204\n}\nhandle {\nheader Access-Control-Allow-Origin rest\nrespond 200\n}",
            "OPTIONS",
            &[APP, PUT],
            200,
            204,
            &["pre"],
        ),
        (
            "a default is only for what the application did not send",
            "header ?Access-Control-Allow-Origin *\nreverse_proxy a:1",
            "GET",
            &[APP],
            200,
            200,
            &["*"],
        ),
        (
            "basic_auth comes before respond",
            ":443 {\nheader Access-Control-Allow-Origin *\nrespond /items 204\nbasic_auth {\n a b\n}\n}",
            "OPTIONS",
            &[APP, PUT],
            200,
            401,
            &["*"],
        ),
        (
            "an unset variable's default",
            "header Access-Control-Allow-Origin {$ORIGIN:https://app.example.com}",
            "GET",
            &[APP],
            200,
            200,
            &["https://app.example.com"],
        ),
        (
            "an expression",
            "@c expression {header.Origin} in ['https://app.example.com', 'https://b.example']\nheader @c Access-Control-Allow-Origin {header.Origin}",
            "GET",
            &[APP],
            200,
            200,
            &["https://app.example.com"],
        ),
        (
            "an order of one's own",
            "{\norder respond before header\n}\n:443 {\nheader Access-Control-Allow-Origin *\nrespond 200\n}",
            "GET",
            &[APP],
            200,
            200,
            &[],
        ),
    ];
    for (name, text, method, headers, behind, status, origins) in rows {
        let answer = ask(&*server(text), method, "/items", headers, *behind);
        assert_eq!(answer.status, *status, "{name}");
        assert_eq!(values(&answer, "access-control-allow-origin"), *origins, "{name}");
    }
}

#[test]
fn the_places_are_sites_and_their_paths() {
    let text = "(cors) {\n header Access-Control-Allow-Origin *\n}\n\
        api.example.com {\n import cors\n handle /v1/* {\n  reverse_proxy a:1\n }\n handle_path /old* {\n  header Vary Origin\n }\n \
        handle {\n respond 200\n }\n @re path_regexp ^/v[0-9]+/\n handle @re {\n respond 200\n }\n}\n\
        other.example.com {\n reverse_proxy a:1\n}\n\
        *.example.org {\n @shop host shop.example.org\n handle @shop {\n  import cors\n }\n header /fonts/* Access-Control-Allow-Origin *\n}\n";
    let places = server(text).places();
    let found: Vec<_> = places
        .iter()
        .map(|place| {
            let more = place.is_more_than_prefix.is_some();
            (
                place.name.as_str(),
                place.host.as_deref().unwrap(),
                &*place.path,
                place.prefix.as_deref(),
                more,
                place.at.line,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("api-example-com", "api.example.com", "/", None, false, 4),
            ("api-example-com-v1", "api.example.com", "/v1/", Some("/v1"), false, 6),
            ("api-example-com-old", "api.example.com", "/old/", Some("/old"), false, 9),
            ("api-example-com-2", "api.example.com", "/v0/", None, true, 16),
            ("shop-example-org", "shop.example.org", "/", None, false, 25),
            ("any-example-org-fonts", "any.example.org", "/fonts/", Some("/fonts"), false, 28),
        ]
    );
}

#[test]
fn what_is_compared_with_the_origin_is_mentioned_at_its_line() {
    let text = "(cors) {\n@c header Origin {args[0]}\n}\n:443 {\nimport cors https://a.example/\n\
        @r header_regexp Origin https://b\\.example\n@w header Origin https://*.c.example\n@e header Origin *.d.example\n\
        @x `{header.Origin}.endsWith('e.example')`\nmap {header.Origin} {o} {\n~f f\nhttps://g.example g\n}\n\
        header Access-Control-Allow-Origin https://h.example\nrespond https://not.example\n}\n";
    let mentions: Vec<_> = server(text)
        .mentions()
        .into_iter()
        .map(|mention| match mention.what {
            Mentioned::Text { text, .. } => (mention.at.line, text),
            Mentioned::Expression { expression, .. } => (mention.at.line, format!("~{expression}")),
            Mentioned::Entry(entry) | Mentioned::Pattern { pattern: entry, .. } => (mention.at.line, entry),
        })
        .collect();
    let mention = |line: usize, text: &str| (line, text.to_owned());
    assert_eq!(
        mentions,
        [
            mention(5, "https://a.example/"),
            mention(6, r"~https://b\.example"),
            mention(7, "https://*.c.example"),
            mention(8, r"~\.d\.example$"),
            mention(9, r"~e\.example$"),
            mention(11, "~f"),
            mention(12, "https://g.example"),
            mention(14, "https://h.example"),
        ]
    );
}

#[test]
fn what_is_not_understood_is_noted_at_its_line() {
    for (name, text, line, code) in [
        (
            "another header",
            ":443 {\n@x header Sec-Fetch-Mode cors\nheader @x Access-Control-Allow-Origin *\n}",
            3,
            "line-not-read",
        ),
        ("a query", ":443 {\n@x query a=b\nheader @x Access-Control-Allow-Origin *\n}", 3, "line-not-read"),
        (
            "a client",
            ":443 {\n@x remote_ip 192.0.2.0/24\nhandle @x {\nheader Access-Control-Allow-Origin *\n}\n}",
            3,
            "line-not-read",
        ),
        (
            "another method",
            ":443 {\n@x method PROPFIND\nheader @x Access-Control-Allow-Origin *\n}",
            3,
            "line-not-read",
        ),
        ("a placeholder", ":443 {\nheader Access-Control-Allow-Origin {env.ORIGIN}\n}", 2, "line-not-read"),
        (
            "a variable in a matcher",
            ":443 {\n@c header Origin {$ORIGIN}\nheader @c Access-Control-Allow-Origin *\n}",
            2,
            "line-not-read",
        ),
        (
            "a redirect",
            ":443 {\nheader Access-Control-Allow-Origin *\nredir https://a.example{uri}\n}",
            2,
            "line-not-read",
        ),
        (
            "another server that decides",
            ":443 {\nheader Access-Control-Allow-Origin *\nforward_auth auth:80 {\nuri /\n}\nrespond 204\n}",
            3,
            "preflight-passed-on",
        ),
        (
            "a list without quotes",
            ":443 {\nheader Access-Control-Allow-Methods GET, PUT\nheader Access-Control-Allow-Origin *\n}",
            2,
            "without-effect",
        ),
        (
            "a header that is set again",
            ":443 {\nheader Access-Control-Allow-Origin https://a.example\nheader Access-Control-Allow-Origin https://b.example\n}",
            2,
            "without-effect",
        ),
        (
            "a path that comes first",
            ":443 {\nheader /a/* Access-Control-Allow-Origin https://a.example\nheader Access-Control-Allow-Origin *\n}",
            2,
            "without-effect",
        ),
        (
            "header_down of header",
            ":443 {\nheader {\nheader_down Access-Control-Allow-Origin *\n}\n}",
            3,
            "without-effect",
        ),
        (
            "respond after handle",
            ":443 {\nheader Access-Control-Allow-Origin *\n@pre method OPTIONS\nrespond @pre 204\nhandle {\nreverse_proxy a:1\n}\n}",
            4,
            "without-effect",
        ),
        ("look-around", ":443 {\n@c header_regexp Origin ^https://(?!evil)\n}", 2, "line-not-read"),
        ("a plugin", ":443 {\nreverse_proxy a:1\ncors *\n}", 3, "line-not-read"),
        ("a file that is not there", ":443 {\nimport cors.conf\n}", 2, "line-not-read"),
        ("a variable", ":443 {\nheader Access-Control-Allow-Origin {$ORIGIN}\n}", 2, "line-not-read"),
        (
            "an argument that is missing",
            "(c) {\nheader Access-Control-Allow-Origin {args[0]}\n}\n:443 {\nimport c\n}",
            2,
            "line-not-read",
        ),
        (
            "a matcher without definition",
            ":443 {\nheader @cors Access-Control-Allow-Origin *\n}",
            2,
            "line-not-read",
        ),
        (
            "a header of the request",
            ":443 {\nreverse_proxy a:1 {\nheader_up Access-Control-Allow-Origin *\n}\n}",
            3,
            "without-effect",
        ),
        ("a colon", ":443 {\nheader Access-Control-Allow-Origin: *\n}", 2, "without-effect"),
    ] {
        let notes: Vec<_> = server(text).notes().into_iter().map(|note| (note.at.line, note.code)).collect();
        assert_eq!(notes, [(line, code)], "{name}");
    }
}

#[test]
fn what_answers_before_preflights_is_named() {
    let text = ":443 {\nheader Access-Control-Allow-Origin *\n@pre method OPTIONS\nrespond @pre 204\n";
    for (name, directive, words) in [
        ("handle", "handle {\nreverse_proxy a:1\n}", "`handle @preflight"),
        ("route", "route {\nreverse_proxy a:1\n}", "`route @rest`"),
        ("redir", "redir https://a.example", "`redir @rest`"),
    ] {
        let notes = server(&format!("{text}{directive}\n}}\n")).notes();
        let note = notes.iter().find(|note| note.code == "without-effect" && note.at.line == 4);
        let note = note.unwrap_or_else(|| panic!("{name}: {notes:?}"));
        assert!(note.message.contains(&format!("the `{name}` in line 5")), "{note:?}");
        assert!(note.instead.contains(words), "{note:?}");
    }
}

#[test]
fn what_caddy_would_not_read_is_an_error_at_its_line() {
    for (name, text, line) in [
        ("a block that is never closed", "a.example {\nheader {\n}\n", 1),
        ("a brace too many", "a.example {\n}\n}", 3),
        ("a snippet that imports itself", "(a) {\nimport b\n}\n(b) {\nimport a\n}\n:443 {\nimport a\n}", 5),
        ("a matcher twice", ":443 {\n@a method GET\nhandle {\n@a method PUT\n}\n}", 4),
        ("a snippet twice", "(a) {\n}\n(a) {\n}", 3),
        ("a heredoc that is never closed", ":443 {\nrespond <<END\na\n}", 2),
    ] {
        assert_eq!(read(text, super::read).err().map(|error| error.line), Some(line), "{name}");
    }
}

#[test]
fn the_values_of_placeholders_are_mentioned_and_folders_count() {
    let text = ":443 {\nvars origin https://a.example\nmap {host} {other} {\na.example https://b.example\ndefault \"\"\n}\n\
        header Access-Control-Allow-Origin {vars.origin}\nheader /b Access-Control-Allow-Origin {other}\n}\n";
    let lines: Vec<usize> = server(text).mentions().iter().map(|mention| mention.at.line).collect();
    assert_eq!(lines, [2, 4]);
    let again = text.replace("header /b", "header /c Access-Control-Allow-Origin {vars.origin}\nheader /b");
    let lines: Vec<usize> = server(&again).mentions().iter().map(|mention| mention.at.line).collect();
    assert_eq!(lines, [2, 4], "a value that two lines use");
    let mut asked = Vec::new();
    let mut include = |pattern: &str| {
        asked.push(pattern.to_owned());
        let text = if pattern == "sites/*" {
            "a.example {\nimport ../cors.inc\n}\n"
        } else {
            "header Access-Control-Allow-Origin *\n"
        };
        let name = if pattern == "sites/*" { "sites/a" } else { pattern };
        Ok(vec![Source { name: name.to_owned(), text: text.to_owned() }])
    };
    let source = Source { name: "conf/Caddyfile".to_owned(), text: "import sites/*\n".to_owned() };
    assert_eq!(crate::import(Kind::Caddy, source, &mut include, &[]).unwrap().policies.len(), 1);
    assert_eq!(asked, ["sites/*", "cors.inc"]);
}

#[test]
fn what_a_part_is_not_for_is_said() {
    let text = "a.example, b.example {\n@x not path /private/*\nheader @x Access-Control-Allow-Origin *\nreverse_proxy a:1\n}\n";
    let place = server(text).places().remove(0);
    assert_eq!(place.is_more_than_prefix.as_deref(), Some("It is not for `/private/*`."));
    assert_eq!((place.name.as_str(), place.host.as_deref()), ("a-example", Some("a.example, b.example")));
}

#[test]
fn the_file_server_refuses_preflights_itself() {
    let files = server(":443 {\nheader Access-Control-Allow-Origin *\nfile_server\n}");
    let answer = ask(&*files, "OPTIONS", "/", &[APP, PUT], 405);
    assert_eq!((answer.status, answer.answered_at.map(|at| at.line)), (405, Some(3)));
    assert_eq!(ask(&*files, "GET", "/", &[APP], 404).answered_at, None);
}

/// Snippets that import each other twice would double with each level.
#[test]
fn imports_that_grow_are_refused() {
    let mut text = "(s0) {\nheader a b\n}\n".to_owned();
    for level in 1..45 {
        text.push_str(&format!("(s{level}) {{\nimport s{0}\nimport s{0}\n}}\n", level - 1));
    }
    text.push_str(":443 {\nimport s44\n}\n");
    assert!(read(&text, super::read).err().unwrap().message.contains("400000 words"));
}

#[test]
fn routes_and_maps_that_call_themselves_end() {
    let text = "&(a) {\ninvoke b\ninvoke b\n}\n&(b) {\ninvoke a\ninvoke a\n}\n:443 {\n\
        map {x} {x} {\ndefault {x}{x}\n}\nheader Access-Control-Allow-Origin {x}\ninvoke a\n}\n";
    assert_eq!(ask(&*server(text), "GET", "/", &[APP], 200).status, 500);
}

/// The file after its changes.
fn mended(text: &str, meant: &[&str]) -> String {
    let source = Source { name: "Caddyfile".to_owned(), text: text.to_owned() };
    let meant: Vec<String> = meant.iter().map(|entry| (*entry).to_owned()).collect();
    let mended = mend(Kind::Caddy, source, &mut no_includes, &meant).unwrap();
    mended.files.first().map_or_else(|| text.to_owned(), |file| file.after.clone())
}

#[test]
fn changes_are_small_and_in_the_style_of_the_file() {
    for (name, before, after) in [
        (
            "Vary, on every response",
            "a.example {\n  @c header Origin https://b.example\n  handle @c {\n    header Access-Control-Allow-Origin https://b.example\n  }\n  respond 204\n}\n",
            "a.example {\n  @c header Origin https://b.example\n  header +Vary Origin\n  handle @c {\n    header Access-Control-Allow-Origin https://b.example\n  }\n  respond 204\n}\n",
        ),
        (
            "an origin with a slash",
            "a.example {\n\theader +Vary Origin\n\t@c {\n\t\theader Origin https://a.example\n\t\theader Origin https://b.example/\n\t}\n\theader @c Access-Control-Allow-Origin {header.Origin}\n\trespond 204\n}\n",
            "a.example {\n\theader +Vary Origin\n\t@c {\n\t\theader Origin https://a.example\n\t\theader Origin https://b.example\n\t}\n\theader @c Access-Control-Allow-Origin {header.Origin}\n\trespond 204\n}\n",
        ),
        (
            "an expression",
            "a.example {\n\theader +Vary Origin\n\t@c header_regexp Origin ^https://b.example$\n\theader @c Access-Control-Allow-Origin {header.Origin}\n\trespond 204\n}\n",
            "a.example {\n\theader +Vary Origin\n\t@c header_regexp Origin ^https://b\\.example$\n\theader @c Access-Control-Allow-Origin {header.Origin}\n\trespond 204\n}\n",
        ),
        (
            "credentials with a star",
            "a.example {\n\theader {\n\t\tAccess-Control-Allow-Origin *\n\t\tAccess-Control-Allow-Credentials true\n\t}\n\trespond 204\n}\n",
            "a.example {\n\theader {\n\t\tAccess-Control-Allow-Origin *\n\t}\n\trespond 204\n}\n",
        ),
        (
            "an application's own headers, and preflights",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\theader Access-Control-Allow-Methods PUT\n\treverse_proxy app:80\n}\n",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\theader Access-Control-Allow-Methods PUT\n\t@preflight {\n\t\tmethod OPTIONS\n\t\theader Origin *\n\t\theader Access-Control-Request-Method *\n\t}\n\
             \trespond @preflight 204\n\treverse_proxy app:80 {\n\t\theader_down -Access-Control-*\n\t}\n}\n",
        ),
        (
            "preflights that the application may answer itself",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\treverse_proxy app:80 {\n\t\theader_down -Access-Control-*\n\t}\n}\n",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\treverse_proxy app:80 {\n\t\theader_down -Access-Control-*\n\t}\n}\n",
        ),
        (
            "preflights of some paths, and an application that has others",
            "a.example {\n\thandle /hook {\n\t\treverse_proxy app:81\n\t}\n\theader /public/* {\n\t\tAccess-Control-Allow-Origin *\n\t\tAccess-Control-Allow-Methods PUT\n\t}\n\treverse_proxy app:80\n}\n",
            "a.example {\n\thandle /hook {\n\t\treverse_proxy app:81\n\t}\n\theader /public/* {\n\t\tAccess-Control-Allow-Origin *\n\t\tAccess-Control-Allow-Methods PUT\n\t}\n\
             \t@preflight {\n\t\tmethod OPTIONS\n\t\tpath /public/*\n\t\theader Origin *\n\t\theader Access-Control-Request-Method *\n\t}\n\trespond @preflight 204\n\treverse_proxy app:80\n}\n",
        ),
        (
            "preflights in several blocks",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\theader Access-Control-Allow-Methods PUT\n\thandle /a/* {\n\t\treverse_proxy a:80 {\n\t\t\theader_down -Access-Control-*\n\t\t}\n\t}\n\
             \thandle {\n\t\treverse_proxy b:80 {\n\t\t\theader_down -Access-Control-*\n\t\t}\n\t}\n}\n",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\theader Access-Control-Allow-Methods PUT\n\
             \t@preflight {\n\t\tmethod OPTIONS\n\t\theader Origin *\n\t\theader Access-Control-Request-Method *\n\t}\n\thandle @preflight {\n\t\trespond 204\n\t}\n\
             \thandle /a/* {\n\t\treverse_proxy a:80 {\n\t\t\theader_down -Access-Control-*\n\t\t}\n\t}\n\
             \thandle {\n\t\treverse_proxy b:80 {\n\t\t\theader_down -Access-Control-*\n\t\t}\n\t}\n}\n",
        ),
        (
            "an answer to preflights that handle comes before",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\t@pre method OPTIONS\n\thandle /a/* {\n\t\trespond ok\n\t}\n\thandle {\n\t\trespond ok\n\t}\n\trespond @pre 204\n}\n",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\t@pre method OPTIONS\n\thandle @pre {\n\t\trespond 204\n\t}\n\thandle /a/* {\n\t\trespond ok\n\t}\n\thandle {\n\t\trespond ok\n\t}\n}\n",
        ),
        (
            "any origin with credentials, whose preflights stay as they are",
            "a.example {\n\theader {\n\t\tAccess-Control-Allow-Origin {header.Origin}\n\t\tAccess-Control-Allow-Credentials true\n\t\tAccess-Control-Allow-Methods PUT\n\t\t+Vary Origin\n\t}\n\treverse_proxy app:80 {\n\t\theader_down -Access-Control-*\n\t}\n}\n",
            "a.example {\n\theader {\n\t\tAccess-Control-Allow-Origin {header.Origin}\n\t\tAccess-Control-Allow-Credentials true\n\t\tAccess-Control-Allow-Methods PUT\n\t\t+Vary Origin\n\t}\n\treverse_proxy app:80 {\n\t\theader_down -Access-Control-*\n\t}\n}\n",
        ),
        (
            "deferred headers on errors",
            "a.example {\n\theader >Access-Control-Allow-Origin *\n\tfile_server\n}\n",
            "a.example {\n\theader Access-Control-Allow-Origin *\n\tfile_server\n}\n",
        ),
    ] {
        assert_eq!(mended(before, &[]), after, "{name}");
    }
    let echoed = "a.example {\n\theader {\n\t\tAccess-Control-Allow-Origin {header.Origin}\n\t\tAccess-Control-Allow-Credentials true\n\t\tVary Origin\n\t}\n\trespond 204\n}\n";
    let listed = mended(echoed, &["https://b.example"]);
    // `Vary` is needed for origins that are not allowed, too.
    assert!(
        listed.contains("\t@allowed header_regexp Origin ^https://b\\.example$\n\theader +Vary Origin\n\theader @allowed {\n"),
        "{listed}"
    );
}

/// Each of these would take minutes if reading compared everything with everything.
#[test]
fn large_files_are_read_in_linear_time() {
    let many = |line: &str| line.repeat(10_000);
    for text in [
        many("a.example {\nheader Access-Control-Allow-Origin *\n}\n"),
        format!(":443 {{\n@x {{\n{}{}}}\n}}\n", many("not path /a\n"), many("path /b\n")),
        format!(
            ":443 {{\n{}}}\n",
            format!("header {{\nAccess-Control-Allow-Origin *\n{}}}\n", many("X-A a\n")).repeat(2)
        ),
        format!(":443 {{\n{}}}\n", many("handle /a* {\nheader Access-Control-Allow-Origin *\n}\n")),
        format!(
            ":443 {{\n{}respond \"{}\"\n}}\n",
            many("header /a Access-Control-Allow-Origin {header.Origin}\n"),
            many("{")
        ),
    ] {
        let server = server(&text);
        assert!(server.places().len() <= 200);
        ask(&*server, "GET", "/a", &[APP], 200);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Lines of real configurations in any order, and with pieces of them removed.
    #[test]
    fn nothing_panics(lines in prop::collection::vec((0_usize..400, 0_usize..60, any::<bool>()), 0..60), noise in ".{0,20}") {
        let sources = [
            include_str!("../../../../conformance/import/caddy/cors-snippet/config.Caddyfile"),
            include_str!("../../../../conformance/import/caddy/errors-without/config.Caddyfile"),
            include_str!("../../../../conformance/import/caddy/right/config.Caddyfile"),
            include_str!("../../../../conformance/import/caddy-features/matchers/config.Caddyfile"),
            include_str!("../../../../conformance/import/caddy-features/route/config.Caddyfile"),
        ];
        let known: Vec<&str> = sources.iter().flat_map(|source| source.lines()).collect();
        let mut text = String::new();
        for (number, cut, is_cut) in lines {
            let line = known[number % known.len()];
            text.extend(line.chars().skip(if is_cut { cut } else { 0 }));
            text.push('\n');
        }
        text.push_str(&noise);
        if let Ok(server) = read(&text, super::read) {
            for place in server.places() {
                ask(&*server, "OPTIONS", &place.path, &[APP, PUT], 200);
            }
            ask(&*server, "GET", "/a/items", &[EVIL], 404);
            server.mentions();
        }
    }
}
