"""What the browsers have in common: the commands of [WebDriver](https://www.w3.org/TR/webdriver2/), by their names in the standard."""

import base64
import contextlib
import http.client
import json

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 90

# A name that Chromium and Firefox take for 127.0.0.1.
OTHER_NAME = "rebound.example"

# The keys of keyboards that have no character.
KEYS = {
    "Backspace": "\ue003", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009", "Escape": "\ue00c", "Space": " ",
    "End": "\ue010", "Home": "\ue011", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "Delete": "\ue017", "F8": "\ue038",
}


class Refused(Exception):
    """The browser does not do what a command says."""


class Browser:
    """A browser with one tab in front. What differs is in `chromium`, `firefox` and `webkit`."""

    # "chromium", "firefox" or "webkit"
    name = ""
    version = ""

    def call(self, command, parameters=None):
        raise NotImplementedError

    def resize(self, width, height):
        """Makes the tab show exactly so many CSS pixels."""
        raise NotImplementedError

    def prefer(self, scheme):
        """Lets pages see that the user prefers "light" or "dark"."""
        raise NotImplementedError

    def messages(self):
        """What was written to the console since the last call, and everything that the browser reported there: a list of texts."""
        raise NotImplementedError

    def open(self, url):
        """Opens a URL, and waits until its page is loaded."""
        self.call("Navigate", {"url": url})

    def execute(self, script, *arguments):
        """Runs the body of a function in the page, and returns what it returns. Elements can be handed over both ways."""
        return self.call("ExecuteScript", {"script": script, "args": list(arguments)})

    def execute_later(self, script, *arguments):
        """Like `execute`, but the result is what the script hands to its last argument."""
        return self.call("ExecuteAsyncScript", {"script": script, "args": list(arguments)})

    def click(self, element):
        self.call("ElementClick", {"id": element[ELEMENT]})

    def type(self, element, text):
        """Types into an element. For a file input, the text is the path of the file."""
        self.call("ElementSendKeys", {"id": element[ELEMENT], "text": text})

    def press(self, *keys):
        """Presses keys on the keyboard, one after the other: names of `KEYS` or characters; `Control+a` holds the first."""
        actions = []
        for key in keys:
            *held, last = key.split("+") if len(key) > 1 else [key]
            held = [KEYS[name] for name in held]
            last = KEYS.get(last, last)
            actions += [{"type": "keyDown", "value": value} for value in [*held, last]]
            actions += [{"type": "keyUp", "value": value} for value in [last, *reversed(held)]]
        self.call("PerformActions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def write(self, text):
        """Types a text on the keyboard, wherever the focus is."""
        self.press(*text)

    def new_tab(self):
        """Opens an empty tab in place of the others, with a session storage of its own."""
        others = self.call("GetWindowHandles")
        handle = self.call("NewWindow", {"type": "tab"})["handle"]
        for other in others:
            self.call("SwitchToWindow", {"handle": other})
            self.call("CloseWindow")
        self.call("SwitchToWindow", {"handle": handle})

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("TakeScreenshot", {"full": False})))

    def close(self):
        raise NotImplementedError


class Driver:
    """WebDriver over HTTP, as chromedriver and WebKitWebDriver speak it."""

    COMMANDS = {
        "Navigate": ("POST", "/url"),
        "ExecuteScript": ("POST", "/execute/sync"),
        "ExecuteAsyncScript": ("POST", "/execute/async"),
        "ElementClick": ("POST", "/element/{id}/click"),
        "ElementSendKeys": ("POST", "/element/{id}/value"),
        "PerformActions": ("POST", "/actions"),
        "GetWindowHandles": ("GET", "/window/handles"),
        "SwitchToWindow": ("POST", "/window"),
        "CloseWindow": ("DELETE", "/window"),
        "SwitchToFrame": ("POST", "/frame"),
        "NewWindow": ("POST", "/window/new"),
        "SetWindowRect": ("POST", "/window/rect"),
        "SetTimeouts": ("POST", "/timeouts"),
        "TakeScreenshot": ("GET", "/screenshot"),
        # Chromium's own
        "GetLog": ("POST", "/se/log"),
        "DevTools": ("POST", "/goog/cdp/execute"),
    }

    def __init__(self, port, capabilities):
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        session = self.send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{session['sessionId']}"
        self.capabilities = session["capabilities"]
        self.call("SetTimeouts", {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000})

    def call(self, command, parameters=None):
        method, path = self.COMMANDS[command]
        return self.send(method, self.session + path.format(**(parameters or {})), parameters or {})

    def close(self):
        # A driver that does not answer any more is ended by who started it.
        with contextlib.suppress(OSError, http.client.HTTPException, Refused):
            self.send("DELETE", self.session)
        self.connection.close()

    def send(self, method, path, value=None):
        body = json.dumps(value or {}) if method == "POST" else None
        try:
            self.connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = json.loads(self.connection.getresponse().read())["value"]
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()  # so that the next command has a connection of its own
            raise Refused(f"{method} {path}: the driver does not answer: {error}") from None
        if isinstance(answer, dict) and "error" in answer and "stacktrace" in answer:
            raise Refused(f"{method} {path}: {answer['error']}: {answer['message']}")
        return answer
