// Resource Timing, as far as the Fetch standard decides it: which sizes and times a page may see of a response.

globalThis.PerformanceEntry = class PerformanceEntry {
  constructor(entry) { Object.assign(this, entry); }
  toJSON() { return { ...this }; }
};
globalThis.PerformanceResourceTiming = class PerformanceResourceTiming extends PerformanceEntry {};

const resourceEntries = [];
const observers = new Set();

globalThis.PerformanceObserver = class PerformanceObserver {
  static get supportedEntryTypes() { return ["resource"]; }
  constructor(callback) { this._callback = callback; this._entries = []; }
  observe({ type, entryTypes, buffered }) {
    if (type !== "resource" && !entryTypes?.includes("resource")) return;
    observers.add(this);
    if (buffered) resourceEntries.forEach((entry) => this._take(entry));
  }
  disconnect() { observers.delete(this); }
  takeRecords() { return this._entries.splice(0); }
  _take(entry) {
    if (this._entries.push(entry) > 1) return;
    setTimeout(() => {
      const entries = this.takeRecords();
      const list = { getEntries: () => entries, getEntriesByType: (type) => entries.filter((one) => one.entryType === type), getEntriesByName: (name) => entries.filter((one) => one.name === name) };
      if (entries.length > 0) this._callback.call(this, list, this);
    }, 0);
  }
};

// https://w3c.github.io/resource-timing/#dfn-setup-the-resource-timing-entry; a head counts as 300 bytes.
function addResourceEntry(message, answer, body, startTime) {
  const allowed = answer.timingAllowed === true;
  const end = performance.now();
  const size = allowed ? body.byteLength : 0;
  const entry = new PerformanceResourceTiming({
    name: message.url, entryType: "resource", initiatorType: message.api === "xhr" ? "xmlhttprequest" : "fetch",
    startTime, duration: end - startTime, fetchStart: startTime, responseEnd: end,
    transferSize: allowed ? size + 300 : 0, encodedBodySize: size, decodedBodySize: size, nextHopProtocol: allowed ? "http/1.1" : "",
  });
  const detailed = ["redirectStart", "redirectEnd", "domainLookupStart", "domainLookupEnd", "connectStart", "connectEnd", "secureConnectionStart", "requestStart", "responseStart"];
  for (const name of detailed) entry[name] = allowed && !name.startsWith("redirect") && !name.startsWith("secure") ? startTime : 0;
  resourceEntries.push(entry);
  observers.forEach((observer) => observer._take(entry));
}

Object.assign(performance, {
  getEntries: () => [...resourceEntries],
  getEntriesByType: (type) => resourceEntries.filter((entry) => entry.entryType === type),
  getEntriesByName: (name) => resourceEntries.filter((entry) => entry.name === name),
  clearResourceTimings: () => { resourceEntries.length = 0; },
  setResourceTimingBufferSize: () => {},
});
