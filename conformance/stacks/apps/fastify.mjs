// Any path; its last segment decides, as in backend.py.
import fastify from "fastify";
import { cors } from "./cors.mjs";
import { own, statuses } from "./answers.mjs";

const app = fastify();
await cors(app);
// A route of its own for each depth: what is deeper is Fastify's own 404.
for (const path of ["/:a", "/:a/:b", "/:a/:b/:c", "/:a/:b/:c/:d"]) {
  app.all(path, async (request, reply) => {
    const last = request.raw.url.split("?")[0].split("/").at(-1);
    if (last === "500") throw new Error("a broken handler");
    if (last === "redirect") return reply.redirect("items");
    if (statuses.includes(last)) return reply.code(Number(last)).send();
    if (last !== "items" && last !== "own") return reply.callNotFound();
    if (last === "own") reply.headers(own);
    return reply.type("text/plain").send("here\n");
  });
}
await app.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
