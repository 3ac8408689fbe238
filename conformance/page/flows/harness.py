"""The checks find faults: on a page that has them, each one is found in each browser."""

from .. import checks
from ..tab import expect
from ..visit import flow


@flow("harness: faults are found", widths=(360,))
def faults_are_found(visit):
    visit.open(f"{visit.room.servers.here}/foreign/faulty.html")
    visit.sees("Faults")
    found = checks.fits(visit.browser, visit.width)
    found += checks.axe(visit.browser, visit.axe) + checks.axe(visit.browser, visit.axe, ["color-contrast"])
    messages = visit.until("messages", lambda: visit.browser.messages())
    found += checks.console(messages)
    text = "\n".join(found)
    for fault in ("pixels wide", "color-contrast", "label", "written by the faulty page", "thrown by the faulty page", "Content"):
        expect(fault in text, f"the check to find {fault!r}", text)
    visit.browser.prefer("dark")
    expect(visit.execute("return matchMedia('(prefers-color-scheme: dark)').matches"), "a dark page", "a light one")
    visit.browser.prefer("light")
