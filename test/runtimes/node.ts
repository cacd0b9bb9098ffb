import process from "node:process";
import { listen } from "martlet/server";
import { app } from "./app.ts";

const server = await listen(app, { port: 0 });
process.stdout.write(`${server.port}\n`);
