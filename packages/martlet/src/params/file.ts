import type { Issue } from "../errors.ts";
import type { BodySource, UploadedFile } from "../source.ts";
import { byteSize } from "../size.ts";
import { beginsAs } from "./beginning.ts";
import { limitsOf, takeBody } from "./limits.ts";
import { takesType } from "./media-range.ts";
import { Invalid, type Param } from "./param.ts";

/** What a file field takes. */
export interface FileOptions {
  /** The largest size of one file: bytes, or text such as `"5MB"` (10^6) or `"5MiB"` (2^20). @default "5MB" */
  readonly maxSize?: number | string;
  /** The media types that are taken, such as `"image/png"` or `"image/*"`. @default all */
  readonly types?: readonly string[];
  /**
   * Whether the content must begin as its media type says: PNG, JPEG, GIF, WebP, PDF and ZIP. Other
   * types are then refused. @default false
   */
  readonly sniff?: boolean;
  /** Whether the field may be left empty. @default false */
  readonly optional?: boolean;
}

/** What a field of several files takes. */
export interface FilesOptions extends FileOptions {
  /** How many files at the most. @default 10 */
  readonly maxCount?: number;
}

/** A file field: what the handler gets, and what the client sends. */
export interface FileParam<Value, Sent> extends Param<Value, BodySource> {
  readonly "~sent"?: Sent;
}

interface FieldSpec {
  readonly maxSize: number;
  readonly maxCount: number;
  readonly types: readonly string[];
  readonly sniff: boolean;
  readonly optional: boolean;
  readonly many: boolean;
}

/**
 * One file of a multipart form. An empty file input is no file.
 *
 * @example
 * ```ts
 * import { file, post } from "martlet";
 *
 * const upload = post(
 *   "/photos",
 *   { files: { photo: file({ maxSize: "5MB", types: ["image/*"] }) } },
 *   ({ photo }) => ({ size: photo.size }),
 * );
 * expect(upload.path).toBe("/photos");
 * ```
 */
export function file(
  options: FileOptions & { readonly optional: true },
): FileParam<UploadedFile | undefined, Blob | undefined>;
export function file(options?: FileOptions): FileParam<UploadedFile, Blob>;
export function file(
  options: FileOptions = {},
): FileParam<UploadedFile | undefined, Blob | undefined> {
  return fileParam(specOf(options, { many: false, maxCount: 1 })) as Param<
    UploadedFile | undefined,
    BodySource
  >;
}

/**
 * Several files of one field of a multipart form.
 *
 * @example
 * ```ts
 * import { files, post } from "martlet";
 *
 * const upload = post("/photos", { files: { photos: files({ maxCount: 3 }) } }, ({ photos }) => ({
 *   count: photos.length,
 * }));
 * expect(upload.method).toBe("POST");
 * ```
 */
export function files(
  options: FilesOptions & { readonly optional: true },
): FileParam<readonly UploadedFile[], readonly Blob[] | undefined>;
export function files(options?: FilesOptions): FileParam<readonly UploadedFile[], readonly Blob[]>;
export function files(
  options: FilesOptions = {},
): FileParam<readonly UploadedFile[], readonly Blob[] | undefined> {
  const { maxCount = 10 } = options;
  return fileParam(specOf(options, { many: true, maxCount })) as Param<
    readonly UploadedFile[],
    BodySource
  >;
}

function specOf(
  { maxSize = "5MB", types = [], sniff = false, optional = false }: FileOptions,
  count: Pick<FieldSpec, "many" | "maxCount">,
): FieldSpec {
  return { maxSize: byteSize(maxSize), types, sniff, optional, ...count };
}

function fileParam(spec: FieldSpec): Param<unknown, BodySource> {
  const { many, maxSize, maxCount, types, optional } = spec;
  return {
    kind: "file",
    phase: "body",
    describe: (name, operation) =>
      operation.field(name, {
        schema: undefined,
        file: { many, types, optional, maxSize, maxCount },
      }),
    compile: (name, compiler) => {
      takeBody("form", compiler);
      const limits = limitsOf(compiler);
      limits.files[name] = { maxSize, maxCount };
      return async (source) => {
        const form = await source.form(limits);
        const found = form.files.get(name) ?? [];
        if (found.length > 0) return accept(found, name, spec);
        const text = form.fields.get(name)?.some((each) => each !== "") ?? false;
        return nothing(["body", name], spec, { text });
      };
    },
  };
}

/** What there is without a file; `text` is whether text was sent in its place. */
function nothing(loc: Issue["loc"], spec: FieldSpec, sent: { readonly text: boolean }): unknown {
  if (sent.text) {
    const message = "This must be a file: text was sent.";
    return new Invalid([{ loc, code: "file_type", message }]);
  }
  if (spec.optional) return spec.many ? [] : undefined;
  return new Invalid([{ loc, code: "missing", message: "A file is required." }]);
}

function accept(found: readonly UploadedFile[], name: string, spec: FieldSpec): unknown {
  const loc = ["body", name];
  if (found.length > spec.maxCount) return new Invalid([tooMany(loc, spec)]);
  const place = (index: number): Issue["loc"] => (spec.many ? [...loc, index] : loc);
  const wrong = found.flatMap((each, index) =>
    takesType(spec.types, each.type) ? [] : [wrongType(place(index), spec)],
  );
  if (wrong.length > 0) return new Invalid(wrong);
  const value = spec.many ? found : found[0];
  return spec.sniff ? sniffed(found, place).then((refused) => refused ?? value) : value;
}

/** What is wrong with the beginnings of files, if anything is. */
async function sniffed(
  found: readonly UploadedFile[],
  place: (index: number) => Issue["loc"],
): Promise<Invalid | undefined> {
  const wrong: Issue[] = [];
  for (const [index, each] of found.entries()) {
    if (!beginsAs(each.type, await head(each))) wrong.push(wrongContent(place(index)));
  }
  return wrong.length > 0 ? new Invalid(wrong) : undefined;
}

async function head(file: UploadedFile): Promise<Uint8Array> {
  const reader = file.stream().getReader();
  const { value = new Uint8Array() } = await reader.read();
  await reader.cancel();
  return value;
}

function tooMany(loc: Issue["loc"], { many, maxCount: max }: FieldSpec): Issue {
  return many
    ? { loc, code: "too_long", message: `There are more than ${max} files.`, context: { max } }
    : { loc, code: "repeated", message: "This was sent more than once." };
}

function wrongType(loc: Issue["loc"], { types }: FieldSpec): Issue {
  const message = `This file must be of type ${types.join(", ")}.`;
  return { loc, code: "file_type", message, context: { types } };
}

function wrongContent(loc: Issue["loc"]): Issue {
  return { loc, code: "file_type", message: "This file does not begin as its type says." };
}
