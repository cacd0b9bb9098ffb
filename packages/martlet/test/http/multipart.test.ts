import { file, martlet, post } from "martlet";
import { testClient } from "martlet/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { corpus } from "../vectors.ts";

interface FormCase {
  readonly id: string;
  readonly why: string;
  readonly content_type: string;
  readonly body_latin1?: string;
  readonly generate?: string;
  readonly expect: number | "stored-name-generated";
}

const cases = corpus("multipart") as readonly FormCase[];

/** What Martlet decides otherwise, or a later issue builds. */
const excluded: ReadonlyMap<string, string> = new Map([
  ["extra-file", "unknown fields are ignored, files too: read past, never held, and counted"],
  ["ext-lie", "what a file name ends in says nothing: `types` is about the media type"],
]);

const upload = post(
  "/upload",
  {
    files: { file: file({ maxSize: "10MiB", types: ["image/png"] }) },
    form: { title: z.string().optional() },
  },
  ({ file, title }) => ({ name: file.filename, size: file.size, title }),
);

function bodyOf({ generate, body_latin1: text = "" }: FormCase): Buffer {
  if (generate === undefined) return Buffer.from(text, "latin1");
  const head = 'Content-Disposition: form-data; name="file"; filename="a.png"';
  const start = `--XBOUND\r\n${head}\r\nContent-Type: image/png\r\n\r\n`;
  return Buffer.concat([
    Buffer.from(start),
    Buffer.alloc(11 * 1024 * 1024, "x"),
    Buffer.from("\r\n--XBOUND--\r\n"),
  ]);
}

describe("the corpus of multipart forms", () => {
  test("is whole", () => {
    expect(cases).toHaveLength(27);
    expect(cases.map((each) => each.generate).filter(Boolean)).toEqual(["huge-file"]);
  });

  test.for(cases)("$id: $why", async (each, { skip }) => {
    skip(excluded.has(each.id), excluded.get(each.id));
    await using client = testClient(martlet({ upload }));
    const answer = await client.post("/upload", {
      headers: { "content-type": each.content_type },
      body: new Uint8Array(bodyOf(each)),
    });
    const body = (await answer.json()) as { readonly name?: string };
    expect(answer.status).toBe(each.expect === "stored-name-generated" ? 200 : each.expect);
    // A name that came with the file never leads out of a folder.
    expect(body.name ?? "").not.toMatch(/[/\\\0]/);
  });
});
