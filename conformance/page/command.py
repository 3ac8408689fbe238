"""Starts `corsac ui`."""

import base64
import contextlib
import http.client
import json
import re
import subprocess
import urllib.request
import zlib

from ..webdriver.processes import end


class Ui:
    """A page that is served: where, and the token of its link."""

    def __init__(self, link):
        self.link = link
        self.root, self.token = re.fullmatch(r"(http://127\.0\.0\.1:\d+/)#token=([0-9a-f]+)", link).groups()

    def page(self, path="", state=None):
        """The address of a page with the token, as the printed link has it."""
        return f"{self.root}{path}#token={self.token}" + (f"&state={state}" if state else "")

    def presets(self):
        """The situations of Play: one list, although the file may have groups."""
        with urllib.request.urlopen(f"{self.root}presets.json", timeout=60) as response:
            groups = json.load(response)
        return [one for group in groups for one in group.get("presets", [group])]

    def call(self, path, value, origin=None):
        """Calls the API as the page does, or as another origin. Returns the status, and what was answered."""
        connection = http.client.HTTPConnection(self.root.split("/")[2], timeout=60)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/json", "X-Corsac-Token": self.token, "Origin": origin or self.root.rstrip("/")}
            connection.request("POST", f"/{path}", json.dumps(value), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())


def packed(state):
    """A state as links have it: JSON, deflated, in base64url."""
    deflate = zlib.compressobj(wbits=-15)
    data = deflate.compress(json.dumps(state).encode()) + deflate.flush()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextlib.contextmanager
def running(binary, *arguments):
    """Starts the command, and ends it."""
    command = [str(binary), "ui", "--no-open", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        printed = []
        for line in process.stdout:
            printed.append(line)
            found = re.search(r"http://\S+#token=[0-9a-f]+", line)
            if found:
                yield Ui(found[0])
                return
        raise RuntimeError(f"`corsac ui` printed no link: {''.join(printed)}{process.stderr.read()}")
    finally:
        end(process)
