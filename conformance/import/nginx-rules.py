"""Configurations that nobody would write, for rules of nginx that are easily got wrong."""

from nginx import start  # noqa: F401
