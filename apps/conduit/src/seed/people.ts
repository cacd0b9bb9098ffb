/**
 * The people of the example data.
 *
 * @module
 */

/** A person of the example data. */
export interface Person {
  readonly username: string;
  readonly bio: string;
  /** The names of those whom they follow. */
  readonly follows: readonly string[];
}

/** Everybody logs in with `<username>@example.com` and this password. */
export const password = "martlet-demo";

export const people: readonly Person[] = [
  {
    username: "mira",
    bio: "Ornithologist. Counts swifts from a roof in Basel.",
    follows: ["lea", "ines", "sam"],
  },
  {
    username: "jonas",
    bio: "Databases for a living, trains for pleasure.",
    follows: ["priya", "tomas"],
  },
  {
    username: "ines",
    bio: "Baker, chemist by training. The oven is always on.",
    follows: ["lea", "mira"],
  },
  {
    username: "priya",
    bio: "Designs APIs and deletes more than she adds.",
    follows: ["jonas", "noor", "tomas"],
  },
  {
    username: "tomas",
    bio: "Keeps servers up. Dull is a compliment.",
    follows: ["jonas", "priya"],
  },
  {
    username: "lea",
    bio: "Balcony farmer with six square metres and big plans.",
    follows: ["ines", "mira"],
  },
  {
    username: "sam",
    bio: "Cellist. Solders on Sundays.",
    follows: ["noor", "mira"],
  },
  {
    username: "noor",
    bio: "Front-end developer who hides her mouse on Mondays.",
    follows: ["priya", "sam", "ines"],
  },
];
