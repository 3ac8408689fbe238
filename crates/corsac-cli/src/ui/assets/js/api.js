// The calls to the binary that serves this page. Each carries the token that came in the fragment of the link that `corsac ui` printed.

const KEY = "corsac-token";
let held = null;

const fragment = new URLSearchParams(globalThis.location?.hash.slice(1) ?? "");
if (fragment.has("token")) {
  keep(fragment.get("token"));
  fragment.delete("token");
  const rest = fragment.toString();
  history.replaceState(history.state, "", location.pathname + location.search + (rest ? `#${rest}` : ""));
}

function keep(token) {
  held = token;
  try {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
  } catch { /* storage is off: memory is enough until the next page */ }
}

/** The token of this window, or `null`. Never put it into a link or a file. */
export function token() {
  if (held === null) {
    try { held = sessionStorage.getItem(KEY); } catch { /* storage is off */ }
  }
  return held;
}

/** The address of the page of Read about a code. */
export const readPage = (code) => fromRoot(`read/${encodeURIComponent(code)}.html`);

/** Why a call gave no answer. `message` is a sentence for people, in which backquotes mark code. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{status?: number, field?: string|null, needs?: string|null}} [facts] `status` is 0 where no answer came at all,
   *   `field` names the field that is wrong, `needs` is "confirmation" for an unsafe method
   */
  constructor(message, { status = 0, field = null, needs = null } = {}) {
    super(message);
    this.name = "ApiError";
    Object.assign(this, { status, field, needs });
  }
}

/** The address of a file or a call of this page, wherever it is served: `fromRoot("demo.json")`. */
export const fromRoot = (path) => new URL(`../${path}`, import.meta.url);

/**
 * Calls the API.
 * @param {string} path "api/ask"
 * @param {*} value sent as JSON; a `Blob` (a file) is sent as it is
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<*>} what the binary answered
 * @throws {ApiError}, or the signal's `AbortError`
 */
export async function call(path, value, { signal } = {}) {
  let response;
  try {
    response = await fetch(fromRoot(path), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Corsac-Token": token() ?? "" },
      body: value instanceof Blob ? value : JSON.stringify(value),
      credentials: "omit",
      cache: "no-store",
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("`corsac ui` does not answer. Is it still running?");
  }
  if (response.status === 401) {
    keep(null);
    throw new ApiError("This window may not ask yet. Open the link that `corsac ui` printed: it ends with a token.", { status: 401 });
  }
  const answer = await response.json().catch((error) => {
    if (error.name === "AbortError") throw error;
    return null;
  });
  if (!response.ok || answer === null) {
    throw new ApiError(answer?.error ?? `\`corsac ui\` answered with status ${response.status}, without a reason.`,
      { status: response.status, field: answer?.field, needs: answer?.needs });
  }
  return answer;
}

/**
 * Reads a JSON file among the page's own ("presets.json", "demo.json").
 * @param {string} path
 * @returns {Promise<*|null>} `null` if there is none
 */
export async function asset(path) {
  try {
    const response = await fetch(fromRoot(path), { credentials: "omit" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
