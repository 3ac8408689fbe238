// The changes between two policy files, as sentences in which backquotes mark code.

const ENTRIES = {
  origin: ["origin", "every other origin"],
  method: ["method", "every other method"],
  "request-header": ["request header", "every other request header"],
  "expose-header": ["reading the response header", "reading every other response header"],
};
const KEYS = { timing: "timing", "resource-policy": "resource-policy", enforce: "enforce", "max-age": "max-age", at: null };

/**
 * One change.
 * @param {{kind: string, value: string, effect: "widened"|"narrowed"|"other", old: string, new: string, example: object|null}} change of `corsac.diff/1`
 * @returns {{sign: "+"|"−"|"~", className: "add"|"del"|null, text: string, example: string|null}}
 */
export function changeWords(change) {
  const [sign, className] = { widened: ["+", "add"], narrowed: ["−", "del"] }[change.effect] ?? ["~", null];
  const text = change.kind in KEYS
    ? `\`${change.value}\` changed from ${code(change.old)} to ${code(change.new)}`
    : `${what(change)} is ${change.new} now`;
  return { sign, className, text, example: example(change) };
}

function what({ kind, value }) {
  if (kind === "credentials") return "a request with credentials";
  const [one, others] = ENTRIES[kind] ?? [kind, `every other ${kind}`];
  return value === "*" ? others : `${one} ${code(value)}`;
}

/** The request that shows the difference, where it says more than the change. */
function example({ kind, value, example: shown }) {
  if (!shown || (kind === "origin" && shown.origin === value)) return null;
  if (kind === "origin") return `for example ${code(shown.origin)}`;
  const asked = kind === "method" && shown.method !== value ? shown.method : shown.headers?.find((name) => name !== value);
  return asked ? `for example ${code(asked)} from ${code(shown.origin)}` : `from ${code(shown.origin)}`;
}

/**
 * What happened to a policy or a path of the file.
 * @param {object} compared an item of `policies` of `corsac.diff/1`
 * @param {boolean} isOnly `true` if the file has no other, so that its name says nothing
 * @returns {string|null}
 */
export function fateWords(compared, isOnly) {
  if (compared.fate === "moved") return `Path ${code(compared.path)}: ${code(compared.new)} applies instead of ${code(compared.old)}`;
  if (compared.fate === "added") return `Policy ${code(compared.policy)} is new`;
  if (compared.fate === "removed") return `Policy ${code(compared.policy)} is gone`;
  return isOnly ? null : `Policy ${code(compared.policy)}`;
}

/**
 * The whole difference in one sentence.
 * @param {{widened: boolean, narrowed: boolean}} difference
 * @returns {string}
 */
export function summary({ widened, narrowed }) {
  if (widened && narrowed) return "More is allowed than before, and something is refused that was allowed.";
  if (widened) return "More is allowed than before.";
  return narrowed ? "Less is allowed than before." : "What is allowed is the same.";
}

/**
 * How many problems there are.
 * @param {{severity: "error"|"lint"}[]} problems
 * @returns {{errors: number, lints: number, words: string[]}}
 */
export function countWords(problems) {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const lints = problems.length - errors;
  const words = [[errors, "error"], [lints, "lint"]].filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`);
  return { errors, lints, words };
}

const code = (text) => (text === "" ? "nothing" : `\`${text}\``);
