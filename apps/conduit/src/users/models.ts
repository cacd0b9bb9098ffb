/**
 * What is sent and answered about users. The names are those of the contract.
 *
 * @module
 */
import { z } from "zod";

const Email = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(254)
  .pipe(z.email("is invalid"))
  .meta({ format: "email" });
const Username = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^\P{C}*$/u, "has invisible characters")
  // As a part of a path, these two mean another path.
  .regex(/^(?!\.\.?$)/, "is invalid");
const Password = z.string().min(1).min(8).max(256).meta({ format: "password" });
const Bio = z.string().max(2000);
/** Never `javascript:`, which would run in whoever's browser shows it. */
const Image = z
  .string()
  .max(2000)
  .refine((text) => text === "" || /^https?:$/.test(URL.parse(text)?.protocol ?? ""), {
    error: "is not a web address",
  });

export const NewUser = z.object({ username: Username, email: Email, password: Password });

export const LoginUser = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254),
  password: z.string().min(1).max(256).meta({ format: "password" }),
});

export const UpdateUser = z
  .object({ email: Email, password: Password, username: Username, bio: Bio, image: Image })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, "needs at least one field")
  .meta({ minProperties: 1 });

/** The caller's own account, and the token to prove it with. */
export const User = z.object({
  email: z.string(),
  token: z.string(),
  username: z.string(),
  bio: z.string(),
  image: z.string(),
});

export const NewUserRequest = z.object({ user: NewUser });
export const LoginUserRequest = z.object({ user: LoginUser });
export const UpdateUserRequest = z.object({ user: UpdateUser });
export const UserResponse = z.object({ user: User });
