// The middle of Play: the verdict, and the steps that led to it.
import { readPage } from "./api.js";
import { h, icon, plain, prose, replace, verdictWord } from "./dom.js";
import { tab, tabs } from "./tabs.js";

const SHAPES = { pass: "ok", fail: "no", note: "ok", later: "later" };
/** The step in which a browser does not do what the standard says. */
const DIFFERS = "engine-difference";

/**
 * Shows what the browsers decide.
 * @param {HTMLElement} header the verdict and its code
 * @param {HTMLElement} body the headline, the engines, the trace
 * @param {object} played PLAYED, without an error
 * @param {HTMLElement|null} [doors] what stands below the trace
 */
export function showVerdict(header, body, played, doors = null) {
  replace(header, verdictWord(played.verdict, { big: true }), codeChip(played.code));
  replace(body,
    h("p", {}, prose([ended(played.headline), ...played.sentences].join(" "))),
    h("p", { class: "engines calm small" }, played.engines.map((engine) =>
      h("span", { class: `word ${engine.verdict}` }, icon(engine.verdict), engine.name, h("span", { class: "sr" }, `: ${engine.verdict}`)))),
    told(played.groups),
    consoles(played),
    doors);
}

/**
 * Says that there is no verdict, and why.
 * @param {HTMLElement} header
 * @param {HTMLElement} body
 * @param {string} message
 */
export function showNoVerdict(header, body, message) {
  replace(header, verdictWord("neutral", { text: "Not decided" }));
  replace(body, h("p", {}, prose(message)));
}

/**
 * What a screen reader is told about a verdict.
 * @param {object} played PLAYED
 * @returns {string}
 */
export const spoken = (played) => (played.error
  ? `Not decided. ${plain(played.error.message)}`
  : `${played.verdict}${played.browsers_agree ? "" : ", and browsers differ"}. ${plain(ended(played.headline))}`);

const told = (all) => (all.length > 1 ? differing(all) : trace(all[0]));

/** A reason's code, as a link to its page. */
function codeChip(code) {
  return code && h("a", { class: "chip mono", href: readPage(code) }, code);
}

/** One tab for each group of browsers that tell the same story, those that decide first. */
function differing(groups) {
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Browsers" }, groups.map((group, index) =>
    tab({ id: `t-group-${index}`, controls: `group-${index}`, chosen: index === 0 }, verdictWord(group.verdict, { text: group.names.join(", ") }))));
  const panels = groups.map((group, index) =>
    h("div", { id: `group-${index}`, class: "stack", role: "tabpanel", "aria-labelledby": `t-group-${index}`, hidden: index !== 0 },
      h("p", { class: "row" }, verdictWord(group.verdict), codeChip(group.code)), trace(group)));
  tabs(list);
  return [h("h3", {}, "How browsers differ"), list, panels];
}

function trace(group) {
  return group && h("ol", { class: "trace", role: "list" }, group.trace.map((step) => traced(step, group.verdict)));
}

function traced(step, verdict) {
  const decided = step.result === "fail";
  const text = step.result === "later" && !step.text ? "not reached" : step.text;
  return h("li", { class: decided ? `bad ${verdict}` : step.result === "later" ? "later" : null },
    icon(step.rule === DIFFERS ? "differ" : SHAPES[step.result] ?? "info"),
    h("div", {},
      h("b", {}, step.title, decided && ": this step decided"),
      h("small", {}, prose(decided ? ended(text) : text), decided && standard(step.spec))));
}

const ended = (text) => (/[.!?]$/.test(text ?? "") ? text : `${text}.`);
const standard = (spec) => spec?.startsWith("https://")
  && [" ", h("a", { href: spec, rel: "noreferrer" }, spec.startsWith("https://fetch.spec.whatwg.org/") ? "Fetch standard" : "The standard")];

/** What each browser prints, closed: those who know the line find it here. */
function consoles(played) {
  const said = played.engines
    .map((engine) => [engine.name, played.console?.[engine.engine] ?? []])
    .filter(([, lines]) => lines.length > 0);
  return said.length > 0 && h("details", { class: "small" },
    h("summary", {}, "What the console says"),
    h("dl", { class: "console" }, said.map(([name, lines]) => [h("dt", {}, name), lines.map((line) => h("dd", {}, line))])));
}
