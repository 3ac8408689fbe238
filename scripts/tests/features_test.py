"""Which choices of features scripts/features makes, and what it counts."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
SCRIPT = str(pathlib.Path(__file__).resolve().parent.parent / "features")
loader = importlib.machinery.SourceFileLoader("features", SCRIPT)
features = importlib.util.module_from_spec(importlib.util.spec_from_loader("features", loader))
loader.exec_module(features)


class Features(unittest.TestCase):
    def test_none_each_alone_the_default_and_all_are_chosen(self):
        none = ["--no-default-features"]
        rows = [
            ({}, [none]),
            ({"a": []}, [none, [*none, "--features", "a"], ["--all-features"]]),
            (
                {"default": ["a"], "b": [], "a": ["b"]},
                [none, [*none, "--features", "a"], [*none, "--features", "b"], [], ["--all-features"]],
            ),
        ]
        for given, wanted in rows:
            with self.subTest(given):
                self.assertEqual(list(features.choices(given)), wanted)

    def test_every_published_crate_with_features_is_checked(self):
        packages = [
            {"name": "with", "features": {"a": []}, "publish": None},
            {"name": "without", "features": {}, "publish": None},
            {"name": "for-tests", "features": {"a": []}, "publish": []},
        ]
        self.assertEqual(features.with_features({"packages": packages}), [("with", {"a": []})])

    def test_a_package_counts_once_and_its_versions_count_apart(self):
        tree = "a v1.0.0 (/somewhere/a)\nb v1.0.0\nb v1.0.0 (*)\nb v2.0.0\n\nc v1.0.0 (proc-macro)\nc v1.0.0 (proc-macro) (*)\n"
        self.assertEqual(features.packages(tree), ["a v1.0.0", "b v1.0.0", "b v2.0.0", "c v1.0.0"])


if __name__ == "__main__":
    unittest.main()
