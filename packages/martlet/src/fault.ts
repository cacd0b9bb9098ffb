/**
 * Faults: a developer's mistakes, found before the first request, told with a code, the trail that
 * led to each, and the change that mends it.
 *
 * @module
 */

/** The codes of all faults, with what each one means. The page `docs/faults.md` lists the same. */
export const faultCodes = {
  M001: "Two routes answer the same method and path",
  M002: "A path parameter is in neither the route's path nor a prefix",
  M003: "A placeholder of the path is declared nowhere",
  M004: "Dependencies depend on each other in a circle",
  M005: "A callable declares one name twice",
  M006: "A request has two bodies",
  M007: "A longer-lived dependency uses a shorter-lived one",
  M008: "A path is malformed",
  M009: "An app-scoped dependency reads a request",
  M010: "A security dependency reads the body",
  M011: "Two routes have one operationId",
  M012: "A schema cannot be described as JSON Schema",
  M013: "A GET, HEAD or TRACE route declares a body",
  M014: "A description is none that OpenAPI or HTTP allows",
  M015: "A setting is missing or wrong",
  M016: "Something in a router is not a route",
  M017: "A package that is needed is not installed",
  M018: "A directory or file that is needed is not there",
  M019: "Credentials can be presented in too many ways",
  M020: "A socket reads a body",
  M021: "The names of a model's fields do not fit together",
  M022: "A template cannot be compiled",
  M023: "The migrations and the database do not fit together",
  M024: "A migration cannot be undone",
  M025: "A migration is malformed",
  M026: "A migration did not go through",
  M027: "A rename has to be told from a removal",
  M028: "Another process migrates for too long",
  M029: "Data of production would be lost",
  M030: "The command line cannot load what it needs",
  M031: "Pages, an order or filters cannot work as declared",
  M032: "A request makes the same statement again and again",
  M033: "A query cannot be explained",
  M034: "Nothing is known of the values of a column",
} as const;

/** The code of a fault: `"M001"`, … */
export type FaultCode = keyof typeof faultCodes;

/** What a fault tells beside its code. */
export interface FaultOptions {
  /** What led there, outermost first: `["GET /items/{id}", "currentUser", "db"]`. */
  readonly trail?: readonly string[];
  /** The change that mends it, in one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * A developer's mistake, found at start.
 *
 * @example
 * ```ts
 * import { Fault } from "martlet";
 *
 * const fault = new Fault("M001", "GET /items is declared twice", { hint: "Remove one of them." });
 * expect(fault.message).toContain("M001");
 * ```
 */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  readonly trail: readonly string[];
  readonly hint: string | undefined;

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    const { trail = [], hint, cause } = options;
    const lines = [`${code} ${message}`];
    if (trail.length > 0) lines.push(`  at ${trail.join(" > ")}`);
    if (hint !== undefined) lines.push(`  fix: ${hint}`);
    super(lines.join("\n"), cause === undefined ? undefined : { cause });
    this.code = code;
    this.trail = trail;
    this.hint = hint;
  }
}

/**
 * Everything that is wrong with an application, reported at once.
 *
 * @example
 * ```ts
 * import { Fault, Faults } from "martlet";
 *
 * const faults = new Faults([new Fault("M001", "GET /a is declared twice")]);
 * expect(faults.message).toContain("1 fault");
 * ```
 */
export class Faults extends AggregateError {
  override readonly name = "Faults";
  declare readonly errors: Fault[];

  constructor(faults: readonly Fault[]) {
    const count = `${faults.length} fault${faults.length === 1 ? "" : "s"}`;
    super(faults, `${count} found at start\n\n${faults.map((each) => each.message).join("\n\n")}`);
  }
}
