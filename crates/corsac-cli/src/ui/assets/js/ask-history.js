// What was asked in this window: the newest 30 requests and their answers, in sessionStorage. Only what `api/share` and `api/ask` gave back is
// stored, in which secrets are redacted; the requests as they were typed stay in memory.
import { requestFrom } from "./ask-request.js";

const KEY = "corsac-asked";
const MOST = 30;

/**
 * The history of one window.
 * @param {Storage|null} storage `sessionStorage`; without one, the history lives as long as the page
 * @returns {{
 *   entries: () => Object[],
 *   add: (shared: Object, answer: Object, typed: Object) => Object,
 *   typed: (entry: Object) => Object,
 * }} `entries`: `{id, request, answer}`, the newest first. `add` takes the request without secrets, the answer, and the request as it was typed.
 *   `typed` gives that back, or the request without secrets if the page was loaded anew since
 */
export function asked(storage) {
  const inMemory = new Map();
  let list = stored(storage);

  return {
    entries: () => list,
    add(shared, answer, typed) {
      const id = 1 + list.reduce((highest, entry) => Math.max(highest, entry.id), 0);
      const entry = { id, request: shared, answer };
      inMemory.set(id, typed);
      list = [entry, ...list].slice(0, MOST);
      for (const known of inMemory.keys()) {
        if (!list.some((one) => one.id === known)) inMemory.delete(known);
      }
      store(storage, list);
      return entry;
    },
    typed: (entry) => inMemory.get(entry.id) ?? entry.request,
  };
}

function stored(storage) {
  try {
    const value = JSON.parse(storage?.getItem(KEY) ?? "[]");
    if (!Array.isArray(value)) return [];
    return value
      .map((entry) => ({ id: entry.id, request: requestFrom(entry.request), answer: entry.answer }))
      .filter((entry) => Number.isSafeInteger(entry.id) && entry.request && entry.answer?.answer && Array.isArray(entry.answer.groups))
      .slice(0, MOST);
  } catch {
    return [];
  }
}

/** Stores as many of the newest as there is room for. */
function store(storage, list) {
  for (let length = list.length; storage && length > 0; length = Math.floor(length / 2)) {
    try {
      storage.setItem(KEY, JSON.stringify(list.slice(0, length)));
      return;
    } catch { /* full: the older half goes */ }
  }
}
