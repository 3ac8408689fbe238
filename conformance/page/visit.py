"""A visit: one flow in one browser at one width, and what was wrong in it."""

from typing import Callable, NamedTuple

from . import checks
from .tab import Tab

# The height of the window, and of the screenshots.
HEIGHT = 900


class Flow(NamedTuple):
    """What somebody does on the page."""
    name: str
    run: Callable
    browsers: tuple
    widths: tuple


FLOWS = []


def flow(name, browsers=("chromium", "firefox"), widths=(360, 1280)):
    """Registers a function as a flow: in which browsers, and how many pixels wide."""
    def register(function):
        FLOWS.append(Flow(name, function, browsers, widths))
        return function
        return function
    return register


class Visit(Tab):
    """Everything that a flow needs. `ui` is the page's command, `room` its part of the servers, `downloads` where the browser saves files."""

    def __init__(self, flow, browser, width, *, ui, room, axe, downloads, screenshots):
        super().__init__(browser, width)
        self.flow, self.ui, self.room, self.axe, self.downloads, self.screenshots = flow, ui, room, axe, downloads, screenshots
        self.problems, self.allowed, self.states = [], [], 0
        # A line for the table at the end.
        self.measured = ""

    def start(self, path="", state=None):
        """Opens a page by the link that the command printed."""
        self.open(self.ui.page(path, state))

    def allow(self, *patterns):
        """What browsers write to the console because of what the flow does. Everything else there is a problem."""
        self.allowed += patterns

    def check(self, state):
        """Holds this state of the page to what holds on every one, in light and dark."""
        self.states += 1
        problems = checks.fits(self.browser, self.width)
        for scheme, rules in (("light", ()), ("dark", ("color-contrast",))):
            if self.browser.name == "webkit" and scheme == "dark":
                continue
            if self.browser.name != "webkit":
                self.browser.prefer(scheme)
            problems += [f"{problem} [{scheme}]" for problem in checks.axe(self.browser, self.axe, rules)]
            if self.screenshots:
                self.screenshot(f"{state}-{scheme}")
        if self.browser.name != "webkit":
            self.browser.prefer("light")
        self.report(problems, state)

    def report(self, problems, state):
        self.problems += [f"{state}: {problem}" for problem in problems]

    def screenshot(self, state):
        path = self.screenshots / f"{self.name()}-{state.replace(' ', '-')}.png"
        self.browser.screenshot(path)
        return path

    def name(self):
        return f"{self.flow.name.replace(':', '').replace(' ', '-')}-{self.browser.name}-{self.width}"

    def end(self):
        """Looks at the console, and whether anything of another site ran."""
        self.report(checks.console(self.browser.messages(), self.allowed), "at the end")
        if self.execute("return window.hostile !== undefined"):
            self.report(["script of another site ran"], "at the end")
