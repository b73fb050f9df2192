/**
 * Payloads to values: the way in.
 *
 * @module
 */

import { UnpicklingError } from "../errors.ts";
import { decode, readReferences } from "../wire/codec.ts";
import type { Reviver } from "../wire/codes.ts";
import type { Payload } from "../wire/message.ts";
import { rebind } from "./bound.ts";
import { fillError, makeDOMException, makeError } from "./errors.ts";
import {
  fillContainer,
  makeByCall,
  makeContainer,
  makeInstance,
  setState,
} from "./instances.ts";
import { ReducedKind } from "./kinds.ts";
import type { Callable } from "./references.ts";
import { resolveAll } from "./resolve.ts";
import { rebuild } from "./shared.ts";

/** What {@linkcode loads} may be told. */
export interface LoadOptions {
  /** Whether modules may be loaded: only for work that a parent gives at the start. */
  mayImport?: boolean;
}

/**
 * Decodes a payload.
 *
 * @returns The value: at once where all its functions are known, else a promise.
 * @throws {UnpicklingError | AttributeError} At once or as a rejection.
 */
export function loads(
  payload: Payload,
  { mayImport = false }: LoadOptions = {},
): unknown | Promise<unknown> {
  const references = readReferences(payload);
  if (references === undefined) return decode(payload, new Loader([]));
  const callables = resolveAll(references, mayImport);
  return callables instanceof Promise
    ? callables.then((callables) => decode(payload, new Loader(callables)))
    : decode(payload, new Loader(callables));
}

/** Puts together what a Dumper took apart. */
class Loader implements Reviver {
  readonly #callables: readonly Callable[];

  constructor(callables: readonly Callable[]) {
    this.#callables = callables;
  }

  create(kind: number, head: unknown): unknown {
    switch (kind) {
      case ReducedKind.Callable:
        return this.#callable(head);
      case ReducedKind.Bound:
        return rebind(head);
      case ReducedKind.Instance:
        return makeInstance(head);
      case ReducedKind.Container:
        return makeContainer(head);
      case ReducedKind.Call:
        return makeByCall(head);
      case ReducedKind.Error:
        return makeError(head);
      case ReducedKind.Shared:
        return rebuild(...pair(head));
      case ReducedKind.DOMException:
        return makeDOMException(head);
      default:
        throw new UnpicklingError("unknown kind of object");
    }
  }

  #callable(index: unknown): Callable {
    const callable = typeof index === "number" ? this.#callables[index] : undefined;
    if (callable === undefined) throw new UnpicklingError("no such reference");
    return callable;
  }

  restore(made: unknown, kind: number, state: unknown): void {
    switch (kind) {
      case ReducedKind.Instance:
      case ReducedKind.Call:
        return setState(made, state);
      case ReducedKind.Container:
        return fillContainer(made, state);
      case ReducedKind.Error:
        return fillError(made, state);
      default:
        throw new UnpicklingError("unexpected state");
    }
  }
}

function pair(head: unknown): [unknown, unknown] {
  if (!Array.isArray(head)) throw new UnpicklingError("malformed shared object");
  return [head[0], head[1]];
}
