/**
 * What a worker of a pool is started with. A process that was started here gets the address of
 * the server so, from its parent directly; one that an agent has started has its context.
 *
 * @module
 */
import { ProcessError } from "../../python/errors.ts";
import { Base } from "../base.ts";
import { addContext, contextOf } from "../making.ts";
import { tellSessions } from "../process/vouching.ts";
import { settingsOf, type SettingsSource } from "../settings.ts";

/** See above. */
export interface Ticket {
  /** The name of the context. */
  readonly context: string;
  /** What makes the context; null where the process has it already. */
  readonly source: SettingsSource | null;
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
export function baseOf({ context, source }: Ticket): Base {
  if (source !== null) tellSessions(context);
  const known = contextOf(context);
  if (known !== undefined) return known;
  if (source === null) {
    throw new ProcessError(`this process has no context ${JSON.stringify(context)}`);
  }
  const made = new Base(settingsOf(source));
  addContext(made);
  return made;
}
