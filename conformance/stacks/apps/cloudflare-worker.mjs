// A Worker in front of a server: what it fetches from its own host is what the server answers.
import worker from "./cors.mjs";
import { answer, serve } from "./platform.mjs";

const origin = await serve(answer);
const { fetch } = globalThis;
globalThis.fetch = (request) => {
  const { pathname, search } = new URL(request.url);
  return fetch(new Request(`http://127.0.0.1:${origin}${pathname}${search}`, request));
};
await serve((request) => worker.fetch(request, {}, {}), Number(process.argv[2]));
