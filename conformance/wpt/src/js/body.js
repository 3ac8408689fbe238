// What bodies are made of: text, Blob, FormData; and the Body mixin of Request and Response.

globalThis.TextEncoder = class TextEncoder {
  get encoding() { return "utf-8"; }
  encode(text = "") { return utf8(text); }
};

globalThis.TextDecoder = class TextDecoder {
  constructor(label = "utf-8", options = {}) {
    this.encoding = host.encodingOf(String(label));
    if (this.encoding === undefined) throw new RangeError(`No encoding ${label}`);
    this.fatal = Boolean(options.fatal);
    this.ignoreBOM = Boolean(options.ignoreBOM);
  }
  decode(source) {
    const text = decode(this.encoding, source === undefined ? new Uint8Array(0) : bytesOf(source), this.fatal, this.ignoreBOM);
    if (text === undefined) throw new TypeError("The bytes are not valid");
    return text;
  }
};

globalThis.Blob = class Blob {
  constructor(parts = [], options = {}) {
    if (typeof parts !== "object" || parts === null || typeof parts[Symbol.iterator] !== "function") throw new TypeError("Blob needs a sequence");
    this._bytes = concat([...parts].map((part) => {
      if (part instanceof Blob) return part._bytes;
      return part instanceof ArrayBuffer || ArrayBuffer.isView(part) ? bytesOf(part) : utf8(part);
    }));
    const type = String(options?.type ?? "");
    this.type = /[^\x20-\x7e]/.test(type) ? "" : type.toLowerCase();
  }
  get size() { return this._bytes.byteLength; }
  slice(start = 0, end = this.size, type = "") { return new Blob([this._bytes.slice(start, end)], { type }); }
  async arrayBuffer() { return this._bytes.slice().buffer; }
  async bytes() { return this._bytes.slice(); }
  async text() { return decode("UTF-8", this._bytes); }
  stream() { return streamOf(Promise.resolve(this._bytes)); }
  get [Symbol.toStringTag]() { return "Blob"; }
};

globalThis.File = class File extends Blob {
  constructor(parts, name, options = {}) {
    super(parts, options);
    this.name = wellFormed(name);
    this.lastModified = options.lastModified ?? Date.now();
  }
  get [Symbol.toStringTag]() { return "File"; }
};

globalThis.FormData = class FormData {
  constructor() { this._list = []; }
  _entry(name, value, filename) {
    if (!(value instanceof Blob)) return [wellFormed(name), wellFormed(value)];
    if (value instanceof File && filename === undefined) return [wellFormed(name), value];
    return [wellFormed(name), new File([value], filename ?? "blob", { type: value.type })];
  }
  append(name, value, filename) { this._list.push(this._entry(name, value, filename)); }
  set(name, value, filename) { this.delete(name); this.append(name, value, filename); }
  delete(name) { this._list = this._list.filter(([key]) => key !== String(name)); }
  get(name) { return this._list.find(([key]) => key === String(name))?.[1] ?? null; }
  getAll(name) { return this._list.filter(([key]) => key === String(name)).map(([, value]) => value); }
  has(name) { return this._list.some(([key]) => key === String(name)); }
  get [Symbol.toStringTag]() { return "FormData"; }
};
makeIterable(FormData.prototype, (form) => form._list);

// https://html.spec.whatwg.org/#multipart-form-data
function multipart(form, boundary) {
  const escape = (text) => text.replace(/\r\n|\r|\n/g, "%0D%0A").replace(/"/g, "%22");
  const chunks = [];
  for (const [name, value] of form._list) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"`;
    if (value instanceof File) {
      chunks.push(utf8(`${head}; filename="${escape(value.name)}"\r\nContent-Type: ${value.type || "application/octet-stream"}\r\n\r\n`), value._bytes, utf8("\r\n"));
    } else {
      chunks.push(utf8(`${head}\r\n\r\n${value.replace(/\r\n|\r|\n/g, "\r\n")}\r\n`));
    }
  }
  return concat([...chunks, utf8(`--${boundary}--\r\n`)]);
}

// https://fetch.spec.whatwg.org/#concept-bodyinit-extract: { bytes, type } or { stream }
function extractBody(source) {
  if (source instanceof ReadableStream) {
    if (source._disturbed || source.locked) throw new TypeError("The stream is disturbed or locked");
    return { stream: source, kind: "stream", type: null };
  }
  if (source instanceof Blob) return { bytes: source._bytes, kind: "blob", type: source.type === "" ? null : source.type };
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return { bytes: bytesOf(source), kind: "bytes", type: null };
  if (source instanceof FormData) {
    const boundary = "----formdata-" + host.uuid();
    return { bytes: multipart(source, boundary), kind: "blob", type: `multipart/form-data; boundary=${boundary}` };
  }
  if (source instanceof URLSearchParams) return { bytes: utf8(source.toString()), kind: "form", type: "application/x-www-form-urlencoded;charset=UTF-8" };
  return { bytes: utf8(source), kind: "text", type: "text/plain;charset=UTF-8" };
}

// `_body` is null, or { stream, bytes?, source } where `bytes` are the same, for sending.
function bodyFrom({ stream, bytes }) {
  return { stream: stream ?? streamOf(Promise.resolve(bytes)), bytes: bytes ?? null };
}

async function drain(stream) {
  const reader = stream.getReader();
  const chunks = [];
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    if (!(step.value instanceof Uint8Array)) throw new TypeError("A chunk is not a Uint8Array");
    chunks.push(step.value);
  }
  return concat(chunks);
}

function mixInBody(prototype) {
  const consume = async (owner, convert) => {
    if (isUnusable(owner)) throw new TypeError("The body is disturbed or locked");
    return convert(owner._body === null ? new Uint8Array(0) : await drain(owner._body.stream));
  };
  const methods = {
    arrayBuffer() { return consume(this, (bytes) => bytes.slice().buffer); },
    bytes() { return consume(this, (bytes) => bytes.slice()); },
    blob() {
      const type = this.headers.get("content-type") ?? "";
      return consume(this, (bytes) => new Blob([bytes], { type: host.isMimeType(type) ? type : "" }));
    },
    text() { return consume(this, (bytes) => decode("UTF-8", bytes)); },
    json() { return consume(this, (bytes) => JSON.parse(decode("UTF-8", bytes))); },
    formData() {
      const type = this.headers.get("content-type") ?? "";
      return consume(this, (bytes) => {
        const boundary = /^multipart\/form-data\s*;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
        const form = new FormData();
        if (boundary !== undefined) form._list = parseMultipart(byteText(bytes), boundary);
        else if (/^application\/x-www-form-urlencoded/i.test(type)) form._list = host.formParse(decode("UTF-8", bytes));
        else throw new TypeError("Not form data");
        return form;
      });
    },
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(prototype, name, { configurable: true, enumerable: true, writable: true, value });
  Object.defineProperty(prototype, "body", { configurable: true, enumerable: true, get() { return this._body === null ? null : this._body.stream; } });
  Object.defineProperty(prototype, "bodyUsed", { configurable: true, enumerable: true, get() { return this._body !== null && this._body.stream._disturbed; } });
}

// https://andreubotella.github.io/multipart-form-data/#multipart-form-data-parser, over a string of one character for each byte.
function parseMultipart(text, boundary) {
  const utf8Text = (part) => decode("UTF-8", Uint8Array.from(part, (character) => character.charCodeAt(0)));
  const pieces = ("\r\n" + text).split(`\r\n--${boundary}`);
  if (pieces.length < 2 || pieces[0] !== "" || !/^--/.test(pieces.at(-1))) throw new TypeError("Not form data");
  return pieces.slice(1, -1).map((piece) => {
    const [, head, content] = /^\r\n([^]*?)\r\n\r\n([^]*)$/.exec(piece) ?? [];
    const name = /^content-disposition:\s*form-data;.*?\bname="([^"]*)"/im.exec(head ?? "")?.[1];
    if (name === undefined) throw new TypeError("Not form data");
    const unescape = (quoted) => utf8Text(quoted.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%22", '"'));
    const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    if (filename === undefined) return [unescape(name), utf8Text(content)];
    const type = /^content-type:\s*(.*)$/im.exec(head)?.[1] ?? "text/plain";
    return [unescape(name), new File([Uint8Array.from(content, (character) => character.charCodeAt(0))], unescape(filename), { type })];
  });
}

function isUnusable(owner) {
  return owner._body !== null && (owner._body.stream._disturbed || owner._body.stream.locked);
}

function cloneBody(owner) {
  if (owner._body === null) return null;
  const [first, second] = teeStream(owner._body.stream, structuredClone);
  const copy = { stream: second, bytes: owner._body.bytes };
  owner._body = { stream: first, bytes: owner._body.bytes };
  return copy;
}
