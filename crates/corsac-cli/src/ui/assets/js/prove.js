// Prove: predictions beside what this browser does. Nothing is sent before somebody presses a button.
import { announce } from "./announce.js";
import { $, h, icon, prose, replace } from "./dom.js";
import { keys } from "./keys.js";
import { share } from "./play-core.js";
import { loadPresets } from "./play-presets.js";
import { playFrom } from "./play-state.js";
import { aboutBrowser, browserOf } from "./prove-browser.js";
import { differingPanel } from "./prove-panels.js";
import { atMost, prove } from "./prove-run.js";
import { showDots, showRow, showTabs, tableRow } from "./prove-table.js";
import { counts, heading, inWords } from "./prove-words.js";
import { stateOf } from "./state.js";
import { tabs } from "./tabs.js";

const AT_A_TIME = 4;
const MOST_PANELS = 5;

const browser = browserOf(navigator);
const profileOf = () => rows.find((row) => row.profile)?.profile ?? null;
let rows = [];
let shown = "all";
let running = null;
tabs($("#which"), { onChoose: (tab) => { shown = tab.id.slice("t-".length); showFiltered(); } });

function row({ id, title, play }, index) {
  const made = { id, title, play, number: index + 1, state: "waiting" };
  made.element = tableRow(made, () => run([made]));
  return made;
}

/** Runs some rows, and no others until they are done. */
async function run(wanted) {
  if (running || wanted.length === 0) return;
  running = { stop: new AbortController(), all: wanted.length > 1 };
  for (const each of wanted) Object.assign(each, { state: "waiting", predicted: null, got: null, reason: null });
  show();
  announce(wanted.length > 1 ? `Running ${wanted.length} situations` : "Running");
  const { signal } = running.stop;
  await atMost(AT_A_TIME, wanted, (each) => runOne(each, signal), signal);
  running = null;
  show();
  announce(heading(rows, false));
}

async function runOne(each, signal) {
  each.state = "running";
  show(each);
  try {
    Object.assign(each, await prove(each.play, browser.engine, {
      signal,
      predicted: (predicted) => { each.predicted = predicted; show(each); },
    }));
  } catch (error) {
    Object.assign(each, signal.aborted ? { state: "waiting", predicted: null } : { state: "cannot", reason: error.message });
  }
  show(each);
}

/** Shows the page's state, and that of one row or of all of them. */
function show(only = null) {
  for (const each of only ? [only] : rows) showRow(each.element, each, () => run([each]));
  $("#h1").textContent = heading(rows, running?.all ?? false);
  showDots($("#dots"), rows);
  showActions();
  $("#browser").textContent = aboutBrowser(browser, profileOf());
  const differing = rows.filter(({ state }) => state === "differ");
  $("#why").hidden = differing.length === 0;
  if (!running) showDifferences(differing);
  const before = shown;
  shown = showTabs($("#which"), rows, shown);
  if (before !== shown || !running) showFiltered();
}

function showFiltered() {
  for (const each of rows) each.element.hidden = shown !== "all" && each.state !== shown;
  $("#situations").setAttribute("aria-labelledby", `t-${shown}`);
}

function showActions() {
  const { differ, ran, cannot } = counts(rows);
  const button = (label, click, main = false) => h("button", { class: main ? "btn main" : "btn", type: "button", on: { click } }, label);
  const place = $("#actions");
  const wanted = running
    ? [button("Stop", stop)]
    : [
      button(ran + cannot > 0 ? "Run all again" : `Run all ${rows.length}`, () => run(rows), ran + cannot === 0),
      differ > 0 && button(differ === 1 ? "Run the one that differs" : `Run the ${inWords(differ)} that differ`, () => run(rows.filter(({ state }) => state === "differ"))),
    ];
  const words = (nodes) => nodes.filter(Boolean).map((node) => node.textContent).join("|");
  if (words([...place.children]) === words(wanted)) return; // so that a button keeps the focus
  const hadFocus = place.contains(document.activeElement);
  replace(place, wanted);
  if (hadFocus) place.firstChild.focus();
}

function showDifferences(differing) {
  const proof = (each) => ({
    ...each, browser, profile: profileOf(), differing: differing.length, ran: counts(rows).ran,
    userAgent: navigator.userAgent, version: document.body.dataset.version ?? null, play: () => share(each.play),
  });
  const shownHere = differing.slice(0, MOST_PANELS);
  const others = differing.length - shownHere.length;
  replace($("#differences"),
    shownHere.map((each, index) => differingPanel(each, proof(each), { isFirst: index === 0 })),
    others > 0 && h("p", { class: "small dim" }, `And ${inWords(others)} more, in the table. These ${MOST_PANELS} may have the same cause.`));
  $("#differences").hidden = differing.length === 0;
  $("#prove").classList.toggle("edit", differing.length > 0);
}

function stop() {
  running?.stop.abort();
}

function notice(text) {
  replace($("#notice"), icon("info"), h("span", {}, prose(text)));
  $("#notice").hidden = false;
}

async function start() {
  const groups = await loadPresets();
  const presets = groups.flatMap(({ presets: all }) => all).filter(({ play }) => play);
  const fromPlay = location.hash.includes("state=") ? playFrom(await stateOf()) : null;
  if (location.hash.includes("state=")) {
    notice(fromPlay ? "What you had in Play stands first in the table. It has not been sent." : "This link cannot be read. It may have been cut off.");
  }
  rows = [...(fromPlay ? [{ id: "from-play", title: "What you had in Play", play: fromPlay }] : []), ...presets].map(row);
  replace($("#rows"), rows.map(({ element }) => element));
  if (rows.length === 0) notice("There are no situations here. Start from Play: it has a link to prove what it shows.");
  keys({ run: () => run(rows), stop });
  show();
}
// A link that is opened in this window, over what it shows.
addEventListener("hashchange", () => { if (location.hash.startsWith("#state=")) location.reload(); });
start();
