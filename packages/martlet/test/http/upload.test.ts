import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { request as open } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import {
  Answer,
  background,
  dependency,
  file,
  files,
  martlet,
  post,
  type Report,
  type UploadedFile,
} from "martlet";
import { listen, type RunningServer } from "martlet/server";
import { FormData as UndiciForm, fetch as undiciFetch } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { fronts } from "../fronts.ts";
import { talk } from "../wire.ts";

let directory = "";
const { TMPDIR: before } = process.env;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "uploads-"));
});
beforeEach(() => {
  process.env["TMPDIR"] = directory;
});
afterEach(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
});
afterAll(() => rm(directory, { recursive: true }));

const isLinux = existsSync("/proc/self/fd");

/** How many temporary files are open, or left in their directory. */
async function held(): Promise<number> {
  const names = isLinux ? await readdir("/proc/self/fd") : [];
  const links = await Promise.all(
    names.map((each) => readlink(`/proc/self/fd/${each}`).catch(() => "")),
  );
  const left = (await readdir(directory)).filter((each) => each.startsWith("martlet-"));
  return left.length + links.filter((each) => each.startsWith(`${directory}/martlet-`)).length;
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function streamed(file: UploadedFile): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of file.stream()) hash.update(chunk);
  return hash.digest("hex");
}

const log: unknown[] = [];
const reports: Report[] = [];
const big = file({ maxSize: "20MB" });

const reader = dependency({ files: { late: big } }, async function* ({ late }) {
  yield late.size;
  log.push(await streamed(late));
});

const app = martlet(
  {
    read: post("/read", { files: { file: big } }, async ({ file }) => ({
      size: file.size,
      held: await held(),
      digests: [digest(await file.bytes()), await streamed(file), await streamed(file)],
      text: (await file.text()).length,
    })),
    count: post(
      "/count",
      { files: { photos: files({ maxCount: 5 }) }, limits: { memory: "100kB" } },
      async ({ photos }) => ({
        held: await held(),
        digests: await Promise.all(photos.map(streamed)),
      }),
    ),
    save: post(
      "/save",
      { files: { file: big }, query: { name: z.string(), overwrite: z.boolean().default(false) } },
      async ({ file, name, overwrite }) => {
        const target = join(directory, name);
        const place = name.startsWith("url") ? pathToFileURL(target) : target;
        try {
          await file.saveTo(place, { overwrite });
          return "saved";
        } catch (error) {
          return (error as NodeJS.ErrnoException).code;
        }
      },
    ),
    fails: post("/fails", { files: { file: big } }, async () => {
      log.push(await held());
      throw new Error("The handler failed");
    }),
    strict: post("/strict", { files: { file: big }, query: { page: z.int() } }, ({ page }) => page),
    later: post(
      "/later",
      { files: { file: big }, use: { background, reader } },
      ({ file, background, reader }) => {
        background(async () => void log.push(await streamed(file)));
        return reader;
      },
    ),
    echo: post(
      "/echo",
      { files: { file: big } },
      ({ file }) => new Answer(200, { "content-type": file.type }, file.stream()),
    ),
    small: post("/small", { files: { file: file({ maxSize: "3MB" }) } }, ({ file }) => file.size),
  },
  { report: (each) => void reports.push(each) },
);

function formOf(
  ...parts: readonly (readonly [name: string, content: Uint8Array<ArrayBuffer>])[]
): FormData {
  const form = new FormData();
  for (const [name, content] of parts) form.append(name, new File([content], `${name}.bin`));
  return form;
}

const random = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size));
const text = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(97);

describe.each(fronts)("a file through $name", ({ open }) => {
  const post = async (path: string, body: FormData): Promise<Response> => {
    await using entrance = await open(app);
    const answer = await entrance.call(path, { method: "POST", body });
    return new Response(await answer.arrayBuffer(), answer);
  };

  test("is read in every way, as often as one likes, in memory or on disk", async () => {
    for (const size of [0, 1, 100_000, 1_048_576, 1_048_577, 5_000_000]) {
      const content = text(size);
      const answer = await post("/read", formOf(["file", content]));
      const hash = digest(content);
      expect(await answer.json()).toEqual({
        size,
        held: isLinux && size > 1_048_576 ? 1 : 0,
        digests: [hash, hash, hash],
        text: size,
      });
      await expect.poll(held).toBe(0);
    }
  });

  test("shares the memory of its form with the other files", async () => {
    const contents = [60_000, 60_000, 30_000, 80_000, 5000].map(random);
    const form = formOf(...contents.map((each) => ["photos", each] as const));
    const answer = await post("/count", form);
    // 60 000 and 30 000 and 5 000 bytes are in memory.
    expect(await answer.json()).toEqual({ held: isLinux ? 2 : 0, digests: contents.map(digest) });
    await expect.poll(held).toBe(0);
  });

  test("is gone after a failure, after other bad input and beyond its limit", async () => {
    log.length = 0;
    reports.length = 0;
    const form = formOf(["file", random(4_000_000)]);
    expect((await post("/fails", form)).status).toBe(500);
    expect(log).toEqual([isLinux ? 1 : 0]);
    expect(String(reports[0]?.error)).toBe("Error: The handler failed");
    await expect.poll(held).toBe(0);
    expect((await post("/strict?page=x", form)).status).toBe(422);
    await expect.poll(held).toBe(0);
    const refused = await post("/small", form);
    expect([refused.status, await refused.json()]).toMatchObject([
      413,
      { detail: 'The file "file" is larger than 3000000 bytes.' },
    ]);
    await expect.poll(held).toBe(0);
  });

  test("is there for clean-ups and background tasks, and gone after them", async () => {
    log.length = 0;
    const [one, other] = [random(2_000_000), random(3_000_000)];
    const answer = await post("/later", formOf(["file", one], ["late", other]));
    expect(await answer.json()).toBe(3_000_000);
    await expect.poll(() => log).toEqual([digest(other), digest(one)]);
    await expect.poll(held).toBe(0);
  });

  test("may be what is answered, while it is sent", async () => {
    const content = random(6_000_000);
    const answer = await post("/echo", formOf(["file", content]));
    expect(digest(new Uint8Array(await answer.arrayBuffer()))).toBe(digest(content));
    await expect.poll(held).toBe(0);
  });
});

describe("saveTo", () => {
  const save = async (query: string, content: Uint8Array<ArrayBuffer>): Promise<unknown> => {
    const request = { method: "POST", body: formOf(["file", content]) };
    return (await app.fetch(new Request(`http://localhost/save?name=${query}`, request))).json();
  };

  test.for([10, 3_000_000])("saves %d bytes, and replaces no file unless asked", async (size) => {
    const [one, other] = [random(size), random(size)];
    for (const name of [`path-${size}`, `url-${size}`]) {
      const path = join(directory, name);
      expect(await save(name, one)).toBe("saved");
      expect(digest(await readFile(path))).toBe(digest(one));
      expect(await save(name, other)).toBe("EEXIST");
      expect(digest(await readFile(path))).toBe(digest(one));
      expect(await save(`${name}&overwrite=true`, other)).toBe("saved");
      expect(digest(await readFile(path))).toBe(digest(other));
      await rm(path);
    }
    expect(await readdir(directory)).toEqual([]);
  });

  test("leaves nothing behind where it fails", async () => {
    expect(await save("nowhere/file", random(10))).toBe("ENOENT");
    await writeFile(join(directory, "taken"), "");
    expect(await save("taken/file", random(10))).toBe("ENOTDIR");
    await rm(join(directory, "taken"));
    expect(await readdir(directory)).toEqual([]);
  });

  test("lets one of many who want one name have it", async () => {
    const contents = Array.from({ length: 8 }, () => random(50_000));
    const outcomes = await Promise.all(contents.map((each) => save("wanted", each)));
    const others = outcomes.filter((each) => each !== "saved");
    expect(others).toEqual(Array<string>(7).fill("EEXIST"));
    const winner = contents[outcomes.indexOf("saved")] as Uint8Array;
    expect(digest(await readFile(join(directory, "wanted")))).toBe(digest(winner));
    await rm(join(directory, "wanted"));
  });
});

describe("a server that takes uploads", () => {
  let server: RunningServer;
  beforeEach(async () => {
    reports.length = 0;
    server = await listen(app, { port: 0, bodyPeriod: 400 });
  });
  afterEach(async () => void (await server.stop({ drain: 500 })));

  const crlf = "\r\n";
  const start = (size: number): string =>
    [
      "POST /read HTTP/1.1",
      "host: a",
      "content-type: multipart/form-data; boundary=B",
      `content-length: ${size}`,
      "",
      "--B",
      'content-disposition: form-data; name="file"; filename="a"',
      "",
      "",
    ].join(crlf);

  test.runIf(isLinux)("keeps nothing of a client that goes half way", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(start(8_000_000));
    socket.write(random(4_000_000));
    await expect.poll(held).toBe(1);
    // The file has no name that anybody could find.
    expect(await readdir(directory)).toEqual([]);
    socket.resetAndDestroy();
    await expect.poll(held).toBe(0);
    expect(reports).toEqual([]);
  });

  test.runIf(isLinux)("keeps nothing of an upload that its stop cuts off", async () => {
    const socket = connect(server.port, "127.0.0.1").on("error", () => undefined);
    socket.write(start(8_000_000));
    socket.write(random(4_000_000));
    await expect.poll(held).toBe(1);
    expect(await server.stop({ drain: 50 })).toBe(1);
    await expect.poll(held).toBe(0);
  });

  test("holds a client to a rate, and keeps nothing of one that is too slow", async () => {
    const { answers } = await talk(
      server.port,
      [start(8_000_000), Buffer.from(random(2_000_000)), 300, "x", 300, "x", 300, "x"],
      { patience: 4000 },
    );
    expect(answers[0]?.status).toBe(408);
    await expect.poll(held).toBe(0);
  });

  test("refuses a file that is too large while it is still being sent", async () => {
    const sending = open({
      port: server.port,
      method: "POST",
      path: "/small",
      headers: { "content-type": "multipart/form-data; boundary=B" },
    }).on("error", () => undefined);
    sending.write(
      `--B${crlf}content-disposition: form-data; name="file"; filename="a"${crlf}${crlf}`,
    );
    let sent = 0;
    const pushing = setInterval(() => {
      sent += 500_000;
      sending.write(random(500_000));
    }, 5);
    const [answer] = (await once(sending, "response")) as [{ readonly statusCode: number }];
    clearInterval(pushing);
    sending.destroy();
    expect(answer.statusCode).toBe(413);
    expect(sent).toBeLessThan(15_000_000);
    await expect.poll(held).toBe(0);
  });

  test("takes twenty at once, each with its own content", async () => {
    const contents = Array.from({ length: 20 }, (_, index) => random(1_500_000 + index));
    const answers = await Promise.all(
      contents.map(async (content) => {
        const form = new UndiciForm();
        form.append("file", new Blob([content]), "a");
        const answer = await undiciFetch(`${server.url}/echo`, { method: "POST", body: form });
        return digest(new Uint8Array(await answer.arrayBuffer()));
      }),
    );
    expect(answers).toEqual(contents.map(digest));
    await expect.poll(held).toBe(0);
  });

  test("tells the operator, and not the client, that a disk cannot be written", async () => {
    process.env["TMPDIR"] = join(directory, "nowhere");
    const body = formOf(["file", random(2_000_000)]);
    const answer = await fetch(`${server.url}/read`, { method: "POST", body });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("nowhere");
    expect(reports.map((each) => String(each.error))).toEqual([
      expect.stringContaining("ENOENT: no such file or directory"),
    ]);
    // What needs no disk is not the worse for it.
    const small = formOf(["file", random(1000)]);
    expect((await fetch(`${server.url}/small`, { method: "POST", body: small })).status).toBe(200);
  });
});
