"""WebKitGTK's small browser with its driver, on a display without a screen."""

import os
import platform
import subprocess
from pathlib import Path

from .browser import Browser, Driver
from .processes import end, free_port, start

# It is in the library's folder, whose name changes with versions.
FOLDERS = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"]


class WebKit(Browser):
    name = "webkit"

    def __init__(self, downloads):
        del downloads  # it cannot be told
        self.processes = []
        try:
            display = self.display()
            port = free_port()
            environment = {key: value for key, value in os.environ.items() if key not in ("http_proxy", "https_proxy")}
            environment |= {"DISPLAY": display, "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
            self.processes.append(start(["WebKitWebDriver", f"--port={port}"], port, env=environment))
            self.driver = Driver(port, {
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": {"binary": str(program()), "args": ["--automation"]},
            })
        except BaseException:
            self.end()
            raise
        self.version = f"WebKitGTK {self.driver.capabilities['browserVersion']}"

    def display(self):
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1100x24", "-nolisten", "tcp"]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.processes.append(server)
        return f":{server.stdout.readline().strip()}"

    def call(self, command, parameters=None):
        return self.driver.call(command, parameters)

    def resize(self, width, height):
        self.call("SetWindowRect", {"x": 0, "y": 0, "width": width, "height": height})

    def new_tab(self):
        # A second tab may stay hidden behind the first: it paints nothing, its timers wait, and so does the driver.
        self.open("about:blank")

    def messages(self):
        return []  # the driver does not hand them out

    def end(self):
        for process in reversed(self.processes):
            end(process)

    def close(self):
        try:
            self.driver.close()
        finally:
            self.end()


def program():
    folder = Path(f"/usr/lib/{platform.machine()}-linux-gnu")
    for name in FOLDERS:
        if (folder / name / "MiniBrowser").exists():
            return folder / name / "MiniBrowser"
    raise RuntimeError("MiniBrowser is not installed: webkit2gtk-driver")
