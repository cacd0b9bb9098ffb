/**
 * A process that holds an embedded PostgreSQL: prints its URL, and ends it when its own standard
 * input ends. Vitest's own process knows nothing of the condition that makes `martlet` its source.
 *
 * @module
 */
import { dependency, martlet } from "martlet";
import { database } from "martlet/db";

const hold = dependency(
  { scope: "app", use: { db: database({ url: "embedded:memory" }) } },
  ({ db }) => {
    const { host, port, user, password, database: name } = db.$client.options;
    process.stdout.write(`postgres://${user}:${String(password)}@${host}:${port}/${name}\n`);
  },
);
const holder = martlet({}, { lifespan: hold });
await holder.start();
process.stdin.resume().once("end", () => void holder.stop());
