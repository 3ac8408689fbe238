// The conversions of Web IDL that the interfaces share.

// A ByteString: every code unit is a byte.
function byteString(value) {
  const text = String(value);
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 255) throw new TypeError(`Cannot convert ${JSON.stringify(text)} to a ByteString`);
  }
  return text;
}

// (sequence<sequence<T>> or record<T, T>), with the property accesses that Web IDL prescribes.
function pairsOf(init, convert) {
  const method = init[Symbol.iterator];
  if (method !== undefined && method !== null) {
    if (typeof method !== "function") throw new TypeError("Symbol.iterator is not a function");
    const pairs = [];
    for (const item of iterateWith(init, method)) {
      if ((typeof item !== "object" && typeof item !== "function") || item === null) throw new TypeError("Not a sequence");
      const inner = item[Symbol.iterator];
      if (typeof inner !== "function") throw new TypeError("Not a sequence");
      const pair = [...iterateWith(item, inner)].map(convert);
      if (pair.length !== 2) throw new TypeError("A pair has two items");
      pairs.push(pair);
    }
    return pairs;
  }
  const record = new Map();
  for (const key of Reflect.ownKeys(init)) {
    const property = Reflect.getOwnPropertyDescriptor(init, key);
    if (property === undefined || !property.enumerable) continue;
    if (typeof key === "symbol") throw new TypeError("A symbol is no key of a record");
    const name = convert(key);
    record.set(name, convert(init[key]));
  }
  return [...record];
}

function iterateWith(object, method) {
  return { [Symbol.iterator]: () => method.call(object) };
}

// An iterable declaration: the iterators look at the list as it is when they are asked.
function makeIterable(prototype, listOf) {
  const iteratorPrototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
  Object.defineProperty(iteratorPrototype, "next", {
    configurable: true,
    enumerable: true,
    writable: true,
    value: function next() {
      const list = listOf(this._target);
      if (this._index >= list.length) return { value: undefined, done: true };
      const [name, value] = list[this._index];
      this._index += 1;
      return { value: this._kind === "keys" ? name : this._kind === "values" ? value : [name, value], done: false };
    },
  });
  const iterator = (target, kind) => {
    listOf(target);
    const made = Object.create(iteratorPrototype);
    Object.defineProperties(made, {
      _target: { value: target },
      _kind: { value: kind },
      _index: { value: 0, writable: true },
    });
    return made;
  };
  const method = (name, value) => Object.defineProperty(prototype, name, { configurable: true, enumerable: true, writable: true, value });
  method("entries", function entries() { return iterator(this, "entries"); });
  method("keys", function keys() { return iterator(this, "keys"); });
  method("values", function values() { return iterator(this, "values"); });
  method("forEach", function forEach(callback, thisArg) {
    if (typeof callback !== "function") throw new TypeError("forEach needs a function");
    for (let index = 0; index < listOf(this).length; index += 1) {
      const [name, value] = listOf(this)[index];
      callback.call(thisArg, value, name, this);
    }
  });
  Object.defineProperty(prototype, Symbol.iterator, { configurable: true, writable: true, value: prototype.entries });
}

function enumValue(what, value, allowed) {
  const text = String(value);
  if (!allowed.includes(text)) throw new TypeError(`${JSON.stringify(text)} is no ${what}`);
  return text;
}

const utf8 = (text) => host.encode(wellFormed(text));

function bytesOf(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source.slice(0));
  return new Uint8Array(source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength));
}

function concat(chunks) {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) { whole.set(chunk, offset); offset += chunk.byteLength; }
  return whole;
}

// To the host, bytes go as a string of one character for each.
function byteText(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return text;
}

const decode = (label, bytes, fatal = false, ignoreBOM = false) => host.decode(label, byteText(bytes), fatal, ignoreBOM);
