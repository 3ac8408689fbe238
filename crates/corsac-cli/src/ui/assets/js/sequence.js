// The exchange as a sequence: a list of steps, which wide pages draw between lifelines and narrow ones as a timeline. The CSS does both.
import { h, icon, prose } from "./dom.js";

const ANYONE = { page: "", browser: "all three", server: "" };

/** How a control differs from the page's own request, after its method and target. */
const CONTROLS = {
  "no-origin": "without Origin",
  "other-origin": "from another origin",
  "own-origin": "from the server’s own origin",
  "get-beside-preflight": "that needs no preflight",
  "next-preflight": "as the client’s next preflight",
  "other-address": "at the other address of this machine",
};

/**
 * Draws the steps of one group of browsers.
 * @param {{verdict: string, sequence: Object[]}} group a GROUP, or anything with a verdict and steps
 * @param {{
 *   actors?: {page?: string, browser?: string, server?: string},
 *   id?: string,
 *   label?: string,
 *   controls?: Object[],
 * }} [options] `actors`: what stands below the names of the lifelines. `id`: begins the ids of the steps; the line that decided is `ID-broke`,
 *   step 4 is `ID-step-4`, the second control `ID-control-2`. `label`: the name of the list. `controls`: steps of the control requests
 * @returns {HTMLElement}
 */
export function sequence(group, { actors = {}, id = "seq", label = "The exchange, in order", controls = [] } = {}) {
  const who = { ...ANYONE, ...actors };
  const context = { id, verdict: group.verdict, broke: lastFailing(group.sequence), host: null };
  const steps = h("ol", { class: "steps", role: "list", "aria-label": label },
    group.sequence.map((step, at) => drawn(step, { ...context, host: hostAt(group.sequence, at), number: at + 1 })));
  const besides = controls.length > 0 && [
    h("h3", {}, "Sent besides, to compare ", h("small", {}, "Corsac sent these, not the page. They change nothing on the server.")),
    h("div", { class: "rails again", "aria-hidden": "true" }, rails()),
    h("ol", { class: "steps again", role: "list", "aria-label": "Control requests, in order" }, drawnControls(controls, id)),
  ];
  return h("div", { class: "seq" },
    h("ul", { class: "actors", "aria-hidden": "true" },
      actor("Page", who.page), actor("Browser", who.browser), actor("Preflight cache", ""), actor("Server", who.server)),
    h("div", { class: "rails", "aria-hidden": "true" }, rails()),
    steps, besides);
}

/**
 * Where a group stopped.
 * @param {{sequence: Object[]}} group
 * @returns {number|null} the number of the step whose line decided, from 1, or `null` if no line fails
 */
export function brokenStep(group) {
  const broke = lastFailing(group.sequence);
  const at = group.sequence.findIndex((step) => step.lines?.includes(broke));
  return broke && at >= 0 ? at + 1 : null;
}

/** The names that the deciding lines of these groups lack, in lower case: "content-type is missing". */
export function missingNames(groups) {
  return groups.flatMap((group) => lastFailing(group.sequence)?.missing?.match(/^([\w-]+) is missing$/)?.[1].toLowerCase() ?? []);
}

/** The legend of the arrows, for the header of a panel that holds a sequence. */
export function legend() {
  const kind = (className, word) => h("span", {}, h("i", { class: className }), word);
  return h("p", { class: "legend", "aria-hidden": "true" }, kind(null, "request"), kind("p", "preflight"), kind("c", "control"));
}

const rails = () => [1, 2, 3, 4].map(() => h("i"));

const actor = (name, value) => h("li", {}, name, value && h("code", { title: value }, value));

const lastFailing = (steps) => steps.flatMap((step) => step.lines ?? []).findLast((line) => line.result === "fail") ?? null;

/** The host that a step speaks with, if a redirect led away from the first one: "files.example.net". */
function hostAt(steps, at) {
  const hop = steps.slice(0, at).findLast((step) => step.step === "hop");
  return hop ? String(hop.host).replace(/^\w+:\/\//, "") : null;
}

function drawn(step, context) {
  const draw = DRAWN[step.step];
  if (!draw) return null;
  const element = draw(step, context);
  element.id = `${context.id}-step-${context.number}`;
  return element;
}

const DRAWN = {
  call: (step) => item("call out",
    arrow(route("Page to browser"), strong(step.text)),
    note(step.note)),

  lookup: (step) => item("look out",
    arrow(route("Browser to its preflight cache, and back"), kind(step.found ? "finds" : "looks up")),
    note(step.note)),

  sent: (step, context) => item(`wire ${step.kind} out`,
    arrow(route(`Browser to ${context.host ?? "server"}`), kind(step.kind),
      h("span", { class: "what" }, h("b", {}, step.method), " ", step.target)),
    lines(step, context)),

  received: (step, context) => item(`wire ${step.kind} in`,
    arrow(route(`${capital(context.host ?? "server")} to browser`), kind(""), answer(step)),
    lines(step, context)),

  hop: (step) => item("hop out",
    note(step.note), h("code", { class: "host" }, step.host)),

  fold: (step) => item("fold out",
    note(`${step.count} more redirect${step.count === 1 ? "" : "s"}`)),

  unsent: (step, context) => item("wire ghost out",
    arrow(route(`Browser to ${context.host ?? "server"}`), icon("stop", "node"), kind("not sent"),
      h("span", { class: "what" }, h("b", {}, step.method), " ", step.target)),
    lines(step, context)),

  end: (step) => item(`end in ${tone(step.verdict)}`,
    arrow(route("Browser to page"), strong(step.text))),
};

/** Controls come in pairs of what Corsac sent and what came back, and count from 1. */
function drawnControls(steps, id) {
  let number = 0;
  return steps.map((step) => {
    if (step.step === "sent") {
      number += 1;
      return item("wire control out",
        arrow(route("Corsac to server"), h("span", { class: "kind", id: `${id}-control-${number}` }, `control ${number}`),
          h("span", { class: "what" }, h("b", {}, step.method), " ", step.target, " ", step.note ?? CONTROLS[step.what] ?? "")),
        lines(step, { verdict: "neutral" }));
    }
    if (step.step === "received") {
      return item("wire control in",
        arrow(route("Server to Corsac"), kind(""), answer(step)),
        lines(step, { verdict: "neutral" }));
    }
    return item("control out", note(step.note ?? step.text));
  });
}

const item = (className, ...children) => h("li", { class: `step ${className}` }, ...children);
const arrow = (...children) => h("p", { class: "arrow" }, ...children);
const route = (text) => h("span", { class: "route" }, text);
const kind = (text) => h("span", { class: "kind" }, text);
const note = (text) => text && h("p", { class: "note" }, prose(text));
const capital = (text) => (text === "server" ? "Server" : text);

/** The status of a response or why there is none, and how long it took. */
function answer(step) {
  const said = step.error ? h("b", {}, step.error) : [h("b", {}, step.status), " ", step.reason];
  return h("span", { class: "what" }, said, typeof step.ms === "number" && h("span", { class: "ms" }, duration(step.ms)));
}

/** "6 ms", "0.4 ms", "3.2 s" */
export function duration(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 1 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** A text whose first piece of code is what the arrow carries, and stands out. */
function strong(text) {
  const [, first, rest] = text.match(/^`([^`]+)`(.*)$/s) ?? [];
  return first ? [h("b", {}, first), prose(rest)] : prose(text);
}

function lines(step, context) {
  const shown = step.lines ?? [];
  if (shown.length === 0 && !step.more) return null;
  return h("ul", { class: "lines" },
    shown.map((one) => line(one, context)),
    step.more > 0 && h("li", {}, h("span", { class: "more-lines" }, `${step.more} more line${step.more === 1 ? "" : "s"} in the raw exchange`)));
}

function line(one, context) {
  const failed = one.result === "fail";
  const judged = failed || one.result === "pass";
  return h("li", {
    class: judged ? `judged${failed ? ` bad ${tone(context.verdict)}` : ""}` : null,
    id: one === context.broke ? `${context.id}-broke` : null,
    tabindex: one === context.broke ? "-1" : null,
  },
  judged && icon(failed ? "no" : "ok", "node"),
  h("code", { class: "hdr" }, header(one), one.missing && [" ", h("ins", {}, one.missing)],
    one.script_sees === false && [" ", h("span", { class: "chip" }, "script does not see it")]),
  (judged || one.rule) && h("span", { class: "rule" },
    judged && h("span", { class: "sr" }, failed ? "Fails: " : "Passes: "), h("b", {}, one.rule), " ", ruleText(one, failed)));
}

/** "Name: value", "no Name" where it is absent, and the part of the value that matters underlined. */
function header({ name, value, mark }) {
  if (value === null || value === undefined) return [h("i", {}, "no"), ` ${name}`];
  const text = String(value);
  const at = mark ? text.indexOf(mark) : -1;
  const shown = at < 0 ? text : [text.slice(0, at), h("mark", {}, mark), text.slice(at + mark.length)];
  return [h("i", {}, `${name}:`), " ", shown];
}

/** Only the rule that decided links the standard: a link on each line would be a tab stop on each line. */
function ruleText({ text, spec }, failed) {
  if (!text) return null;
  return failed && isHttps(spec) ? h("a", { href: spec, rel: "noreferrer" }, prose(text)) : prose(text);
}

const isHttps = (url) => typeof url === "string" && url.startsWith("https://");

/** The class that gives a verdict's colour. */
export const tone = (verdict) => ({ allowed: "readable" })[verdict] ?? verdict ?? "neutral";
