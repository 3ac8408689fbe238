import { test } from "node:test";
import assert from "node:assert/strict";
import { asked } from "../../../crates/corsac-cli/src/ui/assets/js/ask-history.js";
import { BLANK } from "../../../crates/corsac-cli/src/ui/assets/js/ask-request.js";

function storage(room = Infinity) {
  const held = new Map();
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem(key, value) {
      if (value.length > room) throw new Error("QuotaExceededError");
      held.set(key, value);
    },
    text: () => [...held.values()].join("\n"),
  };
}

const answer = (verdict = "blocked") => ({ answer: { verdict }, groups: [], report: {} });
const shared = (url = "https://a.example/") => ({ ...BLANK, url, headers: "Authorization: REDACTED", cookies: [] });
const typed = (url = "https://a.example/") => ({ ...BLANK, url, headers: "Authorization: Bearer secret-token", cookies: ["session=secret-cookie"] });

test("what was typed stays in memory, and never gets into the storage", () => {
  const store = storage();
  const history = asked(store);
  const entry = history.add(shared(), answer(), typed());
  assert.equal(history.typed(entry).headers, "Authorization: Bearer secret-token");
  assert.doesNotMatch(store.text(), /secret/);
});

test("after a reload the entries are there, without secrets", () => {
  const store = storage();
  asked(store).add(shared(), answer(), typed());
  const again = asked(store);
  assert.equal(again.entries().length, 1);
  assert.equal(again.typed(again.entries()[0]).headers, "Authorization: REDACTED");
});

test("the newest 30 are kept, the newest first", () => {
  const store = storage();
  const history = asked(store);
  for (let at = 0; at < 40; at += 1) history.add(shared(`https://a.example/${at}`), answer(), typed());
  assert.equal(history.entries().length, 30);
  assert.equal(history.entries()[0].request.url, "https://a.example/39");
  assert.equal(asked(store).entries().length, 30);
  assert.equal(new Set(history.entries().map((entry) => entry.id)).size, 30);
});

test("where there is no room, the newest are stored", () => {
  const store = storage(4000);
  const history = asked(store);
  for (let at = 0; at < 20; at += 1) history.add(shared(`https://a.example/${at}`), answer(), typed());
  const after = asked(store).entries();
  assert.ok(after.length > 0 && after.length < 20);
  assert.equal(after[0].request.url, "https://a.example/19");
});

test("without a storage the history lives as long as the page", () => {
  const history = asked(null);
  history.add(shared(), answer(), typed());
  assert.equal(history.entries().length, 1);
});

test("a storage that holds something else gives an empty history", () => {
  for (const text of ["", "{", "5", "null", "{}", '[null]', '[{"id":1}]', '[{"id":"x","request":{"url":"a"},"answer":{"answer":{},"groups":[]}}]']) {
    const store = storage();
    store.setItem("corsac-asked", text);
    assert.deepEqual(asked(store).entries(), [], text);
  }
});
