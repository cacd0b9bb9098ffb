/**
 * Instants as databases read them: in UTC, with all digits.
 *
 * @module
 */
import type { Dialect } from "../driver.ts";

const instant =
  /^(?<day>\d{4}-\d\d-\d\d)[T ](?<minute>\d\d:\d\d)(?::(?<second>\d\d)(?<fraction>\.\d+)?)?(?<zone>Z|[+-]\d\d:\d\d)?$/i;

/** The text of an instant, UTC unless it says otherwise; MySQL has no word for UTC. */
export function instantText(text: string, dialect: Dialect): string {
  const {
    day,
    minute,
    second = "00",
    fraction = "",
    zone = "Z",
  } = instant.exec(text)?.groups ?? {};
  const time = new Date(`${day}T${minute}:${second}${zone.toUpperCase()}`);
  if (Number.isNaN(time.getTime())) return text;
  const [date, clock] = [time.toISOString().slice(0, 10), time.toISOString().slice(11, 19)];
  return dialect === "mysql" ? `${date} ${clock}${fraction}` : `${date}T${clock}${fraction}Z`;
}
