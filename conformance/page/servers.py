"""Servers with known faults, and a hostile one, on ports of the loopback address. They keep what was sent to them.

The first part of a path is the flow that asks, so that flows which run at the same time do not count each other's requests:
`http://127.0.0.1:PORT/ask-3/slash` has the answer `/slash` of the flow `ask-3`.
"""

import contextlib
import http.server
import itertools
import json
import socket
import threading
from pathlib import Path

ORIGIN = "http://localhost:5173"
FILES = Path(__file__).resolve().parent / "foreign"

# What a hostile server, link or file writes wherever it can. `hostile` stays unset, and no dialog opens.
SCRIPT = "\"'><img src=x onerror=window.hostile=1><script>window.hostile=1</script><svg onload=window.hostile=1><!--</script></textarea>`${hostile=1}`javascript:hostile=1"
LONG = "x" * 300
MANY = 10_000

JSON = ("Content-Type", "application/json")
ALLOWED = ("Access-Control-Allow-Origin", ORIGIN)
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
METHODS = ("Access-Control-Allow-Methods", "GET, PUT, DELETE")
ALL_RIGHT = [ALLOWED, CREDENTIALS, METHODS, ("Access-Control-Allow-Headers", "Authorization, Content-Type"), ("Vary", "Origin")]

ANSWERS = {}


def path(name):
    def register(function):
        ANSWERS[name] = function
        return function
    return register


@path("/preflight-header")
def the_preflight_forgets_content_type(request):
    lines = [ALLOWED, CREDENTIALS, METHODS, ("Access-Control-Allow-Headers", "Authorization"), ("Vary", "Origin")]
    return 200, [*(lines if request.is_options else ALL_RIGHT), ("Server", "nginx/1.25.3"), JSON], b"{}"


@path("/slash")
def the_origin_has_a_slash(_):
    return 200, [("Access-Control-Allow-Origin", f"{ORIGIN}/"), JSON], b"{}"


@path("/wildcard")
def a_wildcard_for_credentials(_):
    return 200, [("Access-Control-Allow-Origin", "*"), JSON], b"{}"


@path("/hidden")
def a_header_is_not_exposed(_):
    return 200, [ALLOWED, CREDENTIALS, ("Vary", "Origin"), ("X-Total-Count", "1204"), JSON], b"[]"


@path("/redirect")
def on_to_another_port(request):
    return 302, [ALLOWED, ("Location", f"{request.server.servers.other}/{request.tag}/file")], b""


@path("/file")
def allows_the_page_and_not_null(_):
    return 200, [ALLOWED, JSON], b"{}"


@path("/agent")
def script_may_not_name_its_agent(_):
    return 200, [ALLOWED, JSON], b"{}"


@path("/right")
def all_of_it_right(_):
    return 200, [*ALL_RIGHT, JSON], b"{}"


@path("/slow")
def waits_until_the_end(request):
    request.server.servers.ended.wait(60)
    return 200, [ALLOWED], b""


@path("/long")
def values_of_300_characters(_):
    lines = [("Access-Control-Allow-Origin", f"https://{LONG}.example"), ("Access-Control-Allow-Headers", LONG), (f"X-{LONG}", LONG), ("Server", LONG)]
    return 200, lines, LONG.encode()


@path("/hostile")
def script_in_everything(_):
    names = ["Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers",
             "Access-Control-Max-Age", "Access-Control-Allow-Credentials", "Vary", "Server", "X-Powered-By", "Content-Type", "Timing-Allow-Origin",
             "Cross-Origin-Resource-Policy", "WWW-Authenticate", "Set-Cookie", "Via", "CF-Ray", "X-Script"]
    return (200, f"OK {SCRIPT}"), [(name, SCRIPT) for name in names], SCRIPT.encode()


@path("/hostile-redirect")
def script_in_the_address(request):
    return (302, SCRIPT), [("Access-Control-Allow-Origin", "*"), ("Location", f"{request.server.servers.other}/{request.tag}/hostile?{SCRIPT}#{SCRIPT}")], b""


@path("/many")
def ten_thousand_lines(_):
    return 200, [ALLOWED, *((f"X-Line-{number}", f"value {number}") for number in range(MANY))], b"{}"


@path("/many-exposed")
def ten_thousand_lines_for_script(request):
    status, lines, body = ten_thousand_lines(request)
    return status, [("Access-Control-Expose-Headers", "*"), *lines], body


class Servers:
    """Two ports, and one where nobody listens, as long as the `with` block lasts."""

    def __enter__(self):
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.requests = []
        self.numbers = itertools.count(1)
        self.listening = [Server(("127.0.0.1", 0), Request) for _ in range(2)]
        for server in self.listening:
            server.servers = self
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.here, self.other = (f"http://127.0.0.1:{server.server_port}" for server in self.listening)
        self.nobody = socket.socket()
        self.nobody.bind(("127.0.0.1", 0))  # and it never listens
        self.closed = f"http://127.0.0.1:{self.nobody.getsockname()[1]}/"
        return self

    def __exit__(self, *_):
        self.ended.set()
        for server in self.listening:
            server.shutdown()
            server.server_close()
        self.nobody.close()

    def room(self, name):
        """A room of its own for a flow."""
        return Room(self, f"{name}-{next(self.numbers)}")


class Room:
    """The part of the servers that one flow uses."""

    def __init__(self, servers, tag):
        self.servers, self.tag = servers, tag
        self.here, self.other, self.closed = f"{servers.here}/{tag}", f"{servers.other}/{tag}", servers.closed

    def url(self, name):
        return self.here + name

    def sent(self):
        """What was sent here so far: `PUT /right`."""
        with self.servers.lock:
            return [f"{method} {name}" for tag, method, name, _ in self.servers.requests if tag == self.tag]

    def headers(self, line):
        """The headers of the last such request, with names in lower case."""
        with self.servers.lock:
            return [headers for tag, method, name, headers in self.servers.requests if (tag, f"{method} {name}") == (self.tag, line)][-1]

    def forget(self):
        with self.servers.lock:
            self.servers.requests = [one for one in self.servers.requests if one[0] != self.tag]


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass  # a browser that is ended does not say goodbye


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def is_options(self):
        return self.command == "OPTIONS"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = self.path.split("?")[0]
        _, self.tag, *rest = target.split("/", 2)
        name = "/" + "/".join(rest)
        if self.tag == "foreign":
            return self.send_file(rest[0] if rest else "")
        with self.server.servers.lock:
            headers = {key.lower(): value for key, value in self.headers.items()}
            self.server.servers.requests.append((self.tag, self.command, name, headers))
        status, lines, body = ANSWERS.get(name, lambda _: (404, [], b""))(self)
        self.send(status, lines, body)
        return None

    def send_file(self, name):
        """Pages of another site: faulty ones, and attackers."""
        file = FILES / name
        if file.parent != FILES or not file.is_file():
            return self.send(404, [], b"")
        kind = "text/javascript" if name.endswith(".js") else "text/html; charset=utf-8"
        policy = [("Content-Security-Policy", "script-src 'self'")] if name == "faulty.html" else []
        return self.send(200, [("Content-Type", kind), *policy], file.read_bytes())

    def send(self, status, lines, body):
        status, reason = status if isinstance(status, tuple) else (status, None)
        self.send_response_only(status, reason)
        for line in [*lines, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]:
            self.send_header(*line)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle(self):
        with contextlib.suppress(ConnectionError):
            super().handle()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


def har(url, status=200):
    """A small recording, in the form of Chromium, of one request that failed and of one that did not."""
    def entry(url, status, error, lines):
        request = {"method": "GET", "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [], "headersSize": -1, "bodySize": 0,
                   "headers": [{"name": "Origin", "value": ORIGIN}, {"name": "Sec-Fetch-Mode", "value": "cors"}, {"name": "Sec-Fetch-Dest", "value": "empty"}]}
        response = {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "", "headersSize": -1, "bodySize": 0,
                    "headers": [{"name": name, "value": value} for name, value in lines], "content": {"size": 0, "mimeType": "application/json"}}
        if error:
            response["_error"] = error
        return {"startedDateTime": "2026-11-23T10:00:00.000Z", "time": 5, "request": request, "response": response, "cache": {},
                "timings": {"send": 0, "wait": 5, "receive": 0}, "_resourceType": "fetch", "_initiator": {"type": "script"}}

    log = {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [],
           "entries": [entry(f"{url}/right", 200, "", [ALLOWED]), entry(f"{url}/slash", status, "net::ERR_FAILED", [("Access-Control-Allow-Origin", f"{ORIGIN}/")])]}
    return json.dumps({"log": log})
