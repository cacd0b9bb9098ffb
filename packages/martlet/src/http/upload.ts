/**
 * Uploaded files, as handlers get them: content that can be read more than once.
 *
 * @module
 */
import type { UploadedFile } from "../source.ts";
import { decodeUtf8 } from "./json.ts";
import type { Part } from "./part.ts";
import { saveContent } from "./save.ts";
import type { Content } from "./spool.ts";

/** How much a stream gives at a time, in bytes. */
const block = 65_536;

/** The file of a part of a form. */
export function uploaded({ filename = "", type }: Part, content: Content): UploadedFile {
  const bytes = async (): Promise<Uint8Array<ArrayBuffer>> => content.read(0, content.size);
  return {
    filename,
    type,
    // The content may still be on its way in.
    get size() {
      return content.size;
    },
    bytes,
    text: async () => decodeUtf8(await bytes()),
    stream: () => streamOf(content),
    saveTo: (target, options) => saveContent(content, target, options),
  };
}

function streamOf(content: Content): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = 0;
  const pull = async (
    controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
  ): Promise<void> => {
    if (position >= content.size) return controller.close();
    const bytes = await content.read(position, block);
    position += bytes.length;
    controller.enqueue(bytes);
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}
