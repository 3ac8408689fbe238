"""Prove: predictions beside what this browser does, for real, on origins that the binary serves."""

from ..tab import expect
from ..visit import flow
from .play import preset

# What browsers write about requests that are refused, as they are meant to be.
REFUSALS = (
    r"blocked by CORS policy", r"CORS request did not succeed|Cross-Origin Request Blocked", r"net::ERR_FAILED", r"ERR_CONNECTION", r"ERR_UNSAFE_PORT",
    r"Failed to load resource", r"Cross-Origin-Resource-Policy|NotSameOrigin", r"Mixed Content|mixed content", r"InvalidUnknownMethod",
)

ROWS = """
return [...document.querySelectorAll("#rows tr")].filter((row) => !row.hidden).map((row) => [...row.children].map((cell) => cell.innerText.replace(/\\s+/g, " ").trim()));
"""


@flow("prove: every situation", browsers=("chromium", "firefox", "webkit"))
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
    # Those that cannot run are exactly those that say so in `presets.json`, with that reason.
    cannot = {row[0]: row[2] for row in rows if row[3] == "could not run"}
    listed = {plain(one["title"]): plain(one["prove"]) for one in situations if one.get("prove")}
    expect(cannot == listed, f"those to be left out that are listed: {listed}", cannot)
    agreeing = [row for row in rows if row[3] == "agree"]
    expect(len(agreeing) == len(situations) - len(listed) and len(agreeing) >= 15, f"{len(situations) - len(listed)} rows that agree", rows)
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
    one = preset(visit, lambda one: not one.get("prove"))[0]
    visit.choose("Start from", plain(one["title"]))
    visit.press("Prove it in this browser")
    visit.sees("What you had in Play stands first", "It has not been sent")
    visit.press("Run", "#rows")
    visit.until("the row to agree", lambda: visit.execute(ROWS)[0][3] == "agree")
    visit.sees("It agrees.")
