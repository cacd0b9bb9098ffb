/**
 * A dependency with clean-up: what follows its `yield` runs after the answer, and an error of the
 * request arrives at the `yield`.
 *
 * @module
 */
import { dependency, martlet, post, problem } from "martlet";
import { z } from "zod";

/** Balances by account: the smallest thing that can be committed or not. */
export const ledger = dependency({ scope: "app" }, () => new Map([["ann", 10]]));

/** More than there is. */
const Overdrawn = problem(409, "overdrawn", { left: z.int() });

/** A copy of the ledger that takes its place only when everything went well. */
const transaction = dependency({ use: { ledger } }, function* ({ ledger }) {
  const draft = new Map(ledger);
  yield draft;
  // An error of the request is thrown at the yield, so that this line is reached only without one.
  for (const [account, balance] of draft) ledger.set(account, balance);
});

const transfer = post(
  "/transfers",
  {
    body: z.object({ from: z.string(), to: z.string(), amount: z.int().positive() }),
    use: { transaction },
    throws: [Overdrawn],
    status: 204,
  },
  ({ body: { from, to, amount }, transaction }) => {
    transaction.set(to, (transaction.get(to) ?? 0) + amount);
    const left = transaction.get(from) ?? 0;
    if (left < amount) throw new Overdrawn({ left });
    transaction.set(from, left - amount);
  },
);

/** The application. */
export const app = martlet({ transfer });
