"""With the keyboard alone: no mouse, no touch."""

from ..servers import ORIGIN
from ..tab import expect
from ..visit import flow
from .ask import sent


def tab_to(visit, words, most=60):
    """Presses Tab until something with these words has the focus. It has to be visible there."""
    for _ in range(most):
        visit.keys("Tab")
        if words in visit.focused():
            seen = visit.execute("""
                const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
                return box.width > 0 && box.bottom > 0 && box.top < innerHeight && (style.outlineStyle !== "none" || style.boxShadow !== "none" || style.borderWidth !== "0px");
            """)
            expect(seen, f"to see that {words!r} has the focus", visit.focused())
            return
    expect(False, f"Tab to come to {words!r}", visit.focused())


@flow("keyboard: ask", widths=(1280,))
def ask_with_the_keyboard(visit):
    visit.start()
    visit.sees("Which request does not work?")
    visit.keys("Tab")
    expect("Skip to the content" in visit.focused(), "the skip link first", visit.focused())
    visit.keys("Enter", "/")
    expect("URL" in visit.focused(), "`/` to come to the URL", visit.focused())
    visit.browser.write(visit.room.url("/preflight-header"))
    tab_to(visit, "Origin of the page")
    visit.browser.write(ORIGIN)
    visit.keys("Shift+Tab", "Shift+Tab")
    expect("Method" in visit.focused(), "Shift+Tab to come back to the method", visit.focused())
    visit.keys("P", "U")
    visit.until("the method PUT", lambda: visit.value("Method") == "PUT")
    visit.keys("/")
    visit.keys("Control+Enter")
    visit.sees("Not sent yet", "Asking sends a real PUT")
    sent(visit, [])
    expect("Send the preflight only" in visit.focused(), "the focus on what is safe", visit.focused())
    visit.keys("Enter")
    visit.find(".answer")
    expect("Ask" in visit.focused(), "the focus on Ask", visit.focused())
    said = visit.until("the answer to be announced", lambda: "".join(visit.all("[aria-live]")).strip())
    expect("READABLE" in said.upper() or "BLOCKED" in said.upper() or "ALLOWED" in said.upper(), "the verdict for screen readers", said)
    visit.keys("F8")
    expect("Access-Control-Allow-Origin" in visit.focused(), "F8 to come to a judged line", visit.focused())
    visit.keys("?")
    visit.sees("to the URL, or to the search in Read")
    visit.keys("Escape")
    visit.until_gone("#keys")


@flow("keyboard: play, prove, policy and read", widths=(1280,))
def the_other_views(visit):
    visit.start("play.html")
    visit.until("a first verdict", lambda: visit.text("#verdict").strip())
    visit.keys("/")
    expect("URL" in visit.focused(), "`/` to come to the URL", visit.focused())
    tab_to(visit, "Header lines", 30)
    visit.keys("Right")
    visit.until("the policy", lambda: visit.execute("return !document.querySelector('#p-policy').hidden"))
    visit.keys("Left")
    visit.start("prove.html")
    visit.sees("Does your browser agree?")
    tab_to(visit, "Run all")
    visit.start("read/index.html")
    visit.sees("Every code has its page")
    visit.keys("/")
    expect("Find a code" in visit.focused(), "`/` to come to the search", visit.focused())
    visit.browser.write("vary-missing")
    tab_to(visit, "vary-missing", 12)
    visit.keys("Enter")
    visit.sees("vary-missing", "What to change")
