//! Command lines and `.http` files.

use corsac::browser::{Credentials, Mode, RedirectMode};

use super::super::Kind::{CurlBash, CurlCmd, HttpFile, Httpie, PowerShell};
use super::super::{Kind, looks_like};
use super::{Expected, is, request};

const URL: &str = "https://api.example/items";
const FORM: &str = "content-type: application/x-www-form-urlencoded";

#[test]
fn curl_in_a_unix_shell() {
    let get: Expected<'_> = (CurlBash, "GET", URL, &[], None);
    let form = |body| (CurlBash, "POST", URL, &[FORM][..], Some(body));
    let table: [(&str, &str, Expected<'_>); 34] = [
        ("plain", "curl https://api.example/items", get),
        ("a prompt", "$ curl https://api.example/items", get),
        ("a prompt with a name", "me@host:~/work$ curl https://api.example/items", get),
        ("a comment and a fence", "```bash\n# get them\ncurl https://api.example/items\n```", get),
        ("with a path and .exe", "/usr/bin/curl.exe 'https://api.example/items'", get),
        ("--url=", "curl --url=https://api.example/items", get),
        ("combined short options", "curl -sSLk https://api.example/items", get),
        ("an assignment in front", "A=1 curl https://api.example/items", get),
        ("-X joined", "curl -XPUT https://api.example/items", (CurlBash, "PUT", URL, &[], None)),
        ("-I", "curl -I https://api.example/items", (CurlBash, "HEAD", URL, &[], None)),
        ("-d", "curl https://api.example/items -d a=1 -d b=2", form("a=1&b=2")),
        ("--data-raw with @", "curl https://api.example/items --data-raw @a", form("@a")),
        ("--data-binary", "curl https://api.example/items --data-binary 'a\nb'", form("a\nb")),
        ("--data-urlencode", "curl https://api.example/items --data-urlencode 'a=b&c'", form("a=b%26c")),
        (
            "--data-urlencode without a name",
            "curl https://api.example/items --data-urlencode '=b&c'",
            form("b%26c"),
        ),
        (
            "-G",
            "curl -G https://api.example/items -d a=1",
            (CurlBash, "GET", "https://api.example/items?a=1", &[], None),
        ),
        (
            "--json",
            "curl --json '{\"a\":1}' https://api.example/items",
            (
                CurlBash,
                "POST",
                URL,
                &["content-type: application/json", "accept: application/json"],
                Some("{\"a\":1}"),
            ),
        ),
        (
            "-u",
            "curl -u me:pw https://api.example/items",
            (CurlBash, "GET", URL, &["Authorization: Basic bWU6cHc="], None),
        ),
        (
            "a user in the URL",
            "curl https://me:pw@api.example/items",
            (CurlBash, "GET", URL, &["Authorization: Basic bWU6cHc="], None),
        ),
        (
            "an empty header",
            "curl https://api.example/items -H 'X-A;'",
            (CurlBash, "GET", URL, &["X-A: "], None),
        ),
        ("a removed header", "curl https://api.example/items -H 'Accept:'", get),
        (
            "a removed type",
            "curl https://api.example/items -H 'Content-Type:' -d a",
            (CurlBash, "POST", URL, &[], Some("a")),
        ),
        ("an agent and a referer", "curl https://api.example/items -A x -e https://app.example/", get),
        (
            "line continuations",
            "curl \\\n  'https://api.example/items' \\\r\n -X PUT",
            (CurlBash, "PUT", URL, &[], None),
        ),
        ("quotes beside each other", "curl https://api.example/items -d 'don'\\''t'", form("don't")),
        ("double quotes", "curl https://api.example/items -d \"a\\\"b\\\\c\\d\"", form("a\"b\\c\\d")),
        ("ANSI-C quotes", "curl https://api.example/items -d $'a\\u0021\\'\\n\\x41\\101'", form("a!'\nAA")),
        ("a pair of surrogates", "curl https://api.example/items -d $'\\uD83E\\uDD8A'", form("🦊")),
        ("a lone surrogate", "curl https://api.example/items -d $'\\uD83Ex'", form("\u{fffd}x")),
        ("a body with a caret", "curl https://api.example/items -d 'a ^\" b' \\\n  -s", form("a ^\" b")),
        (
            "a header's variable",
            "curl https://api.example/items -H \"Authorization: Bearer $TOKEN\"",
            (CurlBash, "GET", URL, &["Authorization: Bearer TOKEN"], None),
        ),
        ("a pipe", "curl https://api.example/items | jq .", get),
        (
            "two headers of one name",
            "curl https://api.example/items -H 'X-A: 1' -H 'X-A: 2'",
            (CurlBash, "GET", URL, &["X-A: 1", "X-A: 2"], None),
        ),
        ("no scheme", "curl localhost:3000/a", (CurlBash, "GET", "http://localhost:3000/a", &[], None)),
    ];
    for (name, text, expected) in table {
        is(text, name, expected);
    }
}

#[test]
fn curl_in_a_command_prompt_of_windows() {
    let table: [(&str, &str, Expected<'_>); 4] = [
        (
            "as Chromium writes it",
            "curl ^\"https://api.example/a^%^20b?c=1^&d=2^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"1^\\^\"^}^\"",
            (
                CurlCmd,
                "POST",
                "https://api.example/a%20b?c=1&d=2",
                &["content-type: application/json"],
                Some("{\"a\":\"1\"}"),
            ),
        ),
        (
            "as older browsers wrote it",
            "curl \"https://api.example/items\" ^\n  -H \"X-A: say \"\"hi\"\"\" ^\n  --compressed",
            (CurlCmd, "GET", URL, &["X-A: say \"hi\""], None),
        ),
        (
            "a prompt",
            "C:\\Users\\me>curl \"https://api.example/items\" -d \"a\\\\b\"",
            (CurlCmd, "POST", URL, &[FORM], Some("a\\\\b")),
        ),
        (
            "a line feed in a body",
            "curl \"https://api.example/items\" ^\n -d ^\"a^\n\nb^\"",
            (CurlCmd, "POST", URL, &[FORM], Some("a\nb")),
        ),
    ];
    for (name, text, expected) in table {
        is(text, name, expected);
    }
}

#[test]
fn power_shell() {
    const BROWSER: &str = "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.UserAgent = \"Mozilla/5.0 (Windows NT 10.0)\"
$session.Cookies.Add((New-Object System.Net.Cookie(\"sid\", \"1`$2\", \"/\", \"api.example\")))
Invoke-WebRequest -UseBasicParsing -Uri \"https://api.example/items\" `
-Method \"POST\" `
-WebSession $session `
-Headers @{
\"authority\"=\"api.example\"
  \"method\"=\"POST\"
  \"path\"=\"/items\"
  \"scheme\"=\"https\"
  \"accept\"=\"*/*\"
  \"origin\"=\"https://app.example\"
  \"sec-fetch-mode\"=\"cors\"
  \"x-own\"=\"a\"
} `
-ContentType \"application/json\" `
-Body ([System.Text.Encoding]::UTF8.GetBytes(\"{`\"a`\":`\"$([char]228)`\"}\"))";
    let expected: Expected<'_> =
        (PowerShell, "POST", URL, &["x-own: a", "Content-Type: application/json"], Some("{\"a\":\"ä\"}"));
    let read = is(BROWSER, "as Chromium writes it", expected);
    assert_eq!(read.cookies, ["sid=1$2"]);
    assert_eq!(read.credentials, Some(Credentials::Include));
    assert_eq!(read.origin.unwrap().as_str(), "https://app.example");

    let table: [(&str, &str, Expected<'_>); 7] = [
        ("short", "irm https://api.example/items", (PowerShell, "GET", URL, &[], None)),
        (
            "a prompt",
            "PS C:\\work> iwr -Uri 'https://api.example/items' -Method Delete",
            (PowerShell, "DELETE", URL, &[], None),
        ),
        (
            "variables with values",
            "$h = @{ 'X-A' = 'it''s'; \"X-B\" = \"$token\" }\n$r = Invoke-RestMethod -Uri https://api.example/items -Headers $h",
            (PowerShell, "GET", URL, &["X-A: it's", "X-B: token"], None),
        ),
        (
            "a table as a query",
            "iwr https://api.example/items -Body @{a=1}",
            (PowerShell, "GET", "https://api.example/items?a=1", &[], None),
        ),
        (
            "a table as a form",
            "iwr https://api.example/items -Method POST -Body @{a=1}",
            (PowerShell, "POST", URL, &[FORM], Some("a=1")),
        ),
        (
            "curl",
            "curl.exe 'https://api.example/items' `\n  -H 'Content-Type: application/json' `\n  -d '{\\\"a\\\":1}'",
            (PowerShell, "POST", URL, &["Content-Type: application/json"], Some("{\"a\":1}")),
        ),
        (
            "the alias curl",
            "curl -Uri https://api.example/items -Method PUT",
            (PowerShell, "PUT", URL, &[], None),
        ),
    ];
    for (name, text, expected) in table {
        is(text, name, expected);
    }
}

#[test]
fn httpie() {
    let json = "content-type: application/json";
    let table: [(&str, &str, Expected<'_>); 10] = [
        ("plain", "http GET https://api.example/items", (Httpie, "GET", URL, &[], None)),
        ("https", "https api.example/items", (Httpie, "GET", URL, &[], None)),
        ("this machine", "http :3000/path", (Httpie, "GET", "http://localhost:3000/path", &[], None)),
        (
            "the default port of this machine",
            "http :/path",
            (Httpie, "GET", "http://localhost/path", &[], None),
        ),
        (
            "items",
            "http PUT https://api.example/items X-A:b a=b c:=1 q==v",
            (
                Httpie,
                "PUT",
                "https://api.example/items?q=v",
                &["X-A: b", json],
                Some("{\"a\":\"b\",\"c\":1}"),
            ),
        ),
        ("a form", "http -f https://api.example/items a=b", (Httpie, "POST", URL, &[FORM], Some("a=b"))),
        ("raw", "http https://api.example/items --raw '{}'", (Httpie, "POST", URL, &[json], Some("{}"))),
        (
            "auth",
            "http -a me:pw https://api.example/items",
            (Httpie, "GET", URL, &["Authorization: Basic bWU6cHc="], None),
        ),
        (
            "bearer",
            "http -A bearer -a t https://api.example/items",
            (Httpie, "GET", URL, &["Authorization: Bearer t"], None),
        ),
        (
            "an escaped separator",
            "http https://api.example/items 'a\\=b=c'",
            (Httpie, "POST", URL, &[json], Some("{\"a=b\":\"c\"}")),
        ),
    ];
    for (name, text, expected) in table {
        is(text, name, expected);
    }
}

#[test]
fn http_files() {
    let table: [(&str, &str, Expected<'_>); 5] = [
        (
            "whole",
            "@host = api.example\n### items\n# @name items\nPOST https://{{host}}/items HTTP/1.1\nContent-Type: application/json\nX-A: 1\n\n{\"a\":\n1}\n\n###\nGET https://b.example/\n",
            (HttpFile, "POST", URL, &["Content-Type: application/json", "X-A: 1"], Some("{\"a\":\n1}")),
        ),
        (
            "a query on lines of its own",
            "GET https://api.example/items\n    ?a=1\n    &b=2",
            (HttpFile, "GET", "https://api.example/items?a=1&b=2", &[], None),
        ),
        (
            "variables of variables",
            "@b = {{a}}/items\n@a = https://api.example\n\nGET {{b}}",
            (HttpFile, "GET", URL, &[], None),
        ),
        (
            "a response handler",
            "GET https://api.example/items\n\n> {%\n client.log(1)\n%}\n",
            (HttpFile, "GET", URL, &[], None),
        ),
        (
            "a head as it is sent",
            "GET /items HTTP/1.1\nHost: api.example\nX-A: 1",
            (HttpFile, "GET", URL, &["X-A: 1"], None),
        ),
    ];
    for (name, text, expected) in table {
        is(text, name, expected);
    }
    let others = request("GET https://a.example/\n###\nGET https://b.example/\n###\nGET https://c.example/");
    assert!(
        others.notes.iter().any(|note| note.contains("2 other requests were ignored")),
        "{:?}",
        others.notes
    );
}

#[test]
fn what_browsers_set_is_left_out_of_a_copy() {
    const COPY: &str = "curl 'https://api.example/items' \\
  -H 'accept: */*' \\
  -H 'accept-language: de-DE,de;q=0.9' \\
  -b 'a=1; b=2' \\
  -H 'cache-control: no-cache' \\
  -H 'origin: https://app.example' \\
  -H 'pragma: no-cache' \\
  -H 'priority: u=1, i' \\
  -H 'referer: https://other.example/page' \\
  -H 'sec-ch-ua: \"Chromium\";v=\"140\"' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64)' \\
  -H 'x-own: 1' \\
  --compressed -L -k";
    let copy = is(COPY, "a copy", (CurlBash, "GET", URL, &["x-own: 1"], None));
    assert_eq!(copy.cookies, ["a=1", "b=2"]);
    assert_eq!(copy.credentials, Some(Credentials::Include));
    assert_eq!(copy.origin.unwrap().as_str(), "https://app.example");
    assert_eq!(copy.redirect, Some(RedirectMode::Follow));
    assert!(copy.insecure);
    let notes = copy.notes.join("\n");
    for expected in
        ["`sec-fetch-mode`", "`cache-control`", "`--compressed`", "cookies, which a browser sends"]
    {
        assert!(notes.contains(expected), "{expected}: {notes}");
    }
    assert!(!notes.contains("a=1") && !notes.contains("Mozilla"), "{notes}");

    // A person who writes these headers means them.
    let written =
        request("curl https://api.example/items -H 'cache-control: no-cache' -H 'pragma: no-cache'");
    assert_eq!(written.headers.len(), 2);
    assert_eq!(written.credentials, None);
}

#[test]
fn the_origin_is_that_of_the_origin_header_then_of_the_referer() {
    let table = [
        ("-H 'Origin: https://a.example' -e https://b.example/", Some("https://a.example")),
        ("-e 'https://b.example:8443/x;auto'", Some("https://b.example:8443")),
        ("-H 'Origin: null'", Some("null")),
        ("-H 'Referer: about:client'", None),
        ("", None),
    ];
    for (options, expected) in table {
        let read = request(&format!("curl https://api.example/ {options}"));
        assert_eq!(read.origin.as_ref().map(|origin| origin.as_str()), expected, "{options}");
    }
}

/// Found by `scripts/fuzz written_request`.
#[test]
fn a_written_preflight_cannot_ask_for_what_browsers_set() {
    let text = "curl https://api.example/items -X OPTIONS -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: x-own,Cookie'";
    is(text, "a cookie", (CurlBash, "PUT", URL, &["x-own: value"], None));
}

#[test]
fn a_copied_preflight_is_the_request_that_it_asks_about() {
    let text = "curl 'https://api.example/items' -X 'OPTIONS' -H 'accept: */*' -H 'access-control-request-headers: content-type,x-own' \
                -H 'access-control-request-method: PUT' -H 'origin: https://app.example' -H 'sec-fetch-mode: cors'";
    let headers = ["content-type: application/json", "x-own: value"];
    let read = is(text, "a preflight", (CurlBash, "PUT", URL, &headers, None));
    assert!(read.notes.iter().any(|note| note.contains("preflight")), "{:?}", read.notes);
}

#[test]
fn the_mode_is_that_of_the_copy_unless_it_is_a_navigation() {
    let mode = |value: &str| request(&format!("curl https://api.example/ -H 'Sec-Fetch-Mode: {value}'"));
    assert_eq!(mode("no-cors").mode, Some(Mode::NoCors));
    assert_eq!(mode("same-origin").mode, Some(Mode::SameOrigin));
    let navigation = mode("navigate");
    assert_eq!(navigation.mode, None);
    assert!(navigation.notes.iter().any(|note| note.contains("navigation")), "{:?}", navigation.notes);
}

#[test]
fn only_requests_look_like_one() {
    let table = [
        ("", None),
        ("curl", None),
        ("https://api.example/items", None),
        ("cors-not-enabled", None),
        (
            "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy",
            None,
        ),
        ("GET https://api.example/ net::ERR_FAILED 200 (OK)", None),
        ("GET https://api.example/ [HTTP/1.1 200 OK 12ms]", None),
        ("app.js:3 POST https://api.example/ 401 (Unauthorized)", None),
        ("Fetch API cannot load https://api.example/ due to access control checks.", None),
        ("fetch is not defined", None),
        ("http error 401: not allowed.", None),
        ("> await fetch(\"https://api.example/\")", Some(Kind::Fetch)),
        ("const r = await window.fetch(`x`)", Some(Kind::Fetch)),
        ("### list\nGET {{host}}/items", Some(HttpFile)),
        ("$ http :3000", Some(Httpie)),
    ];
    for (text, expected) in table {
        assert_eq!(looks_like(text), expected, "{text}");
    }
}
