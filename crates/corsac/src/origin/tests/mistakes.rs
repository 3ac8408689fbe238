//! Strings that are not origins, and what was meant by them.

use crate::origin::*;

#[test]
fn every_mistake_is_named_with_what_was_meant() {
    use OriginMistake as M;
    let cases = [
        ("", M::Empty, None),
        (" \t", M::Empty, None),
        (" https://app.example", M::Whitespace, Some("https://app.example")),
        ("https://app.example\n", M::Whitespace, Some("https://app.example")),
        ("\thttps://app.example/ ", M::Whitespace, Some("https://app.example")),
        (" null ", M::Whitespace, Some("null")),
        ("https://app .example", M::Whitespace, None),
        ("https://app\0.example", M::Whitespace, None),
        ("https://a.example,https://b.example", M::SeveralValues, None),
        ("https://a.example, https://b.example", M::SeveralValues, None),
        ("https://a.example https://b.example", M::SeveralValues, None),
        ("*", M::Wildcard, None),
        ("https://*.example", M::Wildcard, None),
        ("https://*", M::Wildcard, None),
        ("*://app.example", M::Scheme, None),
        ("http://localhost:*", M::Wildcard, None),
        ("app.example", M::MissingScheme, Some("https://app.example")),
        ("app.example:8080", M::MissingScheme, Some("https://app.example:8080")),
        ("app.example:443", M::MissingScheme, Some("https://app.example")),
        ("app.example/login?next=https://b.example", M::MissingScheme, Some("https://app.example")),
        ("//app.example", M::MissingScheme, Some("https://app.example")),
        ("://app.example", M::MissingScheme, Some("https://app.example")),
        ("https:app.example", M::MissingScheme, Some("https://app.example")),
        ("https:/app.example", M::MissingScheme, Some("https://app.example")),
        ("https:\\\\app.example\\", M::MissingScheme, Some("https://app.example")),
        ("localhost", M::MissingScheme, Some("http://localhost")),
        ("localhost:3000", M::MissingScheme, Some("http://localhost:3000")),
        ("127.0.0.1:8080", M::MissingScheme, Some("http://127.0.0.1:8080")),
        ("[::1]:8080", M::MissingScheme, Some("http://[::1]:8080")),
        ("::1", M::MissingScheme, Some("http://[::1]")),
        ("1http://app.example", M::Scheme, None),
        ("ht_tp://app.example", M::Scheme, None),
        ("file:///home/me/index.html", M::OpaqueScheme, None),
        ("file://", M::OpaqueScheme, None),
        ("data:text/html", M::OpaqueScheme, None),
        ("about:blank", M::CreatorsOrigin, None),
        ("about:srcdoc", M::CreatorsOrigin, None),
        ("about:config", M::OpaqueScheme, None),
        ("blob:https://app.example/1", M::CreatorsOrigin, Some("https://app.example")),
        ("blob:null/1", M::CreatorsOrigin, None),
        ("https://", M::MissingHost, None),
        ("https://:8443", M::MissingHost, None),
        ("https:///", M::MissingHost, None),
        ("https://app.example/", M::Path, Some("https://app.example")),
        ("https://app.example/path?query#fragment", M::Path, Some("https://app.example")),
        ("https://app.example/*", M::Path, Some("https://app.example")),
        ("https://app.example\\", M::Path, Some("https://app.example")),
        ("capacitor://localhost/", M::Path, Some("capacitor://localhost")),
        ("https://app.example?a=b", M::Query, Some("https://app.example")),
        ("https://app.example#top", M::Fragment, Some("https://app.example")),
        ("https://user@app.example", M::UserInfo, Some("https://app.example")),
        ("https://user:password@app.example:8443", M::UserInfo, Some("https://app.example:8443")),
        ("HTTPS://app.example", M::UpperCase, Some("https://app.example")),
        ("https://App.Example", M::UpperCase, Some("https://app.example")),
        ("Capacitor://Localhost", M::UpperCase, Some("capacitor://localhost")),
        ("NULL", M::UpperCase, Some("null")),
        ("http://[::FFFF]", M::UpperCase, Some("http://[::ffff]")),
        ("https://bücher.example", M::UnicodeHost, Some("https://xn--bcher-kva.example")),
        ("https://例え.テスト:8443", M::UnicodeHost, Some("https://xn--r8jz45g.xn--zckzah:8443")),
        ("capacitor://höst", M::UnicodeHost, None),
        ("http://::1", M::Ipv6Brackets, Some("http://[::1]")),
        ("http://::1:3000", M::Ipv6Brackets, Some("http://[::1]:3000")),
        ("http://2001:db8::1", M::Ipv6Brackets, Some("http://[2001:db8::1]")),
        ("http://a:b:c", M::Ipv6Brackets, None),
        ("http://[0:0:0:0:0:0:0:1]:80", M::DefaultPort, Some("http://[::1]")),
        ("http://[0:0:0:0:0:0:0:1]", M::Ipv6Form, Some("http://[::1]")),
        ("http://[::0001]", M::Ipv6Form, Some("http://[::1]")),
        ("http://[::ffff:1.2.3.4]", M::Ipv6Form, Some("http://[::ffff:102:304]")),
        ("http://[1:2:3:4:5:6:7::]", M::Ipv6Form, Some("http://[1:2:3:4:5:6:7:0]")),
        ("http://[::1", M::Host, None),
        ("http://[app.example]", M::Host, None),
        ("http://127.1", M::Ipv4Form, Some("http://127.0.0.1")),
        ("http://0x7f.0.0.1", M::Ipv4Form, Some("http://127.0.0.1")),
        ("http://2130706433", M::Ipv4Form, Some("http://127.0.0.1")),
        ("http://127.0.0.1.", M::Ipv4Form, Some("http://127.0.0.1")),
        ("http://127.0.0.01", M::Ipv4Form, Some("http://127.0.0.1")),
        ("http://256.0.0.1", M::Host, None),
        ("https://app.example:", M::Port, Some("https://app.example")),
        ("https://app.example:65536", M::Port, None),
        ("https://app.example:99999999999999999999", M::Port, None),
        ("https://app.example:+80", M::Port, None),
        ("https://app.example:-1", M::Port, None),
        ("https://app.example:http", M::Port, None),
        ("https://app.example:08443", M::Port, Some("https://app.example:8443")),
        ("https://app.example:0443", M::Port, Some("https://app.example")),
        ("https://app.example:443", M::DefaultPort, Some("https://app.example")),
        ("http://app.example:80", M::DefaultPort, Some("http://app.example")),
        ("wss://app.example:443", M::DefaultPort, Some("wss://app.example")),
        ("HTTPS://App.Example:443/", M::Path, Some("https://app.example")),
        ("https://app..example", M::Host, None),
        ("https://.app.example", M::Host, None),
        ("https://app.example..", M::Host, None),
        ("https://app%2eexample", M::Host, Some("https://app.example")),
        ("https://xn--a.example", M::Host, None),
        ("https://a<b", M::Host, None),
        ("https://a;b", M::Host, None),
        ("https://app.example]", M::Host, None),
    ];
    for (text, kind, meant) in cases {
        let error = Origin::parse(text).map(|origin| panic!("{origin} is an origin")).unwrap_err();
        assert_eq!(error.kind, kind, "{text:?}");
        assert_eq!(error.suggestion().as_deref(), meant, "{text:?}");
        assert_eq!(error.given, text);
    }
}

#[test]
fn an_error_is_a_sentence_or_two() {
    let cases = [
        ("", "an empty string is not an origin. Write one such as `https://app.example`."),
        (
            "https://app.example/",
            "`https://app.example/` is not an origin: an origin has no path. Write `https://app.example`.",
        ),
        (
            "app.example",
            "`app.example` is not an origin: an origin starts with a scheme and `://`. Write `https://app.example`.",
        ),
        (
            "https://a.example, https://b.example",
            "`https://a.example, https://b.example` is not an origin: an origin is one value, not a list.",
        ),
        (
            "https://app.example:443",
            "`https://app.example:443` is not an origin: an origin leaves out the default port of its scheme. Write `https://app.example`.",
        ),
        (
            "file://",
            "`file://` is not an origin: pages of this scheme have no origin of their own, and browsers send `null` for them.",
        ),
        (
            "https://app.example\r\n\u{1b}[31m",
            "`https://app.example\\r\\n\\u{1b}[31m` is not an origin: an origin has no white space.",
        ),
        (
            "https://me:secret@app.example",
            "`https://…@app.example` is not an origin: an origin has no user name and no password. Write `https://app.example`.",
        ),
        (
            "https://me:secret@app.example/a@b",
            "`https://…@app.example/a@b` is not an origin: an origin has no path. Write `https://app.example`.",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(Origin::parse(text).unwrap_err().to_string(), message);
    }
}
