"""Configurations that use what Caddyfiles can do, to see that each is understood as Caddy does."""

from caddy import start  # noqa: F401
