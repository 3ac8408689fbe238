"""What scripts/recordings takes for an agreement between a recording and a live check."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conformance" / "recordings"))
import compare  # noqa: E402
import page  # noqa: E402

REFUSED = page.SITUATIONS[0]
READABLE = next(one for one in page.SITUATIONS if one.name == "readable")


def report(reason="allow-origin-missing", cause="allow-origin-missing"):
    return {"reason": {"code": reason} if reason else None, "diagnosis": [{"code": cause}] if cause else []}


def item(*codes, cause="allow-origin-missing", confidence="certain"):
    return {"codes": list(codes), "code": codes[0] if codes else None, "diagnosis": [{"code": cause, "confidence": confidence}]}


class Agreement(unittest.TestCase):
    def found(self, *items, situation=REFUSED, limit=None, live=None):
        found, problems = compare.compare(situation, live or report(), list(items), limit)
        self.assertEqual(found == "wrong", bool(problems), problems)
        return found

    def test_reason_and_cause_have_to_agree(self):
        self.assertEqual(self.found(item("allow-origin-missing")), "same")
        self.assertEqual(self.found(item("allow-origin-missing", cause="crash")), "wrong")
        self.assertEqual(self.found(item("allow-origin-mismatch")), "wrong")
        self.assertEqual(self.found(), "wrong")

    def test_one_request_is_one_item(self):
        self.assertEqual(self.found(item("allow-origin-missing"), item("allow-origin-missing")), "wrong")

    def test_what_could_be_read_is_no_item(self):
        self.assertEqual(self.found(situation=READABLE, live=report("", "")), "no item")
        self.assertEqual(self.found(item("allow-origin-missing"), situation=READABLE, live=report("", "")), "wrong")

    def test_a_guess_has_to_call_itself_one(self):
        limit = page.LIMITS[0]
        self.assertEqual(limit.found, "one of several")
        guess = item("preflight-status", "allow-origin-missing", cause="preflight-status", confidence="possible")
        self.assertEqual(self.found(guess, limit=limit), "one of several (1)")
        self.assertEqual(self.found(guess), "wrong")
        sure = item("preflight-status", "allow-origin-missing", cause="preflight-status")
        self.assertEqual(self.found(sure, limit=limit), "wrong")
        without = item("preflight-status", cause="preflight-status", confidence="possible")
        self.assertEqual(self.found(without, limit=limit), "wrong")

    def test_a_limit_that_is_none_any_more_is_wrong(self):
        self.assertEqual(self.found(item("allow-origin-missing"), limit=page.LIMITS[0]), "wrong")


class Truth(unittest.TestCase):
    def test_a_check_or_a_browser_that_differs_from_it_proves_nothing(self):
        reports = {one.name: report(one.truth) for one in page.SITUATIONS}
        seen = {one.name: one.truth == "" and one.api != "abort" for one in page.SITUATIONS}
        self.assertEqual(compare.judge_checks({"firefox": reports}, {"firefox": seen}), [])
        self.assertEqual(len(compare.judge_checks({"firefox": reports}, {"firefox": {**seen, READABLE.name: False}})), 1)
        self.assertEqual(len(compare.judge_checks({"firefox": {**reports, REFUSED.name: report("")}}, {"firefox": seen})), 1)


class Table(unittest.TestCase):
    def test_each_situation_has_a_path_of_its_own_and_each_limit_is_about_one(self):
        paths = [(one.server, one.path) for one in page.SITUATIONS]
        self.assertEqual(len(paths), len(set(paths)))
        names = {one.name for one in page.SITUATIONS}
        known = [(form, name) for limit in page.LIMITS for form in limit.forms for name in limit.names]
        self.assertEqual(len(known), len(set(known)))
        self.assertLessEqual({name for _, name in known}, names)
        self.assertLessEqual({form for form, _ in known}, set(page.FORMS))


if __name__ == "__main__":
    unittest.main()
