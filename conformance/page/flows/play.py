"""Play: both sides as text, and the verdict as one types. Nothing is sent."""

from ..command import packed
from ..servers import SCRIPT
from ..tab import expect
from ..visit import flow


def preset(visit):
    """The situations of `presets.json` that can be played, in their order."""
    return [one for one in visit.ui.presets() if one.get("play")]


def verdict(visit, word, *more):
    visit.until(f"the verdict {word}", lambda: word in visit.text("#verdict"))
    visit.sees(*more, within=".decide")


@flow("play: typing changes the verdict")
def typing_changes_the_verdict(visit):
    visit.start("play.html")
    visit.until("a first verdict", lambda: visit.text("#verdict").strip())
    visit.check("at first")
    answer = "Header lines of the answer"
    visit.put("URL", "https://api.example.com/items")
    visit.put("Origin of the page", "https://app.example.com")
    visit.put("Method", "GET")
    visit.choose("Credentials", "omit")
    visit.put("Headers that script sets", "")
    visit.put("Body", "")
    visit.put(answer, "Access-Control-Allow-Origin: https://app.example.com")
    verdict(visit, "READABLE")
    visit.check("readable")
    # One key, and one key back.
    visit.click(visit.field(answer))
    visit.keys("End", "/")
    verdict(visit, "BLOCKED", "allow-origin-mismatch", "this step decided")
    visit.check("blocked")
    visit.keys("Backspace")
    verdict(visit, "READABLE")
    visit.put("URL", "https://")
    verdict(visit, "Not decided")
    visit.check("not decided")


@flow("play: a mark and its button")
def a_mark_and_its_button(visit):
    visit.start("play.html")
    visit.until("a first verdict", lambda: visit.text("#verdict").strip())
    visit.put("URL", "https://api.example.com/orders/42")
    visit.put("Origin of the page", "https://app.example.com")
    visit.put("Method", "PUT")
    visit.choose("Credentials", "omit")
    visit.put("Headers that script sets", "Content-Type: application/json")
    lines = "Header lines of the preflight"
    visit.put(lines, "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: Authorization")
    visit.put("Header lines of the answer", "Access-Control-Allow-Origin: *")
    verdict(visit, "BLOCKED", "header-not-allowed")
    visit.check("marked")
    expect("Line 3" in visit.text("main"), "what is wrong with line 3", visit.text("#answers"))
    visit.press("Add it")
    verdict(visit, "READABLE")
    value = visit.value(lines)
    expect(value.splitlines()[2].lower() == "access-control-allow-headers: authorization, content-type", "the line with the name added", value)
    visit.press("Copy link")
    visit.sees("Copied")
    link = visit.until("a link", lambda: "#state=" in visit.clipboard() and visit.clipboard())
    expect(visit.ui.token not in link, "a link without the token", link)
    visit.start("play.html")
    visit.choose("Start from", preset(visit)[0]["title"])
    visit.open(link)
    verdict(visit, "READABLE")
    expect((visit.value("Method"), visit.value(lines)) == ("PUT", value), "the state of the link", (visit.value("Method"), visit.value(lines)))


@flow("play: each situation says what is expected", widths=(1280,))
def each_situation(visit):
    visit.start("play.html")
    all_of_them = preset(visit)
    expect(len(all_of_them) >= 20, "20 situations or more to play with", len(all_of_them))
    for one in all_of_them:
        visit.choose("Start from", one["title"].replace("`", ""))
        expected = one["expect"]
        words = [expected["verdict"].upper(), *filter(None, [expected.get("code")])]
        visit.until(f"{' '.join(words)} for {one['title']!r}", lambda words=words: all(word in visit.text("#verdict") for word in words))


@flow("play: a policy answers, and a redirect", widths=(360,))
def a_policy_and_a_redirect(visit):
    visit.start("play.html")
    visit.until("a first verdict", lambda: visit.text("#verdict").strip())
    visit.press("Add a redirect")
    visit.until("the answer after a redirect", lambda: "after redirect 1" in visit.text("#answers"))
    visit.check("redirect")
    visit.press("Remove redirect 1")
    visit.press("A policy")
    visit.put("The policy", '[policy.app]\norigins = ["https://app.example.com"]\nmethods = ["PUT"]\nrequest-headers = ["Content-Type"]\n')
    visit.put("Origin of the page", "https://app.example.com")
    visit.put("Method", "PUT")
    visit.choose("Credentials", "omit")
    visit.put("Headers that script sets", "Content-Type: application/json")
    verdict(visit, "READABLE")
    visit.check("policy")
    visit.put("Origin of the page", "https://evil.example.com")
    verdict(visit, "BLOCKED")


@flow("attack: script in a state of Play", widths=(1280,))
def script_in_a_state(visit):
    answer = {"status": 200, "headers": f"Access-Control-Allow-Origin: {SCRIPT}\n{SCRIPT}: {SCRIPT}"}
    request = {"url": f"https://api.example.com/{SCRIPT}", "origin": "https://app.example.com", "method": SCRIPT, "credentials": SCRIPT, "mode": SCRIPT,
               "redirect": SCRIPT, "headers": f"X-A: {SCRIPT}", "body": SCRIPT}
    visit.start("play.html")
    for method in (SCRIPT, "PUT"):
        state = {"request": {**request, "method": method, "credentials": "omit", "mode": "cors", "redirect": "follow"}, "policy": None,
                 "answers": {"preflight": answer, "request": answer, "redirects": [{"preflight": answer, "request": answer}]}}
        visit.open(f"{visit.ui.root}play.html#state={packed(state)}")
        visit.until("the state in the fields", lambda: visit.value("Body") == SCRIPT)
        visit.until("a verdict, or none", lambda: visit.text("#verdict").strip())
        expect(visit.execute("return window.hostile === undefined"), "no foreign script", "it ran")
    visit.check("hostile state")
    for page in ("prove.html", "policy.html"):
        visit.open(f"{visit.ui.root}{page}#state={packed({**state, 'policy': SCRIPT})}")
        visit.sees("Corsac", within="body")
        expect(visit.execute("return window.hostile === undefined"), f"no foreign script in {page}", "it ran")
