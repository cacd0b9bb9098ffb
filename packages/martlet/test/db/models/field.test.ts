import { type Issue, martlet, post } from "martlet";
import { insertModel, selectModel } from "martlet/db/models";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { mysqlTypes, pgTypes, sqliteTypes } from "./tables.ts";

const app = martlet({
  pg: post(
    "/pg",
    { body: insertModel(pgTypes), returns: selectModel(pgTypes).partial() },
    ({ body }) => body,
  ),
  mysql: post(
    "/mysql",
    { body: insertModel(mysqlTypes), returns: selectModel(mysqlTypes).partial() },
    ({ body }) => body,
  ),
  sqlite: post(
    "/sqlite",
    { body: insertModel(sqliteTypes), returns: selectModel(sqliteTypes).partial() },
    ({ body }) => body,
  ),
});
const client = testClient(app);

/** A column, what is sent for it, and what is answered; a word in angles is the code of the issue. */
type Sample = readonly [column: string, sent: unknown, got: unknown];

async function got(dialect: string, column: string, sent: unknown): Promise<unknown> {
  const answer = await client.post(`/${dialect}`, { json: { id: 1, [column]: sent } });
  const json = (await answer.json()) as { errors?: Issue[] } & Record<string, unknown>;
  if (json.errors === undefined) return json[column];
  expect(answer.status).toBe(422);
  expect(json.errors).toEqual([
    expect.objectContaining({ loc: expect.arrayContaining(["body", column]) }),
  ]);
  return `<${json.errors[0]?.code}>`;
}

const big = "9".repeat(30);

const samples: Readonly<Record<"pg" | "mysql" | "sqlite", readonly Sample[]>> = {
  pg: [
    ["boolean", "true", "<bool_type>"],
    ["smallint", 32_768, "<less_than_equal>"],
    ["integer", -(2 ** 31) - 1, "<greater_than_equal>"],
    ["integer", 1.5, "<int_from_float>"],
    ["bigint", "9007199254740993", "9007199254740993"],
    ["bigint", "-007", "-7"],
    ["bigint", "+7", "<int_parsing>"],
    ["bigint", 7, "7"],
    ["bigint", 2 ** 53, "<int_parsing_size>"],
    ["bigint", 1.5, "<int_from_float>"],
    ["bigint", "1.5", "<int_parsing>"],
    ["bigint", true, "<int_type>"],
    ["bigint", "9223372036854775808", "<less_than_equal>"],
    ["bigint", "-9223372036854775809", "<greater_than_equal>"],
    ["bigintNumber", 9_007_199_254_740_991, 9_007_199_254_740_991],
    ["bigintNumber", "7", "<int_type>"],
    ["bigintString", "-0", "0"],
    ["bigintString", "9223372036854775808", "<less_than_equal>"],
    ["real", 0.1, 0.1],
    ["real", 0.123_456_789, 0.123_456_79],
    ["real", 1e39, "<less_than_equal>"],
    ["double", 0.123_456_789, 0.123_456_789],
    ["double", "1.5", "<float_type>"],
    ["numeric", "1.50", "1.50"],
    ["numeric", "1e3", "1000"],
    ["numeric", "NaN", "<finite_number>"],
    ["numericScaled", "19.9", "19.900"],
    ["numericScaled", 19.9, "19.900"],
    ["numericScaled", "0.0001", "<decimal_max_places>"],
    ["numericScaled", "1000000000", "<decimal_whole_digits>"],
    ["numericWhole", big, big],
    ["numericWhole", "0.5", "<decimal_max_places>"],
    ["numericNumber", 19.99, 19.99],
    ["numericNumber", 0.001, "<decimal_max_places>"],
    ["numericNumber", 1e8, "<less_than_equal>"],
    ["numericBigint", big, big],
    ["numericBigint", "9".repeat(41), "<less_than_equal>"],
    ["text", "a\0b", "<nul_character>"],
    ["text", "é😀", "é😀"],
    ["textEnum", "c", "<enum>"],
    ["varchar", "😀😀😀😀😀", "😀😀😀😀😀"],
    ["varchar", "abcdef", "<string_too_long>"],
    ["char", "ab   ", "ab"],
    ["char", "ab        ", "ab"],
    ["char", "  ab", "  ab"],
    ["enumerated", "blue, green", "blue, green"],
    ["enumerated", "RED", "<enum>"],
    ["uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    ["uuid", "a0eebc99", "<uuid_parsing>"],
    ["date", "2026-02-28", "2026-02-28"],
    ["date", "2026-02-28T00:00:00Z", "2026-02-28"],
    ["date", "2026-02-28T10:00:00Z", "<date_from_datetime_inexact>"],
    ["date", "2026-02-29", "<date_from_datetime_parsing>"],
    ["date", "0000-12-31", "<greater_than_equal>"],
    ["dateObject", "2026-02-28", "2026-02-28"],
    ["dateObject", "2026-02-29", "<date_from_datetime_parsing>"],
    ["timestamp", "2026-02-28T10:00:00.123Z", "2026-02-28T10:00:00.123Z"],
    ["timestamp", "2026-02-28T10:00:00+02:00", "2026-02-28T08:00:00.000Z"],
    ["timestamp", "2026-02-29T10:00:00Z", "<datetime_from_date_parsing>"],
    ["timestamp", "0099-12-31T23:59:59Z", "<greater_than_equal>"],
    ["timestampZone", 1_700_000_000, "<datetime_type>"],
    ["timestampSecond", "2026-02-28T10:00:00.999Z", "2026-02-28T10:00:00.000Z"],
    ["timestampText", "2026-02-28T10:00:00.123456Z", "2026-02-28T10:00:00.123456Z"],
    ["timestampText", "2026-02-28T10:00:00.1234567Z", "2026-02-28T10:00:00.123456Z"],
    ["timestampText", "2026-02-28T10:00:00.120000+02:00", "2026-02-28T08:00:00.12Z"],
    ["timestampText", "2026-02-28 10:00", "2026-02-28T10:00:00Z"],
    ["timestampText", "2026-02-28", "2026-02-28T00:00:00Z"],
    ["timestampText", "2026-02-31T00:00:00Z", "<datetime_from_date_parsing>"],
    ["timestampText", "2026-02-28T24:00:00Z", "<datetime_from_date_parsing>"],
    ["timestampText", "2026-02-28T10:00:00+16:00", "<datetime_from_date_parsing>"],
    ["timestampText", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["timestampText", "0000-12-31T23:59:59Z", "<greater_than_equal>"],
    ["timestampText", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
    ["timestampText", "9999-12-31T23:59:59-01:00", "<datetime_from_date_parsing>"],
    ["timestampText", "infinity", "<datetime_from_date_parsing>"],
    ["timestampText", 0, "<datetime_type>"],
    ["timestampTenth", "2026-02-28T10:00:00.19Z", "2026-02-28T10:00:00.1Z"],
    ["time", "10:30", "10:30:00"],
    ["time", "10:30:00.120", "10:30:00.12"],
    ["time", "24:00:00", "<time_parsing>"],
    ["time", "-00:00:00", "<time_parsing>"],
    ["time", "10:30:00Z", "<time_parsing>"],
    ["time", 10, "<time_type>"],
    ["timeSecond", "23:59:59.9", "23:59:59"],
    ["timeZone", "10:30:00+05:30", "10:30:00+05:30"],
    ["timeZone", "10:30+00", "10:30:00Z"],
    ["timeZone", "10:30:00", "<time_parsing>"],
    ["timeZone", "10:30:00-16:00", "<time_parsing>"],
    ["interval", "P1Y14M2DT25H61M0.5S", "P2Y2M2DT26H1M0.5S"],
    ["interval", "P2W", "P14D"],
    ["interval", "-P1DT2H", "-P1DT2H"],
    ["interval", "P-1DT2H", "P-1DT2H"],
    ["interval", "P1M-1DT-0.5S", "P1M-1DT-0.5S"],
    ["interval", "PT0.0000001S", "PT0S"],
    ["interval", "P", "<time_delta_parsing>"],
    ["interval", "1 day", "<time_delta_parsing>"],
    ["interval", "10:30:00", "<time_delta_parsing>"],
    ["interval", "P178956971Y", "<time_delta_parsing>"],
    ["interval", 5, "<time_delta_type>"],
    ["intervalHours", "P1DT2H30M", "P1DT2H"],
    ["intervalYears", "P1Y6M3D", "P1Y"],
    ["intervalTenth", "PT1.29S", "PT1.2S"],
    ["jsonb", { a: [1, null, { b: "x" }] }, { a: [1, null, { b: "x" }] }],
    ["jsonb", { a: "\0" }, "<nul_character>"],
    ["jsonb", [1e300, 2 ** 53 - 1], [1e300, 2 ** 53 - 1]],
    ["jsonb", [2 ** 53], "<int_parsing_size>"],
    ["jsonb", { "a\0": 1 }, "<nul_character>"],
    ["bytea", "aGk", "aGk="],
    ["bytea", "_-8", "/+8="],
    ["bytea", "aGk*", "<bytes_invalid_encoding>"],
    ["inet", "2001:DB8:0:0::1", "2001:db8::1"],
    ["inet", "192.0.2.1/24", "192.0.2.1/24"],
    ["inet", "192.0.2.1/32", "192.0.2.1"],
    ["inet", "192.0.2.1/33", "<ip_any_interface>"],
    ["inet", "192.0.2", "<ip_any_interface>"],
    ["cidr", "192.0.2.0/24", "192.0.2.0/24"],
    ["cidr", "192.0.2.1", "192.0.2.1/32"],
    ["cidr", "192.0.2.1/24", "<ip_any_network>"],
    ["cidr", "2001:db8::1/32", "<ip_any_network>"],
    ["macaddr", "08-00-2B-01-02-03", "08:00:2b:01:02:03"],
    ["macaddr", "08:00:2b:01:02:03:04:05", "<mac_parsing>"],
    ["macaddr8", "08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:05"],
    ["bit", "10101", "10101"],
    ["bit", "1010", "<string_too_short>"],
    ["bit", "10102", "<string_pattern_mismatch>"],
    ["point", [1, 2.5], [1, 2.5]],
    ["point", [1, 2, 3], "<too_long>"],
    ["pointObject", { x: 1, y: 2 }, { x: 1, y: 2 }],
    ["line", [0, 0, 1], "<value_error>"],
    ["lineObject", { a: 1, b: 0, c: 0 }, { a: 1, b: 0, c: 0 }],
    ["integers", [1, 2 ** 31], "<less_than_equal>"],
    ["bigints", ["1", 2], ["1", "2"]],
    ["texts", ["a\0"], "<nul_character>"],
    ["matrix", [["a"], ["b", "c"]], "<list_ragged>"],
    ["matrix", [[]], "<list_ragged>"],
    ["matrix", [], []],
    ["matrix", [["a", "b"]], [["a", "b"]]],
    ["numerics", ["1", "2.5"], ["1.00", "2.50"]],
    ["dateObjects", ["2026-02-28"], ["2026-02-28"]],
    ["timestamps", ["2026-02-28T10:00:00Z"], ["2026-02-28T10:00:00.000Z"]],
    ["byteas", ["aGk="], ["aGk="]],
    ["colours", ["red", "it's"], ["red", "it's"]],
  ],
  mysql: [
    ["tinyint", 128, "<less_than_equal>"],
    ["tinyintUnsigned", -1, "<greater_than_equal>"],
    ["mediumint", 2 ** 23, "<less_than_equal>"],
    ["bigintUnsigned", "18446744073709551615", "18446744073709551615"],
    ["bigintUnsigned", -1, "<greater_than_equal>"],
    ["bigintStringUnsigned", "18446744073709551616", "<less_than_equal>"],
    ["floatFixed", 1.239, 1.24],
    ["floatFixed", 1e5, "<less_than_equal>"],
    ["floatFixed", 99_999.994, "<less_than_equal>"],
    ["floatUnsigned", -1, "<greater_than_equal>"],
    ["decimal", "9999999999", "9999999999"],
    ["decimal", "0.5", "<decimal_max_places>"],
    ["decimalUnsigned", "-1", "<greater_than_equal>"],
    ["decimalNumber", 0.001, "<decimal_max_places>"],
    ["ascii", "é", "<string_unicode>"],
    ["latin", "é", "é"],
    ["latin", "Ā", "<string_unicode>"],
    ["basic", "Ā", "Ā"],
    ["basic", "😀", "<string_unicode>"],
    ["tinytext", "é".repeat(127), "é".repeat(127)],
    ["tinytext", "é".repeat(128), "<string_too_long>"],
    ["text", "x".repeat(65_535), "x".repeat(65_535)],
    ["text", "x".repeat(65_536), "<string_too_long>"],
    ["blobText", "a\0", "<nul_character>"],
    ["binary", "é€", "é€"],
    ["varbinary", "€€", "<string_too_long>"],
    ["tinyblob", Buffer.alloc(255).toString("base64"), Buffer.alloc(255).toString("base64")],
    ["tinyblob", Buffer.alloc(256).toString("base64"), "<bytes_too_long>"],
    ["date", "0999-12-31", "<greater_than_equal>"],
    ["datetime", "2026-02-28T10:00:00.999Z", "2026-02-28T10:00:00.000Z"],
    ["datetimeText", "2026-02-28T10:00:00.9+02:00", "2026-02-28T08:00:00Z"],
    ["datetimeMicroText", "2026-02-28T10:00:00.123456Z", "2026-02-28T10:00:00.123456Z"],
    ["timestamp", "1970-01-01T00:00:00Z", "<greater_than_equal>"],
    ["timestamp", "2038-01-19T03:14:08Z", "<less_than_equal>"],
    ["timestampText", "2038-01-19T03:14:07.5Z", "2038-01-19T03:14:07.5Z"],
    ["time", "838:59:59", "838:59:59"],
    ["time", "-00:00:00", "00:00:00"],
    ["time", "839:00:00", "<time_parsing>"],
    ["timeMicro", "-012:30:00.50", "-12:30:00.5"],
    ["year", 1900, "<greater_than_equal>"],
  ],
  sqlite: [
    ["integer", 2 ** 53, "<int_parsing_size>"],
    ["timestamp", "2026-02-28T10:00:00.999Z", "2026-02-28T10:00:00.000Z"],
    ["timestampMilli", "2026-02-28T10:00:00.999Z", "2026-02-28T10:00:00.999Z"],
    ["numeric", "19.90", "19.9"],
    ["numeric", "1234567890.123456", "<decimal_max_digits>"],
    ["numericNumber", 2 ** 60, "<int_parsing_size>"],
    ["numericBigint", "9223372036854775807", "9223372036854775807"],
    ["textShort", "abcdef", "<string_too_long>"],
    ["textJson", "text", "text"],
    ["blobBigint", "9223372036854775808", "<less_than_equal>"],
  ],
};

describe.each(Object.entries(samples))("a column of %s", (dialect, rows) => {
  test.each(rows)("%s takes %j and answers %j", async (column, sent, expected) => {
    expect(await got(dialect, column, sent)).toEqual(expected);
  });
});

describe("a document of JSON", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  test("stands no deeper than the database takes it", async () => {
    expect(await got("mysql", "json", nested(31))).toEqual(nested(31));
    expect(await got("mysql", "json", nested(32))).toBe("<json_depth>");
    expect(await got("pg", "jsonb", nested(60))).toEqual(nested(60));
  });
});

describe("what the database holds", () => {
  const Whole = selectModel(pgTypes, {
    pick: ["timestampZoneText", "interval", "numeric", "char"],
  });
  const read = post("/", { returns: Whole }, (): never => row as never);
  let row: object = {};
  const reader = testClient(martlet({ read }));
  const told = async (held: object): Promise<unknown> => {
    row = { timestampZoneText: null, interval: null, numeric: null, char: null, ...held };
    return (await reader.post("/")).json();
  };

  test("is told in UTC, whatever the time zone of the session", async () => {
    const local = await told({ timestampZoneText: "2026-02-28 10:00:00.123456+05:30" });
    expect(local).toMatchObject({ timestampZoneText: "2026-02-28T04:30:00.123456Z" });
    const ancient = await told({ timestampZoneText: "1800-01-01 00:53:28+00:53:28" });
    expect(ancient).toMatchObject({ timestampZoneText: "1800-01-01T00:00:00Z" });
  });

  test("is told in ISO 8601, whatever the style of intervals", async () => {
    expect(await told({ interval: "1 year 2 mons -3 days +04:05:06.5" })).toMatchObject({
      interval: "P1Y2M-3DT4H5M6.5S",
    });
    expect(await told({ interval: "P1Y2M-3DT4H5M6.5S" })).toMatchObject({
      interval: "P1Y2M-3DT4H5M6.5S",
    });
    expect(await told({ interval: "-00:00:00.000001" })).toMatchObject({
      interval: "-PT0.000001S",
    });
  });

  test("has the digits that it has", async () => {
    const digits = `${"1".repeat(500)}.${"2".repeat(500)}`;
    expect(await told({ numeric: digits })).toMatchObject({ numeric: digits });
  });

  test("has no blanks that fill it up", async () => {
    expect(await told({ char: "ab   " })).toMatchObject({ char: "ab" });
  });

  test.each([
    ["timestampZoneText", "infinity"],
    ["timestampZoneText", "0044-03-15 00:00:00+00 BC"],
    ["numeric", "NaN"],
    ["interval", "yes"],
  ])("is an error of the server where JSON has no word for it: %s %s", async (name, held) => {
    await expect(told({ [name]: held })).rejects.toThrow(`response.${name}`);
  });
});
