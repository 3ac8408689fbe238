"""A tab of a browser, used as a person uses it: by the labels of fields and the words on buttons."""

import time
from pathlib import Path

# A guard against waiting for ever. No expectation depends on it.
PATIENCE = 20

# Finds what a person would: `kind` is "field" by its label, or "button" (also links, tabs and summaries) by its words. The whole name goes before
# its beginning, and that before a part of it.
FIND = """
const [kind, name, within] = arguments;
const root = within ? document.querySelector(within) : document;
if (!root) return null;
const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
const tidy = (text) => (text ?? "").replace(/\\s+/g, " ").trim();
const CONTROLS = "input, select, textarea";
const own = (label) => { const copy = label.cloneNode(true); for (const one of copy.querySelectorAll(CONTROLS)) one.remove(); return tidy(copy.textContent); };
const pairs = [];
if (kind === "field") {
    for (const label of root.querySelectorAll("label")) if (label.control) pairs.push([own(label), label.control]);
    for (const control of root.querySelectorAll(CONTROLS)) if (control.ariaLabel) pairs.push([tidy(control.ariaLabel), control]);
} else {
    for (const one of root.querySelectorAll("button, a[href], [role=tab], summary")) pairs.push([tidy(one.ariaLabel ?? one.textContent), one]);
}
const shown = pairs.filter(([, element]) => seen(element));
for (const fits of [(text) => text === name, (text) => text.startsWith(name), (text) => text.includes(name)]) {
    const found = shown.find(([text]) => fits(text));
    if (found) return found[1];
}
return null;
"""

CHOOSE = """
const [select, name] = arguments;
const tidy = (text) => text.replace(/\\s+/g, " ").trim();
const all = [...select.options];
const option = all.find((one) => tidy(one.textContent) === name) ?? all.find((one) => tidy(one.textContent).startsWith(name));
if (!option) return false;
if (!option.selected) {
    option.selected = true;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
}
return true;
"""

TO_MIDDLE = "arguments[0].scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });"


class Unexpected(Exception):
    """The page is not as a flow expects it."""

    def __init__(self, expected, seen):
        super().__init__(f"expected {expected}\n         seen     {seen}")


class Tab:
    def __init__(self, browser, width):
        self.browser, self.width = browser, width
        self.url = ""

    def open(self, url):
        # A new fragment alone would not load the page again.
        self.browser.open("about:blank")
        self.browser.open(url)
        self.url = url

    def execute(self, script, *arguments):
        return self.browser.execute(script, *arguments)

    def until(self, expected, look):
        """Waits until `look` returns something that is true, and returns it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise Unexpected(expected, self.summary())
            time.sleep(0.05)

    def summary(self):
        text = self.text("#view") or self.text("main") or self.text("body")
        return " / ".join(line.strip() for line in text.splitlines() if line.strip())[:900]

    def text(self, selector="main"):
        """What can be read in an element. A page that is being left has no answer."""
        return self.execute("return document.querySelector(arguments[0])?.innerText ?? ''", selector) or ""

    def sees(self, *words, within="main"):
        """Waits until these words can be read, whatever the spaces between them."""
        def look():
            text = " ".join(self.text(within).split())
            return all(one in text for one in words)
        return self.until(f"the words {', '.join(map(repr, words))} in {within}", look)

    def until_gone(self, selector):
        self.until(f"no {selector}", lambda: self.execute("return !document.querySelector(arguments[0])", selector))

    def find(self, selector):
        return self.until(f"an element {selector}", lambda: self.execute("return document.querySelector(arguments[0])", selector))

    def all(self, selector, what="textContent"):
        """A property of each element that fits. A page that is being left has none."""
        return self.execute("return [...document.querySelectorAll(arguments[0])].map(one => one[arguments[1]])", selector, what) or []

    def field(self, label, within=None):
        return self.until(f"a field {label!r}", lambda: self.execute(FIND, "field", label, within))

    def button(self, words, within=None):
        return self.until(f"a button or link {words!r}", lambda: self.execute(FIND, "button", words, within))

    def has_button(self, words, within=None):
        return self.execute(FIND, "button", words, within) is not None

    def press(self, words, within=None):
        """Clicks a button, a link or a tab."""
        self.click(self.button(words, within))

    def click(self, element):
        self.execute(TO_MIDDLE, element)
        self.browser.click(element)

    def fill(self, label, text, within=None):
        """Replaces what a field holds, with the keyboard."""
        self.click(self.field(label, within))
        self.browser.press("Control+a", "Delete")
        self.browser.write(text)

    def put(self, label, text, within=None):
        """Replaces what a field holds, all at once, as a paste of the browser's menu does."""
        script = """
            const [field, text] = arguments;
            field.focus();
            field.select();
            if (!document.execCommand("insertText", false, text)) {
                field.value = text;
                field.dispatchEvent(new Event("input", { bubbles: true }));
            }
        """
        self.execute(script, self.field(label, within), text)

    def value(self, label, within=None):
        return self.execute("return arguments[0].value", self.field(label, within))

    def choose(self, label, option, within=None):
        """Chooses an option of a list."""
        self.until(f"an option {option!r} of {label!r}", lambda: self.execute(CHOOSE, self.field(label, within), option))

    def focused(self):
        """What has the focus, in words."""
        return self.execute("""
            const one = document.activeElement;
            const label = one.labels?.[0]?.textContent ?? one.ariaLabel ?? one.textContent;
            return `${one.localName} ${(label ?? "").replace(/\\s+/g, " ").trim().slice(0, 80)}`;
        """)

    def keys(self, *keys):
        self.browser.press(*keys)

    def clipboard(self):
        """What a person would paste. The focus is lost."""
        self.execute("""
            const field = document.createElement("textarea");
            field.id = "pasted";
            document.querySelector("main").append(field);
            field.focus();
        """)
        self.keys("Control+v")
        return self.execute("const field = document.querySelector('#pasted'); const text = field.value; field.remove(); return text;")


def expect(is_right, expected, seen):
    if not is_right:
        raise Unexpected(expected, seen)


def downloaded(folder: Path, suffix, before):
    """The file that a page saved since the folder held `before`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        files = [path for path in folder.iterdir() if path not in before and path.suffix == suffix and path.stat().st_size > 0]
        if files:
            return files[0]
        time.sleep(0.05)
    raise Unexpected(f"a saved file {suffix}", [path.name for path in folder.iterdir()])
