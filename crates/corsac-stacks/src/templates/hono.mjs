{{ header }}
// Use it before anything else, authentication in particular:
//   import { cors } from "./cors.mjs";
//   const app = new Hono();
//   app.use(cors);

{% include "decide.mjs" %}

{% include "web.mjs" %}

export async function cors(context, next) {
  const decision = decide(context.req.method, context.req.path, Object.fromEntries(context.req.raw.headers));
  if (decision === null) return next();
  let response;
  if (decision.isPreflight) {
    response = new Response(null, { status: 204 });
  } else {
    await next();
    response = new Response(context.res.body, context.res); // the headers of a forwarded response cannot be changed
  }
  setHeaders(response.headers, decision);
  context.res = undefined; // otherwise Hono would merge the headers of both
  context.res = response;
}
