// Read: the search in its navigation, buttons that copy, and the live examples. The pages are complete without it.
import { $, $$, h, prose, replace, verdictWord } from "./dom.js";
import { copyButton } from "./copy.js";
import { keys } from "./keys.js";
import { play } from "./play-core.js";

const WAIT = 150;

for (const code of $$(".code[data-copy]")) {
  code.prepend(copyButton(() => code.querySelector("pre").textContent));
}

const find = $("#find");
find.hidden = false;
find.addEventListener("input", search);
keys({ field: () => find });

// A long group may hide the current page in the navigation's own scroll area.
const nav = $(".read > nav");
const current = $(".navlist details [aria-current]");
if (current) nav.scrollTop += current.getBoundingClientRect().top - nav.getBoundingClientRect().top - nav.clientHeight / 2;

/** Shows the pages whose name, or another word for them, has what was written, and opens their groups. The index also looks in the titles. */
function search() {
  const plain = (text) => text.toLowerCase().replaceAll(/[\s_]+/g, "-");
  const wanted = plain(find.value.trim());
  const singular = wanted.replace(/s$/, "");
  const fits = (text) => plain(text).includes(singular);
  const all = $(".navlist");
  let shown = 0;
  for (const item of $$("li", all)) {
    const link = item.firstElementChild;
    item.hidden = !fits(`${link.textContent} ${link.dataset.find ?? ""}`);
    shown += item.hidden ? 0 : 1;
  }
  for (const group of $$("details", all)) {
    const links = $$("li:not([hidden])", group);
    group.hidden = links.length === 0;
    group.open = wanted ? links.length > 0 : Boolean($("[aria-current]", group));
  }
  for (const term of $$("#index dt")) {
    const title = term.nextElementSibling;
    term.hidden = title.hidden = !fits(`${term.textContent} ${title.textContent}`);
  }
  if (wanted) all.open = true;
  const found = $("#found");
  found.hidden = !wanted;
  found.textContent = shown === 1 ? "1 page" : `${shown || "No"} pages`;
}

for (const form of $$("form[data-live]")) live(form);

/** Keeps the verdict of an example that of its fields. */
function live(form) {
  const template = JSON.parse(form.dataset.live);
  const status = $("[role=status]", form);
  let latest = 0;
  let waiting = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, WAIT);
  });

  async function update() {
    const mine = ++latest;
    let played;
    try {
      played = await play(filled(template, new FormData(form)));
    } catch (error) {
      played = { error };
    }
    // An answer that comes after a later question's would be about other values.
    if (mine === latest) replace(status, said(played));
  }
}

function said({ error, verdict, code, headline }) {
  if (error) return h("span", {}, prose(error.message));
  const link = code && h("a", { href: `${code}.html` }, code);
  return [verdictWord(verdict, { big: true }), h("span", {}, prose(`${headline.replace(/\.$/, "")}.`), " ", link)];
}

/** The request and its answers, with the fields in their places. A header line whose value is empty is left out. */
function filled(value, fields, name = "") {
  if (typeof value === "string") {
    const text = value.replaceAll(/\{([a-z]+)\}/g, (whole, field) => fields.get(field) ?? whole);
    return name === "headers" ? text.split("\n").filter((line) => !/:\s*$/.test(line)).join("\n") : text;
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, fields, key)]));
}
