import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request as open } from "node:http";
import { join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { start } from "../server/process.ts";

const isLinux = existsSync("/proc/self/status");

test("a file stays in memory on a runtime that has no files", async () => {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier.startsWith("node:fs")) throw new Error("No such module: " + specifier);
        return next(specifier, context);
      },
    });
    const { file, martlet, post } = await import("martlet");
    const read = post("/", { files: { file: file() } }, async ({ file }) => {
      const saved = await file.saveTo("a").then(() => "saved", (error) => error.message);
      return { size: file.size, first: (await file.bytes())[0], saved };
    });
    const form = new FormData();
    form.append("file", new File([new Uint8Array(3_000_000).fill(7)], "a"));
    const request = new Request("http://localhost/", { method: "POST", body: form });
    console.log(await (await martlet({ read }).fetch(request)).text());
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@martlet/source", "--input-type=module", "--eval", script],
    { cwd: join(import.meta.dirname, "../..") },
  );
  expect(JSON.parse(stdout)).toEqual({
    size: 3_000_000,
    first: 7,
    saved: "No such module: node:fs/promises",
  });
});

test.runIf(isLinux)("an upload of 200 MB needs little memory", { timeout: 60_000 }, async () => {
  await using served = await start();
  const peak = async (): Promise<number> => {
    const status = await readFile(`/proc/${served.child.pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
  };
  const chunk = randomBytes(1_000_000);
  const upload = async (count: number): Promise<unknown> => {
    const sending = open({
      port: served.port,
      method: "POST",
      path: "/store",
      headers: { "content-type": "multipart/form-data; boundary=B" },
    });
    sending.write('--B\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
    for (let sent = 0; sent < count; sent += 1) {
      if (!sending.write(chunk)) await once(sending, "drain");
    }
    sending.end("\r\n--B--\r\n");
    const [answer] = (await once(sending, "response")) as [Readable];
    return json(answer);
  };
  await upload(3);
  const first = await peak();
  const hash = createHash("sha256");
  for (let sent = 0; sent < 200; sent += 1) hash.update(chunk);
  expect(await upload(200)).toEqual({ size: 200_000_000, digest: hash.digest("hex") });
  // Megabytes: what the collector of garbage lets lie about, whatever the size of the file.
  expect((await peak()) - first).toBeLessThan(110);
});
