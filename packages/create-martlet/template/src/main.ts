import { serve } from "martlet/server";
import { settings } from "martlet/settings";
import { z } from "zod";
import { app } from "./app.ts";

/** PORT and HOST, of the environment or `.env`. */
const config = settings({
  port: z.int().min(0).max(65535).default(8000),
  host: z.string().default("127.0.0.1"),
});

const { url } = await serve(app, config.load());
process.stdout.write(`${url}/docs\n`);
