"""Firefox with Marionette: the protocol on which geckodriver builds WebDriver, without geckodriver, which no package of Debian contains.

A message is its length, a colon and JSON. Scripts may run with the rights of the browser.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .processes import end, free_port

PATIENCE = 60

PREFERENCES = {
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "app.update.disabledForTesting": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.startup.max_resumed_crashes": -1,
    "dom.security.https_first": False,
}


@contextlib.contextmanager
def running(preferences=(), output=subprocess.DEVNULL):
    """A new Firefox without a window, and the connection to it. What it prints goes to `output`."""
    port = free_port()
    profile = Path(tempfile.mkdtemp(prefix="corsac-firefox-"))
    rows = {**PREFERENCES, **dict(preferences), "marionette.port": port}
    (profile / "user.js").write_text("".join(f'user_pref("{name}", {json.dumps(value)});\n' for name, value in rows.items()))
    command = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", str(profile)]
    browser = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL)
    try:
        yield Marionette(port)
    finally:
        end(browser)
        shutil.rmtree(profile, ignore_errors=True)


class Marionette:
    """A connection to a browser that listens at `port`."""

    def __init__(self, port):
        self.id = 0
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.stream = socket.create_connection(("127.0.0.1", port), PATIENCE)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise RuntimeError("Firefox does not listen to Marionette") from None
                time.sleep(0.1)
        self.file = self.stream.makefile("rb")
        self.receive()  # it greets

    def call(self, command, parameters):
        """Calls a command, such as `WebDriver:Navigate`, and returns its answer."""
        self.id += 1
        message = json.dumps([0, self.id, command, parameters]).encode()
        self.stream.sendall(b"%d:%s" % (len(message), message))
        _, _, error, value = self.receive()
        if error:
            raise RuntimeError(f"Firefox refuses {command}: {error['message']}")
        return value

    def privileged(self, script, *arguments):
        """Runs a script with the rights of the browser, and returns what it hands to its last argument."""
        self.call("Marionette:SetContext", {"value": "chrome"})
        try:
            return self.call("WebDriver:ExecuteAsyncScript", {"script": script, "args": list(arguments)})["value"]
        finally:
            self.call("Marionette:SetContext", {"value": "content"})

    def receive(self):
        digits = b""
        while not digits.endswith(b":"):
            digit = self.file.read(1)
            if not digit:
                raise RuntimeError("Firefox ended")
            digits += digit
        return json.loads(self.file.read(int(digits[:-1])))
