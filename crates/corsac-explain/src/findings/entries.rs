//! What the code of each finding means in general. The findings of a report say it with the values of the case.

/// What the code of a finding means in general.
///
/// ```
/// let entry = corsac_explain::findings::entry("vary-missing").unwrap();
/// assert_eq!(entry.title, "A cache may give one site's copy to another");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FindingEntry {
    /// The code, one of [`CODES`](super::CODES).
    pub code: &'static str,
    /// A headline.
    pub title: &'static str,
    /// What was observed, and what follows from it.
    pub what: &'static str,
    /// What to write instead.
    pub fix: &'static str,
}

/// Returns the entry of a code.
///
/// ```
/// assert!(corsac_explain::findings::entry("allow-origin-missing").is_none()); // a browser's reason
/// ```
pub fn entry(code: &str) -> Option<&'static FindingEntry> {
    entries().find(|entry| entry.code == code)
}

/// Returns every entry, in the order of the codes.
///
/// ```
/// assert!(corsac_explain::findings::entries().map(|entry| entry.code).eq(corsac_explain::findings::CODES.iter().copied()));
/// ```
pub fn entries() -> impl Iterator<Item = &'static FindingEntry> {
    ENTRIES.iter()
}

const fn of(code: &'static str, title: &'static str, what: &'static str, fix: &'static str) -> FindingEntry {
    FindingEntry { code, title, what, fix }
}

const ENTRIES: &[FindingEntry] = &[
    of(
        "allow-headers-wildcard-with-credentials",
        "`Access-Control-Allow-Headers: *` allows nothing here",
        "In a request with credentials, `*` is not a wildcard: it stands for a header of that name. The request was allowed, but by \
         something else, and the next header that the page sets will be refused.",
        "List the request headers by name: `Access-Control-Allow-Headers: Authorization, Content-Type`.",
    ),
    of(
        "allow-methods-wildcard-with-credentials",
        "`Access-Control-Allow-Methods: *` allows nothing here",
        "In a request with credentials, `*` is not a wildcard: it stands for a method of that name. The request was allowed, but by \
         something else, and the next method that the page uses will be refused.",
        "List the methods: `Access-Control-Allow-Methods: GET, POST, PUT, DELETE`.",
    ),
    of(
        "authorization-under-wildcard",
        "`*` lets `Authorization` through in today's browsers only",
        "By the standard, `Access-Control-Allow-Headers: *` does not cover `Authorization`. Today's browsers let it, and Firefox warns \
         that this will end. Chromium and Firefox never cache such an answer, so each request has a preflight.",
        "List it by name: `Access-Control-Allow-Headers: *, Authorization`. Better still, list all headers by name.",
    ),
    of(
        "body-breaks-off",
        "The body of the response is cut off",
        "The head of the response arrived, so `fetch()` succeeds, and then reading the body throws. Browsers print \
         `net::ERR_CONTENT_LENGTH_MISMATCH` or `Failed to fetch`, which looks like a CORS error.",
        "Look for a crash, a timeout or a limit in the server, or in a proxy in front of it, while the body is sent. \
         `Content-Length` and `Content-Encoding` have to match the body that is sent.",
    ),
    of(
        "body-not-waited-for",
        "The body of the response did not end in time",
        "The body had not ended when the time limit was reached, and Corsac did not wait for the rest. A stream of events is meant to be \
         like this; a file or a JSON answer is not.",
        "If the page never gets the whole body either, find out what the server is waiting for.",
    ),
    of(
        "cookie-same-site",
        "Browsers do not send the cookie to another site",
        "The page and the server are different sites. CORS may allow credentials, but a cookie goes to another site only if it was set \
         with `SameSite=None; Secure`, and if the user's settings allow cookies of other sites.",
        "Set the cookie with `SameSite=None; Secure`, or serve page and API from one site. Some browsers block cookies of other sites \
         anyway.",
    ),
    of(
        "credentials-useless",
        "Credentials are allowed together with `*`",
        "`Access-Control-Allow-Credentials: true` is sent with `Access-Control-Allow-Origin: *`. The two never work together: a request \
         with credentials is refused, and one without credentials does not need the header.",
        "If requests need cookies, name the origin instead of `*`. If not, remove `Access-Control-Allow-Credentials`.",
    ),
    of(
        "duplicate-header",
        "A CORS header is sent on several lines",
        "Often two layers add it: the application, and a proxy or gateway in front of it. Browsers refuse a second \
         `Access-Control-Allow-Origin`, even if it is the same. They join the lines of a list, such as \
         `Access-Control-Allow-Methods`.",
        "Set the CORS headers in one layer only, and remove them from the other.",
    ),
    of(
        "embedding-refused",
        "Script may read the response, but an element may not load it",
        "`Cross-Origin-Resource-Policy` keeps pages on other origins or sites from embedding the file. It applies to an `<img>` or \
         `<script>` without `crossorigin`, which makes its request without CORS.",
        "Send `Cross-Origin-Resource-Policy: cross-origin` with files that others may embed. Or add `crossorigin` to the element, so \
         that it loads the file with CORS.",
    ),
    of(
        "expose-headers-invalid",
        "`Access-Control-Expose-Headers` is invalid",
        "Something in the list is not the name of a header. Browsers then ignore the whole list, and expose nothing.",
        "Separate the names with commas: `Access-Control-Expose-Headers: ETag, Link`.",
    ),
    of(
        "expose-wildcard-with-credentials",
        "`Access-Control-Expose-Headers: *` exposes nothing here",
        "In a request with credentials, `*` is not a wildcard, so script sees none of the headers that it was meant to see.",
        "List the headers that the page reads: `Access-Control-Expose-Headers: ETag, Link`.",
    ),
    of(
        "html-where-data-was-asked",
        "The answer to an API request is an HTML page",
        "The page may read the response, but code that expects JSON fails with a syntax error at `<`.",
        "Check the URL: servers of web apps answer every unknown path with their index page.",
    ),
    of(
        "http-origin",
        "An http origin is allowed with credentials",
        "Anyone between a user and that http site can replace its page with their own, and read the user's data here.",
        "Serve the page over https, and allow `https://` only.",
    ),
    of(
        "https-only-host",
        "Browsers use https for this host, whatever the URL says",
        "The domain is on the browsers' list of domains that require https (HSTS preload), or the server once sent \
         `Strict-Transport-Security`. Corsac remembers no such visits, and used http. A preflight then fails in Chromium as if it had \
         been redirected, although no server redirects.",
        "Request the https URL, and enable https on the server. For development without a certificate, use a name such as `localhost` \
         or one that ends in `.test`.",
    ),
    of(
        "ignored-request-header",
        "The browser does not send a header that the page sets",
        "Some request headers belong to the browser, such as `Cookie`, `Origin` and `Host`: script that sets them is ignored. In mode \
         `no-cors`, most others are left out as well.",
        "Remove the header from the page's code. Cookies go along with `credentials: \"include\"`. If the server needs the header, \
         remove `mode: \"no-cors\"`.",
    ),
    of(
        "local-network-access",
        "The server is in a more private network than the page",
        "A page from the internet calls the user's own machine or network. Chromium and Firefox ask the user for permission first, and \
         no header changes that. Chromium asks for https pages only.",
        "Serve the page over https and tell your users to expect the prompt, or serve the page from the same network.",
    ),
    of(
        "location-is-http",
        "`Location` is an http URL, and the page is on https",
        "The server created something, and says where it is with an http URL. On an https page a request to it is mixed content, which \
         browsers refuse. The application does not know that it is served over https.",
        "Make the proxy set `X-Forwarded-Proto`, and the application trust it. Or send only a path in `Location`.",
    ),
    of(
        "login-page-read",
        "The page reads a login page instead of the data",
        "The request was redirected to what looks like a login page, and that page allows the origin. The script gets its HTML.",
        "Sign in again. Then answer API requests with status 401 instead of a redirect, so that the page can detect it.",
    ),
    of(
        "max-age-invalid",
        "`Access-Control-Max-Age` is not a number that every browser reads",
        "It is not a whole number of seconds, or the number is too large. Browsers treat such a value differently: some cache the \
         answer for a few seconds, others not at all.",
        "Write a whole number of seconds, such as `Access-Control-Max-Age: 7200`.",
    ),
    of(
        "max-age-over-limit",
        "`Access-Control-Max-Age` is longer than browsers cache",
        "Each browser has a limit, and keeps the answer to a preflight no longer than that.",
        "It does no harm, but do not rely on more than 7200 seconds.",
    ),
    of(
        "method-changed-by-redirect",
        "A redirect turned the request into a GET",
        "After status 301, 302 or 303, browsers send a GET instead of a POST, without the body. The server never gets the data.",
        "Request the last URL directly, or redirect with status 307 or 308, which keep the method and the body.",
    ),
    of(
        "needless-preflight",
        "The page can avoid the preflight",
        "Only a header or a listener that is not needed makes the preflight necessary, and the preflight costs a round trip. Usual \
         ones are `Content-Type` on a GET, `X-Requested-With`, `Cache-Control`, and response headers that were set on the request.",
        "Remove it from the page's code. Instead of `Cache-Control`, write `fetch(url, { cache: \"no-store\" })`.",
    ),
    of(
        "next-request-refused",
        "The client's next request will be refused",
        "This request works, but a client of this protocol sends another one next, with other headers or another method. Corsac sent \
         its preflight, and browsers do not accept the answer. It knows the next request of MCP and tus clients.",
        "Answer that preflight with status 204 and the methods and headers that the report lists.",
    ),
    of(
        "null-origin-allowed",
        "The server allows the origin `null`",
        "Any site can get this origin with a sandboxed frame, so this allows everybody. With credentials, every site on the web can \
         read your users' data.",
        "Serve the page over http or https, and allow its origin. If the data is public and needs no credentials, send `*`.",
    ),
    of(
        "preflight-never-cached",
        "Each request pays one more round trip",
        "Browsers do not keep the answer to the preflight, or only for 5 seconds, so they send it again before almost every request. \
         `Access-Control-Max-Age` is missing, or the answer has a `*` that the browser never matches later.",
        "List methods and headers by name in the answer to `OPTIONS`, and send `Access-Control-Max-Age: 7200`.",
    ),
    of(
        "protocol-header-not-exposed",
        "Script cannot see a header that its protocol needs",
        "The page may read the response, but clients of this protocol or format read a header that the server does not expose, such as \
         `Upload-Offset` for tus, `grpc-status` for gRPC-Web, or `Content-Range` for a part of a file.",
        "Name the header in `Access-Control-Expose-Headers`, beside those that are there already.",
    ),
    of(
        "reflects-any-origin",
        "The server sends back any origin",
        "It answered an origin that cannot be on any list, and allowed it. With credentials, every site on the web can read your users' \
         data. Without, this is the same as `*`.",
        "Compare `Origin` with a list of origins that you trust, and send the header only to those. If the data is public, send \
         `Access-Control-Allow-Origin: *`.",
    ),
    of(
        "refused-readably",
        "The server refuses the page, and the page may read that",
        "The CORS headers are right, but the status is an error: a check of the origin or host on the server refuses the request. This \
         check is separate from the CORS settings.",
        "Add the page's origin to the list of that check. If page and server have the same origin, the server does not know its public \
         address: make the proxy forward `Host` and `X-Forwarded-Proto`, and the server trust them.",
    ),
    of(
        "refused-where-it-is-now",
        "The place of the server, not its answer, is refused",
        "A browser refuses the request because the server is on this machine or in this network: plain http on an https page, or a more \
         private network than the page's. The deployed server would not have this problem.",
        "Serve the API over https, or the page from the same network, during development. `corsac check --url-of` tests the server as \
         it will be deployed.",
    ),
    of(
        "response-header-not-exposed",
        "Script cannot see a response header",
        "The page may read the response, but only a few of its headers, such as `Content-Type`. Others have to be exposed by name.",
        "If the page needs one, name it: `Access-Control-Expose-Headers: X-Request-Id`.",
    ),
    of(
        "set-cookie-ignored",
        "The response sets a cookie, and browsers ignore it",
        "The request was made without credentials, so cookies are neither sent nor kept.",
        "If the page needs the cookie, make the request with `credentials: \"include\"`, and make the server allow that.",
    ),
    of(
        "static-allow-origin",
        "Only one origin can use the server",
        "The server sends the same `Access-Control-Allow-Origin` to every origin, and the header can name only one.",
        "To allow more than one origin, compare `Origin` with a list. If it is on the list, send it back with `Vary: Origin`.",
    ),
    of(
        "vary-missing",
        "A cache may give one site's copy to another",
        "`Access-Control-Allow-Origin` depends on the origin that asks, and no `Vary: Origin` tells caches so. They may serve a copy that \
         names another origin, or none, and the browser blocks it. The browser's own cache does this, too: after an `<img>` without \
         `crossorigin`, `fetch()` finds a copy without the header.",
        "Send `Vary: Origin` with every response of this URL, whether the origin is allowed or not, and also if there is no `Origin`.",
    ),
    of(
        "vary-wrong",
        "`Vary` makes caches less useful than they could be",
        "`Vary: *` keeps every cache from using a stored response. `Vary: Origin` makes them store a copy for each origin, which is not \
         needed where `Access-Control-Allow-Origin` is always `*`.",
        "List the request headers that the response depends on, and no others.",
    ),
    of(
        "websocket-any-origin",
        "Every site can open the WebSocket",
        "The server opens it for an origin that it cannot know. Browsers do not check WebSockets with CORS, and they send the user's \
         cookies with the handshake. So every site that the user visits can use it as that user.",
        "Compare the `Origin` of the handshake with a list of your origins, and answer others with status 403.",
    ),
];
