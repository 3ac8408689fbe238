// Follows https://docs.nestjs.com/security/cors
// That page leads to the options of Express's `cors`, so the expression is the one from there.
export const install = (app) =>
  app.enableCors({
    origin: ["https://app.example.com", /\.preview\.example\.com$/],
    methods: ["GET", "POST", "PUT", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type"],
    credentials: true,
    maxAge: 600,
  });
