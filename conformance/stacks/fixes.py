"""Asks each server that has no CORS for the page's path with `corsac check --stack`, writes what it prints into the server, and asks again: the page has to be able to read
then. `scripts/stacks --fixes` calls it."""

import argparse
import json
import shutil
import sys
from pathlib import Path

import backend
from commands import run
from servers import PROXIES, SERVERS, free_port

# The server works for another page, on another path.
BEFORE = '[policy.other]\nat = "/elsewhere"\norigins = ["https://elsewhere.example"]\n'
REQUEST = ["--origin", "https://app.example.com", "-X", "PUT", "-H", "Content-Type: application/json", "-H", "X-Request-Id: 1", "-d", "{}",
           "--credentials", "include"]


def nginx(lines, port, upstream):
    http, server = "\n".join(lines).split("# ---- Inside `server`")
    return f"events {{}}\nhttp {{\n{http}\nserver {{\nlisten 127.0.0.1:{port};\n#{server}\nlocation / {{ proxy_pass http://127.0.0.1:{upstream}; }}\n}}\n}}\n"


def apache(lines, port, upstream):
    text = "\n".join(lines)
    return f'Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>\n{text}\nProxyPass "/" "http://127.0.0.1:{upstream}/"\n</VirtualHost>\n'


def caddy(lines, port, upstream):
    answers = f"reverse_proxy http://127.0.0.1:{upstream} {{\nheader_down -Access-Control-*\n}}\n#"
    text = "\n".join(lines).replace("# Here goes what answers", answers)
    return f"{{\nadmin off\nauto_https off\n}}\nhttp://:{port} {{\nbind 127.0.0.1\n{text}\n}}\n"


def haproxy(lines, port, upstream):
    text = "\n".join(lines)
    return (f"defaults\n mode http\n timeout connect 5s\n timeout client 9s\n timeout server 9s\nfrontend f\n bind 127.0.0.1:{port}\n default_backend b\n{text}\n"
            f"backend b\n server s 127.0.0.1:{upstream}\n")


def envoy(lines, port, upstream):
    routes = "\n".join(" " * 14 + line for line in lines)
    type_ = "type.googleapis.com/envoy.extensions.filters"
    return f"""static_resources:
  listeners:
  - name: l
    address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": {type_}.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: h
          http_filters: [{{name: envoy.filters.http.router, typed_config: {{"@type": {type_}.http.router.v3.Router}}}}]
          route_config:
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes:
{routes}
  clusters:
  - name: application
    load_assignment:
      cluster_name: application
      endpoints: [{{lb_endpoints: [{{endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {upstream}}}}}}}}}]}}]
"""


# What a person has around the printed lines. Frameworks take them as a file.
AROUND = {"nginx": nginx, "apache": apache, "caddy": caddy, "haproxy": haproxy, "envoy": envoy}


def main():
    parser = argparse.ArgumentParser(prog="scripts/stacks --fixes", description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="the `corsac` to run")
    parser.add_argument("--work", type=Path, required=True, help="a folder for configurations and logs")
    parser.add_argument("targets", nargs="+", metavar="TARGET")
    arguments = parser.parse_args()
    upstream = backend.serve()
    mended = 0
    for target in arguments.targets:
        problem = attempt(arguments, target, upstream)
        print(f"{'FAILED ' if problem else 'mended '} {target} {problem}", flush=True)
        mended += not problem
    print(f"{mended} of {len(arguments.targets)} stacks are mended by what is printed")
    return 0 if mended == len(arguments.targets) else 1


def attempt(arguments, target, upstream):
    """What went wrong, or nothing."""
    start = SERVERS[target][0]
    work = (arguments.work / target).resolve()
    shutil.rmtree(work, ignore_errors=True)
    try:
        folder, port = work / "before", free_port()
        folder.mkdir(parents=True)
        (folder / "corsac.toml").write_text(BEFORE, encoding="utf-8")
        whole = ["--full", "--listen", f"127.0.0.1:{port}", "--upstream", f"http://127.0.0.1:{upstream}"] if target in PROXIES else []
        compiled = run([arguments.binary, "policy", "compile", target, folder / "corsac.toml", *whole]).stdout
        (folder / "compiled").write_text(compiled, encoding="utf-8")
        with start(folder / "compiled", folder, port):
            report = check(arguments.binary, target, port)
        if report["verdict"] != "blocked":
            return f"it is {report['verdict']} before anything is mended"
        lines = report["diagnosis"][0]["fix"]["stack"]["lines"]

        folder, port = work / "after", free_port()
        folder.mkdir(parents=True)
        text = AROUND[target](lines, port, upstream) if target in AROUND else "\n".join(lines) + "\n"
        (folder / "compiled").write_text(text, encoding="utf-8")
        with start(folder / "compiled", folder, port):
            report = check(arguments.binary, target, port)
        if report["verdict"] != "readable":
            return f"it is {report['verdict']} afterwards: {[cause['code'] for cause in report['diagnosis']]}"
    except (RuntimeError, OSError, KeyError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def check(binary, target, port):
    return json.loads(run([binary, "check", f"http://127.0.0.1:{port}/items", *REQUEST, "--stack", target, "--json"]).stdout)


if __name__ == "__main__":
    sys.exit(main())
