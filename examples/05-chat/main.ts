import { serve } from "martlet/server";
import { app } from "./app.ts";

const server = await serve(app);
process.stdout.write(`${server.url}\n`);
