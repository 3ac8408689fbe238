// Runs cases in the page: takes a batch, runs a few cases at a time, hands in what script saw.
"use strict";

const page = location.pathname === "/page-null" ? "page=null" : "page=own";
const PARALLEL = 10;
const PATIENCE = 12000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const BODIES = {
  none: () => undefined,
  text: () => "text",
  form: () => new URLSearchParams("a=b"),
  json: () => new Blob(["{}"], { type: "application/json" }),
  bytes: () => new Uint8Array([1, 2, 3]),
  stream: () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array([1]));
        controller.close();
      },
    }),
};

function failed(error) {
  return { verdict: "error", error: `${error.name}: ${error.message}` };
}

async function byFetch(call, signal) {
  const init = { signal };
  for (const name of ["method", "mode", "credentials", "redirect", "cache", "referrerPolicy"]) {
    if (call[name] !== undefined) init[name] = call[name];
  }
  if (call.headers) init.headers = call.headers;
  if (call.body) init.body = BODIES[call.body]();
  if (call.body === "stream") init.duplex = "half";
  const response = await fetch(call.url, init);
  const seen = {
    verdict: response.type.startsWith("opaque") ? "opaque" : "readable",
    kind: response.type,
    status: response.status,
    headers: [...response.headers],
    redirected: response.redirected,
    url: response.url,
  };
  await response.text().catch(() => {});
  return seen;
}

function byXhr(call, signal) {
  const xhr = new XMLHttpRequest();
  xhr.open(call.method ?? "GET", call.url);
  xhr.withCredentials = call.credentials === "include";
  for (const [name, value] of call.headers ?? []) xhr.setRequestHeader(name, value);
  if (call.api === "xhr-upload") xhr.upload.onprogress = () => {};
  signal.addEventListener("abort", () => xhr.abort());
  return new Promise((resolve, reject) => {
    xhr.onload = () => resolve(loaded(xhr));
    xhr.onerror = () => resolve({ verdict: "error", error: "error event" });
    xhr.onabort = () => reject(signal.reason);
    xhr.send(BODIES[call.body ?? "none"]());
  });
}

function loaded(xhr) {
  const headers = xhr
    .getAllResponseHeaders()
    .split("\r\n")
    .filter((line) => line)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
  return { verdict: "readable", status: xhr.status, headers, url: xhr.responseURL };
}

// What an element or another interface loads: `loaded`, `error`, and `sent` where the page does not learn what became of it.
const LOADS = {
  img: (call) => {
    const image = new Image();
    return element(image, call, "load", () => (mayBeRead(image) ? "readable" : "opaque"));
  },
  script: (call) => element(document.createElement("script"), call, "load"),
  module: (call) => element(Object.assign(document.createElement("script"), { type: "module" }), call, "load"),
  video: (call) => element(document.createElement("video"), call, "loadedmetadata"),
  audio: (call) => element(document.createElement("audio"), call, "loadedmetadata"),
  font: async (call) => {
    await new FontFace("corsac", `url("${call.url}")`).load();
    return "loaded";
  },
  "css-image": async (call) => {
    const box = document.createElement("div");
    box.style.cssText = `position: fixed; top: 0; width: 10px; height: 10px; background-image: url("${call.url}")`;
    document.body.append(box);
    await sleep(1000);
    box.remove();
    return "sent";
  },
  eventsource: (call) =>
    new Promise((resolve) => {
      const source = new EventSource(call.url, { withCredentials: call.credentials === "include" });
      const end = (verdict) => {
        source.close();
        resolve(verdict);
      };
      source.onopen = () => end("loaded");
      source.onerror = () => end("error");
    }),
  websocket: (call) =>
    new Promise((resolve) => {
      const socket = new WebSocket(call.url.replace(/^http/, "ws"));
      socket.onopen = () => resolve("loaded");
      socket.onerror = () => resolve("error");
    }),
  beacon: async (call) => {
    navigator.sendBeacon(call.url, BODIES[call.body ?? "none"]());
    await sleep(1000);
    return "sent";
  },
};

function element(node, call, event, verdict = () => "loaded") {
  if (call.crossorigin !== undefined) node.crossOrigin = call.crossorigin;
  return new Promise((resolve) => {
    const end = (verdict) => {
      node.remove();
      resolve(verdict);
    };
    node.addEventListener(event, () => end(verdict()));
    node.addEventListener("error", () => end("error"));
    node.preload = "auto";
    node.src = call.url;
    document.body.append(node);
  });
}

function mayBeRead(image) {
  const context = document.createElement("canvas").getContext("2d");
  context.drawImage(image, 0, 0);
  try {
    context.getImageData(0, 0, 1, 1);
    return true;
  } catch {
    return false;
  }
}

async function byLoad(call) {
  const patience = sleep(PATIENCE).then(() => "timeout");
  return { verdict: await Promise.race([LOADS[call.as](call), patience]) };
}

async function run(call) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    if (call.as) return await byLoad(call);
    return await (call.api ? byXhr : byFetch)(call, abort.signal);
  } catch (error) {
    return abort.signal.aborted ? { verdict: "timeout" } : failed(error);
  } finally {
    clearTimeout(timer);
  }
}

async function runCase({ id, steps }) {
  const calls = [];
  for (const step of steps) {
    if (step.wait !== undefined) await sleep(step.wait);
    else if (step.together) calls.push(...(await Promise.all(step.together.map(run))));
    else calls.push(await run(step));
  }
  return { id, calls };
}

async function work() {
  for (;;) {
    try {
      const batch = await (await fetch(`/control/next?${page}`)).json();
      const results = [];
      const worker = async () => {
        while (batch.length) results.push(await runCase(batch.shift()));
      };
      const waits = (item) => item.steps.some((step) => step.wait !== undefined);
      const waiting = batch.filter(waits).map(runCase);
      const rest = batch.filter((item) => !waits(item));
      batch.splice(0, batch.length, ...rest);
      await Promise.all(Array.from({ length: PARALLEL }, worker));
      results.push(...(await Promise.all(waiting)));
      if (results.length) await fetch("/control/done", { method: "POST", body: JSON.stringify(results) });
    } catch (error) {
      await sleep(200);
    }
  }
}

work();
