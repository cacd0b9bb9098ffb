/**
 * Random values of JSON for the columns of every type, all of which the models take.
 *
 * @module
 */
import type { Chance } from "./random.ts";

/** Makes a value for each column. */
export type Wires = Readonly<Record<string, (chance: Chance) => unknown>>;

/** Text of at most so many characters, none of them outside of a character set. */
function text(most: number, characters = /[^]/u): (chance: Chance) => string {
  return (chance) => {
    const kept = Array.from(chance.text(most)).filter((each) => characters.test(each));
    return kept.slice(0, most).join("");
  };
}

const int = (min: number, max: number) => (chance: Chance) =>
  chance.pick([min, max, chance.int(min, max)]);
const list = (make: (chance: Chance) => unknown) => (chance: Chance) =>
  chance.list(3, () => make(chance));

const boolean = (chance: Chance): boolean => chance.pick([true, false]);
const number = (chance: Chance): number => chance.number();
const positive = (chance: Chance): number => Math.abs(chance.number());
const bigint = (chance: Chance): string | number =>
  chance.pick<string | number>([
    "9223372036854775807",
    "-9223372036854775808",
    chance.integer(18),
    chance.int(-100, 100),
  ]);
const unsigned = (chance: Chance): string | number =>
  chance.pick<string | number>(["18446744073709551615", "0", chance.digits(19), 7]);
const safe = int(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const cents = (chance: Chance): number => chance.int(-99_999_999, 99_999_999) / 100;
const decimal = (whole: number, places: number) => (chance: Chance) =>
  chance.decimal(whole, places);
const small = (chance: Chance): number => chance.int(-1e9, 1e9) / chance.pick([1, 3, 1e5]);
const point = (chance: Chance): [number, number] => [chance.number(), chance.number()];
const json = (chance: Chance): unknown => chance.json(3);
const bytes = (chance: Chance): string => chance.bytes(20);
const uuid = (chance: Chance): string => chance.uuid();
const day = (chance: Chance): string => chance.day(1, 9999);
const moment = (chance: Chance): string => chance.moment(101, 9998);
const clock = (chance: Chance): string =>
  chance.pick([chance.clock(), `${chance.clock()}.${chance.digits(9)}`]);
const mac = (bytes: number) => (chance: Chance) => {
  const separator = chance.pick([":", "-"]);
  return Array.from({ length: bytes }, () => chance.hex(2)).join(separator);
};
const ipv4 = (chance: Chance): string =>
  Array.from({ length: 4 }, () => chance.int(0, 255)).join(".");
const ipv6 = (chance: Chance): string =>
  chance.pick([
    Array.from({ length: 8 }, () => chance.pick(["0", chance.hex(4)])).join(":"),
    `::ffff:${ipv4(chance)}`,
    `${chance.hex(4)}::${chance.hex(4)}`,
    "::",
  ]);
const inet = (chance: Chance): string =>
  chance.pick([
    ipv4(chance),
    `${ipv4(chance)}/${chance.int(0, 32)}`,
    ipv6(chance),
    `${ipv6(chance)}/${chance.int(0, 128)}`,
  ]);
const cidr = (chance: Chance): string =>
  chance.pick([
    "0.0.0.0/0",
    `${ipv4(chance)}/32`,
    `${chance.int(0, 255)}.0.0.0/8`,
    "2001:DB8::/32",
    "::/0",
  ]);
const interval = (chance: Chance): string => {
  const sign = (): string => chance.pick(["", "", "-"]);
  const date = [
    ...chance.list(1, () => `${sign()}${chance.int(0, 99)}Y`),
    ...chance.list(1, () => `${sign()}${chance.int(0, 99)}M`),
    ...chance.list(1, () => `${sign()}${chance.int(0, 99)}W`),
    ...chance.list(1, () => `${sign()}${chance.int(0, 99)}D`),
  ];
  const time = [
    ...chance.list(1, () => `${sign()}${chance.int(0, 99)}H`),
    ...chance.list(1, () => `${sign()}${chance.int(0, 99)}M`),
    `${sign()}${chance.int(0, 99)}.${chance.digits(9)}S`,
  ];
  return `${sign()}P${date.join("")}T${time.join("")}`;
};

export const pgWires: Wires = {
  boolean,
  smallint: int(-32_768, 32_767),
  integer: int(-(2 ** 31), 2 ** 31 - 1),
  bigint,
  bigintNumber: safe,
  bigintString: bigint,
  real: number,
  double: number,
  numeric: decimal(60, 30),
  numericScaled: decimal(9, 3),
  numericWhole: (chance) => chance.integer(30),
  numericNumber: cents,
  numericAny: number,
  numericBigint: (chance) => chance.integer(40),
  text: text(30),
  textEnum: (chance) => chance.pick(["a", "b"]),
  varchar: text(5),
  char: text(5),
  enumerated: (chance) => chance.pick(["red", "it's", "blue, green"]),
  uuid,
  date: day,
  dateObject: day,
  timestamp: moment,
  timestampZone: moment,
  timestampSecond: moment,
  timestampText: (chance) => chance.moment(2, 9998),
  timestampZoneText: (chance) => chance.moment(2, 9998),
  timestampTenth: moment,
  time: clock,
  timeSecond: clock,
  timeZone: (chance) => `${clock(chance)}${chance.pick(["Z", "+02:00", "-15:59", "+05:30"])}`,
  interval,
  intervalHours: interval,
  intervalYears: interval,
  intervalTenth: interval,
  json,
  jsonb: json,
  bytea: bytes,
  inet,
  cidr,
  macaddr: mac(6),
  macaddr8: mac(8),
  bit: (chance) => Array.from({ length: 5 }, () => chance.int(0, 1)).join(""),
  point,
  pointObject: (chance) => ({ x: chance.number(), y: chance.number() }),
  line: (chance) => [1, chance.number(), chance.number()],
  lineObject: (chance) => ({ a: chance.number(), b: -2, c: chance.number() }),
  integers: list(int(-(2 ** 31), 2 ** 31 - 1)),
  bigints: list(bigint),
  reals: list(number),
  numerics: list(decimal(4, 2)),
  booleans: list(boolean),
  texts: list(text(8)),
  matrix: (chance) => {
    const [rows, columns] = [chance.int(0, 3), chance.int(1, 3)];
    return Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => chance.text(4)),
    );
  },
  chars: list(text(3)),
  uuids: list(uuid),
  colours: list((chance) => chance.pick(["red", "it's", "blue, green"])),
  dates: list(day),
  dateObjects: list(day),
  timestamps: list(moment),
  timestampTexts: list(moment),
  times: list(clock),
  intervals: list(interval),
  jsonbs: list(json),
  byteas: list(bytes),
  inets: list(inet),
  points: list(point),
};

const recent = (chance: Chance): string => chance.moment(1971, 2037);
const few = text(5);

export const mysqlWires: Wires = {
  boolean,
  tinyint: int(-128, 127),
  tinyintUnsigned: int(0, 255),
  smallint: int(-32_768, 32_767),
  smallintUnsigned: int(0, 65_535),
  mediumint: int(-(2 ** 23), 2 ** 23 - 1),
  mediumintUnsigned: int(0, 2 ** 24 - 1),
  int: int(-(2 ** 31), 2 ** 31 - 1),
  intUnsigned: int(0, 2 ** 32 - 1),
  bigint,
  bigintUnsigned: unsigned,
  bigintNumber: safe,
  bigintString: bigint,
  bigintStringUnsigned: unsigned,
  float: number,
  floatFixed: (chance) => chance.int(-99_999, 99_999) * chance.pick([1, 0.999]),
  floatUnsigned: positive,
  floatWide: number,
  double: number,
  doubleFixed: (chance) => chance.int(-99_999_999, 99_999_999) * chance.pick([1, 0.99999]),
  real: number,
  decimal: (chance) => chance.integer(10),
  decimalScaled: decimal(9, 3),
  decimalUnsigned: (chance) => chance.decimal(9, 3).replace("-", ""),
  decimalNumber: cents,
  decimalBigint: (chance) => chance.integer(40),
  varchar: few,
  char: few,
  ascii: text(5, /[ -~]/),
  latin: text(5, /[ -~\xa0-\xff]/),
  basic: text(5, /[ -\uffff]/u),
  tinytext: text(20),
  text: text(30),
  textEnum: (chance) => chance.pick(["a", "b"]),
  enumerated: (chance) => chance.pick(["red", "blue, green"]),
  date: (chance) => chance.day(1000, 9999),
  dateText: (chance) => chance.day(1000, 9999),
  datetime: (chance) => chance.moment(1001, 9998),
  datetimeMilli: (chance) => chance.moment(1001, 9998),
  datetimeText: (chance) => chance.moment(1001, 9998),
  datetimeMicroText: (chance) => chance.moment(1001, 9998),
  timestamp: recent,
  timestampMilli: recent,
  timestampText: recent,
  time: clock,
  timeMicro: (chance) => chance.pick([clock(chance), "-12:00:01.5", "838:59:59", "100:00"]),
  year: int(1901, 2155),
  json,
  blob: bytes,
  tinyblob: bytes,
  blobText: text(20),
  binary: text(5, /[ -~]/),
  varbinary: text(5, /[ -~]/),
};

export const sqliteWires: Wires = {
  integer: safe,
  boolean,
  timestamp: (chance) => chance.moment(2, 9998),
  timestampMilli: (chance) => chance.moment(2, 9998),
  real: number,
  numeric: decimal(8, 7),
  numericNumber: small,
  numericBigint: bigint,
  text: text(30),
  textShort: few,
  textEnum: (chance) => chance.pick(["a", "b"]),
  textJson: json,
  blob: bytes,
  blobJson: json,
  blobBigint: bigint,
};
