// ReadableStream as bodies use it: one source, one reader, chunks in order. No back-pressure and no byob readers.

globalThis.ReadableStream = class ReadableStream {
  constructor(source = {}) {
    this._queue = [];
    this._state = "readable";
    this._error = undefined;
    this._reader = null;
    this._waiting = [];
    this._disturbed = false;
    this._source = source;
    this._pulling = false;
    const stream = this;
    this._controller = {
      get desiredSize() { return stream._state === "readable" ? 1 - stream._queue.length : 0; },
      enqueue(chunk) {
        if (stream._state !== "readable" || stream._closing) throw new TypeError("The stream is closed");
        stream._queue.push(chunk);
        settle(stream);
      },
      close() { stream._closing = true; settle(stream); },
      error(reason) { stream._fail(reason); },
    };
    const started = source.start === undefined ? undefined : source.start(this._controller);
    this._started = Promise.resolve(started).catch((reason) => this._fail(reason));
  }
  get locked() { return this._reader !== null; }
  getReader(options) {
    if (this._reader) throw new TypeError("The stream is locked");
    if (options !== undefined && options.mode !== undefined && options.mode !== "byob") throw new TypeError("mode is byob or nothing");
    return (this._reader = new ReadableStreamDefaultReader(readerKey, this));
  }
  cancel(reason) {
    if (this._reader) return Promise.reject(new TypeError("The stream is locked"));
    return cancelStream(this, reason);
  }
  tee() { return teeStream(this, (chunk) => chunk); }
  async pipeTo(destination) {
    const reader = this.getReader();
    const writer = destination.getWriter();
    for (let step = await reader.read(); !step.done; step = await reader.read()) await writer.write(step.value);
    await writer.close();
  }
  async *[Symbol.asyncIterator]() {
    const reader = this.getReader();
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  }
  _fail(reason) {
    if (this._state !== "readable") return;
    this._state = "errored";
    this._error = reason;
    this._queue = [];
    settle(this);
  }
  get [Symbol.toStringTag]() { return "ReadableStream"; }
};

const readerKey = Symbol("construct");

globalThis.ReadableStreamDefaultReader = class ReadableStreamDefaultReader {
  constructor(key, stream) {
    if (key !== readerKey) return key.getReader();
    this._stream = stream;
    this._closed = Promise.withResolvers();
    this._closed.promise.catch(() => {});
    settle(stream);
  }
  get closed() { return this._closed.promise; }
  read() {
    if (!this._stream) return Promise.reject(new TypeError("The reader is released"));
    const stream = this._stream;
    stream._disturbed = true;
    const step = Promise.withResolvers();
    stream._waiting.push(step);
    settle(stream);
    return step.promise;
  }
  cancel(reason) { return this._stream ? cancelStream(this._stream, reason) : Promise.reject(new TypeError("The reader is released")); }
  releaseLock() { if (this._stream) { this._stream._reader = null; this._stream = null; } }
};

function cancelStream(stream, reason) {
  stream._disturbed = true;
  if (stream._state === "errored") return Promise.reject(stream._error);
  if (stream._state === "closed") return Promise.resolve();
  stream._queue = [];
  stream._closing = true;
  settle(stream);
  return Promise.resolve(stream._source.cancel?.(reason)).then(() => undefined);
}

function settle(stream) {
  while (stream._waiting.length > 0 && stream._queue.length > 0) stream._waiting.shift().resolve({ value: stream._queue.shift(), done: false });
  if (stream._closing && stream._queue.length === 0 && stream._state === "readable") stream._state = "closed";
  if (stream._state === "closed") {
    for (const step of stream._waiting.splice(0)) step.resolve({ value: undefined, done: true });
    stream._reader?._closed?.resolve();
  } else if (stream._state === "errored") {
    for (const step of stream._waiting.splice(0)) step.reject(stream._error);
    stream._reader?._closed?.reject(stream._error);
  } else if (stream._waiting.length > 0 && stream._source.pull && !stream._pulling) {
    stream._pulling = true;
    stream._started
      .then(() => stream._source.pull(stream._controller))
      .then(() => { stream._pulling = false; settle(stream); }, (reason) => stream._fail(reason));
  }
}

// A stream over bytes that are here, or will be: `promise` gives a Uint8Array, or fails. `broken`: the error in which it ends after them.
function streamOf(promise, broken = null) {
  return new ReadableStream({
    async pull(controller) {
      const bytes = await promise;
      if (bytes.byteLength > 0) controller.enqueue(bytes.slice());
      if (broken === null) controller.close();
      else controller.error(broken);
    },
  });
}

// https://streams.spec.whatwg.org/#readable-stream-tee; a body's clone gets copies of the chunks.
function teeStream(stream, copy) {
  const reader = stream.getReader();
  const controllers = [];
  const branch = () => new ReadableStream({ start(controller) { controllers.push(controller); } });
  const branches = [branch(), branch()];
  const open = () => controllers.filter((controller, index) => branches[index]._state === "readable" && !branches[index]._closing);
  const pump = () => reader.read().then(({ value, done }) => {
    for (const controller of open()) {
      if (done) controller.close();
      else controller.enqueue(controller === controllers[0] ? value : copy(value));
    }
    return done ? undefined : pump();
  }, (reason) => controllers.forEach((controller) => controller.error(reason)));
  pump();
  return branches;
}
