// The state of Play: read from links that anybody may have written, and changed by its buttons.
import assert from "node:assert/strict";
import { test } from "node:test";
import { START, playFrom, problemOf, withLine, withRedirect, withoutRedirect } from "../../../crates/corsac-cli/src/ui/assets/js/play-state.js";
import { nearestField } from "../../../crates/corsac-cli/src/ui/assets/js/play-fields.js";
import { presetOf, presetsFrom } from "../../../crates/corsac-cli/src/ui/assets/js/play-presets.js";

test("what is not a state is not one", () => {
  for (const value of [null, undefined, 7, "state", [], {}, { request: null }, { request: [] }, { policy: "x" }]) {
    assert.equal(playFrom(value), null, JSON.stringify(value));
  }
});

test("a whole state stays as it is", () => {
  assert.deepEqual(playFrom(START), START);
});

test("each part of a foreign state has a kind and a limit", () => {
  const answer = { status: 200, headers: "" };
  const table = [
    ["no answers", { request: {} }, (play) => play.answers, { preflight: answer, request: answer, redirects: [] }],
    ["no method", { request: { method: 7 } }, (play) => play.request.method, "GET"],
    ["an unknown mode", { request: { mode: "navigate" } }, (play) => play.request.mode, "cors"],
    ["unknown credentials", { request: { credentials: "always" } }, (play) => play.request.credentials, "same-origin"],
    ["a status in words", { request: {}, answers: { request: { status: "OK" } } }, (play) => play.answers.request.status, 200],
    ["headers as a list", { request: { headers: ["A: b"] } }, (play) => play.request.headers, ""],
    ["redirects without end", { request: {}, answers: { redirects: Array(1000).fill({}) } }, (play) => play.answers.redirects.length, 21],
    ["an empty body", { request: { body: "" } }, (play) => play.request.body, null],
    ["a policy that is no text", { request: {}, policy: { app: 1 } }, (play) => play.policy, null],
  ];
  for (const [name, value, part, expected] of table) assert.deepEqual(part(playFrom(value)), expected, name);
});

test("a redirect goes before the last answer, and taking it away restores what was", () => {
  const one = withRedirect(START);
  assert.equal(one.answers.request.status, 302);
  assert.match(one.answers.request.headers, /^Location: https:\/\/files\.example\.net\/orders\/42\n/);
  assert.deepEqual(one.answers.redirects, [{ preflight: START.answers.preflight, request: START.answers.request }]);
  assert.deepEqual(withoutRedirect(one, 0), START);
  const two = withRedirect(one);
  assert.equal(two.answers.redirects.length, 2);
  assert.deepEqual(withoutRedirect(two, 1), one);
  assert.deepEqual(withoutRedirect(two, 0).answers.request, one.answers.request);
});

test("a line replaces the line that a mark names, or comes last", () => {
  const table = [
    ["replaces", "A: 1\nB: 2", 1, "A: 3\nB: 2", 4],
    ["is added", "A: 1\nB: 2", 0, "A: 1\nB: 2\nC: 3", 14],
    ["is added after an empty line", "A: 1\n\n", 0, "A: 1\nC: 3", 9],
    ["is the first", "", 0, "C: 3", 4],
    ["is added where the line is gone", "A: 1", 9, "A: 1\nC: 3", 9],
  ];
  for (const [name, text, number, value, end] of table) {
    assert.deepEqual(withLine(text, number, number === 1 ? "A: 3" : "C: 3"), { value, end }, name);
  }
});

test("a status that is no number is named, unless a policy answers", () => {
  const play = JSON.parse(JSON.stringify(withRedirect(START))); // nothing shared
  assert.equal(problemOf(play), null);
  play.answers.redirects[0].preflight.status = null;
  assert.equal(problemOf(play).field, "answers.redirects.0.preflight.status");
  assert.equal(problemOf({ ...play, policy: "" }), null);
});

test("an error is shown at the nearest field", () => {
  const names = ["request.url", "answers.request", "answers.request.status", "policy"];
  const table = [
    ["request.url", "request.url"], ["answers.request.headers", "answers.request"], ["answers.request.status", "answers.request.status"],
    ["answers.requested", null], ["policy", "policy"], ["", null],
  ];
  for (const [field, expected] of table) assert.equal(nearestField(field, names), expected, field);
});

test("presets stand in their groups, and one that can be neither played nor read is left out", () => {
  const preset = (id, group, play, read = null) => ({ id, group, title: id.toUpperCase(), play, read });
  const groups = presetsFrom([
    preset("a", "One", START), preset("b", "Two", null, "allow-origin-missing"), preset("c", "One", START), preset("d", "Two", null), preset("e", "Three", {}),
  ]);
  assert.deepEqual(groups.map(({ title, presets }) => [title, presets.map(({ id }) => id)]), [["One", ["a", "c"]], ["Two", ["b"]]]);
  assert.equal(presetOf(groups, "a").title, "A");
  assert.equal(presetOf(groups, "d"), null);
  assert.deepEqual(presetsFrom(null), []);
});
