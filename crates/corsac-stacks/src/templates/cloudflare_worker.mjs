{{ header }}
// In front of a server: deploy it as a Worker on a route of that server (`main = "cors.mjs"` in wrangler.toml). Remove CORS headers from
// Transform Rules, which are added afterwards.
// In a Worker that answers itself, use it around the handler, before anything else, authentication in particular:
//   import { cors } from "./cors.mjs";
//   export default { fetch: cors(async (request, env, context) => { ... }) };

{% include "handler.mjs" %}

export default { fetch: cors((request) => fetch(request)) };
