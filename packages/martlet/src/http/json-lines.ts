/**
 * JSON Lines (https://jsonlines.org): a stream of items, one JSON text a line.
 *
 * @module
 */
import type { Answered, Given } from "../answer-type.ts";
import { Invalid } from "../params/param.ts";
import { validator } from "../schema.ts";
import type { AnySchema } from "../standard.ts";
import { itemsIn } from "./items.ts";
import { jsonText } from "./json-text.ts";
import { openStream, yielded } from "./opening.ts";
import { type Representation, ResponseMismatch } from "./representation.ts";
import { isStreamed, mapped, type Streamed } from "./stream.ts";

/**
 * A stream of items as JSON Lines, `application/jsonl`. The handler is a generator, async or not, or
 * returns any iterable; each item is checked and filtered by the model, and sent as it comes.
 *
 * The answer begins with the first item: a problem that is thrown before has its own status. After
 * that, an item that does not fit, or anything that is thrown, cuts the connection and is reported.
 *
 * @example
 * ```ts
 * import { get, jsonLines, martlet } from "martlet";
 * import { z } from "zod";
 *
 * const Item = z.object({ id: z.int() });
 * const all = get("/items", { returns: jsonLines(Item) }, async function* () {
 *   yield { id: 1, secret: "left out" };
 *   yield { id: 2 };
 * });
 * const response = await martlet({ all }).fetch(new Request("http://localhost/items"));
 * expect(await response.text()).toBe('{"id":1}\n{"id":2}\n');
 * ```
 */
export function jsonLines<M extends AnySchema>(
  model: M,
): Representation<Streamed<Given<M>>, AsyncIterable<Answered<M>>> {
  const headers = { "content-type": "application/jsonl" };
  return {
    describe: ({ schema }) => itemsIn("application/jsonl", schema(model)),
    compile: ({ route }) => {
      const validate = validator(model, ["response"]);
      const write = jsonText(model);
      const line = async (item: unknown): Promise<string> => {
        const result = await validate(item);
        if (result instanceof Invalid) throw new ResponseMismatch(route, result.issues);
        return `${write(result)}\n`;
      };
      return (value, status, request) => {
        if (!isStreamed(value)) throw new TypeError(`${route} returned nothing to iterate over`);
        return openStream(mapped(yielded(value), line), { status, headers, request });
      };
    },
  };
}
