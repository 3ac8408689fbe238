// The answer of Ask: what the browser decides and why on the left, what to change on the right. What was seen stands below it: `ask-details.js`.
import { readPage } from "./api.js";
import { copyButton } from "./copy.js";
import { append, h, icon, plain, prose, verdictWord } from "./dom.js";
import { brokenStep, missingNames, tone } from "./sequence.js";


/**
 * The panel with the answer.
 * @param {Object} asked what `api/ask` gave
 * @param {{
 *   id: string,
 *   play: string|null,
 *   repeat: HTMLElement|null,
 *   onStack: (name: string) => void,
 *   exports: {link: () => Promise<string>, json: () => void, html: () => Promise<void>},
 * }} page `id`: of the first sequence. `play`: the address of Play with this exchange. `repeat`: buttons to ask again, for what failed.
 *   `onStack` is called when a person chooses another stack
 * @returns {HTMLElement}
 */
export function answerPanel(asked, page) {
  return h("div", { class: "panel" }, h("div", { class: "answer" },
    h("div", { class: "stack" }, verdict(asked, page.id), cause(asked.answer), certainty(asked.answer), engines(asked.answer)),
    h("div", { class: "stack" }, fix(asked, page), page.repeat, nextSteps(asked, page))));
}

/** What a screen reader is told when the answer has come. */
export function spoken({ answer }) {
  return [verdictText(answer), plain(answer.headline)].join(". ");
}

function verdict(asked, id) {
  const { answer, groups, report } = asked;
  const status = report.readable?.status;
  return h("p", { class: "row" },
    verdictWord(tone(answer.verdict), { big: true, text: verdictText(answer) }),
    answer.code && h("a", { class: "chip mono", href: readPage(answer.code) }, answer.code),
    h("span", { class: "dim small" }, where(answer.stage, groups[0], id) ?? (status > 0 && `status ${status}`)));
}

/** "at the preflight, step 4", which leads to the line that decided. */
function where(stage, group, id) {
  if (!stage) return null;
  const step = group && brokenStep(group);
  const words = stage === "start" ? "before anything was sent" : stage;
  return [stage !== "start" && "at the ", step ? h("a", { href: `#${id}-broke` }, `${words}, step ${step}`) : words];
}

const NUMBERS = ["none", "one", "two", "three", "four"];

/** "BLOCKED", or "BLOCKED in two of three" where browsers differ. */
function verdictText(answer) {
  const word = answer.verdict.toUpperCase();
  const browsers = answer.engines ?? [];
  if (answer.browsers_agree || browsers.length < 2) return word;
  const alike = browsers.filter((engine) => engine.verdict === answer.verdict).length;
  return `${word} in ${NUMBERS[alike] ?? alike} of ${NUMBERS[browsers.length] ?? browsers.length}`;
}

/** What people most often do not expect. */
const NEVER_SENT = / was never sent\.$/;

function cause(answer) {
  return [
    h("h1", { class: "headline" }, prose(answer.headline)),
    answer.sentences?.length > 0 && h("p", { class: "say" }, answer.sentences.slice(0, 3).map((sentence) =>
      [NEVER_SENT.test(sentence) ? h("strong", {}, prose(sentence)) : prose(sentence), " "])),
  ];
}

/** How sure, and the best reason for it; the other evidence stands below. */
function certainty({ confidence, evidence }) {
  if (!confidence) return null;
  return h("p", { class: "sure" }, icon("info"),
    h("span", {}, `${confidence}. `, evidence?.length > 0 && prose(evidence[0])));
}

function engines(answer) {
  return h("p", { class: "engines calm small" },
    (answer.engines ?? []).map((engine) => verdictWord(tone(engine.verdict), {
      text: [engine.name, h("span", { class: "sr" }, `: ${engine.verdict}`)],
    })));
}

function fix(asked, page) {
  const { answer, groups } = asked;
  const { fix: advice } = answer;
  const finding = findingToFix(asked);
  if (finding) return findingAsFix(finding);
  if (!advice) return h("h2", {}, isGood(answer.verdict) ? "Nothing to change" : "No change is known that helps");
  const code = advice.lines?.length > 0 && codeBlock(advice.lines.join("\n"), missingNames(groups));
  const leadsToCode = !code || advice.text?.trim().endsWith(":");
  const text = advice.text && h("p", { class: leadsToCode ? "small" : "small dim" }, prose(advice.text));
  return [
    h("div", { class: "row" }, h("h2", {}, prose(advice.title)), stacks(answer, page)),
    leadsToCode ? [text, code] : [code, text],
    (advice.traps ?? []).slice(0, 2).map((trap) => h("p", { class: "small dim" }, prose(trap))),
  ];
}

const isGood = (verdict) => ["readable", "opaque", "allowed"].includes(verdict);

const SEVERITIES = ["problem", "warning", "info"];

/**
 * The finding that stands in the place of the fix, because nothing is blocked: the one that matters most.
 * @param {Object} asked what `api/ask` gave
 * @returns {Object|null}
 */
export function findingToFix({ answer, report }) {
  if (answer.fix || !isGood(answer.verdict)) return null;
  const findings = (report.findings ?? []).filter((finding) => finding.fix);
  return findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))[0] ?? null;
}

/** A header line in the advice becomes code to copy. */
function findingAsFix({ code, message, fix: text }) {
  const line = text.split(/[`\n]/).findLast((part) => /^[\w-]+: \S/.test(part));
  return [
    h("h2", {}, "Nothing is blocked, and this is worth a change"),
    h("p", {}, prose(message)),
    line && codeBlock(line),
    plain(text) !== `Send ${line}.` && h("p", { class: line ? "small dim" : null }, prose(text)),
    h("p", { class: "small dim" }, verdictWord("neutral", { text: "Finding", shape: "info" }), " ",
      h("a", { class: "chip mono", href: readPage(code) }, code)),
  ];
}

/**
 * Code with its copy button. Comments step back, and what is to be added stands out.
 * @param {string} text
 * @param {string[]} [added] names, in any case
 * @returns {HTMLElement}
 */
export function codeBlock(text, added = []) {
  const lines = text.split("\n").flatMap((line, at, all) => {
    const end = at < all.length - 1 ? "\n" : "";
    return [/^\s*(#|\/\/)/.test(line) ? h("span", { class: "c" }, line) : emphasized(line, added), end];
  });
  return h("div", { class: "code" }, copyButton(() => text), h("pre", {}, h("code", {}, lines)));
}

/** A line in which each of the names stands out, where it is a word of its own. */
function emphasized(line, names) {
  return line.split(/([\w-]+)/).map((word) => (names.includes(word.toLowerCase()) ? h("b", { class: "add" }, word) : word));
}

/** The stack says how it is known: "(seen)" in the answers, or "(you said)". */
function stacks(answer, page) {
  const known = answer.stacks ?? [];
  if (known.length === 0) return null;
  const chosen = answer.fix.stack ?? "";
  const select = h("select", { class: "auto", id: `${page.id}-stack`, on: { change: () => page.onStack(select.value) } },
    answer.plain_fix && h("option", { value: "" }, "Header lines"),
    chosen && !known.some((stack) => stack.name === chosen) && h("option", { value: chosen }, chosen),
    known.map((stack) => h("option", { value: stack.name },
      stack.title + (stack.seen ? " (seen)" : stack.name === chosen ? " (you said)" : ""))));
  select.value = chosen;
  return h("label", { class: "row push auto" }, "Your stack ", select);
}

function nextSteps(asked, page) {
  const bare = { className: "btn bare", symbol: false };
  const button = (label, act) => h("button", { class: "btn bare", type: "button", on: { click: act } }, label);
  return h("div", { class: "row" },
    page.play && h("a", { class: "btn", href: page.play, "data-page-only": true }, "Try it in Play"),
    h("span", { class: "row" },
      copyButton(page.exports.link, { ...bare, label: "Copy link" }),
      copyButton(() => asked.markdown, { ...bare, label: "Markdown" }),
      button("JSON", page.exports.json),
      button("HTML file", page.exports.html)));
}

/** A sentence about what went wrong with an export or a choice, said where it happened. */
export function complain(panel, text) {
  panel.querySelector(".complaint")?.remove();
  append(panel, h("p", { class: "complaint small v failed", role: "alert", "data-page-only": true }, text));
}
