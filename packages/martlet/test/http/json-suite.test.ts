import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { martlet, post, type Report } from "martlet";
import { listen } from "martlet/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { borrowed, inParallel } from "../vectors.ts";

/**
 * What the suite leaves to the parser, and what Martlet does. A number that no double can hold is
 * what `JSON.parse` makes of it; a schema refuses what it does not want.
 */
const decisions: Readonly<Record<string, number>> = {
  "i_number_double_huge_neg_exp.json": 200,
  "i_number_huge_exp.json": 200,
  "i_number_neg_int_huge_exp.json": 200,
  "i_number_pos_double_huge_exp.json": 200,
  "i_number_real_neg_overflow.json": 200,
  "i_number_real_pos_overflow.json": 200,
  "i_number_real_underflow.json": 200,
  "i_number_too_big_neg_int.json": 200,
  "i_number_too_big_pos_int.json": 200,
  "i_number_very_big_negative_int.json": 200,
  "i_object_key_lone_2nd_surrogate.json": 422,
  "i_string_1st_surrogate_but_2nd_missing.json": 422,
  "i_string_1st_valid_surrogate_2nd_invalid.json": 422,
  "i_string_UTF-16LE_with_BOM.json": 400,
  "i_string_UTF-8_invalid_sequence.json": 400,
  "i_string_UTF8_surrogate_U+D800.json": 400,
  "i_string_incomplete_surrogate_and_escape_valid.json": 422,
  "i_string_incomplete_surrogate_pair.json": 422,
  "i_string_incomplete_surrogates_escape_valid.json": 422,
  "i_string_invalid_lonely_surrogate.json": 422,
  "i_string_invalid_surrogate.json": 422,
  "i_string_invalid_utf-8.json": 400,
  "i_string_inverted_surrogates_U+1D11E.json": 422,
  "i_string_iso_latin_1.json": 400,
  "i_string_lone_second_surrogate.json": 422,
  "i_string_lone_utf8_continuation_byte.json": 400,
  "i_string_not_in_unicode_range.json": 400,
  "i_string_overlong_sequence_2_bytes.json": 400,
  "i_string_overlong_sequence_6_bytes.json": 400,
  "i_string_overlong_sequence_6_bytes_null.json": 400,
  "i_string_truncated-utf-8.json": 400,
  "i_string_utf16BE_no_BOM.json": 400,
  "i_string_utf16LE_no_BOM.json": 400,
  "i_structure_500_nested_arrays.json": 400,
  "i_structure_UTF-8_BOM_empty_object.json": 200,
};

/** The legal documents that Martlet refuses all the same, with the status and the reason. */
const refused: Readonly<Record<string, string>> = {
  "y_string_null_escape.json": "NUL: databases and files cannot keep it",
  "y_object_escaped_null_in_key.json": "NUL: databases and files cannot keep it",
};

const suite = borrowed("json-test-suite/test_parsing");

describe.skipIf(suite.isMissing)(`the JSON test suite${suite.reason}`, () => {
  const reports: Report[] = [];
  const echo = post("/", { body: z.unknown() }, ({ body }) => ({ body }));
  const app = martlet({ echo }, { report: (each) => void reports.push(each) });

  /** The answers to all files whose name starts so, by file. */
  async function send(start: string): Promise<{ name: string; text: string; answer: Sent }[]> {
    const names = readdirSync(suite.dir).filter((each) => each.startsWith(start));
    const server = await listen(app, { port: 0 });
    const sent = await inParallel(
      names,
      async (name) => {
        const bytes = readFileSync(join(suite.dir, name));
        const headers = { "content-type": "application/json" };
        const answer = await fetch(server.url, { method: "POST", headers, body: bytes });
        const body: unknown = await answer.json();
        return { name, text: String(bytes), answer: { status: answer.status, body } };
      },
      8,
    );
    await server.stop();
    return sent;
  }

  interface Sent {
    readonly status: number;
    readonly body: unknown;
  }

  test("is read, and comes back equal, where it is legal", async () => {
    const sent = await send("y_");
    expect(sent).toHaveLength(95);
    const wrong = sent.filter(
      ({ text, answer }) =>
        answer.status !== 200 ||
        JSON.stringify(answer.body) !== JSON.stringify({ body: JSON.parse(text) as unknown }),
    );
    expect(wrong.map((each) => each.name).toSorted()).toEqual(Object.keys(refused).toSorted());
  });

  test("is refused as malformed where it is not", async () => {
    const sent = await send("n_");
    expect(sent).toHaveLength(188);
    const wrong = sent.filter(({ answer }) => answer.status !== 400);
    // Nothing at all is no body: 422 where one is asked for, and this route asks for none.
    expect(wrong.map((each) => each.name)).toEqual(["n_structure_no_data.json"]);
  });

  test("is decided on where it leaves the choice", async () => {
    const sent = await send("i_");
    expect(sent).toHaveLength(35);
    expect(Object.fromEntries(sent.map(({ name, answer }) => [name, answer.status]))).toEqual(
      decisions,
    );
    expect(reports).toEqual([]);
  });
});
