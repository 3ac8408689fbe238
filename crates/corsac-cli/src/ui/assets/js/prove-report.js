// What somebody needs to repeat a disagreement.

/** The request headers that a report shows: what a browser says about itself stays in the browser. */
const SHOWN = /^(origin|access-control-request-.*)$/i;

/**
 * The short report, which the page shows.
 * @param {object} proof
 * @param {number} proof.differing how many situations differ
 * @param {number} proof.ran how many ran
 * @param {{name: string, engine: string}} proof.browser
 * @param {{measured?: string}|null} proof.profile
 * @param {string} proof.id of the situation
 * @param {object} proof.predicted what `predictionFor` gave
 * @param {object} proof.got what `gotResponse` or `gotError` gave
 * @param {string} proof.verdict the browser's
 * @param {string[]} proof.differences
 * @param {{method: string, url: string, headers: [string, string][]}[]} proof.seen
 * @returns {string}
 */
export function shortReport({ differing, ran, browser, profile, id, predicted, got, verdict, differences, seen }) {
  const facts = [
    ["browser", browser.name],
    ["profile", profile?.measured ? `${browser.engine}, measured on ${profile.measured}` : browser.engine],
    ["case", id],
    ["predicted", predicted.code ? `${predicted.verdict} (${predicted.code})` : predicted.verdict],
    ["happened", `${verdict} (${gotWords(got)})`],
  ];
  return [
    `corsac prove: ${differing} of ${ran} ${differing === 1 ? "differs" : "differ"}`,
    ...facts.map(([name, value]) => `${name.padEnd(10)} ${value}`),
    ...differences.map((sentence) => `# ${sentence.replaceAll("`", "")}`),
    "# what the prove server saw",
    ...seen.flatMap(({ method, url, headers }) => [
      `${method} ${shortPath(url)}`,
      ...headers.filter(([name]) => SHOWN.test(name)).map(([name, value]) => `  ${name}: ${value}`),
    ]),
    ...(seen.length === 0 ? ["# nothing came"] : []),
  ].join("\n");
}

/**
 * The whole report, to be copied: Markdown.
 * @param {object} proof as for `shortReport`, and:
 * @param {string} proof.title of the situation
 * @param {string} proof.userAgent
 * @param {string|null} proof.version of Corsac
 * @param {object} proof.play PLAY, without what is secret in it
 * @returns {string}
 */
export function report(proof) {
  const { title, userAgent, version, play, predicted } = proof;
  return [
    `## Prediction and browser differ: ${title.replaceAll("`", "")}`,
    fenced("", shortReport(proof)),
    `- Corsac: ${version ?? "version not known"}\n- User agent: ${oneLine(userAgent)}`,
    "What Corsac predicted:",
    fenced("json", JSON.stringify(predicted, null, 2)),
    "The request, and how the server answers, as in Play:",
    fenced("json", JSON.stringify(play, null, 2)),
    "",
  ].join("\n\n");
}

/**
 * What script got, in a few words: "TypeError", "200, 2 headers", "status 0".
 * @param {object} got
 * @returns {string}
 */
export function gotWords(got) {
  if (got.verdict === "refused") return got.error;
  if (got.verdict === "opaque") return got.type === "opaqueredirect" ? "redirect, status 0" : `status ${got.status}`;
  return `${got.status}, ${got.headers.length} ${got.headers.length === 1 ? "header" : "headers"}`;
}

/** The fence is longer than any in the text, so nothing in it can end the block. */
function fenced(language, text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

const oneLine = (text) => text.replace(/[\r\n`]+/g, " ");

/** The path, without the part that nobody can guess. */
function shortPath(url) {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, "");
  return path.split("/").map((part) => (/^[A-Za-z0-9_-]{16,}$/.test(part) ? "…" : part)).join("/");
}
