// What the last version without errors answers: about a page, about what changed, and for another server.
import { readPage } from "./api.js";
import { copyButton } from "./copy.js";
import { h, icon, prose, replace, verdictWord } from "./dom.js";
import { sentence } from "./policy-text.js";
import { changeWords, fateWords, summary } from "./policy-words.js";

/**
 * Shows whether a page may read.
 * @param {HTMLElement} place
 * @param {object} answer of `api/policy/may`
 * @param {{follow: (() => void)|null}} handlers `follow` writes the advice into the file, where that can be done
 */
export function showMay(place, answer, { follow }) {
  const { verdict, code, stage, headline, advice } = answer;
  replace(place,
    h("p", { class: "row" },
      verdictWord(verdict, { big: true }),
      code && h("a", { class: "chip mono", href: readPage(code) }, code),
      stage && h("span", { class: "dim small" }, `at the ${stage}`)),
    h("p", {}, prose(sentence(headline))),
    advice && h("p", { class: "row" },
      h("span", { class: "small dim" }, prose(advice)),
      follow && h("button", { class: "btn push", type: "button", on: { click: follow } }, "Add it")));
}

/**
 * Shows what is allowed or refused now and was not.
 * @param {HTMLElement} place
 * @param {object} difference `corsac.diff/1`
 */
export function showDifference(place, difference) {
  const isOnly = difference.policies.length === 1;
  const items = difference.policies.flatMap((compared) => {
    const fate = (compared.changes.length > 0 || compared.fate !== "kept") && fateWords(compared, isOnly);
    return [fate && h("li", {}, h("b", {}), h("div", {}, h("b", {}, prose(fate)))), ...compared.changes.map(changeItem)];
  }).filter(Boolean);
  replace(place,
    items.length > 0 && h("ul", { class: "facts pad diff", role: "list" }, items),
    h("p", { class: items.length > 0 ? "pad flush small" : "pad small" }, summary(difference)),
    unplaced(difference.unplaced).map((text) => h("p", { class: "pad flush small dim" }, prose(text))));
}

function changeItem(change) {
  const { sign, className, text, example } = changeWords(change);
  return h("li", {}, h("b", { class: className }, sign), h("div", {}, prose(text), example && h("small", {}, prose(example))));
}

const unplaced = ({ old, new: now } = {}) => [["earlier", old], ["new", now]]
  .filter(([, names]) => names?.length > 0)
  .map(([which, names]) => `In the ${which} file no path leads to ${names.map((name) => `\`${name}\``).join(", ")}.`);

/**
 * Shows a policy as the configuration of another server, or why that cannot be written.
 * @param {HTMLElement} place
 * @param {object} compiled `corsac.mcp.compile/1`
 * @param {{title: string, file: string}} names of the target, and of the policy file
 */
export function showCompiled(place, compiled, { title, file }) {
  const { text, notes, refused } = compiled;
  const facts = notes.length > 0 && h("ul", { class: "facts", role: "list" }, notes.map((note) => h("li", {}, icon("info"), h("div", {}, prose(note)))));
  if (refused) {
    replace(place, h("div", { class: "stack" },
      h("p", { class: "row" }, verdictWord("blocked", { text: "Not written", shape: "no" }), h("span", { class: "small dim" }, `${title} cannot hold this policy.`)),
      h("p", {}, prose(refused.reason))),
    h("div", { class: "stack" }, h("h3", {}, "The nearest thing"), h("p", {}, prose(refused.instead)), facts));
    return;
  }
  const word = ["Exact", "Exact, with a note"][notes.length] ?? "Exact, with notes";
  replace(place,
    h("div", { class: "code" }, copyButton(() => text), h("pre", {}, h("code", {}, codeLines(text)))),
    h("div", { class: "stack" },
      h("p", { class: "row" }, verdictWord("readable", { text: word, shape: "ok" }), h("span", { class: "small dim" }, `${title} can hold all of this policy.`)),
      facts,
      h("p", { class: "small" }, "Then prove it on the running server: ", h("code", {}, `corsac verify URL --policy ${file}`))));
}

const codeLines = (text) => text.replace(/\n$/, "").split("\n").map((line, index) =>
  [index > 0 && "\n", /^\s*(#|\/\/|<!--)/.test(line) ? h("span", { class: "c" }, line) : line]);

/**
 * Says in the place of an answer why there is none.
 * @param {HTMLElement} place
 * @param {string} text
 */
export const showNone = (place, text) => replace(place, h("p", { class: place.matches(".pad, form *") ? "small dim" : "pad small dim" }, prose(text)));
