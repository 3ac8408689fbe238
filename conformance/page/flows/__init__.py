"""What people do on the page, by view."""

import importlib

VIEWS = ["harness", "ask", "attacks", "play", "prove", "policy", "read", "keyboard"]


def load():
    """Registers the flows of all views."""
    for view in VIEWS:
        importlib.import_module(f".{view}", __name__)
