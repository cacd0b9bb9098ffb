/**
 * What came of a load: how many requests, how fast, and with which statuses.
 *
 * @module
 */

/** What came of a load. */
export interface LoadReport {
  /** How long it went on, in seconds. */
  readonly seconds: number;
  /** How long each answer took, in milliseconds, in rising order. */
  readonly latencies: readonly number[];
  /** How many answers had which status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How many answers there were to which kind of request. */
  readonly acts: ReadonlyMap<string, number>;
  /** What broke without an answer. */
  readonly errors: readonly string[];
  /** The first answers of statuses that nothing in the mix leads to. */
  readonly astonishing: readonly string[];
}

/** What the mix leads to: what one deletes, others do not find. */
const expected: ReadonlySet<number> = new Set([200, 201, 204, 404]);

/** Whether a status is one that the mix leads to. */
export function isExpected(status: number): boolean {
  return expected.has(status);
}

/** What should not have happened, in words; nothing, if all went well. */
export function failuresOf({ statuses, errors }: LoadReport): string[] {
  const wrong = [...statuses].filter(([status]) => !isExpected(status));
  return [
    ...wrong.map(([status, count]) => `${count} answers with ${status}`),
    ...(errors.length > 0 ? [`${errors.length} connections broke, first: ${errors[0]}`] : []),
  ];
}

/** The report as it is printed. */
export function textOf(report: LoadReport): string {
  const { seconds, latencies, statuses, acts, astonishing } = report;
  const count = latencies.length;
  const serverErrors = [...statuses].reduce((sum, [status, n]) => sum + (status > 499 ? n : 0), 0);
  const failures = failuresOf(report);
  const rows: readonly (readonly [string, string])[] = [
    ["requests", `${count}, ${Math.round(count / seconds)} a second`],
    [
      "latency",
      ["p50", "p99", "max"].map((name) => `${name} ${at(latencies, name)} ms`).join("  "),
    ],
    ["statuses", listed(statuses)],
    ["mix", listed(acts)],
    ["5xx", String(serverErrors)],
    ["failures", failures.length === 0 ? "none" : failures.join("; ")],
    ...astonishing.map((each) => ["", each] as const),
  ];
  return `${rows.map(([name, value]) => `  ${name.padEnd(10)}${value}`).join("\n")}\n\n`;
}

const shares: Readonly<Record<string, number>> = { p50: 0.5, p99: 0.99, max: 1 };

function at(rising: readonly number[], name: string): string {
  const index = Math.ceil(rising.length * (shares[name] ?? 1)) - 1;
  return (rising[Math.max(0, index)] ?? 0).toFixed(1);
}

function listed(counts: ReadonlyMap<number | string, number>): string {
  const rising = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return rising.map(([name, count]) => `${name}: ${count}`).join("  ");
}
