{{ header }}
// Save it outside of `api`, and use it around each function, before anything else, authentication in particular:
//   import { cors } from "../cors.mjs";
//   export default { fetch: cors(async (request) => { ... }) };
// A function that exports its methods exports all of them like this, and OPTIONS as well: `export const GET = cors(...)`.
// Remove CORS headers from vercel.json.

{% include "handler.mjs" %}
