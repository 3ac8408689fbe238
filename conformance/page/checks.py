"""What holds on every view and in every state: it fits, it is accessible, and nothing is written to the console."""

import re

# The rules of WCAG 2.2, levels A and AA, and axe-core's best practices.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
JUDGED = ("serious", "critical")

# Axe is loaded once for each document.
AXE = """
const [only, tags, done] = arguments;
const options = { runOnly: only.length ? { type: "rule", values: only } : { type: "tag", values: tags }, resultTypes: ["violations"] };
axe.run(document, options).then(
    (results) => done(results.violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map((node) => node.target.join(" ") + "  " + node.html.slice(0, 160)) }))),
    (error) => done([{ id: "axe", impact: "critical", help: `axe could not run: ${error}`, nodes: [] }]));
"""

WIDTH = """
const page = document.documentElement;
const wide = [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1)
    .slice(0, 3).map((one) => `${one.localName}.${one.className?.baseVal ?? one.className}`);
return [innerWidth, page.clientWidth, page.scrollWidth, wide];
"""

# The page calls its binary, which refuses wrong input with these statuses; browsers write each into the console.
REFUSED_INPUT = re.compile(r"/api/\S+ - Failed to load resource: the server responded with a status of (400|409|413|422)\b")


def axe(browser, source, only=()):
    """The problems that axe-core finds serious or critical, in words."""
    if not browser.execute("return typeof axe === 'object'"):
        browser.execute(source)
    return axe_problems(browser.execute_later(AXE, list(only), TAGS))


def axe_problems(violations):
    return [
        f"axe: {one['id']} ({one['impact']}): {one['help']}" + "".join(f"\n         {node}" for node in one["nodes"][:3])
        for one in violations if one["impact"] in JUDGED
    ]


def fits(browser, width):
    """What is wider than the window, in words."""
    inner, client, scroll, wide = browser.execute(WIDTH)
    problems = [f"the window shows {inner} pixels, and {width} are meant"] if width and inner != width else []
    if scroll > client:
        problems.append(f"the page is {scroll} pixels wide, and the window shows {client}: {', '.join(wide)}")
    return problems


def console(messages, allowed=()):
    """What stands in the console and should not, in words."""
    return [f"the console says: {message}" for message in messages
            if not REFUSED_INPUT.search(message) and not any(re.search(pattern, message) for pattern in allowed)]
