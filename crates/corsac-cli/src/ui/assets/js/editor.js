// An editor: a real textarea over a hidden copy of its text, which draws line numbers, marks and underlines.
import { h, icon } from "./dom.js";

const SYMBOLS = { pass: "ok", fail: "no", warn: "warn" };
const MOST_LINES = 2000;

/**
 * Makes a textarea an editor. If it does not stand in a `.ed` yet, it is put into one.
 * @param {HTMLTextAreaElement} textarea
 * @returns {{value: string, textarea: HTMLTextAreaElement, setMarks: (marks: Object[], options?: {numbers?: boolean}) => void, goTo: (line: number, column?: number) => void}}
 *   `value` may be set. `setMarks(marks, {numbers})` draws MARKs `{line, result: "pass|fail|warn|note", from?, to?}`: `from` and `to` are the columns,
 *   from 1, of what to underline, `to` not included; without them it is the value of the line. With `numbers: true` the lines have numbers,
 *   else the symbols of their marks. `goTo(line, column)` puts the cursor there, from 1
 */
export function editor(textarea) {
  let frame = textarea.closest(".ed");
  if (!frame) {
    frame = h("div", { class: "ed" });
    textarea.replaceWith(frame);
    frame.append(textarea);
  }
  let behind = frame.querySelector("pre");
  if (!behind) {
    behind = h("pre", { "aria-hidden": "true" });
    frame.prepend(behind);
  }
  textarea.spellcheck = false;
  textarea.autocomplete = "off";

  let marks = [];
  const draw = () => {
    const lines = textarea.value.split("\n");
    textarea.rows = Math.max(Number(textarea.dataset.rows ?? 2), Math.min(lines.length, MOST_LINES));
    // A page of 10,000 marked lines would be slower than its reader.
    behind.replaceChildren(...lines.slice(0, MOST_LINES).map((text, at) => drawnLine(text, marks.filter((mark) => mark.line === at + 1))));
  };
  textarea.dataset.rows ??= String(textarea.rows);
  textarea.addEventListener("input", draw);
  draw();

  return {
    textarea,
    get value() { return textarea.value; },
    set value(text) {
      textarea.value = text;
      draw();
    },
    setMarks(next, { numbers = false } = {}) {
      marks = next;
      frame.classList.toggle("marks", !numbers);
      draw();
    },
    goTo(line, column = 1) {
      const lines = textarea.value.split("\n");
      const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
      const at = Math.min(before + column - 1, textarea.value.length);
      textarea.focus();
      textarea.setSelectionRange(at, at);
    },
  };
}

/** One line: its symbol, and what is wrong in it underlined. */
function drawnLine(text, marks) {
  const mark = marks.find((one) => one.result === "fail") ?? marks.find((one) => one.result === "warn") ?? marks[0];
  if (!mark) return h("span", {}, text);
  const className = { fail: "e", warn: "w" }[mark.result];
  const symbol = SYMBOLS[mark.result] && icon(SYMBOLS[mark.result]);
  return h("span", { class: className }, symbol, className ? underlined(text, mark) : text);
}

function underlined(text, { from, to }) {
  const start = from ? from - 1 : text.match(/^[^:]*:\s*/)?.[0].length ?? 0;
  const end = to ? to - 1 : text.length;
  return [text.slice(0, start), h("u", {}, text.slice(start, end)), text.slice(end)];
}
