// What is wrong with the file: beside the lines, and as a list below them.
import { readPage } from "./api.js";
import { h, icon, prose, replace, verdictWord } from "./dom.js";
import { placeOf, sentence, withSuggestion } from "./policy-text.js";
import { countWords } from "./policy-words.js";

const MOST_SHOWN = 200;

/**
 * Shows the problems of a text.
 * @param {{list: HTMLElement, counts: HTMLElement, editor: object}} places
 * @param {string} text
 * @param {object[]} problems of `corsac.lint/1`
 * @param {{goTo: (problem: object) => void, write: (written: {text: string, end: number}) => void}} handlers
 */
export function showProblems({ list, counts, editor }, text, problems, { goTo, write }) {
  editor.setMarks(problems.map((problem) => {
    const { from, to } = placeOf(text, problem);
    return { line: problem.line, result: problem.severity === "error" ? "fail" : "warn", from, to };
  }), { numbers: true });
  showCounts(counts, problems);
  if (problems.length === 0) {
    replace(list, h("p", { class: "small dim" }, "Nothing is wrong in this file."));
    return;
  }
  const shown = problems.slice(0, MOST_SHOWN);
  replace(list,
    h("h3", {}, "What is wrong, and what to write"),
    h("ul", { class: "problems", role: "list" }, shown.map((problem) => problemItem(problem, withSuggestion(text, problem), { goTo, write }))),
    problems.length > shown.length && h("p", { class: "small dim" }, `And ${problems.length - shown.length} more.`));
}

function showCounts(place, problems) {
  const { errors, lints, words } = countWords(problems);
  const said = [errors > 0 && verdictWord("blocked", { text: words[0], shape: "no" }), lints > 0 && verdictWord("warn", { text: words.at(-1) })];
  const next = said.some(Boolean) ? said : [verdictWord("readable", { text: "No problems", shape: "ok" })];
  const textOf = (nodes) => nodes.filter(Boolean).map((node) => node.textContent).join();
  // Only a change is announced.
  if (textOf([...place.children]) !== textOf(next)) replace(place, next);
}

function problemItem(problem, written, { goTo, write }) {
  const isError = problem.severity === "error";
  const jump = (event) => {
    event.preventDefault();
    goTo(problem);
  };
  return h("li", { class: isError ? "blocked" : "warn" },
    icon(isError ? "no" : "warn"),
    h("a", { href: "#policy-text", on: { click: jump } }, h("span", { class: "sr" }, "Line and column "), `${problem.line}:${problem.column}`),
    h("span", {},
      h("span", { class: "sr" }, isError ? "Error: " : "Lint: "), prose(sentence(problem.message)), " ",
      h("a", { class: "chip mono", href: readPage(problem.code) }, problem.code)),
    written && h("button", { class: "btn", type: "button", on: { click: () => write(written) } }, "Write ", h("code", {}, problem.suggestion)));
}

/**
 * The next problem after the caret, or the one before it; around the end of the file.
 * @param {string} text
 * @param {object[]} problems
 * @param {number} caret
 * @param {1|-1} direction
 * @returns {object|null}
 */
export function nextProblem(text, problems, caret, direction) {
  const placed = problems.map((problem) => ({ problem, start: placeOf(text, problem).start })).sort((one, other) => one.start - other.start);
  const found = direction === 1 ? placed.find(({ start }) => start > caret) ?? placed[0] : placed.findLast(({ start }) => start < caret) ?? placed.at(-1);
  return found?.problem ?? null;
}
