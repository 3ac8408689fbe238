{{ header }}
// Use it before anything else, authentication in particular:
//   import { cors } from "./cors.mjs";
{% if target == "nestjs" %}
//   const app = await NestFactory.create(AppModule); // without `cors: true`
{% else %}
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
