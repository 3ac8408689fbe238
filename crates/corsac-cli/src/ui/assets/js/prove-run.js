// One situation, for real: the binary opens origins that answer as the situation says, and this browser asks them.
import { call } from "./api.js";
import { compare, gotError, gotResponse, predictionFor } from "./prove-compare.js";

const LONGEST_WAIT = 15_000;

/**
 * Runs one situation in this browser.
 * @param {object} play PLAY
 * @param {string} engine "chromium", "firefox" or "webkit"
 * @param {{signal: AbortSignal, predicted: (predicted: object) => void}} options `predicted` is called before the browser sends anything
 * @returns {Promise<{state: "agree"|"differ"|"cannot", reason?: string, predicted?: object, got?: object, verdict?: string, differences?: string[], seen?: object[], profile?: object|null}>}
 */
export async function prove(play, engine, { signal, predicted: tell }) {
  const opened = await call("api/prove", { play, engine }, { signal });
  if (opened.cannot) return { state: "cannot", reason: opened.cannot };
  if (opened.prediction.error) return { state: "cannot", reason: opened.prediction.error.message };
  const predicted = predictionFor(opened.prediction, engine, opened.play);
  tell(predicted);
  const got = await send(opened.call, signal);
  if (got.reason) return { state: "cannot", reason: got.reason, predicted };
  const { seen } = await call("api/prove/seen", { id: opened.id }, { signal });
  const { verdict, differences } = compare(predicted, got, seen);
  return { state: differences.length ? "differ" : "agree", predicted, got, verdict, differences, seen, profile: opened.profile ?? null };
}

/** The page's own request. Whatever the page's own rules stop is no answer about CORS. */
async function send({ url, init }, signal) {
  const { origin } = new URL(url);
  let stopped = false;
  const watch = (event) => { stopped ||= event.blockedURI.startsWith(origin); };
  document.addEventListener("securitypolicyviolation", watch);
  const limit = AbortSignal.timeout(LONGEST_WAIT);
  try {
    const response = await fetch(url, { ...init, body: init.body ?? undefined, signal: AbortSignal.any([signal, limit]) });
    return gotResponse(response);
  } catch (error) {
    if (signal.aborted) throw error;
    if (limit.aborted) return { reason: `No answer came within ${LONGEST_WAIT / 1000} seconds.` };
    if (stopped) return { reason: "The page’s own Content-Security-Policy stopped the request." };
    return gotError(error);
  } finally {
    document.removeEventListener("securitypolicyviolation", watch);
  }
}

/**
 * Does something for each item, with at most `limit` at a time, in their order.
 * @template T
 * @param {number} limit
 * @param {T[]} items
 * @param {(item: T) => Promise<void>} act
 * @param {AbortSignal} [signal] what has not begun when it aborts is left out
 */
export async function atMost(limit, items, act, signal) {
  const rest = [...items];
  const worker = async () => {
    while (rest.length > 0 && !signal?.aborted) await act(rest.shift());
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
