"""How nginx is started with a configuration that was written for somewhere else. `record.py` calls it."""

import os
import re
import subprocess
import tomllib

from servers import Server, free_port

MORE_HEADERS = "/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so"
LISTEN = re.compile(r"^(\s*)listen\s+([^;]*);", re.M)


def start(config, folder, port, upstream):
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    for name in expected.get("files", []):
        file = folder / "html" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a file\n", encoding="utf-8")
    for name in ("cert.pem", "key.pem"):
        (folder / name).touch()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem"], capture_output=True, check=True)
    texts = {file: file.read_text(encoding="utf-8") for file in folder.rglob("*.conf")}
    has_tls = any("ssl" in listen[2].split() for text in texts.values() for listen in LISTEN.finditer(text))
    other = free_port()
    for file, text in texts.items():
        file.write_text(moved(text, folder, (other, port) if has_tls else (port, port), upstream), encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    own = f"access_log off;\n{temporary}"
    if re.search(r"^\s*http\s*\{", text, re.M):
        text = re.sub(r"^\s*http\s*\{", lambda found: f"{found[0]}\n{own}", text, count=1, flags=re.M)
        text = text if re.search(r"^\s*events\s*\{", text, re.M) else f"events {{}}\n{text}"
    else:
        text = f"events {{}}\nhttp {{\n{own}{text}\n}}\n"
    main = folder / "main.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    modules = f"load_module {MORE_HEADERS};\n" if "more_" in text else ""
    main.write_text(f"daemon off;\npid {folder}/pid;\nerror_log stderr;\n{user}{modules}{text}", encoding="utf-8")
    return Server(folder, port, ["nginx", "-p", folder, "-c", main])


def moved(text, folder, ports, upstream):
    """The configuration with the ports, the application and the files of the recording."""
    plain, tls = ports

    def listen(found):
        # Both addresses would be the same one.
        if found[2].startswith("["):
            return found[1]
        words = [word for word in found[2].split()[1:] if word in ("ssl", "default_server")]
        return f"{found[1]}listen 127.0.0.1:{tls if 'ssl' in words else plain} {' '.join(words)};"

    text = LISTEN.sub(listen, text)
    # Its own log, user and certificates are somewhere else.
    text = re.sub(r"^(\s*)(user|pid|error_log|access_log|worker_processes|load_module|limit_req|ssl_dhparam|auth_basic_user_file)\s[^;]*;", r"\1", text, flags=re.M)
    text = re.sub(r"ssl_certificate\s[^;]*;", f"ssl_certificate {folder}/cert.pem;", text)
    text = re.sub(r"ssl_certificate_key\s[^;]*;", f"ssl_certificate_key {folder}/key.pem;", text)
    text = re.sub(r"(_pass\s+https?://)[\w.-]+(?::\d+)?", rf"\g<1>127.0.0.1:{upstream}", text)
    text = re.sub(r"^(\s*server\s+)[\w.-]+:\d+", rf"\g<1>127.0.0.1:{upstream}", text, flags=re.M)
    text = re.sub(r"(include\s+)mime\.types;", r"\g<1>/etc/nginx/mime.types;", text)
    text = re.sub(r"(_cache_path\s+)\S+", rf"\g<1>{folder}/cache", text)
    text = re.sub(r"/etc/nginx/(?!mime\.types)", f"{folder}/", text)
    return re.sub(r"^(\s*root\s+)[^;]*;", rf"\1{folder}/html;", text, flags=re.M)
