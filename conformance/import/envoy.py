"""How Envoy is started with a configuration that was written for somewhere else. `record.py` calls it."""

import re

from servers import ENVOY, Server, free_port


def start(config, folder, port, upstream):
    text = config.read_text(encoding="utf-8")
    # The first listener is asked; the administration and other listeners are somewhere else.
    ports = iter([port])

    def listener(found):
        return f"{found[1]}127.0.0.1{found[2]}{next(ports, None) or free_port()}"

    text = re.sub(r"(\baddress:\s*)0\.0\.0\.0(,?\s*port_value:\s*)\d+", listener, text)
    text = re.sub(r"(\baddress:\s*)(?!0\.0\.0\.0|127\.)[\w.-]+(,?\s*port_value:\s*)\d+", rf"\g<1>127.0.0.1\g<2>{upstream}", text)
    config.write_text(text, encoding="utf-8")
    return Server(folder, port, [ENVOY, "-c", config, "--concurrency", 1, "--log-level", "error", "--use-dynamic-base-id"])
