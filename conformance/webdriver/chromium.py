"""Chromium with its driver."""

from .browser import OTHER_NAME, Browser, Driver
from .processes import end, free_port, start

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable", "--hide-scrollbars",
    f"--host-resolver-rules=MAP {OTHER_NAME} 127.0.0.1",
]


class Chromium(Browser):
    name = "chromium"

    def __init__(self, downloads):
        port = free_port()
        self.process = start(["chromedriver", f"--port={port}"], port)
        try:
            self.driver = Driver(port, {
                "browserName": "chrome",
                "goog:loggingPrefs": {"browser": "ALL"},
                "goog:chromeOptions": {
                    "binary": "/usr/bin/chromium",
                    "args": ARGUMENTS,
                    "prefs": {"download.default_directory": str(downloads), "download.prompt_for_download": False},
                },
            })
        except BaseException:
            end(self.process)
            raise
        self.version = f"Chromium {self.driver.capabilities['browserVersion']}"

    def call(self, command, parameters=None):
        return self.driver.call(command, parameters)

    def dev_tools(self, command, **parameters):
        return self.call("DevTools", {"cmd": command, "params": parameters})

    def resize(self, width, height):
        # A window cannot be as narrow as a phone.
        self.dev_tools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        self.dev_tools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def messages(self):
        return [entry["message"] for entry in self.call("GetLog", {"type": "browser"}) if entry["level"] in ("SEVERE", "WARNING")]

    def close(self):
        try:
            self.driver.close()
        finally:
            end(self.process)
