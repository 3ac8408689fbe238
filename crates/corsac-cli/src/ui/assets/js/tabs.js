// Tabs: a list with role "tablist", whose tabs name their panels in `aria-controls`.
import { h } from "./dom.js";

/**
 * A tab, to be put into a tablist.
 * @param {{id: string, controls: string, chosen?: boolean, title?: string}} options
 * @param {...*} children
 * @returns {HTMLButtonElement}
 */
export function tab({ id, controls, chosen = false, title }, ...children) {
  return h("button", {
    type: "button", role: "tab", id, title, "aria-controls": controls,
    "aria-selected": String(chosen), tabindex: chosen ? null : "-1",
  }, ...children);
}

/**
 * Makes a tablist work: a click or the keys (arrows, Home, End) choose a tab and show its panel. Tabs may come and go.
 * @param {HTMLElement} list the element with role "tablist"
 * @param {{onChoose?: (tab: HTMLElement) => void}} [options] `onChoose` is called when a person chooses another tab
 * @returns {{choose: (tab: HTMLElement) => void}} chooses a tab without calling `onChoose`
 */
export function tabs(list, { onChoose } = {}) {
  const all = () => [...list.querySelectorAll("[role=tab]")];

  const choose = (chosen) => {
    // First everything away, then the chosen panel: several tabs may share one.
    for (const other of all()) {
      other.setAttribute("aria-selected", String(other === chosen));
      other.tabIndex = other === chosen ? 0 : -1;
      panel(other)?.toggleAttribute("hidden", true);
    }
    panel(chosen)?.toggleAttribute("hidden", false);
    // Only the row of tabs: the page stays where it is.
    const row = list.getBoundingClientRect();
    const tab = chosen.getBoundingClientRect();
    if (tab.left < row.left || tab.right > row.right) list.scrollLeft += tab.left - row.left;
  };
  const panel = (of) => document.getElementById(of.getAttribute("aria-controls"));
  const byPerson = (chosen) => {
    const before = chosen.getAttribute("aria-selected") === "true";
    choose(chosen);
    if (!before) onChoose?.(chosen);
  };

  list.addEventListener("click", (event) => {
    const clicked = event.target.closest("[role=tab]");
    if (clicked) byPerson(clicked);
  });
  list.addEventListener("keydown", (event) => {
    const tabsNow = all();
    const at = tabsNow.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabsNow.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = tabsNow[(to + tabsNow.length) % tabsNow.length];
    byPerson(next);
    next.focus();
  });
  return { choose };
}
