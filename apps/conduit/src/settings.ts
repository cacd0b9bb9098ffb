/**
 * The settings, each an environment variable: `databaseUrl` is `DATABASE_URL`.
 *
 * @module
 */
import { secret, settings } from "martlet/settings";
import { z } from "zod";

/** Everything that a deployment decides. Nothing has to be set to try the application. */
export const config = settings({
  port: z.int().min(0).max(65_535).default(8000).describe("0 for any free port"),
  host: z.string().default("127.0.0.1").describe("0.0.0.0 to be reached from other machines"),
  databaseUrl: secret(z.string().default("embedded:"), {
    description: "postgres://user:password@host/name, or embedded: for one of its own",
  }),
  appKey: secret(z.string().min(32).optional(), {
    description: "What tokens are signed with; needed in production",
  }),
  nodeEnv: z.enum(["development", "test", "production"]).default("development"),
  dataDirectory: z.string().default(".martlet").describe("Where development keeps its key"),
  tokenSeconds: z.int().min(60).default(86_400).describe("How long a token is valid"),
  seed: z.boolean().optional().describe("Whether an empty database is filled; not in production"),
});
