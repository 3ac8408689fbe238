// The right side of Play: how the server answers each request, as status and header lines.
import { h, replace } from "./dom.js";
import { editor } from "./editor.js";
import { showMarks } from "./play-fields.js";
import { withLine } from "./play-state.js";
import { typeInto } from "./typed.js";

const SEEN_ONLY = "Lines that the browser looked at have a mark.";

/**
 * The editors of the answers, in the element `place`.
 * @param {HTMLElement} place
 * @param {{changed: () => void, removeRedirect: (index: number) => void}} handlers
 */
export function answerEditors(place, { changed, removeRedirect }) {
  let exchanges = [];

  /** Shows other answers. */
  const write = (answers) => {
    const all = [answers, ...answers.redirects];
    if (exchanges.length !== all.length) {
      exchanges = all.map((_, index) => exchange(index - 1, removeRedirect));
      replace(place, exchanges.map(({ elements }) => elements));
      for (const { preflight, request } of exchanges) for (const block of [preflight, request]) block.start(changed);
    }
    all.forEach((values, index) => {
      exchanges[index].preflight.write(values.preflight);
      exchanges[index].request.write(values.request);
    });
  };

  /** Returns the answers as they stand in the fields. */
  const read = () => {
    const [first, ...redirects] = exchanges.map(({ preflight, request }) => ({ preflight: preflight.read(), request: request.read() }));
    return { ...first, redirects };
  };

  /** Marks the lines, by PLAYED. `sent` says which requests were sent: "preflight", "request", "redirect". */
  const mark = (marks, sent, method) => {
    exchanges.forEach(({ preflight, request }, index) => {
      if (index === 0) request.title(`To ${method}`);
      preflight.mark(marks, index > 0 || sent.includes("preflight") ? null : "No preflight is asked.");
      request.mark(marks, index > 0 || sent.includes("request") ? null : `Not reached. ${SEEN_ONLY}`);
    });
  };
  return { write, read, mark };
}

function exchange(index, removeRedirect) {
  const field = index < 0 ? "answers" : `answers.redirects.${index}`;
  const after = index < 0 ? "" : `, after redirect ${index + 1}`;
  const preflight = answer(`${field}.preflight`, { title: `To OPTIONS${after}`, label: `Header lines of the preflight’s answer${after}`, rows: 5 });
  const request = answer(`${field}.request`, { title: index < 0 ? "To the request" : `Then, after redirect ${index + 1}`, label: `Header lines of the answer${after}`, rows: 4 });
  const remove = index >= 0 && h("button", { class: "btn bare", type: "button", on: { click: () => removeRedirect(index) } }, `Remove redirect ${index + 1}`);
  return { preflight, request, elements: [preflight.elements, request.elements, remove] };
}

/** One answer: its status, and its lines in an editor with what the marks say below. */
function answer(field, { title, label, rows }) {
  const id = `a-${field.replaceAll(".", "-")}`;
  const heading = h("h3", {}, title);
  const status = h("input", { class: "mono code3", id: `${id}-s`, "data-field": `${field}.status`, inputmode: "numeric", maxlength: "3", autocomplete: "off" });
  const area = h("textarea", { id, "data-field": field, rows, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": `${id}-m` });
  const said = h("div", { id: `${id}-m` });
  const elements = [
    h("div", { class: "row" }, heading, h("label", { class: "row push", for: status.id }, "Status ", status)),
    h("div", {}, h("label", { for: id }, label), h("div", { class: "ed marks" }, h("pre", { "aria-hidden": "true" }), area), said),
  ];
  let lines = null;
  return {
    elements,
    start(changed) {
      lines = editor(area);
      area.addEventListener("input", changed);
      status.addEventListener("input", changed);
    },
    read: () => ({ status: /^[0-9]{3}$/.test(status.value.trim()) ? Number(status.value) : null, headers: area.value.replace(/\n+$/, "") }),
    write(value) {
      status.value = String(value.status ?? "");
      lines.value = value.headers;
    },
    title(text) { heading.textContent = text; },
    mark(marks, silent) {
      const own = marks[field] ?? [];
      lines.setMarks(own, { numbers: false });
      showMarks(said, own, { silent: own.length ? null : silent, use: (mark) => useLine(area, mark) });
    },
  };
}

/**
 * Writes the line that a mark offers, and leaves the caret at its end.
 * @param {HTMLTextAreaElement} area
 * @param {object} mark MARK
 */
export function useLine(area, mark) {
  const { value, end } = withLine(area.value, mark.line, mark.button.line);
  typeInto(area, value, end);
}
