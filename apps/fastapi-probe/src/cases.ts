/**
 * Recorded cases: what was sent to an application of FastAPI's, and what it answered.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { parseExact } from "./json.ts";

/** One request and its answer. */
export interface Case {
  readonly id: string;
  /** What it is a case of: `"probe/q-int"`. */
  readonly example: string;
  readonly request: RecordedRequest;
  readonly expect: Answered;
  /** `"order varies between runs"`: lists are to be compared as sets. */
  readonly replay?: string;
  /** The cases of one session are sent in the order of their steps, to an application of their own. */
  readonly session?: string;
  readonly step?: number;
}

/** A request as it was sent. */
export interface RecordedRequest {
  readonly method: string;
  /** The target as it was sent, with its query. */
  readonly path: string;
  /** A header with several values is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly bodyKind: BodyKind;
  readonly body: unknown;
}

/** How a recorded body is told: JSON and the parts of a form as data, all else as text. */
type BodyKind = "none" | "json" | "form" | "multipart" | "text" | "base64";

/** One part of a multipart form. */
export interface RecordedPart {
  readonly name: string;
  readonly filename?: string;
  readonly contentType?: string;
  readonly text?: string;
  readonly base64?: string;
}

/** An answer. */
export interface Answered {
  readonly status: number;
  /** What came as JSON; all else is `text`. */
  readonly json?: unknown;
  readonly text?: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** The cases that this repository keeps. */
export const keptCases: URL = new URL("../cases.json", import.meta.url);

/** Reads a file of cases. */
export async function readCases(file: URL | string): Promise<readonly Case[]> {
  const { cases } = parseExact(await readFile(file, "utf8")) as { readonly cases: readonly Case[] };
  return cases;
}

/** Which feature a case is about: `"q-int"`. */
export function featureOf({ example }: Case): string {
  return example.split("/").at(-1) ?? example;
}
