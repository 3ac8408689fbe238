"""How Apache httpd is started with a configuration that was written for somewhere else. `record.py` calls it. Debian's apache2, and libapache2-mod-php
for configurations that lead to a script."""

import re
import subprocess
import tomllib
from pathlib import Path

from servers import Server

MODULES = Path("/usr/lib/apache2/modules")
NAMES = ["mpm_prefork", "authn_core", "authn_file", "authz_core", "authz_user", "authz_host", "access_compat", "auth_basic", "alias", "cgi", "dir", "env", "expires",
         "filter", "deflate", "headers", "macro", "mime", "negotiation", "proxy", "proxy_http", "rewrite", "setenvif", "socache_shmcb", "ssl"]
# It answers as the application of `record.py` does.
SCRIPT = """<?php
header_remove('X-Powered-By');
$last = basename(parse_url($_SERVER['REDIRECT_URL'] ?? $_SERVER['REQUEST_URI'], PHP_URL_PATH));
http_response_code(['missing' => 404, 'fails' => 500][$last] ?? 200);
if ($last === 'own') {
    header('Access-Control-Allow-Origin: https://own.example');
    header('Access-Control-Allow-Credentials: true');
    header('Access-Control-Allow-Methods: GET, TRACE');
    header('Access-Control-Allow-Headers: x-own');
    header('Vary: Origin');
}
"""
# As a CGI script: the path after its name decides.
GATEWAY = """#!/bin/sh
case "$PATH_INFO" in
*/missing) echo "Status: 404 Not Found" ;;
*/fails) echo "Status: 500 Internal Server Error" ;;
*/own)
    echo "Access-Control-Allow-Origin: https://own.example"
    echo "Access-Control-Allow-Credentials: true"
    echo "Access-Control-Allow-Methods: GET, TRACE"
    echo "Access-Control-Allow-Headers: x-own"
    echo "Vary: Origin" ;;
esac
printf "Content-Type: text/plain\\n\\nhere\\n"
"""
# A browser sends no credentials with a preflight. With other requests it is taken to send the right ones.
LOGGED_IN = "<RequireAny>\nRequire valid-user\nRequire expr \"%{REQUEST_METHOD} != 'OPTIONS' || -z %{req_novary:Access-Control-Request-Method}\"\n</RequireAny>"


def start(config, folder, port, upstream):
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    texts = {file: file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.suffix in (".conf", ".htaccess")}
    text = "\n".join(texts.values())
    written = re.search(r"^\s*DocumentRoot\s+\"?([^\s\"]+)", text, re.M)
    root = written[1] if written else "/var/www/html"
    for name, value in re.findall(r"^\s*Define\s+(\S+)\s+(\S+)", text, re.M):
        root = root.replace(f"${{{name}}}", value)
    root = Path(root.replace("/var/www", f"{folder}/www"))
    has_script = ".php" in text
    files(root, [*expected["paths"], *re.findall(r"^\s*ErrorDocument\s+\d+\s+(/\S+)", text, re.M)], has_script)
    script = folder / "www" / "cgi" / "items"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(GATEWAY, encoding="utf-8")
    script.chmod(0o755)
    (folder / "passwords").write_text("staff:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n", encoding="utf-8")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem"], capture_output=True, check=True)
    is_tls = expected.get("scheme") == "https"
    for file, own in texts.items():
        file.write_text(moved(own, folder, port, upstream, is_tls), encoding="utf-8")
    modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in NAMES)
    if has_script:
        modules += f"LoadModule php_module {next(MODULES.glob('libphp*.so'))}\n<FilesMatch \\.php$>\nSetHandler application/x-httpd-php\n</FilesMatch>\n"
    listen = f"Listen 127.0.0.1:{port}\n"
    if config.suffix == ".htaccess":
        (root / ".htaccess").write_text(config.read_text(encoding="utf-8"), encoding="utf-8")
        site = f"DocumentRoot {root}\n<Directory {root}>\nAllowOverride All\nRequire all granted\n</Directory>\n"
    else:
        site = f"Include {config}\n"
    main = folder / "main.conf"
    main.write_text(f"ServerRoot {folder}\nServerName 127.0.0.1\nPidFile {folder}/pid\nErrorLog {folder}/error.log\nTypesConfig /etc/mime.types\n"
                    f"{modules}DirectoryIndex index.php index.html\n{listen}{site}", encoding="utf-8")
    return Server(folder, port, ["apache2", "-f", main, "-DFOREGROUND"])


def files(root, paths, has_script):
    """Files for the paths. Those that end in `/missing` and `/fails` are not there, and a script makes the rest if there is one."""
    root.mkdir(parents=True, exist_ok=True)
    (root / ("index.php" if has_script else "index.html")).write_text(SCRIPT if has_script else "here\n", encoding="utf-8")
    for path in paths:
        last = path.rsplit("/", 1)[-1]
        if last in ("missing", "fails", "own") or (has_script and "." not in last) or any(other.startswith(f"{path}/") for other in paths):
            continue
        file = root / path.lstrip("/")
        if path.endswith("/"):
            file.mkdir(parents=True, exist_ok=True)
            file /= "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() and not (has_script and file.name == "index.html"):
            file.write_text("here\n", encoding="utf-8")


def moved(text, folder, port, upstream, is_tls):
    """The configuration with the ports, the application and the files of the recording."""
    other = 1 if is_tls else 2

    def host(found):
        return f"<VirtualHost 127.0.0.1:{port if ('443' in found[1]) == is_tls else other}>"

    text = re.sub(r"<VirtualHost\s+([^>]*)>", host, text)
    text = re.sub(r"^\s*(Listen|ErrorLog|CustomLog|User|Group|LogLevel|LoadModule|ServerRoot|PidFile|LogFormat|ServerTokens|TransferLog)\s.*$", "", text, flags=re.M)
    text = re.sub(r"(SSLCertificateFile)\s.*", rf"\1 {folder}/cert.pem", text)
    text = re.sub(r"(SSLCertificateKeyFile)\s.*", rf"\1 {folder}/key.pem", text)
    text = re.sub(r"(AuthUserFile)\s.*", rf"\1 {folder}/passwords", text)
    # The port 9 is where nobody answers.
    text = re.sub(r"(https?://)(?:localhost|127\.0\.0\.1)(?!:9/)(?::\d+)?", rf"\g<1>127.0.0.1:{upstream}", text, flags=re.M)
    text = text.replace("/var/www", f"{folder}/www")
    return text.replace("Require valid-user", LOGGED_IN)
