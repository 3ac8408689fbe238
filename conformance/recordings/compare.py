"""Records a page with real browsers, and compares what `corsac explain` says about the recordings with what `corsac check` says about the same
requests. `scripts/recordings` calls it."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1]))

import firefox  # noqa: E402
from server import Servers  # noqa: E402
from page import FORMS, LIMITS, SITUATIONS  # noqa: E402

# How `corsac check` asks like a part of the page; otherwise like fetch().
LIKE = {
    "no-cors": ["--mode", "no-cors"],
    "upload": ["--force-preflight"],
    "img": ["--as", "img"],
    "img crossorigin": ["--as", "img", "--crossorigin"],
    "module": ["--as", "module"],
    "font": ["--as", "font"],
    "eventsource": ["--as", "eventsource"],
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/recordings", description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="the `corsac` to run")
    parser.add_argument("--work", type=Path, required=True, help="a folder for the recordings, which stay there")
    parser.add_argument("--modules", type=Path, required=True, help="the folder in which playwright-core is installed")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    with Servers() as servers:
        seen = record(servers, arguments.work, arguments.modules)
        live = {engine: {one.name: check(arguments.binary, servers, one, engine) for one in SITUATIONS} for engine in set(FORMS.values())}
        problems = judge_checks(live, seen)
        rows = {one.name: [] for one in SITUATIONS}
        for form, engine in FORMS.items():
            reading = ask(arguments.binary, "explain", str(arguments.work / f"{form}.har"), "--json")
            items, strangers = by_situation(reading["items"], servers)
            problems += [f"{form}: an item about something else: {item['text']}" for item in strangers]
            for one in SITUATIONS:
                found, wrong = compare(one, live[engine][one.name], items[one.name], limit(form, one.name))
                rows[one.name].append(found)
                problems += [f"{form}: {one.name}: {problem}" for problem in wrong]
    print(table(rows, live["chromium"]))
    for problem in problems:
        print(f"wrong  {problem}")
    print(f"{len(SITUATIONS)} situations in {len(FORMS)} forms of recordings, {len(problems)} wrong")
    return 1 if problems else 0


def record(servers, work, modules):
    """Writes the recordings, and returns which responses the page could read, by engine."""
    for form in FORMS:
        (work / f"{form}.har").unlink(missing_ok=True)
    seen, page = {}, servers.urls["page"]
    command = ["node", str(HERE / "chromium.mjs"), page, str(work), str(modules)]
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        if ended.returncode != 0:
            cannot_run(f"Chromium did not record: {ended.stderr.strip()}")
        print(ended.stdout.strip())
        seen["chromium"] = servers.take_seen()
        print(firefox.record(page, work / "firefox.har"))
        seen["firefox"] = servers.take_seen()
        print("skipped: Firefox in the form of Playwright, which needs a Firefox of its own that no package registry has")
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
        cannot_run(error)
    return seen


def check(binary, servers, situation, engine):
    """Asks live what the page asked."""
    words = ["check", servers.url(situation), "--origin", servers.urls["page"], "--engine", engine, "--json"]
    words += LIKE.get(situation.api) or ["--method", situation.method, "--credentials", situation.credentials]
    for line in situation.headers.items():
        words += ["--header", ": ".join(line)]
    if situation.body:
        words += ["--data", situation.body]
    if situation.server == "near":
        words += ["--cookie", "sid=1"]
    return ask(binary, *words)


def ask(binary, *words):
    ended = subprocess.run([str(binary), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    try:
        return json.loads(ended.stdout)
    except ValueError:
        cannot_run(f"no JSON from corsac {' '.join(words)}\n{ended.stdout}{ended.stderr}")


def cannot_run(error):
    print(f"recordings: {error}", file=sys.stderr)
    raise SystemExit(2)


def judge_checks(live, seen):
    """Where the browser, or the check, differs from the truth: then a comparison with it proves nothing."""
    problems = []
    for engine, reports in live.items():
        for one in SITUATIONS:
            report = reports[one.name]
            reason = report["reason"]["code"] if report["reason"] else ""
            if seen[engine].get(one.name) != (one.truth == "" and one.api != "abort"):
                problems.append(f"{engine}: {one.name}: the page could {'' if seen[engine].get(one.name) else 'not '}read it")
            if reason != one.truth:
                problems.append(f"corsac check --engine {engine}: {one.name}: the reason is {reason or 'none'}, and {one.truth or 'none'} is true")
    return problems


def by_situation(items, servers):
    """The items of each situation, and those of none. An item's text has a line for each request, the first one included."""
    found, strangers = {one.name: [] for one in SITUATIONS}, []
    for item in items:
        names = [one.name for one in SITUATIONS if f" {servers.url(one)} -> " in item["text"]]
        if len(names) == 1:
            found[names[0]].append(item)
        else:
            strangers.append(item)
    return found, strangers


def limit(form, name):
    return next((one for one in LIMITS if form in one.forms and name in one.names), None)


def compare(situation, report, items, known_limit):
    """How much the recording tells, in words, and what is wrong with that."""
    if len(items) > 1:
        return "wrong", [f"{len(items)} items, and one is expected: {'; '.join(map(shown, items))}"]
    found = told(report, items[0]) if items else "no item"
    expected = known_limit.found if known_limit else "same" if situation.truth else "no item"
    if found == expected:
        return found + (f" ({LIMITS.index(known_limit) + 1})" if known_limit else ""), []
    live = f"{situation.truth}, {cause(report)}" if situation.truth else "that the page gets the response"
    recorded = shown(items[0]) if items else "nothing"
    return "wrong", [f"found is {found}, and {expected} is expected: corsac check says {live}; the recording says {recorded}"]


def told(report, item):
    """How far an item agrees with a check. `one of several` and `no reason` are items that call themselves possible, and no more."""
    reason = report["reason"]["code"] if report["reason"] else "none"
    is_reason = reason in item["codes"] or cause(report) == item["code"]
    if item["diagnosis"][0]["confidence"] == "possible":
        return "one of several" if is_reason else "no reason"
    if not is_reason:
        return "another reason"
    return "same" if cause(report) == cause(item) else "reason"


def cause(told_causes):
    causes = told_causes["diagnosis"]
    return causes[0]["code"] if causes else "no cause"


def shown(item):
    first = item["diagnosis"][0]
    return f"{' '.join(item['codes']) or 'no code'}, {first['code']} ({first['confidence']})"


def table(rows, reports):
    heads = ["situation", "reason", "first cause", *FORMS]
    lines = [heads]
    for one in SITUATIONS:
        lines.append([one.name, one.truth or "-", cause(reports[one.name]) if one.truth else "-", *rows[one.name]])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    text += [f"({number}) {one.why}" for number, one in enumerate(LIMITS, 1)]
    return "\n".join(text)


if __name__ == "__main__":
    sys.exit(main())
