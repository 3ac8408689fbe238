//! Requests that end before a response, and failures that are not CORS.

use super::*;

#[test]
fn requests_that_never_leave_are_printed() {
    let scheme = |api: &str, url: &str| {
        let reason = "Cross origin requests are only supported for HTTP.".to_owned();
        vec![reason, format!("{api} cannot load {url} due to access control checks.")]
    };
    let http_page = |url: &str| {
        with(|init| {
            init.client = Client::new(Origin::parse("http://app.example").unwrap());
            init.url = url.parse().unwrap();
        })
    };
    check(vec![
        Row {
            name: "mode same-origin",
            init: with(|init| init.mode = Mode::SameOrigin),
            replies: vec![],
            chromium: vec![
                "Fetch API cannot load https://api.example/x. Request mode is \"same-origin\" but the URL's \
                 origin is not same as the request origin https://app.example."
                    .into(),
            ],
            firefox: vec![
                "Security Error: Content at https://app.example/ may not load data from \
                 https://api.example/x."
                    .into(),
            ],
            webkit: vec!["Fetch API cannot load https://api.example/x.".into()],
        },
        Row {
            name: "mode no-cors, redirect mode manual",
            init: with(|init| {
                init.mode = Mode::NoCors;
                init.redirect = RedirectMode::Manual;
            }),
            replies: vec![],
            chromium: vec![
                "Fetch API cannot load https://api.example/x. Request mode is \"no-cors\" but the redirect \
                 mode is not \"follow\"."
                    .into(),
            ],
            firefox: vec!["TypeError: NetworkError when attempting to fetch resource.".into()],
            webkit: vec![
                "No-Cors mode requires follow redirect mode".into(),
                "Not allowed to request resource".into(),
                "Fetch API cannot load https://api.example/x due to access control checks.".into(),
            ],
        },
        Row {
            name: "ftp:",
            init: to("ftp://127.0.0.1/x"),
            replies: vec![],
            chromium: vec![
                "Fetch API cannot load ftp://127.0.0.1/x. URL scheme \"ftp\" is not supported.".into(),
            ],
            firefox: vec![firefox("ftp://127.0.0.1/x", "CORS request not http")],
            webkit: scheme("Fetch API", "ftp://127.0.0.1/x"),
        },
        Row {
            name: "localhost: as a scheme",
            init: to("localhost:8080/api"),
            replies: vec![],
            chromium: vec![
                "Fetch API cannot load localhost:8080/api. URL scheme \"localhost\" is not supported.".into(),
            ],
            firefox: vec![firefox("localhost:8080/api", "CORS request not http")],
            webkit: scheme("Fetch API", "localhost:8080/api"),
        },
        Row {
            name: "foo: by XMLHttpRequest",
            init: xhr(|init| init.url = "foo:bar".parse().unwrap()),
            replies: vec![],
            chromium: chromium_at(
                "XMLHttpRequest",
                "foo:bar",
                "Cross origin requests are only supported for protocol schemes: chrome, \
                 chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, \
                 https, isolated-app.",
            ),
            firefox: vec![firefox("foo:bar", "CORS request not http")],
            webkit: scheme("XMLHttpRequest", "foo:bar"),
        },
        Row {
            name: "file:",
            init: to("file:///etc/hosts"),
            replies: vec![],
            chromium: vec!["Not allowed to load local resource: file:///etc/hosts".into()],
            firefox: vec![
                "Security Error: Content at https://app.example/ may not load or link to file:///etc/hosts."
                    .into(),
            ],
            webkit: scheme("Fetch API", "file:///etc/hosts"),
        },
        Row {
            name: "a bad port",
            init: http_page("http://127.0.0.1:25/x"),
            replies: vec![],
            chromium: vec![
                "Failed to load resource: net::ERR_UNSAFE_PORT".into(),
                "TypeError: Failed to fetch".into(),
            ],
            firefox: vec!["TypeError: NetworkError when attempting to fetch resource.".into()],
            webkit: vec!["Not allowed to use restricted network port 25: http://127.0.0.1:25/x".into()],
        },
        Row {
            name: "mixed content",
            init: to("http://api.example/x"),
            replies: vec![],
            chromium: vec![
                "Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but requested an \
                 insecure resource 'http://api.example/x'. This request has been blocked; the content must \
                 be served over HTTPS."
                    .into(),
            ],
            firefox: vec!["Blocked loading mixed active content “http://api.example/x”".into()],
            webkit: vec![
                "[blocked] The page at https://app.example/ requested insecure content from \
                 http://api.example/x. This content was blocked and must be served over HTTPS."
                    .into(),
                "Not allowed to request resource".into(),
                "Fetch API cannot load http://api.example/x due to access control checks.".into(),
            ],
        },
        Row {
            name: "mixed content by XMLHttpRequest",
            init: xhr(|init| init.url = "http://api.example/x".parse().unwrap()),
            replies: vec![],
            chromium: vec![
                "Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but requested an \
                 insecure XMLHttpRequest endpoint 'http://api.example/x'. This request has been blocked; the \
                 content must be served over HTTPS."
                    .into(),
            ],
            firefox: vec!["Blocked loading mixed active content “http://api.example/x”".into()],
            webkit: vec![
                "[blocked] The page at https://app.example/ requested insecure content from \
                 http://api.example/x. This content was blocked and must be served over HTTPS."
                    .into(),
                "Not allowed to request resource".into(),
                "XMLHttpRequest cannot load http://api.example/x due to access control checks.".into(),
            ],
        },
    ]);
}

#[test]
fn what_is_not_cors_is_printed_as_such() {
    let no_cors = |policy| {
        let replies = vec![head(200, &[("Cross-Origin-Resource-Policy", policy)])];
        (with(|init| init.mode = Mode::NoCors), replies)
    };
    let row = |name, error, chromium: &str| Row {
        name,
        init: get(),
        replies: vec![Err(error)],
        chromium: chromium
            .lines()
            .map(str::to_owned)
            .chain(["TypeError: Failed to fetch".to_owned()])
            .collect(),
        firefox: vec![firefox_again(URL)],
        webkit: vec!["TypeError: Load failed".into()],
    };
    let (corp, corp_replies) = no_cors("same-origin");
    check(vec![
        row("DNS", NetworkErrorKind::Dns, "Failed to load resource: net::ERR_NAME_NOT_RESOLVED"),
        row("refused", NetworkErrorKind::Refused, "Failed to load resource: net::ERR_CONNECTION_REFUSED"),
        row("closed", NetworkErrorKind::Closed, "Failed to load resource: net::ERR_EMPTY_RESPONSE"),
        Row {
            name: "refused, no-cors",
            init: with(|init| init.mode = Mode::NoCors),
            replies: vec![Err(NetworkErrorKind::Refused)],
            chromium: vec![
                "Failed to load resource: net::ERR_CONNECTION_REFUSED".into(),
                "TypeError: Failed to fetch".into(),
            ],
            firefox: vec!["TypeError: NetworkError when attempting to fetch resource.".into()],
            webkit: vec!["TypeError: Load failed".into()],
        },
        Row {
            name: "refused, XMLHttpRequest",
            init: xhr(|_| {}),
            replies: vec![Err(NetworkErrorKind::Refused)],
            chromium: vec!["Failed to load resource: net::ERR_CONNECTION_REFUSED".into()],
            firefox: vec![firefox_again(URL)],
            webkit: vec![],
        },
        Row {
            name: "resource policy",
            init: corp,
            replies: corp_replies,
            chromium: vec![
                "Failed to load resource: net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin".into(),
                "TypeError: Failed to fetch".into(),
            ],
            firefox: vec![
                "The resource at “https://api.example/x” was blocked due to its \
                           Cross-Origin-Resource-Policy header (or lack thereof). See \
                           https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"
                    .into(),
            ],
            webkit: webkit(
                "Cancelled load to https://api.example/x because it violates the resource's \
                            Cross-Origin-Resource-Policy response header.",
            ),
        },
    ]);
    let (refusal, request) = run(
        Engine::WebKit,
        &with(|init| {
            init.method = "POST".to_owned();
            init.body = Some(BodyKind::Stream.into());
        }),
        &[],
    );
    assert_eq!(
        console(Engine::WebKit, &refusal, &request),
        ["NotSupportedError: ReadableStream uploading is not supported"]
    );
}

#[test]
fn local_network_access_is_printed_as_cors_by_chromium() {
    let mut init = get();
    init.client.address_space = Some(AddressSpace::Public);
    init.client.local_network_permission = Permission::Denied;
    let address = "127.0.0.1".parse().unwrap();
    let refused = |engine: Engine, init: RequestInit| {
        let request = init.build().unwrap();
        let mut fetch = Fetch::new(request.clone(), engine.profile());
        let mut cache = PreflightCache::default();
        assert!(matches!(fetch.next(&mut cache, Duration::ZERO), Step::Send(_)));
        assert!(!fetch.connected(address));
        let Step::Done(outcome) = fetch.next(&mut cache, Duration::ZERO) else { panic!("not over") };
        (outcome.refusal().unwrap().clone(), request)
    };
    let (refusal, request) = refused(Engine::Chromium, init.clone());
    let denied = "Permission was denied for this request to access the `loopback` address space.";
    assert_eq!(console(Engine::Chromium, &refusal, &request), chromium(denied));
    assert_eq!(console(Engine::Firefox, &refusal, &request), [firefox_again(URL)]);

    let mut mismatched = init.clone();
    mismatched.target_address_space = Some(AddressSpace::Local);
    let (refusal, request) = refused(Engine::Chromium, mismatched);
    let text = "Request had a target IP address space of `local` yet the resource is in address space \
                `loopback`.";
    assert_eq!(console(Engine::Chromium, &refusal, &request), chromium(text));

    init.client.secure_context = false;
    let (refusal, request) = refused(Engine::Chromium, init);
    let text = "The request client is not a secure context and the resource is in more-private address space \
                `loopback`.";
    assert_eq!(console(Engine::Chromium, &refusal, &request), chromium(text));
}
