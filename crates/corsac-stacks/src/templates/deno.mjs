{{ header }}
// Use it around the handler, before anything else, authentication in particular. For Supabase Edge Functions, save it in `supabase/functions/_shared`
// and import "../_shared/cors.mjs".
//   import { cors } from "./cors.mjs";
//   Deno.serve(cors(async (request) => { ... })); // with `deno serve`: export default { fetch: cors(...) }

{% include "handler.mjs" %}
