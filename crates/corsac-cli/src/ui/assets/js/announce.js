// What screen readers are told without moving the focus.
import { h } from "./dom.js";

let region = null;
let waiting = 0;

/**
 * Says a text through the page's one polite live region.
 * @param {string} text
 * @param {number} [after] milliseconds to wait; a later call takes the place of one that still waits
 */
export function announce(text, after = 0) {
  // The region has to be on the page before its text changes, or nobody is told.
  if (!region?.isConnected) {
    region = h("p", { class: "sr", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  clearTimeout(waiting);
  region.textContent = "";
  waiting = setTimeout(() => { region.textContent = text; }, Math.max(after, 50));
}
addEventListener("DOMContentLoaded", () => announce(""));
