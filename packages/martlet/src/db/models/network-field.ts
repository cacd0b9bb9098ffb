/**
 * Columns of addresses in networks.
 *
 * @module
 */
import * as z from "zod";
import { ipAddress } from "../../models/index.ts";
import { coded, isRefusal, readBy, type Refusal, refuse } from "./coded.ts";

/** An address, with the length of its network's prefix where that is told: `192.0.2.1/24`. */
export function inetField(): z.ZodType<string> {
  return addressField(readInet);
}

/** A network: `192.0.2.0/24`. There is nothing beyond its prefix. */
export function cidrField(): z.ZodType<string> {
  return addressField(readCidr);
}

function addressField(read: (wire: unknown) => string | Refusal): z.ZodType<string> {
  const pattern = String.raw`^[0-9A-Fa-f:.]+(/\d{1,3})?$`;
  return coded({ given: { type: "string", pattern }, value: z.string(), read, write: read });
}

function readInet(wire: unknown): string | Refusal {
  const address = parse(wire, "ip_any_interface");
  if (isRefusal(address)) return address;
  const { text, bits, length } = address;
  // The whole address is the prefix of itself, and is not told.
  return bits === length ? text : `${text}/${bits}`;
}

function readCidr(wire: unknown): string | Refusal {
  const address = parse(wire, "ip_any_network");
  if (isRefusal(address)) return address;
  const { text, bits, length } = address;
  return numberOf(text) % 2n ** BigInt(length - bits) === 0n
    ? `${text}/${bits}`
    : refuse("ip_any_network", "This has bits beyond the prefix.");
}

/** An address in the one spelling that it has. */
interface Address {
  readonly text: string;
  /** How many bits are the network's. */
  readonly bits: number;
  /** How many there are: 32 or 128. */
  readonly length: number;
}

function parse(wire: unknown, code: string): Address | Refusal {
  const refusal = refuse(code, "This is no IP address.");
  const [, address, prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(String(wire)) ?? [];
  const text = typeof wire === "string" ? readBy(ipAddress(), address) : refusal;
  if (isRefusal(text)) return refusal;
  const length = text.includes(":") ? 128 : 32;
  const bits = prefix === undefined ? length : Number(prefix);
  return bits > length
    ? refuse(code, `At most ${length} bits are a prefix.`)
    : { text, bits, length };
}

function numberOf(address: string): bigint {
  if (!address.includes(":")) return join(address.split("."), 8n, "");
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return join([...before, ...zeros, ...after], 16n, "0x");
}

function join(parts: readonly string[], bits: bigint, prefix: string): bigint {
  return parts.reduce((sum, part) => (sum << bits) + BigInt(`${prefix}${part}`), 0n);
}

/** A hardware address of six or eight bytes: `08:00:2b:01:02:03`. */
export function macField(bytes: 6 | 8): z.ZodType<string> {
  const syntax = new RegExp(
    `^[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\\1){${bytes - 2}}[0-9A-Fa-f]{2}$`,
  );
  const read = (wire: unknown): string | Refusal =>
    typeof wire === "string" && syntax.test(wire)
      ? wire.toLowerCase().replaceAll("-", ":")
      : refuse("mac_parsing", "This is no hardware address such as 08:00:2b:01:02:03.");
  const pattern = `^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){${bytes - 1}}$`;
  return coded({ given: { type: "string", pattern }, value: z.string(), read, write: read });
}
