"""Which links scripts/links finds, and which of them it refuses."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
SCRIPT = str(pathlib.Path(__file__).resolve().parent.parent / "links")
loader = importlib.machinery.SourceFileLoader("links", SCRIPT)
links = importlib.util.module_from_spec(importlib.util.spec_from_loader("links", loader))
loader.exec_module(links)


class Targets(unittest.TestCase):
    def test_every_kind_of_link_is_found_and_code_is_passed_over(self):
        rows = [
            ("[a](b.md)", ["b.md"]),
            ("[`a`](b.md#c) and ![d](e.png)", ["b.md#c", "e.png"]),
            ("[a](<b.md>)", ["b.md"]),
            ('[a](b.md "a title")', ["b.md"]),
            ("[a](b_(c).md)", ["b_(c).md"]),
            ("[a]: b.md", ["b.md"]),
            ('<a href="b.md">a</a> <img alt="x" src="c.png">', ["b.md", "c.png"]),
            ("| [a](b.md) | [c](d.md) |", ["b.md", "d.md"]),
            ("`[a](b.md)`", []),
            ("``[a](b.md) ` ``", []),
            ("```md\n[a](b.md)\n```\n[c](d.md)", ["d.md"]),
            ("- item\n  ```\n  [a](b.md)\n  ```\n", []),
            ("<!-- [a](b.md) -->", []),
            ("no (link) [here]", []),
        ]
        for text, wanted in rows:
            with self.subTest(text):
                self.assertEqual(links.targets(text), wanted)


class Anchors(unittest.TestCase):
    def test_a_heading_has_the_name_that_github_gives_it(self):
        rows = [
            ("# Two Words", "two-words"),
            ("## `corsac check --json`: what it says", "corsac-check---json-what-it-says"),
            ("### A [link](b.md), here", "a-link-here"),
            ("## One & two", "one--two"),
            ("## snake_case", "snake_case"),
            ("## Closed ##", "closed"),
            ("## Über 3.1", "über-31"),
        ]
        for heading, wanted in rows:
            with self.subTest(heading):
                self.assertEqual(links.anchors(heading), {wanted})

    def test_equal_headings_are_counted(self):
        self.assertEqual(links.anchors("# A\n## A\n## A\n"), {"a", "a-1", "a-2"})

    def test_what_is_in_code_is_no_heading(self):
        self.assertEqual(links.anchors("```sh\n# comment\n```\n#no-space\n"), set())

    def test_an_id_in_html_is_an_anchor(self):
        self.assertEqual(links.anchors('<a id="here"></a>'), {"here"})


class Problems(unittest.TestCase):
    def problems(self, link):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            for path, text in {"README.md": "# Top\n", "docs/a.md": f"# Here\n[x]({link})\n", "docs/data.json": "{}", "ignored.md": ""}.items():
                (root / path).parent.mkdir(exist_ok=True)
                (root / path).write_text(text)
            return links.problems({".", "README.md", "docs", "docs/a.md", "docs/data.json"}, root)

    def test_a_link_to_a_file_a_folder_or_a_heading_is_no_problem(self):
        for link in ["../README.md", "../README.md#top", "#here", "a.md#here", "data.json", "../docs", "../docs/", "..", "https://example.com/x#y", "mailto:a@example.com"]:
            with self.subTest(link):
                self.assertEqual(self.problems(link), [])

    def test_a_link_that_points_nowhere_is_a_problem(self):
        rows = [
            ("missing.md", "no file"),
            ("README.md", "no file"),
            ("A.md", "no file"),
            ("../ignored.md", "no file"),
            ("../../README.md", "no file"),
            ("/README.md", "no file"),
            ("#there", "no heading of docs/a.md"),
            ("../README.md#here", "no heading of README.md"),
            ("data.json#L1", "no Markdown file"),
        ]
        for link, words in rows:
            with self.subTest(link):
                found = self.problems(link)
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])


if __name__ == "__main__":
    unittest.main()
