//! What is refused, and what no text can do.

use proptest::prelude::*;

use super::super::{ReadError, looks_like, read};

#[test]
fn what_would_do_more_than_send_one_request_is_refused_by_name() {
    let curl = "curl https://api.example/";
    let table = [
        (format!("{curl} -d @secret.txt"), "`-d @FILE`"),
        (format!("{curl} --data-binary @-"), "`--data-binary @FILE`"),
        (format!("{curl} --data-urlencode a@secret.txt"), "`--data-urlencode @FILE`"),
        (format!("{curl} --json @secret.txt"), "`--json @FILE`"),
        (format!("{curl} -H @secret.txt"), "`-H @FILE`"),
        (format!("{curl} -b cookies.txt"), "`-b FILE`"),
        (format!("{curl} -c cookies.txt"), "`-c`"),
        (format!("{curl} -F a=@secret.txt"), "`-F`"),
        (format!("{curl} --form a=b"), "`--form`"),
        (format!("{curl} -T secret.txt"), "`-T`"),
        (format!("{curl} -o out.json"), "`-o`"),
        (format!("{curl} -sSo out.json"), "`-o`"),
        (format!("{curl} --output=out.json"), "`--output`"),
        (format!("{curl} -O"), "`-O`"),
        (format!("{curl} -K config"), "`-K`"),
        (format!("{curl} --config config"), "`--config`"),
        (format!("{curl} --next {curl}"), "`--next`"),
        (format!("{curl} -: {curl}"), "`-:`"),
        (format!("{curl} -n"), "`-n`"),
        (format!("{curl} -D -"), "`-D`"),
        (format!("{curl} --unix-socket /run/x"), "`--unix-socket`"),
        (format!("{curl} --digest -u a:b"), "`--digest`"),
        (format!("{curl} -d $(cat secret.txt)"), "`$(...)`"),
        (format!("{curl} -d \"$(cat secret.txt)\""), "`$(...)`"),
        (format!("{curl} -d \"${{A:-$(id)}}\""), "`$(...)`"),
        (format!("{curl} -d `id`"), "``...``"),
        (format!("{curl} -d \"`id`\""), "``...``"),
        (format!("{curl} > out.json"), "`>`"),
        (format!("{curl} -d a < in.json"), "`<`"),
        ("C:\\>curl https://api.example/ > out.json".to_owned(), "`>`"),
        ("http https://api.example/ a@secret.txt".to_owned(), "`a@FILE`"),
        ("http https://api.example/ a=@secret.txt".to_owned(), "`a=@FILE`"),
        ("http https://api.example/ a:=@secret.json".to_owned(), "`a:=@FILE`"),
        ("http https://api.example/ X-A:@secret.txt".to_owned(), "`X-A:@FILE`"),
        ("http -d https://api.example/".to_owned(), "`-d`"),
        ("http --session=me https://api.example/".to_owned(), "`--session`"),
        ("http -a $(id) https://api.example/".to_owned(), "`$(...)`"),
        ("iwr https://api.example/ -OutFile out".to_owned(), "`-OutFile`"),
        ("iwr https://api.example/ -InFile in".to_owned(), "`-InFile`"),
        ("iwr https://api.example/ -Body \"$(Get-Content in)\"".to_owned(), "`$(...)`"),
        ("POST https://api.example/\n\n< ./secret.txt".to_owned(), "`< FILE`"),
    ];
    for (text, what) in table {
        let error = read(&text).unwrap_err();
        assert!(matches!(error, ReadError::Refused { .. }), "{text}: {error}");
        assert!(
            error.to_string().starts_with(&format!("{what} cannot be used here, because ")),
            "{text}: {error}"
        );
        assert!(!error.to_string().contains("secret"), "{text}: {error}");
    }
}

#[test]
fn an_error_names_what_is_wrong_and_no_secret() {
    let deep = format!("fetch('https://a.example/', {{a: {}1}})", "[".repeat(100_000));
    let table = [
        ("", "the text is empty"),
        ("hello", "no request that Corsac can read"),
        ("curl -s -S", "has no URL"),
        ("curl https://a.example/ --frobnicate x", "`--frobnicate` is no option of curl"),
        ("curl https://a.example/ -X", "`-X` needs a value"),
        ("curl https://a.example/ -H s3cret", "`-H` needs a header"),
        ("curl https://a.example/ -H 's3cret", "has no end"),
        ("curl $HOST/?t=s3cret", "the URL is `$HOST`"),
        ("curl https://a.example/ -X ${METHOD}", "the method is `${METHOD}`"),
        ("curl https://a.example/ -H \"$NAME: s3cret\"", "the name of a header is `$NAME`"),
        ("curl 'https://a b/?t=s3cret'", "`https://a b/` is not the URL"),
        ("curl ftp://u:s3cret@a.example/", "only URLs of http"),
        ("fetch(url)", "the URL is `url`"),
        ("fetch(`${base}/items`)", "the URL is `${base}`"),
        ("fetch('/items')", "relative"),
        ("fetch('https://a.example/', options)", "is `options`"),
        ("fetch('https://a.example/', {...options, body: 's3cret'})", "a part of an object"),
        ("fetch('https://a.example/', {method: m})", "the method is `m`"),
        ("fetch('https://a.example/', {method: up ? 'PUT' : 's3cret'})", "the method is `up`"),
        ("fetch('https://a.example/', {headers: h})", "`headers` is `h`"),
        ("fetch('https://a.example/', {headers: {[n]: 's3cret'}})", "the name of a field is `[n]`"),
        ("fetch('https://a.example/', {headers: {a: '\u{20ac}'}})", "characters above U+00FF"),
        ("fetch('https://a.example/', {body: new FormData(f)})", "the body is `new FormData(...)`"),
        ("fetch('https://a.example/', {credentials: 'all'})", "`credentials` needs"),
        ("fetch('https://a.example/', {a: 's3cret", "has no end"),
        ("fetch('https://a.example/' 1", "line 1 has"),
        (&deep, "more than 64"),
        ("http PUT https://a.example/ word", "a request item of HTTPie"),
        ("GET {{host}}/items", "the variable `{{host}}` is not defined"),
        ("GET https://a.example/{{$guid}}", "is `{{$guid}}`"),
        ("@a = {{a}}\nGET https://a.example/{{a}}", "more than 64"),
        ("GET https://a.example/\ns3cret", "on each line"),
        ("iwr $url", "the URL is `$url`"),
        ("iwr https://a.example/ -Frob 1", "`-Frob` is no option of Invoke-WebRequest"),
    ];
    for (text, part) in table {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(part), "{part}: {error}");
        assert!(
            text == "curl https://a.example/ -H s3cret"
                || !error.contains("s3cret")
                || text.ends_with("\ns3cret"),
            "{error}"
        );
    }
}

#[test]
fn more_than_a_mebibyte_is_not_read_and_a_mebibyte_does_not_take_long() {
    assert_eq!(read(&"a".repeat((1 << 20) + 1)), Err(ReadError::TooLong));
    let started = std::time::Instant::now();
    let full =
        |start: &str, part: &str| format!("{start}{}", part.repeat(((1 << 20) - start.len()) / part.len()));
    for text in [
        full("curl a.example ", "-H a:b "),
        full("curl a.example ", "-u a:b "),
        full("curl a.example ", "-H pragma:a "),
        full("curl a.example -d \"", "${a"),
        full("curl a.example -d \"", "${a}"),
        full("curl ", "'"),
        full("curl ^\n ", "^\""),
        full("http a.example ", "a:b c: "),
        full("http a.example ", "a=b "),
        full("fetch('https://a.example/', {", "a:b,"),
        full("fetch('https://a.example/', ", "["),
        full("fetch(", "`${"),
        full("fetch(", "("),
        full("fetch('https://a.example/');", "fetch("),
        full("iwr https://a.example/ ", "-Headers @{a=1} "),
        full("$a = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'\niwr ", "-Body $a "),
        full("$a = 'b'\niwr ", "@{a="),
        full("@a={{b}}{{b}}\n@b={{c}}{{c}}\n@c={{d}}{{d}}\nGET https://a.example/", "{{a}}"),
        full("GET https://a.example/\n", "a: b\n"),
        full("", "#\n"),
        full("", "$ "),
        full("a", "=a"),
    ] {
        _ = read(&text);
        _ = looks_like(&text);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// Parts of requests, so that made-up texts reach the insides of the readers.
fn parts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "curl ",
            "curl.exe ",
            "http ",
            "https ",
            "fetch(",
            "axios.",
            "post(",
            "iwr ",
            "$session",
            ".Cookies.Add(",
            "= ",
            "GET ",
            "POST ",
            "https://a.example/",
            "a.example",
            ":3000",
            " -H ",
            "-d",
            "-u a:b ",
            "-G ",
            "--json=",
            "-b ",
            "'",
            "\"",
            "`",
            "^",
            "^\"",
            "\\",
            "\\\n",
            "^\n",
            "`\n",
            "\n",
            "\n\n",
            "###",
            "{{",
            "}}",
            "@a = ",
            "@{",
            "@'\n",
            "\n'@",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ",",
            ":",
            ":=",
            "==",
            ";",
            "$'",
            "$",
            "${",
            "$(",
            "\\u",
            "\\x",
            "d83e",
            "\\ud83e",
            "headers:",
            "body:",
            "JSON.stringify(",
            "new Headers(",
            "...",
            "+",
            "//",
            "/*",
            "*/",
            "é",
            "🦊",
            "-Headers ",
            "-Body ",
            "$([char]",
            "> ",
            "$ ",
            "PS C:\\> ",
            "```",
            "origin: ",
            "cookie: a=1",
            "|",
            "&",
            "%",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,3}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_what_is_read_has_no_headers_of_the_browser(text in parts()) {
        match read(&text) {
            Ok(request) => {
                prop_assert!(looks_like(&text).is_some());
                for (name, value) in &request.headers {
                    prop_assert!(!corsac::header::is_forbidden_request_header(name, value), "{name}");
                }
            }
            Err(error) => prop_assert!(!error.to_string().chars().any(char::is_control), "{error:?}"),
        }
    }
}
