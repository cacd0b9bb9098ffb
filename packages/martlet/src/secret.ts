/**
 * Secrets: texts that nothing prints by accident.
 *
 * @module
 */

const redacted = "[redacted]";
const encoder = new TextEncoder();

/**
 * A text that shows as `[redacted]` wherever it is printed: in template strings, JSON, logs and
 * `console.log`. Only {@link Secret.reveal} gives the text.
 *
 * @example
 * ```ts
 * import { Secret } from "martlet";
 *
 * const key = new Secret("hunter2");
 * expect(`${key}`).toBe("[redacted]");
 * expect(JSON.stringify({ key })).toBe('{"key":"[redacted]"}');
 * expect(key.reveal()).toBe("hunter2");
 * ```
 */
export class Secret {
  // A private field: no console, clone or serializer reaches it.
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    Object.freeze(this);
  }

  /** The text itself. Hand it to what needs it, at the last moment, and to nothing else. */
  reveal(): string {
    return this.#text;
  }

  /** Whether both hold the same text, told in a time that their lengths alone decide. */
  equals(other: Secret | string): boolean {
    const text = typeof other === "string" ? other : other.reveal();
    return sameBytes(encoder.encode(this.#text), encoder.encode(text));
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.toPrimitive](): string {
    return redacted;
  }

  static {
    // What the consoles of Node, Bun and Deno ask for.
    for (const name of ["nodejs.util.inspect.custom", "Deno.customInspect"]) {
      Object.defineProperty(this.prototype, Symbol.for(name), { value: () => redacted });
    }
  }
}

/** Looks at every byte, whether or not one differed before. */
function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0);
  return difference === 0;
}
