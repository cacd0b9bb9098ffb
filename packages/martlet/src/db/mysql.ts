/**
 * MySQL and MariaDB, through `mysql2`.
 *
 * @module
 */
import type { ConnectionOptions } from "mysql2/promise";
import { Connections } from "./connections.ts";
import type { Beginning, Connection, Driver } from "./driver.ts";
import { openSession, type Server, type Session } from "./mysql-session.ts";
import { mysqlTarget } from "./mysql-target.ts";
import { loadMysql } from "./packages.ts";
import { type PoolSettings, words } from "./pool.ts";
import { shownOf } from "./url.ts";

/** Opens a database and proves that it connects. */
export async function openMysql(url: string, settings: PoolSettings): Promise<Driver> {
  const { createConnection } = await loadMysql();
  const { max = 10, connectTimeout = 5000, maxWaiting = 1000 } = settings.pool;
  const { idleTimeout = 30_000 } = settings.pool;
  const target: ConnectionOptions = { ...habits, ...mysqlTarget(url), connectTimeout };
  const server: Server = {
    connect: () => createConnection(target),
    statementTimeout: settings.statementTimeout,
  };
  const connections: Connections<Session> = new Connections(
    {
      open: () => openSession(server, (session, error) => lost(session, error)),
      end: (session, isAtOnce) => session.end(isAtOnce),
    },
    { max, connectTimeout, maxWaiting, idleTimeout },
  );
  const lost = (session: Session, error: Error): void => {
    // One in use says so by its statement, which fails.
    if (connections.forget(session)) {
      settings.notice(`A database connection was lost: ${error.message}`);
    }
  };
  const driver: Driver = {
    dialect: "mysql",
    isSingle: max === 1,
    connect: async () => connectionOf(await connections.take(), connections),
    begin,
    state: () => connections.state(),
    close: () => connections.close(),
  };
  try {
    const connection = await driver.connect();
    connection.release();
  } catch (error) {
    await driver.close();
    const shown = shownOf(url);
    throw new Error(`The database ${shown} cannot be reached: ${words(error)}`, { cause: error });
  }
  return driver;
}

/** What is the same for each connection. */
const habits: ConnectionOptions = {
  connectAttributes: { program_name: "martlet" },
  // A BIGINT is a text, as with `pg`, and not now a number and then a text.
  supportBigNumbers: true,
  bigNumberStrings: true,
  timezone: "Z",
  // No server may ask for a file of this machine.
  flags: ["-LOCAL_FILES"],
};

function begin({ isolation, readOnly }: Beginning): readonly string[] {
  const start = readOnly === true ? "start transaction read only" : "start transaction";
  return isolation === undefined
    ? [start]
    : [`set transaction isolation level ${isolation}`, start];
}

function connectionOf(session: Session, connections: Connections<Session>): Connection {
  let isReleased = false;
  return {
    run: (statement) => session.run(statement),
    cancel: () => session.cancel(),
    release: (isBroken = false) => {
      if (isReleased) return;
      isReleased = true;
      connections.give(session, isBroken || !session.isClean);
    },
  };
}
