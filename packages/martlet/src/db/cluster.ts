/**
 * Clusters: the databases that stand behind one, and what each of them is asked for.
 *
 * @module
 */
import { Fault } from "../index.ts";
import type { Driver } from "./driver.ts";
import {
  type Expected,
  openDriver,
  type OpenedDriver,
  type OpenOptions,
  printed,
} from "./opening.ts";
import { readPooler } from "./pooler.ts";
import { sharedReads, type SharedReads } from "./shared-reads.ts";

/** The databases behind one, as URLs that are read. */
export interface ClusterUrls {
  readonly url: string;
  readonly replicas: readonly string[];
  readonly directUrl: string | undefined;
}

/** How the databases behind one are used. */
export interface ClusterOptions extends OpenOptions {
  /**
   * How many connections, beside those of the pool, are shared by all statements that read and are
   * in no transaction: PostgreSQL only. See the page about connections before you turn it on.
   *
   * @default 0
   */
  readonly sharedReads?: number;
}

/** The databases behind one, open. */
export interface Cluster extends OpenedDriver {
  readonly replicas: readonly Driver[];
  /** Where locks are taken that outlive a transaction. */
  readonly direct: Driver;
  readonly shared: SharedReads | undefined;
}

/** Opens all databases of a cluster, or none. */
export async function openCluster(
  asked: string | ClusterUrls,
  options: ClusterOptions & Expected,
): Promise<Cluster> {
  const alone = { replicas: [], directUrl: undefined };
  const urls: ClusterUrls = typeof asked === "string" ? { url: asked, ...alone } : asked;
  const opened: Driver[] = [];
  const open = async (url: string, more: OpenOptions = {}): Promise<OpenedDriver> => {
    const one = await openDriver(url, { ...options, ...more });
    opened.push(one.driver);
    return one;
  };
  try {
    const first = await open(urls.url);
    const replicas: Driver[] = [];
    for (const each of urls.replicas) replicas.push((await open(each)).driver);
    const direct =
      urls.directUrl === undefined
        ? directOf(urls.url, first.driver, options)
        : (await open(urls.directUrl, { pool: { ...options.pool, max: 2 } })).driver;
    return { ...first, replicas, direct, shared: sharedOf(first, options) };
  } catch (error) {
    await Promise.allSettled(opened.map((each) => each.close()));
    throw error;
  }
}

/** A pooler gives each statement to whichever session is free: a lock would be anybody's. */
function directOf(url: string, driver: Driver, { name = "database" }: OpenOptions): Driver {
  if (!readPooler(url).isPooled) return driver;
  const refuse = (): never => {
    throw new Fault("M015", "A lock was asked for, and the database stands behind a pooler", {
      trail: [name],
      hint: "Give `directUrl` the URL of the server itself.",
    });
  };
  return { ...driver, connect: refuse };
}

function sharedOf(
  { pool }: OpenedDriver,
  { sharedReads: count = 0, ...rest }: ClusterOptions,
): SharedReads | undefined {
  if (count === 0) return undefined;
  if (pool === undefined || pool.options.max === 1) {
    const { name = "database", notice = printed(name) } = rest;
    notice("`sharedReads` has no effect: only a PostgreSQL server can do that");
    return undefined;
  }
  return sharedReads(pool.options, count);
}
