// Policy: a file that is checked as one types, and what its last version without errors answers.
import { asset, call } from "./api.js";
import { $, $$, h, icon, prose, replace, verdictWord } from "./dom.js";
import { editor } from "./editor.js";
import { keys } from "./keys.js";
import { latest, settled } from "./latest.js";
import { showError } from "./play-fields.js";
import { withAdvice } from "./policy-advice.js";
import { showCompiled, showDifference, showMay, showNone } from "./policy-answers.js";
import { fileChooser, keep, kept, saveFile } from "./policy-file.js";
import { nextProblem, showProblems } from "./policy-problems.js";
import { ago, formatOf, placeOf } from "./policy-text.js";
import { stateOf } from "./state.js";
import { typeInto } from "./typed.js";

const AFTER_KEY = 150;
const FIRST_TARGET = "nginx";
const NOT_YET = "Once the file has no errors, this is answered.";

const file = editor($("#policy-text"));
const may = Object.fromEntries($$("#may [data-field]").map((field) => [field.dataset.field, field]));
let work = kept();
let other = null; // a file to compare with, in place of the saved one
let problems = [];
let good = null; // the last version without errors
let targets = [];

const check = (text) => call("api/policy/lint", { text, format: formatOf(text) });
const isError = ({ severity }) => severity === "error";

const lint = latest(
  check,
  (report, text) => {
    ({ problems } = report);
    showProblems({ list: $("#problems"), counts: $("#counts"), editor: file }, text, problems, { goTo, write });
    const hasErrors = problems.some(isError);
    if (!hasErrors) good = { text, since: null };
    else if (good) good.since ??= Date.now();
    showAnsweredBy();
    if (!hasErrors) answer();
    else if (!good) for (const id of ["#may-answer", "#diff", "#compiled"]) showNone($(id), NOT_YET);
  },
  (error) => {
    problems = [];
    file.setMarks([], { numbers: true });
    replace($("#counts"), verdictWord("neutral", { text: "Not checked" }));
    showNone($("#problems"), error.message);
  });

const answeredBy = h("p", { class: "sure" });

/** While the file has errors, the answers are those of an earlier version, and say so. */
function showAnsweredBy() {
  if (!good?.since) {
    answeredBy.remove();
    return;
  }
  replace(answeredBy, icon("info"), h("span", {}, `Answered by the last version without errors, ${ago(Date.now() - good.since)}.`));
  if (!answeredBy.isConnected) $("#answers").prepend(answeredBy);
}

const askMay = latest(
  async (value) => {
    const result = await call("api/policy/may", value);
    return { result, advised: result.advice && await tried(withAdvice(value.text, result.advice)) };
  },
  ({ result, advised }) => {
    showError(null);
    showMay($("#may-answer"), result, { follow: advised && (() => follow(result.advice)) });
  },
  (error) => {
    const field = showError({ field: error.field, line: null, message: error.message });
    if (field) field.closest("details")?.setAttribute("open", "");
    showNone($("#may-answer"), field ? "Not answered: a field above needs another value." : error.message);
  });

/** Follows advice in the text as it is now, which may have been edited since. */
function follow(advice) {
  const text = withAdvice(file.value, advice);
  if (text === null) notice("This file is not plain enough to write it for you: follow the advice by hand.");
  else write({ text, end: text.length });
}

/** The text, if it has no errors: advice is tried before it is given. */
async function tried(text) {
  if (text === null) return null;
  const report = await check(text);
  return report.problems.some(isError) ? null : text;
}

const askDifference = latest(
  (value) => call("api/policy/diff", value),
  (difference) => showDifference($("#diff"), difference),
  (error) => showNone($("#diff"), `They cannot be compared. ${error.message}`));
const askCompiled = latest(
  (value) => call("api/policy/compile", value),
  (compiled, { target }) => showCompiled($("#compiled"), compiled, { title: targets.find((one) => one.target === target)?.title ?? target, file: work.name }),
  (error) => showNone($("#compiled"), error.message));

function answer() {
  answerMay();
  answerDifference();
  answerCompiled();
}

function answerMay() {
  if (!good) return;
  const request = Object.fromEntries(Object.entries(may).map(([name, field]) => [name, name === "headers" ? field.value : field.value.trim()]));
  askMay({ text: good.text, format: formatOf(good.text), ...request });
}

function answerDifference() {
  if (good) askDifference({ old: (other ?? { text: work.saved }).text, new: good.text });
}

function answerCompiled() {
  if (good && $("#target").value) askCompiled({ text: good.text, format: formatOf(good.text), target: $("#target").value, upstream: null, full: false });
}

const soon = settled(() => lint(file.value), AFTER_KEY);
const maySoon = settled(answerMay, AFTER_KEY);

function changed() {
  work.text = file.value;
  keep(work);
  soon();
}

function goTo(problem) {
  const { start, end } = placeOf(file.value, problem);
  file.textarea.focus();
  file.textarea.setSelectionRange(start, end);
}

/** Writes what a button offers. */
function write({ text, end }) {
  typeInto(file.textarea, text, end);
  lint(file.value);
}

function show() {
  $("#file-name").textContent = work.name;
  $("#since-kept").textContent = work.savedName ? "the saved file" : "the first version";
  file.value = work.text;
}

function notice(text) {
  $("#notice").hidden = text === null;
  if (text !== null) replace($("#notice"), icon("info"), h("span", {}, prose(text)));
}

function opened({ name, text }) {
  work = { name, text, saved: text, savedName: name };
  other = null;
  $("#since").value = "kept";
  notice(null);
  show();
  changed();
  file.textarea.focus();
}

function saved() {
  saveFile(work.name, file.value);
  work = { ...work, saved: file.value, savedName: work.name };
  show();
  changed();
}

function compareWith(chosen) {
  other = chosen;
  const { name } = chosen;
  $("#since").querySelector("[value=chosen]")?.remove();
  $("#since").append(h("option", { value: "chosen" }, name));
  $("#since").value = "chosen";
  answerDifference();
}

function sinceChosen() {
  const { value } = $("#since");
  if (value === "other") {
    $("#since").value = other ? "chosen" : "kept";
    $("#other-file").click();
    return;
  }
  if (value === "kept") other = null;
  answerDifference();
}

/** A policy that came with a link is shown as an edit, so that one sees what it changes. */
async function restore() {
  if (!location.hash.includes("state=")) return;
  const state = await stateOf();
  const text = typeof state?.policy === "string" ? state.policy : null;
  notice(text === null ? "This link cannot be read. It may have been cut off." : "This is the policy that the link holds. Nothing was saved.");
  if (text !== null) work = { name: formatOf(text) === "json" ? "corsac.json" : "corsac.toml", text, saved: text, savedName: null };
  history.replaceState(null, "", location.pathname + location.search);
}

async function start() {
  await restore();
  show();
  file.textarea.addEventListener("input", changed);
  for (const field of Object.values(may)) field.addEventListener("input", maySoon);
  $("#may").addEventListener("submit", (event) => { event.preventDefault(); answerMay(); });
  $("#open").addEventListener("click", () => $("#open-file").click());
  fileChooser($("#open-file"), opened, notice);
  fileChooser($("#other-file"), compareWith, notice);
  $("#save").addEventListener("click", saved);
  $("#since").addEventListener("change", sinceChosen);
  $("#target").addEventListener("change", answerCompiled);
  keys({
    field: () => may.origin,
    run: () => lint(file.value),
    step: (direction) => {
      const problem = nextProblem(file.value, problems, file.textarea.selectionStart, direction);
      if (problem) goTo(problem);
    },
  });
  await lint(file.value);
  targets = await asset("targets.json") ?? [];
  replace($("#target"), targets.map(({ target, title }) => h("option", { value: target }, title)));
  if (targets.some(({ target }) => target === FIRST_TARGET)) $("#target").value = FIRST_TARGET;
  answerCompiled();
}
// A link that is opened in this window, over what it shows.
addEventListener("hashchange", () => { if (location.hash.startsWith("#state=")) location.reload(); });
start();
