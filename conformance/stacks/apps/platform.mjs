// The part of a platform that turns connections into `Request` and takes a `Response`, and an application for it. Any path; its last segment decides, as
// in backend.py.
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { own, statuses } from "./answers.mjs";

/** The application. */
export async function answer(request) {
  const last = new URL(request.url).pathname.split("/").at(-1);
  if (last === "500") throw new Error("a broken handler");
  if (last === "redirect") return new Response(null, { status: 302, headers: { Location: "items" } });
  if (statuses.includes(last)) return new Response(null, { status: Number(last) });
  if (last !== "items" && last !== "own") return new Response(null, { status: 404 });
  return new Response("here\n", { headers: last === "own" ? own : {} });
}

/** Serves a handler at this port of the loopback address, or at any. */
export function serve(handler, port = 0) {
  const server = createServer(async (incoming, outgoing) => {
    const { method, headers: list, url } = incoming;
    const hasBody = method !== "GET" && method !== "HEAD";
    const headers = new Headers();
    for (let index = 0; index < incoming.rawHeaders.length; index += 2) headers.append(incoming.rawHeaders[index], incoming.rawHeaders[index + 1]);
    const body = hasBody ? Readable.toWeb(incoming) : undefined;
    try {
      const request = new Request(new URL(url, `http://${list.host}`), { method, headers, body, duplex: "half", redirect: "manual" });
      const response = await handler(request);
      outgoing.writeHead(response.status, [...response.headers].flat());
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    } catch {
      outgoing.writeHead(500).end(); // without CORS headers, as a platform does
    }
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server.address().port)));
}
