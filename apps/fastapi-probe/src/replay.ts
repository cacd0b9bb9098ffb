/**
 * The replay: every recorded request is sent to the ported application over HTTP.
 *
 * @module
 */
import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { listen } from "martlet/server";
import { probe } from "./app.ts";
import type { Case } from "./cases.ts";
import { type Observed, observe } from "./compare.ts";
import { send } from "./wire.ts";

/** What clean-ups and background tasks after an answer are given until the next step, in milliseconds. */
const afterwards = 50;

/** Replays cases, in their order. Those of a session get an application of their own. */
export async function replay(cases: readonly Case[]): Promise<readonly Observed[]> {
  const observed = new Map<Case, Observed>();
  const sessions = Map.groupBy(cases, ({ session }) => session ?? undefined);
  for (const [session, steps] of sessions) {
    const inOrder = steps.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0));
    const pause = session === undefined ? 0 : afterwards;
    for (const each of await run(inOrder, pause)) observed.set(each.case, each);
  }
  return cases.flatMap((each) => observed.get(each) ?? []);
}

/** Sends cases one after the other to a server that has just started. */
async function run(cases: readonly Case[], pause: number): Promise<readonly Observed[]> {
  const server = await listen(probe(), { port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const observed: Observed[] = [];
  try {
    for (const each of cases) {
      observed.push(observe(each, await send(each.request, server.port, agent)));
      if (pause > 0) await wait(pause);
    }
  } finally {
    agent.destroy();
    await server.stop();
  }
  return observed;
}
