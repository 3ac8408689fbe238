// Events of the DOM standard, as far as scripts without a document meet them: EventTarget, Event, AbortController.

const handlerKey = Symbol("event handlers");

globalThis.Event = class Event {
  constructor(type, init = {}) {
    if (arguments.length === 0) throw new TypeError("Event needs a type");
    this.type = String(type);
    this.bubbles = Boolean(init.bubbles);
    this.cancelable = Boolean(init.cancelable);
    this.composed = Boolean(init.composed);
    this.defaultPrevented = false;
    this.target = null;
    this.currentTarget = null;
    this.eventPhase = 0;
    this.isTrusted = false;
    this.timeStamp = performance.now();
    this._stopped = false;
  }
  preventDefault() { if (this.cancelable) this.defaultPrevented = true; }
  stopPropagation() {}
  stopImmediatePropagation() { this._stopped = true; }
  composedPath() { return this.currentTarget ? [this.currentTarget] : []; }
  get [Symbol.toStringTag]() { return "Event"; }
};

globalThis.ProgressEvent = class ProgressEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    this.lengthComputable = Boolean(init.lengthComputable);
    this.loaded = Number(init.loaded ?? 0);
    this.total = Number(init.total ?? 0);
  }
  get [Symbol.toStringTag]() { return "ProgressEvent"; }
};

globalThis.CustomEvent = class CustomEvent extends Event {
  constructor(type, init = {}) { super(type, init); this.detail = init.detail ?? null; }
};

globalThis.MessageEvent = class MessageEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    this.data = init.data ?? null;
    this.origin = init.origin ?? "";
    this.source = init.source ?? null;
  }
};

globalThis.ErrorEvent = class ErrorEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    for (const key of ["message", "filename", "lineno", "colno", "error"]) this[key] = init[key];
  }
};

globalThis.PromiseRejectionEvent = class PromiseRejectionEvent extends Event {
  constructor(type, init = {}) { super(type, init); this.promise = init.promise; this.reason = init.reason; }
};

globalThis.EventTarget = class EventTarget {
  addEventListener(type, callback, options) {
    if (callback === null || callback === undefined) return;
    const once = typeof options === "object" && options !== null && Boolean(options.once);
    const signal = typeof options === "object" && options !== null ? options.signal : undefined;
    if (signal && signal.aborted) return;
    const list = listenersOf(this, String(type));
    if (!list.some((one) => one.callback === callback)) list.push({ callback, once, removed: false });
    if (signal) signal.addEventListener("abort", () => this.removeEventListener(type, callback));
  }
  removeEventListener(type, callback) {
    const list = listenersOf(this, String(type));
    const index = list.findIndex((one) => one.callback === callback);
    if (index >= 0) { list[index].removed = true; list.splice(index, 1); }
  }
  dispatchEvent(event) {
    event.target = event.currentTarget = this;
    event.eventPhase = 2;
    for (const one of [...listenersOf(this, event.type)]) {
      if (one.removed) continue;
      if (one.once) this.removeEventListener(event.type, one.callback);
      try {
        if (typeof one.callback === "function") one.callback.call(this, event);
        else one.callback.handleEvent(event);
      } catch (error) {
        reportException(error);
      }
      if (event._stopped) break;
    }
    event.currentTarget = null;
    event.eventPhase = 0;
    return !event.defaultPrevented;
  }
  get [Symbol.toStringTag]() { return "EventTarget"; }
};

function listenersOf(target, type) {
  target = target === undefined || target === null ? globalThis : target;
  if (!Object.hasOwn(target, handlerKey)) Object.defineProperty(target, handlerKey, { value: { listeners: new Map(), handlers: new Map() } });
  const map = target[handlerKey].listeners;
  if (!map.has(type)) map.set(type, []);
  return map.get(type);
}

function hasListeners(target) {
  return Object.hasOwn(target, handlerKey) && [...target[handlerKey].listeners.values()].some((list) => list.length > 0);
}

// `onload` and its like: a handler keeps the place in the order of listeners at which it was first set.
function defineHandlers(prototype, types) {
  for (const type of types) {
    Object.defineProperty(prototype, "on" + type, {
      configurable: true,
      enumerable: true,
      get() { listenersOf(this, type); return (this ?? globalThis)[handlerKey].handlers.get(type)?.value ?? null; },
      set(value) {
        const list = listenersOf(this, type);
        const handlers = (this ?? globalThis)[handlerKey].handlers;
        const callable = typeof value === "function" || (typeof value === "object" && value !== null);
        if (!callable) {
          const index = list.findIndex((one) => one.callback === handlers.get(type)?.run);
          if (index >= 0) { list[index].removed = true; list.splice(index, 1); }
          handlers.delete(type);
          return;
        }
        const existing = handlers.get(type);
        if (existing) { existing.value = value; return; }
        const entry = { value, run: null };
        entry.run = function (event) {
          if (typeof entry.value !== "function") return;
          if (type === "error" && this === globalThis) entry.value.call(this, event.message, event.filename, event.lineno, event.colno, event.error);
          else if (entry.value.call(this, event) === false) event.preventDefault();
        };
        handlers.set(type, entry);
        list.push({ callback: entry.run, once: false, removed: false });
      },
    });
  }
}

// https://html.spec.whatwg.org/#report-an-exception
function reportException(error) {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const handled = globalThis.dispatchEvent(new ErrorEvent("error", { message, filename: location.href, lineno: 0, colno: 0, error, cancelable: true }));
  if (handled) host.log("uncaught " + message + "\n" + (error?.stack ?? ""));
}

const signalKey = Symbol("construct");

globalThis.AbortSignal = class AbortSignal extends EventTarget {
  constructor(key) {
    if (key !== signalKey) throw new TypeError("Illegal constructor");
    super();
    this._aborted = false;
    this._reason = undefined;
  }
  get aborted() { return this._aborted; }
  get reason() { return this._reason; }
  throwIfAborted() { if (this._aborted) throw this._reason; }
  static abort(reason) { const signal = new AbortSignal(signalKey); signalAbort(signal, reason); return signal; }
  static timeout(milliseconds) {
    const signal = new AbortSignal(signalKey);
    setTimeout(() => signalAbort(signal, new DOMException("The time is over", "TimeoutError")), milliseconds);
    return signal;
  }
  static any(signals) {
    const result = new AbortSignal(signalKey);
    for (const signal of signals) {
      if (signal.aborted) { signalAbort(result, signal.reason); return result; }
    }
    for (const signal of signals) signal.addEventListener("abort", () => signalAbort(result, signal.reason));
    return result;
  }
  get [Symbol.toStringTag]() { return "AbortSignal"; }
};
defineHandlers(AbortSignal.prototype, ["abort"]);

function signalAbort(signal, reason) {
  if (signal._aborted) return;
  signal._aborted = true;
  signal._reason = reason === undefined ? new DOMException("The operation was aborted", "AbortError") : reason;
  signal.dispatchEvent(new Event("abort"));
}

globalThis.AbortController = class AbortController {
  constructor() { this._signal = new AbortSignal(signalKey); }
  get signal() { return this._signal; }
  abort(reason) { signalAbort(this._signal, reason); }
  get [Symbol.toStringTag]() { return "AbortController"; }
};
