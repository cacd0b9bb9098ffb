import { setTimeout as sleep } from "node:timers/promises";
import { Unavailable } from "martlet";
import { expect, test } from "vitest";
import { Gate } from "../../src/users/gate.ts";

test("no more are at work at once than the gate lets through", async () => {
  const gate = new Gate({ atOnce: 2, waiting: 10 });
  let [atWork, most] = [0, 0];
  const order: number[] = [];
  const work = (index: number) => async (): Promise<void> => {
    most = Math.max(most, (atWork += 1));
    await sleep(1);
    order.push(index);
    atWork -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, (_, index) => gate.run(work(index))));
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("who finds a full queue is sent away, and told when to come back", async () => {
  const gate = new Gate({ atOnce: 1, waiting: 1 });
  const [first, second] = [gate.run(() => sleep(5)), gate.run(() => sleep(5))];
  const refused = gate.run(() => sleep(5));
  await expect(refused).rejects.toBeInstanceOf(Unavailable);
  await expect(refused).rejects.toMatchObject({ headers: { "retry-after": "2" } });
  await Promise.all([first, second]);
  await expect(gate.run(async () => "again")).resolves.toBe("again");
});

test("work that fails leaves its place to the next", async () => {
  const gate = new Gate({ atOnce: 1, waiting: 1 });
  const failed = gate.run(() => Promise.reject(new Error("oops")));
  const next = gate.run(async () => "done");
  await expect(failed).rejects.toThrow("oops");
  await expect(next).resolves.toBe("done");
});
