// Follows https://nextjs.org/docs/app/api-reference/config/next-config-js/headers
// Its section about CORS has one fixed origin. For more, this takes `has` from the same page, where a named group of the request's header can be a value.
// The page does not mention `Vary`.
module.exports = {
  turbopack: { root: __dirname },
  headers: async () => [
    {
      source: "/:path*",
      has: [
        {
          type: "header",
          key: "origin",
          value: "(?<origin>https://app\\.example\\.com|https://(?:[a-z0-9-]+\\.)+preview\\.example\\.com)",
        },
      ],
      headers: [
        { key: "Access-Control-Allow-Origin", value: ":origin" },
        { key: "Access-Control-Allow-Credentials", value: "true" },
        { key: "Access-Control-Allow-Methods", value: "GET, POST, PUT, DELETE" },
        { key: "Access-Control-Allow-Headers", value: "Authorization, Content-Type" },
        { key: "Access-Control-Max-Age", value: "600" },
      ],
    },
  ],
};
