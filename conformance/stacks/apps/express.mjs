// Any path; its last segment decides, as in backend.py.
import express from "express";
import { cors } from "./cors.mjs";
import { own, statuses } from "./answers.mjs";

const app = express();
app.use(cors);
app.use((request, response, next) => {
  const last = request.path.split("/").at(-1);
  if (last === "500") throw new Error("a broken handler");
  if (last === "redirect") return response.redirect("items");
  if (statuses.includes(last)) return response.sendStatus(Number(last));
  if (last !== "items" && last !== "own") return next();
  if (last === "own") response.set(own);
  response.type("text/plain").send("here\n");
});
app.listen(Number(process.argv[2]), "127.0.0.1");
