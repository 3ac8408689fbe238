// The situations that Play can start from: `presets.json`.
import { asset, readPage } from "./api.js";
import { h, plain, prose, replace } from "./dom.js";
import { playFrom } from "./play-state.js";

/**
 * Reads the situations.
 * @returns {Promise<{title: string, presets: {id: string, title: string, play: object|null, read: string|null}[]}[]>} empty if there are none
 */
export async function loadPresets() {
  return presetsFrom(await asset("presets.json"));
}

/**
 * The groups of `presets.json`, in their order; each preset has a play that can be shown, or a page to read.
 * @param {*} value a list of presets, each with the title of its `group`
 * @returns {{title: string, presets: object[]}[]}
 */
export function presetsFrom(value) {
  const groups = new Map();
  for (const preset of Array.isArray(value) ? value : []) {
    const one = { ...preset, play: playFrom(preset.play), read: preset.read ?? null };
    if (!one.play && !one.read) continue;
    if (!groups.has(one.group)) groups.set(one.group, { title: one.group, presets: [] });
    groups.get(one.group).presets.push(one);
  }
  return [...groups.values()];
}

/**
 * The preset with an id, or `null`.
 * @param {object[]} groups
 * @param {string|null} id
 */
export const presetOf = (groups, id) => groups.flatMap(({ presets }) => presets).find((preset) => preset.id === id) ?? null;

/**
 * Puts the situations into the select.
 * @param {HTMLSelectElement} select
 * @param {object[]} groups
 */
export function fillPresets(select, groups) {
  replace(select,
    h("option", { value: "" }, "What is here now"),
    groups.map(({ title, presets }) => h("optgroup", { label: title }, presets.map(({ id, title, play }) =>
      h("option", { value: id }, plain(play ? title : `${title} (to read)`))))));
}

/**
 * Says where a situation is explained; and why nothing changed, if it cannot be played.
 * @param {HTMLElement} place
 * @param {object|null} preset
 */
export function showSituation(place, preset) {
  place.hidden = !preset?.read;
  if (place.hidden) return;
  const link = h("a", { href: readPage(preset.read) }, prose(preset.title));
  replace(place, preset.play ? "Why it happens, and what to do: " : "This is more than a request and an answer, so Play cannot show it. Read about it: ", link);
}
