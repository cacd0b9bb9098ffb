/**
 * Durations: ISO 8601 on the wire, milliseconds in the program.
 *
 * @module
 */
import * as z from "zod";
import { push, type Refusal, refuse, settled, wire } from "./reading.ts";

const syntax =
  /^(?<sign>[+-]?)P(?:(?<weeks>\d+(?:[.,]\d+)?)W|(?:(?<days>\d+(?:[.,]\d+)?)D)?(?:T(?=\d)(?:(?<hours>\d+(?:[.,]\d+)?)H)?(?:(?<minutes>\d+(?:[.,]\d+)?)M)?(?:(?<seconds>\d+(?:[.,]\d+)?)S)?)?)$/;

const units = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
};

/**
 * A duration: ISO 8601 text such as `"PT1H30M"` on the wire, milliseconds in the program, as
 * `setTimeout` and `Date` count. A day has 24 hours. Years and months are refused, for nobody knows how
 * long they are.
 *
 * Codes: `time_delta_parsing`, `time_delta_type`.
 *
 * @example
 * ```ts
 * import { duration } from "martlet/models";
 * import { z } from "zod";
 *
 * expect(duration().parse("PT1H30M")).toBe(5_400_000);
 * expect(z.encode(duration(), 90_500)).toBe("PT1M30.5S");
 * ```
 */
export function duration(): z.ZodCodec<z.ZodType<string, string>, z.ZodNumber> {
  return z.codec(wire<string>({ type: "string", format: "duration" }), z.number(), {
    decode: (text, context) => settled(read(text), push(context)),
    encode: write,
  });
}

function read(text: unknown): number | Refusal {
  if (typeof text !== "string") return refuse("time_delta_type", "This is no duration.");
  const { sign, ...parts } = syntax.exec(text.trim())?.groups ?? {};
  const given = Object.entries(parts).filter(([, amount]) => amount !== undefined);
  if (given.length === 0) return refuse("time_delta_parsing", "This is no ISO 8601 duration.");
  const amounts = given.map(
    ([unit, amount]) => Number(amount?.replace(",", ".")) * units[unit as keyof typeof units],
  );
  const total = Math.round(amounts.reduce((sum, each) => sum + each, 0));
  if (!Number.isSafeInteger(total)) return refuse("time_delta_parsing", "This is too long.");
  return sign === "-" && total !== 0 ? -total : total;
}

function write(milliseconds: number): string {
  let rest = Math.abs(Math.round(milliseconds));
  const take = (size: number): number => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount;
  };
  const [days, hours, minutes] = [take(units.days), take(units.hours), take(units.minutes)];
  const seconds = rest / 1000;
  const time = [
    [hours, "H"],
    [minutes, "M"],
    [seconds, "S"],
  ].flatMap(([amount, letter]) => (amount === 0 ? [] : [`${amount}${letter}`]));
  const date = days === 0 ? "" : `${days}D`;
  const sign = milliseconds < 0 ? "-" : "";
  if (date === "" && time.length === 0) return "PT0S";
  return `${sign}P${date}${time.length === 0 ? "" : `T${time.join("")}`}`;
}
