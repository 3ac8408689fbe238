// Headers, Request, Response and fetch(). Which headers, methods and requests are allowed is asked of the core.

globalThis.Headers = class Headers {
  constructor(init) {
    this._guard = "none";
    this._lines = [];
    if (init !== undefined) fillHeaders(this, init);
  }
  append(name, value) { needs(arguments, 2); appendHeader(this, byteString(name), byteString(value)); }
  delete(name) {
    needs(arguments, 1);
    const key = byteString(name);
    if (!mayChange(this, key, "")) return;
    if (this._guard === "request-no-cors" && !host.isNoCorsSafelistedName(key) && !host.isPrivilegedNoCors(key)) return;
    deleteLines(this, key);
    if (this._guard === "request-no-cors") removePrivileged(this);
  }
  get(name) {
    needs(arguments, 1);
    const key = headerName(byteString(name));
    const values = this._lines.filter(([line]) => line.toLowerCase() === key).map(([, value]) => value);
    return values.length === 0 ? null : values.join(", ");
  }
  getSetCookie() { return this._lines.filter(([line]) => line.toLowerCase() === "set-cookie").map(([, value]) => value); }
  has(name) {
    needs(arguments, 1);
    const key = headerName(byteString(name));
    return this._lines.some(([line]) => line.toLowerCase() === key);
  }
  set(name, value) {
    needs(arguments, 2);
    const key = byteString(name);
    const normalized = host.normalizeHeaderValue(byteString(value));
    if (!mayChange(this, key, normalized)) return;
    if (this._guard === "request-no-cors" && !host.isNoCorsSafelisted(key, normalized)) return;
    const first = this._lines.findIndex(([line]) => line.toLowerCase() === key.toLowerCase());
    if (first < 0) this._lines.push([key, normalized]);
    else {
      this._lines[first][1] = normalized;
      this._lines = this._lines.filter(([line], index) => index <= first || line.toLowerCase() !== key.toLowerCase());
    }
    if (this._guard === "request-no-cors") removePrivileged(this);
  }
  get [Symbol.toStringTag]() { return "Headers"; }
};
makeIterable(Headers.prototype, sortedAndCombined);
for (const name of ["append", "delete", "get", "getSetCookie", "has", "set"]) {
  Object.defineProperty(Headers.prototype, name, { enumerable: true });
}

function needs(given, count) {
  if (given.length < count) throw new TypeError(`${count} arguments are needed`);
}

function headerName(name) {
  if (!host.isToken(name)) throw new TypeError(`${JSON.stringify(name)} is no header name`);
  return name.toLowerCase();
}

// https://fetch.spec.whatwg.org/#headers-validate
function mayChange(headers, name, value) {
  headerName(name);
  if (!host.isHeaderValue(value)) throw new TypeError(`${JSON.stringify(value)} is no header value`);
  if (headers._guard === "immutable") throw new TypeError("These headers cannot be changed");
  if (headers._guard === "request" && host.isForbiddenRequestHeader(name, value)) return false;
  return !(headers._guard === "response" && host.isForbiddenResponseHeaderName(name));
}

// https://fetch.spec.whatwg.org/#concept-headers-append
function appendHeader(headers, name, value) {
  const normalized = host.normalizeHeaderValue(value);
  if (!mayChange(headers, name, normalized)) return;
  if (headers._guard === "request-no-cors") {
    const before = headers.get(name);
    if (!host.isNoCorsSafelisted(name, before === null ? normalized : `${before}, ${normalized}`)) return;
  }
  const known = headers._lines.find(([line]) => line.toLowerCase() === name.toLowerCase());
  headers._lines.push([known ? known[0] : name, normalized]);
  if (headers._guard === "request-no-cors") removePrivileged(headers);
}

function removePrivileged(headers) {
  headers._lines = headers._lines.filter(([line]) => !host.isPrivilegedNoCors(line));
}

function deleteLines(headers, name) {
  headers._lines = headers._lines.filter(([line]) => line.toLowerCase() !== name.toLowerCase());
}

function fillHeaders(headers, init) {
  if ((typeof init !== "object" && typeof init !== "function") || init === null) throw new TypeError("Headers need an object");
  for (const [name, value] of pairsOf(init, byteString)) appendHeader(headers, name, value);
}

// https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
function sortedAndCombined(headers) {
  if (!(headers instanceof Headers)) throw new TypeError("Not Headers");
  const names = [...new Set(headers._lines.map(([line]) => line.toLowerCase()))].sort();
  return names.flatMap((name) => {
    const values = headers._lines.filter(([line]) => line.toLowerCase() === name).map(([, value]) => value);
    return name === "set-cookie" ? values.map((value) => [name, value]) : [[name, values.join(", ")]];
  });
}

function headersWith(guard, lines = []) {
  const headers = new Headers();
  headers._lines = lines.map(([name, value]) => [name, value]);
  headers._guard = guard;
  return headers;
}

const referrerPolicies = ["", "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"];

globalThis.Request = class Request {
  constructor(input, init = {}) {
    if (arguments.length === 0) throw new TypeError("Request needs an address");
    if (init === null) init = {};
    const from = input instanceof Request ? input : null;
    const url = from ? from._state.url : parseUrl(input);
    const state = from ? { ...from._state } : {
      method: "GET", mode: "cors", credentials: "same-origin", cache: "default", redirect: "follow",
      referrer: "about:client", referrerPolicy: "", integrity: "", keepalive: false, targetAddressSpace: undefined, duplex: "half",
    };
    state.url = url;
    if (!from && /^[^/?#]*:\/\/[^/?#]*@/.test(url) && (new URL(url).username || new URL(url).password)) throw new TypeError("The URL holds credentials");
    if (init.window !== undefined && init.window !== null) throw new TypeError("window is null or nothing");
    if (init.referrer !== undefined) state.referrer = referrerOf(init.referrer);
    if (init.referrerPolicy !== undefined) state.referrerPolicy = enumValue("referrer policy", init.referrerPolicy, referrerPolicies);
    if (init.mode !== undefined) {
      state.mode = enumValue("mode", init.mode, ["same-origin", "no-cors", "cors", "navigate"]);
      if (state.mode === "navigate") throw new TypeError("mode navigate is not for script");
    }
    if (init.credentials !== undefined) state.credentials = enumValue("credentials mode", init.credentials, ["omit", "same-origin", "include"]);
    if (init.cache !== undefined) state.cache = enumValue("cache mode", init.cache, ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"]);
    if (state.cache === "only-if-cached" && state.mode !== "same-origin") throw new TypeError("only-if-cached needs mode same-origin");
    if (init.redirect !== undefined) state.redirect = enumValue("redirect mode", init.redirect, ["follow", "error", "manual"]);
    if (init.integrity !== undefined) state.integrity = String(init.integrity);
    if (init.keepalive !== undefined) state.keepalive = Boolean(init.keepalive);
    if (init.priority !== undefined) enumValue("priority", init.priority, ["high", "low", "auto"]);
    if (init.duplex !== undefined) enumValue("duplex", init.duplex, ["half"]);
    if (init.targetAddressSpace !== undefined) state.targetAddressSpace = String(init.targetAddressSpace);
    if (init.method !== undefined) state.method = byteString(init.method);
    const signal = init.signal !== undefined ? init.signal : from ? from._signal : null;
    if (signal !== null && !(signal instanceof AbortSignal)) throw new TypeError("signal is no AbortSignal");
    this._signal = AbortSignal.any(signal === null ? [] : [signal]);
    const lines = from ? from._headers._lines : [];
    // Whether script can make this request at all is for the core to say.
    state.method = checkedMethod({ ...state, headers: [], body: "none" });
    this._state = state;
    this._headers = headersWith(state.mode === "no-cors" ? "request-no-cors" : "request", lines);
    if (init.headers !== undefined) { this._headers._lines = []; fillHeaders(this._headers, init.headers); }
    else if (from && state.mode === "no-cors") { this._headers._lines = []; lines.forEach(([name, value]) => appendHeader(this._headers, name, value)); }

    const given = init.body !== undefined && init.body !== null ? extractBody(init.body) : null;
    if (given) {
      if (given.stream && init.duplex !== "half") throw new TypeError("A streamed body needs duplex: half");
      checkedMethod({ ...state, headers: [], body: given.stream ? "stream" : "bytes" });
      if (given.type !== null && !this._headers.has("content-type")) appendHeader(this._headers, "Content-Type", given.type);
      this._body = bodyFrom(given);
    } else if (from && from._body !== null) {
      if (isUnusable(from)) throw new TypeError("The body is disturbed or locked");
      checkedMethod({ ...state, headers: [], body: from._body.bytes ? "bytes" : "stream" });
      this._body = { stream: from._body.bytes ? streamOf(Promise.resolve(from._body.bytes)) : from._body.stream, bytes: from._body.bytes };
      from._body.stream._disturbed = true;
    } else {
      this._body = null;
    }
  }
  get url() { return this._state.url; }
  get headers() { return this._headers; }
  get signal() { return this._signal; }
  get destination() { return ""; }
  get isHistoryNavigation() { return false; }
  get isReloadNavigation() { return false; }
  get duplex() { return "half"; }
  clone() {
    if (isUnusable(this)) throw new TypeError("The body is disturbed or locked");
    const copy = Object.create(Request.prototype);
    copy._state = { ...this._state };
    copy._headers = headersWith(this._headers._guard, this._headers._lines);
    copy._signal = AbortSignal.any([this._signal]);
    copy._body = cloneBody(this);
    return copy;
  }
  get [Symbol.toStringTag]() { return "Request"; }
};
for (const name of ["method", "mode", "credentials", "cache", "redirect", "referrerPolicy", "integrity", "keepalive", "targetAddressSpace", "referrer"]) {
  Object.defineProperty(Request.prototype, name, { configurable: true, enumerable: true, get() { return name === "referrer" && this._state.referrer === "no-referrer" ? "" : this._state[name]; } });
}
mixInBody(Request.prototype);

function parseUrl(input) {
  const url = host.urlParse(wellFormed(input), location.href);
  if (url === undefined) throw new TypeError(`Invalid URL: ${input}`);
  return url[0];
}

function referrerOf(value) {
  if (String(value) === "") return "no-referrer";
  const url = new URL(wellFormed(value), location.href);
  if (url.protocol === "about:" && url.pathname === "client") return "about:client";
  return url.origin === location.origin ? url.href : "about:client";
}

function checkedMethod(request) {
  const answer = host.checkRequest(JSON.stringify(request));
  if (answer.error !== undefined) throw new TypeError(answer.error);
  return answer.method;
}

globalThis.Response = class Response {
  constructor(body = null, init = {}) {
    const status = init?.status === undefined ? 200 : Number(init.status) & 0xffff;
    if (status < 200 || status > 599) throw new RangeError(`${init.status} is no status`);
    const statusText = byteString(init?.statusText ?? "");
    if (!host.isHeaderValue(statusText)) throw new TypeError("statusText is no reason phrase");
    this._state = { type: "default", status, statusText, url: "", redirected: false };
    this._headers = headersWith("response");
    if (init?.headers !== undefined) fillHeaders(this._headers, init.headers);
    this._body = null;
    if (body !== null && body !== undefined) {
      if ([101, 103, 204, 205, 304].includes(status)) throw new TypeError(`A response of status ${status} has no body`);
      const given = extractBody(body);
      this._body = bodyFrom(given);
      if (given.type !== null && !this._headers.has("content-type")) appendHeader(this._headers, "Content-Type", given.type);
    }
  }
  static error() { return responseWith({ type: "error", status: 0, statusText: "", url: "", redirected: false }, headersWith("immutable"), null); }
  static redirect(url, status = 302) {
    const parsed = host.urlParse(wellFormed(url), location.href);
    if (parsed === undefined) throw new TypeError(`Invalid URL: ${url}`);
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`${status} is no redirect`);
    return responseWith({ type: "default", status, statusText: "", url: "", redirected: false }, headersWith("immutable", [["Location", parsed[0]]]), null);
  }
  static json(data, init = {}) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError("Not JSON");
    const response = new Response(utf8(text), init);
    if (!response._headers.has("content-type")) appendHeader(response._headers, "Content-Type", "application/json");
    return response;
  }
  get ok() { return this._state.status >= 200 && this._state.status <= 299; }
  get headers() { return this._headers; }
  clone() {
    if (isUnusable(this)) throw new TypeError("The body is disturbed or locked");
    return responseWith({ ...this._state }, headersWith(this._headers._guard, this._headers._lines), cloneBody(this));
  }
  get [Symbol.toStringTag]() { return "Response"; }
};
for (const name of ["type", "status", "statusText", "url", "redirected"]) {
  Object.defineProperty(Response.prototype, name, { configurable: true, enumerable: true, get() { return this._state[name]; } });
}
mixInBody(Response.prototype);

function responseWith(state, headers, body) {
  const response = Object.create(Response.prototype);
  response._state = state;
  response._headers = headers;
  response._body = body;
  return response;
}

// What the host gives back: { error } or { type, status, statusText, url, redirected, headers, bodyError, noBody }, and bytes.
function responseFrom(answer, bytes) {
  const { type, status, statusText, url, redirected } = answer;
  const broken = answer.bodyError === undefined ? null : new TypeError(answer.bodyError);
  const body = answer.noBody ? null : { stream: streamOf(Promise.resolve(bytes), broken), bytes: null };
  return responseWith({ type, status, statusText, url, redirected }, headersWith("immutable", answer.headers), body);
}

globalThis.fetch = function fetch(input, init) {
  return new Promise((resolve, reject) => {
    const request = new Request(input, init);
    const signal = request.signal;
    if (signal.aborted) { request._body?.stream.cancel?.(signal.reason).catch(() => {}); reject(signal.reason); return; }
    if (request.url.startsWith("blob:")) { resolve(blobResponse(request)); return; }
    sendRequest(request, signal).then(resolve, reject);
  });
};

async function sendRequest(request, signal) {
  const aborted = Promise.withResolvers();
  let id = null;
  let stream = null;
  signal.addEventListener("abort", () => {
    if (id !== null) host.cancel(id);
    aborted.reject(signal.reason);
    stream?._fail(signal.reason);
  });
  aborted.promise.catch(() => {});
  let bytes = null;
  if (request._body !== null) {
    bytes = request._body.bytes ?? (await Promise.race([drain(request._body.stream), aborted.promise]));
    request._body.stream._disturbed = true;
  }
  const message = { ...request._state, api: "fetch", headers: request._headers._lines, body: request._body === null ? "none" : request._body.bytes ? "bytes" : "stream" };
  const answered = new Promise((resolve) => { id = send(message, bytes, (answer, body) => resolve([answer, body])); });
  const [answer, body] = await Promise.race([answered, aborted.promise]);
  if (answer.error !== undefined) throw new TypeError(answer.error);
  const response = responseFrom(answer, body);
  stream = response.body;
  return response;
}

// https://fetch.spec.whatwg.org/#scheme-fetch, "blob"
async function blobResponse(request) {
  const blob = blobUrls.get(request.url.replace(/#.*$/, ""));
  if (blob === undefined || request.method !== "GET") throw new TypeError("No such blob");
  const range = request._headers.get("range");
  const state = { type: "basic", status: 200, statusText: "OK", url: request.url, redirected: false };
  if (range === null) {
    return responseWith(state, headersWith("immutable", [["Content-Length", String(blob.size)], ["Content-Type", blob.type]]), bodyFrom({ bytes: blob._bytes }));
  }
  const ends = host.blobRange(range, blob.size);
  if (ends === undefined) throw new TypeError("The range cannot be satisfied");
  const [start, end] = ends;
  const lines = [["Content-Length", String(end - start + 1)], ["Content-Type", blob.type], ["Content-Range", `bytes ${start}-${end}/${blob.size}`]];
  return responseWith({ ...state, status: 206, statusText: "Partial Content" }, headersWith("immutable", lines), bodyFrom({ bytes: blob._bytes.slice(start, end + 1) }));
}

const pending = new Map();
let nextRequest = 1;

function send(message, bytes, done) {
  const id = nextRequest++;
  const started = performance.now();
  pending.set(id, (answer, body) => { addResourceEntry(message, answer, body, started); done(answer, body); });
  host.send(id, JSON.stringify(message), bytes === null ? undefined : byteText(bytes));
  return id;
}

function deliver(id, json, bytes) {
  const done = pending.get(id);
  pending.delete(id);
  done?.(JSON.parse(json), bytes);
}
