// Policy: where a suggestion is written, and how a change reads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withAdvice } from "../../../crates/corsac-cli/src/ui/assets/js/policy-advice.js";
import { nextProblem } from "../../../crates/corsac-cli/src/ui/assets/js/policy-problems.js";
import { ago, formatOf, placeOf, sentence, withSuggestion } from "../../../crates/corsac-cli/src/ui/assets/js/policy-text.js";
import { change } from "../../../crates/corsac-cli/src/ui/assets/js/typed.js";
import { changeWords, countWords, fateWords, summary } from "../../../crates/corsac-cli/src/ui/assets/js/policy-words.js";

const problem = (line, column, value, suggestion) => ({ line, column, value, suggestion });

test("a suggestion is written in the place of what was meant", () => {
  const table = [
    ["inside the quotes", 'origins = ["https://a.example/"]', problem(1, 12, "https://a.example/", "https://a.example"), 'origins = ["https://a.example"]'],
    ["inside single quotes", "methods = ['put']", problem(1, 12, "put", "PUT"), "methods = ['PUT']"],
    ["a key", "[policy.a]\nmax_age = 5", problem(2, 1, "max_age", "max-age"), "[policy.a]\nmax-age = 5"],
    ["a key of JSON", '{"policy": {"a": {"max_age": 5}}}', problem(1, 19, "max_age", "max-age"), '{"policy": {"a": {"max-age": 5}}}'],
    ["true instead of text", 'credentials = "true"', problem(1, 15, "true", "true"), "credentials = true"],
    ["a list instead of text", 'methods = "PUT"', problem(1, 11, "PUT", '["PUT"]'), 'methods = ["PUT"]'],
    ["a length of time instead of a number", "max-age = 999999", problem(1, 11, "999999", "2h"), 'max-age = "2h"'],
    ["after characters of two units", '# 🦊\nx = ["🦊", "put"]', problem(2, 11, "put", "PUT"), '# 🦊\nx = ["🦊", "PUT"]'],
    ["with an escape", 'x = ["a\\u002fb"]', problem(1, 6, "a/b", "ab"), 'x = ["ab"]'],
  ];
  for (const [name, text, found, expected] of table) assert.equal(withSuggestion(text, found)?.text, expected, name);
});

test("what a person has to choose is not written", () => {
  const table = [
    ["no suggestion", "x = 1", problem(1, 1, "x", null)],
    ["a name to choose", "[policies.app]", problem(1, 2, "policies", "policy.NAME")],
    ["nothing to quote", "[policy.app]", problem(1, 1, "", "origins")],
    ["the text has changed", "methods = []", problem(1, 12, "put", "PUT")],
    ["the line is gone", "", problem(9, 3, "put", "PUT")],
  ];
  for (const [name, text, found] of table) assert.equal(withSuggestion(text, found), null, name);
});

test("the caret goes to what is wrong", () => {
  const text = 'a = "é"\nmethods = ["put"]';
  const { start, end, from, to } = placeOf(text, problem(2, 12, "put", "PUT"));
  assert.deepEqual([text.slice(start, end), from, to], ['"put"', 12, 17]);
  assert.deepEqual(placeOf("[policy", problem(1, 8, "", null)).start, 7);
});

test("F8 goes around the problems", () => {
  const text = "aa\nbb\ncc";
  const problems = [problem(3, 1, "cc", null), problem(1, 1, "aa", null)];
  assert.equal(nextProblem(text, problems, 0, 1).line, 3);
  assert.equal(nextProblem(text, problems, 6, 1).line, 1);
  assert.equal(nextProblem(text, problems, 6, -1).line, 1);
  assert.equal(nextProblem(text, problems, 0, -1).line, 3);
  assert.equal(nextProblem(text, [], 0, 1), null);
});

test("messages are sentences, and counts are words", () => {
  assert.equal(sentence("an origin has no path"), "An origin has no path.");
  assert.equal(sentence("`x` is no key?"), "`x` is no key?");
  const of = (errors, lints) => countWords([...Array(errors).fill({ severity: "error" }), ...Array(lints).fill({ severity: "lint" })]).words;
  assert.deepEqual([of(0, 0), of(4, 1), of(1, 2)], [[], ["4 errors", "1 lint"], ["1 error", "2 lints"]]);
});

test("a change says what is allowed now, and for which request", () => {
  const example = (over) => ({ origin: "https://app.example.com", method: "GET", headers: [], credentials: "same-origin", ...over });
  const table = [
    [{ kind: "origin", value: "https://a.example", effect: "narrowed", new: "refused", example: example({ origin: "https://a.example" }) }, ["−", "origin `https://a.example` is refused now", null]],
    [{ kind: "origin", value: "https://*.b.example", effect: "widened", new: "allowed", example: example({ origin: "https://x.b.example" }) }, ["+", "origin `https://*.b.example` is allowed now", "for example `https://x.b.example`"]],
    [{ kind: "method", value: "DELETE", effect: "widened", new: "allowed", example: example({ method: "DELETE" }) }, ["+", "method `DELETE` is allowed now", "from `https://app.example.com`"]],
    [{ kind: "request-header", value: "*", effect: "widened", new: "allowed", example: example({ headers: ["x-unused"] }) }, ["+", "every other request header is allowed now", "for example `x-unused` from `https://app.example.com`"]],
    [{ kind: "credentials", value: "credentials", effect: "narrowed", new: "refused", example: null }, ["−", "a request with credentials is refused now", null]],
    [{ kind: "max-age", value: "max-age", effect: "other", old: "", new: "1h", example: null }, ["~", "`max-age` changed from nothing to `1h`", null]],
  ];
  for (const [change, [sign, text, example_]] of table) {
    const words = changeWords(change);
    assert.deepEqual([words.sign, words.text, words.example], [sign, text, example_]);
  }
});

test("policies and paths are named where there are several", () => {
  assert.equal(fateWords({ policy: "app", fate: "kept" }, true), null);
  assert.equal(fateWords({ policy: "app", fate: "kept" }, false), "Policy `app`");
  assert.equal(fateWords({ policy: "app", fate: "removed" }, true), "Policy `app` is gone");
  assert.equal(fateWords({ path: "/admin", fate: "moved", old: "app", new: "admin" }, false), "Path `/admin`: `admin` applies instead of `app`");
  const all = [[true, true], [true, false], [false, true], [false, false]].map(([widened, narrowed]) => summary({ widened, narrowed }));
  assert.equal(new Set(all).size, 4);
});

test("the format is what the text looks like", () => {
  assert.deepEqual([formatOf(' \n{"policy": {}}'), formatOf("[policy.a]"), formatOf("")], ["json", "toml", "toml"]);
});

test("how long ago is said in minutes", () => {
  assert.deepEqual([0, 60_000, 125_000, 4_000_000].map(ago), ["from less than a minute ago", "from a minute ago", "from 2 minutes ago", "from more than an hour ago"]);
});

test("advice is written into a file of one policy", () => {
  const add = (what) => `If these pages may send this request, ${what}.`;
  const origin = add("add `https://b.example` to `origins`");
  const table = [
    ["in a line", '[policy.a]\norigins = ["https://a.example"]\n', origin, '[policy.a]\norigins = ["https://a.example", "https://b.example"]\n'],
    ["in an empty list", "[policy.a]\norigins = []\n", origin, '[policy.a]\norigins = ["https://b.example"]\n'],
    ["in lines", '[policy.a]\norigins = [\n  "https://a.example", # ours ]\n  "https://c.example"\n]\n', origin,
      '[policy.a]\norigins = [\n  "https://a.example", # ours ]\n  "https://c.example",\n  "https://b.example",\n]\n'],
    ["a key that is not there", '[policy.a]\norigins = ["*"]\n', add("add `PUT`, `PATCH` to `methods`"), '[policy.a]\norigins = ["*"]\nmethods = ["PUT", "PATCH"]\n'],
    ["several steps", '[policy.a]\norigins = ["https://a.example"]\ncredentials = false\n', add("add `PUT` to `methods`, add `x-a` to `request-headers`, and write `credentials = true`"),
      '[policy.a]\norigins = ["https://a.example"]\ncredentials = true\nmethods = ["PUT"]\nrequest-headers = ["x-a"]\n'],
  ];
  for (const [name, text, advice, expected] of table) assert.equal(withAdvice(text, advice), expected, name);
});

test("advice that a person has to follow is not written", () => {
  const origin = "If these pages may send this request, add `https://b.example` to `origins`.";
  const table = [
    ["two policies", '[policy.a]\norigins = ["*"]\n[policy.b]\norigins = ["*"]\n', origin],
    ["defaults", '[defaults]\norigins = ["*"]\n', origin],
    ["JSON", '{"policy": {"a": {"origins": ["*"]}}}', origin],
    ["other words", '[policy.a]\norigins = ["*"]\n', "It resembles `a`, but it belongs to `b`. Add it only if `b` is also yours."],
    ["a comment at the end of the list", '[policy.a]\norigins = [\n  "https://a.example" # ours\n]\n', origin],
    ["the script", '[policy.a]\norigins = ["*"]\n', "If these pages may send this request, add `PATCH` to `methods`, and write the method in upper case in the script."],
  ];
  for (const [name, text, advice] of table) assert.equal(withAdvice(text, advice), null, name);
});

test("a button changes only what differs, so that undo is small", () => {
  const table = [["abc", "abXc"], ["abc", "abc"], ["", "x"], ["aaa", "aa"], ["line\n", "line\nline\n"], ["xy", "yx"]];
  for (const [before, after] of table) {
    const { start, end, text } = change(before, after);
    assert.equal(before.slice(0, start) + text + before.slice(end), after, `${before} to ${after}`);
  }
  assert.deepEqual(change("methods = [\"put\"]", "methods = [\"PUT\"]"), { start: 12, end: 15, text: "PUT" });
});
