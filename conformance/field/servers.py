"""Starts the servers of the situations, each on ports of the loopback address that were free, and ends them.

A configuration is a template: `@name@` stands for the port of a server, `@here@` for its working folder and `@files@` for the folder of the template.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import plain

HERE = Path(__file__).resolve().parent

# Every port that a configuration names.
PORTS = [
    "plain", "nginx", "nginx_https", "nginx_redirect", "apache", "varnish", "caddy", "haproxy", "express", "fastapi", "django", "django_debug",
    "nobody",
]


class Servers:
    """All servers, as long as the `with` block lasts. `ports` has the port of each name."""

    def __init__(self, work, modules):
        self.work = Path(work).resolve()
        self.modules = Path(modules).resolve()
        self.processes = []
        self.ports = {}

    def __enter__(self):
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.ports = free_ports(PORTS)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self):
        plain.serve(self.ports["plain"])
        certificate(self.work)
        system_python = "/usr/bin/python3"  # Debian's packages are there, whatever comes first in PATH
        self.run("nginx", "nginx", "-p", self.work / "nginx", "-c", self.template("nginx/nginx.conf"))
        self.run("apache", "apache2", "-f", self.template("apache/httpd.conf"), "-DFOREGROUND")
        # Without its jail: the user that Varnish would become may not be allowed to read the folder of a clone.
        self.run("varnish", "varnishd", "-j", "none", "-F", "-n", self.work / "varnish" / "work",
                 "-a", f"127.0.0.1:{self.ports['varnish']}", "-f", self.template("varnish/cache.vcl"), "-s", "malloc,8m", "-T", "none")
        self.run("caddy", "caddy", "run", "--adapter", "caddyfile", "--config", self.template("caddy/Caddyfile"))
        self.run("haproxy", "haproxy", "-db", "-f", self.template("haproxy/haproxy.cfg"))
        self.run("express", "node", self.template("express/app.js"), NODE_PATH=self.modules)
        self.run("fastapi", system_python, "-m", "uvicorn", "--app-dir", HERE / "python", "--host", "127.0.0.1",
                 "--port", self.ports["fastapi"], "--log-level", "critical", "api:app")
        for name, mode in (("django", "plain"), ("django_debug", "debug")):
            self.run(name, system_python, HERE / "python" / "site_with_slash.py", self.ports[name], mode)
        for name in PORTS:
            if name != "nobody":
                wait_for(name, self.ports[name], self.work)

    def template(self, path):
        """Fills the template and returns where the result is."""
        source = HERE / path
        target = self.work / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8").replace("@here@", str(target.parent)).replace("@files@", str(source.parent))
        text = text.replace("@certificate@", str(self.work / "certificate.pem")).replace("@key@", str(self.work / "key.pem"))
        for name, port in self.ports.items():
            text = text.replace(f"@{name}@", str(port))
        target.write_text(text, encoding="utf-8")
        return target

    def run(self, name, *command, **variables):
        log = open(self.work / f"{name}.log", "wb")
        environment = {**os.environ, "HOME": str(self.work), "PYTHONDONTWRITEBYTECODE": "1"}
        environment.update({key: str(value) for key, value in variables.items()})
        folder = self.work / name
        folder.mkdir(parents=True, exist_ok=True)
        self.processes.append(subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                               env=environment, cwd=folder))


def free_ports(names):
    """A port for each name. They are held until all are found, so that none comes twice."""
    sockets = []
    try:
        for _ in names:
            one = socket.socket()
            one.bind(("127.0.0.1", 0))
            sockets.append(one)
        return {name: one.getsockname()[1] for name, one in zip(names, sockets)}
    finally:
        for one in sockets:
            one.close()


def certificate(folder):
    """A self-signed certificate for the made-up hosts."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=api.shop.test",
                    "-addext", "subjectAltName=DNS:api.shop.test,IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
                   check=True, capture_output=True)


def wait_for(name, port, work):
    """Waits until somebody accepts connections there; at most half a minute."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    for log in sorted(work.glob("*.log")):
        print(f"=== {log.name}\n{log.read_text(errors='replace')[-2000:]}", file=sys.stderr)
    raise SystemExit(f"field: {name} does not answer at port {port}")
