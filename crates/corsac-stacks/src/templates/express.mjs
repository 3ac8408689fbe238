{% if target == "nestjs" %}
// @ts-nocheck
{% endif %}
{{ header }}
// Use it before anything else, authentication in particular:
{% if target == "nestjs" %}
//   import { cors } from "./cors";
//   const app = await NestFactory.create(AppModule); // without `cors: true`
{% else %}
//   import { cors } from "./cors.mjs"; // in CommonJS: const { cors } = require("./cors.mjs"), with Node 20.19 or later
//   const app = express();
{% endif %}
//   app.use(cors);

{% include "decide.mjs" %}

{% include "node.mjs" %}

export function cors(request, response, next) {
  const decision = decide(request.method, request.originalUrl.split("?")[0], request.headers);
  if (decision === null) return next();
  setHeaders(response, decision);
  if (!decision.isPreflight) return next();
  response.statusCode = 204;
  response.end();
}
