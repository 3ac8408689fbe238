{{ header }}
// Use it before anything else, authentication in particular:
//   import { cors } from "./cors.mjs";
//   const app = new Koa();
//   app.use(cors);

{% include "decide.mjs" %}

{% include "node.mjs" %}

export async function cors(context, next) {
  const decision = decide(context.method, context.path, context.headers);
  if (decision === null) return next();
  setHeaders(context.res, decision);
  if (!decision.isPreflight) return next();
  context.status = 204;
}
