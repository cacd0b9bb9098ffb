/** Values of the path. */
import { get, NotFound } from "martlet";
import { z } from "zod";

export const Color = z.enum(["red", "green"]);

export const int = get("/path/int/{v}", { path: { v: z.int() } }, ({ v }) => ({ v }));
export const float = get("/path/float/{v}", { path: { v: z.number() } }, ({ v }) => ({ v }));
export const str = get("/path/str/{v}", { path: { v: z.string() } }, ({ v }) => ({ v }));
export const bool = get("/path/bool/{v}", { path: { v: z.boolean() } }, ({ v }) => ({ v }));
export const color = get("/path/enum/{v}", { path: { v: Color } }, ({ v }) => ({ v }));
export const any = get("/path/any/{rest*}", { path: { rest: z.string() } }, ({ rest }) => ({
  rest,
}));

/** A converter of FastAPI's: what is no number is another path. */
export const converter = get(
  "/path/conv/{n}/end",
  { path: { n: z.string() }, throws: [NotFound] },
  ({ n }) => (/^\d+$/.test(n) ? { n: Number(n) } : new NotFound()),
);

export const two = get(
  "/path/two/{a}/{b}",
  { path: { a: z.int(), b: z.int().positive().max(10) } },
  ({ a, b }) => ({ a, b }),
);
