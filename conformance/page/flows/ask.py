"""Ask: a URL and a request, and why the browser refuses the answer."""

from ..servers import ORIGIN, har
from ..tab import downloaded, expect
from ..visit import flow

JSON_BODY = '{"status":"shipped"}'


def fill(visit, url, *, method="GET", credentials=None, headers="", body=""):
    """Fills in the form. After an answer it is folded on a narrow page."""
    if visit.has_button("Edit", "#request"):
        visit.press("Edit", "#request")
    visit.fill("URL", url)
    visit.fill("Origin of the page", ORIGIN)
    visit.choose("Method", method)
    if credentials:
        visit.choose("Credentials", credentials)
    if headers or body:
        more = visit.button("More", "#request")
        if visit.execute("return arguments[0].ariaExpanded !== 'true'", more):
            visit.click(more)
        visit.put("Headers that script sets", headers)
        visit.put("Body", body)


def ask(visit, url, **request):
    fill(visit, url, **request)
    visit.press("Ask", "#request")


def sent(visit, expected):
    expect(visit.room.sent() == expected, f"the server to get {expected}", visit.room.sent())


@flow("ask: a refused preflight")
def a_refused_preflight(visit):
    visit.start()
    visit.sees("Which request does not work?")
    expect("token" not in visit.execute("return location.href"), "no token in the address", visit.execute("return location.href"))
    visit.check("empty")
    ask(visit, visit.room.url("/preflight-header"), method="PUT", credentials="include", headers="Content-Type: application/json", body=JSON_BODY)
    visit.sees("Not sent yet", "Asking sends a real PUT")
    visit.check("not sent yet")
    sent(visit, [])
    visit.press("Send the preflight only")
    visit.sees("BLOCKED", "header-not-allowed", "Content-Type", "content-type is missing")
    expect(set(visit.room.sent()) == {"OPTIONS /preflight-header"}, "nothing but OPTIONS at the server", visit.room.sent())
    asked = visit.room.headers("OPTIONS /preflight-header")
    expect(asked.get("origin") == ORIGIN and asked.get("access-control-request-headers") == "content-type", "a browser's preflight", asked)
    failing = visit.all(".judged.bad", "innerText")
    expect(len(failing) == 1 and "Access-Control-Allow-Headers: Authorization" in " ".join(failing[0].split()), "one failing line, the list of headers", failing)
    visit.check("blocked")
    another_stack(visit)
    copies(visit)
    exports(visit)
    link_restores(visit)


def another_stack(visit):
    """What to write there is shown, and the server is not asked again."""
    before = visit.room.sent()
    visit.choose("Your stack", "Express")
    visit.until("a fix for Express", lambda: any("require" in code or "import" in code for code in visit.all(".answer .code pre")))
    visit.choose("Your stack", "Header lines")
    visit.until("a fix as header lines", lambda: any(code.startswith("Access-Control-Allow-Headers:") for code in visit.all(".answer .code pre")))
    visit.choose("Your stack", "nginx")
    visit.until("a fix for nginx", lambda: any("add_header" in code for code in visit.all(".answer .code pre")))
    sent(visit, before)


def copies(visit):
    visit.press("Copy", ".answer .code")
    visit.sees("Copied")
    fix = visit.all(".answer .code pre")[0]
    expect("add_header" in fix, "a fix for nginx, which was seen", fix)
    visit.until("the fix in the clipboard", lambda: visit.clipboard().strip() == fix.strip())


def exports(visit):
    """The files say the same, and the HTML file runs nothing."""
    visit.press("Markdown")
    visit.until("Markdown in the clipboard", lambda: "header-not-allowed" in visit.clipboard())
    before = set(visit.downloads.iterdir())
    visit.press("JSON", ".answer")
    report = downloaded(visit.downloads, ".json", before).read_text()
    expect('"header-not-allowed"' in report and visit.ui.token not in report, "a report without the token", report[:300])
    visit.press("HTML file", ".answer")
    file = downloaded(visit.downloads, ".html", before)
    expect(visit.ui.token not in file.read_text(), "an HTML file without the token", file)
    back = visit.execute("return location.href")
    visit.open(file.as_uri())
    visit.sees("BLOCKED", "header-not-allowed", "content-type is missing")
    expect(visit.all("script:not([type='application/json'])") == [], "no script in the file", visit.all("script", "outerHTML"))
    visit.check("HTML file")
    visit.open(back)


def link_restores(visit):
    """The link of an answer fills in the form, in a window that may ask and in one that may not, and sends nothing."""
    visit.start()
    visit.press("PUT", "#asked")
    visit.sees("header-not-allowed")
    visit.press("Copy link", ".answer")
    link = visit.until("a link in the clipboard", lambda: "#state=" in visit.clipboard() and visit.clipboard())
    expect(visit.ui.token not in link, "a link without the token", link)
    before = visit.room.sent()
    visit.open(link)
    visit.sees("Not sent yet", "restored from a link", "Asking sends a real PUT")
    expect(visit.value("URL") == visit.room.url("/preflight-header"), "the URL of the link", visit.value("URL"))
    sent(visit, before)
    visit.press("Send the PUT")
    visit.sees("BLOCKED", "header-not-allowed")
    expect("PUT /preflight-header" not in visit.room.sent(), "no PUT after a refused preflight", visit.room.sent())


@flow("ask: one fault after another")
def one_fault_after_another(visit):
    visit.start()
    faults = [
        ("/slash", {}, ["BLOCKED", "static-allow-origin", "ends with a slash"], ["GET /slash"]),
        ("/wildcard", {"credentials": "include"}, ["BLOCKED", "credentials-wildcard"], ["GET /wildcard"]),
        ("/hidden", {"credentials": "include"}, ["READABLE", "X-Total-Count"], ["GET /hidden"]),
        ("/redirect", {"credentials": "same-origin"}, ["BLOCKED", "allow-origin-mismatch", "Origin: null"], ["GET /redirect", "GET /file"]),
        ("/agent", {"headers": "User-Agent: orders/1.2"}, ["BLOCKED in", "header-not-allowed", "Chromium", "Firefox"], ["OPTIONS /agent", "GET /agent"]),
    ]
    for number, (name, request, words, requests) in enumerate(faults, 1):
        ask(visit, visit.room.url(name), **request)
        visit.sees(*words)
        visit.until(f"{number} answers among what was asked", lambda: len(visit.all("#asked [role=tab]")) >= number)
        expect(set(requests) <= set(visit.room.sent()), f"{requests} at the server", visit.room.sent())
        visit.check(name[1:])
    ask(visit, visit.room.closed, headers=" ", body="")
    visit.sees("FAILED", "connection-refused")
    visit.check("nobody listens")
    history(visit)


def history(visit):
    """Tabs restore a request and its answer, with the mouse and with the keys."""
    before = visit.room.sent()
    visit.press("/wildcard", "#asked")
    visit.sees("credentials-wildcard")
    visit.keys("Right")
    visit.sees("static-allow-origin", "ends with a slash")
    visit.keys("Home")
    visit.sees("Which request does not work?")
    sent(visit, before)
    visit.browser.open(visit.execute("return location.href"))
    visit.press("/hidden", "#asked")
    visit.sees("READABLE", "X-Total-Count")
    expect(visit.execute("return document.querySelector('#url').value") == visit.room.url("/hidden"), "the URL of that request", visit.summary())
    sent(visit, before)


@flow("ask: what people paste")
def what_people_paste(visit):
    visit.start()
    url = visit.room.url("/slash")
    curl = f"curl '{url}' -X PUT -H 'Origin: {ORIGIN}' -H 'Content-Type: application/json' --data-raw '{JSON_BODY}'"
    fetch = f'fetch("{url}", {{"headers": {{"content-type": "application/json"}}, "body": "{{}}", "method": "POST", "mode": "cors", "credentials": "include"}});'
    line = (f"Access to fetch at '{url}' from origin '{ORIGIN}' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header has a "
            f"value '{ORIGIN}/' that is not equal to the supplied origin.")
    for name, text, method in (("cURL", curl, "PUT"), ("fetch", fetch, "POST"), ("a console line", line, "GET")):
        visit.start()
        visit.put("Console line", text)
        visit.press("Read it")
        visit.sees("Not sent yet")
        expect((visit.value("URL"), visit.value("Method")) == (url, method), f"the form filled in from {name}", (visit.value("URL"), visit.value("Method")))
        visit.check(f"read {name}")
    # The same into the field of the URL, from the clipboard.
    visit.start()
    visit.put("Console line", curl)
    visit.keys("Control+a", "Control+c")
    visit.click(visit.field("URL"))
    visit.keys("Control+v")
    visit.until("the method from a paste into the URL", lambda: visit.value("Method") == "PUT")
    expect(visit.value("URL") == url, url, visit.value("URL"))
    sent(visit, [])


@flow("ask: a HAR file")
def a_har_file(visit):
    visit.start()
    file = visit.downloads / f"{visit.room.tag}.har"
    file.write_text(har(visit.room.here))
    visit.browser.type(visit.find("input[type=file]"), str(file))
    visit.sees("Which of these requests?", "1 failed", "/slash")
    visit.check("entries of a HAR")
    visit.press("/slash", ".entries")
    visit.sees("Not sent yet")
    expect(visit.value("URL") == visit.room.url("/slash"), "the URL of the HAR", visit.value("URL"))
    sent(visit, [])
    visit.press("Send the GET")
    visit.sees("BLOCKED", "static-allow-origin")


@flow("ask: stopped", widths=(1280,))
def stopped(visit):
    visit.start()
    ask(visit, visit.room.url("/slow"))
    visit.sees("Asking", "Stop")
    visit.until("the request at the server", visit.room.sent)
    visit.check("asking")
    visit.keys("Escape")
    visit.sees("Stopped")
    ask(visit, visit.room.url("/slash"))
    visit.sees("static-allow-origin")


@flow("ask: nothing typed, or typed wrongly", widths=(360,))
def typed_wrongly(visit):
    visit.start()
    visit.press("Ask", "#request")
    visit.sees("Which URL")
    visit.check("no URL")
    ask(visit, "http://[")
    visit.until("a complaint", lambda: visit.text("#wrong"))
    visit.check("wrong URL")
    sent(visit, [])
