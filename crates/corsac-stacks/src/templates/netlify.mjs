{{ header }}
// Save it as `netlify/edge-functions/cors.js`. It runs for every path, static files and functions included. Of several edge functions it has to run
// first, so that preflights are answered before authentication. Remove CORS headers from `_headers` and netlify.toml.

{% include "handler.mjs" %}

export default cors((request, context) => context.next());
export const config = { path: "/*" };
