"""Records the page with Firefox, in the form of its DevTools.

Firefox is controlled with Marionette, a socket on which each message is its length, a colon and JSON. A script with the rights of the browser opens
the network monitor for the tab, and asks it for its HAR: `getHARFromNetMonitor` is what "Save All As HAR" calls.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

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

OPEN = """
const [done] = arguments;
(async () => {
    const { require } = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
    const { gDevTools } = require("devtools/client/framework/devtools");
    await gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: "netmonitor" });
})().then(() => done(""), error => done(`${error}`));
"""

EXPORT = """
const [done] = arguments;
(async () => {
    const { require } = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
    const { gDevTools } = require("devtools/client/framework/devtools");
    const toolbox = gDevTools.getToolboxForTab(gBrowser.selectedTab);
    return JSON.stringify({ log: await toolbox.getHARFromNetMonitor() });
})().then(done, error => done(`${error}`));
"""


def record(page, file):
    """Writes the recording into the file, and returns the name and version of the browser."""
    with running() as marionette:
        capabilities = marionette.call("WebDriver:NewSession", {})["capabilities"]
        marionette.call("WebDriver:SetTimeouts", {"script": PATIENCE * 1000})
        error = marionette.privileged(OPEN)
        if error:
            raise RuntimeError(f"Firefox did not open its network monitor: {error}")
        marionette.call("WebDriver:Navigate", {"url": page})
        deadline = time.monotonic() + PATIENCE
        while marionette.call("WebDriver:GetTitle", {})["value"] != "done":
            if time.monotonic() > deadline:
                raise RuntimeError("Firefox did not come to the end of the page")
            time.sleep(0.1)
        file.write_text(settled(marionette, deadline))
        return f"Firefox {capabilities['browserVersion']}"


def settled(marionette, deadline):
    """Exports until the answers stay the same: the network monitor learns of them a moment after the page does."""
    last = None
    while time.monotonic() < deadline:
        har = marionette.privileged(EXPORT)
        if not har.startswith("{"):
            raise RuntimeError(f"Firefox did not export its recording: {har}")
        answers = [(entry["request"]["url"], entry["response"]["status"], entry["response"]["headers"]) for entry in json.loads(har)["log"]["entries"]]
        if answers == last:
            return har
        last = answers
        time.sleep(1)
    raise RuntimeError("the recording of Firefox does not come to an end")


@contextlib.contextmanager
def running():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    profile = Path(tempfile.mkdtemp(prefix="corsac-firefox-"))
    lines = [f'user_pref("{name}", {json.dumps(value)});\n' for name, value in {**PREFERENCES, "marionette.port": port}.items()]
    (profile / "user.js").write_text("".join(lines))
    command = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", str(profile)]
    browser = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Marionette(port)
    finally:
        browser.terminate()
        try:
            browser.wait(10)
        except subprocess.TimeoutExpired:
            browser.kill()
            browser.wait()
        shutil.rmtree(profile, ignore_errors=True)


class Marionette:
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
        self.id += 1
        message = json.dumps([0, self.id, command, parameters]).encode()
        self.stream.sendall(b"%d:%s" % (len(message), message))
        _, _, error, value = self.receive()
        if error:
            raise RuntimeError(f"Firefox refuses {command}: {error['message']}")
        return value

    def privileged(self, script):
        """Runs a script with the rights of the browser, and returns what it hands to its last argument."""
        self.call("Marionette:SetContext", {"value": "chrome"})
        try:
            return self.call("WebDriver:ExecuteAsyncScript", {"script": script, "args": []})["value"]
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
