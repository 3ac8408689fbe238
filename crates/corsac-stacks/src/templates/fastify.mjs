{{ header }}
// Call it on the application itself before any plugin is registered, so that it is there for every route and for errors:
//   import { cors } from "./cors.mjs";
//   const app = fastify();
//   cors(app);

{% include "decide.mjs" %}

function decisionFor(request) {
  let [path] = request.raw.url.split("?");
  try {
    path = decodeURI(path); // as Fastify does before it looks for a route
  } catch {}
  return decide(request.method, path, request.headers);
}

export function cors(app) {
  app.addHook("onRequest", async (request, reply) => {
    if (decisionFor(request)?.isPreflight) return reply.code(204).send();
  });
  // The last step before a response is sent, errors included.
  app.addHook("onSend", async (request, reply, payload) => {
    const decision = decisionFor(request);
    if (decision === null) return payload;
    for (const name of replaced) reply.removeHeader(name);
    for (const [name, value] of Object.entries(decision.lines)) reply.header(name, value);
    const vary = String(reply.getHeader("Vary") ?? "");
    if (decision.variesByOrigin && !listsOrigin.test(vary)) reply.header("Vary", vary ? `${vary}, Origin` : "Origin");
    return payload;
  });
}
