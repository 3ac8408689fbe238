// An edge function in front of a site.
import edge, { config } from "./cors.mjs";
import { answer, serve } from "./platform.mjs";

if (config.path !== "/*") throw new Error("it does not run for every path");
const origin = await serve(answer);
const next = (request) => {
  const { pathname, search } = new URL(request.url);
  return fetch(new Request(`http://127.0.0.1:${origin}${pathname}${search}`, request));
};
await serve((request) => edge(request, { next: () => next(request) }), Number(process.argv[2]));
