// Follows https://github.com/expressjs/cors#configuration-options
// An expression for subdomains has the form of the one in that list of options: the end of the origin, after a dot.
import middleware from "cors";

export const cors = middleware({
  origin: ["https://app.example.com", /\.preview\.example\.com$/],
  methods: ["GET", "POST", "PUT", "DELETE"],
  allowedHeaders: ["Authorization", "Content-Type"],
  credentials: true,
  maxAge: 600,
});
