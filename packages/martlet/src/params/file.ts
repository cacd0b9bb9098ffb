import type { Issue } from "../errors.ts";
import type { HttpSource, UploadedFile } from "../source.ts";
import { byteSize } from "../size.ts";
import { limitsOf, takeBody } from "./limits.ts";
import { takesType } from "./media-range.ts";
import { Invalid, type Param } from "./param.ts";

/** What a file field takes. */
export interface FileOptions {
  /** The largest size of one file: bytes, or text such as `"5MB"` (10^6) or `"5MiB"` (2^20). @default "5MB" */
  readonly maxSize?: number | string;
  /** The media types that are taken, such as `"image/png"` or `"image/*"`. @default all */
  readonly types?: readonly string[];
  /** Whether the field may be left empty. @default false */
  readonly optional?: boolean;
}

/** What a field of several files takes. */
export interface FilesOptions extends FileOptions {
  /** How many files at the most. @default 10 */
  readonly maxCount?: number;
}

/** A file field: what the handler gets, and what the client sends. */
export interface FileParam<Value, Sent> extends Param<Value, HttpSource> {
  readonly "~sent"?: Sent;
}

interface FieldSpec {
  readonly maxSize: number;
  readonly maxCount: number;
  readonly types: readonly string[];
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
    HttpSource
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
  options: FilesOptions = {},
): FileParam<readonly UploadedFile[], readonly Blob[]> {
  const { maxCount = 10 } = options;
  return fileParam(specOf(options, { many: true, maxCount })) as Param<
    readonly UploadedFile[],
    HttpSource
  >;
}

function specOf(
  { maxSize = "5MB", types = [], optional = false }: FileOptions,
  count: Pick<FieldSpec, "many" | "maxCount">,
): FieldSpec {
  return { maxSize: byteSize(maxSize), types, optional, ...count };
}

function fileParam(spec: FieldSpec): Param<unknown, HttpSource> {
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
        const found = (await source.form(limits)).files.get(name) ?? [];
        return accept(found, name, spec);
      };
    },
  };
}

function accept(found: readonly UploadedFile[], name: string, spec: FieldSpec): unknown {
  const loc = ["body", name];
  if (found.length === 0 && !spec.optional) {
    return new Invalid([{ loc, code: "missing", message: "A file is required." }]);
  }
  if (found.length > spec.maxCount) return new Invalid([tooMany(loc, spec)]);
  const wrong = found.flatMap((each, index) =>
    takesType(spec.types, each.type) ? [] : [wrongType(spec.many ? [...loc, index] : loc, spec)],
  );
  if (wrong.length > 0) return new Invalid(wrong);
  return spec.many ? found : found[0];
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
