/**
 * The name of a package, by npm's rules for new ones.
 *
 * @module
 */
import { builtinModules } from "node:module";

const longest = 214;
/** What a project's own imports mean: it cannot have these names itself. */
const imported = ["martlet", "zod", "typescript"];
const reserved = new Set([...builtinModules, ...imported, "node_modules", "favicon.ico"]);

const rules: readonly (readonly [isBroken: (name: string) => boolean, reason: string])[] = [
  [(name) => name === "", "it is empty"],
  [(name) => name.length > longest, `it is longer than ${longest} characters`],
  [(name) => /[A-Z]/.test(name), "it has capital letters"],
  [
    (name) => !/^(?:@[\w.-]+\/)?[\w.-]+$/.test(name),
    'it may only have letters, digits, "-", "." and "_"',
  ],
  [
    (name) => name.split("/").some((part) => /^@?[._-]/.test(part)),
    'it may not start with ".", "_" or "-"',
  ],
  [(name) => reserved.has(name), "it means something else to Node or npm"],
];

/** Why a text cannot be the name of a package; `undefined` when it can. */
export function nameFault(name: string): string | undefined {
  return rules.find(([isBroken]) => isBroken(name))?.[1];
}

/** A name that is like a text and can be used, if there is one. */
export function similarName(text: string): string | undefined {
  const name = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9._]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "")
    .slice(0, longest);
  const candidates = [name, `${name}-api`];
  return name === "" ? undefined : candidates.find((each) => nameFault(each) === undefined);
}
