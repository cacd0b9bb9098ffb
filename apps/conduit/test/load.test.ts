import { afterAll, beforeAll, expect, test } from "vitest";
import { drive } from "../scripts/load/drive.ts";
import { failuresOf, type LoadReport, textOf } from "../scripts/load/report.ts";
import { type RunningConduit, startConduit } from "./conduit.ts";

let conduit: RunningConduit;
beforeAll(async () => {
  conduit = await startConduit();
});
afterAll(() => conduit.stop());

test("64 connections of mixed load bring nothing that fails", async () => {
  const report = await drive({ url: conduit.url, seconds: 3, connections: 64 });
  expect(report.astonishing).toEqual([]);
  expect(failuresOf(report)).toEqual([]);
  expect(report.latencies.length).toBeGreaterThan(64);
  expect([...report.statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 204]));
});

test("a load that meets a 5xx says so", () => {
  const report: LoadReport = {
    seconds: 2,
    latencies: [1, 2, 3, 400],
    statuses: new Map([
      [500, 1],
      [200, 3],
    ]),
    acts: new Map([["read", 4]]),
    errors: ["read: Error: socket hang up"],
    astonishing: ["read: 500 {}"],
  };
  expect(failuresOf(report)).toEqual([
    "1 answers with 500",
    "1 connections broke, first: read: Error: socket hang up",
  ]);
  expect(textOf(report)).toBe(
    [
      "  requests  4, 2 a second",
      "  latency   p50 2.0 ms  p99 400.0 ms  max 400.0 ms",
      "  statuses  200: 3  500: 1",
      "  mix       read: 4",
      "  5xx       1",
      "  failures  1 answers with 500; 1 connections broke, first: read: Error: socket hang up",
      "            read: 500 {}",
      "",
      "",
    ].join("\n"),
  );
});
