import { dependency, file, files, martlet, post, type UploadedFile } from "martlet";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Entrance, fronts } from "../fronts.ts";

const told = (each: UploadedFile): object => ({
  filename: each.filename,
  type: each.type,
  size: each.size,
});

const author = dependency({ form: { author: z.string().min(2) } }, ({ author }) => author);

const app = martlet({
  plain: post(
    "/plain",
    {
      form: {
        name: z.string(),
        age: z.int().optional(),
        subscribed: z.boolean().default(false),
        tag: z.array(z.string()).default([]),
      },
    },
    (fields) => fields,
  ),
  upload: post(
    "/upload",
    {
      files: { photo: file({ maxSize: "1MB", types: ["image/png", "text/*"] }) },
      form: { title: z.string().optional(), position: z.int().default(1) },
      use: { author: dependency({}, () => "nobody") },
    },
    async ({ photo, title, position }) => ({
      ...told(photo),
      title,
      position,
      digest: Buffer.from(await photo.bytes())
        .toString("base64")
        .slice(0, 40),
    }),
  ),
  optional: post("/optional", { files: { photo: file({ optional: true }) } }, ({ photo }) => ({
    photo: photo && told(photo),
  })),
  several: post(
    "/several",
    { files: { photos: files({ maxCount: 3, maxSize: 1000, types: ["image/*"] }) } },
    ({ photos }) => photos.map(told),
  ),
  text: post("/text", { files: { note: file() } }, async ({ note }) => ({
    text: await note.text(),
  })),
  shared: post(
    "/shared",
    { files: { photo: file() }, form: { title: z.string() }, use: { author } },
    ({ author, title }) => ({ author, title }),
  ),
  small: post("/small", { form: { name: z.string() }, limits: { body: 100 } }, ({ name }) => ({
    name,
  })),
});

/** A form of fields and files. */
function formOf(...parts: readonly (readonly [name: string, value: string | File])[]): FormData {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  return form;
}

function png(name: string, content = "pixels"): File {
  return new File([content], name, { type: "image/png" });
}

/** A multipart form as bytes: headers and content of each part. */
function raw(...parts: readonly (readonly [head: string, content: string])[]): RequestInit {
  const text = parts.map(([head, content]) => `--B\r\n${head}\r\n\r\n${content}\r\n`).join("");
  return {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=B" },
    body: `${text}--B--\r\n`,
  };
}

async function answerOf(response: Response): Promise<{ status: number; body: unknown }> {
  return { status: response.status, body: await response.json() };
}

interface Refusal {
  readonly status: number;
  readonly errors?: readonly { readonly loc: unknown; readonly code: string }[];
}

/** The status of a refusal, and where which issues are. */
async function refusalOf(response: Response): Promise<unknown> {
  const { status, errors } = (await response.json()) as Refusal;
  return errors === undefined
    ? [status]
    : [status, ...errors.map((each) => `${[each.loc].flat().join(".")} ${each.code}`)];
}

describe.each(fronts)("a form through $name", ({ open }) => {
  async function inside<Result>(
    work: (call: Entrance["call"]) => Promise<Result>,
  ): Promise<Result> {
    await using entrance = await open(app);
    return await work(entrance.call);
  }
  const post = (path: string, body: FormData | URLSearchParams): Promise<Response> =>
    inside((call) => call(path, { method: "POST", body }));

  test("is read by the declared types, urlencoded or multipart", async () => {
    const fields = { name: "Ann & Ben", age: 7, subscribed: true, tag: ["a", "b"] };
    const pairs: [string, string][] = [
      ["name", "Ann & Ben"],
      ["age", "7"],
      ["subscribed", "on"],
      ["tag", "a"],
      ["tag", "b"],
    ];
    for (const form of [new URLSearchParams(pairs), formOf(...pairs)]) {
      expect(await answerOf(await post("/plain", form))).toEqual({ status: 200, body: fields });
    }
  });

  test("takes an empty field for a missing one, so that defaults apply", async () => {
    const pairs: [string, string][] = [
      ["name", "Ann"],
      ["age", ""],
      ["subscribed", ""],
      ["tag", ""],
    ];
    for (const form of [new URLSearchParams(pairs), formOf(...pairs)]) {
      expect((await answerOf(await post("/plain", form))).body).toEqual({
        name: "Ann",
        subscribed: false,
        tag: [],
      });
    }
    expect(await refusalOf(await post("/plain", formOf(["name", ""])))).toEqual([
      422,
      "body.name missing",
    ]);
  });

  test("brings a file, with fields beside it", async () => {
    const form = formOf(["photo", png("schwalbe – ü.png")], ["title", "Süß"], ["position", "3"]);
    expect(await answerOf(await post("/upload", form))).toEqual({
      status: 200,
      body: {
        filename: "schwalbe – ü.png",
        type: "image/png",
        size: 6,
        title: "Süß",
        position: 3,
        digest: Buffer.from("pixels").toString("base64"),
      },
    });
  });

  test("brings every byte of a file", async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7919) % 256);
    const form = formOf(["photo", new File([bytes, "\r\n--"], "a", { type: "image/png" })]);
    const { body } = await answerOf(await post("/upload", form));
    expect(body).toMatchObject({
      size: 70_004,
      digest: Buffer.from(bytes).toString("base64").slice(0, 40),
    });
  });

  test("is missing a file that is not there or is empty", async () => {
    const missing = [422, "body.photo missing"];
    expect(await refusalOf(await post("/upload", formOf(["title", "a"])))).toEqual(missing);
    // What a browser sends for a file input that nobody filled in.
    const empty = new File([], "", { type: "application/octet-stream" });
    expect(await refusalOf(await post("/upload", formOf(["photo", empty])))).toEqual(missing);
    expect(await refusalOf(await post("/upload", formOf(["photo", ""])))).toEqual(missing);
  });

  test("takes no text for a file, also where the file may be left out", async () => {
    const wrong = [422, "body.photo file_type"];
    for (const path of ["/upload", "/optional"]) {
      expect(await refusalOf(await post(path, formOf(["photo", "text"])))).toEqual(wrong);
      const urlencoded = new URLSearchParams({ photo: "text" });
      expect(await refusalOf(await post(path, urlencoded))).toEqual(wrong);
    }
  });

  test("may go without an optional file", async () => {
    const empty = new File([], "", { type: "application/octet-stream" });
    for (const form of [formOf(["photo", empty]), formOf(["other", "a"]), formOf()]) {
      expect((await answerOf(await post("/optional", form))).body).toEqual({});
    }
    // A file with a name and nothing in it is a file.
    expect((await answerOf(await post("/optional", formOf(["photo", png("a", "")])))).body).toEqual(
      {
        photo: { filename: "a", type: "image/png", size: 0 },
      },
    );
    expect(await answerOf(await inside((call) => call("/optional", { method: "POST" })))).toEqual({
      status: 200,
      body: {},
    });
  });

  test("brings several files of one field, in order", async () => {
    const form = formOf(["photos", png("1.png")], ["photos", png("2.png", "")]);
    expect((await answerOf(await post("/several", form))).body).toEqual([
      { filename: "1.png", type: "image/png", size: 6 },
      { filename: "2.png", type: "image/png", size: 0 },
    ]);
  });

  test("is refused with more files than are asked for", async () => {
    const four = formOf(...[1, 2, 3, 4].map((each) => ["photos", png(`${each}`)] as const));
    expect(await refusalOf(await post("/several", four))).toEqual([422, "body.photos too_long"]);
    const two = formOf(["photo", png("1")], ["photo", png("2")]);
    expect(await refusalOf(await post("/upload", two))).toEqual([422, "body.photo repeated"]);
  });

  test("is refused with a file of another type, which is named", async () => {
    const gif = new File(["x"], "a.gif", { type: "image/gif" });
    expect(await refusalOf(await post("/upload", formOf(["photo", gif])))).toEqual([
      422,
      "body.photo file_type",
    ]);
    const text = new File(["x"], "a.txt", { type: "text/plain" });
    expect((await post("/upload", formOf(["photo", text]))).status).toBe(200);
    expect(
      await refusalOf(await post("/several", formOf(["photos", gif], ["photos", text]))),
    ).toEqual([422, "body.photos.1 file_type"]);
    const untold = raw(['content-disposition: form-data; name="photo"; filename="a"', "x"]);
    expect(await refusalOf(await inside((call) => call("/upload", untold)))).toEqual([
      422,
      "body.photo file_type",
    ]);
  });

  test("is 413 with a file, or as a whole, larger than the limit", async () => {
    expect(
      await refusalOf(await post("/several", formOf(["photos", png("a", "x".repeat(1001))]))),
    ).toEqual([413]);
    expect((await post("/several", formOf(["photos", png("a", "x".repeat(1000))]))).status).toBe(
      200,
    );
    // Files that nobody asked for are read past, but not for ever.
    const other = new File(["x".repeat(1_000_000)], "a", { type: "image/png" });
    expect((await post("/several", formOf(["other", other], ["photos", png("a")]))).status).toBe(
      200,
    );
    const more = new File(["x".repeat(2_000_000)], "a", { type: "image/png" });
    expect(await refusalOf(await post("/several", formOf(["other", more])))).toEqual([413]);
    expect(
      await refusalOf(await post("/plain", formOf(["name", "x".repeat(1024 * 1024)]))),
    ).toEqual([413]);
    expect(
      await refusalOf(await post("/small", new URLSearchParams({ name: "x".repeat(100) }))),
    ).toEqual([413]);
    expect((await post("/small", new URLSearchParams({ name: "x".repeat(95) }))).status).toBe(200);
  });

  test("tells all that is wrong with it, its dependencies' fields included", async () => {
    expect(await refusalOf(await post("/shared", formOf(["author", "a"])))).toEqual([
      422,
      "body.author string_too_short",
      "body.title missing",
      "body.photo missing",
    ]);
    const form = formOf(["author", "Ann"], ["title", "t"], ["photo", png("a")]);
    expect((await answerOf(await post("/shared", form))).body).toEqual({
      author: "Ann",
      title: "t",
    });
  });

  test("takes the plain file name where there are two, and the extended one alone", async () => {
    const both = `form-data; name="photo"; filename="a.png"; filename*=UTF-8''..%2f..%2fx.php`;
    const alone = "form-data; name=photo; filename*=utf-8'en'na%C3%AFve%20%E2%82%AC.txt";
    const type = "content-type: text/plain";
    const names = await inside(async (call) => [
      (await answerOf(await call("/upload", raw([`content-disposition: ${both}\r\n${type}`, "x"]))))
        .body,
      (
        await answerOf(
          await call("/upload", raw([`content-disposition: ${alone}\r\n${type}`, "x"])),
        )
      ).body,
    ]);
    expect(names).toMatchObject([{ filename: "a.png" }, { filename: "naïve €.txt" }]);
    for (const bad of ["latin1''a", "UTF-8''%zz", "UTF-8''%ff", "a.txt"]) {
      const head = `content-disposition: form-data; name="photo"; filename*=${bad}`;
      expect(await refusalOf(await inside((call) => call("/upload", raw([head, "x"]))))).toEqual([
        400,
      ]);
    }
  });

  test("gives the text of a file, which must be UTF-8", async () => {
    const note = new File(["\ufeffcafé"], "a.txt");
    expect((await answerOf(await post("/text", formOf(["note", note])))).body).toEqual({
      text: "café",
    });
    const latin1 = new File([Uint8Array.of(0x63, 0xe9)], "a.txt");
    expect(await refusalOf(await post("/text", formOf(["note", latin1])))).toEqual([400]);
  });

  test("is read the same in whatever pieces it comes", async () => {
    const form = formOf(["photo", png("a.png", "\r\n--\r\n-")], ["title", "é\r\n"]);
    const whole = new Request("http://localhost", { method: "POST", body: form });
    const type = whole.headers.get("content-type") ?? "";
    const bytes = new Uint8Array(await whole.arrayBuffer());
    const bodies: unknown[] = [];
    for (const size of [1, 2, 3, 7, 64, bytes.length]) {
      const body = piecesOf(bytes, size);
      const init = { method: "POST", headers: { "content-type": type }, body, duplex: "half" };
      bodies.push(
        (await answerOf(await inside((call) => call("/upload", init as RequestInit)))).body,
      );
    }
    expect(bodies[0]).toMatchObject({ filename: "a.png", size: 7, title: "é\r\n" });
    expect(new Set(bodies.map((each) => JSON.stringify(each))).size).toBe(1);
  });
});

function piecesOf(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}
