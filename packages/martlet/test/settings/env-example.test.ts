import { describe, expect, test } from "vitest";
import { envExample, parseDotenv, secret, settings } from "martlet/settings";
import { z } from "zod";

describe("the example of a .env file", () => {
  test("asks for what is required, and comments out the rest with its default", () => {
    const config = settings(
      {
        databaseUrl: secret(z.url(), { description: "Where the database is." }),
        port: z.int().min(1).max(65535).default(8000).describe("The port.\n\nAny free one."),
        mailKey: secret(z.string().default("hunter2")),
        region: z.enum(["eu", "us"]),
        proxy: z.string().optional(),
      },
      { prefix: "APP_" },
    );
    expect(envExample(config)).toMatchInlineSnapshot(`
      "# Where the database is.
      # Required: secret URL
      APP_DATABASE_URL=

      # The port.
      # Any free one.
      # Optional: integer, at least 1, at most 65535
      # APP_PORT=8000

      # Optional: secret text
      # APP_MAIL_KEY=

      # Required: one of "eu", "us"
      APP_REGION=

      # Optional: text
      # APP_PROXY=
      "
    `);
  });

  test("is read back as the defaults that it was written from", () => {
    const config = settings({
      plain: z.string().default("two words"),
      hash: z.string().default("# not a comment"),
      inner: z.string().default("a #b 'c' \"d\" \\ $e"),
      quote: z.string().default("'x'"),
      blanks: z.string().default("  x "),
      lines: z.string().default("a\nb\r\nc"),
      apostrophes: z.string().default("it's\n`all`\\n"),
      count: z.number().default(-1.5),
      big: z.bigint().default(2n ** 70n),
      debug: z.boolean().default(true),
      since: z.date().default(new Date("2020-02-03T04:05:06.789Z")),
      origins: z.array(z.string()).default(["a", "b c"]),
      commas: z.array(z.string()).default(["a,b", ""]),
      bracket: z.array(z.string()).default(["[x"]),
      numbers: z.array(z.int()).default([1, 2]),
      none: z.array(z.string()).default([]),
      pool: z.object({ size: z.int(), name: z.string() }).default({ size: 1, name: "it's # 1" }),
    });
    const text = envExample(config).replaceAll(/^# (?!Optional)/gm, "");
    const { values, broken } = parseDotenv(text);
    expect(broken).toEqual([]);
    expect(Object.values(values)).not.toContain("");
    expect(config.load({ env: values })).toEqual(config.load({ env: {} }));
  });
});
