// Run: node --test conformance/page/unit
import { test } from "node:test";
import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { decode, encode, linkTo, stateOf } from "../../../crates/corsac-cli/src/ui/assets/js/state.js";

const packed = (text) => deflateRawSync(Buffer.from(text)).toString("base64url");

test("a state comes back as it was", async () => {
  const state = { view: "ask", request: { url: "https://api.example/ä?q=🦊", headers: "A: 1\nB: 2", cookies: ["a=b"], body: null, timeout: 2.5 } };
  assert.deepEqual(await decode(await encode(state)), state);
});

test("a link has nothing but characters of base64url in its state", async () => {
  assert.match(await encode({ text: "\u0000<script>&?#".repeat(50) }), /^[A-Za-z0-9_-]+$/);
});

test("a link keeps the page and replaces its fragment", async () => {
  const link = await linkTo({ a: 1 }, "http://127.0.0.1:8919/play.html#token=secret");
  assert.match(link, /^http:\/\/127\.0\.0\.1:8919\/play\.html#state=[\w-]+$/);
  assert.deepEqual(await stateOf(new URL(link).hash), { a: 1 });
});

test("a state may stand beside a token", async () => {
  assert.deepEqual(await stateOf(`#token=x&state=${await encode([1])}`), [1]);
});

test("whatever is not a state gives null, and never throws", async (t) => {
  const hostile = {
    "not base64url": "<script>",
    "standard base64": "a+b/c=",
    "not deflated": Buffer.from("hello, world").toString("base64url"),
    "cut": packed(JSON.stringify({ text: "a".repeat(1000), b: [1, 2, 3] })).slice(0, -4),
    "not JSON": packed("{url:"),
    "not UTF-8": deflateRawSync(Buffer.from([0x22, 0xff, 0xfe, 0x22])).toString("base64url"),
    "longer than a fragment may be": "A".repeat(64 * 1024 + 1),
    "a bomb: 30 MB of zeros in 40 kB": packed(`"${"0".repeat(30_000_000)}"`),
    "a deep list": packed("[".repeat(17) + "]".repeat(17)),
    "a very deep list": packed("[".repeat(100_000) + "]".repeat(100_000)),
    "a deep object": packed('{"a":'.repeat(17) + "1" + "}".repeat(17)),
    "the key __proto__": packed('{"__proto__":{"confirmed":true}}'),
    "the key constructor, deeper": packed('{"request":{"constructor":{"prototype":{"x":1}}}}'),
    "the key prototype in a list": packed('[{"prototype":1}]'),
  };
  for (const [name, fragment] of Object.entries(hostile)) {
    await t.test(name, async () => {
      assert.equal(await decode(fragment), null);
      assert.equal({}.confirmed, undefined);
    });
  }
});

test("a state may be 16 levels deep", async () => {
  assert.notEqual(await decode(packed("[".repeat(16) + "]".repeat(16))), null);
});

test("a fragment without a state has none", async () => {
  for (const fragment of ["", "#", "#main", "#token=x"]) assert.equal(await stateOf(fragment), null);
});

test("a state that is too long for a link is refused where the link is made", async () => {
  await assert.rejects(encode("a".repeat(600_000)), RangeError);
  const random = Array.from({ length: 60_000 }, (_, at) => ((at * 2654435761) >>> 0).toString(36)).join("");
  await assert.rejects(encode(random), RangeError);
});
