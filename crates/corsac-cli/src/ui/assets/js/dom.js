// Elements, made without a line of HTML: every string becomes text, whoever wrote it.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element.
 * @param {string} name of the element: "p"
 * @param {Object<string, *>} attributes `class`, `id`, `aria-label`, ...; `null`, `undefined` and `false` leave one out, `true` is "".
 *   `on: {click: f}` adds listeners, `value` and `checked` set what a field holds.
 * @param {...*} children nodes, strings, numbers, lists of these; `null`, `undefined` and `false` are left out
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false || key === "value" || key === "checked") continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (/^on|^style$/i.test(key)) {
      throw new TypeError(`The page has no inline ${key}.`);
    } else {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  append(element, children);
  // A select can hold a value only after it has its options.
  if (attributes?.value !== undefined && attributes.value !== null) element.value = attributes.value;
  if (attributes?.checked !== undefined) element.checked = Boolean(attributes.checked);
  return element;
}

/** Adds children to an element, of the same kinds as in `h`. */
export function append(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts `children` in the place of everything in `node`; gives `node` back. */
export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/**
 * One of the page's symbols, hidden from screen readers: a word always stands beside it.
 * @param {string} id "blocked", "readable", "failed", "opaque", "differ", "warn", "info", "ok", "no", "later", "stop", "more", "copy", "theme"
 * @param {string} [className]
 * @returns {SVGElement}
 */
export function icon(id, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  if (className) svg.setAttribute("class", className);
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${id}`);
  svg.append(use);
  return svg;
}

/**
 * A text in which backquotes mark code, as nodes. A backquote without its partner stays a backquote.
 * @param {string} text
 * @returns {Node[]}
 */
export function prose(text) {
  const parts = String(text ?? "").split("`");
  if (parts.length % 2 === 0) {
    const rest = parts.pop();
    parts.push(`${parts.pop()}\`${rest}`);
  }
  const nodes = [];
  for (let at = 1; at < parts.length; at += 2) {
    // Brackets and punctuation stay in the line of their code.
    const [before] = parts[at - 1].match(/[(\[“"]*$/);
    const [after] = parts[at + 1].match(/^[)\]”".,;:!?’]*/);
    parts[at - 1] = parts[at - 1].slice(0, parts[at - 1].length - before.length);
    parts[at + 1] = parts[at + 1].slice(after.length);
    const code = h("code", {}, parts[at]);
    nodes.push(parts[at - 1], before || after ? h("span", { class: "code-word" }, before, code, after) : code);
  }
  nodes.push(parts.at(-1));
  return nodes.filter((node) => node !== "").map((node) => (node instanceof Node ? node : document.createTextNode(node)));
}

/** A text in which backquotes mark code, as plain text. */
export const plain = (text) => String(text ?? "").replaceAll("`", "");

/**
 * A shape and a word in the colour of a verdict.
 * @param {string} verdict "blocked", "readable", "failed", "opaque", or "warn", "info", "neutral"
 * @param {{text?: *, big?: boolean, shape?: string}} [options] `text` in place of the verdict's own word (upper case where `big`),
 *   `shape` in place of the verdict's own symbol ("differ", "ok", "no", ...)
 * @returns {HTMLElement}
 */
export function verdictWord(verdict, { text, big = false, shape } = {}) {
  const own = { neutral: "later" };
  return h("span", { class: `word${big ? " big" : ""} ${verdict}` },
    icon(shape ?? own[verdict] ?? verdict), text ?? (big ? String(verdict).toUpperCase() : verdict));
}

/** The first element that `selector` finds in `root`, or `null`. */
export const $ = (selector, root = document) => root.querySelector(selector);

/** All elements that `selector` finds in `root`, as an array. */
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
