/**
 * What a worker of a pool is started with. Its process has the context already.
 *
 * @module
 */
import { ProcessError } from "../../python/errors.ts";
import type { Base } from "../base.ts";
import { contextOf } from "../making.ts";

/** See above. */
export interface Ticket {
  /** The name of the context. */
  readonly context: string;
  /** The pool's number, and the owner's session. */
  readonly pool: string;
  readonly owner: string;
  /** The worker's number, which is never used again. */
  readonly number: number;
  readonly maxtasks: number | null;
  /** The initializer and its arguments, as `dumps` gives them. */
  readonly begin: Uint8Array;
}

/** The context that a worker works with. */
export function baseOf({ context }: Ticket): Base {
  const known = contextOf(context);
  if (known !== undefined) return known;
  throw new ProcessError(`this process has no context ${JSON.stringify(context)}`);
}
