//! Texts that are not about CORS, in the words of browsers and programs, with addresses of our own.

use crate::pasted::read;

#[test]
fn what_is_not_cors_is_told_by_its_own_name() {
    #[rustfmt::skip] // a table
    let table = [
        ("mixed-content", "Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but requested an insecure resource 'http://api.example/x'. This request has been blocked; the content must be served over HTTPS."),
        ("mixed-content", "Blocked loading mixed active content “http://api.example/x”"),
        ("mixed-content", "[blocked] The page at https://app.example/ was not allowed to run insecure content from http://api.example/x.js."),
        ("mixed-content", "x (blocked:mixed-content) fetch"),
        ("content-security-policy", "Refused to connect to 'https://api.example/x' because it violates the following Content Security Policy directive: \"connect-src 'self'\"."),
        ("content-security-policy", "Connecting to 'https://api.example/x' violates the following Content Security Policy directive: \"default-src 'self'\". The action has been blocked."),
        ("content-security-policy", "Refused to load the script 'https://cdn.example/x.js' because it violates the following Content Security Policy directive: \"script-src 'self'\". Note that 'script-src-elem' was not explicitly set."),
        ("content-security-policy", "Content-Security-Policy: The page’s settings blocked the loading of a resource (connect-src) at https://api.example/x because it violates the following directive: “connect-src 'self'”"),
        ("content-security-policy", "Refused to connect to https://api.example/x because it does not appear in the connect-src directive of the Content Security Policy."),
        ("content-security-policy", "api.example (blocked:csp)"),
        ("opaque-response-blocked", "GET https://cdn.example/a.png net::ERR_BLOCKED_BY_ORB"),
        ("opaque-response-blocked", "The resource at “https://cdn.example/a.png” was blocked by OpaqueResponseBlocking. Reason: “After sniff: nosniff with text/html”."),
        ("opaque-response-blocked", "Cross-Origin Read Blocking (CORB) blocked cross-origin response https://api.example/x with MIME type text/html. See https://www.chromestatus.com/feature/5629709824032768 for more details."),
        ("resource-policy", "GET https://cdn.example/a.png net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin 200 (OK)"),
        ("resource-policy", "Cancelled load to https://cdn.example/a.png because it violates the resource's Cross-Origin-Resource-Policy response header."),
        ("blocked-by-client", "POST https://stats.example/collect net::ERR_BLOCKED_BY_CLIENT"),
        ("blocked-by-client", "The resource at “https://ads.example/x.js” was blocked because Enhanced Tracking Protection is enabled."),
        ("blocked-by-client", "Content blocker prevented frame displaying https://app.example/ from loading a resource from https://ads.example/x"),
        ("cookie-same-site", "Cookie “sid” has been rejected because it is in a cross-site context and its “SameSite” is “Lax” or “Strict”."),
        ("cookie-same-site", "A cookie associated with a cross-site resource at https://api.example/ was set without the `SameSite` attribute. It has been blocked."),
        ("cookie-same-site", "This attempt to set a cookie via a Set-Cookie header was blocked because it had the \"SameSite=Lax\" attribute but came from a cross-site response"),
        ("cookie-same-site", "Indicate whether to send a cookie in a cross-site request by specifying its SameSite attribute"),
        ("frame-access", "Uncaught SecurityError: Blocked a frame with origin \"https://app.example\" from accessing a cross-origin frame."),
        ("frame-access", "Uncaught DOMException: Permission denied to access property \"document\" on cross-origin object"),
        ("frame-access", "SecurityError: Blocked a frame with origin \"https://app.example\" from accessing a frame with origin \"https://pay.example\". Protocols, domains, and ports must match."),
        ("frame-access", "Failed to execute 'postMessage' on 'DOMWindow': The target origin provided ('https://a.example') does not match the recipient window's origin ('https://b.example')."),
        ("frame-options", "Refused to display 'https://pay.example/' in a frame because it set 'X-Frame-Options' to 'sameorigin'."),
        ("frame-options", "Refused to frame 'https://pay.example/' because an ancestor violates the following Content Security Policy directive: \"frame-ancestors 'self'\"."),
        ("frame-options", "The loading of “https://pay.example/” in a frame is denied by “X-Frame-Options“ directive set to “DENY“."),
        ("canvas-tainted", "Uncaught DOMException: Failed to execute 'toDataURL' on 'HTMLCanvasElement': Tainted canvases may not be exported."),
        ("canvas-tainted", "SecurityError: Failed to execute 'getImageData' on 'CanvasRenderingContext2D': The canvas has been tainted by cross-origin data."),
        ("canvas-tainted", "Uncaught DOMException: Failed to execute 'texImage2D' on 'WebGLRenderingContext': The image element contains cross-origin data, and may not be loaded."),
        ("service-worker-opaque", "The FetchEvent for \"https://cdn.example/a.png\" resulted in a network error response: an \"opaque\" response was used for a request whose type is not no-cors"),
        ("service-worker-opaque", "Failed to load ‘https://cdn.example/a.png’. A ServiceWorker passed an opaque Response to FetchEvent.respondWith() while handling a ‘cors’ FetchEvent."),
        ("connection-refused", "GET http://localhost:8080/api net::ERR_CONNECTION_REFUSED"),
        ("dns-failed", "GET https://api.exmaple/x net::ERR_NAME_NOT_RESOLVED"),
        ("tls-untrusted", "GET https://localhost:8443/ net::ERR_CERT_AUTHORITY_INVALID"),
        ("tls-certificate-expired", "net::ERR_CERT_DATE_INVALID https://api.example/"),
        ("connection-refused", "TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:3000"),
        ("html-instead-of-data", "Uncaught (in promise) SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON"),
        ("load-type", "Failed to load module script: Expected a JavaScript module script but the server responded with a MIME type of \"text/html\"."),
        ("websocket-refused", "WebSocket connection to 'wss://api.example/live' failed: Error during WebSocket handshake: Unexpected response code: 403"),
    ];
    assert!(table.len() >= 40);
    for (code, text) in table {
        let items = read(text).items;
        assert_eq!(items.len(), 1, "{text}: {items:#?}");
        let item = &items[0];
        assert_eq!((item.code(), item.cors), (Some(code), Some(false)), "{text}");
        assert_eq!(item.diagnosis[0].code, code, "{text}");
        assert!(!item.diagnosis[0].is_cors, "{text}");
    }
}

#[test]
fn what_says_nothing_is_not_recognized() {
    for text in [
        "",
        "hello",
        "How do I enable CORS in Express?",
        "I get a CORS error when I call https://api.example/x from my page",
        "app.use(cors({ origin: 'https://app.example' }));",
        "res.setHeader('Access-Control-Allow-Origin', '*');",
        "Access-Control-Allow-Origin: https://app.example",
        "npm ERR! code ENOENT",
        "GET /items HTTP/1.1",
        "\u{0}\u{1}\u{2}",
    ] {
        let reading = read(text);
        let is_told = |item: &crate::Item| item.code().is_some() && item.cors == Some(true);
        assert!(!reading.items.iter().any(is_told), "{text}: {:#?}", reading.items);
    }
}
