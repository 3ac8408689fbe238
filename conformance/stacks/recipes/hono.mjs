// Follows https://hono.dev/docs/middleware/builtin/cors
// The function for subdomains has the form of the one on that page: `endsWith`, and an allowed origin for everybody else.
import { cors as middleware } from "hono/cors";

export const cors = middleware({
  origin: (origin) => (origin.endsWith(".preview.example.com") ? origin : "https://app.example.com"),
  allowMethods: ["GET", "POST", "PUT", "DELETE"],
  allowHeaders: ["Authorization", "Content-Type"],
  credentials: true,
  maxAge: 600,
});
