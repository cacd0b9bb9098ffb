/**
 * The errors that an engine makes by itself, where no driver has one.
 *
 * @module
 */

/** An error of the engine. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
}

/** More wait for a connection than there is any hope for. */
export class PoolExhausted extends EngineError {
  override readonly name = "PoolExhausted";

  constructor(waiting: number) {
    super(`${waiting} wait for a connection already`);
  }
}

/** A transaction that took longer than it may. */
export class TransactionTimeout extends EngineError {
  override readonly name = "TransactionTimeout";

  constructor(timeout: number) {
    super(`The transaction took longer than ${timeout} ms`);
  }
}

/** The client has gone, or the answer took too long: what a call still does is for nobody. */
export class CallEnded extends EngineError {
  override readonly name = "CallEnded";

  constructor(cause: unknown) {
    super("Nobody waits for the answer any more", { cause });
  }
}

/**
 * A transaction of which nobody knows whether it was committed: the connection was lost while the
 * server was asked to. It must not be tried again without looking first.
 */
export class OutcomeUnknown extends EngineError {
  override readonly name = "OutcomeUnknown";

  constructor(cause: unknown) {
    super("The connection was lost during a commit: whether it took place is not known", { cause });
  }
}

/**
 * A statement in a transaction that the database has rolled back by itself, after the error that is
 * the cause: somebody has swallowed that one, and what follows would not be part of any transaction.
 */
export class TransactionUndone extends EngineError {
  override readonly name = "TransactionUndone";

  constructor(cause: unknown) {
    super("The transaction was rolled back, for a statement in it had failed", { cause });
  }
}
