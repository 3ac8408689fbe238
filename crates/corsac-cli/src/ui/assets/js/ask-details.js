// What was seen: the exchange as sequences, the evidence, the findings, the consoles, and every header line.
import { readPage } from "./api.js";
import { h, icon, prose, verdictWord } from "./dom.js";
import { findingToFix } from "./ask-answer.js";
import { shownName } from "./ask-play.js";
import { legend, sequence, tone } from "./sequence.js";
import { tab, tabs } from "./tabs.js";
import { originOf } from "./ask-request.js";

const ENGINES = { chromium: "Chromium", firefox: "Firefox", webkit: "Safari" };

/**
 * All panels below the answer.
 * @param {Object} asked what `api/ask` gave
 * @param {string} id begins the ids of this answer
 * @returns {HTMLElement[]}
 */
export function details(asked, id) {
  const left = [evidence(asked.answer), others(asked.report.diagnosis ?? []), findings(asked)].filter(Boolean);
  const right = [consoles(asked.report.engines ?? {}, id), raw(asked.report, id)].filter(Boolean);
  return [
    exchange(asked, id),
    left.length && right.length
      ? h("div", { class: "cols two" }, h("div", { class: "view" }, left), h("div", { class: "view" }, right))
      : [...left, ...right],
  ].flat();
}

/** The sequence; one tab for each group of browsers that tell the same story. */
function exchange(asked, id) {
  const { groups, controls = [], report, answer } = asked;
  const actors = (group) => ({
    page: report.request.origin,
    browser: groups.length === 1 && group.names.length === 3 ? "all three" : group.names.join(", "),
    server: originOf(report.request.url) || report.request.url,
  });
  const drawn = groups.map((group, at) => sequence(group, {
    id: at === 0 ? id : `${id}-${at}`,
    actors: actors(group),
    controls: at === 0 ? controls : [],
    label: groups.length === 1 ? "The exchange, in order" : `The exchange in ${group.names.join(" and ")}, in order`,
  }));
  if (drawn.length === 0) return null;
  if (drawn.length === 1) {
    return panel(`${id}-wire`, HEADINGS[answer.verdict] ?? "What was said, and where it stopped", drawn[0], legend());
  }
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Browsers" },
    groups.map((group, at) => tab({ id: `${id}-tab-${at}`, controls: `${id}-panel-${at}`, chosen: at === 0 },
      verdictWord(tone(group.verdict), { text: group.names.join(", ") }))));
  tabs(list);
  const panels = drawn.map((one, at) => h("div", {
    id: `${id}-panel-${at}`, role: "tabpanel", "aria-labelledby": `${id}-tab-${at}`, hidden: at > 0,
  }, one));
  return panel(`${id}-wire`, "What was said, and where it stopped", panels, [list, legend()]);
}

const HEADINGS = { readable: "What was said", opaque: "What was said", allowed: "What was said", failed: "How far it came" };

function panel(id, title, content, besides) {
  return h("section", { class: "panel", "aria-labelledby": id },
    h("header", {}, h("h2", { id }, title), besides), content);
}

/** What the judgement rests on, after the first piece, which stands in the answer. */
function evidence(answer) {
  const rest = (answer.evidence ?? []).slice(answer.confidence ? 1 : 0);
  return rest.length > 0 && section("Evidence", h("ul", { class: "facts pad" },
    rest.map((one) => fact("info", null, prose(one)))));
}

/** The causes after the first, each with what speaks for it. */
function others(diagnosis) {
  const rest = diagnosis.slice(1);
  return rest.length > 0 && section("It could also be", h("ul", { class: "facts pad" },
    rest.map((cause) => fact("info", null, prose(cause.title),
      h("small", {}, `${capital(cause.confidence)}. `, prose(cause.evidence?.[0])),
      h("small", {}, prose(cause.fix?.text)), codeLink(cause.code)))));
}

const SEVERITIES = { info: ["info", null], warning: ["warn", "warn"], problem: ["no", "blocked"] };

/** What is fragile or unsafe, without the finding that stands in the answer already. */
function findings(asked) {
  const { report } = asked;
  const inAnswer = findingToFix(asked);
  const found = (report.findings ?? []).filter((finding) => finding !== inAnswer);
  const answered = (report.exchanges ?? []).some((exchange) => exchange.response);
  if (found.length === 0 && (inAnswer || !answered)) return null;
  if (found.length === 0) {
    const unsent = report.exchanges.every((exchange) => exchange.kind === "preflight");
    return section("Findings", h("p", { class: "pad dim" }, "None in what was seen.",
      unsent && ` The ${report.request.method} itself was not sent, so its answer is not judged.`));
  }
  return section("Findings", h("ul", { class: "facts pad" }, found.map((finding) => {
    const [symbol, className] = SEVERITIES[finding.severity] ?? SEVERITIES.info;
    return fact(symbol, className, prose(finding.message), finding.fix && h("small", {}, prose(finding.fix)), codeLink(finding.code));
  })));
}

const fact = (symbol, className, ...children) => h("li", { class: className }, icon(symbol), h("div", {}, ...children));
const codeLink = (code) => code && h("small", {}, h("a", { class: "chip mono", href: readPage(code) }, code));
const section = (title, content) => panel(`h-${title.toLowerCase().replaceAll(" ", "-")}`, title, content);
const capital = (text) => String(text ?? "").replace(/^./, (letter) => letter.toUpperCase());

function consoles(engines) {
  const printed = Object.keys(ENGINES).filter((engine) => engines[engine]?.console?.length > 0);
  return printed.length > 0 && section("What browsers print on the console", h("dl", { class: "console pad" },
    printed.map((engine) => [h("dt", {}, ENGINES[engine]), engines[engine].console.map((line) => h("dd", {}, line))])));
}

function raw(report, id) {
  const exchanges = report.exchanges ?? [];
  const controls = report.controls ?? [];
  if (exchanges.length + controls.length === 0) return null;
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const summary = `${count(exchanges.length, "exchange")}, ${count(controls.length, "control")}, every header line`;
  const blocks = [...exchanges, ...controls].map(wire);
  return section("Raw exchange", h("details", { class: "pad raw" }, h("summary", {}, summary),
    h("pre", { id: `${id}-raw`, tabindex: "0", role: "region", "aria-label": "Raw exchange" },
      blocks.flatMap((block, at) => (at > 0 ? ["\n\n\n", ...block] : block)))));
}

/** A request and its response as lines of HTTP. */
function wire({ what, request, response, error, skipped, body }) {
  const version = response?.http_version ?? "1.1";
  const name = version === "2" ? (text) => text : shownName;
  const fields = (headers) => headers.map(([field, value]) => `\n${name(field)}: ${value}`).join("");
  const end = () => {
    if (skipped) return `not sent: ${skipped}`;
    if (error) return `no answer: ${error}`;
    return [h("b", {}, `HTTP/${version} ${response?.status ?? ""}`), fields(response?.headers ?? [])];
  };
  return [
    what && h("span", { class: "c" }, `control: ${what}\n`),
    h("b", {}, `${request.method} ${pathOf(request.url)} HTTP/${version}`), fields(request.headers), "\n\n", end(),
    body?.excerpt && `\n\n${body.excerpt}${body.truncated ? "…" : ""}`,
  ];
}

function pathOf(url) {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}
