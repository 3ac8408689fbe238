// Any path; its last segment decides, as in backend.py.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "./cors.mjs";
import { own, statuses } from "./answers.mjs";

const app = new Hono();
app.use(cors);
app.all("*", async (context) => {
  const last = context.req.path.split("/").at(-1);
  if (last === "500") throw new Error("a broken handler");
  if (last === "redirect") return context.redirect("items");
  if (statuses.includes(last)) return context.text("", Number(last));
  if (last !== "items" && last !== "own") return context.notFound();
  return context.text("here\n", 200, last === "own" ? own : {});
});
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
