// Text that a button writes into a field, as if a person had typed it: so undo brings back what was there.

/**
 * What has to be replaced to get from one text to another.
 * @param {string} before
 * @param {string} after
 * @returns {{start: number, end: number, text: string}} the part of `before`, and what stands there in `after`
 */
export function change(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

/**
 * Writes a text into a field that takes the focus, and tells its listeners.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 * @param {number} caret
 */
export function typeInto(field, text, caret) {
  const { start, end, text: part } = change(field.value, text);
  field.focus();
  field.setSelectionRange(start, end);
  // The old command is the only one that undo knows.
  const typed = start === end && part === "" ? true : document.execCommand(part === "" ? "delete" : "insertText", false, part);
  if (!typed || field.value !== text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(caret, caret);
}
