/**
 * Folders of migrations, made for one test.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The texts of one migration. */
export interface Texts {
  readonly up: string;
  readonly down?: string;
}

/** A folder that is removed when its variable goes out of scope. */
export class Folder {
  readonly directory = mkdtempSync(join(tmpdir(), "martlet-migrations-"));

  /** Writes migrations, over those of the same name. */
  write(migrations: Readonly<Record<string, Texts>>): this {
    for (const [name, { up, down }] of Object.entries(migrations)) {
      mkdirSync(join(this.directory, name), { recursive: true });
      writeFileSync(join(this.directory, name, "up.sql"), up);
      if (down !== undefined) writeFileSync(join(this.directory, name, "down.sql"), down);
    }
    return this;
  }

  writeFile(name: string, file: string, text: string): void {
    writeFileSync(join(this.directory, name, file), text);
  }

  remove(name: string): void {
    rmSync(join(this.directory, name), { recursive: true });
  }

  read(name: string, file: string): string {
    return readFileSync(join(this.directory, name, file), "utf8");
  }

  names(): string[] {
    return readdirSync(this.directory).toSorted();
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Two tables, one after the other, in SQL that every database speaks. */
export const two: Readonly<Record<string, Texts>> = {
  "20260101000000_birds": {
    up: "create table birds (id int primary key)\n--> next\ninsert into birds values (1)\n",
    down: "drop table birds\n",
  },
  "20260102000000_nests": { up: "create table nests (id int)\n", down: "drop table nests\n" },
};
