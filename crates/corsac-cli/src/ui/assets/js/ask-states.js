// What Ask shows where there is no answer: the three doors, asking, not sent yet, what a paste held, what went wrong.
import { h, icon, plain, prose, verdictWord } from "./dom.js";
import { fromRoot, readPage } from "./api.js";
import { hasRedacted, hostOf, isSafe, title } from "./ask-request.js";

/**
 * Nothing asked yet: three doors.
 * @param {{onRead: (text: string) => void, onFile: (file: File) => void, onDemo: (route: Object) => void, demo: Object[]}} page
 * @returns {HTMLElement}
 */
export function empty({ onRead, onFile, onDemo, demo }) {
  const paste = h("textarea", { id: "paste", rows: "4", spellcheck: "false", autocomplete: "off",
    placeholder: "Access to fetch at 'https://api.example.com/orders/42' from origin …" });
  const file = h("input", { type: "file", accept: ".har,application/json", hidden: true, on: { change: () => file.files[0] && onFile(file.files[0]) } });
  return h("div", { class: "panel" },
    h("div", { class: "pad stack" }, h("h1", {}, "Which request does not work?"),
      h("p", { class: "prose" }, "Type its URL and the page’s origin above, or bring what you have. Corsac sends the requests that a browser would send, from this machine, and says what the browser will decide, why, and what to change.")),
    h("div", { class: "doors" },
      h("div", { class: "stack" }, h("h2", {}, "A red line from the console"),
        h("label", { for: "paste" }, "Console line, “Copy as cURL” or “Copy as fetch”"), paste,
        h("p", { class: "row" }, button("Read it", () => onRead(paste.value)), h("span", { class: "dim small" }, "Fills in the form. Sends nothing."))),
      h("div", { class: "stack" }, h("h2", {}, "A HAR file"),
        h("p", {}, "Drop it anywhere on this page. It is read here and goes nowhere."),
        h("p", {}, button("Choose a file…", () => file.click()), file),
        h("h2", {}, "No request at hand"),
        h("p", {}, demo.length > 0 ? "Ask the demo’s broken API below, " : "Run ", demo.length === 0 && [h("code", {}, "corsac demo --serve"), " and ask its broken API, "],
          h("a", { href: fromRoot("play.html") }, "play with both sides"), ", or read ",
          h("a", { href: fromRoot("read/index.html") }, "CORS in five minutes"), "."))),
    demo.length > 0 && [
      h("div", { class: "pad" }, h("h2", {}, "The demo’s broken API")),
      h("div", { class: "entries" }, demo.map((route) => h("button", { type: "button", on: { click: () => onDemo(route) } },
        h("span", { class: "mono small" }, title(route)), h("span", {}, plain(route.title)), h("span", { class: "dim small" }, plain(route.broken))))),
    ]);
}

/**
 * Waiting for the answer.
 * @param {Object} request
 * @param {{onStop: () => void, tries?: number}} page `tries`: how often it was asked already, where Ask repeats
 * @returns {{element: HTMLElement, tick: (seconds: number) => void}}
 */
export function asking(request, { onStop, tries = 0 }) {
  const seconds = h("span", {}, "0.0 s");
  const element = h("div", { class: "panel" }, h("div", { class: "pad row" },
    h("span", { class: "spin" }),
    h("div", {},
      h("div", { role: "status" }, h("h1", {}, `Asking ${hostOf(request)}`)),
      h("p", { class: "dim" }, seconds, ` so far. Corsac waits ${request.timeout} s for each answer.`,
        tries > 0 && ` Try ${tries + 1}.`)),
    h("button", { class: "btn push", type: "button", id: "stop-asking", on: { click: onStop } }, "Stop ", h("kbd", {}, "Esc"))));
  return { element, tick: (value) => { seconds.textContent = `${value.toFixed(1)} s`; } };
}

/** Something takes a while: "Reading recording.har". */
export const busy = (what) => h("div", { class: "panel" }, h("div", { class: "pad row" }, h("span", { class: "spin" }), h("div", { role: "status" }, h("h1", {}, what))));

/**
 * Not sent yet: a state from a link, or a method that may change something.
 * @param {Object} request
 * @param {{from?: string, onPreflight: () => void, onSend: () => void, onEdit: () => void}} page `from`: "restored from a link"
 * @returns {HTMLElement}
 */
export function confirm(request, { from, onPreflight, onSend, onEdit }) {
  const { method } = request;
  const host = hostOf(request);
  const safe = isSafe(method);
  return h("div", { class: "panel" }, h("div", { class: "pad stack" },
    h("p", { class: "row" }, verdictWord("neutral", { big: true, text: "Not sent yet", shape: "info" }), from && h("span", { class: "dim small" }, from)),
    h("h1", {}, safe ? `Asking sends a ${method} to ${host}.` : `Asking sends a real ${method} to ${host}.`),
    h("p", { class: "prose" }, "A link, a paste or a file fills in the form and sends nothing.",
      !safe && ` ${method} may change data. The preflight alone changes nothing and finds most faults.`),
    hasRedacted(request) && h("p", { class: "prose" }, "Values that were secret read ", h("code", {}, "REDACTED"), ". Write your own in their place, or the server gets that word."),
    h("div", { class: "row" },
      safe ? button(`Send the ${method}`, onSend, "btn main") : [
        button("Send the preflight only", onPreflight, "btn main"),
        button(`Send the ${method}`, onSend),
      ],
      button("Edit the request", onEdit, "btn bare"))));
}

/**
 * What a paste or a file held.
 * @param {{notes?: string[], items?: Object[], request?: Object|null, code?: string|null}} read what `api/read` gave; `code` if the text was one
 * @returns {HTMLElement}
 */
export function readPanel({ notes = [], items = [], request, code = null }) {
  const facts = items.map((item) => h("li", {}, icon("info"), h("div", {}, prose(item.text),
    (item.diagnosis ?? []).slice(0, 1).map((cause) => h("small", {}, prose(cause.title))),
    item.code && h("small", {}, h("a", { class: "chip mono", href: readPage(item.code) }, item.code)))));
  return h("div", { class: "panel" }, h("div", { class: "pad stack" },
    h("p", { class: "row" }, verdictWord("neutral", { big: true, text: "Not sent yet", shape: "info" }), h("span", { class: "dim small" }, "read from what you pasted")),
    h("h1", {}, request ? "The form is filled in. Look at it, then ask." : items.length || code ? "This is what the text says." : "No request was found in this text."),
    code && h("p", {}, "This is a code, and it has a page: ", h("a", { class: "chip mono", href: readPage(code) }, code)),
    !request && !code && items.length === 0 && h("p", { class: "prose" }, "A URL, a line that a browser printed in red, “Copy as cURL” and “Copy as fetch” can be read."),
    notes.length > 0 && h("ul", { class: "facts" }, notes.map((note) => h("li", {}, icon("info"), h("div", {}, prose(note))))),
    facts.length > 0 && h("ul", { class: "facts" }, facts)));
}

const MOST_ENTRIES = 200;

/**
 * The requests of a HAR, to choose from.
 * @param {{requests?: Object[], items?: Object[], notes?: string[]}} recording `requests` are fields of the form, `items` what failed
 * @param {(request: Object) => void} onChoose
 * @returns {HTMLElement}
 */
export function harEntries({ requests = [], items = [], notes = [] }, onChoose) {
  const unclaimed = [...items];
  const entries = requests.map((request) => {
    const at = unclaimed.findIndex((item) => item.url === request.url && (item.origin ?? request.origin) === request.origin);
    return { request, item: at < 0 ? null : unclaimed.splice(at, 1)[0] };
  });
  return h("div", { class: "panel" },
    h("div", { class: "pad stack" }, h("h1", {}, requests.length ? "Which of these requests?" : "This HAR holds no request that can be asked."),
      h("p", { class: "prose" }, `${items.length || "None"} failed. Choosing one fills in the form, and sends nothing.`),
      notes.length > 0 && h("ul", { class: "facts" }, notes.map((note) => h("li", {}, icon("info"), h("div", {}, prose(note)))))),
    h("div", { class: "entries" }, entries.slice(0, MOST_ENTRIES).map(({ request, item }) => h("button", { type: "button", on: { click: () => onChoose(request) } },
      item ? verdictWord(item.cors === false ? "failed" : "blocked", { text: item.cors === false ? "failed" : "blocked" }) : h("span", { class: "dim small" }, "went through"),
      h("span", { class: "mono" }, `${request.method} ${request.url}`),
      h("span", { class: "dim small" }, item ? plain(item.diagnosis?.[0]?.title ?? item.code) : request.origin)))),
    entries.length > MOST_ENTRIES && h("p", { class: "pad dim" }, `${entries.length - MOST_ENTRIES} more are not shown.`));
}

/**
 * Something went wrong on the way to the answer.
 * @param {string} message in which backquotes mark code
 * @param {{heading?: string}} [options]
 * @returns {HTMLElement}
 */
export function trouble(message, { heading = "Not asked" } = {}) {
  return h("div", { class: "panel" }, h("div", { class: "pad stack" },
    h("p", { class: "row" }, verdictWord("failed", { big: true, text: heading })),
    h("h1", {}, prose(message))));
}

const button = (label, act, className = "btn") => h("button", { class: className, type: "button", on: { click: act } }, label);
