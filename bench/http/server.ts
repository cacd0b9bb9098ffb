/**
 * One server as a process of its own: tells its port, and its CPU time whenever it is asked.
 * `node bench/http/server.ts raw|fastify|martlet`.
 *
 * @module
 */

/** What a server of this benchmark exports. */
interface Served {
  readonly start: () => Promise<number>;
}

const name = process.argv[2] ?? "";
const { start } = (await import(`./servers/${name}.ts`)) as Served;
process.on("message", () => process.send?.({ cpu: process.cpuUsage() }));
process.on("disconnect", () => process.exit(0));
process.send?.({ port: await start() });
