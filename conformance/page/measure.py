"""How fast the page appears, and how much is transferred. Times are printed; sizes have a limit."""

import statistics

LOADS = 5
KILO = 1000
MOST_WITHOUT_WASM, MOST_WITH_WASM = 200 * KILO, 600 * KILO

PAINT = """
const [done] = arguments;
const first = () => performance.getEntriesByName("first-contentful-paint")[0];
const look = (left) => first() || !left ? done(first()?.startTime ?? null) : setTimeout(look, 20, left - 1);
look(200);
"""

# What was loaded from this page's own server, in bytes as they were sent. A file in the browser's cache counts as if it had been sent.
LOADED = """
const [wasm, done] = arguments;
const all = () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((entry) => entry.name.startsWith(location.origin))
    .map((entry) => [new URL(entry.name).pathname, Math.max(entry.transferSize ?? 0, entry.encodedBodySize ?? 0)]);
const expected = wasm && document.body.hasAttribute("data-wasm");
const look = (left) => !expected || !left || all().some(([name, size]) => name.endsWith(".wasm") && size) ? done([expected, all()]) : setTimeout(look, 50, left - 1);
look(200);
"""


def all(browser, ui):
    """What was measured, as lines; one that begins with "wrong" is over its limit."""
    browser.new_tab()
    lines = []
    for path, title, wasm, most in (("", "Ask", False, MOST_WITHOUT_WASM), ("play.html", "Play", True, MOST_WITH_WASM)):
        paints = []
        for _ in range(LOADS):
            browser.open("about:blank")
            browser.open(ui.page(path))
            paints.append(browser.execute_later(PAINT))
        known = [paint for paint in paints if paint is not None]
        median = f"{statistics.median(known):.0f} ms" if known else "not known"
        has_wasm, files = browser.execute_later(LOADED, wasm)
        lines += judge(title, median, has_wasm, files, most)
    return lines


def judge(title, median, has_wasm, files, most):
    total = sum(size for _, size in files)
    wasm = sum(size for name, size in files if name.endswith(".wasm"))
    kind = f"{wasm / KILO:.0f} kB of them wasm" if wasm else "without wasm"
    text = f"{title}: first contentful paint {median} (median of {LOADS}), {total / KILO:.0f} kB in {len(files)} files, {kind}; at most {most / KILO:.0f} kB"
    # A page that says it has the wasm and does not load it is not the page that people see.
    is_right = 0 < total < most and len(files) > 3 and (wasm > 0 or not has_wasm)
    return [f"{'right' if is_right else 'wrong'}  {text}"]
