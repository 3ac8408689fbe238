"""Compiles each policy for each target, starts the real server with it, and verifies that. `scripts/stacks` calls it."""

import argparse
import http.client
import json
import shutil
import sys
import time
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import backend
import commands
from servers import ANSWERS_PREFLIGHTS, KEEPS_ESCAPED_SLASHES, KEEPS_OWN_HEADERS, NOTED, PROXIES, RUN_BY_ENVOY, SERVERS, free_port

HERE = Path(__file__).resolve().parent
# With these policies, the running server is also asked for its policy, which has to be the one that was compiled.
INFERRED = ("credentials", "headers", "labels", "one-origin", "ports", "public", "subdomains")


class Pair:
    """What was found for a target and a policy. `problems` is empty if it was verified, or refused with a reason."""

    def __init__(self, target, policy):
        self.target, self.policy = target, policy
        self.problems = []
        self.refusal = ""
        self.checked = 0
        self.noted = set()  # codes of findings that the target is known for


def main():
    parser = argparse.ArgumentParser(prog="scripts/stacks", description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="the `corsac` to run")
    parser.add_argument("--work", type=Path, required=True, help="a folder for configurations and logs")
    parser.add_argument("--policies", type=Path, default=HERE / "policies", help="a folder with policy files")
    parser.add_argument("--only", default="", metavar="WORDS", help="only policy files whose name contains this")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the results as a table")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    unknown = [target for target in arguments.targets if target not in SERVERS]
    if unknown:
        parser.error(f"no harness for {', '.join(unknown)}; there is one for {', '.join(SERVERS)}")
    files = sorted(file for file in arguments.policies.iterdir() if file.suffix in (".toml", ".json") and arguments.only in file.name)
    if not files:
        parser.error(f"no policy file in {arguments.policies}")
    units = [unit for file in files for unit in units_of(file)]
    upstream = backend.serve()
    pairs, versions = [], {}
    for target in arguments.targets or SERVERS:
        start, version = SERVERS[target]
        versions[target] = version()
        print(f"=== {target} {versions[target]}", flush=True)
        for unit in units:
            started = time.monotonic()
            pair = one(arguments, target, start, unit, upstream)
            pairs.append(pair)
            word = "FAILED " if pair.problems else "refused" if pair.refusal else "right  "
            more = pair.refusal or f"{pair.checked} requests{', noted: ' if pair.noted else ''}{', '.join(sorted(pair.noted))}"
            print(f"{word} {unit.label:16} {time.monotonic() - started:5.1f} s  {more}", flush=True)
            for problem in pair.problems[:6]:
                print(f"          {problem}", flush=True)
    if arguments.markdown:
        arguments.markdown.write_text(table(pairs, [unit.label for unit in units], versions), encoding="utf-8")
    failed = sum(bool(pair.problems) for pair in pairs)
    if not arguments.only:
        for target in versions:
            stale = NOTED.get(target, set()) - {code for pair in pairs if pair.target == target for code in pair.noted}
            if stale:
                failed += 1
                print(f"FAILED  {target} no longer has {', '.join(sorted(stale))}: take it out of NOTED, and out of what `compile --list` notes")
    refused = sum(bool(pair.refusal) and not pair.problems for pair in pairs)
    print(f"{len(pairs) - failed - refused} target-policy pairs verified, {failed} failed, {refused} refused")
    return 1 if failed else 0


def table(pairs, names, versions):
    """The results in Markdown: a row for each target."""
    cells = {(pair.target, pair.policy): cell(pair) for pair in pairs}
    lines = [f"| target | version | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for target, version in versions.items():
        lines.append(f"| `{target}` | {version} | {' | '.join(cells[target, name] for name in names)} |")
    return "\n".join(lines) + "\n"


def cell(pair):
    if pair.problems:
        return "**failed**"
    return "–" if pair.refusal else "✓ noted" if pair.noted else "✓"


class Unit:
    """What is compiled into one configuration: all policies of a file, each for its path; or one of several that have no path."""

    def __init__(self, file, name, policies):
        self.file, self.name, self.policies = file, name, policies
        self.label = file.stem if name is None else f"{file.stem}:{name}"


def units_of(file):
    text = file.read_text(encoding="utf-8")
    policies = (tomllib.loads(text) if file.suffix == ".toml" else json.loads(text))["policy"]
    # The name, the path with a slash at its end, and whether requests are passed on.
    rows = [(name, policy.get("at", "/").rstrip("/") + "/", policy.get("cors") == "pass") for name, policy in policies.items()]
    if len(rows) > 1 and not any("at" in policy for policy in policies.values()):
        return [Unit(file, row[0], [row]) for row in rows]
    return [Unit(file, None, rows)]


def one(arguments, target, start, unit, upstream):
    file, names = unit.file, unit.policies
    pair = Pair(target, unit.label)
    folder = (arguments.work / target / "".join(letter if letter.isalnum() else "-" for letter in unit.label)).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = free_port()
    command = [arguments.binary, "policy", "compile", target, file, *(["--name", unit.name] if unit.name is not None else [])]
    if target in PROXIES:
        command += ["--full", "--listen", f"127.0.0.1:{port}", "--upstream", f"http://127.0.0.1:{upstream}"]
    ended = commands.run(command)
    if ended.returncode == 1 and ended.stderr.strip():
        pair.refusal = " ".join(ended.stderr.split())
        return pair
    if ended.returncode != 0:
        pair.problems.append(f"compile ended with {ended.returncode}: {ended.stderr.strip() or 'no reason given'}")
        return pair
    written = folder / "compiled"
    written.write_text(ended.stdout, encoding="utf-8")
    try:
        more = {"upstream": upstream} if target in RUN_BY_ENVOY else {}
        with start(written, folder, port, **more):
            for name, path, passes in names:
                if passes:
                    pair.problems += not_passed(port, path, methods=["GET"] if target in ANSWERS_PREFLIGHTS else ["GET", "OPTIONS"])
                    continue
                for page in ["items"] if target in KEEPS_OWN_HEADERS else ["items", "own"]:
                    verify(arguments.binary, file, name, f"http://127.0.0.1:{port}{path}{page}", path, pair)
                if target in PROXIES - KEEPS_ESCAPED_SLASHES:
                    pair.problems += reached_by_dots(port, path)
                if unit.label in INFERRED and not pair.problems:
                    infer(arguments.binary, file, name, f"http://127.0.0.1:{port}{path}items", folder, pair)
    except (RuntimeError, OSError) as error:
        pair.problems.append(str(error))
    return pair


def verify(binary, file, name, url, path, pair):
    enforces = "enforce" in file.read_text(encoding="utf-8")
    unsafe = ["--unsafe-methods"] if enforces else []  # it is tested by POST
    noted = NOTED.get(pair.target, set())
    fail_on = "closed" if noted else "fragile"
    ended = commands.verify(binary, url, file, "--name", name, "--fail-on", fail_on, *unsafe, path=path)
    try:
        report = json.loads(ended.stdout)
    except ValueError:
        pair.problems.append(f"verify ended with {ended.returncode}: {ended.stderr.strip()}")
        return
    pair.checked += report["summary"]["sent"]
    for finding in report["findings"]:
        if finding["class"] == "fragile" and finding["code"] in noted:
            pair.noted.add(finding["code"])
            continue
        pair.problems.append(f"{name} {url}: {finding['class']} {finding['code']} in {finding['case']}: expected {finding['expected']}\n"
                             f"            {finding['curl']}\n            {finding['response']}")
    for unknown in report["unknown"]:
        # Envoy answers 503 for an upstream that closes the connection, which says nothing about a policy. Here it does.
        if unknown["why"] != "status 503" or not unknown["case"].endswith("/status/502"):
            pair.problems.append(f"{name}: unknown: {unknown}")
        elif not is_readable(url, path + "status/502", origin := unknown["case"].split(" from ")[1].split()[0]):
            pair.problems.append(f"{name}: the 503 at {path}status/502 has no Access-Control-Allow-Origin for {origin}")
    if ended.returncode != 0 and not report["findings"]:
        pair.problems.append(f"verify ended with {ended.returncode} and no finding")


def infer(binary, file, name, url, folder, pair):
    """What the running server is inferred to allow is what the policy allows."""
    ended = commands.run([binary, "policy", "infer", url, "--candidates", file, "--name", name, "--rate", "100000", "--limit", "2000"])
    inferred = folder / "inferred.toml"
    inferred.write_text(ended.stdout, encoding="utf-8")
    if ended.returncode != 0:
        pair.problems.append(f"infer ended with {ended.returncode}: {ended.stderr.strip() or ended.stdout}")
        return
    difference = commands.run([binary, "policy", "diff", file, inferred, "--policy", name])
    if difference.returncode != 0:
        pair.problems.append(f"infer: {difference.stdout.strip() or difference.stderr.strip()}")


def is_readable(url, path, origin):
    """Whether the response allows the origin."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", path, headers={"Origin": origin})
    response = connection.getresponse()
    response.read()
    return response.headers.get_all("Access-Control-Allow-Origin") in ([origin], ["*"])


def reached_by_dots(port, path):
    """`/public/..%2Fitems` is `/items` for an application that decodes paths, so the policy of `/public` must not answer there."""
    problems = []
    if path == "/":
        return problems
    above = path.rstrip("/").rpartition("/")[0] + "/items"
    for dots in ("../", "..%2F", "%2e%2e/", "%2E.%2f", ".%2f%2f..%2F"):
        expected, found = (allowed_origin(port, asked) for asked in (above, f"{path}{dots}items"))
        if found not in (None, expected):
            problems.append(f"{path}{dots}items has Access-Control-Allow-Origin {found}, and {above} has {expected}")
    return problems


def allowed_origin(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Origin": "https://elsewhere.example"})
    response = connection.getresponse()
    response.read()
    return response.headers.get_all("Access-Control-Allow-Origin")


def not_passed(port, path, methods):
    """`cors = "pass"`: what the backend says about CORS arrives once and unchanged, on preflights as well."""
    problems = []
    for method in methods:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "PUT"}
        connection.request(method, path + "own", headers=headers)
        response = connection.getresponse()
        response.read()
        for name, value in backend.OWN:
            if name.startswith("Access-Control-") and response.headers.get_all(name) != [value]:
                problems.append(f"pass: {method} {path}own has {name} {response.headers.get_all(name)}, and the backend sent {value}")
    return problems


if __name__ == "__main__":
    sys.exit(main())
