"""Installs a product by its name from a registry, each in a folder of its own, and says which version that is."""

import json
import os
import subprocess
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


class NotInstalled(Exception):
    """The registry cannot be reached, or the product needs something that is not there."""


class Python:
    """A package of PyPI, in a virtual environment of its own."""

    def __init__(self, package, program):
        self.package, self.name = package, program

    def install(self, folder):
        self.folder = folder / f"python-{self.package}"
        if not self.program().exists():
            done(["python3", "-m", "venv", self.folder])
            done([self.folder / "bin" / "pip", "install", "--quiet", self.package])

    def program(self):
        return self.folder / "bin" / self.name

    def python(self):
        return self.folder / "bin" / "python"

    def version(self):
        code = f"import importlib.metadata; print(importlib.metadata.version({self.package!r}))"
        return done([self.python(), "-c", code]).strip()


class Node:
    """A package of npm, in a folder of its own. `versions` is a range, such as `^2`."""

    def __init__(self, package, program, versions="latest"):
        self.package, self.name, self.versions = package, program, versions

    def install(self, folder):
        self.folder = folder / f"node-{self.package.replace('/', '-')}"
        if not self.program().exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
            done(["npm", "install", "--no-audit", "--no-fund", "--prefix", self.folder, f"{self.package}@{self.versions}"])

    def program(self):
        return self.folder / "node_modules" / ".bin" / self.name

    def version(self):
        return json.loads((self.folder / "node_modules" / self.package / "package.json").read_text(encoding="utf-8"))["version"]


class Debian:
    """Packages of Debian. The first one's version is the product's."""

    def __init__(self, path, *packages):
        self.path, self.packages = Path(path), packages

    def install(self, _folder):
        if self.path.exists():
            return
        done([SCRIPTS / "debian", *self.packages])

    def program(self):
        return self.path

    def version(self):
        return done(["dpkg-query", "--show", "--showformat=${Version}", self.packages[0]]).partition("-")[0].partition("+")[0].partition("~")[0]


def done(command, **variables):
    """What the command writes to its standard output."""
    try:
        ended = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900, check=False,
                               env={**os.environ, **variables})
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(str(error)) from None
    if ended.returncode != 0:
        raise NotInstalled(f"`{' '.join(map(str, command))}` failed: {(ended.stderr or ended.stdout).strip()[-300:]}")
    return ended.stdout
