"""The products that are started, how, and what their rows in `crates/corsac-stacks/src/products.toml` say about their answers."""

import http.client
import json
import re
import shlex
import shutil
from dataclasses import dataclass, field
from typing import Callable

from installation import Debian, Node, Python, done
from servers import Server

# Pages over https may not request http in every engine.
PAGE = "http://app.example.com"
OTHER = "http://other.example.com"


@dataclass
class Question:
    """A request of a page, and what is true about the answer to it. What is `None` is not compared."""
    with_setting: bool
    verdict: str
    path: str
    arguments: list = field(default_factory=list)
    origin: str = PAGE
    host: str = "127.0.0.1"
    # Of the last response: its status, and the values of `Access-Control-Allow-Origin`.
    status: int | None = None
    allowed: list | None = None
    # Headers that a response has to have.
    headers: tuple = ()
    # Whether one of the responses gives the product away, by a header.
    recognized: bool = False


@dataclass
class Product:
    """`start` takes a folder, a port and the lines of the setting, or `None` to start it without."""
    name: str
    installation: Python | Node | Debian
    start: Callable
    questions: list


def variables(lines):
    """What an environment has of the lines of a setting."""
    return dict(line.split("=", 1) for line in (lines or "").splitlines())


def options(lines):
    """The options in the line of a setting, without the program's name."""
    return shlex.split(lines or "")[1:]


JUPYTER = Python("jupyter_server", "jupyter-server")


def jupyter(folder, port, lines):
    configuration = folder / "jupyter_server_config.py"
    configuration.write_text(f"c = get_config()\n{lines or ''}\n", encoding="utf-8")
    return Server(folder, port, [JUPYTER.program(), f"--config={configuration}", f"--port={port}", "--ServerApp.port_retries=0", "--ip=127.0.0.1",
                                 "--no-browser", "--allow-root", "--IdentityProvider.token=secret", f"--ServerApp.root_dir={folder}"])


TOKEN = ["-H", "Authorization: token secret"]

GRADIO = Python("gradio", "gradio")
GRADIO_APP = """
import sys
import gradio
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

demo = gradio.Interface(lambda name: name, "text", "text")
"""


def gradio(folder, port, lines):
    (folder / "app.py").write_text(GRADIO_APP + (lines or f"demo.launch(server_name='127.0.0.1', server_port={port}, quiet=True)"), encoding="utf-8")
    command = [GRADIO.python(), "app.py"]
    if lines:
        command = [GRADIO.python(), "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", port]
    return Server(folder, port, command, GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE=1)


STREAMLIT = Python("streamlit", "streamlit")


def streamlit(folder, port, lines):
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(lines or "", encoding="utf-8")
    (folder / "app.py").write_text("import streamlit\nstreamlit.write('hello')\n", encoding="utf-8")
    return Server(folder, port, [STREAMLIT.program(), "run", "app.py", "--server.headless=true", "--server.address=127.0.0.1",
                                 f"--server.port={port}", "--browser.gatherUsageStats=false"])


CHROMA = Python("chromadb", "chroma")


def chroma(folder, port, lines):
    own = f'port: {port}\nlisten_address: "127.0.0.1"\npersist_path: "{folder}/data"\n'
    (folder / "config.yaml").write_text(own + (lines or ""), encoding="utf-8")
    return Server(folder, port, [CHROMA.program(), "run", folder / "config.yaml"])


MLFLOW = Python("mlflow", "mlflow")
SEARCH = ["-X", "POST", "-H", "Content-Type: application/json", "--data", "{\"max_results\": 1}"]

# Needs no preflight.
SIMPLE = ["-X", "POST", "-H", "Content-Type: text/plain", "--data", "{}"]


def mlflow(folder, port, lines):
    return Server(folder, port, [MLFLOW.program(), "server", "--host", "127.0.0.1", "--port", port, "--workers", 1, "--backend-store-uri",
                                 f"sqlite:///{folder}/mlflow.db"],
                  MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false", **variables(lines))


# Version 5 needs a newer Node than Debian has, as does version 3 of Hardhat.
NODE_RED = Node("node-red", "node-red", "^4")
FLOW = [
    {"id": "a", "type": "tab", "label": "Flow"},
    {"id": "b", "type": "http in", "z": "a", "url": "/hello", "method": "get", "wires": [["c"]]},
    {"id": "c", "type": "http response", "z": "a", "statusCode": "200", "wires": []},
]


def node_red(folder, port, lines):
    (folder / "flows.json").write_text(json.dumps(FLOW), encoding="utf-8")
    (folder / "settings.js").write_text(f"module.exports = {{ uiHost: '127.0.0.1', httpAdminRoot: '/admin', {lines or ''} }};\n", encoding="utf-8")
    return Server(folder, port, [NODE_RED.program(), "--userDir", folder, "--settings", folder / "settings.js", "--port", port, "flows.json"],
                  ready=answers("/hello"))


DIRECTUS = Node("directus", "directus", "^11")


def directus(folder, port, lines):
    environment = {"DB_CLIENT": "sqlite3", "DB_FILENAME": folder / "data.db", "SECRET": "secret", "ADMIN_EMAIL": "admin@example.com",
                   "ADMIN_PASSWORD": "password", "HOST": "127.0.0.1", "PORT": port, "TELEMETRY": "false", **variables(lines)}
    environment = {name: str(value) for name, value in environment.items()}
    done([DIRECTUS.program(), "bootstrap"], **environment)
    return Server(folder, port, [DIRECTUS.program(), "start"], **environment)


HARDHAT = Node("hardhat", "hardhat", "^2")
CALL = ["-X", "POST", "-H", "Content-Type: application/json", "--data", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}"]


def hardhat(folder, port, _lines):
    (folder / "hardhat.config.js").write_text("module.exports = {};\n", encoding="utf-8")
    (folder / "node_modules").symlink_to(HARDHAT.folder / "node_modules")
    return Server(folder, port, [HARDHAT.program(), "node", "--hostname", "127.0.0.1", "--port", port], HARDHAT_DISABLE_TELEMETRY_PROMPT="true")


PROMETHEUS = Debian("/usr/bin/prometheus", "prometheus")


def prometheus(folder, port, lines):
    (folder / "prometheus.yml").write_text("global: {}\n", encoding="utf-8")
    return Server(folder, port, [PROMETHEUS.program(), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                                 f"--web.listen-address=127.0.0.1:{port}", *options(lines)], ready=answers("/-/ready"))


SYNCTHING = Debian("/usr/bin/syncthing", "syncthing")
QUIET = "globalAnnounceEnabled localAnnounceEnabled relaysEnabled natEnabled crashReportingEnabled".split()


def syncthing(folder, port, _lines):
    done([SYNCTHING.program(), "generate", f"--home={folder}", "--skip-port-probing"], HOME=str(folder))
    file = folder / "config.xml"
    text = file.read_text(encoding="utf-8")
    for name in QUIET:
        text = re.sub(f"<{name}>.*?</{name}>", f"<{name}>false</{name}>", text)
    text = re.sub("<listenAddress>.*?</listenAddress>", "<listenAddress>tcp://127.0.0.1:0</listenAddress>", text)
    file.write_text(text, encoding="utf-8")
    return Server(folder, port, [SYNCTHING.program(), "serve", f"--home={folder}", f"--gui-address=127.0.0.1:{port}", "--no-browser", "--no-upgrade"],
                  STGUIAPIKEY="secret")


TRANSMISSION = Debian("/usr/bin/transmission-daemon", "transmission-daemon")


def transmission(folder, port, _lines):
    settings = {"rpc-bind-address": "127.0.0.1", "rpc-port": port, "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "dht-enabled": False,
                "lpd-enabled": False, "utp-enabled": False, "pex-enabled": False, "port-forwarding-enabled": False, "peer-port": 0}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    return Server(folder, port, [TRANSMISSION.program(), "--foreground", "--config-dir", folder])


TOMCAT = Debian("/usr/share/tomcat10/bin/catalina.sh", "tomcat10", "tomcat10-user")
SERVER_XML = """<Server port="-1">
  <Service name="Catalina">
    <Connector port="{port}" address="127.0.0.1" protocol="HTTP/1.1"/>
    <Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine>
  </Service>
</Server>
"""
WEB_XML = """<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
{lines}
</web-app>
"""


def tomcat(folder, port, lines):
    shutil.copytree("/usr/share/tomcat10/etc", folder / "conf")
    (folder / "conf" / "server.xml").write_text(SERVER_XML.format(port=port), encoding="utf-8")
    root = folder / "webapps" / "ROOT"
    (root / "WEB-INF").mkdir(parents=True)
    (folder / "temp").mkdir()
    (root / "hello.txt").write_text("hello\n", encoding="utf-8")
    (root / "WEB-INF" / "web.xml").write_text(WEB_XML.format(lines=lines or ""), encoding="utf-8")
    return Server(folder, port, [TOMCAT.program(), "run"], ready=answers("/hello.txt"), CATALINA_HOME="/usr/share/tomcat10", CATALINA_BASE=folder)


def answers(path):
    """A server may listen before it is ready."""
    def ready(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", path)
        return connection.getresponse().status == 200
    return ready


PRODUCTS = [
    Product("jupyter-server", JUPYTER, jupyter, [
        Question(False, "blocked", "/api/contents", TOKEN, status=200, allowed=[], recognized=True),
        Question(False, "readable", "/api/contents?token=secret", status=200, allowed=[PAGE]),
        Question(True, "readable", "/api/contents", TOKEN, status=200, allowed=[PAGE]),
    ]),
    Product("gradio", GRADIO, gradio, [
        Question(False, "blocked", "/gradio_api/info", allowed=[]),
        Question(True, "readable", "/gradio_api/info", status=200, allowed=[PAGE]),
        Question(True, "blocked", "/gradio_api/info", origin=OTHER, allowed=[]),
    ]),
    Product("streamlit", STREAMLIT, streamlit, [
        Question(False, "blocked", "/_stcore/health", allowed=[], recognized=True),
        Question(True, "readable", "/_stcore/health", status=200, allowed=[PAGE]),
        Question(True, "blocked", "/_stcore/health", origin=OTHER, allowed=[]),
    ]),
    Product("chroma", CHROMA, chroma, [
        Question(False, "blocked", "/api/v2/heartbeat", allowed=[]),
        Question(True, "readable", "/api/v2/heartbeat", status=200, allowed=[PAGE]),
        Question(True, "blocked", "/api/v2/heartbeat", origin=OTHER, allowed=[]),
    ]),
    Product("mlflow", MLFLOW, mlflow, [
        Question(False, "blocked", "/api/2.0/mlflow/experiments/search", SEARCH, status=400, allowed=[], headers=("Access-Control-Allow-Methods",)),
        Question(False, "blocked", "/version", status=200, allowed=[]),
        Question(False, "blocked", "/api/2.0/mlflow/experiments/search", SIMPLE, status=403, allowed=[]),
        Question(True, "readable", "/api/2.0/mlflow/experiments/search", SEARCH, status=200, allowed=[PAGE]),
        Question(True, "blocked", "/api/2.0/mlflow/experiments/search", SEARCH, origin=OTHER, status=400, allowed=[]),
    ]),
    Product("node-red", NODE_RED, node_red, [
        Question(False, "blocked", "/hello", status=200, allowed=[]),
        Question(True, "readable", "/hello", status=200, allowed=[PAGE]),
        Question(True, "blocked", "/hello", origin=OTHER, status=200, allowed=[PAGE]),
        Question(False, "readable", "/admin/settings", status=200, allowed=["*"]),
        Question(False, "readable", "/admin/nothing", ["-X", "PUT"], status=404, allowed=["*"]),
        Question(False, "blocked", "/admin/nothing", ["-X", "PATCH"]),
    ]),
    Product("directus", DIRECTUS, directus, [
        Question(False, "blocked", "/server/ping", status=200, allowed=[], recognized=True),
        Question(True, "readable", "/server/ping", status=200, allowed=[PAGE]),
        Question(True, "blocked", "/server/ping", origin=OTHER, status=200, allowed=[PAGE]),
    ]),
    Product("hardhat", HARDHAT, hardhat, [
        Question(False, "readable", "/", CALL, status=200, allowed=["*"]),
    ]),
    Product("prometheus", PROMETHEUS, prometheus, [
        Question(False, "readable", "/api/v1/status/buildinfo", status=200, allowed=["*"]),
        Question(True, "readable", "/api/v1/status/buildinfo", status=200, allowed=[PAGE]),
        Question(True, "blocked", "/api/v1/status/buildinfo", origin=OTHER, status=200, allowed=[], headers=("Access-Control-Allow-Methods",)),
        Question(True, "blocked", "/api/v1/status/buildinfo", origin="http://appxexample.com", status=200, allowed=[]),
    ]),
    Product("syncthing", SYNCTHING, syncthing, [
        Question(False, "readable", "/rest/system/version", ["-H", "X-API-Key: secret"], status=200, allowed=["*"], recognized=True),
        Question(False, "blocked", "/rest/system/version", ["-H", "X-API-Key: wrong"], status=403, allowed=[]),
    ]),
    Product("transmission", TRANSMISSION, transmission, [
        # Debian's version. From 4.1 on, the responses have `*`.
        Question(False, "blocked", "/transmission/rpc", ["-X", "POST"], status=409, allowed=[], recognized=True),
        Question(False, "blocked", "/transmission/rpc", ["-X", "POST", "-H", "X-Transmission-Session-Id: 1"], status=501, allowed=[]),
    ]),
    Product("tomcat", TOMCAT, tomcat, [
        Question(False, "blocked", "/hello.txt", status=200, allowed=[]),
        Question(True, "readable", "/hello.txt", status=200, allowed=[PAGE]),
        Question(True, "blocked", "/hello.txt", origin=OTHER, status=403, allowed=[]),
    ]),
]
