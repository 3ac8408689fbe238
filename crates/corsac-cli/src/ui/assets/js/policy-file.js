// The file on the reader's own machine: opened, saved, and kept for this window.
import { save } from "./ask-export.js";
import { LONGEST, START, formatOf } from "./policy-text.js";

const KEPT = "corsac-policy";

/**
 * Reads a file that a person chose.
 * @param {File} file
 * @returns {Promise<{name: string, text: string}>}
 */
export async function readFile(file) {
  if (file.size > LONGEST) throw new Error(`\`${file.name}\` is longer than a policy file can be.`);
  return { name: file.name, text: (await file.text()).replaceAll("\r\n", "\n") };
}

/**
 * Makes a button open a file through a hidden chooser.
 * @param {HTMLInputElement} input
 * @param {(file: {name: string, text: string}) => void} use
 * @param {(message: string) => void} fail
 */
export function fileChooser(input, use, fail) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    try {
      use(await readFile(file));
    } catch (error) {
      fail(error.message);
    }
    input.value = ""; // so that the same file can be chosen again
  });
}

/** Lets a person save the policy. */
export const saveFile = (name, text) => save(text, name, formatOf(text) === "json" ? "application/json" : "application/toml");

/**
 * What this window was working on.
 * @returns {{name: string, text: string, saved: string, savedName: string|null}} `saved` is what "What changed" compares with
 */
export function kept() {
  try {
    const { name, text, saved, savedName } = JSON.parse(sessionStorage.getItem(KEPT));
    if ([name, text, saved].every((part) => typeof part === "string")) return { name, text, saved, savedName: savedName ?? null };
  } catch { /* nothing is kept, or storage is off */ }
  return { name: "corsac.toml", text: START, saved: START, savedName: null };
}

/** Keeps it for this window. */
export function keep(value) {
  try { sessionStorage.setItem(KEPT, JSON.stringify(value)); } catch { /* storage is off, or full */ }
}
