//! Same origin, same site, potentially trustworthy.

use super::{of, origin};

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
