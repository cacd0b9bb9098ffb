/**
 * The articles of the example data: Markdown files with a few lines in front, and the comments behind.
 *
 * @module
 */
import { readdir, readFile } from "node:fs/promises";

const directory = new URL("../../seed/", import.meta.url);

/** An article of the example data. */
export interface SeedArticle {
  readonly title: string;
  readonly description: string;
  readonly body: string;
  /** The names of people: who wrote it, and who likes it. */
  readonly author: string;
  readonly favorites: readonly string[];
  readonly tags: readonly string[];
  readonly date: Date;
  readonly comments: readonly SeedComment[];
}

/** A comment of the example data. */
interface SeedComment {
  readonly author: string;
  readonly date: Date;
  readonly body: string;
}

/** Reads all articles, the oldest first. */
export async function readArticles(): Promise<SeedArticle[]> {
  const files = (await readdir(directory)).filter((each) => each.endsWith(".md")).toSorted();
  return Promise.all(
    files.map(async (file) => parse(await readFile(new URL(file, directory), "utf8"))),
  );
}

function parse(text: string): SeedArticle {
  const [, head = "", body = "", foot = ""] =
    /^---\n(.*?)\n---\n(.*?)(?:\n---\n(.*))?$/s.exec(text) ?? [];
  const fields = new Map(
    head.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const field = (name: string): string => fields.get(name) ?? "";
  return {
    title: field("title"),
    description: field("description"),
    body: body.trim(),
    author: field("author"),
    favorites: field("favorites").split(", "),
    tags: field("tags").split(", "),
    date: new Date(field("date")),
    comments: commentsIn(foot),
  };
}

/** Each is a line: who, when, and what. */
function commentsIn(foot: string): SeedComment[] {
  const lines = foot.matchAll(/^(\S+) (\S+): (.+)$/gm);
  return [...lines].map(([, author = "", date = "", body = ""]) => ({
    author,
    date: new Date(date),
    body,
  }));
}
