"""How HAProxy is started with a configuration that was written for somewhere else. `record.py` calls it."""

import re
import subprocess

from servers import Server, free_port

BIND = re.compile(r"^(\s*)bind\s+(\S+)(.*)$", re.M)
# What belongs to a service of the system, or needs files of it.
LEFT_OUT = r"^\s*(log|chroot|stats\s+(socket|timeout)|user|group|daemon|pidfile|ca-base|crt-base|maxconn|ssl-\S+)\s.*$|^\s*daemon\s*$"


def start(config, folder, port, upstream):
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
                   capture_output=True, check=True)
    both = folder / "both.pem"
    both.write_text(key.read_text(encoding="utf-8") + certificate.read_text(encoding="utf-8"), encoding="utf-8")
    text = re.sub(LEFT_OUT, "", config.read_text(encoding="utf-8"), flags=re.M)
    binds = list(BIND.finditer(text))
    tls = [" ssl " in bind[0] for bind in binds]
    # The one that is asked: the first with TLS, or the first.
    asked = binds[tls.index(True) if True in tls else 0].start()

    def bind(found):
        ssl = f" ssl crt {both}" if " ssl " in found[0] else ""
        return f"{found[1]}bind 127.0.0.1:{port if found.start() == asked else free_port()}{ssl}"

    text = BIND.sub(bind, text)
    text = re.sub(r"^(\s*server\s+\S+)\s+\S+(?P<rest>.*)$", lambda found: server(found, upstream), text, flags=re.M)
    config.write_text(text, encoding="utf-8")
    return Server(folder, port, ["haproxy", "-db", "-f", config])


def server(found, upstream):
    disabled = " disabled" if "disabled" in found["rest"].split() else ""
    return f"{found[1]} 127.0.0.1:{upstream}{disabled}"
