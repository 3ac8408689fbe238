"""Records the page with Firefox, in the form of its DevTools.

A script with the rights of the browser opens the network monitor for the tab, and asks it for its HAR: `getHARFromNetMonitor` is what
"Save All As HAR" calls.
"""

import json
import time

from conformance.webdriver.marionette import PATIENCE, running

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
