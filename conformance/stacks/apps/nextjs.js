// Any path; its last segment decides, as in backend.py.
import { own, statuses } from "./answers.mjs";

async function answer(request, { params }) {
  const { path } = await params;
  const last = path.at(-1);
  if (last === "500") throw new Error("a broken handler");
  if (last === "redirect") return new Response(null, { status: 302, headers: { Location: "items" } });
  if (statuses.includes(last)) return new Response(null, { status: Number(last) });
  if (last !== "items" && last !== "own") return new Response(null, { status: 404 });
  return new Response("here\n", { headers: last === "own" ? own : {} });
}

export { answer as GET, answer as POST, answer as PUT, answer as DELETE, answer as OPTIONS };
