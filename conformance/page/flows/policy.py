"""Policy: a file that is checked as one types, and what its last version without errors answers."""

from ..tab import expect
from ..visit import flow

GOOD = """[policy.app]
origins = ["https://app.example.com"]
methods = ["PUT", "DELETE"]
request-headers = ["Content-Type"]
credentials = true
"""
# An origin with a slash, in line 2, column 12.
WRONG = GOOD.replace("app.example.com", "app.example.com/")


def write(visit, text):
    visit.put("The policy file", text)


def problems(visit):
    return [" ".join(text.split()) for text in visit.all("#problems li", "innerText")]


@flow("policy: lint, suggestion, may, diff, compile")
def the_whole_view(visit):
    visit.start("policy.html")
    visit.sees("Who may read", "No problems")
    visit.check("at first")
    write(visit, WRONG)
    visit.sees("1 error", "origin-path", "Answered by the last version without errors")
    # The slash is what is wrong.
    found = visit.until("one problem in line 2, column 12", lambda: [one for one in problems(visit) if "2:12" in one])
    expect(len(found) == 1 and "https://app.example.com" in found[0], "the place and a suggestion", problems(visit))
    visit.check("one error")
    visit.press("Write", "#problems")
    visit.sees("No problems")
    expect(visit.value("The policy file") == GOOD, "the suggestion in the text", visit.value("The policy file"))
    may(visit, "https://evil.example.com", "GET")
    visit.until("a refusal", lambda: "BLOCKED" in visit.text("#may-answer"))
    may(visit, "https://app.example.com", "DELETE")
    visit.until("a permission", lambda: "READABLE" in visit.text("#may-answer"))
    write(visit, GOOD.replace('"PUT", ', ""))
    visit.until("what changed", lambda: "PUT" in visit.text("#diff") and "refused now" in visit.text("#diff"))
    visit.choose("for", "nginx", "section[aria-labelledby=h-comp]")
    visit.until("a configuration", lambda: "add_header" in visit.text("#compiled") and "DELETE" in visit.text("#compiled"))
    visit.choose("for", "Express", "section[aria-labelledby=h-comp]")
    visit.until("a program", lambda: "cors" in visit.text("#compiled") and "add_header" not in visit.text("#compiled"))
    visit.check("compiled")


def may(visit, origin, method):
    visit.put("Origin", origin, "#may")
    visit.put("Method", method, "#may")


@flow("policy: keys, a file, and nothing that is a policy", widths=(1280,))
def keys_and_file(visit):
    visit.start("policy.html")
    file = visit.downloads / f"{visit.room.tag}.toml"
    file.write_text(WRONG)
    visit.browser.type(visit.find("#open-file"), str(file))
    visit.sees("1 error", file.name)
    visit.click(visit.find("h1"))
    visit.keys("F8")
    at = visit.until("the caret at the problem", lambda: visit.execute("const area = document.querySelector('#policy-text'); return document.activeElement === area && area.selectionStart"))
    expect(WRONG[at:].startswith('"https://app.example.com/"') or WRONG[at:].startswith("https://app.example.com/"), "the caret before the origin", WRONG[at:at + 30])
    for text in ("", "{", "[[[", "policy = 7", "x" * 3000):
        write(visit, text)
        visit.until("an error", lambda: visit.text("#problems").strip() and "No problems" not in visit.text("#counts"))
    visit.check("not a policy")
