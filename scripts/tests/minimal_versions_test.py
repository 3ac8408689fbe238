"""What scripts/minimal-versions leaves out of its copy of the workspace."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import tomllib
import unittest

sys.dont_write_bytecode = True
SCRIPT = str(pathlib.Path(__file__).resolve().parent.parent / "minimal-versions")
loader = importlib.machinery.SourceFileLoader("minimal_versions", SCRIPT)
minimal_versions = importlib.util.module_from_spec(importlib.util.spec_from_loader("minimal_versions", loader))
loader.exec_module(minimal_versions)


class Manifests(unittest.TestCase):
    def test_a_crate_loses_its_dev_dependencies_and_nothing_else(self):
        first, last = '[package]\nname = "a"\n\n[dependencies]\nb = "1"\n\n', "[lints]\nworkspace = true\n"
        rows = [
            ("none", "", ""),
            ("in the middle", '[dev-dependencies]\nc = "1"\n# why\nd = { version = "1", features = ["x"] }\n\n', last),
            ("at the end", '[dev-dependencies]\nc = "1"\n', ""),
            ("at the end of a file without a last line break", '[dev-dependencies]\nc = "1"', ""),
        ]
        for name, section, after in rows:
            with self.subTest(name):
                self.assertEqual(minimal_versions.without_dev_dependencies(first + section + after), first + after)

    def test_the_workspace_keeps_the_published_crates_alone(self):
        manifest = (
            '[workspace]\nmembers = ["crates/*", "fuzz"]\ndefault-members = ["crates/*"]\n\n[workspace.package]\nversion = "1.0.0"\n\n'
            '[profile.dev.package.fuzz]\nopt-level = 1\n\n[profile.release]\nstrip = "debuginfo"\n'
        )
        wanted = {
            "workspace": {"members": ["crates/*"], "package": {"version": "1.0.0"}},
            "profile": {"release": {"strip": "debuginfo"}},
        }
        self.assertEqual(tomllib.loads(minimal_versions.published_only(manifest)), wanted)

    def test_a_workspace_without_members_in_one_line_is_refused(self):
        with self.assertRaises(SystemExit):
            minimal_versions.published_only('[workspace]\nmembers = []\nresolver = "3"\nmembers = []\n')

    def test_of_every_published_crate_the_dependencies_stay(self):
        for path in (minimal_versions.ROOT / "crates").glob("*/Cargo.toml"):
            with self.subTest(path.parent.name):
                before = tomllib.loads(path.read_text())
                before.pop("dev-dependencies", None)
                self.assertEqual(tomllib.loads(minimal_versions.without_dev_dependencies(path.read_text())), before)


if __name__ == "__main__":
    unittest.main()
