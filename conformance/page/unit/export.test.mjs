import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { escaped, jsonBlock, standalone } from "../../../crates/corsac-cli/src/ui/assets/js/ask-export.js";

const HOSTILE = [
  "</script><script>alert(1)</script>", "<!-- <script>", "</SCRIPT >", "]]>", "\u2028\u2029", "<img src=x onerror=alert(1)>", "a\" onload='x'",
];

const file = (parts) => standalone({ title: "t", css: "p { color: red; }", symbols: "", body: "<p>b</p>", report: {}, ...parts });

test("the report cannot end its script element or begin a comment", async (t) => {
  for (const text of HOSTILE) {
    await t.test(text, async () => {
      const report = { headers: [["x", text]], [text]: 1 };
      const html = await file({ report });
      const block = html.match(/<script type="application\/json" id="report">([\s\S]*?)<\/script>/)[1];
      assert.doesNotMatch(block, /</);
      assert.deepEqual(JSON.parse(block), report);
      assert.equal(html.match(/<script/g).length, 1);
    });
  }
});

test("the title is text", async () => {
  const html = await file({ title: HOSTILE.join(" ") });
  assert.match(html, /<title>[^<]*<\/title>/);
  assert.doesNotMatch(html, /<img/);
});

test("the file's own policy allows its style, by hash, and nothing else", async () => {
  const html = await file({ css: "p::before { content: \"</style><script>\"; }\r\na { color: red; }" });
  const style = html.match(/<style>([\s\S]*?)<\/style>/)[1];
  const hash = createHash("sha256").update(style).digest("base64");
  assert.match(html, new RegExp(`content="default-src 'none'; style-src 'sha256-${hash.replace(/[+/]/g, "\\$&")}'; base-uri 'none'; form-action 'none'"`));
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<style>"));
  assert.doesNotMatch(style, /<\/|\r/);
});

test("nothing in the file runs or loads", async () => {
  const html = await file({});
  assert.doesNotMatch(html, /<script(?! type="application\/json")|<link|\son\w+=|\sstyle=|src=/);
});

test("text is escaped for elements and attributes", () => {
  assert.equal(escaped(`<a href="x" title='y'>&`), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
});

test("JSON stays JSON", () => {
  const value = { a: "<", b: [null, "\\u003c", 1.5], "<": true };
  assert.deepEqual(JSON.parse(jsonBlock(value)), value);
});
