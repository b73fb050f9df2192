/** What processes do with errors in exception_trips_test.ts. */
import {
  Empty,
  exported,
  KeyError,
  MaybeEncodingError,
  OSError,
  type Queue,
  RemoteError,
  StopIteration,
  ValueError,
} from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

/** An error with arguments and a field of its own. */
export class Refused extends ValueError {
  readonly status: number;
  constructor(reason: string, status: number) {
    super(reason, status);
    this.status = status;
  }
}

/** What goes from one process to another. */
export const ERRORS: readonly (() => Error)[] = [
  () => new ValueError("a", 1),
  () => new ValueError(),
  () => new KeyError("k"),
  () => new KeyError(1, "k"),
  () => new Empty("late", [1]),
  () => new OSError(2, "No such file or directory", "/x"),
  () => new StopIteration(7),
  () => new RemoteError("text\n"),
  () => new MaybeEncodingError(new ValueError("x"), [1]),
  () => new Refused("no", 3),
  () => new TypeError("mine"),
  () => new RangeError("far"),
];

/** Throws an error with fields that cannot be sent. */
export function failOddly(): never {
  throw Object.assign(new ValueError("odd"), { handler: () => 1 });
}

/** What is compared of them. */
export function told(error: unknown): unknown[] {
  const { name, message, args } = error as Error & { args: unknown };
  return [name, message, args];
}

export function fail(index: number): never {
  throw ERRORS[index]!();
}

export class Failing {
  fail(index: number): never {
    throw ERRORS[index]!();
  }

  failOddly(): never {
    failOddly();
  }
}

/** Sends each error back that comes, and what it has seen of it. */
export async function echo(
  q: Queue<unknown>,
  back: Queue<unknown>,
  conn: Connection,
): Promise<void> {
  for (let i = 0; i < ERRORS.length; i++) {
    const error = await q.get();
    await back.put([error, told(error)]);
    const other = await conn.recv();
    await conn.send([other, told(other)]);
  }
}

exported(import.meta, { echo, fail, Failing, failOddly, Refused });
