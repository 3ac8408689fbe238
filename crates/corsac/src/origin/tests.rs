use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn of(url: &str) -> Origin {
    Origin::of(&Url::parse(url).unwrap())
}

#[test]
fn a_message_shows_what_would_turn_or_hide_the_text_around_it() {
    let error = Origin::parse("https://a\u{202e}b\u{1b}[2J\u{200b}\u{2028}/").unwrap_err().to_string();
    assert!(!error.contains(['\u{202e}', '\u{1b}', '\u{200b}', '\u{2028}']), "{error}");
    assert!(error.contains("\\u{202e}"), "{error}");
}

#[test]
fn a_serialized_origin_is_taken_apart_and_kept_as_it_is() {
    let cases = [
        ("https://app.example", "https", "app.example", None),
        ("http://app.example", "http", "app.example", None),
        ("https://app.example:8443", "https", "app.example", Some(8443)),
        ("http://app.example:443", "http", "app.example", Some(443)),
        ("https://app.example:80", "https", "app.example", Some(80)),
        ("https://app.example:0", "https", "app.example", Some(0)),
        ("https://app.example:65535", "https", "app.example", Some(65535)),
        ("http://localhost:3000", "http", "localhost", Some(3000)),
        ("https://a", "https", "a", None),
        ("https://a.b.c.d.e.f", "https", "a.b.c.d.e.f", None),
        ("https://xn--bcher-kva.example", "https", "xn--bcher-kva.example", None),
        ("https://app.example.", "https", "app.example.", None),
        ("https://my_app.example", "https", "my_app.example", None),
        ("https://-a-.example", "https", "-a-.example", None),
        ("https://3com.example", "https", "3com.example", None),
        ("https://a.3com", "https", "a.3com", None),
        ("http://127.0.0.1", "http", "127.0.0.1", None),
        ("http://255.255.255.255:1", "http", "255.255.255.255", Some(1)),
        ("http://[::1]", "http", "[::1]", None),
        ("http://[::1]:3000", "http", "[::1]", Some(3000)),
        ("http://[2001:db8::a:0:0:1]", "http", "[2001:db8::a:0:0:1]", None),
        ("http://[::ffff:102:304]", "http", "[::ffff:102:304]", None),
        ("ws://app.example", "ws", "app.example", None),
        ("wss://app.example:444", "wss", "app.example", Some(444)),
        ("ftp://app.example", "ftp", "app.example", None),
        (
            "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn",
            "chrome-extension",
            "nkbihfbeogaeaoehlefnkodbefgpgknn",
            None,
        ),
        (
            "moz-extension://a1cd9ab7-ab15-462c-9315-8eece8e16982",
            "moz-extension",
            "a1cd9ab7-ab15-462c-9315-8eece8e16982",
            None,
        ),
        ("capacitor://localhost", "capacitor", "localhost", None),
        ("ionic://localhost", "ionic", "localhost", None),
        ("tauri://localhost", "tauri", "localhost", None),
        ("app://obsidian.md", "app", "obsidian.md", None),
        ("capacitor://localhost:80", "capacitor", "localhost", Some(80)),
        ("a1+-.://x", "a1+-.", "x", None),
    ];
    for (text, scheme, host, port) in cases {
        let origin = origin(text);
        assert_eq!(
            (origin.scheme(), origin.host(), origin.port()),
            (Some(scheme), Some(host), port),
            "{text}"
        );
        assert_eq!(origin.as_str(), text);
        assert_eq!(origin.to_string(), text);
        assert!(!origin.is_opaque());
    }
}

#[test]
fn every_mistake_is_told_and_what_was_meant() {
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
        ("", "an empty text is not an origin. Write one such as `https://app.example`."),
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

#[test]
fn the_origin_of_a_url_is_what_the_url_standard_says() {
    let cases = [
        ("https://App.Example/a?b#c", "https://app.example"),
        ("https://app.example:443/", "https://app.example"),
        ("https://app.example:8443/", "https://app.example:8443"),
        ("http://user:pass@app.example/", "http://app.example"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("http://127.1/", "http://127.0.0.1"),
        ("http://[0::1]:3000/", "http://[::1]:3000"),
        ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]"),
        ("https://app.example./", "https://app.example."),
        ("ws://app.example:80/", "ws://app.example"),
        ("wss://app.example/", "wss://app.example"),
        ("ftp://app.example:21/", "ftp://app.example"),
        ("blob:https://app.example/1-2", "https://app.example"),
        ("blob:http://app.example:3000/1-2", "http://app.example:3000"),
        ("blob:file:///1-2", "null"),
        ("blob:ftp://app.example/1-2", "null"),
        ("blob:blob:https://app.example/", "null"),
        ("blob:null/1-2", "null"),
        ("blob:", "null"),
        ("file:///etc/hosts", "null"),
        ("file://host/share", "null"),
        ("data:text/html,hi", "null"),
        ("about:blank", "null"),
        ("javascript:1", "null"),
        ("mailto:me@app.example", "null"),
        ("chrome-extension://abc/page.html", "null"),
        ("capacitor://localhost/", "null"),
    ];
    for (url, serialized) in cases {
        let origin = of(url);
        assert_eq!(origin.as_str(), serialized, "{url}");
        assert_eq!(origin.is_opaque(), serialized == "null");
        if !origin.is_opaque() {
            assert_eq!(origin, self::origin(serialized), "{url}");
        }
    }
}

#[test]
fn an_opaque_origin_is_the_same_as_its_clones_only() {
    let a = Origin::opaque();
    for b in [Origin::opaque(), origin("null"), of("data:,"), of("file:///"), origin("https://app.example")] {
        assert!(a != b && !a.same_origin(&b) && !b.same_origin(&a));
        assert!(!a.same_site(&b) && !a.schemelessly_same_site(&b) && !b.schemelessly_same_site(&a));
    }
    let clone = a.clone();
    assert!(a == clone && a.same_site(&clone) && a.schemelessly_same_site(&clone));
    assert_eq!(a.as_str(), "null");
    assert_eq!((a.scheme(), a.host(), a.port(), a.registrable_domain()), (None, None, None, None));
    assert_eq!(HashSet::from([a, clone, Origin::opaque()]).len(), 2);
}

#[test]
fn origins_relate_as_html_says() {
    // (a, b, same origin, same site, schemelessly same site)
    let cases = [
        ("https://example.com", "https://example.com", true, true, true),
        ("https://example.com", "https://example.com:8443", false, true, true),
        ("https://example.com", "http://example.com", false, false, true),
        ("https://example.com", "wss://example.com", false, false, true),
        ("https://a.example.com", "https://b.example.com", false, true, true),
        ("https://a.example.com", "https://example.com", false, true, true),
        ("https://a.b.example.com", "https://c.example.com:1", false, true, true),
        ("https://a.example.com", "http://b.example.com", false, false, true),
        ("https://example.com", "https://example.org", false, false, false),
        ("https://badexample.com", "https://example.com", false, false, false),
        ("https://a.example.co.uk", "https://b.example.co.uk", false, true, true),
        ("https://a.co.uk", "https://b.co.uk", false, false, false),
        ("https://a.github.io", "https://b.github.io", false, false, false),
        ("https://x.a.github.io", "https://y.a.github.io", false, true, true),
        ("https://github.io", "https://github.io", true, true, true),
        ("https://github.io", "https://github.io:444", false, true, true),
        ("https://github.io", "https://a.github.io", false, false, false),
        ("https://www.ck", "https://x.www.ck", false, true, true),
        ("https://a.ck", "https://b.ck", false, false, false),
        ("https://a.unlisted", "https://b.unlisted", false, false, false),
        ("https://x.a.unlisted", "https://y.a.unlisted", false, true, true),
        ("http://localhost", "http://localhost:3000", false, true, true),
        ("http://a.localhost", "http://b.localhost", false, false, false),
        ("http://a.localhost", "http://localhost", false, false, false),
        ("http://127.0.0.1", "http://127.0.0.1:3000", false, true, true),
        ("http://127.0.0.1", "https://127.0.0.1", false, false, true),
        ("http://127.0.0.1", "http://127.1.0.1", false, false, false),
        ("http://10.0.0.1", "http://11.0.0.1", false, false, false),
        ("http://[::1]", "http://[::1]:3000", false, true, true),
        ("http://[::1]", "http://[::2]", false, false, false),
        ("http://127.0.0.1", "http://localhost", false, false, false),
        ("https://a.example.com.", "https://b.example.com.", false, true, true),
        ("https://example.com.", "https://example.com", false, false, false),
        ("https://a.example.com.", "https://a.example.com", false, false, false),
        ("https://a.xn--55qx5d.cn", "https://b.xn--55qx5d.cn", false, false, false),
        ("https://x.a.xn--55qx5d.cn", "https://y.a.xn--55qx5d.cn", false, true, true),
        ("https://my_app.example.com", "https://example.com", false, true, true),
        ("capacitor://localhost", "capacitor://localhost", true, true, true),
        ("capacitor://localhost", "ionic://localhost", false, false, true),
        ("capacitor://localhost", "http://localhost", false, false, true),
        ("chrome-extension://abc", "chrome-extension://abd", false, false, false),
    ];
    for (a, b, same_origin, same_site, schemeless) in cases {
        for (a, b) in [(origin(a), origin(b)), (origin(b), origin(a))] {
            assert_eq!(a.same_origin(&b), same_origin, "same origin: {a} {b}");
            assert_eq!(a.same_site(&b), same_site, "same site: {a} {b}");
            assert_eq!(a.schemelessly_same_site(&b), schemeless, "schemelessly same site: {a} {b}");
        }
    }
}

#[test]
fn the_registrable_domain_is_one_label_more_than_the_public_suffix() {
    let cases = [
        ("https://example.com", Some("example.com")),
        ("https://a.b.example.com:8443", Some("example.com")),
        ("https://a.example.com.", Some("example.com.")),
        ("https://www.example.co.uk", Some("example.co.uk")),
        ("https://co.uk", None),
        ("https://com", None),
        ("https://com.", None),
        ("https://a.github.io", Some("a.github.io")),
        ("https://github.io", None),
        ("https://localhost", None),
        ("https://a.localhost", Some("a.localhost")),
        ("http://1.2.3.4", None),
        ("http://[2001:db8::1]", None),
        ("capacitor://app.example.com", None),
        ("null", None),
    ];
    for (text, domain) in cases {
        assert_eq!(origin(text).registrable_domain(), domain, "{text}");
    }
    assert_eq!(of("https://a..com/").registrable_domain(), None);
}

#[test]
fn encrypted_and_local_origins_are_potentially_trustworthy() {
    let cases = [
        ("https://app.example", true),
        ("wss://app.example", true),
        ("http://app.example", false),
        ("ws://app.example", false),
        ("ftp://app.example", false),
        ("http://localhost", true),
        ("http://localhost:3000", true),
        ("http://localhost.", true),
        ("http://app.localhost", true),
        ("http://a.b.localhost.", true),
        ("http://notlocalhost", false),
        ("http://localhost.example", false),
        ("http://127.0.0.1:8080", true),
        ("http://127.255.255.255", true),
        ("http://128.0.0.1", false),
        ("http://10.0.0.1", false),
        ("http://192.168.1.1", false),
        ("http://0.0.0.0", false),
        ("http://[::1]:8080", true),
        ("http://[::2]", false),
        ("http://[::]", false),
        ("http://[::ffff:7f00:1]", false),
        ("chrome-extension://abc", true),
        ("moz-extension://abc", true),
        ("app://obsidian.md", false),
        ("null", false),
    ];
    for (text, trustworthy) in cases {
        assert_eq!(origin(text).is_potentially_trustworthy(), trustworthy, "{text}");
    }
}

#[test]
fn a_hundred_kilobytes_are_refused_at_once() {
    let start = std::time::Instant::now();
    for unit in ["a", "a.", "1.", "xn--", "xn--a.", ":", "[", "@", "/", "é", "*", "::", "://", "%41", " "] {
        let text = unit.repeat(100_000 / unit.len());
        for text in [
            text.clone(),
            format!("https://{text}"),
            format!("https://[{text}]"),
            format!("https://a:{text}"),
        ] {
            if let Err(error) = Origin::parse(&text) {
                let _ = error.to_string();
            }
        }
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// The host of an origin, in the forms that the grammar has.
fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\\.[a-z]{1,5}){0,3}",
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|address| url::Host::<&str>::Ipv6(address).to_string()),
    ]
}

proptest! {
    #[test]
    fn what_parses_serializes_to_itself(text in "\\PC{0,30}|(https?|[a-z]{1,5})://[a-z0-9.:\\[\\]/_-]{0,20}") {
        if let Ok(origin) = Origin::parse(&text) {
            prop_assert_eq!(origin.as_str(), &text);
        }
    }

    #[test]
    fn every_origin_of_a_page_parses(scheme in "https?|wss?|ftp", host in host(), port in any::<Option<u16>>()) {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        // Hosts with a broken Punycode label are no hosts.
        if let Ok(url) = Url::parse(&format!("{scheme}://{host}{port}/path")) {
            let origin = Origin::of(&url);
            prop_assert_eq!(&Origin::parse(origin.as_str()).unwrap(), &origin);
            prop_assert_eq!(origin.as_str(), url.origin().ascii_serialization());
            prop_assert_eq!(origin.host(), url.host_str());
            prop_assert_eq!(origin.port(), url.port());
        }
    }

    #[test]
    fn a_suggestion_is_an_origin_and_not_what_was_given(text in "\\PC{0,30}|(?i:https?|[a-z]{1,5})(://?)?[a-zA-Zü0-9.:@?#*, \\[\\]/_-]{0,20}") {
        if let Err(error) = Origin::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
            if let Some(meant) = error.suggestion() {
                prop_assert!(Origin::parse(&meant).is_ok(), "{} -> {}", text, meant);
                prop_assert_ne!(meant, text);
            }
        }
    }

    #[test]
    fn same_site_is_an_equivalence_and_wider_than_same_origin(a in host(), b in host(), c in host()) {
        let origins: Vec<Origin> = [a, b, c].iter().filter_map(|host| Origin::parse(&format!("https://{host}")).ok()).collect();
        for a in &origins {
            prop_assert!(a.same_site(a));
            for b in &origins {
                prop_assert_eq!(a.same_site(b), b.same_site(a));
                prop_assert!(!a.same_origin(b) || a.same_site(b));
            }
        }
    }
}
