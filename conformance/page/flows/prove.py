"""Prove: predictions beside what this browser does, for real, on origins that the binary serves."""

from ..tab import expect
from ..visit import flow
from .play import preset

# What browsers write about requests that are refused, as they are meant to be.
REFUSALS = (
    r"blocked by CORS policy", r"CORS request did not succeed|Cross-Origin Request (Blocked|Warning)", r"net::ERR_FAILED", r"ERR_CONNECTION", r"ERR_UNSAFE_PORT",
    r"Failed to load resource", r"Cross-Origin-Resource-Policy|NotSameOrigin", r"Mixed Content|mixed content", r"InvalidUnknownMethod",
)

# What no page on http at 127.0.0.1 can show, and why not.
MIXED = "This is about mixed content: a page on https that requests http. This page is on http."
CANNOT = {
    "The web app works, the desktop app does not": "This is about an extension or an app, and this page is a web page.",
    "It fails from a file on my disk": "This is about a page without an origin, such as a file or a sandboxed frame, and this page has one.",
    "The page's own server is blocked by CORS": "The page requests its own origin, where CORS does not apply. Prove answers from other origins alone.",
    "It works at home, but not on the https site": MIXED,
    "The redirect behind the proxy leads to http": MIXED,
}
FEWEST = 30

ROWS = """
return [...document.querySelectorAll("#rows tr")].filter((row) => !row.hidden).map((row) => [...row.children].map((cell) => cell.innerText.replace(/\\s+/g, " ").trim()));
"""


@flow("prove: every situation in WebKit", browsers=("webkit",), widths=(1280,))
@flow("prove: every situation")
def every_situation(visit):
    visit.allow(*REFUSALS)
    visit.start("prove.html")
    visit.sees("Does your browser agree?")
    situations = preset(visit)
    rows = visit.until("a row for each situation", lambda: len(visit.execute(ROWS)) >= len(situations) and visit.execute(ROWS))
    expect(len(rows) == len(situations), f"{len(situations)} rows", len(rows))
    visit.check("before")
    visit.press("Run all")
    visit.until("all to have run", lambda: visit.has_button("Run all again") and "agree" in visit.text("h1"))
    rows = visit.execute(ROWS)
    differing = [row for row in rows if row[3] == "differ"]
    expect(not differing, "prediction and browser to agree", differing)
    cannot = {row[0]: row[2] for row in rows if row[3] == "could not run"}
    expect(cannot == CANNOT, f"those to be left out that are listed: {CANNOT}", cannot)
    agreeing = [row for row in rows if row[3] == "agree"]
    expect(len(agreeing) == len(situations) - len(CANNOT) and len(agreeing) >= FEWEST, f"{len(situations) - len(CANNOT)} rows that agree", rows)
    visit.measured = f"Prove: {len(agreeing)} situations agree, {len(cannot)} could not run"
    visit.check("after")
    if cannot:
        visit.press(f"{len(cannot)} could not run")
        expect(len(visit.execute(ROWS)) == len(cannot), "only those that could not run", visit.execute(ROWS))


def plain(text):
    return " ".join(text.replace("`", "").split())


@flow("prove: what stands in Play", widths=(1280,))
def what_stands_in_play(visit):
    visit.allow(*REFUSALS)
    visit.start("play.html")
    one = preset(visit)[0]
    visit.choose("Start from", plain(one["title"]))
    visit.press("Prove it in this browser")
    visit.sees("What you had in Play stands first", "It has not been sent")
    visit.press("Run", "#rows")
    visit.until("the row to agree", lambda: visit.execute(ROWS)[0][3] == "agree")
    visit.sees("It agrees.")
