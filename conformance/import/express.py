"""How Express is started with the options of its package `cors`, in front of the application. `record.py` calls it.

Node finds the packages where `scripts/stacks` installed them, or in `CORSAC_NODE`, a folder with `node_modules`.
"""

import os
from pathlib import Path

from servers import MODULES, Server

APP = """
const express = require("express");
const cors = require("cors");
const http = require("node:http");
// The options are JSON with comments and `"/.../i"` for expressions, which are what a program would have as literals.
const text = require("node:fs").readFileSync(process.argv[2], "utf8");
const options = text.trim().startsWith("{") ? new Function(`return (${text})`)() : {};
const expression = (value) => {
  const found = typeof value === "string" && /^\\/(.+)\\/([a-z]*)$/.exec(value);
  return found ? new RegExp(found[1], found[2]) : value;
};
if (Array.isArray(options.origin)) options.origin = options.origin.map(expression);
else options.origin = "origin" in options ? expression(options.origin) : "*";

const app = express();
app.use(cors(options));
app.use((request, response) => {
  const { method, url: path, headers } = request;
  const upstream = http.request({ host: "127.0.0.1", port: process.argv[4], method, path, headers: { host: headers.host }, agent: false }, (answer) => {
    response.status(answer.statusCode);
    for (let at = 0; at < answer.rawHeaders.length; at += 2) {
      const [name, value] = [answer.rawHeaders[at], answer.rawHeaders[at + 1]];
      if (/^access-control-/i.test(name)) response.set(name, value);
      else if (/^vary$/i.test(name)) response.append(name, value);
    }
    answer.resume().on("end", () => response.end());
  });
  upstream.end();
});
app.listen(Number(process.argv[3]), "127.0.0.1");
"""


def start(config, folder, port, upstream):
    modules = Path(os.environ.get("CORSAC_NODE", MODULES)).resolve() / "node_modules"
    (folder / "node_modules").symlink_to(modules)
    (folder / "app.cjs").write_text(APP, encoding="utf-8")
    return Server(folder, port, ["node", "app.cjs", config.name, port, upstream])
