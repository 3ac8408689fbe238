"""Starts each server with what its own documentation says to write for CORS, and prints what `corsac verify` finds there. `scripts/stacks --recipes` calls it.

Every recipe is for the same origins, methods, request headers and max-age. It is the documented one at its best: where the page shows a form for an expression,
that form is used; where it leaves the expression to the reader, it is escaped and anchored. Stacks whose documentation says nothing have a guide instead."""

import argparse
import json
import re
import shutil
import sys
from functools import partial
from pathlib import Path

import backend
import commands
from servers import INSTALLED, PYTHON, SERVERS, free_port, nextjs, package_version, version

RECIPES = Path(__file__).resolve().parent / "recipes"
CLASSES = {"open": "too open", "closed": "too closed", "fragile": "fragile"}

# Their recipes have no pattern for subdomains, so they are verified against list.toml. The others are verified against subdomains.toml.
LISTED = {"caddy", "koa"}


def of_python(name):
    return version([PYTHON, "-c", f"from importlib.metadata import version; print(version('{name}'))"], r"([\d.]+)")


def of_go(name):
    return version(["grep", f"{name} v", INSTALLED / "go" / "go.mod"], r" v([\d.]+)")


# What a recipe calls itself: the package that it uses and its version, or the feature of the server.
NAMES = {
    "nginx": lambda: "`map` and `add_header`",
    "apache": lambda: "`SetEnvIf` and `Header`",
    "caddy": lambda: "`header` for each origin",
    "haproxy": lambda: "`http-request` and `http-response`",
    "envoy": lambda: "CORS filter",
    "traefik": lambda: "headers middleware",
    "express": lambda: f"`cors` {package_version('cors')}",
    "fastify": lambda: f"`@fastify/cors` {package_version('@fastify/cors')}",
    "hono": lambda: "`hono/cors`",
    "koa": lambda: f"`@koa/cors` {package_version('@koa/cors')}",
    "nestjs": lambda: "`enableCors`",
    "nextjs": lambda: "`headers` in `next.config.js`",
    "fastapi": lambda: f"`CORSMiddleware` of Starlette {of_python('starlette')}",
    "django": lambda: f"`django-cors-headers` {of_python('django-cors-headers')}",
    "flask": lambda: f"`flask-cors` {of_python('flask-cors')}",
    "spring": lambda: "`addCorsMappings`",
    "go-rs-cors": lambda: "`rs/cors`",
    "go-jub0bs": lambda: "`jub0bs/cors`",
    "gin": lambda: f"`gin-contrib/cors` {of_go('github.com/gin-contrib/cors')}",
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/stacks --recipes", description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="the `corsac` to run")
    parser.add_argument("--work", type=Path, required=True, help="a folder for configurations, logs and reports")
    parser.add_argument("--markdown", action="store_true", help="print the rows of a table")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    files = {file.stem: file for file in sorted(RECIPES.iterdir()) if file.suffix != ".toml"}
    unknown = [target for target in arguments.targets if target not in files]
    if unknown:
        parser.error(f"no recipe for {', '.join(unknown)}; there is one for {', '.join(files)}")
    upstream = backend.serve()
    failed = 0
    for target in arguments.targets or [target for target in SERVERS if target in files]:
        try:
            report = one(arguments, target, files[target], upstream)
        except (RuntimeError, OSError) as error:
            failed += 1
            print(f"{target}: {error}", file=sys.stderr, flush=True)
            continue
        print(row(target, files[target], report) if arguments.markdown else line(target, report), flush=True)
    return 2 if failed else 0


def one(arguments, target, file, upstream):
    """Starts the server with the recipe, and returns the report of `corsac verify`."""
    folder = (arguments.work / target).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = free_port()
    # A recipe can be used as it is: it listens at port 8080, and a proxy forwards to port 3000.
    text = re.sub(r"\b8080\b", str(port), file.read_text(encoding="utf-8"))
    written = folder / "recipe"
    written.write_text(re.sub(r"\b3000\b", str(upstream), text), encoding="utf-8")
    start = partial(nextjs, name="next.config.js") if target == "nextjs" else SERVERS[target][0]
    with start(written, folder, port):
        report = verify(arguments.binary, RECIPES / ("list.toml" if target in LISTED else "subdomains.toml"), port)
    (folder / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def verify(binary, policy, port):
    ended = commands.verify(binary, f"http://127.0.0.1:{port}/items", policy)
    try:
        return json.loads(ended.stdout)
    except ValueError:
        raise RuntimeError(f"verify ended with {ended.returncode}: {ended.stderr.strip()}") from None


def codes(report, class_):
    return [finding["code"] for finding in report["findings"] if finding["class"] == class_]


def line(target, report):
    counts = [f"{len(codes(report, class_))} {name}" for class_, name in CLASSES.items()]
    every = [code for class_ in CLASSES for code in codes(report, class_)]
    unknown = f", {len(report['unknown'])} cases unknown" if report["unknown"] else ""
    return f"{target} {SERVERS[target][1]()}: {', '.join(counts)}{unknown}: {' '.join(every) or 'nothing found'}"


def row(target, file, report):
    page = re.search(r"Follows (\S+)", file.read_text(encoding="utf-8")).group(1)
    cells = [", ".join(f"`{code}`" for code in codes(report, class_)) or "-" for class_ in CLASSES]
    return " | ".join([f"| {target} {SERVERS[target][1]()}", f"[{NAMES[target]()}]({page})", *cells]) + " |"


if __name__ == "__main__":
    sys.exit(main())
