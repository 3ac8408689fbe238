// Any path; its last segment decides, as in backend.py. Decorators are called as functions, since this is not TypeScript.
import "reflect-metadata";
import { All, Controller, HttpException, Module, Req, Res } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import * as file from "./cors.mjs";
import { own, statuses } from "./answers.mjs";

class Answers {
  answer(request, response) {
    const last = request.path.split("/").at(-1);
    if (last === "500") throw new Error("a broken handler");
    if (last === "redirect") return response.redirect("items");
    if (statuses.includes(last)) throw new HttpException("refused", Number(last));
    if (last !== "items" && last !== "own") throw new HttpException("not found", 404);
    if (last === "own") response.set(own);
    response.type("text/plain").send("here\n");
  }
}
const answer = Object.getOwnPropertyDescriptor(Answers.prototype, "answer");
Req()(Answers.prototype, "answer", 0);
Res()(Answers.prototype, "answer", 1);
All("*path")(Answers.prototype, "answer", answer);
Controller()(Answers);
class Application {}
Module({ controllers: [Answers] })(Application);

const app = await NestFactory.create(Application, { logger: false });
if (file.install) file.install(app);
else app.use(file.cors);
await app.listen(Number(process.argv[2]), "127.0.0.1");
