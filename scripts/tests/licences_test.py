"""What scripts/licences refuses. Run by .ci/run: python3 -m unittest discover --start-directory scripts/tests --pattern '*_test.py'"""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
SCRIPT = str(pathlib.Path(__file__).resolve().parent.parent / "licences")
loader = importlib.machinery.SourceFileLoader("licences", SCRIPT)
licences = importlib.util.module_from_spec(importlib.util.spec_from_loader("licences", loader))
loader.exec_module(licences)

RULES = {
    "licenses": {"allow": ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]},
    "bans": {"deny": [{"crate": "openssl-sys", "reason": "TLS is rustls"}]},
}


def package(**changes):
    return {
        "name": "dependency",
        "version": "1.2.3",
        "id": "dependency 1.2.3",
        "source": licences.CRATES_IO,
        "license": "MIT",
        "rust_version": None,
        "dependencies": [],
    } | changes


def problems(row, kind=None, publish=None):
    """Of a member of the workspace that depends on this package, or of the member alone, if that is the row."""
    own = row if row["id"] == "ours" else package(id="ours", source=None, license=None)
    own |= {"rust_version": "1.88"}
    needed = [] if row is own else [row]
    edges = [{"pkg": row["id"], "dep_kinds": [{"kind": kind}]} for row in needed]
    metadata = {
        "packages": [own | {"publish": publish}, *needed],
        "workspace_members": ["ours"],
        "resolve": {"nodes": [{"id": "ours", "deps": edges}, *({"id": row["id"], "deps": []} for row in needed)]},
    }
    return licences.problems(metadata, RULES)


class Expressions(unittest.TestCase):
    def test_an_expression_is_allowed_if_allowed_licences_alone_meet_it(self):
        rows = [
            ("MIT", True),
            ("GPL-3.0", False),
            ("MIT OR GPL-3.0", True),
            ("GPL-3.0 OR MIT", True),
            ("MIT AND GPL-3.0", False),
            ("MIT/Apache-2.0", True),
            ("GPL-2.0/GPL-3.0", False),
            ("GPL-3.0 OR MIT AND Apache-2.0", True),
            ("MIT AND (GPL-3.0 OR Apache-2.0)", True),
            ("GPL-3.0 AND (MIT OR Apache-2.0)", False),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", False),
            ("Apache-2.0 WITH LLVM-exception", True),
            ("Apache-2.0 WITH Another-exception", False),
            ("MIT WITH LLVM-exception", False),
            ("mit", False),
        ]
        for expression, allowed in rows:
            with self.subTest(expression):
                self.assertEqual(licences.is_allowed(expression, set(RULES["licenses"]["allow"])), allowed)

    def test_what_is_not_an_expression_is_never_allowed(self):
        for text in ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT Apache-2.0", "MIT WITH", "MIT, Apache-2.0", "MIT AND AND MIT"]:
            with self.subTest(text), self.assertRaises(licences.Unreadable):
                licences.is_allowed(text, {"MIT", "Apache-2.0"})


class Packages(unittest.TestCase):
    def test_what_the_rules_allow_is_no_problem(self):
        own = package(id="ours", source=None, license=None, dependencies=[{"name": "a", "req": "^1"}])
        self.assertEqual(problems(package()), [])
        self.assertEqual(problems(own), [])

    def test_licences_are_those_of_what_is_shipped(self):
        row = package(license="GPL-3.0")
        for name, kind, publish, count in [
            ("a dependency", None, None, 1),
            ("a dependency of the build", "build", None, 1),
            ("a dependency of tests", "dev", None, 0),
            ("a dependency of a program that is not published", None, [], 0),
        ]:
            with self.subTest(name):
                self.assertEqual(len(problems(row, kind, publish)), count)

    def test_a_dependency_may_need_the_promised_rust_or_an_older_one(self):
        for needed in [None, "1.88", "1.88.0", "1.9", "1.87.5"]:
            with self.subTest(needed):
                self.assertEqual(problems(package(rust_version=needed)), [])

    def test_a_dependency_of_tests_may_need_a_newer_rust(self):
        self.assertEqual(problems(package(rust_version="1.95"), "dev"), [])

    def test_bans_and_sources_are_for_tests_too(self):
        for row in [package(name="openssl-sys"), package(source="git+https://example.com/a#1")]:
            with self.subTest(row):
                self.assertEqual(len(problems(row, "dev", [])), 1)

    def test_each_kind_of_problem_is_found(self):
        wildcard = [{"name": "a", "req": "*"}]
        rows = [
            ("a licence that is not allowed", package(license="GPL-3.0"), "GPL-3.0"),
            ("no licence", package(license=None), "does not say its licence"),
            ("an unreadable licence", package(license="MIT or so"), "not an SPDX expression"),
            ("a banned crate", package(name="openssl-sys"), "banned: TLS is rustls"),
            ("a git repository", package(source="git+https://example.com/a#1"), "git+https://example.com/a#1"),
            ("another registry", package(source="registry+https://example.com/index"), "registry+https://example.com"),
            ("a folder elsewhere", package(source=None), "not a member"),
            ("a newer Rust", package(rust_version="1.89"), "needs Rust 1.89; Cargo.toml promises 1.88"),
            ("a newer patch of Rust", package(rust_version="1.88.1"), "needs Rust 1.88.1"),
            ("any version", package(id="ours", source=None, dependencies=wildcard), "any version of a"),
        ]
        for name, row, words in rows:
            with self.subTest(name):
                found = problems(row)
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])

    def test_any_version_of_a_member_of_the_workspace_is_no_problem(self):
        inside = [{"name": "b", "req": "*", "path": "/somewhere/b"}]
        self.assertEqual(problems(package(id="ours", source=None, dependencies=inside)), [])


if __name__ == "__main__":
    unittest.main()
