// The global scope of a page: location, timers, console, performance, and as much of a document as testharness.js asks for.

const page = JSON.parse(host.page);

globalThis.self = globalThis.window = globalThis.parent = globalThis.top = globalThis.frames = globalThis;
globalThis.opener = null;
globalThis.isSecureContext = page.secure;
globalThis.origin = new URL(page.url).origin;
globalThis.navigator = { userAgent: page.userAgent, onLine: true, language: "en-US", platform: "", sendBeacon: undefined };
globalThis.location = new URL(page.url);
for (const method of ["addEventListener", "removeEventListener", "dispatchEvent"]) globalThis[method] = EventTarget.prototype[method].bind(globalThis);
defineHandlers(globalThis, ["load", "error", "unhandledrejection", "message"]);

const show = (...values) => host.log(values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(" "));
globalThis.console = { log: show, info: show, debug: show, warn: show, error: show, trace: show };

const timers = new Map();
let nextTimer = 1;

function startTimer(callback, milliseconds, values, repeats) {
  const id = nextTimer++;
  timers.set(id, { callback, values, milliseconds: repeats ? milliseconds : null });
  host.startTimer(id, Math.max(0, Number(milliseconds) || 0));
  return id;
}
function fireTimer(id) {
  const timer = timers.get(id);
  if (timer === undefined) return;
  if (timer.milliseconds === null) timers.delete(id);
  else host.startTimer(id, Math.max(1, Number(timer.milliseconds) || 0));
  try {
    if (typeof timer.callback === "function") timer.callback.apply(globalThis, timer.values);
    else (0, eval)(String(timer.callback));
  } catch (error) {
    reportException(error);
  }
}
globalThis.setTimeout = (callback, milliseconds = 0, ...values) => startTimer(callback, milliseconds, values, false);
globalThis.setInterval = (callback, milliseconds = 0, ...values) => startTimer(callback, milliseconds, values, true);
globalThis.clearTimeout = globalThis.clearInterval = (id) => { timers.delete(id); };

globalThis.document = Object.assign(new EventTarget(), {
  title: page.title,
  readyState: "loading",
  URL: page.url,
  documentURI: page.url,
  referrer: "",
  location: globalThis.location,
  body: null,
  documentElement: { style: {}, namespaceURI: "http://www.w3.org/1999/xhtml" },
  defaultView: globalThis,
  getElementById: () => null,
  querySelector: () => null,
  querySelectorAll: () => [],
  getElementsByTagName: (name) => (name === "meta" ? page.metas.map((meta) => ({ ...meta, getAttribute: (key) => meta[key] ?? null })) : []),
});
Object.defineProperty(document, "cookie", { get: () => host.cookies(), set: (value) => host.setCookie(wellFormed(value)) });

// Buffers, views of them, and plain data: what bodies and the harness clone.
globalThis.structuredClone = (value) => {
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (value instanceof DataView) return new DataView(value.buffer.slice(0), value.byteOffset, value.byteLength);
  if (ArrayBuffer.isView(value)) return new value.constructor(value.buffer.slice(0), value.byteOffset, value.length);
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
};
globalThis.postMessage = () => {};

// What the harness hears from outside.
function finishLoading() {
  document.readyState = "complete";
  globalThis.dispatchEvent(new Event("load"));
}
function installReporter() {
  setup({ output: false });
  add_completion_callback((tests, status) => {
    host.done(JSON.stringify({
      status: status.status,
      message: status.message ?? "",
      tests: tests.map((test) => ({ name: test.name, status: test.status, message: test.message ?? "" })),
    }));
  });
}
return [deliver, fireTimer, finishLoading, installReporter, reportException];
