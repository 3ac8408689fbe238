// The request bar of Ask.
import { $, h, prose, replace } from "./dom.js";
import { BLANK, isUrl, summary } from "./ask-request.js";

const TEXTS = ["url", "origin", "headers", "body", "url_of"];
const CHOICES = ["method", "credentials", "as", "mode", "redirect", "crossorigin", "referrer_policy"];
/** Where an empty choice means that the field says nothing. */
const OR_NULL = ["as", "crossorigin", "referrer_policy", "body", "url_of"];
const IN_MORE = ["headers", "body", "cookies", "mode", "redirect", "crossorigin", "referrer_policy", "timeout", "url_of"];

/**
 * Makes the bar work.
 * @param {{onAsk: () => void, onText: (text: string) => void}} page `onAsk`: the person asks. `onText`: a text that is not a URL was pasted into the URL
 * @returns {{
 *   request: () => Object,
 *   fill: (request: Object) => void,
 *   fold: (folded: boolean) => void,
 *   wrong: (message: string|null, field?: string|null) => void,
 *   url: HTMLInputElement,
 *   go: HTMLButtonElement,
 * }} `request` reads the form, `fill` writes it, `fold` closes "More", and shows one line in the form's place on narrow screens, `wrong` says what is wrong with a field, or nothing
 */
export function requestForm({ onAsk, onText }) {
  const form = $("#request");
  const fields = Object.fromEntries([...TEXTS, ...CHOICES, "cookies", "timeout"].map((name) => [name, $(`#${name}`)]));
  const more = $("#more-button");
  const rest = $("#rest");
  const bar = form.firstElementChild;
  let stack = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onAsk();
  });
  form.addEventListener("input", () => sayRest());
  more.addEventListener("click", () => open(rest.hidden));
  $("#unfold").addEventListener("click", () => {
    bar.classList.remove("folded");
    fields.url.focus();
  });
  fields.url.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.trim() === "" || isUrl(text)) return;
    event.preventDefault();
    onText(text);
  });

  const open = (isOpen) => {
    rest.hidden = !isOpen;
    more.setAttribute("aria-expanded", String(isOpen));
    sayRest();
  };
  const sayRest = () => { replace($("#summary"), rest.hidden ? summary(request()) : ""); };

  function request() {
    const read = { ...BLANK, stack };
    for (const name of [...TEXTS, ...CHOICES]) read[name] = fields[name].value;
    for (const name of OR_NULL) read[name] = fields[name].value === "" ? null : fields[name].value;
    for (const name of ["url", "origin"]) read[name] = read[name].trim();
    read.cookies = fields.cookies.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const seconds = Number(fields.timeout.value.replace(",", "."));
    read.timeout = fields.timeout.value.trim() === "" || Number.isNaN(seconds) ? BLANK.timeout : seconds;
    return read;
  }

  function fill(given) {
    stack = given.stack ?? null;
    for (const name of TEXTS) fields[name].value = given[name] ?? "";
    for (const name of CHOICES) choose(fields[name], given[name] ?? "");
    fields.cookies.value = given.cookies.join("\n");
    fields.timeout.value = given.timeout === BLANK.timeout ? "" : String(given.timeout);
    wrong(null);
    sayRest();
  }

  function wrong(message, field = null) {
    for (const [name, element] of Object.entries(fields)) {
      const isWrong = Boolean(message) && name === field;
      if (isWrong) element.setAttribute("aria-invalid", "true");
      else element.removeAttribute("aria-invalid");
      if (isWrong) element.setAttribute("aria-describedby", "wrong");
      else element.removeAttribute("aria-describedby");
    }
    const place = $("#wrong");
    place.hidden = !message;
    replace(place, prose(message));
    if (!message) return;
    bar.classList.remove("folded");
    if (IN_MORE.includes(field)) open(true);
    fields[field]?.focus();
  }

  sayRest();
  return {
    request, fill, wrong, url: fields.url, go: $("#go"),
    fold(folded) {
      const { method, url } = request();
      $("#folded").textContent = `${method} ${url}`;
      bar.classList.toggle("folded", folded);
      // The answer comes first, and nobody loses the field they are in.
      if (folded && !rest.contains(document.activeElement)) open(false);
    },
  };
}

/** A select can hold what it does not list: a method that nobody thought of. */
function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.append(h("option", { value }, value));
  select.value = value;
}
