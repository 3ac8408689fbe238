"""What other sites, servers, links and files try. Nothing of it runs, nothing is sent, and the page stays usable."""

import json
import re
import urllib.parse

from ...webdriver.browser import OTHER_NAME
from ..checks import fits
from ..command import packed
from ..servers import LONG, MANY, ORIGIN, SCRIPT, har
from ..tab import downloaded, expect
from ..visit import flow
from .ask import ask, sent

# Enough for whatever was set off to reach a server. If it is too short, an attack is missed, and nothing fails.
SETTLE = "const [done] = arguments; setTimeout(done, 500);"


def unharmed(visit, where):
    expect(visit.execute("return window.hostile === undefined"), f"no foreign script in {where}", "it ran")


@flow("attack: script in every header", widths=(360,))
def script_in_every_header(visit):
    visit.start()
    for name in ("/hostile", "/hostile-redirect"):
        ask(visit, f"{visit.room.url(name)}?{SCRIPT}#{SCRIPT}", method="POST", headers=f"X-Script: {SCRIPT}", body=SCRIPT)
        visit.press("Send the POST")
        visit.sees("BLOCKED")
        unharmed(visit, name)
        visit.check(name[1:])
    ask(visit, visit.room.url("/hostile"), headers=" ", body="")
    visit.sees("BLOCKED", "GET", "<img src=")
    for details in visit.execute("return [...document.querySelectorAll('details:not([open]) summary')]"):
        visit.click(details)
    visit.check("raw exchange")
    unharmed(visit, "the raw exchange")
    before = set(visit.downloads.iterdir())
    visit.press("HTML file", ".answer")
    file = downloaded(visit.downloads, ".html", before)
    visit.start()
    visit.press("/hostile", "#asked")
    visit.sees("BLOCKED")
    unharmed(visit, "the restored answer")
    visit.open(file.as_uri())
    visit.sees("BLOCKED", "<img src=")
    unharmed(visit, "the HTML file")
    visit.check("HTML file")


@flow("attack: script in links and files", widths=(1280,))
def script_in_links_and_files(visit):
    visit.start()
    request = {name: SCRIPT for name in ("origin", "headers", "body", "as", "method", "stack", "url_of", "referrer_policy", "credentials")}
    state = {"view": "ask", "request": {**request, "url": f"javascript:window.hostile=1//{SCRIPT}", "cookies": [SCRIPT]}, "__proto__x": {}}
    visit.open(link(visit, state))
    visit.sees("Not sent yet")
    unharmed(visit, "a link")
    visit.check("hostile link")
    visit.open(link(visit, state).replace("#state=", "#state=x"))
    visit.sees("Not restored")
    file = visit.downloads / f"{visit.room.tag}.har"
    recorded = json.loads(har(visit.room.here))
    for entry in recorded["log"]["entries"]:
        entry["request"]["url"] += f"?{SCRIPT}"
        entry["response"]["headers"] += [{"name": SCRIPT, "value": SCRIPT}]
        entry["response"]["statusText"] = SCRIPT
    file.write_text(json.dumps(recorded))
    visit.start()
    visit.browser.type(visit.find("input[type=file]"), str(file))
    visit.sees("Which of these requests?")
    unharmed(visit, "a HAR")
    visit.start()
    visit.put("Console line", f"Access to fetch at 'http://x/{SCRIPT}' from origin '{SCRIPT}' has been blocked by CORS policy: {SCRIPT}")
    visit.press("Read it")
    visit.until("something read", lambda: not visit.has_button("Read it"))
    unharmed(visit, "a paste")
    sent(visit, [])


def link(visit, state, path="index.html"):
    """A link to a state, as anybody can make one."""
    return f"{visit.ui.root}{path}#state={packed(state)}"


@flow("attack: a foreign link that deletes", widths=(1280,))
def a_foreign_link_that_deletes(visit):
    visit.start()
    request = {"url": visit.room.url("/right"), "origin": ORIGIN, "method": "DELETE", "credentials": "include", "confirmed": True, "preflight_only": False}
    address = link(visit, {"view": "ask", "request": request, "confirmed": True})
    visit.open(f"{visit.room.servers.other}/foreign/link.html#{urllib.parse.quote(address)}")
    visit.press("Look at this")
    visit.sees("Not sent yet", "Asking sends a real DELETE")
    visit.browser.execute_later(SETTLE)
    sent(visit, [])
    visit.check("foreign link")


@flow("attack: a foreign page calls the API", widths=(1280,))
def a_foreign_page_calls_the_api(visit):
    # What browsers write about the attempts.
    visit.allow(r"/foreign/", r"blocked by CORS policy", r"CORS request", r"Failed to load resource", r"/api/", r"Cross-Origin", r"frame-ancestors")
    request = {"url": visit.room.url("/right"), "origin": ORIGIN, "method": "GET", "credentials": "omit", "mode": "cors", "redirect": "follow",
               "headers": "", "cookies": [], "timeout": 10, "confirmed": True}
    # Sent by the page itself, the same call reaches the server: what is refused below is a whole one.
    status, answer = visit.ui.call("api/ask", request)
    expect(status == 200 and "GET /right" in visit.room.sent(), "the page's own call at the server", (status, answer, visit.room.sent()))
    body = json.dumps(request)
    visit.room.forget()
    for token in ("", visit.ui.token):
        words = urllib.parse.urlencode({"root": visit.ui.root, "token": token, "body": body})
        visit.open(f"{visit.room.servers.other}/foreign/calls.html#{words}")
        visit.sees("all tried", within="body")
        tried = visit.text("#tried")
        expect("READ" not in tried, "no answer that the foreign page can read", tried)
    visit.browser.execute_later(SETTLE)
    sent(visit, [])


@flow("attack: frames and other names", widths=(1280,))
def frames_and_other_names(visit):
    visit.allow(r"frame-ancestors", r"X-Frame-Options", r"Refused to frame", r"Failed to load resource", r"/foreign/", r"Cross-Origin-Opener-Policy")
    visit.open(f"{visit.room.servers.other}/foreign/frame.html#{urllib.parse.quote(visit.ui.page())}")
    visit.sees("frame loaded", within="body")
    visit.browser.call("SwitchToFrame", {"id": 0})
    expect(visit.execute("return document.querySelector('[data-view]') === null && !document.body?.innerText.includes('Which request')"), "nothing in the frame", visit.text("body"))
    visit.browser.call("SwitchToFrame", {"id": None})
    # DNS rebinding: another name for the same address.
    visit.open(visit.ui.page().replace("127.0.0.1", OTHER_NAME))
    expect(visit.execute("return document.querySelector('[data-view]') === null"), "no page under another name", visit.text("body"))
    expect("not served under that host" in visit.text("body"), "the reason why not", visit.text("body"))


@flow("attack: 10,000 header lines and long values", widths=(360,))
def long_answers(visit):
    visit.start()
    ask(visit, f"{visit.room.url('/long')}?{LONG}", method="PUT", headers=f"X-Long: {LONG}", body=LONG)
    visit.check("300 characters, not sent")
    visit.press("Send the preflight only")
    visit.sees("BLOCKED")
    visit.check("values of 300 characters")
    for name in ("/many", "/many-exposed"):
        ask(visit, visit.room.url(name), headers=" ", body="")
        visit.until(f"an answer to {name}", lambda name=name: re.fullmatch(f"readable: .*{name}", "".join(visit.all("#asked [aria-selected=true]"))))
        visit.find(".answer")
        lines = visit.execute("return document.querySelectorAll('.lines > li').length")
        expect(lines < MANY / 10, "few of the lines in the diagram", lines)
        said = len(visit.text(".view"))
        expect(said < 20 * MANY, "not each of them in a sentence", f"{said} characters")
        visit.report(fits(visit.browser, visit.width), name)
    ask(visit, visit.room.url("/slash"))
    visit.sees("static-allow-origin")
