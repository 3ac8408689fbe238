// What a browser does with a request and its answers: from the core in this page where it is there as wasm, otherwise from the binary.
import { ApiError, call } from "./api.js";

const WASM = "../wasm/corsac_wasm.js";
const WASM_CODE = "../wasm/corsac_wasm_bg.wasm";
const LONGEST_WAIT = 10_000;

/** Returns `true` if a verdict can be had: an export without the wasm has neither it nor a binary to ask. */
export const canPlay = () => hasWasm() || isServed();

/** Returns `true` if `corsac ui` serves this page, so that Prove and Policy are there as well. */
export const isServed = () => document.body.dataset.served !== "export";

/**
 * What happens to a request.
 * @param {object} value PLAY: the request, and how the server answers
 * @returns {Promise<object>} PLAYED: the verdict, the trace, the marks, or the error of one field
 */
export const play = (value) => through("play", value);

/**
 * The same state without what is secret in it, for links.
 * @param {object} value PLAY
 * @returns {Promise<object>}
 */
export const share = (value) => through("share", value);

async function through(name, value) {
  const wasm = hasWasm() ? await core() : null;
  if (wasm) return JSON.parse(wasm[name](JSON.stringify(value)));
  if (!isServed()) throw new ApiError("The core could not be loaded as wasm, and nothing else here can answer. Reload this page.");
  return call(`api/${name}`, value, { signal: AbortSignal.timeout(LONGEST_WAIT) });
}

const hasWasm = () => "wasm" in document.body.dataset;

let loading = null;

/** The module, or `null` where the browser does not run it. */
function core() {
  loading ??= import(WASM).then(async (module) => {
    await module.default({ module_or_path: new URL(WASM_CODE, import.meta.url) });
    return module;
  }).catch((error) => {
    console.warn("The core does not run here as wasm; the binary answers instead.", error);
    return null;
  });
  return loading;
}
