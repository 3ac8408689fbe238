"""Runs the flows in real browsers. `scripts/page` calls it."""

import argparse
import contextlib
import shutil
import sys
import threading
import time
import traceback
from pathlib import Path

from ..webdriver.browser import Refused
from ..webdriver.chromium import Chromium
from ..webdriver.firefox import Firefox
from ..webdriver.webkit import WebKit
from . import command, measure
from .flows import load
from .servers import Servers
from .tab import Unexpected
from .visit import FLOWS, HEIGHT, Visit

BROWSERS = {"chromium": Chromium, "firefox": Firefox, "webkit": WebKit}
load()


def main():
    parser = argparse.ArgumentParser(prog="scripts/page", description=__doc__)
    parser.add_argument("browsers", nargs="*", metavar="BROWSER", help=f"of {', '.join(BROWSERS)}; all of them, if none is named")
    parser.add_argument("--binary", type=Path, required=True, help="the `corsac` to run")
    parser.add_argument("--axe", type=Path, required=True, help="axe.min.js of axe-core")
    parser.add_argument("--work", type=Path, required=True, help="a folder for downloads and the screenshots of what failed")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="a folder for a screenshot of each state, in light and dark")
    parser.add_argument("--only", metavar="WORDS", default="", help="only the flows whose name contains these words")
    arguments = parser.parse_args()
    browsers = arguments.browsers or list(BROWSERS)
    for name in browsers:
        if name not in BROWSERS:
            parser.error(f"no browser is called {name!r}: there are {', '.join(BROWSERS)}")
    if not any(arguments.only in flow.name and set(browsers) & set(flow.browsers) for flow in FLOWS):
        parser.error(f"no flow of these browsers has {arguments.only!r} in its name")
    shutil.rmtree(arguments.work, ignore_errors=True)
    for folder in filter(None, (arguments.work, arguments.screenshots)):
        folder.mkdir(parents=True, exist_ok=True)
    with Servers() as servers:
        runs = [Run(name, servers, arguments) for name in browsers]
        threads = [threading.Thread(target=run.all) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for run in runs:
        print(f"\n{run.version}\n" + "\n".join(run.measured))
    wrong = sum(run.wrong for run in runs)
    print(f"\n{sum(run.flows for run in runs)} flows in {sum(run.states for run in runs)} states, {wrong} wrong")
    if any(run.could_not_run for run in runs):
        return 2
    return 1 if wrong else 0


class Run:
    """All flows in one browser."""

    printing, measuring = threading.Lock(), threading.Lock()

    def __init__(self, name, servers, arguments):
        self.name, self.servers, self.arguments = name, servers, arguments
        self.version, self.measured = name, []
        self.wrong = self.flows = self.states = 0
        self.could_not_run = False
        self.axe = arguments.axe.read_text(encoding="utf-8")

    def all(self):
        downloads = (self.arguments.work / f"downloads-{self.name}").resolve()
        downloads.mkdir()
        try:
            with command.running(self.arguments.binary) as ui, contextlib.closing(BROWSERS[self.name](downloads)) as browser:
                self.version = browser.version
                # A window of WebKitGTK under Xvfb is not always painted, and its driver then waits for ever.
                if not self.arguments.only and self.name != "webkit":
                    self.measure(browser, ui)
                for flow in FLOWS:
                    if self.name in flow.browsers and self.arguments.only in flow.name:
                        for width in flow.widths:
                            self.one(flow, browser, width, ui, downloads)
        except Exception as error:  # a thread has nobody else to tell
            self.could_not_run = True
            self.say(f"{self.name} could not run: {error}\n{traceback.format_exc()}")

    def measure(self, browser, ui):
        # One browser at a time, so that they do not slow each other down.
        with self.measuring:
            self.measured += measure.all(browser, ui)
        self.wrong += sum(line.startswith("wrong") for line in self.measured)

    def one(self, flow, browser, width, ui, downloads):
        started = time.monotonic()
        visit = Visit(flow, browser, width, ui=ui, room=self.servers.room(flow.name.split(":")[0]), axe=self.axe, downloads=downloads,
                      screenshots=self.arguments.screenshots)
        browser.new_tab()
        browser.messages()
        browser.resize(width, HEIGHT)
        try:
            flow.run(visit)
            visit.end()
        except (Unexpected, Refused) as error:
            visit.problems.append(str(error))
            where = traceback.extract_tb(error.__traceback__)
            visit.problems[-1] += "".join(f"\n         at       {Path(frame.filename).name}:{frame.lineno} {frame.line}" for frame in where if "flows" in frame.filename)
        if visit.problems:
            with contextlib.suppress(Refused, OSError):
                visit.screenshots = self.arguments.work
                visit.problems.append(f"screenshot {visit.screenshot('wrong')}")
        self.measured += [visit.measured] if visit.measured and width == flow.widths[-1] else []
        self.flows += 1
        self.states += visit.states
        self.wrong += bool(visit.problems)
        lines = [f"{'wrong' if visit.problems else 'right'}  {flow.name}, {self.name}, {width} px, {time.monotonic() - started:.1f} s"]
        self.say("\n".join(lines + [f"       {problem}" for problem in visit.problems]))

    def say(self, text):
        with self.printing:
            print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
