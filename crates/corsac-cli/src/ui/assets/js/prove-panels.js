// What differs: a panel for each situation, with the report that repeats it.
import { copyButton } from "./copy.js";
import { h, prose, verdictWord } from "./dom.js";
import { report, shortReport } from "./prove-report.js";

/**
 * The panel of a situation in which prediction and browser differ.
 * @param {object} row
 * @param {object} proof what `shortReport` and `report` need; `play()` gives PLAY without secrets
 * @param {{isFirst: boolean}} options only the first panel has a filled button
 * @returns {HTMLElement}
 */
export function differingPanel(row, proof, { isFirst }) {
  const id = `d-${row.number}`;
  const copy = copyButton(async () => report({ ...proof, play: await proof.play() }), { label: "Copy report", className: isFirst ? "btn main" : "btn" });
  return h("section", { class: "panel", "aria-labelledby": id },
    h("header", {}, h("h2", { id }, prose(row.title)), h("span", { class: "push" }, verdictWord("warn", { text: "They differ" }))),
    h("div", { class: "pad stack" },
      h("p", {}, expected(row), rest(row).flatMap((sentence) => [" ", ...prose(sentence)])),
      h("p", { class: "small dim" }, "The report also holds the prediction, the state of Play, and what this browser calls itself."),
      h("div", { class: "code" }, copy, h("pre", {}, h("code", {}, lines(shortReport(proof)))))));
}

function expected({ predicted, verdict }) {
  return predicted.verdict === verdict
    ? ["Corsac and this browser both say ", verdictWord(verdict), "."]
    : ["Corsac expected ", verdictWord(predicted.verdict), ", and this browser says ", verdictWord(verdict), "."];
}

const rest = ({ predicted, verdict, differences }) => differences.slice(predicted.verdict === verdict ? 0 : 1);

const lines = (text) => text.split("\n").map((line, index) => [index > 0 && "\n", line.startsWith("#") ? h("span", { class: "c" }, line) : line]);
