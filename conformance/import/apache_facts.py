"""Recordings that show how Apache httpd behaves, beside those of configurations as people write them: nothing in them is a mistake to be found."""

from apache import start as start  # `record.py` calls it
