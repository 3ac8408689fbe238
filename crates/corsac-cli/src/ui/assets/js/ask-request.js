// The request of Ask as data: what the form holds, what `api/ask` takes, and what a link may bring.

/** A request of which nothing is known yet. */
export const BLANK = Object.freeze({
  url: "", origin: "", method: "GET", headers: "", body: null, credentials: "same-origin", mode: "cors", redirect: "follow",
  as: null, crossorigin: null, cookies: Object.freeze([]), referrer_policy: null, timeout: 10, url_of: null, stack: null,
});

const ONE_OF = {
  credentials: ["same-origin", "include", "omit"],
  mode: ["cors", "no-cors", "same-origin"],
  redirect: ["follow", "error", "manual"],
  crossorigin: [null, "anonymous", "use-credentials"],
};
const LONGEST = { url: 8192, origin: 2048, method: 64, headers: 65536, body: 65536, as: 32, referrer_policy: 64, url_of: 8192, stack: 64 };
const MOST_COOKIES = 100;
const LONGEST_COOKIE = 4096;
const LONGEST_TIMEOUT = 60;

/**
 * Takes the known fields of a request from anything, such as a state of a link. What is unknown, of another type or too long is left out.
 * @param {*} value
 * @returns {Object|null} a whole request, or `null` if `value` holds no URL
 */
export function requestFrom(value) {
  if (value === null || typeof value !== "object" || typeof value.url !== "string") return null;
  const request = { ...BLANK, cookies: [] };
  for (const [field, longest] of Object.entries(LONGEST)) {
    if (typeof value[field] === "string" && value[field].length <= longest) request[field] = value[field];
  }
  for (const [field, allowed] of Object.entries(ONE_OF)) {
    if (allowed.includes(value[field])) request[field] = value[field];
  }
  if (Array.isArray(value.cookies)) {
    request.cookies = value.cookies.filter((cookie) => typeof cookie === "string" && cookie.length <= LONGEST_COOKIE).slice(0, MOST_COOKIES);
  }
  if (typeof value.timeout === "number" && value.timeout > 0 && value.timeout <= LONGEST_TIMEOUT) request.timeout = value.timeout;
  return request.url === "" ? null : request;
}

/** Returns `true` if the method promises to change nothing on the server. */
export const isSafe = (method) => ["GET", "HEAD", "OPTIONS"].includes(String(method).toUpperCase());

/** Returns `true` if a value was taken out of the request because it was secret. */
export const hasRedacted = (request) => /REDACTED/.test([request.url, request.headers, request.body ?? "", ...request.cookies].join("\n"));

/**
 * What "More" holds, in one line: "Content-Type: application/json · body {...} · cookie session=…". Values of cookies and logins are not repeated.
 * @param {Object} request
 * @returns {string}
 */
export function summary(request) {
  const parts = [];
  for (const line of request.headers.split("\n").map((text) => text.trim()).filter(Boolean)) {
    parts.push(/^(proxy-)?authorization\s*:/i.test(line) ? `${line.split(":")[0]}: …` : shortened(line));
  }
  if (request.body) parts.push(`body ${shortened(request.body.replace(/\s+/g, " "))}`);
  for (const cookie of request.cookies) parts.push(`cookie ${shortened(cookie.split("=")[0])}=…`);
  if (request.mode !== "cors") parts.push(`mode ${request.mode}`);
  if (request.redirect !== "follow") parts.push(`redirect ${request.redirect}`);
  if (request.crossorigin) parts.push(`crossorigin ${request.crossorigin}`);
  if (request.referrer_policy) parts.push(`referrer ${request.referrer_policy}`);
  if (request.timeout !== BLANK.timeout) parts.push(`waits ${request.timeout} s`);
  if (request.url_of) parts.push(`stands for ${shortened(request.url_of)}`);
  return parts.length ? parts.join(" · ") : "no headers, no body";
}

const LONGEST_PART = 60;
const shortened = (text) => (text.length > LONGEST_PART ? `${text.slice(0, LONGEST_PART - 1)}…` : text);

/**
 * A request in a few words, for a tab: "PUT /orders/42", or "GET localhost:8000" where there is no path.
 * @param {{method: string, url: string}} request
 * @returns {string}
 */
export function title({ method, url }) {
  let where = url;
  try {
    const { host, pathname, search } = new URL(url);
    where = pathname === "/" && !search ? host : pathname + search;
  } catch { /* as it was typed */ }
  return `${method} ${where}`;
}

/** The host that a request goes to, as people say it: "api.example.com". */
export function hostOf({ url }) {
  try { return new URL(url).host || url; } catch { return url; }
}

/** The origin of a URL, or "" where it has none. */
export function originOf(url) {
  try {
    const { origin } = new URL(url);
    return origin === "null" ? "" : origin;
  } catch {
    return "";
  }
}

/** Returns `true` if a text is one URL and nothing else, so that a paste of it needs no reading. */
export const isUrl = (text) => /^(https?|wss?):\/\/[^\s'"]+$|^(localhost|[\w-]+(\.[\w-]+)+|[\w-]+(?=:))(:\d+)?(\/\S*)?$/i.test(text.trim());

/** A long text in two parts, so that its end stays visible when the first is cut; `null` if it is short. */
export function middle(text, longest = 30, end = 9) {
  return text.length > longest ? [text.slice(0, -end), text.slice(-end)] : null;
}
