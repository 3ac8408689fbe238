// States in links: JSON, deflated, in base64url, after `#state=`. A link comes from anybody, so reading has limits and never throws.

const LONGEST_FRAGMENT = 64 * 1024;
const LONGEST_JSON = 512 * 1024;
const DEEPEST = 16;
const REFUSED_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Packs a state for a link. The caller sees to it that no secret is in it (`api/share`).
 * @param {*} value anything that is JSON
 * @returns {Promise<string>} what stands after `#state=`
 * @throws {RangeError} if the state is too long for a link
 */
export async function encode(value) {
  const text = JSON.stringify(value);
  if (text.length > LONGEST_JSON) throw new RangeError("This state is too long for a link.");
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const encoded = toBase64Url(new Uint8Array(await new Response(packed).arrayBuffer()));
  if (encoded.length > LONGEST_FRAGMENT) throw new RangeError("This state is too long for a link.");
  return encoded;
}

/**
 * Unpacks a state.
 * @param {string} encoded what `encode` gave
 * @returns {Promise<*|null>} `null` for whatever is not a state: too long, not packed, not JSON, nested too deeply, or with keys like `__proto__`
 */
export async function decode(encoded) {
  try {
    if (encoded.length > LONGEST_FRAGMENT) return null;
    const value = JSON.parse(await inflate(fromBase64Url(encoded)));
    return harmless(value, DEEPEST) ? value : null;
  } catch {
    return null;
  }
}

/**
 * The state in a fragment, or `null` if it holds none.
 * @param {string} [fragment] "#state=..."
 * @returns {Promise<*|null>}
 */
export async function stateOf(fragment = location.hash) {
  const encoded = new URLSearchParams(fragment.replace(/^#/, "")).get("state");
  return encoded === null ? null : decode(encoded);
}

/**
 * A link to a page of ours that restores a state.
 * @param {*} value
 * @param {string|URL} [page] this page, if not given
 * @returns {Promise<string>}
 */
export async function linkTo(value, page = location.href) {
  const url = new URL(page, globalThis.location?.href);
  url.hash = `state=${await encode(value)}`;
  return url.href;
}

/** Inflates at most `LONGEST_JSON` bytes, however small what they are packed in. */
async function inflate(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > LONGEST_JSON) {
      await reader.cancel();
      throw new RangeError("too long");
    }
    text += decoder.decode(value, { stream: true });
  }
}

function harmless(value, deepest) {
  if (value === null || typeof value !== "object") return true;
  if (deepest === 0) return false;
  if (Array.isArray(value)) return value.every((item) => harmless(item, deepest - 1));
  return Object.keys(value).every((key) => !REFUSED_KEYS.has(key) && harmless(value[key], deepest - 1));
}

function toBase64Url(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new RangeError("not base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
