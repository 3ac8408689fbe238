"""Records what real servers answer with the configurations of a kind, for `crates/corsac-import`, which has to answer the same. Loopback only.

For each folder of `conformance/import/KIND` it starts the server with `config*` as `KIND.py` says, sends what `expected.toml` names, and writes
`recorded.json`. `KIND.py` has `start(config, folder, port, upstream)`: `folder` is a copy of the configuration's folder, `config` the file in it, `port`
where the server has to listen on the loopback address, `upstream` the port of the application. It returns a `Server` of `conformance/stacks/servers.py`.
"""

import argparse
import http.client
import importlib
import json
import shutil
import ssl
import sys
import tempfile
import threading
import tomllib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "stacks")]

import backend
from servers import free_port

# What the application sends for a path that ends in `/own`.
OWN = [
    ("Access-Control-Allow-Origin", "https://own.example"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Allow-Methods", "GET, TRACE"),
    ("Access-Control-Allow-Headers", "x-own"),
    ("Vary", "Origin"),
]
KEPT = ("vary", "timing-allow-origin", "cross-origin-resource-policy", "location")
# Method, and the headers beside Origin.
REQUESTS = [
    ("GET", []),
    ("OPTIONS", [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization")]),
    ("OPTIONS", []),
    ("HEAD", []),
]


KINDS = sorted(file.stem for file in HERE.glob("*.py") if file.name != "record.py")


def main():
    parser = argparse.ArgumentParser(prog="record.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the recordings instead of writing them")
    parser.add_argument("--only", default="", metavar="WORDS", help="only configurations whose name contains this")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"one of {', '.join(KINDS)}; all of them if none is named")
    arguments = parser.parse_args()
    unknown = [kind for kind in arguments.kinds if kind not in KINDS]
    if unknown:
        parser.error(f"no server for {', '.join(unknown)}; there is one for {', '.join(KINDS)}")
    same, other = 0, 0
    for kind in arguments.kinds or KINDS:
        start = importlib.import_module(kind).start
        for source in sorted(path for path in (HERE / kind).iterdir() if path.is_dir() and arguments.only in path.name):
            entries = record(source, start)
            lines = ",\n".join(json.dumps(entry) for entry in entries)
            text, file = f"[\n{lines}\n]\n", source / "recorded.json"
            if not arguments.check:
                file.write_text(text, encoding="utf-8")
                print(f"recorded {kind}/{source.name}: {len(entries)} requests")
                continue
            differences = [] if file.read_text(encoding="utf-8") == text else differing(json.loads(file.read_text(encoding="utf-8")), json.loads(text))
            same, other = same + (not differences), other + bool(differences)
            print(f"{'OTHER   ' if differences else 'the same'} {kind}/{source.name}: {len(entries)} requests", flush=True)
            for line in differences[:5]:
                print(f"    {line}")
    if arguments.check:
        print(f"{same} configurations as recorded, {other} otherwise")
    return 1 if other else 0


def differing(recorded, now):
    """What the server answers otherwise than it was recorded."""
    lines = [f"{entry['request']}: recorded {before['response']}, now {entry['response']}"
             for before, entry in zip(recorded, now) if before["request"] == entry["request"] and before["response"] != entry["response"]]
    return lines or ["the requests differ: record them again"] * (recorded != now)


def record(source, start):
    expected = tomllib.loads((source / "expected.toml").read_text(encoding="utf-8"))
    application = Application()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work).resolve() / source.name
        shutil.copytree(source, folder)
        config = next(folder.glob("config*"))
        port = free_port()
        # Workers that have dropped the rights of root have to read it, too.
        for path in (folder.parent, folder):
            path.chmod(0o755)
        with start(config, folder, port, application.port):
            return [
                exchange(application, port, expected.get("scheme", "http"), host, path, method, headers)
                for host in expected.get("hosts", ["server.example"])
                for path in expected["paths"]
                for origin in [None, *expected["origins"]]
                for method, headers in ((method, [("Origin", origin)] * bool(origin) + more) for method, more in REQUESTS)
            ]


def exchange(application, port, scheme, host, path, method, headers):
    application.answered = None
    if scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in [("Host", host), *headers]:
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    status, own = application.answered or of_path(path)
    return {
        "request": {"method": method, "scheme": scheme, "host": host, "path": path, "headers": headers},
        "behind": {"status": status, "headers": own},
        "response": {
            "status": response.status,
            "headers": [
                (name.lower(), value.replace(f":{port}", ""))
                for name, value in response.getheaders()
                if name.lower().startswith("access-control-") or name.lower() in KEPT
            ],
        },
    }


def of_path(path):
    """The status and the headers of the application."""
    last = path.split("?")[0].rsplit("/", 1)[-1]
    return {"missing": 404, "fails": 500}.get(last, 200), OWN if last == "own" else []


class Application:
    """What is behind the server. `answered` is what it answered first since that was None."""

    def __init__(self):
        self.answered = None
        application = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers = of_path(self.path)
                application.answered = application.answered or (status, headers)
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

        server = backend.Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.port = server.server_address[1]


if __name__ == "__main__":
    sys.exit(main())
