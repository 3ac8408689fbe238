// The table of Prove: a row for each situation, and tabs that choose among them.
import { h, icon, prose, replace, verdictWord } from "./dom.js";
import { gotWords } from "./prove-report.js";
import { counts } from "./prove-words.js";
import { tab } from "./tabs.js";

/** What is tinted, and which symbol stands beside the word. */
const STATES = {
  agree: () => verdictWord("readable", { text: "agree", shape: "ok" }),
  differ: () => verdictWord("warn", { text: "differ" }),
  cannot: () => verdictWord("neutral", { text: "could not run", shape: "info" }),
  running: () => h("span", { class: "word neutral" }, h("span", { class: "spin small", "aria-hidden": "true" }), "running"),
};

/**
 * Makes the table row of a situation.
 * @param {{title: string}} row
 * @param {() => void} run called when a person wants this row alone to run
 * @returns {HTMLTableRowElement}
 */
export function tableRow(row, run) {
  const cell = (label) => h("td", { "data-l": label });
  const element = h("tr", {},
    h("th", { scope: "row" }, prose(row.title)), cell("Corsac says"), cell("Your browser"), cell("They"));
  element.lastChild.tabIndex = -1;
  showRow(element, row, run);
  return element;
}

/**
 * Shows the state of a row.
 * @param {HTMLTableRowElement} element
 * @param {object} row
 * @param {() => void} run
 */
export function showRow(element, row, run) {
  const [, says, did, they] = element.children;
  element.className = row.state === "differ" ? "differs" : "";
  replace(says, row.predicted ? [verdictWord(row.predicted.verdict), " ", row.predicted.code && h("code", { class: "dim" }, row.predicted.code)] : nothing(row));
  replace(did, browserDid(row));
  const hadFocus = they.contains(document.activeElement);
  replace(they, row.state === "waiting"
    ? h("button", { class: "btn bare code3", type: "button", on: { click: run }, "aria-label": `Run: ${row.title.replaceAll("`", "")}` }, "Run")
    : STATES[row.state]());
  if (hadFocus) they.focus();
}

function browserDid(row) {
  if (row.state === "cannot") return h("span", { class: "dim" }, prose(row.reason));
  if (!row.got) return nothing(row);
  const words = row.got.verdict === "refused" ? row.got.error.split(":")[0] : gotWords(row.got);
  return [verdictWord(row.verdict), " ", h("span", { class: "dim" }, words)];
}

const nothing = ({ state }) => [h("span", { class: "dim", "aria-hidden": "true" }, "–"), h("span", { class: "sr" }, state === "cannot" ? "none" : "not yet")];

/**
 * The tabs above the table, for those states that occur.
 * @param {HTMLElement} list
 * @param {object[]} rows
 * @param {string} chosen "all", "differ" or "cannot"
 * @returns {string} which tab is chosen now
 */
export function showTabs(list, rows, chosen) {
  const { all, differ, cannot } = counts(rows);
  const kinds = [
    ["all", `All ${all}`],
    differ > 0 && ["differ", verdictWord("warn", { text: `${differ} ${differ === 1 ? "differs" : "differ"}` })],
    cannot > 0 && ["cannot", verdictWord("neutral", { text: `${cannot} could not run`, shape: "info" })],
  ].filter(Boolean);
  const now = kinds.some(([kind]) => kind === chosen) ? chosen : "all";
  const focused = list.contains(document.activeElement);
  replace(list, kinds.map(([kind, label]) => tab({ id: `t-${kind}`, controls: "situations", chosen: kind === now }, label)));
  if (focused) list.querySelector("[aria-selected=true]").focus();
  return now;
}

/** A symbol for each situation. */
export function showDots(place, rows) {
  const shapes = { agree: ["ok", "readable"], differ: ["warn", "warn"], cannot: ["info", "neutral"] };
  replace(place, rows.map(({ state }) => icon(...(shapes[state] ?? ["later", "neutral"]))));
}
