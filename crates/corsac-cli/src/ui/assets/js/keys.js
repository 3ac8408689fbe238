// The keys, and the list of them on `?`, which is a state of the page.
import { $, h, icon } from "./dom.js";

const OFF = "corsac-single-keys";
const LIST = [
  ["/", "to the URL, or to the search in Read"],
  ["Enter", "in the bar: ask"],
  ["Ctrl+Enter, ⌘+Enter", "anywhere: ask, or run"],
  ["Esc", "stop asking; close what is open"],
  ["← → Home End", "within tabs"],
  ["F8, Shift+F8", "next, previous problem in Policy; next, previous judged line in Ask"],
  ["?", "this list"],
];

/**
 * Listens for the keys of the page. What a view does not have, it leaves out.
 * @param {{
 *   field?: () => HTMLElement|null,
 *   run?: () => void,
 *   stop?: () => void,
 *   step?: (direction: 1|-1) => void,
 * }} view `field` is where `/` goes, `run` is Ctrl+Enter, `stop` is Esc, `step` is F8 (1) and Shift+F8 (-1)
 */
export function keys(view = {}) {
  const button = $("[data-keys-button]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", toggleList);
  }
  document.addEventListener("keydown", (event) => {
    const act = action(event, view);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function action(event, view) {
  if (event.isComposing || event.defaultPrevented || event.altKey) return null;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return view.run;
  if (event.ctrlKey || event.metaKey) return null;
  if (event.key === "Escape") return $("#keys") ? closeList : view.stop;
  if (event.key === "F8") return view.step && (() => view.step(event.shiftKey ? -1 : 1));
  if (!singleKeys() || inField(event.target)) return null;
  if (event.key === "?") return toggleList;
  if (event.key === "/") {
    const field = view.field?.();
    return field && (() => { field.focus(); field.select?.(); });
  }
  return null;
}

const inField = (target) => target instanceof Element
  && (target.matches("input:not([type=checkbox]), textarea, select") || target.isContentEditable);

function singleKeys() {
  try { return localStorage.getItem(OFF) !== "off"; } catch { return true; }
}

let before = null;

function toggleList() {
  if ($("#keys")) closeList();
  else openList();
}

function closeList() {
  $("#keys")?.remove();
  before?.focus?.();
}

function openList() {
  before = document.activeElement;
  const heading = h("h2", { id: "h-keys", tabindex: "-1" }, "Keys");
  $("main").prepend(h("section", { class: "panel", id: "keys", "aria-labelledby": "h-keys" },
    h("header", {}, heading,
      h("button", { class: "btn bare push", type: "button", on: { click: closeList } }, icon("stop"), "Close ", h("kbd", {}, "Esc"))),
    h("div", { class: "pad stack" },
      h("dl", { class: "keys" }, LIST.map(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)])),
      h("label", { class: "check" },
        h("input", { type: "checkbox", checked: singleKeys(), on: { change: (event) => remember(event.target.checked) } }),
        h("span", {}, "The single keys ", h("kbd", {}, "/"), " and ", h("kbd", {}, "?"), " work outside fields")))));
  heading.focus();
}

function remember(on) {
  try { localStorage.setItem(OFF, on ? "on" : "off"); } catch { /* lasts until the next page */ }
}
