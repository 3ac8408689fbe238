// Follows https://github.com/fastify/fastify-cors#options
// The expression has the form of the one in that list of options, which has the scheme and both anchors.
import middleware from "@fastify/cors";

export const cors = (app) =>
  app.register(middleware, {
    origin: ["https://app.example.com", /^https:\/\/([a-z0-9-]+\.)+preview\.example\.com$/],
    methods: ["GET", "POST", "PUT", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type"],
    credentials: true,
    maxAge: 600,
  });
