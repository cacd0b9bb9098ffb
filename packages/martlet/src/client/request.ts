/**
 * Requests: the arguments of a call, each put where the contract says.
 *
 * @module
 */
import type { Issue } from "../index.ts";
import type { ContractOperation } from "./contract.ts";

/** The arguments of a call by name, their types no longer of interest. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a request is made of, or why there is none to send. */
export interface Outgoing {
  /** The path and the query, encoded. */
  readonly target: string;
  readonly body: RequestInit["body"] | undefined;
  /** Values that no path and no header can hold. */
  readonly issues: readonly Issue[];
}

/** Puts the arguments of a call into the parts of a request; the headers into `headers`. */
export function outgoing(
  operation: ContractOperation,
  args: Arguments,
  headers: Headers,
): Outgoing {
  const issues: Issue[] = [];
  const path = pathOf(operation.path, args, issues);
  for (const header of operation.header ?? []) {
    for (const value of textsOf(args[camelCase(header)] ?? args[header])) {
      try {
        headers.append(header, value);
      } catch {
        issues.push(unsendable("header", header));
      }
    }
  }
  const query = new URLSearchParams();
  for (const name of operation.query ?? []) {
    for (const value of textsOf(args[name])) query.append(name, value);
  }
  const search = String(query);
  const body = bodyOf(operation, args, headers);
  return { target: search === "" ? path : `${path}?${search}`, body, issues };
}

function pathOf(template: string, args: Arguments, issues: Issue[]): string {
  const segments = template.split("/").map((segment) => {
    const names: string[] = [];
    const path = segment.replaceAll(/\{(\w+)(\*?)\}/g, (_, name: string, rest: string) => {
      names.push(name);
      const text = textOf(args[name] ?? missing(name, template));
      // A slash belongs to the rest of a path and to nothing else.
      return rest === "" ? encode(text) : text.split("/").map(encode).join("/");
    });
    // URLs are resolved before they are sent: dots, or nothing at all, would call another route.
    const wrong = segment.endsWith("*}") ? /(?:^|\/)\.\.?(?:\/|$)/ : /^\.{0,2}$/;
    if (wrong.test(path)) issues.push(...names.map((name) => unsendable("path", name)));
    return path;
  });
  return segments.join("/");
}

function missing(name: string, template: string): never {
  throw new TypeError(`"${name}" is missing: it is a part of the path ${template}`);
}

function unsendable(place: string, name: string): Issue {
  return { loc: [place, name], code: "unsendable", message: `A ${place} cannot hold this.` };
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** `"if-match"` gives `"ifMatch"`. */
function camelCase(header: string): string {
  return header.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The texts of an argument: none if it is left out, several if it is a list. */
function textsOf(value: unknown): string[] {
  return listOf(value).map(textOf);
}

function listOf(value: unknown): unknown[] {
  return [value].flat().filter((each) => each !== undefined && each !== null);
}

/** A value as text: a `Date` as ISO 8601, an object as JSON. */
function textOf(value: unknown): string {
  if (typeof value !== "object") return `${value as string | number | bigint | boolean}`;
  const json = JSON.stringify(value);
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function bodyOf(operation: ContractOperation, args: Arguments, headers: Headers): Outgoing["body"] {
  const { body: mediaType = "", form, members } = operation;
  if (form !== undefined) {
    // A form tells its media type itself, with a boundary that nobody else knows.
    headers.delete("content-type");
    return formOf(operation, args);
  }
  const body = members === undefined ? args["body"] : membersOf(members, args);
  if (mediaType === "" || body === undefined) return undefined;
  headers.set("content-type", typeOf(body, mediaType));
  const isJson = /\bjson$/.test(mediaType) && !isBytes(body);
  return isJson ? JSON.stringify(body) : (body as Outgoing["body"]);
}

function isBytes(body: unknown): boolean {
  return [Blob, ArrayBuffer, Uint8Array, ReadableStream].some((each) => body instanceof each);
}

/** The media type of a body: what it says itself, where the contract leaves a choice. */
function typeOf(body: unknown, mediaType: string): string {
  if (body instanceof Blob && body.type !== "") return body.type;
  return mediaType.includes("*") ? "application/octet-stream" : mediaType;
}

/** The object that members make; `undefined` if there are none. */
function membersOf(names: readonly string[], args: Arguments): Arguments | undefined {
  const given = names.filter((name) => args[name] !== undefined);
  return given.length > 0 ? Object.fromEntries(given.map((name) => [name, args[name]])) : undefined;
}

/** A form; `undefined` if it would have no field at all. */
function formOf(
  { body: mediaType = "", form: names = [], json = [] }: ContractOperation,
  args: Arguments,
): Outgoing["body"] {
  const isMultipart = mediaType.startsWith("m");
  const fields = names.flatMap((name) => {
    const values = listOf(args[name]);
    const isJson = json.includes(name) && !values.some(isBytes);
    const sent = isJson ? jsonOf(args[name], isMultipart) : values;
    return sent.map((each) => [name, each instanceof Blob ? each : textOf(each)] as const);
  });
  if (fields.length === 0) return undefined;
  const form = isMultipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of fields) form.append(name, value as string);
  return form;
}

/** A value as the one JSON of its field; a part of its own tells its media type. */
function jsonOf(value: unknown, isPart: boolean): unknown[] {
  if (value === undefined) return [];
  const json = JSON.stringify(value);
  return [isPart ? new Blob([json], { type: "application/json" }) : json];
}
