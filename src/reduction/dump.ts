/**
 * Values to payloads: the way out.
 *
 * @module
 */
import {
  encodeParts,
  encodePlain,
  isBytes,
  join,
  keep,
  type Parts,
} from "../codec/codec.ts";
import { encodeBytes, type Reducer } from "../codec/format.ts";
import { candidates, findAll, findNow, notFound } from "../functions/find.ts";
import {
  type Callable,
  isCallable,
  knownReference,
  type Reference,
} from "../functions/references.ts";
import { copyBytes, plainBytes } from "../wire/bytes.ts";
import type { Payload } from "../wire/message.ts";
import { reduceError } from "./errors.ts";
import { reduceByHook, reduceInstance, refuseThenable } from "./instances.ts";
import {
  boundParts,
  type DumpContext,
  REDUCE_SHARED,
  type Reduced,
  ReducedKind,
  reduceTransferable,
  type Transferable,
} from "./kinds.ts";

/** What {@linkcode dumps} may be told. */
export interface DumpOptions {
  /**
   * Collects the handles of shared objects. Given when a process is being started, and
   * only then may such objects be sent.
   */
  handles?: number[];
}

/**
 * Encodes a value as it is now.
 *
 * @returns Bytes of its own; a {@linkcode PendingPayload} if the module of a function
 * must still be looked for.
 * @throws {PicklingError | TypeError | RuntimeError | RecursionError} If it cannot be sent.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dumps } from "./dump.ts";
 * import { loads } from "./load.ts";
 * assertEquals(loads(dumps({ f: Math.sqrt }) as Uint8Array), { f: Math.sqrt });
 * ```
 */
export function dumps(value: unknown, options?: DumpOptions): Payload | PendingPayload {
  const plain = isBytes(value) ? undefined : encodePlain(value);
  return plain === undefined
    ? dumpsOwn(value, options)
    : copyBytes(plainBytes(plain), 0, plain.length);
}

/**
 * As {@linkcode dumps}, for one who copies the bytes at once: they may be overwritten by
 * the next call.
 */
export function dumpsView(
  value: unknown,
  options?: DumpOptions,
): Payload | PendingPayload {
  return (isBytes(value) ? undefined : encodePlain(value)) ?? dumpsOwn(value, options);
}

/** What is not plain; the bytes are nobody else's. */
function dumpsOwn(value: unknown, options: DumpOptions = {}): Payload | PendingPayload {
  if (isBytes(value)) return encodeBytes(value);
  const dumper = new Dumper(options);
  const parts = encodeParts(value, dumper);
  if (dumper.callables.length === 0) return join(parts);
  const references = dumper.callables.map(knownReference);
  if (!references.includes(undefined)) return join(parts, references as Reference[]);
  return new PendingPayload(keep(parts), dumper.callables, dumper.candidates());
}

/** A value that is encoded, but for the names of some functions. */
export class PendingPayload {
  readonly #parts: Parts;
  readonly #callables: readonly Callable[];
  readonly #candidates: string[];
  #payload: Promise<Payload> | undefined;

  /** @param parts Must be kept. */
  constructor(parts: Parts, callables: readonly Callable[], candidates: string[]) {
    this.#parts = parts;
    this.#callables = callables;
    this.#candidates = candidates;
  }

  /**
   * Finds the functions' modules.
   *
   * @throws {PicklingError} If a function is exported by none.
   */
  resolve(): Promise<Payload> {
    return this.#payload ??= this.#resolve();
  }

  async #resolve(): Promise<Payload> {
    await findAll(this.#callables, this.#candidates);
    const references: Reference[] = [];
    for (const callable of this.#callables) {
      const reference = knownReference(callable);
      if (reference === undefined) throw await notFound(callable, this.#candidates);
      references.push(reference);
    }
    return join(this.#parts, references);
  }
}

/** Takes apart what the codec does not know. */
class Dumper implements Reducer, DumpContext {
  /** The functions and classes met, each once; their order is the table's. */
  readonly callables: Callable[] = [];
  readonly spawning: boolean;
  readonly #handles: number[] | undefined;
  #candidates: string[] | undefined;

  constructor({ handles }: DumpOptions) {
    this.#handles = handles;
    this.spawning = handles !== undefined;
  }

  /** Where functions are looked for: worked out once, as the stack must be read for it. */
  candidates(): string[] {
    return this.#candidates ??= candidates();
  }

  inherit(handle: number): void {
    if (!this.#handles?.includes(handle)) this.#handles?.push(handle);
  }

  reduce(value: object): Reduced {
    if (isCallable(value)) return this.#callable(value);
    if (REDUCE_SHARED in value) return reduceTransferable(value as Transferable, this);
    return reduceByHook(value) ??
      (value instanceof Error ? reduceError(value) : reduceInstance(value));
  }

  #callable(callable: Callable): Reduced {
    const parts = boundParts(callable);
    if (parts !== undefined) return { kind: ReducedKind.Bound, head: parts };
    refuseThenable(callable);
    findNow(callable, () => this.candidates());
    return { kind: ReducedKind.Callable, head: this.callables.push(callable) - 1 };
  }
}
