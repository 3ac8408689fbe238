// Advice about a policy, written into its text. Only the plainest of files: one policy in TOML. In others a person writes it.

/**
 * The text with advice followed.
 * @param {string} text
 * @param {string} advice "If these pages may send this request, add `https://a.example` to `origins`, and write `credentials = true`."
 * @returns {string|null} `null` if the advice is not of this kind, or the file is not
 */
export function withAdvice(text, advice) {
  const steps = advice.match(/If these pages may send this request, (.*)\.$/)?.[1];
  const tables = [...text.matchAll(/^[ \t]*\[([^\]\n]*)\]/gm)];
  if (!steps || tables.length !== 1 || !/^\s*policy\s*\./.test(tables[0][1])) return null;
  // What a script has to do is not in the file.
  if (/in the script/.test(steps)) return null;
  const additions = [...steps.matchAll(/add ((?:`[^`]+`(?:, )?)+) to `([a-z-]+)`/g)].map(([, entries, key]) => [key, [...entries.matchAll(/`([^`]+)`/g)].map(([, entry]) => entry)]);
  let changed = text;
  for (const [key, entries] of additions) {
    changed = withEntries(changed, key, entries);
    if (changed === null) return null;
  }
  if (/write `credentials = true`/.test(steps)) changed = withLine(changed, "credentials", "true");
  return changed === text ? null : changed;
}

function withEntries(text, key, entries) {
  const written = entries.map((entry) => JSON.stringify(entry));
  const start = text.match(new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*\\[`, "m"));
  if (!start) return new RegExp(`^[ \\t]*${key}\\b`, "m").test(text) ? null : withLine(text, key, `[${written.join(", ")}]`);
  const from = start.index + start[0].length;
  const end = endOfList(text, from);
  if (end === null) return null;
  const inside = text.slice(from, end);
  const kept = inside.trimEnd();
  // A comment after the last entry would swallow what comes after it.
  if (/#[^"'\n]*$/.test(kept)) return null;
  const comma = kept.trim() === "" || kept.endsWith(",") ? "" : ",";
  if (!inside.includes("\n")) return `${text.slice(0, from)}${kept}${comma}${comma || kept.trim() ? " " : ""}${written.join(", ")}${text.slice(end)}`;
  const indent = inside.match(/\n([ \t]*)\S/)?.[1] ?? "  ";
  return `${text.slice(0, from)}${kept}${comma}\n${written.map((entry) => `${indent}${entry},\n`).join("")}${text.slice(end)}`;
}

/** Where the `]` of a list stands: outside of strings and comments. */
function endOfList(text, from) {
  const parts = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|\]/g;
  parts.lastIndex = from;
  for (let part = parts.exec(text); part; part = parts.exec(text)) if (part[0] === "]") return part.index;
  return null;
}

/** Replaces a key's line, or adds it as the last of the policy. */
function withLine(text, key, value) {
  const line = new RegExp(`^([ \\t]*)${key}[ \\t]*=.*$`, "m");
  if (line.test(text)) return text.replace(line, `$1${key} = ${value}`);
  return `${text.trimEnd()}\n${key} = ${value}\n`;
}
