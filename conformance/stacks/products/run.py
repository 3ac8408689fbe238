"""Starts products with and without the setting that `corsac explain` prints, and compares the answers with the rows. `scripts/stacks` calls it."""

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from catalogue import OTHER, PAGE, PRODUCTS  # noqa: E402
from commands import run  # noqa: E402
from installation import NotInstalled  # noqa: E402
from servers import INSTALLED, free_port  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="scripts/stacks --products --full", description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="the `corsac` to run")
    parser.add_argument("--work", type=Path, required=True, help="a folder for configurations and logs")
    parser.add_argument("--show", action="store_true", help="print each response, as `corsac check` does")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these products")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {product.name for product in PRODUCTS}
    if unknown:
        parser.error(f"there is no way to start {', '.join(sorted(unknown))}")
    failed = left_out = 0
    chosen = [product for product in PRODUCTS if not arguments.names or product.name in arguments.names]
    for product in chosen:
        try:
            product.installation.install(INSTALLED / "products")
        except NotInstalled as reason:
            left_out += 1
            print(f"left out  {product.name}: {reason}", flush=True)
            continue
        problems = judge(product, arguments)
        failed += bool(problems)
        print(f"{'FAILED  ' if problems else 'right   '}  {product.name} {product.installation.version()}", flush=True)
        for problem in problems:
            print(f"          {problem}", flush=True)
    print(f"{len(chosen) - failed - left_out} products tried, {failed} failed, {left_out} left out")
    return 1 if failed else 2 if left_out else 0


def judge(product, arguments):
    """Where the product differs from its row."""
    explained = json.loads(run([arguments.binary, "explain", product.name, "--origin", PAGE, "--json"]).stdout)
    problems = []
    if explained["tried"] != product.installation.version():
        print(f"note      {product.name}: the row was tried with {explained['tried']}, and this is {product.installation.version()}", flush=True)
    lines = explained["setting"] and explained["setting"]["lines"]
    for setting in (None, lines) if lines else (None,):
        folder = arguments.work.resolve() / f"{product.name}-{'with' if setting else 'without'}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        port = free_port()
        try:
            with product.start(folder, port, setting):
                for question in product.questions:
                    if question.with_setting == bool(setting):
                        problems += ask(question, port, arguments, explained["evidence"])
        except (RuntimeError, OSError) as error:
            problems.append(f"{'with' if setting else 'without'} the setting: {error}")
    return problems


def ask(question, port, arguments, evidence):
    """Where the answer to a question differs from what the row says."""
    url = f"http://{question.host}:{port}{question.path}"
    command = [arguments.binary, "check", url, "--origin", question.origin, "--no-controls", *question.arguments]
    if arguments.show:
        print(run(command).stdout)
    report = json.loads(run([*command, "--json"]).stdout)
    responses = [exchange["response"] for exchange in report["exchanges"] if exchange["response"]]
    if arguments.show:
        for exchange in report["exchanges"]:
            print(exchange["kind"], exchange["response"] or exchange["error"], exchange["body"])
    last = responses[-1] if responses else {"status": None, "headers": []}
    allowed = [value for name, value in last["headers"] if name == "access-control-allow-origin"]
    found = {"verdict": report["verdict"], "status": last["status"], "allowed": allowed}
    expected = {"verdict": question.verdict, "status": question.status, "allowed": question.allowed}
    asked = " ".join([question.path, *question.arguments])
    where = f"{'with' if question.with_setting else 'without'} the setting, {question.origin}, {asked}"
    problems = [f"{where}: {key} is {found[key]!r}, and the row says {value!r}" for key, value in expected.items() if value not in (None, found[key])]
    names = {name for response in responses for name, _ in response["headers"]}
    problems += [f"{where}: `{name}` is missing" for name in question.headers if name.lower() not in names]
    if question.recognized and not any(is_in(marker, response) for marker in evidence for response in responses):
        problems.append(f"{where}: none of {evidence} is there")
    return problems


def is_in(marker, response):
    """Whether the response has this header, which a sentence of `corsac explain` describes. Markers in bodies are not looked for."""
    parts = re.fullmatch("`([^`]+)` (?:is there|begins with `([^`]+)`|contains `([^`]+)`)", marker)
    if not parts:
        return False
    name, prefix, part = parts.groups()
    values = [value for found, value in response["headers"] if found == name.lower()]
    return any(value.startswith(prefix or "") and (part or "") in value for value in values)


if __name__ == "__main__":
    sys.exit(main())
