// The text of a policy file: where a problem stands in it, and what a suggestion makes of it. Nothing here knows what a policy may say.

/** What the page starts from. */
export const START = `# corsac.toml
[policy.app]
origins = ["https://app.example.com"]
methods = ["PUT", "DELETE"]
request-headers = ["Authorization", "Content-Type"]
expose-headers = ["ETag"]
credentials = true
`;

/** The longest file that the page opens. */
export const LONGEST = 1024 * 1024;

/**
 * The format of a text, as far as one can see.
 * @param {string} text
 * @returns {"toml"|"json"}
 */
export const formatOf = (text) => (/^\s*\{/.test(text) ? "json" : "toml");

/**
 * Where a problem stands.
 * @param {string} text
 * @param {{line: number, column: number, value: string}} problem `column` counts characters, as people do
 * @returns {{start: number, end: number, from: number, to: number, isQuoted: boolean}} `start` and `end` in the text; `from` and `to` are columns
 *   of its line for an editor, from 1
 */
export function placeOf(text, { line, column, value }) {
  const lines = text.split("\n");
  const index = Math.min(line, lines.length) - 1;
  const inLine = lines[index];
  const from = [...inLine].slice(0, column - 1).join("").length;
  const rest = inLine.slice(from);
  const quoted = rest.match(/^"(?:[^"\\]|\\.)*"|^'[^']*'/)?.[0] ?? null;
  const length = quoted?.length ?? (value && rest.startsWith(value) ? value.length : rest.match(/^[\w.-]*/)[0].length || Math.min(rest.length, 1));
  const start = lines.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0) + from;
  return { start, end: start + length, from: from + 1, to: from + 1 + length, isQuoted: quoted !== null };
}

/**
 * The text with a suggestion written in the place of what was meant.
 * @param {string} text
 * @param {{line: number, column: number, value: string, suggestion: string|null}} problem
 * @returns {{text: string, end: number}|null} `end`: where the suggestion ends; `null` if it cannot be written without a person
 */
export function withSuggestion(text, problem) {
  const { suggestion, value } = problem;
  // A name in capitals stands for one that a person chooses.
  if (!suggestion || !value || /\bNAME\b/.test(suggestion)) return null;
  const { start, end, isQuoted } = placeOf(text, problem);
  const there = text.slice(start, end);
  if ((isQuoted ? unquoted(there) : there) !== value) return null;
  const written = isWhole(suggestion) ? suggestion : isQuoted ? `${there[0]}${suggestion}${there[0]}` : isValue(text, start) ? `"${suggestion}"` : suggestion;
  return { text: text.slice(0, start) + written + text.slice(end), end: start + written.length };
}

/** `true`, a list and a quoted string stand for themselves. */
const isWhole = (suggestion) => /^(true|false|\d+)$|^["[]/.test(suggestion);
const isValue = (text, start) => /[=:[,]\s*$/.test(text.slice(0, start));

function unquoted(token) {
  if (token.startsWith("'")) return token.slice(1, -1);
  try { return JSON.parse(token); } catch { return token.slice(1, -1); }
}

/**
 * A message as a sentence.
 * @param {string} message "an origin has no path"
 * @returns {string} "An origin has no path."
 */
export function sentence(message) {
  const text = message.trim();
  const begun = /^[a-z]/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/**
 * How long ago something was.
 * @param {number} milliseconds
 * @returns {string}
 */
export function ago(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "from less than a minute ago";
  if (minutes < 60) return minutes === 1 ? "from a minute ago" : `from ${minutes} minutes ago`;
  return "from more than an hour ago";
}
