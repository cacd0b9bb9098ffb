import { file, files, martlet, post, type UploadedFile } from "martlet";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";

const text = z.string().optional();

const app = martlet({
  field: post(
    "/field",
    { form: { a: text, b: text, c: text }, limits: { body: 1000, field: 600 } },
    ({ a, b, c }) => [a, b, c].map((each) => each?.length ?? 0),
  ),
  whole: post(
    "/whole",
    { form: { a: text }, files: { photo: file({ optional: true }) }, limits: { form: "2kB" } },
    ({ a, photo }) => [a?.length ?? 0, photo?.size ?? 0],
  ),
  many: post(
    "/many",
    { files: { photos: files({ maxCount: 1500, maxSize: 10 }) } },
    ({ photos }) => photos.length,
  ),
  none: post("/none", { files: { photos: files({ optional: true }) } }, ({ photos }) => {
    expectTypeOf(photos).toEqualTypeOf<readonly UploadedFile[]>();
    return photos.length;
  }),
  sniffed: post(
    "/sniffed",
    { files: { photos: files({ types: ["image/*", "application/*"], sniff: true }) } },
    ({ photos }) => photos.map((each) => each.type),
  ),
});

const detail = async (response: Response): Promise<unknown> => {
  const { status, detail } = (await response.json()) as { status: number; detail: string };
  return [status, detail];
};

function formOf(...parts: readonly (readonly [name: string, value: string | File])[]): FormData {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  return form;
}

describe.each(fronts)("the limits of a form through $name", ({ open }) => {
  const post = async (path: string, body: FormData | URLSearchParams): Promise<Response> => {
    await using entrance = await open(app);
    const answer = await entrance.call(path, { method: "POST", body });
    return new Response(await answer.arrayBuffer(), answer);
  };
  const long = (length: number): string => "x".repeat(length);

  test("are told by the name of the field", async () => {
    for (const form of [formOf(["b", long(601)]), new URLSearchParams({ b: long(601) })]) {
      expect(await detail(await post("/field", form))).toEqual([
        413,
        'The field "b" is larger than 600 bytes.',
      ]);
    }
    for (const form of [formOf(["b", long(600)]), new URLSearchParams({ b: long(600) })]) {
      expect(await (await post("/field", form)).json()).toEqual([0, 600, 0]);
    }
    // Bytes, not characters.
    expect((await post("/field", formOf(["b", "ü".repeat(301)]))).status).toBe(413);
    expect((await post("/field", new URLSearchParams({ b: "ü".repeat(301) }))).status).toBe(413);
  });

  test("hold for all fields together", async () => {
    const form = formOf(["a", long(400)], ["b", long(400)], ["c", long(400)]);
    expect(await detail(await post("/field", form))).toEqual([
      413,
      "The fields of the form are larger than 1000 bytes together.",
    ]);
  });

  test("hold for the form as a whole, whatever is in it", async () => {
    const photo = (size: number): File => new File([long(size)], "a");
    expect(await (await post("/whole", formOf(["photo", photo(1500)]))).json()).toEqual([0, 1500]);
    for (const form of [
      formOf(["photo", photo(2001)]),
      formOf(["nobody's", photo(2001)]),
      formOf(["a", long(1200)], ["photo", photo(1200)]),
      new URLSearchParams({ a: long(2000) }),
    ]) {
      expect((await post("/whole", form)).status).toBe(413);
    }
  });

  test("let in as many files as a field takes, and a bounded number of parts", async () => {
    const photos = (count: number): FormData =>
      formOf(...Array.from({ length: count }, () => ["photos", new File(["x"], "a")] as const));
    expect(await (await post("/many", photos(1500))).json()).toBe(1500);
    expect((await post("/many", photos(1501))).status).toBe(422);
    expect(await detail(await post("/many", photos(2700)))).toEqual([
      413,
      "The form has too many parts.",
    ]);
  });

  test("are none for files that may be left out", async () => {
    const empty = new File([], "", { type: "application/octet-stream" });
    expect(await (await post("/none", formOf(["photos", empty]))).json()).toBe(0);
    expect(await (await post("/none", formOf(["other", "a"]))).json()).toBe(0);
    expect(await (await post("/none", formOf(["photos", new File(["a"], "a")]))).json()).toBe(1);
  });
});

describe("a file whose beginning is looked at", () => {
  const beginnings: Readonly<Record<string, readonly (string | number)[]>> = {
    "image/png": [0x89, "PNG\r\n", 0x1a, "\n"],
    "image/jpeg": [0xff, 0xd8, 0xff, 0xe0],
    "image/gif": ["GIF89a"],
    "image/webp": ["RIFF", 1, 2, 3, 4, "WEBPVP8"],
    "application/pdf": ["%PDF-1.7"],
    "application/zip": ["PK", 3, 4],
  };
  const fileOf = (type: string, content: readonly (string | number)[]): File => {
    const bytes = content.map((each) =>
      typeof each === "string" ? Buffer.from(each) : Buffer.of(each),
    );
    return new File([Buffer.concat(bytes), "…"], "a", { type });
  };
  const send = (...parts: readonly File[]): Promise<Response> => {
    const body = formOf(...parts.map((each) => ["photos", each] as const));
    return app.fetch(new Request("http://localhost/sniffed", { method: "POST", body }));
  };

  test("is taken where it begins as its type says", async () => {
    const types = Object.keys(beginnings);
    const all = types.map((type) => fileOf(type, beginnings[type] ?? []));
    expect(await (await send(...all)).json()).toEqual(types);
  });

  test("is refused where it does not, or where nobody knows how it should", async () => {
    const lies = Object.keys(beginnings).map((type) => fileOf(type, ["<script>"]));
    const unknown = fileOf("image/svg+xml", ["<svg/>"]);
    const empty = new File([], "a", { type: "image/png" });
    const good = fileOf("image/gif", ["GIF87a"]);
    const answer = await send(good, ...lies, unknown, empty);
    const { status, errors } = (await answer.json()) as {
      readonly status: number;
      readonly errors: readonly { readonly loc: unknown; readonly code: string }[];
    };
    expect(status).toBe(422);
    expect(errors.map((each) => each.loc)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((index) => ["body", "photos", index]),
    );
    expect(new Set(errors.map((each) => each.code))).toEqual(new Set(["file_type"]));
  });
});
