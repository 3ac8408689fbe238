"""Read: a page for each code, and CORS in five minutes."""

from ..tab import expect
from ..visit import flow


@flow("read: index, a code, search")
def index_and_code(visit):
    visit.start("read/index.html")
    visit.sees("Every code has its page")
    visit.check("index")
    if visit.width < 992:
        visit.press("All pages")
    visit.fill("Find a code", "not allowed head")
    visit.until("pages that fit", lambda: "header-not-allowed" in visit.text("nav[aria-label='Read']") or "page" in visit.text("#found"))
    visit.fill("Find a code", "header-not-allowed")
    visit.until("few pages that fit", lambda: visit.text("#found").strip() in ("1 page", "2 pages", "3 pages"))
    visit.check("search")
    visit.press("header-not-allowed", "nav[aria-label='Read']")
    visit.sees("header-not-allowed", "What to change")
    visit.check("a code")
    visit.fill("Find a code", "no such page at all")
    visit.sees("No pages")


@flow("read: five minutes, live")
def five_minutes(visit):
    visit.start("read/five-minutes.html")
    visit.sees("CORS in five minutes")
    first = "form[data-live]"
    visit.until("a first example that is blocked", lambda: "BLOCKED" in visit.text(first))
    visit.check("five minutes")
    value = visit.value("The server sends", first)
    visit.put("The server sends", value.rstrip("/"), first)
    visit.until("the example to be readable", lambda: "READABLE" in visit.text(first))
    visit.put("The server sends", "https://other.example.com", first)
    visit.until("the example to be blocked again", lambda: "BLOCKED" in visit.text(first))


@flow("read: other kinds of pages", widths=(360,))
def other_kinds(visit):
    for page, words in (("compatibility", "Chromium"), ("nginx", "nginx"), ("token-refused", "token-refused"), ("vary-missing", "vary-missing"), ("origin-path", "origin-path")):
        visit.start(f"read/{page}.html")
        visit.sees(words)
        visit.check(page)


@flow("read: keys and theme", widths=(1280,))
def keys_and_theme(visit):
    for path in ("", "play.html", "prove.html", "policy.html", "read/index.html"):
        visit.start(path)
        visit.until("the button for keys", lambda: visit.has_button("Keys"))
        visit.click(visit.find("h1, h2"))
        visit.keys("?")
        visit.sees("to the URL, or to the search in Read")
        if path == "":
            visit.check("keys")
        visit.keys("Escape")
        visit.until_gone("#keys")
        if path == "play.html":
            # Firefox writes into the console that it ended a script, if a page is left while the core works out the first verdict.
            visit.until("a first verdict", lambda: visit.text("#verdict").strip())
    visit.browser.prefer("light")
    ground = background(visit)
    visit.press("Theme:")
    visit.until("another background", lambda: background(visit) != ground)
    dark = background(visit)
    visit.start("play.html")
    visit.until("a first verdict", lambda: visit.text("#verdict").strip())
    expect(background(visit) == dark, "the theme to stay", background(visit))
    visit.press("Theme:")
    visit.until("the first background", lambda: background(visit) == ground)


def background(visit):
    return visit.execute("return getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor")
