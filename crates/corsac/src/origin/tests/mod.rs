mod mistakes;
mod properties;
mod relations;

use std::collections::HashSet;

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
fn a_serialized_origin_is_split_and_kept_unchanged() {
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

/// A quadratic parser would take minutes here, which a person notices. The test itself checks the messages and uses no clock.
#[test]
fn a_refusal_of_a_hundred_kilobytes_repeats_them_once_at_most() {
    for unit in ["a", "a.", "1.", "xn--", "xn--a.", ":", "[", "@", "/", "é", "*", "::", "://", "%41", " "] {
        let text = unit.repeat(100_000 / unit.len());
        for text in [
            text.clone(),
            format!("https://{text}"),
            format!("https://[{text}]"),
            format!("https://a:{text}"),
        ] {
            if let Err(error) = Origin::parse(&text) {
                let message = error.to_string();
                // A suggestion may repeat the host.
                let most = text.len() + 2_000;
                assert!(
                    message.len() < most,
                    "{} bytes, for {} bytes of `{unit}`",
                    message.len(),
                    text.len()
                );
            }
        }
    }
}
