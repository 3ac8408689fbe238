"""What the page asks for, how the server answers, and what is true about it.

`truth` is the reason why the page may not read the response, or "" if it may; it is what the standard says, and not what a program printed.
`answers` takes the request and returns a status, header lines and a body.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

JSON = ("Content-Type", "application/json")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff0f2d8e1b0000000049454e44ae426082"
)


class Situation(NamedTuple):
    name: str
    truth: str
    answers: Callable
    # The server: `api` is of another site; `near` is of the page's site, so that it gets the page's cookie; `page` is the page's own origin;
    # nothing listens at `closed`.
    server: str = "api"
    method: str = "GET"
    headers: dict[str, str] = {}
    body: str = ""
    credentials: str = "same-origin"
    # What the page asks with: `fetch`, `abort` (which it aborts), `no-cors`, `upload` (XMLHttpRequest with a listener for its upload), or an element:
    # `img`, `img crossorigin`, `module`, `font`, `eventsource`.
    api: str = "fetch"
    # How often the page asks.
    times: int = 1

    @property
    def path(self):
        return "/" + self.name.replace(" ", "-").replace("'", "")


def allow(request, *more):
    return [("Access-Control-Allow-Origin", request.origin or "*"), JSON, *more]


CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
METHODS = ("Access-Control-Allow-Methods", "PUT")
TYPE = ("Access-Control-Allow-Headers", "content-type")


def always(status, *lines):
    """The same answer, whoever asks."""
    return lambda request: (status, list(lines), b"{}")


def refuses_preflights(status, *lines):
    """Answers each OPTIONS like this, and everything else well."""
    return lambda request: (status, [*lines], b"no") if request.is_options else (200, allow(request), b"{}")


def allows_preflights(status, *lines):
    """Answers each OPTIONS well, and everything else like this."""
    return lambda request: (204, allow(request, METHODS, TYPE), b"") if request.is_options else (status, [JSON, *lines], b"{}")


def with_slash(request):
    return 200, [("Access-Control-Allow-Origin", f"{request.origin}/"), JSON], b"{}"


def twice(request):
    return 200, allow(request, ("Access-Control-Allow-Origin", "*")), b"{}"


def allowed(*more):
    return lambda request: (200, allow(request, *more), b"{}")


def preflight_404_that_allows(request):
    return (404, allow(request, METHODS, TYPE), b"no") if request.is_options else (200, allow(request), b"{}")


def preflight_elsewhere(request):
    target = ("Location", request.url("other", "/elsewhere"))
    return (302, allow(request, target), b"") if request.is_options else (200, allow(request), b"{}")


def to_another_origin(path):
    return lambda request: (302, allow(request, ("Location", request.url("other", path))), b"")


def put_elsewhere(request):
    answer = 204 if request.is_options else 307
    return answer, allow(request, METHODS, TYPE, ("Location", request.url("other", "/put"))), b""


def slowly(answers):
    def answer(request):
        time.sleep(1)
        return answers(request)
    return answer


def closes(_):
    """No answer at all."""
    raise ConnectionAbortedError


def image(_):
    return 200, [("Content-Type", "image/png")], PIXEL


def image_of_its_own_origin(_):
    return 200, [("Content-Type", "image/png"), ("Cross-Origin-Resource-Policy", "same-origin")], PIXEL


PUT = {"method": "PUT", "headers": {"content-type": "application/json"}, "body": "{}"}
ANY = ("Access-Control-Allow-Origin", "*")

SITUATIONS = [
    Situation("no header", "allow-origin-missing", always(200, JSON)),
    Situation("a slash at the end", "allow-origin-mismatch", with_slash),
    Situation("two header lines", "allow-origin-multiple", twice),
    Situation("another origin", "allow-origin-mismatch", always(200, JSON, ("Access-Control-Allow-Origin", "http://localhost:3000"))),
    Situation("wildcard with a cookie", "credentials-wildcard", always(200, ANY, JSON), server="near", credentials="include"),
    Situation("wildcard without a cookie", "credentials-wildcard", always(200, ANY, JSON), credentials="include"),
    Situation("credentials not allowed", "allow-credentials-not-true", allowed(), server="near", credentials="include"),
    Situation("preflight 404", "allow-origin-missing", refuses_preflights(404), **PUT),
    Situation("preflight 404 with headers", "preflight-status", preflight_404_that_allows, **PUT),
    Situation("preflight 401", "allow-origin-missing", refuses_preflights(401, ("WWW-Authenticate", "Bearer")), **PUT),
    Situation("preflight redirected", "preflight-redirected", preflight_elsewhere, **PUT),
    Situation("method not allowed", "method-not-allowed", allowed(("Access-Control-Allow-Methods", "POST"), TYPE), **PUT),
    Situation("header not allowed", "header-not-allowed", allowed(METHODS, TYPE), headers={"x-request-id": "7"}),
    Situation("error 500 without headers", "allow-origin-missing", allows_preflights(500), **PUT),
    Situation("redirect without headers", "allow-origin-missing", to_another_origin("/plain")),
    Situation("redirect to a list", "allow-origin-mismatch", to_another_origin("/list")),
    Situation("redirect from the page's server", "allow-origin-missing", to_another_origin("/plain-again"), server="page"),
    Situation("preflight after a redirect", "allow-origin-missing", put_elsewhere, **PUT),
    Situation("all headers with credentials", "header-not-allowed", allowed(CREDENTIALS, ("Access-Control-Allow-Headers", "*")), server="near",
              headers={"x-request-id": "7"}, credentials="include"),
    Situation("upload with a listener", "allow-origin-missing", refuses_preflights(405), method="POST", body="text", api="upload"),
    Situation("image with crossorigin", "allow-origin-missing", image, api="img crossorigin"),
    Situation("module", "allow-origin-missing", always(200, ("Content-Type", "text/javascript")), api="module"),
    Situation("font", "allow-origin-missing", always(200, ("Content-Type", "font/woff2")), api="font"),
    Situation("event source", "allow-origin-missing", always(200, ("Content-Type", "text/event-stream")), api="eventsource"),
    Situation("connection closed", "connection-closed", closes),
    Situation("nothing listens", "connection-refused", always(200), server="closed"),
    Situation("image kept to its origin", "resource-policy", image_of_its_own_origin, api="img"),
    Situation("readable", "", allowed()),
    Situation("readable after a preflight", "", allowed(METHODS, TYPE), **PUT),
    Situation("readable with a cookie", "", allowed(CREDENTIALS), server="near", credentials="include"),
    Situation("readable without a body", "", lambda request: (204, allow(request), b"")),
    Situation("error 404 that can be read", "", lambda request: (404, allow(request), b"{}")),
    Situation("readable with the preflight of before", "", allowed(METHODS, TYPE, ("Access-Control-Max-Age", "600")), **PUT, times=2),
    Situation("image without crossorigin", "", image, api="img"),
    # Without a body: DevTools waits for one that nobody reads when it exports.
    Situation("opaque", "", always(204), api="no-cors"),
    Situation("aborted by the page", "", slowly(allowed()), api="abort"),
    Situation("of the same origin", "", always(200, JSON), server="page"),
]

# Where redirects lead.
TARGETS = {
    "/plain": always(200, JSON),
    "/plain-again": always(200, JSON),
    "/put": refuses_preflights(405),
    "/elsewhere": allowed(METHODS, TYPE),
    "/list": lambda request: (200, [("Access-Control-Allow-Origin", request.server.urls["page"]), JSON], b"{}"),
}


# The forms of recordings, each with the engine whose decisions it shows.
FORMS = {
    "chromium": "chromium",
    "chromium-sanitized": "chromium",
    "playwright": "chromium",
    "firefox": "firefox",
}


class Limit(NamedTuple):
    """Where a recording does not hold what is needed, and why. If it does hold it, the limit is an error."""
    forms: list[str]
    names: list[str]
    # What is found nevertheless, in a word of `compare.told`.
    found: str
    why: str


LIMITS = [
    Limit(
        ["playwright"],
        [one.name for one in SITUATIONS if one.truth not in ("", "connection-closed", "connection-refused", "resource-policy")],
        "one of several",
        "Playwright records no preflights, and neither the status nor the headers of a response that was refused.",
    ),
    Limit(
        ["chromium", "chromium-sanitized", "firefox"],
        ["another origin"],
        "reason",
        "That the value is the same for everybody shows only when another origin asks. `check` does that; a recording has one answer.",
    ),
    Limit(
        ["firefox"],
        ["wildcard without a cookie"],
        "no item",
        "Firefox does not record what it refused, and without a cookie nothing shows that the request had credentials.",
    ),
    Limit(
        ["firefox"],
        ["connection closed", "nothing listens", "aborted by the page"],
        "no reason",
        "Firefox records that there was no response, and not why: the network, an extension, or the page itself.",
    ),
]
