//! The standards' sections and the bugs that rows refer to.

use super::Link;

macro_rules! links {
    ($($name:ident = $text:literal, $url:literal;)*) => {
        $(pub(super) const $name: Link = Link { text: $text, url: $url };)*
    };
}

links! {
    SAFELISTED = "CORS-safelisted request-header", "https://fetch.spec.whatwg.org/#cors-safelisted-request-header";
    UNSAFE_NAMES = "CORS-unsafe request-header names", "https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names";
    PREFLIGHT_FLAG = "use-CORS-preflight flag", "https://fetch.spec.whatwg.org/#use-cors-preflight-flag";
    REQUEST_CLASS = "new Request()", "https://fetch.spec.whatwg.org/#dom-request";
    XHR_SEND = "send()", "https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send";
    HEADER_APPEND = "append to a header list", "https://fetch.spec.whatwg.org/#concept-header-list-append";
    HEADER_GET = "get from a header list", "https://fetch.spec.whatwg.org/#concept-header-list-get";
    PREFLIGHT_FETCH = "CORS-preflight fetch", "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0";
    NON_WILDCARD = "CORS non-wildcard request-header name", "https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name";
    CACHE = "CORS-preflight cache", "https://fetch.spec.whatwg.org/#cors-preflight-cache";
    CACHE_MATCH = "cache entry match", "https://fetch.spec.whatwg.org/#concept-cache-match";
    CACHE_METHOD = "method cache entry match", "https://fetch.spec.whatwg.org/#concept-cache-match-method";
    CACHE_HEADER = "header-name cache entry match", "https://fetch.spec.whatwg.org/#concept-cache-match-header";
    CACHE_CLEAR = "clear cache entries", "https://fetch.spec.whatwg.org/#concept-cache-clear";
    HTTP_FETCH = "HTTP fetch", "https://fetch.spec.whatwg.org/#concept-http-fetch";
    REDIRECT_FETCH = "HTTP-redirect fetch", "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch";
    LOCATION_URL = "location URL", "https://fetch.spec.whatwg.org/#concept-response-location-url";
    CORS_CHECK = "CORS check", "https://fetch.spec.whatwg.org/#concept-cors-check";
    FETCH_ACCEPT = "fetch", "https://fetch.spec.whatwg.org/#concept-fetch";
    MEDIA_FETCH = "media elements: resource fetch", "https://html.spec.whatwg.org/#concept-media-load-resource";
    FONT_FETCH = "font fetching", "https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements";
    ORB = "Opaque Response Blocking", "https://github.com/annevk/orb";
    TAINTED_ORIGIN = "redirect-taint", "https://fetch.spec.whatwg.org/#concept-request-tainted-origin";
    RESOURCE_POLICY = "cross-origin resource policy check", "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check";
    ORIGIN_HEADER = "append a request Origin header", "https://fetch.spec.whatwg.org/#append-a-request-origin-header";
    OR_CACHE_FETCH = "HTTP-network-or-cache fetch", "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch";
    REFERRER = "determine request's referrer", "https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer";
    REFERRER_REDIRECT = "set request's referrer policy on redirect", "https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect";
    METADATA = "append the Fetch metadata headers", "https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request";
    METADATA_SITE = "set the Sec-Fetch-Site header", "https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site";
    WEB_SOCKET = "establish a WebSocket connection", "https://websockets.spec.whatwg.org/#concept-websocket-establish";
    MIXED_CONTENT = "should fetching be blocked as mixed content", "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch";
    LOCAL_NETWORK = "Local Network Access check", "https://wicg.github.io/local-network-access/#local-network-access-check";
    RETRIES = "RFC 9110, section 9.2.2", "https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2";

    CRBUG_USER_AGENT = "crbug 571722", "https://crbug.com/571722";
    CRBUG_AUTHORIZATION = "crbug 40168475", "https://crbug.com/40168475";
    CRBUG_ORIGIN = "crbug 1066422", "https://crbug.com/1066422";
    MOZILLA_AUTHORIZATION = "bugzilla 1687364", "https://bugzilla.mozilla.org/show_bug.cgi?id=1687364";
    MOZILLA_STREAMS = "bugzilla 1854702", "https://bugzilla.mozilla.org/show_bug.cgi?id=1854702";
    MOZILLA_LOCAL_1 = "bugzilla 2021651", "https://bugzilla.mozilla.org/show_bug.cgi?id=2021651";
    MOZILLA_LOCAL_2 = "bugzilla 2053026", "https://bugzilla.mozilla.org/show_bug.cgi?id=2053026";
    MOZILLA_LOCAL_3 = "bugzilla 2063698", "https://bugzilla.mozilla.org/show_bug.cgi?id=2063698";
    FETCH_AUTHORIZATION = "whatwg/fetch 1919", "https://github.com/whatwg/fetch/issues/1919";
    FETCH_KEPT_AUTHORIZATION = "whatwg/fetch 1278", "https://github.com/whatwg/fetch/issues/1278";
}
