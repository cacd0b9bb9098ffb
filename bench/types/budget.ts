/**
 * What Martlet's types may cost.
 *
 * @module
 */
import type { Figures } from "./compiler.ts";
import type { Declared } from "./measure.ts";

/** The highest figures that are accepted. */
export const budget = {
  /** Instantiations of twice as many routes, over those of the routes. */
  growth: 2.1,
  /** Instantiations of a route, above what its schemas cost by themselves. */
  route: 1000,
  /**
   * CPU time of 500 routes, over that of the schemas alone in the same run: it is 2.5 seconds where
   * these take one, and a slow or busy computer is no reason to fail.
   */
  cpu: 2.5,
  /** Instantiations of a client against declarations, in all. */
  client: 20_000,
} as const;

/** What is held against the budget: each figure is there or was not measured. */
export interface Measured {
  readonly routes: number;
  readonly schemas: Figures;
  readonly app: Figures;
  /** The same with twice as many routes. */
  readonly twice?: Figures;
  readonly declared?: Declared;
}

/** Instantiations of a route, above those of its schemas. */
export function perRoute({ app, schemas, routes }: Measured): number {
  return (app.instantiations - schemas.instantiations) / routes;
}

/** Every breach of the budget and every error, one line each; empty when all is well. */
export function breaches(measured: Measured): string[] {
  const { app, twice, declared, schemas } = measured;
  const figures = [
    ["instantiations of a route above its schemas'", perRoute(measured), budget.route],
    ["growth from 500 to 1,000 routes", twice && growth(app, twice), budget.growth],
    ["CPU time of 500 routes over their schemas'", twice && app.cpu / schemas.cpu, budget.cpu],
    [
      "instantiations of the client against declarations",
      declared?.client.instantiations,
      budget.client,
    ],
  ] as const;
  const errors = [app, schemas, twice, declared, declared?.client].flatMap(
    (each) => each?.errors ?? [],
  );
  return [
    ...errors,
    ...figures.flatMap(([what, figure, limit]) =>
      // A figure that could not be read is no reason to be content.
      figure === undefined || figure <= limit ? [] : [`${what}: ${rounded(figure)} > ${limit}`],
    ),
  ];
}

/** Instantiations of twice as many routes, over those of the routes. */
export function growth(app: Figures, twice: Figures): number {
  return twice.instantiations / app.instantiations;
}

function rounded(figure: number): number {
  return Math.round(figure * 100) / 100;
}
