"""What scripts/field takes for a story that is told wrongly, and for a report that is hard to read."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conformance" / "field"))
import run  # noqa: E402
import servers  # noqa: E402
import situations  # noqa: E402


def situation(**fields):
    return situations.Situation(**{"name": "one", "url": "http://localhost/", "origin": "http://app.example", "verdict": "blocked",
                                   "cause": "port-taken", **fields})


def report(verdict="blocked", causes=("port-taken",), findings=()):
    return {"verdict": verdict, "diagnosis": [{"code": code} for code in causes], "findings": [{"code": code} for code in findings]}


TEXT = "✗ BLOCKED  GET http://localhost/\n\n  Another program\n  has the port.\n\n  Fix  Take another one.\n"


class Story(unittest.TestCase):
    def test_the_truth_is_right(self):
        self.assertEqual(run.told_wrongly(situation(), report()), [])

    def test_each_difference_is_named(self):
        self.assertIn("readable", run.told_wrongly(situation(), report(verdict="readable"))[0])
        # The true cause has to be the first.
        self.assertEqual(len(run.told_wrongly(situation(), report(causes=("crash", "port-taken")))), 1)
        self.assertEqual(len(run.told_wrongly(situation(), report(causes=()))), 1)
        self.assertEqual(len(run.told_wrongly(situation(findings=["vary-missing"]), report())), 1)

    def test_a_readable_response_has_no_cause(self):
        self.assertEqual(run.told_wrongly(situation(verdict="readable", cause=""), report("readable", ())), [])


class Reading(unittest.TestCase):
    def problems(self, text, **fields):
        return run.hard_to_read(situation(**fields), text, lambda words: words)

    def test_words_may_be_wrapped(self):
        self.assertEqual(self.problems(TEXT, says=["program has the port"]), [])
        self.assertEqual(len(self.problems(TEXT, says=["the origin"])), 1)
        self.assertEqual(len(self.problems(TEXT, never=["program has"])), 1)

    def test_the_fix_comes_early(self):
        self.assertEqual(len(self.problems("✗ BLOCKED\n" + "line\n" * 12 + TEXT)), 1)

    def test_asked_again_the_verdict_is_the_same(self):
        self.assertEqual(len(self.problems(TEXT.replace("BLOCKED", "READABLE"))), 1)

    def test_words_may_be_shown_further_below(self):
        self.assertEqual(self.problems(TEXT + "x\n" * 20 + "below\n", shows=["below"]), [])
        self.assertEqual(len(self.problems(TEXT, shows=["below"])), 1)

    def test_forty_lines_of_eighty_columns(self):
        self.assertEqual(self.problems(TEXT + "x\n" * 34), [])
        self.assertEqual(len(self.problems(TEXT + "x\n" * 35)), 1)
        self.assertEqual(len(self.problems(TEXT + "word " * 17)), 1)
        self.assertEqual(self.problems(TEXT + "    ✗ Access-Control-Allow-Origin: " + "x" * 80), [])


class Table(unittest.TestCase):
    def test_names_are_used_once_and_every_port_is_known(self):
        names = [one.name for one in situations.SITUATIONS]
        self.assertEqual(len(names), len(set(names)))
        for one in situations.SITUATIONS:
            words = " ".join([one.url, one.mended, *one.arguments])
            named = set(words.split("@")[1::2])
            self.assertLessEqual(named, set(servers.PORTS), one.name)


if __name__ == "__main__":
    unittest.main()
