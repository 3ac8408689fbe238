// Sending: the calls that make the binary ask a server.
import { call } from "./api.js";
import { BLANK, requestFrom } from "./ask-request.js";

const EVERY = 2000;

/**
 * Asks once, or every two seconds until an answer comes.
 * @param {Object} value what `api/ask` takes
 * @param {{tries: number, signal: AbortSignal, onTry: (done: number) => (() => void)}} options `tries` at most; `onTry` is told how many were made
 *   before, and gives back what to call after this one
 * @returns {Promise<Object>} what `api/ask` gave, with an answer or without
 */
export async function untilAnswered(value, { tries, signal, onTry }) {
  for (let done = 0; ; done += 1) {
    const after = onTry(done);
    try {
      const result = await call("api/ask", value, { signal });
      const answered = (result.report.exchanges ?? []).some((exchange) => exchange.response);
      if (answered || done + 1 >= tries) return result;
      await pause(EVERY, signal);
    } finally {
      after();
    }
  }
}

function pause(time, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}

/**
 * The request for links, history and exports.
 * @param {Object} request as it was typed
 * @param {Object} report which has no secrets either; what only the request holds is lost if it cannot be redacted
 * @returns {Promise<Object>}
 */
export async function withoutSecrets(request, report) {
  const shared = await call("api/share", request).catch(() => null);
  const { url, origin, method, mode, credentials } = report.request;
  return requestFrom(shared) ?? { ...BLANK, url, origin, method, mode, credentials };
}
