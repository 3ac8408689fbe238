// Any path; its last segment decides, as in backend.py.
import Koa from "koa";
import { cors } from "./cors.mjs";
import { own, statuses } from "./answers.mjs";

const app = new Koa();
app.silent = true;
app.use(cors);
app.use(async (context) => {
  const last = context.path.split("/").at(-1);
  if (last === "500") throw new Error("a broken handler");
  if (last === "redirect") return context.redirect("items");
  if (last === "401") context.throw(401); // Koa removes every header that was set before
  if (statuses.includes(last)) return (context.status = Number(last));
  if (last !== "items" && last !== "own") return;
  if (last === "own") context.set(own);
  context.body = "here\n";
});
app.listen(Number(process.argv[2]), "127.0.0.1");
