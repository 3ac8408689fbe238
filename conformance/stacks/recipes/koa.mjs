// Follows https://github.com/koajs/cors#corsoptions
// `origin` is a string or a function. A list needs the function; an empty string means no CORS headers.
import middleware from "@koa/cors";

const allowed = ["https://app.example.com", "https://www.example.com"];

export const cors = middleware({
  origin: (context) => (allowed.includes(context.get("Origin")) ? context.get("Origin") : ""),
  allowMethods: ["GET", "POST", "PUT", "DELETE"],
  allowHeaders: ["Authorization", "Content-Type"],
  credentials: true,
  maxAge: 600,
});
