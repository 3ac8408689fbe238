"""Firefox, controlled with Marionette."""

import contextlib
import re
import tempfile

from .browser import OTHER_NAME, PATIENCE, Browser, Refused
from .marionette import running

# As wide as asked for, whatever the window. WebDriver BiDi's command `browsingContext.setViewport` does the same.
RESIZE = """
const [width, height, done] = arguments;
const browser = gBrowser.selectedBrowser;
for (const [property, value] of Object.entries({ width, height })) {
    for (const limit of ["min-", "max-", ""]) browser.style.setProperty(limit + property, `${value}px`, "important");
}
browser.style.setProperty("flex", "none", "important");
requestAnimationFrame(() => requestAnimationFrame(() => done()));
"""

PREFER = """
const [scheme, done] = arguments;
gBrowser.selectedBrowser.browsingContext.top.prefersColorSchemeOverride = scheme;
done();
"""

# Firefox keeps 250 messages.
MESSAGES = """
const [done] = arguments;
const all = Services.console.getMessageArray() ?? [];
Services.console.reset();
const errors = all.filter(message => message instanceof Ci.nsIScriptError && message.category !== "chrome javascript");
done(errors.filter(error => !/^(chrome|resource|moz-extension):/.test(error.sourceName))
    .map(error => `${error.sourceName}:${error.lineNumber} ${error.errorMessage} [${error.category}]`));
"""

# What pages write. What parts of Firefox itself write begins with their name.
WRITTEN = re.compile(r"console\.(error|warn): (?!\w+: $)")


class Firefox(Browser):
    name = "firefox"

    def __init__(self, downloads):
        self.running = contextlib.ExitStack()
        # `console.error` and the like appear nowhere else.
        self.output = self.running.enter_context(tempfile.TemporaryFile())
        self.read = 0
        preferences = {
            "browser.download.folderList": 2,
            "browser.download.dir": str(downloads),
            "browser.download.useDownloadDir": True,
            "browser.download.alwaysOpenPanel": False,
            "browser.helperApps.neverAsk.saveToDisk": "text/html,text/markdown,text/plain,application/json",
            "network.dns.localDomains": OTHER_NAME,
            "devtools.console.stdout.content": True,
        }
        self.marionette = self.running.enter_context(running(preferences, self.output))
        capabilities = self.marionette.call("WebDriver:NewSession", {})["capabilities"]
        self.version = f"Firefox {capabilities['browserVersion']}"
        self.call("SetTimeouts", {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000})
        self.call("SetWindowRect", {"width": 1400, "height": 1000})

    def call(self, command, parameters=None):
        try:
            answer = self.marionette.call(f"WebDriver:{command}", parameters or {})
        except RuntimeError as error:
            raise Refused(str(error)) from None
        return answer["value"] if isinstance(answer, dict) and answer.keys() == {"value"} else answer

    def resize(self, width, height):
        self.marionette.privileged(RESIZE, width, height)

    def prefer(self, scheme):
        self.marionette.privileged(PREFER, scheme)

    def messages(self):
        self.output.seek(self.read)
        printed = self.output.read()
        self.read += len(printed)
        written = [line for line in printed.decode(errors="replace").splitlines() if WRITTEN.match(line)]
        return self.marionette.privileged(MESSAGES) + written

    def close(self):
        self.running.close()
