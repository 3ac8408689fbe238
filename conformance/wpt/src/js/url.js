// URL and URLSearchParams over the `url` crate.

const partNames = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];

globalThis.URL = class URL {
  constructor(url, base) {
    if (arguments.length === 0) throw new TypeError("URL needs a string");
    const parts = host.urlParse(wellFormed(url), base === undefined ? undefined : wellFormed(base));
    if (parts === undefined) throw new TypeError(`Invalid URL: ${url}`);
    this._set(parts);
    this._params = new URLSearchParams(this._parts.search);
    this._params._url = this;
  }
  _set(parts) { this._parts = Object.fromEntries(parts.map((part, index) => [partNames[index], part])); }
  _change(name, value) {
    const parts = host.urlSet(this._parts.href, name, wellFormed(value));
    if (parts === undefined) throw new TypeError(`Invalid URL: ${value}`);
    this._set(parts);
  }
  get searchParams() { return this._params; }
  toString() { return this._parts.href; }
  toJSON() { return this._parts.href; }
  static canParse(url, base) { return host.urlParse(wellFormed(url), base === undefined ? undefined : wellFormed(base)) !== undefined; }
  static parse(url, base) { return URL.canParse(url, base) ? new URL(url, base) : null; }
  static createObjectURL(blob) {
    const url = `blob:${location.origin}/${host.uuid()}`;
    blobUrls.set(url, blob);
    return url;
  }
  static revokeObjectURL(url) { blobUrls.delete(String(url)); }
  get [Symbol.toStringTag]() { return "URL"; }
};

const blobUrls = new Map();

for (const name of partNames) {
  Object.defineProperty(URL.prototype, name, {
    configurable: true,
    enumerable: true,
    get() { return this._parts[name]; },
    set: name === "origin" ? undefined : function (value) {
      this._change(name, value);
      if (name === "search" || name === "href") this._params._list = host.formParse(this._parts.search.slice(1));
    },
  });
}

globalThis.URLSearchParams = class URLSearchParams {
  constructor(init = "") {
    this._list = [];
    this._url = null;
    if (typeof init === "object" && init !== null) {
      for (const [name, value] of pairsOf(init, (text) => wellFormed(text))) this._list.push([name, value]);
    } else {
      this._list = host.formParse(wellFormed(init).replace(/^\?/, ""));
    }
  }
  _update() { if (this._url) this._url._change("search", this.toString()); }
  append(name, value) { this._list.push([wellFormed(name), wellFormed(value)]); this._update(); }
  delete(name, value) {
    this._list = this._list.filter(([key, item]) => key !== String(name) || (value !== undefined && item !== String(value)));
    this._update();
  }
  get(name) { return this._list.find(([key]) => key === String(name))?.[1] ?? null; }
  getAll(name) { return this._list.filter(([key]) => key === String(name)).map(([, value]) => value); }
  has(name, value) { return this._list.some(([key, item]) => key === String(name) && (value === undefined || item === String(value))); }
  set(name, value) {
    const first = this._list.findIndex(([key]) => key === String(name));
    if (first < 0) this._list.push([wellFormed(name), wellFormed(value)]);
    else {
      this._list[first][1] = wellFormed(value);
      this._list = this._list.filter(([key], index) => key !== String(name) || index === first);
    }
    this._update();
  }
  sort() { this._list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this._update(); }
  toString() { return host.formSerialize(this._list); }
  get size() { return this._list.length; }
  get [Symbol.toStringTag]() { return "URLSearchParams"; }
};
makeIterable(URLSearchParams.prototype, (params) => params._list);

function wellFormed(value) {
  return String(value).toWellFormed();
}
