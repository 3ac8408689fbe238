import { test } from "node:test";
import assert from "node:assert/strict";
import { BLANK, hasRedacted, isSafe, isUrl, middle, originOf, requestFrom, summary, title } from "../../../crates/corsac-cli/src/ui/assets/js/ask-request.js";

test("a request from outside has the known fields and nothing else", () => {
  const request = requestFrom({ url: "https://a.example/", method: "PUT", confirmed: true, preflight_only: true, "x-token": "s", timeout: 5 });
  assert.deepEqual(Object.keys(request).sort(), Object.keys(BLANK).sort());
  assert.equal(request.method, "PUT");
  assert.equal(request.timeout, 5);
});

test("fields of a wrong type or an unknown choice are left as they are in a blank form", () => {
  const request = requestFrom({
    url: "https://a.example/", method: 7, headers: ["a"], credentials: "always", mode: null, redirect: {}, cookies: "a=b", timeout: "10", crossorigin: "yes", body: 1,
  });
  assert.deepEqual(request, { ...BLANK, url: "https://a.example/", cookies: [] });
});

test("what is longer than any request is left out", () => {
  const request = requestFrom({ url: "https://a.example/", headers: "a".repeat(70_000), cookies: [...Array(500)].map(() => "a=b"), timeout: 1e9 });
  assert.equal(request.headers, "");
  assert.equal(request.cookies.length, 100);
  assert.equal(request.timeout, 10);
});

test("without a URL there is no request", () => {
  for (const value of [null, 1, "https://a.example/", [], {}, { url: "" }, { url: 5 }]) assert.equal(requestFrom(value), null);
});

test("only GET, HEAD and OPTIONS are sent without asking again", () => {
  for (const method of ["GET", "head", "OPTIONS"]) assert.equal(isSafe(method), true, method);
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "purge", "GET ", ""]) assert.equal(isSafe(method), false, method);
});

test("the summary says what is folded away, and no value of a login", () => {
  const request = { ...BLANK, headers: "Content-Type: application/json\nAuthorization: Bearer secret", body: '{"a":\n 1}', cookies: ["session=secret"] };
  assert.equal(summary(request), 'Content-Type: application/json · Authorization: … · body {"a": 1} · cookie session=…');
  assert.equal(summary(BLANK), "no headers, no body");
});

test("a paste that is one URL needs no reading, and anything else does", () => {
  for (const text of ["https://api.example/a?b=c#d", " http://localhost:8000 ", "localhost:8000/a", "localhost", "api.example.com", "app:3000", "wss://a.example/"]) assert.equal(isUrl(text), true, text);
  for (const text of ["curl https://a.example", "fetch('https://a.example')", "GET https://a.example HTTP/1.1", "header-not-allowed", "https://a.example/ https://b.example/", 'fetch("https://a.example/")']) assert.equal(isUrl(text), false, text);
});

test("a tab names the method and the path, or the host where there is no path", () => {
  const table = [
    [{ method: "PUT", url: "https://api.example/orders/42?a=b" }, "PUT /orders/42?a=b"],
    [{ method: "GET", url: "http://localhost:8000/" }, "GET localhost:8000"],
    [{ method: "GET", url: "not a URL" }, "GET not a URL"],
  ];
  for (const [request, expected] of table) assert.equal(title(request), expected);
});

test("a long text keeps its end", () => {
  assert.equal(middle("GET /short"), null);
  const [start, end] = middle("GET /items?fields=id,status,total&page=2");
  assert.equal(start + end, "GET /items?fields=id,status,total&page=2");
  assert.match(end, /page=2$/);
});

test("an opaque origin is no origin", () => {
  assert.equal(originOf("https://a.example:8443/x"), "https://a.example:8443");
  for (const url of ["data:,x", "nothing", ""]) assert.equal(originOf(url), "");
});

test("a redacted value is noticed wherever it stands", () => {
  for (const part of [{ headers: "Authorization: REDACTED" }, { cookies: ["a=REDACTED"] }, { url: "https://a.example/?token=REDACTED" }, { body: "REDACTED" }]) {
    assert.equal(hasRedacted({ ...BLANK, ...part }), true);
  }
  assert.equal(hasRedacted(BLANK), false);
});
