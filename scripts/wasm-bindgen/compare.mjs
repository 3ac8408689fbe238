// Plays what a file has in the WebAssembly, and compares each answer with the one that the file has: compare.mjs FOLDER FILE
// The file has two lines for each case: the JSON of a play, and the native answer.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const { initSync, play } = await import(pathToFileURL(`${folder}/corsac_wasm.js`));
initSync({ module: readFileSync(`${folder}/corsac_wasm_bg.wasm`) });

const lines = readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
let different = 0;
const began = performance.now();
for (let at = 0; at < lines.length; at += 2) {
  const answer = play(lines[at]);
  if (answer !== lines[at + 1]) {
    different += 1;
    if (different <= 3) console.error(`wasm: a different answer to\n${lines[at]}\nnative ${lines[at + 1]}\nwasm   ${answer}`);
  }
}
const each = (performance.now() - began) / (lines.length / 2);
if (lines.length < 200 || different > 0) {
  console.error(`wasm: ${different} of ${lines.length / 2} answers differ`);
  process.exit(1);
}
console.log(`wasm: ${lines.length / 2} answers are those of the native code, ${each.toFixed(2)} ms each`);
