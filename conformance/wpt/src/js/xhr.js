// XMLHttpRequest: the states and events of https://xhr.spec.whatwg.org/ around the same network as fetch().

class XMLHttpRequestEventTarget extends EventTarget {}
globalThis.XMLHttpRequestEventTarget = XMLHttpRequestEventTarget;
defineHandlers(XMLHttpRequestEventTarget.prototype, ["loadstart", "progress", "abort", "error", "load", "timeout", "loadend"]);

globalThis.XMLHttpRequestUpload = class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {};

globalThis.XMLHttpRequest = class XMLHttpRequest extends XMLHttpRequestEventTarget {
  constructor() {
    super();
    this._upload = new XMLHttpRequestUpload();
    this._state = 0;
    this._sent = false;
    this._withCredentials = false;
    this._timeout = 0;
    this._responseType = "";
    this._mime = null;
    this._running = null;
    this._timer = null;
    this._reset();
  }
  _reset() {
    this._answer = null;
    this._bytes = new Uint8Array(0);
    this._object = undefined;
  }
  get readyState() { return this._state; }
  get upload() { return this._upload; }
  get timeout() { return this._timeout; }
  set timeout(value) {
    if (this._sync) throw new DOMException("A synchronous request has no timeout", "InvalidAccessError");
    this._timeout = Number(value);
    if (this._running) this._armTimeout();
  }
  get withCredentials() { return this._withCredentials; }
  set withCredentials(value) {
    if ((this._state !== 0 && this._state !== 1) || this._sent) throw new DOMException("Too late", "InvalidStateError");
    this._withCredentials = Boolean(value);
  }

  open(method, url, async = true, username = null, password = null) {
    needs(arguments, 2);
    method = byteString(method);
    if (!host.isToken(method)) throw new DOMException(`${method} is no method`, "SyntaxError");
    if (host.isForbiddenMethod(method)) throw new DOMException(`${method} is forbidden`, "SecurityError");
    const parts = host.urlParse(wellFormed(url), location.href);
    if (parts === undefined) throw new DOMException(`Invalid URL: ${url}`, "SyntaxError");
    const parsed = new URL(parts[0]);
    if (parsed.host !== "") {
      if (username !== null && username !== undefined) parsed.username = String(username);
      if (password !== null && password !== undefined) parsed.password = String(password);
    }
    const sync = arguments.length > 2 && !async;
    if (sync && (this._timeout !== 0 || this._responseType !== "")) throw new DOMException("Not for a synchronous request", "InvalidAccessError");
    this._stop();
    this._sent = false;
    this._method = host.normalizeMethod(method);
    this._url = parsed.href;
    this._sync = sync;
    this._headers = [];
    this._reset();
    if (this._state !== 1) this._enter(1);
  }

  setRequestHeader(name, value) {
    needs(arguments, 2);
    if (this._state !== 1 || this._sent) throw new DOMException("open() comes first", "InvalidStateError");
    name = byteString(name);
    value = host.normalizeHeaderValue(byteString(value));
    if (!host.isToken(name) || !host.isHeaderValue(value)) throw new DOMException("No header", "SyntaxError");
    this._headers.push([name, value]);
  }

  send(body = null) {
    if (this._state !== 1 || this._sent) throw new DOMException("open() comes first", "InvalidStateError");
    if (["GET", "HEAD"].includes(this._method)) body = null;
    const given = body === null || body === undefined ? null : extractBody(body);
    const bytes = given ? given.bytes : null;
    this._total = bytes?.byteLength ?? 0;
    this._uploadComplete = !given;
    this._timedOut = false;
    this._sent = true;
    const message = {
      api: "xhr", uploadListeners: hasListeners(this._upload), url: this._url, method: this._method, headers: this._headers, body: given?.kind ?? "none", bodyType: given?.type ?? "",
      mode: "cors", credentials: this._withCredentials ? "include" : "same-origin", redirect: "follow", cache: "default", referrer: "about:client", referrerPolicy: "",
    };
    this._listened = message.uploadListeners;
    if (this._sync) { this._sendSync(message, bytes); return; }

    fire(this, "loadstart", 0, 0);
    if (!this._uploadComplete && this._listened) fire(this._upload, "loadstart", 0, this._total);
    if (this._state !== 1 || !this._sent) return;
    const run = (this._running = { id: null });
    this._started = performance.now();
    this._armTimeout();
    run.id = send(message, bytes, (answer, body) => { if (this._running === run) this._received(answer, body); });
  }

  _sendSync(message, bytes) {
    const [json, body] = host.sendSync(JSON.stringify(message), bytes === null ? undefined : byteText(bytes));
    const answer = JSON.parse(json);
    this._sent = false;
    this._state = 4;
    if (answer.error !== undefined || answer.bodyError !== undefined) {
      this._reset();
      throw new DOMException(answer.error ?? answer.bodyError, "NetworkError");
    }
    this._answer = answer;
    this._bytes = body;
    this.dispatchEvent(new Event("readystatechange"));
    this._ending("load");
  }

  _armTimeout() {
    clearTimeout(this._timer);
    if (this._timeout === 0) return;
    const left = Math.max(0, this._timeout - (performance.now() - this._started));
    this._timer = setTimeout(() => { this._stop(); this._fail("timeout"); }, left);
  }

  // Stop what runs, without an event.
  _stop() {
    clearTimeout(this._timer);
    if (this._running) { pending.delete(this._running.id); host.cancel(this._running.id); this._running = null; }
  }

  _received(answer, bytes) {
    this._running = null;
    clearTimeout(this._timer);
    if (answer.error !== undefined) { this._fail("error"); return; }
    if (!this._uploadComplete) {
      this._uploadComplete = true;
      if (this._listened) for (const type of ["progress", "load", "loadend"]) fire(this._upload, type, this._total, this._total);
    }
    if (!this._sent) return;
    this._answer = answer;
    const goesOn = () => this._sent && this._answer === answer;
    this._enter(2);
    if (!goesOn()) return;
    if (answer.bodyError !== undefined) { this._fail("error"); return; }
    this._bytes = bytes;
    if (bytes.byteLength > 0) {
      this._enter(3);
      if (!goesOn()) return;
    }
    fire(this, "progress", bytes.byteLength, this._length());
    if (!goesOn()) return;
    this._sent = false;
    this._enter(4);
    if (this._state === 4 && this._answer === answer) this._ending("load");
  }

  _ending(type) {
    fire(this, type, this._bytes.byteLength, this._length());
    fire(this, "loadend", this._bytes.byteLength, this._length());
  }

  _length() {
    const length = this.getResponseHeader("content-length");
    return length !== null && /^\d+$/.test(length) && this.getResponseHeader("content-encoding") === null ? Number(length) : 0;
  }

  // https://xhr.spec.whatwg.org/#request-error-steps
  _fail(type) {
    this._sent = false;
    this._reset();
    this._enter(4);
    if (!this._uploadComplete) {
      this._uploadComplete = true;
      if (this._listened) for (const name of [type, "loadend"]) fire(this._upload, name, 0, 0);
    }
    fire(this, type, 0, 0);
    fire(this, "loadend", 0, 0);
  }

  abort() {
    this._stop();
    if ((this._state === 1 && this._sent) || this._state === 2 || this._state === 3) this._fail("abort");
    if (this._state === 4) { this._state = 0; this._reset(); }
  }

  _enter(state) {
    this._state = state;
    this.dispatchEvent(new Event("readystatechange"));
  }

  get status() { return this._answer?.status ?? 0; }
  get statusText() { return this._answer?.statusText ?? ""; }
  get responseURL() { return this._answer?.url ?? ""; }
  getResponseHeader(name) {
    needs(arguments, 1);
    name = byteString(name);
    return this._answer === null || !host.isToken(name) ? null : headersWith("none", this._answer.headers).get(name);
  }
  getAllResponseHeaders() {
    if (this._answer === null) return "";
    const upper = (text) => text.toUpperCase();
    const names = [...new Set(this._answer.headers.map(([name]) => name.toLowerCase()))].sort((a, b) => (upper(a) < upper(b) ? -1 : upper(a) > upper(b) ? 1 : 0));
    const headers = headersWith("none", this._answer.headers);
    return names.map((name) => `${name}: ${headers.get(name)}\r\n`).join("");
  }
  overrideMimeType(mime) {
    if (this._state === 3 || this._state === 4) throw new DOMException("Too late", "InvalidStateError");
    this._mime = String(mime);
  }
  get responseType() { return this._responseType; }
  set responseType(value) {
    if (this._state === 3 || this._state === 4) throw new DOMException("Too late", "InvalidStateError");
    if (this._sync) throw new DOMException("Not for a synchronous request", "InvalidAccessError");
    if (["", "arraybuffer", "blob", "document", "json", "text"].includes(String(value))) this._responseType = String(value);
  }
  _text() {
    const type = this._mime ?? this.getResponseHeader("content-type") ?? "";
    const label = /;\s*charset="?([^";]*)"?/i.exec(type)?.[1] ?? "utf-8";
    return decode(host.encodingOf(label.trim()) ?? "UTF-8", this._bytes);
  }
  get responseText() {
    if (!["", "text"].includes(this._responseType)) throw new DOMException("The response is no text", "InvalidStateError");
    return this._state < 3 ? "" : this._text();
  }
  // A document with a root element, and nothing in it.
  get responseXML() {
    if (!["", "document"].includes(this._responseType)) throw new DOMException("The response is no document", "InvalidStateError");
    const type = (this._mime ?? this.getResponseHeader("content-type") ?? "text/xml").split(";")[0].trim();
    const root = this._state === 4 && /^(text\/xml|application\/xml|.*\+xml)$/i.test(type) && /^\s*(?:<\?[^>]*>\s*)?<([\w.-]+)[^<>]*>[^<>]*<\/\1>\s*$/.exec(this._text());
    return root ? { documentElement: { localName: root[1] } } : null;
  }
  get response() {
    if (["", "text"].includes(this._responseType)) return this._state < 3 ? "" : this._text();
    if (this._state !== 4 || this._answer === null) return null;
    if (this._object === undefined) {
      if (this._responseType === "arraybuffer") this._object = this._bytes.slice().buffer;
      else if (this._responseType === "blob") this._object = new Blob([this._bytes], { type: this._mime ?? this.getResponseHeader("content-type") ?? "text/xml" });
      else if (this._responseType === "json") { try { this._object = JSON.parse(decode("UTF-8", this._bytes)); } catch { this._object = null; } }
      else this._object = null;
    }
    return this._object;
  }
  get [Symbol.toStringTag]() { return "XMLHttpRequest"; }
};
defineHandlers(XMLHttpRequest.prototype, ["readystatechange"]);
for (const [index, name] of ["UNSENT", "OPENED", "HEADERS_RECEIVED", "LOADING", "DONE"].entries()) {
  for (const target of [XMLHttpRequest, XMLHttpRequest.prototype]) Object.defineProperty(target, name, { enumerable: true, value: index });
}

function fire(target, type, loaded, total) {
  target.dispatchEvent(new ProgressEvent(type, { lengthComputable: total > 0, loaded, total }));
}
