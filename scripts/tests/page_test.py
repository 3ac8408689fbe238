"""What scripts/page takes for a problem, and its servers."""

import base64
import http.client
import json
import pathlib
import sys
import unittest
import zlib

sys.dont_write_bytecode = True
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]))
from conformance.page import checks, command, measure, run, servers, tab, visit  # noqa: E402


class Console(unittest.TestCase):
    def test_everything_is_a_problem_except_input_that_the_binary_refuses(self):
        refused = "http://127.0.0.1:8914/api/ask - Failed to load resource: the server responded with a status of 409 (Conflict)"
        self.assertEqual(checks.console([refused]), [])
        for message in (refused.replace("409", "500"), refused.replace("409", "401"), refused.replace("/api/ask", "/js/ask.js"), "Uncaught Error"):
            self.assertEqual(len(checks.console([message])), 1, message)

    def test_a_flow_says_what_it_causes(self):
        self.assertEqual(checks.console(["blocked by CORS policy: x", "Uncaught Error"], [r"CORS policy"]), ["the console says: Uncaught Error"])


class Axe(unittest.TestCase):
    def test_serious_and_critical_problems_count_and_name_their_places(self):
        def violation(impact):
            return {"id": "label", "impact": impact, "help": "Form elements must have labels", "nodes": ["#url  <input>"]}

        found = checks.axe_problems([violation(impact) for impact in ("minor", "moderate", "serious", "critical")])
        self.assertEqual(len(found), 2)
        self.assertIn("#url", found[0])


class Sizes(unittest.TestCase):
    FILES = [["/", 3000], ["/page.css", 20_000], ["/js/ask.js", 30_000], ["/js/dom.js", 2000]]

    def test_what_is_over_its_limit_is_wrong(self):
        self.assertTrue(measure.judge("Ask", "40 ms", False, self.FILES, 56_000)[0].startswith("right"))
        self.assertTrue(measure.judge("Ask", "40 ms", False, self.FILES, 55_000)[0].startswith("wrong"))

    def test_wasm_that_is_there_has_to_be_loaded(self):
        files = [*self.FILES, ["/wasm/corsac_wasm_bg.wasm", 500_000]]
        self.assertTrue(measure.judge("Play", "40 ms", True, files, 600_000)[0].startswith("right"))
        self.assertTrue(measure.judge("Play", "40 ms", True, self.FILES, 600_000)[0].startswith("wrong"))

    def test_a_page_that_loaded_nothing_was_not_measured(self):
        self.assertTrue(measure.judge("Ask", "not known", False, [["/", 3000]], 56_000)[0].startswith("wrong"))


class Links(unittest.TestCase):
    def test_a_state_is_deflated_json(self):
        state = {"request": {"url": "https://api.example.com/ü"}}
        packed = command.packed(state)
        self.assertRegex(packed, r"^[\w-]+$")
        self.assertEqual(json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=="), wbits=-15)), state)

    def test_the_token_is_in_the_fragment(self):
        ui = command.Ui("http://127.0.0.1:8914/#token=ab12")
        self.assertEqual(ui.page("play.html", "x"), "http://127.0.0.1:8914/play.html#token=ab12&state=x")


class FaultyServers(unittest.TestCase):
    def test_each_flow_counts_its_own_requests(self):
        with servers.Servers() as running:
            one, other = running.room("ask"), running.room("ask")
            for method, room in (("OPTIONS", one), ("PUT", one), ("GET", other)):
                ask(room, method, "/right")
            self.assertEqual((one.sent(), other.sent()), (["OPTIONS /right", "PUT /right"], ["GET /right"]))
            self.assertEqual(one.headers("PUT /right")["origin"], servers.ORIGIN)
            one.forget()
            self.assertEqual((one.sent(), other.sent()), ([], ["GET /right"]))

    def test_script_reaches_every_header_and_the_reason(self):
        with servers.Servers() as running:
            response = ask(running.room("x"), "GET", "/hostile")
            self.assertIn("<script>", response.reason)
            self.assertEqual(sum("<script>" in value for value in response.headers.values()), 17)

    def test_only_the_pages_of_the_folder_are_served(self):
        with servers.Servers() as running:
            self.assertEqual(ask(running.room("x"), "GET", "/../foreign/link.html").status, 404)
            for path, status in (("/foreign/link.html", 200), ("/foreign/../servers.py", 404), ("/foreign/", 404), ("/foreign", 404)):
                self.assertEqual(get(running.here, path).status, status, path)


def ask(room, method, name):
    return get(room.servers.here, f"/{room.tag}{name}", method)


def get(root, path, method="GET"):
    connection = http.client.HTTPConnection(root.removeprefix("http://"), timeout=10)
    connection.request(method, path, headers={"Origin": servers.ORIGIN})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


class Flows(unittest.TestCase):
    def test_each_has_a_name_of_its_own_and_known_browsers(self):
        names = [one.name for one in visit.FLOWS]
        self.assertEqual(len(names), len(set(names)))
        for one in visit.FLOWS:
            self.assertLessEqual(set(one.browsers), set(run.BROWSERS), one.name)

    def test_each_view_is_used_narrow_and_wide_in_chromium_and_firefox(self):
        for view in ("ask", "play", "prove", "policy", "read"):
            flows = [one for one in visit.FLOWS if one.name.startswith(f"{view}:")]
            self.assertTrue(any({360, 1280} <= set(one.widths) and {"chromium", "firefox"} <= set(one.browsers) for one in flows), view)

    def test_what_is_not_expected_says_both(self):
        with self.assertRaises(tab.Unexpected) as raised:
            tab.expect(False, "BLOCKED", "READABLE")
        self.assertRegex(str(raised.exception), r"expected BLOCKED\n +seen +READABLE")


if __name__ == "__main__":
    unittest.main()
