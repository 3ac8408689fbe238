// Play: the request on the left, the answers on the right, and what a browser makes of them in the middle, as one types.
import { announce } from "./announce.js";
import { copyButton } from "./copy.js";
import { $, $$, h, icon, prose, replace } from "./dom.js";
import { editor } from "./editor.js";
import { keys } from "./keys.js";
import { latest, settled } from "./latest.js";
import { answerEditors, useLine } from "./play-answers.js";
import { canPlay, isServed, play, share } from "./play-core.js";
import { showError, showMarks } from "./play-fields.js";
import { fillPresets, loadPresets, presetOf, showSituation } from "./play-presets.js";
import { FIRST_POLICY, START, cannotHaveBody, playFrom, problemOf, withRedirect, withoutRedirect } from "./play-state.js";
import { showNoVerdict, showVerdict, spoken } from "./play-verdict.js";
import { linkTo, stateOf } from "./state.js";
import { tabs } from "./tabs.js";

const AFTER_KEY = 80;
const AFTER_LAST_KEY = 300;
const KEPT = "corsac-play";

const fields = Object.fromEntries($$("#request [data-field]").map((field) => [field.dataset.field.replace("request.", ""), field]));
const headers = editor(fields.headers);
const policy = editor($("#p-p"));
const side = tabs($("#sides"), { onChoose: () => { startPolicy(); changed(); } });
const answers = answerEditors($("#answers"), { changed, removeRedirect: (index) => { write(withoutRedirect(read(), index)); changed(); $("#add-redirect").focus(); } });
const byPolicy = () => $("#t-p-policy").getAttribute("aria-selected") === "true";
const doors = h("p", { class: "row small" });
let groups = [];
let last = { played: null, text: null };

/** The state as it stands in the fields: PLAY. */
function read() {
  const request = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value]));
  const method = request.method.trim();
  const body = request.body === "" || cannotHaveBody(method) ? null : request.body;
  return {
    request: { ...request, url: request.url.trim(), origin: request.origin.trim(), method, body },
    answers: answers.read(),
    policy: byPolicy() ? policy.value : null,
  };
}

/** Puts a state into the fields. Nothing is sent, because Play sends nothing. */
function write(value) {
  for (const [name, field] of Object.entries(fields)) {
    if (name === "headers") headers.value = value.request.headers;
    else field.value = value.request[name] ?? "";
  }
  answers.write(value.answers);
  if (value.policy !== null) policy.value = value.policy;
  if (byPolicy() !== (value.policy !== null)) side.choose($(byPolicy() ? "#t-p-lines" : "#t-p-policy"));
  showBody();
  last.text = null; // new fields want their marks, even if nothing else is new
}

function startPolicy() {
  if (byPolicy() && policy.value.trim() === "") policy.value = FIRST_POLICY;
}

const ask = latest((value) => {
  const error = problemOf(value);
  return error ? { error } : play(value);
}, show, (error) => show({ error: { field: error.field ?? null, line: null, message: error.message } }));

function show(played) {
  const text = JSON.stringify(played);
  if (text === last.text) return; // so that nothing that has the focus is made anew
  last = { played, text };
  showError(played.error);
  if (played.error) showNoVerdict($("#verdict"), $("#decision"), played.error.message);
  else showVerdict($("#verdict"), $("#decision"), played, doors);
  const marks = played.error ? {} : played.marks;
  const sent = (played.groups?.[0]?.sequence ?? []).filter((step) => step.step === "sent").map((step) => step.kind);
  answers.mark(marks, played.error ? ["preflight", "request"] : sent, fields.method.value.trim() || "GET");
  const own = marks["request.headers"] ?? [];
  headers.setMarks(own, { numbers: false });
  showMarks($("#p-h-m"), own, { silent: null, use: (mark) => useLine(fields.headers, mark) });
  policy.setMarks(played.error?.line && played.error.field?.startsWith("policy") ? [{ line: played.error.line, result: "fail", from: 1 }] : marks.policy ?? [], { numbers: true });
}

const now = () => ask(read());
const soon = settled(now, AFTER_KEY);

// What waits until the typing rests: what a screen reader is told, the links, and what this window remembers.
const rested = settled(async () => {
  await now();
  announce(spoken(last.played));
  await remember().catch(() => { /* the links stay those of before: the page itself says what is wrong */ });
}, AFTER_LAST_KEY);

/** While one types another method, the body stays in its field. */
function showBody() {
  const method = fields.method.value.trim();
  $("#p-b-m").textContent = fields.body.value !== "" && cannotHaveBody(method) ? `A ${method} has no body: this one is left out.` : "";
}

function changed() {
  showBody();
  $("#preset").value = "";
  showSituation($("#situation"), null);
  $("#notice").hidden = true;
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  soon();
  rested();
}

async function remember() {
  const value = await share(read());
  try { sessionStorage.setItem(KEPT, JSON.stringify(value)); } catch { /* storage is off */ }
  if (!isServed()) return;
  const prove = await linkTo(value, "prove.html");
  const inPolicy = await linkTo({ policy: value.policy ?? FIRST_POLICY }, "policy.html");
  $("#open-policy").href = inPolicy;
  replace(doors, h("a", { href: prove }, "Prove it in this browser"), value.policy !== null && h("a", { href: inPolicy }, "Open it in Policy"));
}

async function link() {
  const preset = presetOf(groups, $("#preset").value);
  if (!preset?.play) return linkTo(await share(read()));
  const url = new URL(location.href);
  url.hash = `preset=${encodeURIComponent(preset.id)}`;
  return url.href;
}

function choose(preset) {
  $("#preset").value = preset.id;
  showSituation($("#situation"), preset);
  $("#notice").hidden = true;
  if (preset.play) {
    write(preset.play);
    history.replaceState(null, "", `#preset=${encodeURIComponent(preset.id)}`);
  }
  soon();
  rested();
}

function notice(text) {
  replace($("#notice"), icon("info"), h("span", {}, prose(text)));
  $("#notice").hidden = false;
}

/** Shows what the address holds; otherwise what was here before in this window, or the start. */
async function restore() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const preset = presetOf(groups, fragment.get("preset"));
  if (preset) return choose(preset);
  if (fragment.has("preset")) notice("This link names a situation that is not here.");
  if (fragment.has("state")) {
    const value = playFrom(await stateOf());
    notice(value ? "This is what the link holds. Play sends nothing: what you see was computed here." : "This link cannot be read. It may have been cut off.");
    if (value) write(value);
    soon();
    return rested();
  }
  write(playFrom(kept()) ?? START);
  soon();
  rested();
}

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; }
}

async function start() {
  if (!canPlay()) {
    notice("These pages were made without the core as wasm, and nothing else here can answer. Play is left out.");
    for (const part of $$("main > .cols, main > .row > :not(h1)")) part.hidden = true;
    return;
  }
  $("#open-policy").parentElement.hidden = !isServed();
  $("#copy-link").replaceWith(copyButton(link, { label: "Copy link", symbol: false }));
  for (const field of Object.values(fields)) field.addEventListener("input", changed);
  policy.textarea.addEventListener("input", changed);
  $("#add-redirect").addEventListener("click", () => { write(withRedirect(read())); changed(); });
  write(playFrom(kept()) ?? START);
  groups = await loadPresets();
  fillPresets($("#preset"), groups);
  $("#preset").addEventListener("change", () => {
    const preset = presetOf(groups, $("#preset").value);
    if (preset) choose(preset);
  });
  // The skip link has a fragment, too.
  addEventListener("hashchange", () => { if (/^#(preset|state)=/.test(location.hash)) restore(); });
  keys({ field: () => fields.url, run: now });
  await restore();
}
start();
