// The situations of people with Express.
const http = require("node:http");
const express = require("express");
const cors = require("cors");
const helmet = require("helmet");
const { Server } = require("socket.io");

const app = express();
const known = ["https://shop.test"];
const throwing = cors({
  origin: (origin, done) => (!origin || known.includes(origin) ? done(null, true) : done(new Error("Not allowed by CORS"))),
});

// A list that throws, and one that does not.
app.use("/throws", throwing, (_, response) => response.json({}));
app.use("/throws-mended", cors({ origin: ["http://localhost:3000"] }), (_, response) => response.json({}));
app.use("/quiet", cors({ origin: known }), (_, response) => response.json({}));

// Helmet keeps images from other sites.
const image = (_, response) => response.type("png").send(Buffer.alloc(8));
app.get("/helmet/image.png", helmet(), cors({ origin: /.*/ }), image);
app.get("/helmet-mended/image.png", helmet({ crossOriginResourcePolicy: { policy: "cross-origin" } }), cors(), image);

// `cors()` at a route alone: nobody answers OPTIONS but Express.
app.delete("/route/:id", cors(), (_, response) => response.json({}));
app.get("/route/:id", cors(), (_, response) => response.json({}));
app.options("/route-mended/:id", cors());
app.delete("/route-mended/:id", cors(), (_, response) => response.json({}));

// The login runs before CORS.
const login = (request, response, next) =>
  request.headers.authorization === "Bearer ok" ? next() : response.status(401).json({ error: "no token" });
app.use("/login-first", login, cors(), (_, response) => response.json({}));
app.use("/login-first-mended", cors(), login, (_, response) => response.json({}));

// A handler that throws, behind a CORS layer that is outermost and one that is not.
app.get("/crash", (_, response) => response.status(500).send("TypeError: Cannot read properties of undefined (reading 'id')"));

// A router of its own answers OPTIONS for its routes, and `cors()` after it sees what no route takes.
const routes = express.Router();
routes.post("/login", (_, response) => response.json({}));
app.use("/late-router", routes, cors());
app.use("/early-router", cors(), routes);

// `cors()` of Express does not reach Socket.IO.
app.use("/open", cors());
const server = http.createServer(app);
new Server(server);
server.listen(@express@, "127.0.0.1");
