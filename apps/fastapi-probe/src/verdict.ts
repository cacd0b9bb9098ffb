/**
 * The verdict: how many cases agree, and whether a rule accounts for each that does not.
 *
 * @module
 */
import { type Level, levels, type Observed } from "./compare.ts";

/**
 * A deliberate difference: a rule about a kind of answer, never about single cases. It accounts for a
 * disagreement only when Martlet answers what the rule says it does.
 */
export interface Difference {
  readonly name: string;
  /** What FastAPI answers, and what Martlet answers instead. */
  readonly instead: string;
  readonly reason: string;
  /** The levels at which it accounts for a disagreement. */
  readonly levels: readonly Level[];
  readonly explains: (observed: Observed) => boolean;
}

/** How many of the cases that count agree. */
export interface Score {
  readonly equal: number;
  readonly total: number;
}

/** A disagreement that no rule accounts for. */
export interface Unexplained {
  readonly level: Level;
  readonly observed: Observed;
}

export interface Verdict {
  readonly scores: Readonly<Record<Level, Score>>;
  readonly unexplained: readonly Unexplained[];
  /** The rules, each with the cases that it accounts for. */
  readonly used: ReadonlyMap<Difference, readonly Observed[]>;
}

/** Judges observed answers by the rules. */
export function judge(all: readonly Observed[], differences: readonly Difference[]): Verdict {
  const used = new Map<Difference, Observed[]>(differences.map((each) => [each, []]));
  const unexplained: Unexplained[] = [];
  for (const observed of all) {
    const rules = differences.filter(
      (each) => isUnequal(observed, each.levels) && each.explains(observed),
    );
    for (const rule of rules) used.get(rule)?.push(observed);
    for (const level of levels) {
      const accounted = rules.some((each) => each.levels.includes(level));
      if (observed.equal[level] === false && !accounted) unexplained.push({ level, observed });
    }
  }
  const scores = Object.fromEntries(levels.map((level) => [level, score(all, level)]));
  // Each level has its score.
  return { scores: scores as Record<Level, Score>, unexplained, used };
}

function isUnequal({ equal }: Observed, among: readonly Level[]): boolean {
  return among.some((level) => equal[level] === false);
}

function score(all: readonly Observed[], level: Level): Score {
  const counted = all.filter(({ equal }) => equal[level] !== undefined);
  return { equal: counted.filter(({ equal }) => equal[level]).length, total: counted.length };
}
