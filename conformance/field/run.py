"""Asks each server of `situations.py` with `corsac check`, and compares the report with the truth. `scripts/field` calls it."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from servers import Servers
from situations import SITUATIONS

MOST_LINES, ANSWER_LINES, WIDTH = 40, 12, 80


def main():
    parser = argparse.ArgumentParser(prog="scripts/field", description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="the `corsac` to run")
    parser.add_argument("--work", type=Path, required=True, help="an empty folder for configurations and logs")
    parser.add_argument("--modules", type=Path, required=True, help="node_modules with express, cors, helmet and socket.io")
    parser.add_argument("--only", metavar="WORDS", default="", help="only the situations whose name contains these words; prints their reports")
    arguments = parser.parse_args()
    chosen = [situation for situation in SITUATIONS if arguments.only in situation.name]
    if not chosen:
        parser.error(f"no situation has {arguments.only!r} in its name")
    wrong = 0
    with Servers(arguments.work, arguments.modules) as servers:
        warm_the_cache(servers.ports)
        for situation in chosen:
            problems, text = judge(situation, arguments.binary, servers.ports, servers.work)
            print(f"{'wrong' if problems else 'right'}  {situation.name}")
            for problem in problems:
                print(f"       {problem}")
            if problems or arguments.only:
                print("".join(f"     | {line}\n" for line in text.splitlines()))
            wrong += bool(problems)
    print(f"{len(chosen) - wrong} of {len(chosen)} situations are told rightly")
    return 1 if wrong else 0


def warm_the_cache(ports):
    """Somebody asked for the picture before, without an origin."""
    import urllib.request
    with urllib.request.urlopen(f"http://127.0.0.1:{ports['varnish']}/bucket/picture.png") as response:
        response.read()


def judge(situation, binary, ports, work):
    """What is wrong with the story that is told, and the report for people."""
    def filled(text):
        for name, port in ports.items():
            text = text.replace(f"@{name}@", str(port))
        return text

    def command(url, arguments, *more):
        words = ["check", url, "--origin", situation.origin, *arguments, *more]
        return [str(binary), *map(filled, words)]

    report = ask(command(situation.url, situation.arguments, "--json"))
    text = run(command(situation.url, situation.arguments)).stdout
    problems = told_wrongly(situation, report) + hard_to_read(situation, text, filled)
    problems += not_configured(report, work)
    if situation.mended:
        arguments = situation.arguments if situation.mended_arguments is None else situation.mended_arguments
        mended = ask(command(situation.mended, arguments, "--json"))
        if mended["verdict"] != "readable":
            causes = [cause["code"] for cause in mended["diagnosis"]]
            problems.append(f"the fix does not mend it: {filled(situation.mended)} is {mended['verdict']} {causes}")
    return problems, text


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


def ask(command):
    ended = run(command)
    try:
        return json.loads(ended.stdout)
    except ValueError:
        raise SystemExit(f"field: no JSON from {' '.join(command)}\n{ended.stdout}{ended.stderr}") from None


def told_wrongly(situation, report):
    """Where verdict, cause and findings differ from the truth."""
    problems = []
    if report["verdict"] != situation.verdict:
        problems.append(f"the verdict is {report['verdict']}, and {situation.verdict} is true")
    codes = [cause["code"] for cause in report["diagnosis"]]
    first = codes[0] if codes else ""
    if first != situation.cause:
        problems.append(f"the first cause is {first or 'none'} (of {codes}), and {situation.cause or 'none'} is true")
    found = {finding["code"] for finding in report["findings"]}
    problems += [f"the finding {code} is missing: {sorted(found)}" for code in situation.findings if code not in found]
    return problems


def not_configured(report, work):
    """Lines for the server that answered which are in none of its configurations, and so were not tried."""
    stacks = [cause["fix"]["stack"] for cause in report["diagnosis"][:1]]
    problems = []
    for stack in filter(None, stacks):
        configured = "".join(path.read_text().lower() for path in (work / stack["name"]).glob("*.conf"))
        problems += [f"{stack['name']} was not tried with {line}" for line in stack["lines"] if line.lower() not in configured]
    return problems


def hard_to_read(situation, text, filled):
    """Where the report for people is too long, too wide, or says the wrong thing."""
    lines = text.splitlines()
    problems = []
    first = " ".join(line.strip() for line in lines[:ANSWER_LINES])
    if situation.cause and "Fix " not in first:
        problems.append(f"no fix in the first {ANSWER_LINES} lines")
    problems += [f"the first {ANSWER_LINES} lines do not say {words!r}" for words in map(filled, situation.says) if words not in first]
    flowing = " ".join(line.strip() for line in lines)
    problems += [f"the report does not show {words!r}" for words in map(filled, situation.shows) if words not in flowing]
    if situation.verdict.upper() not in lines[0]:
        problems.append(f"asked again it is not {situation.verdict}: {lines[0]}")
    problems += [f"the report says {words!r}" for words in map(filled, situation.never) if words in flowing]
    if len(lines) > MOST_LINES:
        problems.append(f"{len(lines)} lines, and {MOST_LINES} are allowed")
    problems += [f"a line of {len(line)} columns: {line}" for line in lines if len(line) > WIDTH and can_be_broken(line)]
    return problems


def can_be_broken(line):
    """Lines to be pasted, requests and header lines are shown as they are."""
    stripped = line.strip()
    is_pasted = line.startswith("         ")
    is_header = stripped.lstrip("✓✗ ").split(" ")[0].endswith(":")
    is_request = stripped.startswith(("→", "✓", "✗", "○", "http://", "https://", "corsac check ")) and "://" in stripped
    return not (is_pasted or is_header or is_request)


if __name__ == "__main__":
    sys.exit(main())
