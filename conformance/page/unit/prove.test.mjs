// Prove: what counts as a difference, and what a report says about it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutBrowser, browserOf } from "../../../crates/corsac-cli/src/ui/assets/js/prove-browser.js";
import { compare, gotError, gotResponse, predictionFor } from "../../../crates/corsac-cli/src/ui/assets/js/prove-compare.js";
import { gotWords, report, shortReport } from "../../../crates/corsac-cli/src/ui/assets/js/prove-report.js";
import { atMost } from "../../../crates/corsac-cli/src/ui/assets/js/prove-run.js";
import { heading } from "../../../crates/corsac-cli/src/ui/assets/js/prove-words.js";

const ORIGIN = "http://127.0.0.1:8919";
const line = (name, value) => ({ name, value });
const preflight = { step: "sent", kind: "preflight", method: "OPTIONS", lines: [
  line("Origin", ORIGIN), line("Access-Control-Request-Method", "PUT"), line("Access-Control-Request-Headers", "content-type,x-a")] };
const put = { step: "sent", kind: "request", method: "PUT", lines: [line("Origin", ORIGIN)] };
const received = { step: "received", kind: "request", status: 200, lines: [] };
const WRITTEN = { policy: null, answers: { request: { headers: `Access-Control-Allow-Origin: ${ORIGIN}\nX-Total: 7\nContent-Type: text/plain` }, redirects: [] } };
const readable = { status: 200, headers: ["Content-Type"] };
const group = (verdict, code, sequence, engines = ["chromium", "firefox", "webkit"]) =>
  ({ engines, verdict, code, readable: verdict === "readable" ? readable : null, sequence });
const played = (...groups) => ({ groups });

const READABLE = played(group("readable", null, [preflight, { step: "received", kind: "preflight", status: 204, lines: [] }, put, received]));
const BLOCKED = played(group("blocked", "header-not-allowed", [preflight]));

const saw = (method, ...headers) => ({ method, url: "/p/x", headers });
const OPTIONS = saw("OPTIONS", ["origin", ORIGIN], ["access-control-request-method", "PUT"], ["access-control-request-headers", "content-type, X-A"]);
const PUT = saw("PUT", ["origin", ORIGIN]);
const response = (over = {}) => gotResponse({ type: "cors", status: 200, headers: [["Content-Type", "text/plain"]], ...over });
const refused = gotError(new TypeError("Failed to fetch"));

test("prediction and browser agree where nothing that both can know differs", () => {
  const table = [
    ["readable", READABLE, response(), [OPTIONS, PUT], "readable"],
    ["blocked", BLOCKED, refused, [OPTIONS], "blocked"],
    ["failed is a TypeError too", played(group("failed", "network-error", [put])), refused, [PUT], "failed"],
    ["opaque", played(group("opaque", null, [saidNothing("GET")])), gotResponse({ type: "opaque", status: 0, headers: [] }), [saw("GET")], "opaque"],
    ["controls are not the page's", played(group("blocked", null, [preflight, { step: "sent", kind: "control", method: "GET", lines: [] }])), refused, [OPTIONS], "blocked"],
    ["nothing is sent", played(group("blocked", null, [])), refused, [], "blocked"],
  ];
  for (const [name, prediction, got, seen, verdict] of table) {
    assert.deepEqual(compare(predictionFor(prediction, "firefox", WRITTEN), got, seen), { verdict, differences: [] }, name);
  }
});

function saidNothing(method) {
  return { step: "sent", kind: "request", method, lines: [] };
}

test("each difference is a sentence with both sides", () => {
  const table = [
    ["refused", READABLE, refused, [OPTIONS], ["Corsac expected readable, and this browser says blocked.", "It sent no PUT after the preflight."]],
    ["let through", BLOCKED, response(), [OPTIONS, PUT], ["Corsac expected blocked, and this browser says readable.", "It also sent PUT, which Corsac did not expect."]],
    ["another status", READABLE, response({ status: 203 }), [OPTIONS, PUT], ["Script got the status 203, and Corsac expected 200."]],
    ["a header is hidden", READABLE, response({ headers: [] }), [OPTIONS, PUT], ["Script did not see `content-type`."]],
    ["a header is shown", READABLE, response({ headers: [["content-type", "x"], ["x-total", "7"], ["x-of-the-server", "1"]] }), [OPTIONS, PUT],
      ["Script saw `x-total`, which Corsac expected to be hidden."]],
    ["no preflight", BLOCKED, refused, [PUT], ["The server saw PUT, and Corsac expected OPTIONS."]],
    ["nothing came", BLOCKED, refused, [], ["It sent no preflight."]],
    ["another origin", BLOCKED, refused, [saw("OPTIONS", ["origin", "null"], ...OPTIONS.headers.slice(1))],
      ["In the preflight, `Origin` was `null`, and Corsac expected `" + ORIGIN + "`."]],
    ["no method in the preflight", BLOCKED, refused, [saw("OPTIONS", OPTIONS.headers[0], OPTIONS.headers[2])],
      ["In the preflight, `Access-Control-Request-Method` was missing, and Corsac expected `PUT`."]],
    ["another header in the preflight", BLOCKED, refused, [saw("OPTIONS", ...OPTIONS.headers.slice(0, 2), ["access-control-request-headers", "x-a"])],
      ["In the preflight, `Access-Control-Request-Headers` was `x-a`, and Corsac expected `content-type,x-a`."]],
  ];
  for (const [name, prediction, got, seen, differences] of table) {
    assert.deepEqual(compare(predictionFor(prediction, "chromium", WRITTEN), got, seen).differences, differences, name);
  }
});

test("the prediction is that of the engine's own group", () => {
  const differing = played(group("blocked", "a", [], ["webkit"]), group("readable", null, [put, received], ["chromium", "firefox"]));
  assert.equal(predictionFor(differing, "webkit").verdict, "blocked");
  assert.equal(predictionFor(differing, "firefox").verdict, "readable");
});

test("what script sees is compared for the lines that are written, not for those of the prove server", () => {
  const readable = { status: 201, headers: ["Content-Type", "ETag"] };
  const answer = (headers) => ({ status: 201, headers });
  const play = { policy: null, answers: { preflight: answer(""), request: answer("Content-Type: a\nETag: b\nX-Total: 7\nx-total: 8"), redirects: [] } };
  const predicted = predictionFor(played({ ...READABLE.groups[0], readable }), "chromium", play);
  assert.deepEqual([predicted.status, predicted.shown, predicted.hidden], [201, ["content-type", "etag"], ["x-total"]]);
  const redirected = { policy: null, answers: { ...play.answers, redirects: [{ preflight: answer(""), request: answer("X-Last: 1") }] } };
  assert.deepEqual(predictionFor(played({ ...READABLE.groups[0], readable }), "chromium", redirected).hidden, ["x-last"]);
  assert.deepEqual(predictionFor(played({ ...READABLE.groups[0], readable }), "chromium", { ...play, policy: "" }).hidden, []);
});

test("browsers are known by their engine", () => {
  const table = [
    ["Chrome", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/158.0.0.0 Safari/537.36", "chromium", "Chromium 158 on Linux"],
    ["headless", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/150.0.0.0 Safari/537.36", "chromium", "Chromium 150 on Linux"],
    ["Firefox", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox", "Firefox 140 on Windows"],
    ["Safari", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15", "webkit", "WebKit 18 on macOS"],
    ["Chrome on iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/129.0.0.0 Mobile/15E148 Safari/604.1", "webkit", "WebKit on iOS"],
    ["Firefox on Android", "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "firefox", "Firefox 131 on Android"],
  ];
  for (const [case_, userAgent, engine, name] of table) assert.deepEqual(browserOf({ userAgent }), { engine, known: true, name }, case_);
  const brands = [{ brand: "Not)A;Brand", version: "8" }, { brand: "Chromium", version: "158" }];
  assert.equal(browserOf({ userAgent: "", userAgentData: { brands, platform: "Linux" } }).name, "Chromium 158 on Linux");
});

test("a browser that is not known is compared with Chromium, and the page says so", () => {
  const browser = browserOf({ userAgent: "Mozilla/5.0 (X11; Linux x86_64; Servo) Servo/1.0" });
  assert.deepEqual([browser.engine, browser.known], ["chromium", false]);
  assert.match(aboutBrowser(browser), /not one that Corsac knows\. It is compared with Chromium\.$/);
});

test("the heading counts those that ran", () => {
  const rows = (states) => Object.entries(states).flatMap(([state, count]) => Array(count).fill({ state }));
  const table = [
    [{ waiting: 3 }, "Does your browser agree?"],
    [{ agree: 23 }, "All 23 agree."],
    [{ agree: 22, differ: 1 }, "22 of 23 agree. Your browser differs in one."],
    [{ agree: 8, differ: 12 }, "8 of 20 agree. Your browser differs in 12."],
    [{ agree: 20, cannot: 3 }, "All 20 agree. Three could not run here."],
    [{ agree: 1, waiting: 22 }, "It agrees."],
    [{ cannot: 2 }, "Two could not run here."],
  ];
  for (const [states, expected] of table) assert.equal(heading(rows(states), false), expected);
  assert.equal(heading(rows({ agree: 2, cannot: 1, running: 4, waiting: 3 }), true), "3 of 10 done");
});

const PROOF = {
  differing: 1, ran: 23, browser: { name: "Chromium 158 on Linux", engine: "chromium" }, profile: { measured: "156.0.8078" }, id: "star-authorization",
  predicted: { verdict: "readable", code: null, status: 200, shown: [], hidden: [], sent: [] }, got: refused, verdict: "blocked",
  differences: ["Corsac expected readable, and this browser says blocked."],
  seen: [{ method: "OPTIONS", url: "http://127.0.0.1:9000/p/c29tZXRoaW5nLXNlY3JldA/star", headers: [["Origin", ORIGIN], ["Cookie", "session=secret"], ["Access-Control-Request-Headers", "authorization"]] }],
};

test("a report has both sides and what the server saw, and nothing that is secret", () => {
  assert.equal(shortReport(PROOF), `corsac prove: 1 of 23 differs
browser    Chromium 158 on Linux
profile    chromium, measured on 156.0.8078
case       star-authorization
predicted  readable
happened   blocked (TypeError: Failed to fetch)
# Corsac expected readable, and this browser says blocked.
# what the prove server saw
OPTIONS /p/…/star
  Origin: ${ORIGIN}
  Access-Control-Request-Headers: authorization`);
});

test("no text of others ends a block of the report", () => {
  const text = report({ ...PROOF, title: "A `case`", userAgent: "Some\nbrowser", version: "1.2.3", play: { request: { headers: "X: ```\n# not a heading" } } });
  assert.match(text, /^## Prediction and browser differ: A case\n/);
  assert.match(text, /- Corsac: 1\.2\.3\n- User agent: Some browser\n/);
  assert.match(text, /\n````json\n[^]*X: ```\\n[^]*\n````\n/);
});

test("what script got is a few words", () => {
  assert.equal(gotWords(response()), "200, 1 header");
  assert.equal(gotWords(gotResponse({ type: "opaqueredirect", status: 0, headers: [] })), "redirect, status 0");
  assert.equal(gotWords(refused), "TypeError: Failed to fetch");
});

test("at most so many run at a time, and a stop keeps the rest from beginning", async () => {
  let running = 0;
  let most = 0;
  const begun = [];
  const stop = new AbortController();
  await atMost(4, [...Array(20).keys()], async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await new Promise((done) => { setImmediate(done); });
    running -= 1;
    if (item === 9) stop.abort();
  }, stop.signal);
  assert.equal(most, 4);
  assert.ok(begun.length < 20 && begun.includes(9), `${begun}`);
});
