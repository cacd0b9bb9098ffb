import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { secret, settings, type SourceOptions } from "martlet/settings";
import { z } from "zod";
import { failure } from "./failure.ts";

const root = mkdtempSync(join(tmpdir(), "settings-"));
afterAll(() => rmSync(root, { recursive: true }));

const config = settings({ port: z.int().default(8000), key: secret(z.string().optional()) });

/** Files that are nowhere but here. */
function disk(files: Readonly<Record<string, string>>): SourceOptions {
  const known = new Map(Object.entries(files).map(([path, text]) => [resolve("/app", path), text]));
  return { directory: "/app", readFile: (path) => known.get(path) };
}

describe("the sources of settings", () => {
  test("are the environment before the .env file", () => {
    const options = { ...disk({ ".env": "PORT=1\nKEY=k" }), files: [".env"] };
    expect(config.load({ ...options, env: { PORT: "2" } }).port).toBe(2);
    expect(config.load({ ...options, env: { PORT: "" } }).port).toBe(1);
    expect(config.load({ ...options, env: {} }).key?.reveal()).toBe("k");
  });

  test("are later files before earlier ones", () => {
    const options = disk({ ".env": "PORT=1\nKEY=one", ".env.local": "PORT=2" });
    const value = config.load({ ...options, env: {}, files: [".env", ".env.local", ".env.none"] });
    expect(value.port).toBe(2);
    expect(value.key?.reveal()).toBe("one");
  });

  test("are the given environment alone, unless files are given too", () => {
    const options = disk({ ".env": "PORT=1" });
    expect(config.load({ ...options, env: {} }).port).toBe(8000);
    const declared = settings({ port: z.int().default(8000) }, { ...options, files: [".env"] });
    expect(declared.load({ env: {} }).port).toBe(8000);
    expect(declared.load().port).toBe(1);
  });

  test("are process.env and .env in the working directory by default", () => {
    const name = "MARTLET_TEST_SETTINGS_SOURCES";
    const own = settings({ it: z.string() }, { names: { it: name } });
    process.env[name] = "from the environment";
    try {
      expect(own.load().it).toBe("from the environment");
    } finally {
      delete process.env[name];
    }
    expect(failure(() => own.load())).toContain(`looked in: the environment, ${resolve(".env")}`);
  });

  test("are real files below a directory", () => {
    writeFileSync(join(root, ".env"), "\uFEFFPORT=7\r\nKEY_FILE=key.txt\r\n");
    writeFileSync(join(root, "key.txt"), "multi\nline\r\n\n");
    const value = config.load({ directory: root, env: {}, files: [".env"] });
    expect([value.port, value.key?.reveal()]).toEqual([7, "multi\nline"]);
  });

  test("may be told at the declaration", () => {
    const own = settings({ port: z.int() }, { env: { PORT: "5" } });
    expect(own.load().port).toBe(5);
    expect(own.load({ env: { PORT: "6" } }).port).toBe(6);
  });
});

describe("a file that cannot be read", () => {
  test("is a fault with its path", () => {
    mkdirSync(join(root, "folder"));
    const message = failure(() => config.load({ directory: root, env: {}, files: ["folder"] }));
    expect(message).toContain(`M015 ${join(root, "folder")} cannot be read (EISDIR)`);
  });

  test("is a fault when it is forbidden, with the system's word and no more", () => {
    const forbidden = (): never => {
      throw Object.assign(new Error("EACCES: /app/hunter2"), { code: "EACCES" });
    };
    const options = { directory: "/app", readFile: forbidden };
    const file = failure(() => config.load({ ...options, env: {}, files: [".env"] }));
    expect(file).toContain("cannot be read (EACCES)");
    const pointed = failure(() => config.load({ ...options, env: { KEY_FILE: "hunter2" } }));
    expect(pointed).toContain("KEY_FILE names a file that cannot be opened (EACCES)");
    expect(file + pointed).not.toContain("hunter2");
  });

  test("is a fault for each broken line, without its text", () => {
    const options = {
      ...disk({ ".env": "hunter2\nPORT='hunter2\nKEY=k" }),
      env: {},
      files: [".env"],
    };
    const message = failure(() => config.load(options));
    expect(message).toContain(`${resolve("/app/.env")}:1 cannot be read: This is no NAME=value.`);
    expect(message).toContain(`${resolve("/app/.env")}:2 cannot be read: The quote`);
    expect(message).not.toContain("hunter2");
  });
});

describe("<NAME>_FILE", () => {
  const files = disk({ "run/key": "hunter2\n", "run/empty": "\n", ".env": "KEY_FILE=run/key" });

  test("holds the path of a file with the value", () => {
    expect(config.load({ ...files, env: { KEY_FILE: "/app/run/key" } }).key?.reveal()).toBe(
      "hunter2",
    );
    expect(config.load({ ...files, env: {}, files: [".env"] }).key?.reveal()).toBe("hunter2");
  });

  test("in the environment wins over the name in a file, and the other way round", () => {
    const own = { ...files, files: [".env"] };
    expect(config.load({ ...own, env: { KEY: "other" } }).key?.reveal()).toBe("other");
    const other = { ...disk({ ".env": "KEY=other", "run/key": "hunter2" }), files: [".env"] };
    expect(config.load({ ...other, env: { KEY_FILE: "run/key" } }).key?.reveal()).toBe("hunter2");
  });

  test("and the name itself in one place are one too many", () => {
    const message = failure(() => config.load({ env: { KEY: "hunter2", KEY_FILE: "hunter2" } }));
    expect(message).toContain("KEY is set twice, by itself and by KEY_FILE");
    expect(message).not.toContain("hunter2");
  });

  test("is passed over when it is empty", () => {
    expect(config.load({ env: { KEY_FILE: "", KEY: "k" } }).key?.reveal()).toBe("k");
  });

  test.each([
    ["run/none", "names a file that is not there"],
    ["run/empty", "names a file that is empty"],
  ])("%s is told when it %s, but not where it is", (path, what) => {
    const message = failure(() => config.load({ ...files, env: { KEY_FILE: path } }));
    expect(message).toContain(`KEY cannot be read: KEY_FILE ${what}`);
    expect(message).not.toContain("run/");
  });

  test("is told to hold a secret instead of a path without showing it", () => {
    mkdirSync(join(root, "hunter2"));
    const message = failure(() => config.load({ directory: root, env: { KEY_FILE: "hunter2" } }));
    expect(message).toContain("KEY_FILE names a file that cannot be opened (EISDIR)");
    expect(message).not.toContain("hunter2");
  });

  test("is a setting of its own when one has that variable", () => {
    const own = settings({ log: z.string().default("-"), logFile: z.string() });
    expect(own.load({ env: { LOG_FILE: "app.log" } })).toEqual({ log: "-", logFile: "app.log" });
  });
});
