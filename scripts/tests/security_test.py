"""SECURITY.md names tests for what it promises: each of them has to exist."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def named(page):
    """The tests in the last column of each table."""
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    return [name for row in rows for name in re.findall(r"`([a-z0-9_]+)`", row.rstrip("| ").rpartition(" | ")[2])]


class Promises(unittest.TestCase):
    def test_the_names_are_those_in_the_last_column(self):
        page = "`outside`\n| promise | tests |\n|---|---|\n| A `field`. | `one`, and `two` |\n| B | none |\n"
        self.assertEqual(named(page), ["one", "two"])

    def test_every_test_that_security_md_names_exists(self):
        tests = set()
        for source in ROOT.glob("crates/*/**/*.rs"):
            tests |= set(re.findall(r"#\[(?:tokio::)?test[^\]]*\]\s*(?:async )?fn (\w+)", source.read_text()))
        names = named((ROOT / "SECURITY.md").read_text())
        self.assertGreater(len(names), 30)
        self.assertEqual([name for name in names if name not in tests], [])


if __name__ == "__main__":
    unittest.main()
