"""The plain server after a proxy. It knows nothing of CORS, apart from the path `own`, which has CORS headers of its own. The last segment of the path decides:
`items` is there, `own` has its own headers, a status answers with that status, 502 with nothing, `redirect` leads to `items`; anything else is 404."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATUSES = {"401", "403", "413", "500"}
OWN = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Allow-Methods", "GET, PUT, TRACE"),
    ("Access-Control-Allow-Headers", "x-own"),
    ("Access-Control-Max-Age", "86400"),
    ("Access-Control-Expose-Headers", "X-Own"),
    ("Timing-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
]


class Backend(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        path = self.path.split("?")[0]
        last = path.rsplit("/", 1)[-1]
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if last == "502":
            self.close_connection = True
            self.connection.close()
            return
        headers = OWN if last == "own" else []
        status = 200 if last in ("items", "own", "") else int(last) if last in STATUSES else 404
        if last == "redirect":
            status, headers = 302, [("Location", path[: -len(last)] + "items")]
        if status == 401:
            headers = [("WWW-Authenticate", "Bearer")]
        body = b"" if self.command == "HEAD" else b"%d\n" % status
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # proxies end connections as they like


def serve():
    """Starts it on a free port of the loopback address, and returns the port."""
    server = Server(("127.0.0.1", 0), Backend)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]
