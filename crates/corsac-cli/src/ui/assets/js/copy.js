// Buttons that copy.
import { h, icon } from "./dom.js";
import { announce } from "./announce.js";

const SHOWN_FOR = 2000;

/**
 * A button that copies a text, and then says "Copied" for two seconds.
 * @param {() => string|Promise<string>} getText called when the button is pressed
 * @param {{label?: string, className?: string, symbol?: boolean}} [options] `symbol`: with the copy symbol, as on code
 * @returns {HTMLButtonElement}
 */
export function copyButton(getText, { label = "Copy", className = "btn", symbol = true } = {}) {
  const word = h("span", {}, label);
  const button = h("button", { class: className, type: "button", on: { click: press } }, symbol && icon("copy"), word);
  let reset = 0;
  async function press() {
    let said = "Copied";
    try {
      await copy(await getText());
    } catch {
      said = "Could not copy";
    }
    announce(said);
    word.textContent = said;
    clearTimeout(reset);
    reset = setTimeout(() => { word.textContent = label; }, SHOWN_FOR);
  }
  return button;
}

/**
 * Makes a copy button of each `<button data-copy="ID">` of a page that was written by the server: it copies the text of the element with that id.
 * @param {ParentNode} [root]
 */
export function copyButtons(root = document) {
  for (const found of root.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(found.dataset.copy);
    if (source) found.replaceWith(copyButton(() => source.textContent, { className: found.className || "btn" }));
  }
}

/** Puts a text on the clipboard. */
export async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch { /* not allowed here: the old way may be */ }
  }
  // Pages on plain http with another name than localhost have no clipboard object.
  const focused = document.activeElement;
  const field = h("textarea", { class: "sr", "aria-hidden": "true", tabindex: "-1", readonly: true, value: text });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus?.({ preventScroll: true });
  if (!done) throw new Error("The browser did not copy.");
}
