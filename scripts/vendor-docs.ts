/**
 * Brings the files of Swagger UI that the docs page serves into `packages/martlet/assets/swagger-ui/`,
 * compressed with Brotli. They are taken out of the packed package, which is never installed: as a
 * dependency it would bring install telemetry along.
 *
 * `npm run vendor:docs` fetches and writes. With `--check` nothing is fetched: the files are compared
 * with the hashes in `manifest.json`, which are those of the uncompressed files.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { isMain } from "./main.ts";

const packageName = "swagger-ui-dist";
const version = "5.35.0";
const integrity =
  "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==";

/** What browsers load; kept compressed. */
const served = [
  "swagger-ui-bundle.js",
  "swagger-ui.css",
  "oauth2-redirect.html",
  "oauth2-redirect.js",
];
/** What its licence asks us to keep beside them. */
const notices = ["LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"];

interface Manifest {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  /** SHA-256 of each file as it was published. */
  readonly files: Readonly<Record<string, string>>;
}

/** The folder of the vendored files, below the repository's root. */
export const vendoredFolder = "packages/martlet/assets/swagger-ui";

/** What of the folder is not as its manifest says, one line each. */
export function differences(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
  const expected = new Set([...served.map((name) => `${name}.br`), ...notices, "manifest.json"]);
  const unexpected = readdirSync(folder).filter((name) => !expected.has(name));
  return [
    ...(manifest.version === version ? [] : [`the files are of ${manifest.version}`]),
    ...unexpected.map((name) => `${name} is not one of the vendored files`),
    ...[...served, ...notices].flatMap((name) => {
      const path = join(folder, served.includes(name) ? `${name}.br` : name);
      if (!existsSync(path)) return [`${name} is missing`];
      const bytes = readFileSync(path);
      const plain = served.includes(name) ? brotliDecompressSync(bytes) : bytes;
      return hash(plain) === manifest.files[name] ? [] : [`${name} is not what was published`];
    }),
  ];
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function compress(bytes: Uint8Array): Buffer {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      // A larger window is not understood by every browser.
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** Fetches the package and gives the folder of its files. */
function unpack(temporary: string): string {
  const spec = `${packageName}@${version}`;
  execFileSync("npm", ["pack", spec, "--silent", "--pack-destination", temporary]);
  const archive = join(temporary, `${packageName}-${version}.tgz`);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity) throw new Error(`${spec} is not the one that was reviewed: ${found}`);
  execFileSync("tar", ["-xzf", archive, "-C", temporary]);
  return join(temporary, "package");
}

function vendor(folder: string): void {
  const temporary = mkdtempSync(join(tmpdir(), "martlet-docs-"));
  try {
    const from = unpack(temporary);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const files: Record<string, string> = {};
    for (const name of [...served, ...notices]) {
      const bytes = readFileSync(join(from, name));
      files[name] = hash(bytes);
      if (served.includes(name)) writeFileSync(join(folder, `${name}.br`), compress(bytes));
      else writeFileSync(join(folder, name), bytes);
    }
    const manifest: Manifest = { package: packageName, version, integrity, files };
    writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (isMain(import.meta.filename)) {
  const folder = join(import.meta.dirname, "..", vendoredFolder);
  if (!process.argv.includes("--check")) vendor(folder);
  const found = differences(folder);
  for (const each of found) console.error(each);
  process.exitCode = found.length > 0 ? 1 : 0;
}
