// One HTML file for a colleague or a bug report: the answer as the page shows it, with its CSS, the report as data, and nothing that runs.
import { fromRoot } from "./api.js";
import { $$, h } from "./dom.js";

/**
 * Makes the file from an answer on the page.
 * @param {HTMLElement} view what is shown
 * @param {{title: string, request: string, report: Object}} options `request`: what was asked, in a line. `report` becomes a JSON block
 * @returns {Promise<string>}
 */
export async function htmlFile(view, { title, request, report }) {
  const sheets = await Promise.all(["tokens.css", "page.css"].map(async (name) => (await fetch(fromRoot(name))).text()));
  const sprite = document.querySelector("body > svg");
  return standalone({ title, css: sheets.join("\n"), symbols: sprite?.outerHTML ?? "", body: still(view, request).outerHTML, report });
}

/** A copy of what is shown, without what needs script or leads back to this page. */
function still(view, request) {
  const copy = view.cloneNode(true);
  copy.prepend(h("p", { class: "mono" }, request));
  copy.removeAttribute("role");
  for (const panel of $$("[role=tabpanel]", copy)) {
    const name = copy.querySelector(`[id="${CSS.escape(panel.getAttribute("aria-labelledby") ?? "")}"]`)?.textContent;
    panel.hidden = false;
    panel.removeAttribute("role");
    panel.removeAttribute("aria-labelledby");
    if (name) panel.prepend(h("h3", { class: "pad" }, name));
  }
  for (const gone of $$("button, select, input, textarea, label, [role=tablist], [data-page-only]", copy)) gone.remove();
  for (const details of $$("details", copy)) details.open = true;
  for (const link of $$("a", copy)) {
    const href = link.getAttribute("href") ?? "";
    if (!href.startsWith("#") && !href.startsWith("https://")) link.replaceWith(h("span", { class: link.className }, ...link.childNodes));
  }
  return copy;
}

/**
 * Puts the parts of the file together. The policy of the file allows its own style, by hash, and nothing else.
 * @param {{title: string, css: string, symbols: string, body: string, report: Object}} parts `symbols` and `body` are HTML of this page's own elements,
 *   as the browser writes them; the rest is text
 * @returns {Promise<string>}
 */
export async function standalone({ title, css, symbols, body, report }) {
  // The hash is over the style as a parser reads it: with \n alone.
  const style = css.replaceAll("\r\n", "\n").replaceAll("</", "<\\/");
  const policy = `default-src 'none'; style-src 'sha256-${await sha256(style)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${symbols}
<main>
${body}
<p class="dim small">Made by Corsac. The report as JSON is in this file: <code>script#report</code>.</p>
</main>
<script type="application/json" id="report">${jsonBlock(report)}</script>
</body>
</html>
`;
}

/** JSON that can stand in a script element: without `<`, neither `</script` nor `<!--` can appear. */
export const jsonBlock = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/** A text for HTML, in elements and attributes. */
export const escaped = (text) => String(text)
  .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");

async function sha256(text) {
  if (!globalThis.crypto?.subtle) throw new Error("Browsers make hashes on https and localhost only, and the file needs one.");
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes));
}

/** Lets a person save a text as a file. */
export function save(text, name, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
