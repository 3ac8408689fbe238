"""What scripts/package takes for a wrong package."""

import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
SCRIPT = str(pathlib.Path(__file__).resolve().parent.parent / "package")
loader = importlib.machinery.SourceFileLoader("package", SCRIPT)
package = importlib.util.module_from_spec(importlib.util.spec_from_loader("package", loader))
loader.exec_module(package)

WHOLE = {name: b"text" for name in ["Cargo.toml", "Cargo.toml.orig", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs", "src/a/b.txt"]}


class Packages(unittest.TestCase):
    def test_a_whole_package_has_no_problem(self):
        self.assertEqual(package.problems(WHOLE | {"examples/a.rs": b"text"}, package.MOST_BYTES), [])

    def test_each_kind_of_problem_is_found(self):
        without = {name: text for name, text in WHOLE.items() if name != "README.md"}
        rows = [
            ("a file is missing", without, 1, "no README.md"),
            ("a file is empty", WHOLE | {"LICENSE-MIT": b""}, 1, "no LICENSE-MIT"),
            ("tests", WHOLE | {"tests/main.rs": b"text"}, 1, "it has tests/main.rs"),
            ("another file", WHOLE | {"notes.txt": b"text"}, 1, "it has notes.txt"),
            ("too large", WHOLE, package.MOST_BYTES + 1, "bytes"),
        ]
        for name, files, size, words in rows:
            with self.subTest(name):
                found = package.problems(files, size)
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])

    def test_paths_in_a_package_are_those_below_its_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = pathlib.Path(folder) / "a-1.0.0.crate"
            with tarfile.open(archive, "w:gz") as out:
                member = tarfile.TarInfo("a-1.0.0/src/lib.rs")
                member.size = 4
                out.addfile(member, io.BytesIO(b"text"))
            self.assertEqual(package.contents(archive), {"src/lib.rs": b"text"})


if __name__ == "__main__":
    unittest.main()
