import { cors } from "./cors.mjs";
import { answer, serve } from "./platform.mjs";

await serve(cors(answer), Number(process.argv[2]));
