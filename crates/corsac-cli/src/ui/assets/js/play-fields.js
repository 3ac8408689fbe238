// Errors and marks at the fields that they are about.
import { $$, h, icon, prose, replace } from "./dom.js";

/**
 * The control that a field's name means: "answers.request.headers" means the editor "answers.request", if nothing is nearer.
 * @param {string} field
 * @param {string[]} names of the controls that are there
 * @returns {string|null}
 */
export function nearestField(field, names) {
  const nearer = (best, name) => (best === null || name.length > best.length ? name : best);
  return names.filter((name) => field === name || field.startsWith(`${name}.`)).reduce(nearer, null);
}

/**
 * Says at one field what is wrong with it, and takes back what was said elsewhere.
 * @param {{field: string|null, line: number|null, message: string}|null} error
 * @returns {HTMLElement|null} the control
 */
export function showError(error) {
  for (const control of $$("[data-field][aria-invalid]")) clear(control);
  if (!error?.field) return null;
  const controls = new Map($$("[data-field]").map((control) => [control.dataset.field, control]));
  const control = controls.get(nearestField(error.field, [...controls.keys()]) ?? "");
  if (!control) return null;
  const id = `${control.id}-e`;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [id, control.getAttribute("aria-describedby")].filter(Boolean).join(" "));
  (control.closest(".ed") ?? control).after(h("p", { class: "small v blocked", id }, prose(sentence(error))));
  return control;
}

function clear(control) {
  const id = `${control.id}-e`;
  control.removeAttribute("aria-invalid");
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other !== id && other !== "");
  if (others.length) control.setAttribute("aria-describedby", others.join(" "));
  else control.removeAttribute("aria-describedby");
  document.getElementById(id)?.remove();
}

const sentence = ({ line, message }) => {
  const named = line && !message.toLowerCase().includes(`line ${line}`) ? `Line ${line}: ${message}` : message;
  return /[.!?]$/.test(named) ? named : `${named}.`;
};

/**
 * Writes below an editor what its marks say, with the line that would help.
 * @param {HTMLElement} place
 * @param {object[]} marks MARK
 * @param {{silent: string|null, use: (mark: object) => void}} options `silent` stands there where no mark says anything
 */
export function showMarks(place, marks, { silent, use }) {
  const said = marks.filter((mark) => mark.result !== "pass" && mark.text);
  if (said.length === 0) {
    replace(place, silent && h("p", { class: "small dim" }, prose(silent)));
    return;
  }
  replace(place, said.map((mark) => {
    const button = mark.button && h("button", { class: "btn push", type: "button", title: mark.button.line, on: { click: () => use(mark) } }, mark.button.label);
    if (mark.result === "note") return h("p", { class: "row small dim" }, h("span", {}, prose(mark.text)), button);
    return h("p", { class: "row small v blocked" }, mark.line === 0 && icon("no"), h("span", {}, prose(mark.text)), button);
  }));
}
