/** Headers and cookies. */
import { get } from "martlet";
import { z } from "zod";

const echo = <V>({ v }: { readonly v: V }): { readonly v: V } => ({ v });
const maybe = z.string().nullable().default(null);

export const one = get(
  "/h/one",
  { header: { xToken: z.string(), userAgent: maybe } },
  ({ xToken, userAgent }) => ({ x_token: xToken, ua: userAgent }),
);
export const int = get("/h/int", { header: { xNum: z.int().min(1) } }, ({ xNum }) =>
  echo({ v: xNum }),
);
export const list = get(
  "/h/list",
  { header: { xToken: z.array(z.string()).nullable().default(null) } },
  ({ xToken }) => echo({ v: xToken }),
);
export const raw = get("/h/raw", { header: { x_token: maybe } }, ({ x_token }) =>
  echo({ v: x_token }),
);
export const cookie = get("/c/one", { cookie: { ads_id: maybe } }, ({ ads_id }) =>
  echo({ v: ads_id }),
);
export const cookieInt = get("/c/int", { cookie: { n: z.int() } }, ({ n }) => echo({ v: n }));
const Cookies = z.strictObject({ session_id: z.string(), tracker: maybe });
export const cookies = get("/c/model", { cookie: Cookies }, (cookies) => cookies);
