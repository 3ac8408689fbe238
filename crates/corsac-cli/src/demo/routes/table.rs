//! The routes, as data.

use corsac::browser::{Credentials, Mode, ReasonCode};

use super::{Answer, Chapter, Expected, PageRequest, Route, WithPolicy};

pub(crate) const CHAPTERS: &[Chapter] = &[
    Chapter {
        title: "The header is missing or wrong",
        about: "The browser sends the request, and does not let the page read the response.",
        routes: ALLOW_ORIGIN,
    },
    Chapter {
        title: "The preflight fails (the OPTIONS request that a browser sends first)",
        about: "Before an unusual request, the browser asks for permission with a preflight. If the preflight fails, it does not send the request.",
        routes: PREFLIGHT,
    },
    Chapter {
        title: "It looks like CORS, but is something else",
        about: "Something else failed, and its response has no CORS headers. The browser then reports a CORS error.",
        routes: NOT_CORS,
    },
    Chapter {
        title: "No error, but not what you want",
        about: "The browser reports no error. Corsac still has something to say, except about the last one.",
        routes: WORKS,
    },
];

/// The targets of redirects.
pub(super) const ELSEWHERE: &[(&str, Answer)] = &[
    ("/files/moved", Answer { headers: &[JSON, ("access-control-allow-origin", "{page}")], ..OK }),
    ("/redirect/", RIGHT),
    ("/login", Answer { headers: &[("content-type", "text/plain")], body: "Please log in.\n", ..OK }),
];

const JSON: (&str, &str) = ("content-type", "application/json");
const LISTED: (&str, &str) = ("access-control-allow-origin", "{page, if it is the origin}");
const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");
const VARY: (&str, &str) = ("vary", "Origin");

const OK: Answer = Answer { status: 200, headers: &[JSON], body: "{\"items\": [1, 2, 3]}\n" };
const RIGHT: Answer = Answer { headers: &[JSON, LISTED, VARY], ..OK };
pub(super) const NOT_FOUND: Answer =
    Answer { status: 404, headers: &[("content-type", "text/plain")], body: "Not found.\n" };
const NO_OPTIONS: Answer = Answer {
    status: 405,
    headers: &[("allow", "GET, DELETE"), ("content-type", "text/plain")],
    body: "Method not allowed.\n",
};

const GET: PageRequest = PageRequest {
    at_api: true,
    method: "GET",
    headers: &[],
    body: None,
    credentials: Credentials::SameOrigin,
    mode: Mode::Cors,
};
const POST_JSON: PageRequest = PageRequest {
    method: "POST",
    headers: &[("Content-Type", "application/json")],
    body: Some("{\"name\": \"fox\"}"),
    ..GET
};

const ALLOW_ORIGIN: &[Route] = &[
    Route {
        id: "no-headers",
        title: "It works in Postman, but not in the browser",
        broken: "The server sends no CORS headers. Only browsers need them.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: OK,
        expected: Expected::Reason(ReasonCode::AllowOriginMissing),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "trailing-slash",
        title: "My origin is on the list, but still refused",
        broken: "The allowed origin ends with a slash, as if copied from the address bar.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, ("access-control-allow-origin", "{page}/"), VARY], ..OK },
        expected: Expected::Reason(ReasonCode::AllowOriginMismatch),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "localhost",
        title: "It works on 127.0.0.1, but not on localhost",
        broken: "The server allows the same page only by its address. To a browser, that is another origin.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, ("access-control-allow-origin", "{page-by-address}"), VARY], ..OK },
        expected: Expected::Reason(ReasonCode::AllowOriginMismatch),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "twice",
        title: "The header is there, but the browser says that it has two values",
        broken: "Both the proxy and the application add the header.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer {
            headers: &[JSON, ("access-control-allow-origin", "*"), ("access-control-allow-origin", "{page}")],
            ..OK
        },
        expected: Expected::Reason(ReasonCode::AllowOriginMultiple),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "cookies",
        title: "It works until I send cookies",
        broken: "The server allows `*`, which never covers a request with credentials.",
        request: PageRequest { credentials: Credentials::Include, ..GET },
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, ("access-control-allow-origin", "*"), CREDENTIALS], ..OK },
        expected: Expected::Reason(ReasonCode::CredentialsWildcard),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "true",
        title: "I allow credentials, but they are refused",
        broken: "The header says `True`, as Python prints it. Only `true` is valid.",
        request: PageRequest { credentials: Credentials::Include, ..GET },
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, LISTED, ("access-control-allow-credentials", "True"), VARY], ..OK },
        expected: Expected::Reason(ReasonCode::AllowCredentialsNotTrue),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "moved",
        title: "It stopped working when the files moved to another host",
        broken: "The API redirects to another origin. The browser then sends `Origin: null`, but the file server allows only the page's real origin.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer {
            status: 302,
            headers: &[("location", "{files}/files/moved"), LISTED, VARY],
            body: "",
        },
        expected: Expected::Reason(ReasonCode::AllowOriginMismatch),
        with_policy: WithPolicy::StillFails(
            "the page has to request the file server directly. The file server could allow `null`, but that is unsafe.",
        ),
    },
];

const PREFLIGHT: &[Route] = &[
    Route {
        id: "no-options",
        title: "GET works, but DELETE does not",
        broken: "The server does not handle OPTIONS, the method of the preflight.",
        request: PageRequest { method: "DELETE", ..GET },
        preflight: NO_OPTIONS,
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::AllowOriginMissing),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "login-first",
        title: "My token is valid, but the server says 401",
        broken: "Authentication runs before CORS. A preflight never has a token, so it is rejected.",
        request: PageRequest { headers: &[("Authorization", "Bearer a-valid-token")], ..GET },
        preflight: Answer {
            status: 401,
            headers: &[LISTED, VARY, ("www-authenticate", "Bearer"), ("content-type", "text/plain")],
            body: "Who are you?\n",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::PreflightStatus),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "redirect",
        title: "Redirect is not allowed for a preflight request",
        broken: "The server redirects to the same path with a trailing slash, even for OPTIONS.",
        request: PageRequest { method: "PUT", ..POST_JSON },
        preflight: Answer { status: 308, headers: &[("location", "{api}/redirect/")], body: "" },
        answer: Answer { status: 308, headers: &[("location", "{api}/redirect/")], body: "" },
        expected: Expected::Reason(ReasonCode::PreflightRedirected),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "patch",
        title: "PATCH is allowed, but refused",
        broken: "The page writes `patch`. Method names are case-sensitive, and browsers convert only older ones to upper case.",
        request: PageRequest { method: "patch", ..POST_JSON },
        preflight: Answer {
            status: 204,
            headers: &[
                LISTED,
                ("access-control-allow-methods", "GET, PATCH"),
                ("access-control-allow-headers", "Content-Type"),
                VARY,
            ],
            body: "",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::MethodNotAllowed),
        with_policy: WithPolicy::StillFails("the page has to write `PATCH`."),
    },
    Route {
        id: "token",
        title: "It fails as soon as I add the Authorization header",
        broken: "The list of allowed request headers contains only Content-Type.",
        request: PageRequest { headers: &[("Authorization", "Bearer a-valid-token")], ..GET },
        preflight: Answer {
            status: 204,
            headers: &[LISTED, ("access-control-allow-headers", "Content-Type"), VARY],
            body: "",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::HeaderNotAllowed),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "json",
        title: "I can send a form, but not JSON",
        broken: "A Content-Type of application/json has to be allowed, but the server allows no request headers.",
        request: POST_JSON,
        preflight: Answer {
            status: 204,
            headers: &[LISTED, ("access-control-allow-methods", "GET, POST"), VARY],
            body: "",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::HeaderNotAllowed),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "wrong-side",
        title: "I added Access-Control-Allow-Origin, and now even GET fails",
        broken: "The page sends the header in its request. It belongs in the response, and in the request it only causes a preflight.",
        request: PageRequest { headers: &[("Access-Control-Allow-Origin", "*")], ..GET },
        preflight: Answer {
            status: 204,
            headers: &[LISTED, ("access-control-allow-headers", "Authorization, Content-Type"), VARY],
            body: "",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::HeaderNotAllowed),
        with_policy: WithPolicy::StillFails("the page has to remove the header."),
    },
];

const NOT_CORS: &[Route] = &[
    Route {
        id: "crash",
        title: "It fails only for some items",
        broken: "The handler crashes, and the error page does not pass through the CORS layer.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer {
            status: 500,
            headers: &[("content-type", "text/plain")],
            body: "Internal server error.\n",
        },
        expected: Expected::Cause("error-status-without-cors"),
        with_policy: WithPolicy::ErrorReadable(
            "the handler still crashes, and the page can read the status 500.",
        ),
    },
    Route {
        id: "too-large",
        title: "I can upload small files, but not large ones",
        broken: "The proxy has a limit, and its error page has no CORS headers.",
        request: PageRequest { method: "POST", body: Some("a large file"), ..GET },
        preflight: NO_OPTIONS,
        answer: Answer {
            status: 413,
            headers: &[("server", "nginx"), ("content-type", "text/html")],
            body: "<h1>413 Request Entity Too Large</h1>\n",
        },
        expected: Expected::Cause("error-status-without-cors"),
        with_policy: WithPolicy::ErrorReadable(
            "the file is still too large, and the page can read the status 413.",
        ),
    },
    Route {
        id: "session",
        title: "After an hour every request fails, until I reload the page",
        broken: "The session has expired, and the server redirects to its login page.",
        request: PageRequest { credentials: Credentials::Include, ..GET },
        preflight: NO_OPTIONS,
        answer: Answer { status: 302, headers: &[("location", "{api}/login")], body: "" },
        expected: Expected::Cause("login-redirect"),
        with_policy: WithPolicy::ErrorReadable(
            "the session has still expired, and the page gets the login page.",
        ),
    },
    Route {
        id: "challenge",
        title: "It works for me, but not for some visitors",
        broken: "A firewall checks whether the visitor is human, and answers with a challenge page.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer {
            status: 403,
            headers: &[
                ("server", "cloudflare"),
                ("cf-mitigated", "challenge"),
                ("content-type", "text/html"),
            ],
            body: "<h1>Just a moment...</h1>\n",
        },
        expected: Expected::Cause("challenge-page"),
        with_policy: WithPolicy::ErrorReadable(
            "the firewall still sends its challenge, and the page can read the status 403.",
        ),
    },
    Route {
        id: "stopped",
        title: "Failed to fetch, and nothing else",
        broken: "Nothing listens on that port.",
        request: PageRequest { at_api: false, ..GET },
        preflight: NO_OPTIONS,
        answer: OK,
        expected: Expected::Reason(ReasonCode::ConnectionRefused),
        with_policy: WithPolicy::StillFails("a server has to listen there first."),
    },
];

const WORKS: &[Route] = &[
    Route {
        id: "no-cors",
        title: "With mode no-cors the error is gone, and so is the data",
        broken: "The server sends no CORS headers. The mode only hides the response from the page.",
        request: PageRequest { mode: Mode::NoCors, ..GET },
        preflight: NO_OPTIONS,
        answer: OK,
        expected: Expected::Nothing,
        with_policy: WithPolicy::StillFails("the page has to remove the mode `no-cors`."),
    },
    Route {
        id: "not-exposed",
        title: "The network panel shows the header, but my code gets null",
        broken: "X-Total-Count is not in Access-Control-Expose-Headers.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, LISTED, VARY, ("x-total-count", "3")], ..OK },
        expected: Expected::Finding("protocol-header-not-exposed"),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "no-vary",
        title: "It works, until our second site uses it too",
        broken: "The response depends on the origin, but has no `Vary: Origin`. A cache may serve it to the wrong site.",
        request: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, LISTED, ("cache-control", "public, max-age=60")], ..OK },
        expected: Expected::Finding("vary-missing"),
        with_policy: WithPolicy::Works,
    },
    Route {
        id: "right",
        title: "Everything is right: JSON, PUT, cookies",
        broken: "Nothing.",
        request: PageRequest { method: "PUT", credentials: Credentials::Include, ..POST_JSON },
        preflight: Answer {
            status: 204,
            headers: &[
                LISTED,
                CREDENTIALS,
                ("access-control-allow-methods", "GET, PUT, DELETE"),
                ("access-control-allow-headers", "Content-Type"),
                ("access-control-max-age", "600"),
                VARY,
            ],
            body: "",
        },
        answer: Answer { headers: &[JSON, LISTED, CREDENTIALS, VARY], ..OK },
        expected: Expected::Nothing,
        with_policy: WithPolicy::Works,
    },
];
