"""The page and the servers that it asks, on the loopback address. A port each for the page, its server, and the one where redirects lead."""

import contextlib
import http.server
import json
import socket
import threading

from page import SITUATIONS, TARGETS

PAGE = """<!doctype html><title>asking</title><link rel="icon" href="data:,">
<script>
const loaded = (element, properties) => new Promise((resolve, reject) => {
    Object.assign(element, properties, {onload: resolve, onerror: reject});
    document.head.append(element);
});
const ask = async ({url, api, ...init}) => {
    switch (api) {
        case "img":
            return loaded(new Image(), {src: url});
        case "img crossorigin":
            return loaded(new Image(), {crossOrigin: "anonymous", src: url});
        case "module":
            return loaded(document.createElement("script"), {type: "module", src: url});
        case "font":
            return new FontFace("asked", `url(${url})`).load();
        case "eventsource":
            return new Promise((resolve, reject) => {
                const source = new EventSource(url);
                const end = (how) => () => { source.close(); how(); };
                Object.assign(source, {onopen: end(resolve), onerror: end(reject)});
            });
        case "upload":
            return new Promise((resolve, reject) => {
                const request = new XMLHttpRequest();
                request.upload.onprogress = () => {};
                Object.assign(request, {onload: resolve, onerror: reject});
                request.open(init.method, url);
                request.send(init.body);
            });
        case "abort":
            return fetch(url, {signal: AbortSignal.timeout(200)});
        case "no-cors":
            return fetch(url, {mode: "no-cors"});
        default:
            return (await fetch(url, init)).text();
    }
};
addEventListener("load", async () => {
    const seen = {};
    // One after the other: now and then Firefox records no answer for one of many at once, although the page gets it.
    for (const {name, times, ...request} of REQUESTS) {
        for (let time = 0; time < times; time++) {
            seen[name] = await ask(request).then(() => true, () => false);
        }
    }
    await (await fetch("/seen", {method: "POST", body: JSON.stringify(seen)})).text();
    document.title = "done";
});
</script>
"""
ANSWERS = {situation.path: situation.answers for situation in SITUATIONS} | TARGETS


class Servers:
    """What listens while the browsers record."""

    def __enter__(self):
        self.closed = socket.socket()
        self.closed.bind(("127.0.0.1", 0))  # and it never listens
        self.running = {name: Server(("127.0.0.1", 0), Request) for name in ("page", "api", "other")}
        ports = {name: server.server_port for name, server in self.running.items()}
        self.urls = {
            "page": f"http://localhost:{ports['page']}",
            "api": f"http://127.0.0.1:{ports['api']}",
            "near": f"http://localhost:{ports['api']}",
            "other": f"http://127.0.0.1:{ports['other']}",
            "closed": f"http://127.0.0.1:{self.closed.getsockname()[1]}",
        }
        self.seen = {}
        for server in self.running.values():
            server.urls, server.seen = self.urls, self.seen
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in self.running.values():
            server.shutdown()
            server.server_close()
        self.closed.close()

    def take_seen(self):
        """Which responses the page could read since this was asked last."""
        seen = dict(self.seen)
        self.seen.clear()
        return seen

    def url(self, situation):
        return self.urls[situation.server] + situation.path


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def origin(self):
        return self.headers.get("Origin")

    @property
    def is_options(self):
        return self.command == "OPTIONS"

    def url(self, server, path):
        return self.server.urls[server] + path

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        if path == "/":
            # The cookie makes credentials visible in a recording.
            self.send(200, [("Content-Type", "text/html"), ("Set-Cookie", "sid=1; Path=/")], self.page())
        elif path == "/ready":
            self.send(200, [("Content-Type", "text/html")], b"<title>ready</title>")
        elif path == "/seen":
            self.server.seen.update(json.loads(body))
            self.send(200, [], b"thanks")
        elif path in ANSWERS:
            self.send(*ANSWERS[path](self))
        else:
            self.send(404, [], b"")

    def page(self):
        requests = [
            {
                "name": one.name,
                "times": one.times,
                "api": one.api,
                "url": self.url(one.server, one.path),
                "method": one.method,
                "headers": one.headers,
                "credentials": one.credentials,
                **({"body": one.body} if one.body else {}),
            }
            for one in SITUATIONS
        ]
        return PAGE.replace("REQUESTS", json.dumps(requests)).encode()

    def send(self, status, lines, body):
        self.send_response_only(status)
        for line in [*lines, ("Cache-Control", "no-store")]:
            self.send_header(*line)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def handle(self):
        # A browser that is ended does not say goodbye.
        with contextlib.suppress(ConnectionError):
            super().handle()

    do_GET = do_POST = do_PUT = do_OPTIONS = answer

    def log_message(self, *_):
        pass
