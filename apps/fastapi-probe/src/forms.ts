/** Forms and files. */
import { file, files, post } from "martlet";
import { z } from "zod";

export const login = post(
  "/f/login",
  {
    form: {
      username: z.string().min(3),
      password: z.string(),
      remember: z.boolean().default(false),
    },
  },
  ({ username, password, remember }) => ({ username, remember, pw: password.length }),
);
const Form = z.strictObject({ a: z.int(), tags: z.array(z.string()).default([]) });
export const model = post("/f/model", { form: Form }, (form) => form);
export const one = post("/f/file", { files: { file: file() } }, async ({ file }) => ({
  filename: file.filename,
  ct: file.type,
  size: file.size,
  head: (await file.text()).slice(0, 10),
}));
export const bytes = post("/f/bytes", { files: { file: file() } }, async ({ file }) => ({
  size: (await file.bytes()).length,
}));
export const optional = post(
  "/f/optfile",
  { files: { file: file({ optional: true }) } },
  ({ file }) => ({ none: file === undefined }),
);
export const many = post("/f/files", { files: { files: files() } }, ({ files }) =>
  files.map(({ filename }) => filename),
);
export const mixed = post(
  "/f/mixed",
  { files: { file: file() }, form: { token: z.string(), n: z.int().default(1) } },
  ({ file, token, n }) => ({ f: file.filename, token, n }),
);
