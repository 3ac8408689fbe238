// The view Ask: the form, what was asked in this window, and one state of the page at a time. Only `send` sends, and only after a person asked for it.
import { ApiError, asset, call, fromRoot } from "./api.js";
import { announce } from "./announce.js";
import { answerPanel, complain, spoken } from "./ask-answer.js";
import { details } from "./ask-details.js";
import { htmlFile, save } from "./ask-export.js";
import { requestForm } from "./ask-form.js";
import { asked } from "./ask-history.js";
import { playFrom } from "./ask-play.js";
import { askedTabs } from "./ask-tabs.js";
import { BLANK, hostOf, isSafe, requestFrom, summary, title } from "./ask-request.js";
import { untilAnswered, withoutSecrets } from "./ask-send.js";
import { asking, busy, confirm, empty, harEntries, readPanel, trouble } from "./ask-states.js";
import { dropped } from "./ask-drop.js";
import { $, $$, h, plain, replace } from "./dom.js";
import { keys } from "./keys.js";
import { linkTo, stateOf } from "./state.js";

const SAID_AFTER = 300;
const SHOWN_AFTER = 300;
const MOST_TRIES = 60;
const LARGEST_HAR = 64 * 1024 * 1024;

const view = $("#view");
const form = requestForm({ onAsk: ask, onText: read });
const history = asked(storage());
const list = askedTabs($("#asked"), { onNew: showNew, onAsking: showAsking, onEntry: showEntry });

let demo = [];
let draft = BLANK;
/** What is being asked: `{request, abort, panel}`, or `null`. A person may look at other answers meanwhile. */
let running = null;
/** What is being read: an `AbortController`, or `null`. */
let reading = null;

keys({ field: () => form.url, run: ask, stop, step: toJudgedLine });
dropped($("#drop"), readHar);
addEventListener("hashchange", restore);
view.addEventListener("click", openTarget);
list.show(history.entries());
showNew();
restore();
asset("demo.json").then((found) => {
  demo = demoRoutes(found);
  if (demo.length > 0 && $("#paste", view)?.value === "") showEmpty();
});

// What is shown ------------------------------------------------------------------------------------------------------------------------------------

/** Puts a state in the place of the one before. Where the focus would be lost, it goes to Ask. */
function show(...elements) {
  const had = view.contains(document.activeElement);
  replace(view, elements);
  form.fold(false);
  if (had) form.go.focus();
}

function showNew() {
  form.fill(draft);
  list.choose(null);
  showEmpty();
}

function showEmpty() {
  show(empty({ onRead: read, onFile: readHar, onDemo: (route) => bring(route, "a route of the demo"), demo }));
}

async function showEntry(entry) {
  reading = null;
  keepDraft();
  form.fill(history.typed(entry));
  form.wrong(null);
  list.choose(entry);
  await showAnswer(entry);
}

function keepDraft() {
  if (list.is("new")) draft = form.request();
}

async function showAnswer(entry) {
  const { answer: result, request } = entry;
  const id = `ask-${entry.id}`;
  const play = await playLink(request, result.report);
  if (!list.is(entry.id)) return; // another was chosen meanwhile
  const panel = answerPanel(result, {
    id,
    play,
    repeat: repeatButtons(result, request),
    onStack: (name) => showStack(panel, entry, name),
    exports: {
      link: () => linkTo({ view: "ask", request }, fromRoot("index.html")),
      json: () => save(`${JSON.stringify(result.report, null, 2)}\n`, `${fileName(request)}.json`, "application/json"),
      html: () => htmlFile(view, { title: `${title(request)} · Corsac`, request: inOneLine(request), report: result.report })
        .then((text) => save(text, `${fileName(request)}.html`, "text/html"))
        .catch((error) => complain($(".answer > :last-child", panel), error.message)),
    },
  });
  show(panel, details(result, id));
  form.fold(true);
}

const fileName = (request) => `corsac-${hostOf(request).replace(/[^\w.-]+/g, "-")}`;

const inOneLine = (request) => `${request.method} ${request.url} · from ${request.origin} · credentials ${request.credentials} · ${summary(request)}`;

async function playLink(request, report) {
  const play = playFrom(request, report);
  if (!play) return null;
  try {
    return await linkTo(play, fromRoot("play.html"));
  } catch {
    return null; // too long for a link
  }
}

/** Shows what to write into another stack. Nothing is sent: the advice depends on the request alone. */
async function showStack(panel, entry, name) {
  const { answer } = entry.answer;
  const request = { ...history.typed(entry), stack: name || null };
  try {
    const fix = name ? await call("api/fix", request) : answer.plain_fix;
    if (!panel.isConnected) return; // another answer was chosen meanwhile
    answer.fix = fix;
    form.fill(request);
    await showAnswer(entry);
    $(`#ask-${entry.id}-stack`)?.focus();
    announce(`${plain(fix.title)}.`);
  } catch (error) {
    complain($(".answer > :last-child", panel), error.message);
  }
}

/** Only what never reached a server is worth asking again by itself, and only if asking changes nothing. */
function repeatButtons({ answer, report }, request) {
  if (answer.verdict !== "failed") return null;
  const exchanges = report.exchanges ?? [];
  const unanswered = exchanges.some((exchange) => exchange.error) && !exchanges.some((exchange) => exchange.response);
  return h("div", { class: "row" },
    h("button", { class: "btn", type: "button", on: { click: ask } }, "Ask again"),
    unanswered && isSafe(request.method)
      && h("button", { class: "btn", type: "button", on: { click: () => send(form.request(), { tries: MOST_TRIES }) } }, "Ask every 2 s until it answers"));
}

// Asking -------------------------------------------------------------------------------------------------------------------------------------------

/** Ask, Enter, Ctrl+Enter. */
function ask() {
  const request = form.request();
  const missing = ["url", "origin"].find((name) => request[name] === "");
  if (running) {
    showAsking();
  } else if (missing) {
    form.wrong(MISSING[missing], missing);
  } else {
    send(request);
    if (!isSafe(request.method)) $(".btn.main", view).focus();
  }
}

const MISSING = {
  url: "Which URL does the page ask for?",
  origin: "Which page asks? Write its origin, such as `https://app.example.com`.",
};

function askFirst(request, from) {
  keepDraft();
  form.wrong(null);
  // What is sent is what the page said, so a form that was changed since asks once more.
  const agreed = (how) => () => {
    const now = form.request();
    if (now.method === request.method && hostOf(now) === hostOf(request)) send(now, how);
    else askFirst(now);
  };
  show(confirm(request, {
    from,
    onPreflight: agreed({ preflight_only: true }),
    onSend: agreed({ confirmed: true }),
    onEdit: () => form.url.focus(),
  }));
}

/**
 * Sends a request: the one place from where anything is sent.
 * @param {Object} request
 * @param {{confirmed?: boolean, preflight_only?: boolean, tries?: number}} [how]
 */
async function send(request, { confirmed = false, preflight_only = false, tries = 1 } = {}) {
  if (running) return;
  if (!confirmed && !preflight_only && !isSafe(request.method)) {
    askFirst(request);
    return;
  }
  leave();
  form.wrong(null);
  keepDraft();
  const own = { request, abort: new AbortController(), panel: null };
  running = own;
  list.showAsking(request);
  let outcome;
  try {
    const result = await untilAnswered({ ...request, confirmed, preflight_only }, {
      tries,
      signal: own.abort.signal,
      onTry: (done) => waitFor(own, done),
    });
    outcome = { result, shared: await withoutSecrets(request, result.report) };
  } catch (error) {
    outcome = { error };
  }
  // Something else was brought meanwhile, and took the place of this.
  if (running !== own) return;
  running = null;
  await conclude(request, outcome);
}

/** Shows the answer, unless the person looks at something else by now. */
async function conclude(request, { result, shared, error }) {
  const isWaited = list.is("asking");
  const entry = error ? null : history.add(shared, result, request);
  list.show(history.entries());
  if (error) {
    if (isWaited) notAnswered(error, request);
    return;
  }
  if (isWaited) {
    draft = BLANK;
    list.choose(entry);
    await showAnswer(entry);
  }
  announce(spoken(result), SAID_AFTER);
}

/** The panel of a try, with its clock. Gives back what stops the clock. */
function waitFor(own, done) {
  const { element, tick } = asking(own.request, { onStop: stop, tries: done });
  const since = performance.now();
  const clock = setInterval(() => tick((performance.now() - since) / 1000), 100);
  own.panel = element;
  if (list.is("asking")) showAsking();
  return () => clearInterval(clock);
}

/** Shows what is being asked. The focus stays on Stop, if it was there. */
function showAsking() {
  const onStop = document.activeElement?.id === "stop-asking";
  keepDraft();
  list.showAsking(running.request);
  form.fill(running.request);
  show(running.panel);
  if (onStop) $("#stop-asking").focus();
}

/** Esc, and Stop. */
function stop() {
  reading?.abort();
  running?.abort.abort();
}

function notAnswered(error, request) {
  if (error instanceof ApiError && error.needs === "confirmation") {
    askFirst(request);
    return;
  }
  if (error instanceof ApiError && error.field) {
    showEmpty();
    form.wrong(error.message, error.field);
    return;
  }
  show(error.name === "AbortError"
    ? trouble("You stopped it. Nothing more is sent.", { heading: "Stopped" })
    : trouble(error.message));
  announce($("h1", view).textContent, SAID_AFTER);
}

// What people bring: nothing of it is sent -----------------------------------------------------------------------------------------------------------

/** Fills the form with a request from somewhere, and says that it was not sent. */
function bring(value, from) {
  const request = requestFrom({ ...BLANK, ...value });
  if (!request) return false;
  leave();
  list.choose(null);
  form.fill(request);
  draft = request;
  askFirst(request, from);
  return true;
}

async function restore() {
  const state = await stateOf();
  if (state === null) {
    if (/[#&]state=/.test(location.hash)) show(trouble("This link holds no state that can be read. Was it cut?", { heading: "Not restored" }));
    return;
  }
  if (!bring(state.request, "restored from a link")) show(trouble("This link holds no request.", { heading: "Not restored" }));
}

async function read(text) {
  if (text.trim() === "") {
    $("#paste", view)?.focus();
    return;
  }
  await readBy("api/read", { text }, "what you pasted", (found) => {
    const request = found.request && requestFrom({ ...BLANK, ...known(form.request()), ...found.request });
    list.choose(null);
    if (request) form.fill(request);
    show(readPanel({ ...found, request, code: found.kind === "code" ? text.trim() : null }));
    if (request) form.go.focus();
  });
}

/** What a pasted request rarely says, and the form may hold already. */
const known = ({ origin, url_of, timeout, stack }) => ({ origin, url_of, timeout, stack });

async function readHar(file) {
  if (file.size > LARGEST_HAR) {
    show(trouble("This file is over 64 MiB. Save the HAR again with fewer requests.", { heading: "Not read" }));
    return;
  }
  await readBy("api/har", file, file.name, (recording) => {
    show(harEntries(recording, (request) => bring(request, "from a HAR")));
  });
}

/** Lets the binary read something, and shows what it found, unless something else was begun meanwhile. */
async function readBy(path, value, what, onRead) {
  leave();
  const own = new AbortController();
  reading = own;
  const slow = setTimeout(() => show(busy(`Reading ${what}`)), SHOWN_AFTER);
  try {
    const found = await call(path, value, { signal: own.signal });
    if (reading !== own) return;
    clearTimeout(slow);
    onRead(found);
    announce($("h1", view).textContent);
  } catch (error) {
    if (reading !== own) return;
    if (error.name === "AbortError") showEmpty();
    else show(trouble(error.message, { heading: "Not read" }));
  } finally {
    clearTimeout(slow);
    if (reading === own) reading = null;
  }
}

/** Something new begins: what is read or asked for now is no longer waited for. */
function leave() {
  reading?.abort();
  running?.abort.abort();
  reading = null;
  if (running) {
    running = null;
    list.show(history.entries());
  }
}

const MOST_ROUTES = 50;

function demoRoutes(found) {
  const routes = Array.isArray(found) ? found : found?.routes ?? [];
  return routes.filter((route) => requestFrom({ ...BLANK, ...route })).slice(0, MOST_ROUTES);
}

// Small things -------------------------------------------------------------------------------------------------------------------------------------

/** F8: the next line that a rule judged. */
function toJudgedLine(direction) {
  const lines = $$(".judged", view).filter((line) => line.offsetParent !== null);
  if (lines.length === 0) return;
  const at = lines.indexOf(document.activeElement);
  const next = lines[at < 0 ? (direction > 0 ? 0 : lines.length - 1) : (at + direction + lines.length) % lines.length];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "center" });
}

/** A link to a line in the story of other browsers shows that story first. */
function openTarget(event) {
  const link = event.target.closest('a[href^="#"]');
  const target = link && document.getElementById(link.getAttribute("href").slice(1));
  const panel = target?.closest("[role=tabpanel][hidden]");
  if (panel) document.getElementById(panel.getAttribute("aria-labelledby"))?.click();
  target?.focus({ preventScroll: true });
}

function storage() {
  try { return sessionStorage; } catch { return null; }
}
