/**
 * Sizes as people write them.
 *
 * @module
 */

const factors: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * Bytes of `"5MB"` (10^6), `"1MiB"` (2^20) or a plain number.
 *
 * @throws {TypeError} for other text.
 *
 * @example
 * ```ts
 * import { byteSize } from "martlet";
 *
 * expect(byteSize("1.5MB")).toBe(1_500_000);
 * ```
 */
export function byteSize(size: number | string): number {
  const { value, unit = "b" } =
    /^(?<value>\d+(?:\.\d+)?)\s*(?<unit>[kmg]?i?b)?$/i.exec(String(size))?.groups ?? {};
  const factor = factors[unit.toLowerCase()];
  if (value === undefined || factor === undefined) {
    throw new TypeError(`"${size}" is no size: write bytes, or text such as "5MB" or "1MiB"`);
  }
  return Math.floor(Number(value) * factor);
}
