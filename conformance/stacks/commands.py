"""The commands that are tried on the servers."""

import subprocess

# The statuses that the backend and the applications answer with, by the last segment of the path.
STATUSES = ("401", "413", "500", "502", "redirect")


def run(command, timeout=120):
    """Runs a command until it ends, with nothing to read."""
    words = [str(word) for word in command]
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False)


def verify(binary, url, policy, *more, path="/"):
    """Runs `corsac verify` with a report in JSON. The policy also has to hold for errors and redirects below the path."""
    also = [word for status in STATUSES for word in ("--also", f"{path}status/{status}")]
    return run([binary, "verify", url, "--policy", policy, "--rate", "100000", "--json", *also, *more], timeout=300)
