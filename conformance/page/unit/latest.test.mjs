// `latest`: an older answer never takes the place of a newer one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { latest } from "../../../crates/corsac-cli/src/ui/assets/js/latest.js";

/** Calls that are answered by hand. */
function byHand() {
  const calls = [];
  const ask = (value) => new Promise((answer, refuse) => { calls.push({ value, answer, refuse }); });
  const shown = [];
  const take = latest(ask, (answer, value) => shown.push([value, answer]), (error, value) => shown.push([value, error.message]));
  return { calls, shown, take };
}
const turn = () => new Promise((done) => { setImmediate(done); });

test("only the newest value waits while one is being answered", async () => {
  const { calls, shown, take } = byHand();
  take(1); take(2); const last = take(3);
  assert.deepEqual(calls.map(({ value }) => value), [1]);
  calls[0].answer("a");
  await turn();
  assert.deepEqual(calls.map(({ value }) => value), [1, 3]);
  calls[1].answer("c");
  await last;
  assert.deepEqual(shown, [[1, "a"], [3, "c"]]);
});

test("a failed call does not keep the next one from being answered", async () => {
  const { calls, shown, take } = byHand();
  take(1); const last = take(2);
  calls[0].refuse(new Error("gone"));
  await turn();
  calls[1].answer("b");
  await last;
  assert.deepEqual(shown, [[1, "gone"], [2, "b"]]);
});

test("a value after all are answered is asked at once", async () => {
  const { calls, shown, take } = byHand();
  const first = take(1);
  calls[0].answer("a");
  await first;
  const second = take(1);
  calls[1].answer("again");
  await second;
  assert.deepEqual(shown, [[1, "a"], [1, "again"]]);
});

test("an answer that is there at once is shown like any other", async () => {
  const shown = [];
  await latest((value) => value * 2, (answer) => shown.push(answer), assert.fail)(21);
  assert.deepEqual(shown, [42]);
});
