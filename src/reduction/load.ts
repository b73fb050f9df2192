/**
 * Decoding: payloads to values.
 *
 * @module
 */

import { makeTemporal } from "./temporal.ts";
import { UnpicklingError } from "../python/errors.ts";
import { decode, readReferences } from "../codec/codec.ts";
import type { Reviver } from "../codec/format.ts";
import type { Payload } from "../wire/message.ts";
import { fillError, makeDOMException, makeError } from "./errors.ts";
import { rebind, rebuild, ReducedKind } from "./kinds.ts";
import {
  fillContainer,
  makeByCall,
  makeContainer,
  makeInstance,
  setState,
} from "./make.ts";
import { checkName, type Sender } from "./policy.ts";
import type { Callable, Reference } from "../functions/callable.ts";
import { referencesHere } from "../functions/places.ts";
import { resolveAll } from "../functions/resolve.ts";

/** Options of {@linkcode loads}. */
export interface LoadOptions {
  /** Whether it is work from this process's parent, which may load modules: policy.ts. */
  fromParent?: boolean;
}

/**
 * Decodes a payload; gives a promise if a function in it is not known yet.
 *
 * @throws {UnpicklingError | AttributeError} At once or as a rejection.
 */
export function loads(
  payload: Payload,
  { fromParent = false }: LoadOptions = {},
): unknown | Promise<unknown> {
  const named = readReferences(payload);
  const sender = fromParent ? "parent" : "other";
  if (named === undefined) return decode(payload, NAMELESS[sender]);
  const references = referencesHere(named);
  const callables = resolveAll(references, fromParent);
  const load = (callables: readonly Callable[]) =>
    decode(payload, new Loader(sender, callables, references as Reference[]));
  return callables instanceof Promise ? callables.then(load) : load(callables);
}

/** Makes the objects that a Dumper has reduced. */
class Loader implements Reviver {
  readonly #sender: Sender;
  readonly #callables: readonly Callable[];
  readonly #references: readonly Reference[];
  /** The functions that occurred in the payload so far. */
  readonly #names = new Map<Callable, Reference>();

  constructor(
    sender: Sender,
    callables: readonly Callable[],
    references: readonly Reference[],
  ) {
    this.#sender = sender;
    this.#callables = callables;
    this.#references = references;
  }

  readonly #nameOf = (callable: Callable): Reference | undefined =>
    this.#names.get(callable);

  create(kind: number, head: unknown): unknown {
    switch (kind) {
      case ReducedKind.Callable:
        return this.#callable(head);
      case ReducedKind.Bound:
        return rebind(head, this.#nameOf, this.#sender);
      case ReducedKind.Instance:
        return makeInstance(head, this.#nameOf);
      case ReducedKind.Container:
        return makeContainer(head, this.#nameOf);
      case ReducedKind.Call:
        return makeByCall(head, this.#nameOf, this.#sender);
      case ReducedKind.Error:
        return makeError(head);
      case ReducedKind.Shared:
        return rebuild(head, this.#sender);
      case ReducedKind.Temporal:
        return makeTemporal(head);
      case ReducedKind.DOMException:
        return makeDOMException(head);
      default:
        throw new UnpicklingError("unknown kind of object");
    }
  }

  #callable(index: unknown): Callable {
    const callable = typeof index === "number" ? this.#callables[index] : undefined;
    if (callable === undefined) throw new UnpicklingError("no such reference");
    const reference = this.#references[index as number]!;
    checkName(callable, reference, this.#sender);
    this.#names.set(callable, reference);
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

/** For payloads that name no function. */
const NAMELESS = {
  parent: new Loader("parent", [], []),
  other: new Loader("other", [], []),
};
