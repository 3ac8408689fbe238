// "Asked": the history as tabs, the newest first after "+ New".
import { h, icon, replace, verdictWord } from "./dom.js";
import { middle, title } from "./ask-request.js";
import { tone } from "./sequence.js";
import { tab, tabs } from "./tabs.js";

/**
 * Makes the row of tabs work.
 * @param {HTMLElement} row which holds the tablist
 * @param {{onNew: () => void, onAsking: () => void, onEntry: (entry: Object) => void}} page called when a person chooses
 * @returns {{
 *   show: (entries: Object[]) => void,
 *   showAsking: (request: Object) => void,
 *   choose: (entry: Object|null) => void,
 *   is: (what: "new"|"asking"|number) => boolean,
 * }} `show` draws the entries of the history, `showAsking` puts a request before them that has no answer yet and chooses it, `choose` chooses an entry, or "+ New", and
 *   `is` says whether that is chosen, or the entry with this id
 */
export function askedTabs(row, { onNew, onAsking, onEntry }) {
  const list = row.querySelector("[role=tablist]");
  const view = document.getElementById("view");
  let entries = [];
  let chosen = "t-new";

  const behaviour = tabs(list, {
    onChoose: (one) => {
      chosen = one.id;
      const entry = entries.find((other) => tabId(other) === one.id);
      if (entry) onEntry(entry);
      else if (one.id === "t-asking") onAsking();
      else onNew();
    },
  });

  function draw(before) {
    const hadFocus = list.contains(document.activeElement);
    row.hidden = entries.length === 0 && !before;
    replace(list, tab({ id: "t-new", controls: "view" }, "+ New"), before, entries.map(entryTab));
    mark();
    if (hadFocus) document.getElementById(chosen)?.focus();
  }

  function mark() {
    const one = document.getElementById(chosen);
    if (one) behaviour.choose(one);
    view.setAttribute("aria-labelledby", chosen);
  }

  return {
    show(next) {
      entries = next;
      if (chosen === "t-asking") chosen = "t-new";
      draw(null);
    },
    showAsking(request) {
      chosen = "t-asking";
      draw(tab({ id: chosen, controls: "view" }, verdictWord("neutral", { text: `${request.method}, asking` })));
    },
    choose(entry) {
      chosen = entry ? tabId(entry) : "t-new";
      mark();
    },
    is: (what) => chosen === `t-${what}`,
  };
}

const tabId = (entry) => `t-${entry.id}`;

function entryTab(entry) {
  const { answer, groups } = entry.answer;
  const text = title(entry.request);
  const cut = middle(text);
  return tab({ id: tabId(entry), controls: "view", title: cut ? text : null },
    h("span", { class: `word ${tone(answer.verdict)}` },
      icon(answer.browsers_agree === false && groups.length > 1 ? "differ" : SHAPES[answer.verdict] ?? answer.verdict),
      h("span", { class: "sr" }, `${answer.verdict}: `),
      cut ? h("span", { class: "mid" }, h("span", {}, cut[0]), h("span", {}, cut[1])) : text));
}

const SHAPES = { allowed: "readable" };
