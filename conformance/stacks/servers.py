"""How each target is started with the file that `corsac policy compile` wrote, in front of the plain backend. Everything listens on the loopback address."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import backend
from commands import run

APPS = Path(__file__).resolve().parent / "apps"
# Where `scripts/stacks` installed what Node and Python need.
INSTALLED = Path(os.environ.get("CORSAC_STACKS", "target/stacks-installed")).resolve()
MODULES = INSTALLED / "node"
ENVOY = INSTALLED / "python" / "bin" / "envoy"
PYTHON = INSTALLED / "python" / "bin" / "python3"


class Server:
    """A process, as long as the `with` block lasts."""

    def __init__(self, folder, port, command, ready=None, **variables):
        self.folder, self.port, self.command, self.ready = folder, port, [str(word) for word in command], ready
        self.variables = {key: str(value) for key, value in variables.items()}
        self.process = None

    def __enter__(self):
        log = open(self.folder / "log", "wb")
        environment = {**os.environ, "HOME": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", **self.variables}
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=self.folder,
                                        start_new_session=True)
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                if self.ready is None or self.ready(self.port):
                    return self
            except OSError:
                pass
            time.sleep(0.05)
        self.__exit__()
        raise RuntimeError(f"it does not answer at port {self.port}:\n{(self.folder / 'log').read_text(errors='replace')[-3000:]}")

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, 15)
            self.process.wait(timeout=5)
        except ProcessLookupError:
            self.process.wait()
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def nginx(file, folder, port):
    # nginx writes its own files, and drops the rights of root.
    text = file.read_text(encoding="utf-8")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    text = text.replace("http {", f"http {{\naccess_log off;\n{temporary}", 1)
    # An internal redirect to a path of another policy must not change the policy.
    text = text.replace("location / {", "location / {\nproxy_intercept_errors on;\nerror_page 404 /items;", 1)
    user = "user root;\n" if os.geteuid() == 0 else ""
    file.write_text(f"daemon off;\npid {folder}/pid;\nerror_log stderr;\n{user}{text}", encoding="utf-8")
    return Server(folder, port, ["nginx", "-p", folder, "-c", file])


MODULES_OF_APACHE = ["mpm_event", "authz_core", "headers", "rewrite", "setenvif", "proxy", "proxy_http"]


def apache(file, folder, port):
    # The compiled file is a site; these lines are what a distribution has around it.
    modules = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in MODULES_OF_APACHE)
    # An internal redirect to a path of another policy must not change the policy.
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("</VirtualHost>", "ProxyErrorOverride On 404\nErrorDocument 404 /items\n</VirtualHost>", 1), encoding="utf-8")
    main = folder / "httpd.conf"
    main.write_text(f"ServerRoot {folder}\nServerName 127.0.0.1\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n{modules}Include {file}\n",
                    encoding="utf-8")
    return Server(folder, port, ["apache2", "-f", main, "-DFOREGROUND"])


def caddy(file, folder, port):
    return Server(folder, port, ["caddy", "run", "--adapter", "caddyfile", "--config", file], XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)


def haproxy(file, folder, port):
    return Server(folder, port, ["haproxy", "-db", "-f", file])


def envoy(file, folder, port):
    renamed = file.rename(folder / "envoy.yaml")
    return Server(folder, port, [ENVOY, "-c", renamed, "--concurrency", 1, "--log-level", "error", "--use-dynamic-base-id"])


def envoy_as(target):
    """Envoy as the controller of this target runs it: `envoy_routes.py` says how."""
    def start(file, folder, port, upstream):
        ended = run([PYTHON, APPS.parent / "envoy_routes.py", target, file, port, upstream])
        if ended.returncode != 0:
            raise RuntimeError(f"it cannot be translated for Envoy:\n{ended.stderr[-3000:]}")
        (folder / "envoy.json").write_text(ended.stdout, encoding="utf-8")
        return Server(folder, port, [ENVOY, "-c", folder / "envoy.json", "--concurrency", 1, "--log-level", "error", "--use-dynamic-base-id"])
    return start, envoy_version


def envoy_version():
    return version([ENVOY, "--version"], r"/([\d.]+)/")


def traefik(file, folder, port):
    dynamic = file.rename(folder / "cors.yaml")
    command = ["traefik", f"--entrypoints.web.address=127.0.0.1:{port}", f"--providers.file.filename={dynamic}", "--global.sendanonymoususage=false",
               "--global.checknewversion=false", "--log.level=ERROR"]
    return Server(folder, port, command, ready=has_routes)


def lighttpd(file, folder, port):
    # The compiled file is a script; these lines are what its comments say, around a backend of its own. An internal redirect must not change the policy.
    script = file.rename(folder / "cors.lua")
    main = folder / "lighttpd.conf"
    main.write_text(f"""server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.modules = ( "mod_magnet", "mod_proxy" )
magnet.attract-raw-url-to = ( "{script}" )
magnet.attract-response-start-to = ( "{script}" )
server.error-intercept = "enable"
server.error-handler-404 = "/items"
proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => {backend.serve()} ) ) )
""", encoding="utf-8")
    return Server(folder, port, ["lighttpd", "-D", "-f", main])


def has_routes(port):
    """Traefik listens before it has read its configuration."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/items")
    return connection.getresponse().status == 200


def version(command, pattern):
    """The version that a program names, or nothing."""
    try:
        ended = run(command)
    except OSError:
        return ""
    found = re.search(pattern, ended.stdout + ended.stderr)
    return found.group(1) if found else ""


def node(name, package=None):
    """An application for Node, beside which the compiled file is `cors.mjs`."""
    def start(file, folder, port):
        file.rename(folder / "cors.mjs")
        for source in (f"{name}.mjs", "answers.mjs"):
            shutil.copy(APPS / source, folder)
        (folder / "node_modules").symlink_to(MODULES / "node_modules")
        return Server(folder, port, ["node", f"{name}.mjs", port])
    return start, lambda: package_version(package or name)


def platform(name):
    """A module for a platform that calls a handler with a `Request`. Node stands in for the platform."""
    def start(file, folder, port):
        file.rename(folder / "cors.mjs")
        for source in (f"{name}.mjs", "platform.mjs", "answers.mjs"):
            shutil.copy(APPS / source, folder)
        return Server(folder, port, ["node", f"{name}.mjs", port])
    return start, lambda: f"in Node {version(['node', '--version'], r'v([.0-9]+)')}"


def package_version(name):
    try:
        return json.loads((MODULES / "node_modules" / name / "package.json").read_text(encoding="utf-8"))["version"]
    except OSError:
        return ""


def nextjs(file, folder, port, name="proxy.js"):
    """An application for Next.js, built as for production. `name` is what Next.js calls the file."""
    route = folder / "app" / "[...path]"
    route.mkdir(parents=True)
    shutil.copy(APPS / "nextjs.js", route / "route.js")
    shutil.copy(APPS / "answers.mjs", route)
    (folder / "package.json").write_text('{"name": "app", "private": true}', encoding="utf-8")
    (folder / "next.config.js").write_text("module.exports = { turbopack: { root: __dirname } };\n", encoding="utf-8")
    file.rename(folder / name)
    shutil.copytree(MODULES / "node_modules", folder / "node_modules", symlinks=True, copy_function=os.link)
    next_ = folder / "node_modules" / "next" / "dist" / "bin" / "next"
    build(["node", next_, "build"], folder, NEXT_TELEMETRY_DISABLED=1)
    return Server(folder, port, ["node", next_, "start", "--hostname", "127.0.0.1", "--port", port], NEXT_TELEMETRY_DISABLED=1)


def go(name, package):
    """An application for Go, with the compiled file beside it."""
    def start(file, folder, port):
        file.rename(folder / "cors.go")
        shutil.copy(APPS / "main.go", folder)
        shutil.copy(APPS / f"{name}.go", folder / "serve.go")
        for module in ("go.mod", "go.sum"):
            shutil.copy(INSTALLED / "go" / module, folder)
        build(["go", "build", "-o", folder / "app", "."], folder, GOFLAGS="-mod=mod", GOTOOLCHAIN="local", GOCACHE=INSTALLED / "go-cache")
        return Server(folder, port, [folder / "app", port])
    return start, lambda: version(["grep", f"{package} v", INSTALLED / "go" / "go.mod"], r"v([\d.]+)")


def spring(file, folder, port):
    """An application for Spring Boot, with the compiled file in its package."""
    filter_ = folder / "CorsFilter.java"
    filter_.write_text("package app;\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    classpath = f"{folder}:{(INSTALLED / 'spring' / 'classpath').read_text(encoding='utf-8').strip()}"
    build(["javac", "-parameters", "-cp", classpath, "-d", folder, filter_, APPS / "Application.java"], folder)
    return Server(folder, port, ["java", "-XX:TieredStopAtLevel=1", "-cp", classpath, "app.Application", port])


def rust(name, dependencies):
    """An application for Corsac's own middleware, with the compiled file as a module."""
    crates = APPS.parents[2] / "crates"
    own = "".join(f'{crate} = {{ path = "{crates / crate}" }}\n' for crate in ("corsac-config", f"corsac-{name.replace('axum', 'tower')}"))

    def start(file, folder, port):
        project = INSTALLED / f"rust-{name}"
        (project / "src").mkdir(parents=True, exist_ok=True)
        (project / "Cargo.toml").write_text(f'[package]\nname = "stack-{name}"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n'
                                            f"[dependencies]\n{own}{dependencies}", encoding="utf-8")
        if not (project / "Cargo.lock").exists():
            shutil.copy(crates.parent / "Cargo.lock", project)
        shutil.copy(APPS / f"{name}.rs", project / "src" / "main.rs")
        shutil.copy(file, project / "src" / "cors.rs")
        build(["cargo", "build", "--quiet", "--target-dir", INSTALLED / "rust"], project)
        program = shutil.copy(INSTALLED / "rust" / "debug" / f"stack-{name}", folder)
        return Server(folder, port, [program, port])
    return start, lambda: "of this repository"


def build(command, folder, **variables):
    ended = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=900, check=False,
                           env={**os.environ, **{key: str(value) for key, value in variables.items()}})
    if ended.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{(ended.stdout + ended.stderr)[-3000:]}")


def python(name, package):
    """An application for Python, beside which the compiled file is `cors.py`."""
    def start(file, folder, port):
        file.rename(folder / "cors.py")
        for source in (APPS / f"{name}_app.py", APPS.parent / "backend.py"):
            shutil.copy(source, folder)
        command = [PYTHON, f"{name}_app.py", port]
        if name == "fastapi":
            command = [PYTHON, "-m", "uvicorn", "--host", "127.0.0.1", "--port", port, "--log-level", "critical", "fastapi_app:app"]
        return Server(folder, port, command)
    return start, lambda: version([PYTHON, "-c", f"from importlib.metadata import version; print(version('{package}'))"], r"([\d.]+)")


def rails(file, folder, port):
    """An application of Rails, in Puma."""
    file.rename(folder / "cors.rb")
    shutil.copy(APPS / "rails.ru", folder)
    return Server(folder, port, ["puma", "--environment", "production", "--bind", f"tcp://127.0.0.1:{port}", "rails.ru"])


def laravel(file, folder, port):
    """An application on the real Laravel, in PHP's own server."""
    file.rename(folder / "Cors.php")
    shutil.copy(APPS / "laravel_app.php", folder)
    return Server(folder, port, ["php", "-S", f"127.0.0.1:{port}", "-t", folder, "laravel_app.php"], PHP_CLI_SERVER_WORKERS=8)


def aspnet(file, folder, port):
    """Mono, and stand-ins for the types of ASP.NET Core, which is not to be had as a program."""
    source = folder / "CorsPolicies.cs"
    source.write_text(file.read_text(encoding="utf-8").replace("#nullable disable\n", ""), encoding="utf-8")  # Mono does not know it
    build(["mcs", "-nowarn:649", "-out:app.exe", source, APPS / "aspnet.cs"], folder)
    return Server(folder, port, ["mono", "app.exe", port])


SERVERS = {
    "nginx": (nginx, lambda: version(["nginx", "-v"], r"nginx/([\d.]+)")),
    "apache": (apache, lambda: version(["apache2", "-v"], r"Apache/([\d.]+)")),
    "caddy": (caddy, lambda: version(["caddy", "version"], r"v?([\d.]+)")),
    "haproxy": (haproxy, lambda: version(["haproxy", "-v"], r"version ([\d.]+)")),
    "envoy": (envoy, envoy_version),
    "traefik": (traefik, lambda: version(["traefik", "version"], r"Version:\s+([\w.]+)")),
    "express": node("express"),
    "fastify": node("fastify"),
    "hono": node("hono"),
    "koa": node("koa"),
    "nestjs": node("nestjs", "@nestjs/core"),
    "nextjs": (nextjs, lambda: package_version("next")),
    "fastapi": python("fastapi", "fastapi"),
    "django": python("django", "Django"),
    "flask": python("flask", "Flask"),
    "spring": (spring, lambda: version(["cat", INSTALLED / "spring" / "classpath"], r"spring-boot-([\d.]+)\.jar")),
    "go-rs-cors": go("go-rs-cors", "github.com/rs/cors"),
    "go-jub0bs": go("go-jub0bs", "github.com/jub0bs/cors"),
    "gin": go("gin", "github.com/gin-gonic/gin"),
    "axum": rust("axum", 'axum = "0.8"\ntokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }\n'),
    "actix": rust("actix", 'actix-web = "4"\n'),
    "gateway-api": envoy_as("gateway-api"),
    "istio": envoy_as("istio"),
    "envoy-gateway": envoy_as("envoy-gateway"),
    "cloudflare-worker": platform("cloudflare-worker"),
    "deno": platform("deno"),
    "vercel": platform("vercel"),
    "netlify": platform("netlify"),
    "lighttpd": (lighttpd, lambda: version(["lighttpd", "-v"], r"lighttpd/([\d.]+)")),
    "aspnet": (aspnet, lambda: f"stand-ins in Mono {version(['mono', '--version'], r'version ([.0-9]+)')}"),
    "rails": (rails, lambda: version(["ruby", "-e", "require 'rails/version'; puts Rails.version"], r"([\d.]+)")),
    "laravel": (laravel, lambda: version(["dpkg-query", "-W", "-f", "${Version}", "php-laravel-framework"], r"([\d.]+)")),
}

# These have a configuration, and forward requests to the backend. The others are frameworks, whose middleware is part of an application.
PROXIES = {"nginx", "apache", "caddy", "haproxy", "envoy", "traefik"}

# For these `%2F` is no slash, as `compile --list` notes, so it is not asked for.
KEEPS_ESCAPED_SLASHES = {"envoy"}

# What an application of these sets itself is sent, as `compile --list` notes, so it is not verified that it is replaced.
KEEPS_OWN_HEADERS = {"nextjs", "go-rs-cors", "go-jub0bs", "gateway-api"}

# What they write is a resource of a cluster, and Envoy runs what their controllers make of it, in front of the backend.
RUN_BY_ENVOY = {"gateway-api", "istio", "envoy-gateway"}

# Fragile findings that `compile --list` notes. They are printed, and are no failure. Anything else is.
NOTED = {"gateway-api": {"refused-origin-told"}, "envoy-gateway": {"refused-origin-told"}}

# Spring answers preflights itself, as `@CrossOrigin` says, and no handler can.
ANSWERS_PREFLIGHTS = {"spring"}
