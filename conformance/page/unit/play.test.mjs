import { test } from "node:test";
import assert from "node:assert/strict";
import { playFrom, shownName } from "../../../crates/corsac-cli/src/ui/assets/js/ask-play.js";
import { BLANK } from "../../../crates/corsac-cli/src/ui/assets/js/ask-request.js";

const asking = { ...BLANK, method: "PUT", redirect: "manual", body: "{}" };
const request = { url: "https://api.example/a", method: "PUT", origin: "https://app.example", mode: "cors", credentials: "include", headers: [["content-type", "application/json"]] };
const exchange = (kind, status, headers = []) => ({ kind, request: {}, response: { status, headers }, error: null });
const unanswered = (kind) => ({ kind, request: {}, response: null, error: "Connection refused" });
const play = (...exchanges) => playFrom(asking, { request, exchanges });

test("the request of Play is the one that was asked", () => {
  assert.deepEqual(play(exchange("request", 200)).request, {
    url: "https://api.example/a", origin: "https://app.example", method: "PUT", credentials: "include", mode: "cors", redirect: "manual",
    headers: "Content-Type: application/json", body: "{}",
  });
});

test("each answer stands where it was given", () => {
  const made = play(
    exchange("preflight", 204, [["access-control-allow-origin", "*"]]), exchange("request", 302, [["location", "/b"]]),
    exchange("preflight", 200), exchange("redirect", 301, [["location", "/c"]]),
    exchange("redirect", 200, [["etag", '"1"']]),
  );
  assert.deepEqual(made.answers.preflight, { status: 204, headers: "Access-Control-Allow-Origin: *" });
  assert.deepEqual(made.answers.request, { status: 302, headers: "Location: /b" });
  assert.deepEqual(made.answers.redirects.map(({ preflight, request: answer }) => [preflight.status, answer.status]), [[200, 301], [204, 200]]);
  assert.equal(made.answers.redirects[1].request.headers, 'ETag: "1"');
});

test("a refused preflight leaves the request's answer empty", () => {
  const made = play(exchange("preflight", 403));
  assert.equal(made.answers.preflight.status, 403);
  assert.deepEqual(made.answers.request, { status: 200, headers: "" });
  assert.deepEqual(made.answers.redirects, []);
});

test("a redirect that was refused before anything was asked there adds nothing", () => {
  assert.deepEqual(play(exchange("request", 302, [["location", "http://b.example"]])).answers.redirects, []);
});

test("where nothing was answered there is nothing to play with", () => {
  assert.equal(play(), null);
  assert.equal(play(unanswered("preflight")), null);
});

test("cookies and lines about the connection are left out", () => {
  const made = play(exchange("request", 200, [["set-cookie", "session=secret"], ["date", "now"], ["vary", "Origin"], ["x-total-count", "3"]]));
  assert.equal(made.answers.request.headers, "Vary: Origin\nX-Total-Count: 3");
});

test("ten thousand header lines and a thousand redirects stay a small state", () => {
  const many = [...Array(10_000)].map((_, at) => [`x-${at}`, "1"]);
  const made = play(...[...Array(1000)].map((_, at) => exchange(at ? "redirect" : "request", 302, many)));
  assert.ok(made.answers.request.headers.split("\n").length <= 60);
  assert.ok(made.answers.redirects.length <= 20);
});

test("names are written as servers write them", () => {
  assert.equal(shownName("access-control-allow-origin"), "Access-Control-Allow-Origin");
  assert.equal(shownName("etag"), "ETag");
});
