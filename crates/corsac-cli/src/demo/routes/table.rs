//! The routes, as data.

use corsac::browser::{Credentials, Mode, ReasonCode};

use super::{Answer, Ask, Behind, Chapter, Expected, Route};

pub(crate) const CHAPTERS: &[Chapter] = &[
    Chapter { title: "The header is missing or wrong", routes: ALLOW_ORIGIN },
    Chapter { title: "The preflight fails", routes: PREFLIGHT },
    Chapter { title: "It looks like CORS, and is something else", routes: NOT_CORS },
    Chapter { title: "It goes through", routes: WORKS },
];

/// Where redirects lead to.
pub(super) const ELSEWHERE: &[(&str, Answer)] = &[
    ("/files/moved", Answer { headers: &[JSON, ("access-control-allow-origin", "{page}")], ..OK }),
    ("/redirect/", RIGHT),
    ("/login", Answer { headers: &[("content-type", "text/plain")], body: "Please log in.\n", ..OK }),
];

const JSON: (&str, &str) = ("content-type", "application/json");
const LISTED: (&str, &str) = ("access-control-allow-origin", "{page, if it asks}");
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

const GET: Ask = Ask {
    at_api: true,
    method: "GET",
    headers: &[],
    body: None,
    credentials: Credentials::SameOrigin,
    mode: Mode::Cors,
};
const POST_JSON: Ask = Ask {
    method: "POST",
    headers: &[("Content-Type", "application/json")],
    body: Some("{\"name\": \"fox\"}"),
    ..GET
};

const ALLOW_ORIGIN: &[Route] = &[
    Route {
        id: "no-headers",
        title: "It works in Postman, but not in the browser",
        broken: "The server sends no CORS headers. Only browsers look for them.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: OK,
        expected: Expected::Reason(ReasonCode::AllowOriginMissing),
        behind: Behind::Works,
    },
    Route {
        id: "trailing-slash",
        title: "My origin is allowed, and it is still refused",
        broken: "The allowed origin ends with a slash, as copied from the address bar.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, ("access-control-allow-origin", "{page}/"), VARY], ..OK },
        expected: Expected::Reason(ReasonCode::AllowOriginMismatch),
        behind: Behind::Works,
    },
    Route {
        id: "localhost",
        title: "It works on 127.0.0.1, and not on localhost",
        broken: "The server allows the same page by its address only. To a browser that is another origin.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, ("access-control-allow-origin", "{page-by-address}"), VARY], ..OK },
        expected: Expected::Reason(ReasonCode::AllowOriginMismatch),
        behind: Behind::Works,
    },
    Route {
        id: "twice",
        title: "The header is there, and the browser says it has two values",
        broken: "The proxy and the application behind it both add the header.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: Answer {
            headers: &[JSON, ("access-control-allow-origin", "*"), ("access-control-allow-origin", "{page}")],
            ..OK
        },
        expected: Expected::Reason(ReasonCode::AllowOriginMultiple),
        behind: Behind::Works,
    },
    Route {
        id: "cookies",
        title: "It works until I send cookies",
        broken: "The server allows `*`, which never covers a request with credentials.",
        ask: Ask { credentials: Credentials::Include, ..GET },
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, ("access-control-allow-origin", "*"), CREDENTIALS], ..OK },
        expected: Expected::Reason(ReasonCode::CredentialsWildcard),
        behind: Behind::Works,
    },
    Route {
        id: "true",
        title: "I allow credentials, and they are refused",
        broken: "The header says `True`, as Python prints it. Only `true` counts.",
        ask: Ask { credentials: Credentials::Include, ..GET },
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, LISTED, ("access-control-allow-credentials", "True"), VARY], ..OK },
        expected: Expected::Reason(ReasonCode::AllowCredentialsNotTrue),
        behind: Behind::Works,
    },
    Route {
        id: "moved",
        title: "It stopped working when the files moved to another host",
        broken: "The API redirects to another origin. The browser then says `Origin: null`, and the file server allows the page by its name.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: Answer {
            status: 302,
            headers: &[("location", "{files}/files/moved"), LISTED, VARY],
            body: "",
        },
        expected: Expected::Reason(ReasonCode::AllowOriginMismatch),
        behind: Behind::Remains(
            "the file server has to allow `null`, which is unsafe, or the page asks the file server itself.",
        ),
    },
];

const PREFLIGHT: &[Route] = &[
    Route {
        id: "no-options",
        title: "GET works, DELETE does not",
        broken: "Nothing on the server answers OPTIONS, the method of the preflight.",
        ask: Ask { method: "DELETE", ..GET },
        preflight: NO_OPTIONS,
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::AllowOriginMissing),
        behind: Behind::Works,
    },
    Route {
        id: "login-first",
        title: "My token is valid, and the server says 401",
        broken: "Authentication runs before CORS. A preflight never carries a token, so it is turned away.",
        ask: Ask { headers: &[("Authorization", "Bearer a-valid-token")], ..GET },
        preflight: Answer {
            status: 401,
            headers: &[LISTED, VARY, ("www-authenticate", "Bearer"), ("content-type", "text/plain")],
            body: "Who are you?\n",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::PreflightStatus),
        behind: Behind::Works,
    },
    Route {
        id: "redirect",
        title: "Redirect is not allowed for a preflight request",
        broken: "The server redirects to the same path with a slash at the end, OPTIONS too.",
        ask: Ask { method: "PUT", ..POST_JSON },
        preflight: Answer { status: 308, headers: &[("location", "{api}/redirect/")], body: "" },
        answer: Answer { status: 308, headers: &[("location", "{api}/redirect/")], body: "" },
        expected: Expected::Reason(ReasonCode::PreflightRedirected),
        behind: Behind::Works,
    },
    Route {
        id: "patch",
        title: "PATCH is allowed, and it is refused",
        broken: "The page says `patch`. Browsers put only the older methods in capitals, and compare byte for byte.",
        ask: Ask { method: "patch", ..POST_JSON },
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
        behind: Behind::Remains("the page has to write `PATCH`."),
    },
    Route {
        id: "token",
        title: "It fails as soon as I add the Authorization header",
        broken: "The list of allowed request headers has Content-Type only.",
        ask: Ask { headers: &[("Authorization", "Bearer a-valid-token")], ..GET },
        preflight: Answer {
            status: 204,
            headers: &[LISTED, ("access-control-allow-headers", "Content-Type"), VARY],
            body: "",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::HeaderNotAllowed),
        behind: Behind::Works,
    },
    Route {
        id: "json",
        title: "A form can be sent, JSON cannot",
        broken: "A Content-Type of application/json has to be allowed, and the server lists no request headers.",
        ask: POST_JSON,
        preflight: Answer {
            status: 204,
            headers: &[LISTED, ("access-control-allow-methods", "GET, POST"), VARY],
            body: "",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::HeaderNotAllowed),
        behind: Behind::Works,
    },
    Route {
        id: "wrong-side",
        title: "I added Access-Control-Allow-Origin, and now even GET fails",
        broken: "The page sends the header with its request. It belongs into the response, and here it only causes a preflight.",
        ask: Ask { headers: &[("Access-Control-Allow-Origin", "*")], ..GET },
        preflight: Answer {
            status: 204,
            headers: &[LISTED, ("access-control-allow-headers", "Authorization, Content-Type"), VARY],
            body: "",
        },
        answer: RIGHT,
        expected: Expected::Reason(ReasonCode::HeaderNotAllowed),
        behind: Behind::Remains("the page has to leave the header out."),
    },
];

const NOT_CORS: &[Route] = &[
    Route {
        id: "crash",
        title: "It fails for some items only",
        broken: "The handler crashes, and the error page is made outside the CORS layer.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: Answer {
            status: 500,
            headers: &[("content-type", "text/plain")],
            body: "Internal server error.\n",
        },
        expected: Expected::Cause("error-status-without-cors"),
        behind: Behind::Tells("the handler still crashes; script reads the status 500."),
    },
    Route {
        id: "too-large",
        title: "Small files can be sent, large ones cannot",
        broken: "The proxy in front has a limit, and its error page has no CORS headers.",
        ask: Ask { method: "POST", body: Some("a large file"), ..GET },
        preflight: NO_OPTIONS,
        answer: Answer {
            status: 413,
            headers: &[("server", "nginx"), ("content-type", "text/html")],
            body: "<h1>413 Request Entity Too Large</h1>\n",
        },
        expected: Expected::Cause("error-status-without-cors"),
        behind: Behind::Tells("the file is still too large; script reads the status 413."),
    },
    Route {
        id: "session",
        title: "After an hour every request fails, until I reload the page",
        broken: "The session is over, and the server redirects to its login page.",
        ask: Ask { credentials: Credentials::Include, ..GET },
        preflight: NO_OPTIONS,
        answer: Answer { status: 302, headers: &[("location", "{api}/login")], body: "" },
        expected: Expected::Cause("login-redirect"),
        behind: Behind::Tells("the session is still over; script is handed the login page."),
    },
    Route {
        id: "challenge",
        title: "It works for me, and not for some visitors",
        broken: "The firewall in front wants to know whether a person is there, and answers with a page that asks.",
        ask: GET,
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
        behind: Behind::Tells("the firewall still asks; script reads the status 403."),
    },
    Route {
        id: "stopped",
        title: "Failed to fetch, and nothing else",
        broken: "Nothing listens at that port.",
        ask: Ask { at_api: false, ..GET },
        preflight: NO_OPTIONS,
        answer: OK,
        expected: Expected::Reason(ReasonCode::ConnectionRefused),
        behind: Behind::Remains("nothing listens there, so nobody answers."),
    },
];

const WORKS: &[Route] = &[
    Route {
        id: "no-cors",
        title: "With mode no-cors the error is gone, and so is the data",
        broken: "The server sends no CORS headers. The mode does not change that, it only hides the response from the page.",
        ask: Ask { mode: Mode::NoCors, ..GET },
        preflight: NO_OPTIONS,
        answer: OK,
        expected: Expected::Nothing,
        behind: Behind::Remains("the page has to leave out the mode `no-cors`."),
    },
    Route {
        id: "not-exposed",
        title: "The network panel shows the header, my code gets null",
        broken: "X-Total-Count is not in Access-Control-Expose-Headers.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, LISTED, VARY, ("x-total-count", "3")], ..OK },
        expected: Expected::Finding("protocol-header-not-exposed"),
        behind: Behind::Works,
    },
    Route {
        id: "no-vary",
        title: "It works, until a second site of ours asks",
        broken: "The answer depends on who asks, and does not say so: a cache hands it to the wrong site.",
        ask: GET,
        preflight: NO_OPTIONS,
        answer: Answer { headers: &[JSON, LISTED, ("cache-control", "public, max-age=60")], ..OK },
        expected: Expected::Finding("vary-missing"),
        behind: Behind::Works,
    },
    Route {
        id: "right",
        title: "All of it right: JSON, PUT, cookies",
        broken: "Nothing.",
        ask: Ask { method: "PUT", credentials: Credentials::Include, ..POST_JSON },
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
        behind: Behind::Works,
    },
];
