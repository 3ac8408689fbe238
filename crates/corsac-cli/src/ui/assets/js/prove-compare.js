// Whether a browser did what was predicted: what script got, and what the server saw. Nothing here decides what should happen.

/** What a browser says about the request to which it adds these itself. */
const TOLD = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"];

/**
 * What script got, from what `fetch` gave.
 * @param {{type: string, status: number, headers: Iterable<[string, string]>}} response
 * @returns {{verdict: "readable"|"opaque", type: string, status: number, headers: string[]}}
 */
export function gotResponse({ type, status, headers }) {
  const isOpaque = type === "opaque" || type === "opaqueredirect";
  return { verdict: isOpaque ? "opaque" : "readable", type, status, headers: [...headers].map(([name]) => name.toLowerCase()) };
}

/**
 * What script got, from what `fetch` threw. Script cannot tell why it was refused, and neither can this page.
 * @param {Error} error
 * @returns {{verdict: "refused", error: string}}
 */
export const gotError = (error) => ({ verdict: "refused", error: `${error.name}: ${error.message}` });

/**
 * The prediction for one engine, in the terms in which a browser can be compared with it.
 * @param {object} played PLAYED
 * @param {string} engine
 * @param {object} [play] PLAY: of what its answers do not have, the prediction says nothing, because the prove servers add lines of their own
 * @returns {{verdict: string, code: string|null, status: number|null, shown: string[], hidden: string[], sent: {method: string, told: Object<string, string|null>}[]}}
 */
export function predictionFor(played, engine, play = null) {
  const group = played.groups.find(({ engines }) => engines.includes(engine)) ?? played.groups[0];
  const { readable } = group;
  const exchanges = group.sequence.filter((step) => step.kind !== "control");
  const shown = names(readable?.headers ?? []);
  return {
    verdict: group.verdict,
    code: group.code,
    status: readable?.status ?? null,
    shown,
    hidden: readable ? writtenNames(play).filter((name) => !shown.includes(name)) : [],
    sent: exchanges.filter((step) => step.step === "sent").map(({ method, lines: told }) => ({ method, told: toldIn(told.map(({ name, value }) => [name, value])) })),
  };
}

/** The names in the answer that script gets: the last one that is written. */
function writtenNames(play) {
  const answers = play?.policy === null ? [play.answers, ...play.answers.redirects].at(-1).request.headers : "";
  return names(answers.split("\n").map((line) => line.split(":")[0].trim()).filter(Boolean));
}

/**
 * Compares what was predicted with what happened.
 * @param {object} predicted what `predictionFor` gave
 * @param {object} got what `gotResponse` or `gotError` gave
 * @param {{method: string, headers: [string, string][]}[]} seen by the server, in order
 * @returns {{verdict: string, differences: string[]}} `verdict`: the browser's, in the words of a prediction; `differences`: sentences in which
 *   backquotes mark code, none if they agree
 */
export function compare(predicted, got, seen) {
  const verdict = verdictOf(predicted, got);
  const differences = [
    verdict !== predicted.verdict && `Corsac expected ${predicted.verdict}, and this browser says ${verdict}.`,
    ...(got.verdict === "readable" && predicted.verdict === "readable" ? responseDifferences(predicted, got) : []),
    ...requestDifferences(predicted.sent, seen),
  ];
  return { verdict, differences: differences.filter(Boolean) };
}

/** To script, blocked and failed are one `TypeError`. */
function verdictOf(predicted, got) {
  if (got.verdict !== "refused") return got.verdict;
  return predicted.verdict === "failed" ? "failed" : "blocked";
}

function responseDifferences({ status, shown, hidden }, got) {
  const expectedButHidden = shown.filter((name) => !got.headers.includes(name));
  const hiddenButShown = hidden.filter((name) => got.headers.includes(name));
  return [
    status !== null && status !== got.status && `Script got the status ${got.status}, and Corsac expected ${status}.`,
    expectedButHidden.length > 0 && `Script did not see ${code(expectedButHidden)}.`,
    hiddenButShown.length > 0 && `Script saw ${code(hiddenButShown)}, which Corsac expected to be hidden.`,
  ];
}

function requestDifferences(sent, seen) {
  const [expected, found] = [sent, seen].map((all) => all.map(({ method }) => method));
  const shared = expected.findIndex((method, index) => method !== found[index]);
  if (shared === -1 && expected.length === found.length) return sent.flatMap((request, index) => toldDifferences(request, seen[index]));
  if (expected.length > found.length && shared === found.length) return [`It sent no ${word(expected[shared])}${shared > 0 ? ` after the ${word(found[shared - 1])}` : ""}.`];
  if (shared === -1) return [`It also sent ${found.slice(expected.length).join(", ")}, which Corsac did not expect.`];
  return [`The server saw ${found.join(", ") || "nothing"}, and Corsac expected ${expected.join(", ") || "nothing"}.`];
}

const word = (method) => (method === "OPTIONS" ? "preflight" : method);

function toldDifferences({ method, told }, { headers }) {
  const found = toldIn(headers);
  return TOLD.filter((name) => normal(name, told[name]) !== normal(name, found[name]))
    .map((name) => `In the ${word(method)}, \`${name}\` ${found[name] === null ? "was missing" : `was \`${found[name]}\``}, and Corsac expected ${told[name] === null ? "none" : `\`${told[name]}\``}.`);
}

/** Header names in a list are compared as names: browsers differ in the spaces between them. */
function normal(name, value) {
  if (value === null || name !== "Access-Control-Request-Headers") return value;
  return value.split(",").map((one) => one.trim().toLowerCase()).filter(Boolean).sort().join(",");
}

const toldIn = (headers) => Object.fromEntries(TOLD.map((name) => [name, headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1] ?? null]));
/** Names in lower case, each once. */
const names = (all) => [...new Set(all.map((name) => name.toLowerCase()))];
const code = (all) => all.map((name) => `\`${name}\``).join(", ");
