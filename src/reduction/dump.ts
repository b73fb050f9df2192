/**
 * Encoding: values to payloads.
 *
 * @module
 */
import { setHidden } from "../python/errors.ts";
import { culpritOf } from "../codec/prepare.ts";
import { type Place, placeOf } from "./place.ts";
import { reduceTemporal } from "./temporal.ts";
import { isError } from "../runtime/brands.ts";
import {
  encodeParts,
  encodePlain,
  isBytes,
  join,
  keep,
  type Parts,
} from "../codec/codec.ts";
import { encodeBytes, type Reducer } from "../codec/format.ts";
import { candidates, findAll, findNow } from "../functions/find.ts";
import { isMock, notFound, ofMock } from "../functions/not_found.ts";
import { type Callable, isCallable, type Reference } from "../functions/callable.ts";
import { referencesToRoot } from "../functions/places.ts";
import { knownReference } from "../functions/references.ts";
import { refuseTestFiles } from "../functions/test_files.ts";
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

/** Options of {@linkcode dumps}. */
export interface DumpOptions {
  /**
   * Collects the handles of shared objects. Only given when a process is being started:
   * otherwise such objects cannot be sent.
   */
  handles?: number[];
  /** What errors call the value: `args`. */
  name?: string;
  /** What errors say of a queue or a lock: see `DumpContext`. */
  cure?: string;
  /** The name of the host that the process which is being started is on, if that is another. */
  host?: string | null;
  /** Whether the process that gets it will import the modules of its functions. */
  isImported?: boolean;
}

/**
 * Encodes a value as it is now, in a new buffer; gives a {@linkcode PendingPayload} if the
 * module of a function must still be found.
 *
 * @throws {PicklingError | TypeError | RuntimeError | RecursionError} If it cannot be sent.
 */
export function dumps(value: unknown, options?: DumpOptions): Payload | PendingPayload {
  const isOwn = typeof value === "object" && isBytes(value);
  const plain = isOwn ? undefined : encodePlain(value);
  return plain === undefined
    ? dumpsOwn(value, options)
    : copyBytes(plainBytes(plain), 0, plain.length);
}

/** As {@linkcode dumps}, but the next call may overwrite the bytes. */
export function dumpsView(
  value: unknown,
  options?: DumpOptions,
): Payload | PendingPayload {
  const isOwn = typeof value === "object" && isBytes(value);
  return (isOwn ? undefined : encodePlain(value)) ?? dumpsOwn(value, options);
}

/** Encodes a value that is not plain, in a new buffer. */
function dumpsOwn(value: unknown, options: DumpOptions = {}): Payload | PendingPayload {
  if (isBytes(value)) return encodeBytes(value);
  const dumper = new Dumper(options);
  const { name = "", isImported = options.handles !== undefined } = options;
  let parts: Parts;
  try {
    parts = encodeParts(value, dumper);
  } catch (error) {
    throw withPlace(error, value, name);
  }
  const { callables } = dumper;
  if (callables.length === 0) return join(parts);
  const references = callables.map(knownReference);
  if (references.includes(undefined)) {
    const place = (callable: Callable) => placeOf(value, callable, name);
    const candidates = dumper.candidates();
    return new PendingPayload(keep(parts), callables, candidates, place, isImported);
  }
  if (isImported) refuseTestFiles(callables, references as Reference[]);
  return join(parts, referencesToRoot(references as Reference[]));
}

/** The error for what cannot be sent, with the place where it lies. */
function withPlace(error: unknown, value: unknown, name: string): unknown {
  const culprit = culpritOf(error);
  const path = culprit && placeOf(value, culprit.value, name)?.path;
  if (!path) return error;
  const refusal = error as Error;
  const { message, stack } = refusal;
  refusal.message = `${message} (${path})`;
  if (typeof stack === "string") {
    setHidden(refusal, "stack", stack.replace(message, () => refusal.message));
  }
  return refusal;
}

/** An encoded value that still lacks the names of some functions. */
export class PendingPayload {
  readonly #parts: Parts;
  readonly #callables: readonly Callable[];
  readonly #candidates: string[];
  readonly #isImported: boolean;
  /** Where in the value a function is; gone when that is not needed any more. */
  #placeOf: ((callable: Callable) => Place | undefined) | undefined;
  #payload: Promise<Payload> | undefined;

  /**
   * @param parts Not to be overwritten: see `keep` of codec.ts.
   * @param isImported See {@linkcode DumpOptions}.
   */
  constructor(
    parts: Parts,
    callables: readonly Callable[],
    candidates: string[],
    place: (callable: Callable) => Place | undefined,
    isImported: boolean,
  ) {
    this.#placeOf = place;
    this.#parts = parts;
    this.#callables = callables;
    this.#candidates = candidates;
    this.#isImported = isImported;
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
      if (reference === undefined) {
        throw await notFound(callable, this.#candidates, this.#placeOf?.(callable));
      }
      references.push(reference);
    }
    this.#placeOf = undefined;
    if (this.#isImported) refuseTestFiles(this.#callables, references);
    return join(this.#parts, referencesToRoot(references));
  }
}

/** Reduces the objects that the codec does not know. */
class Dumper implements Reducer, DumpContext {
  /** The functions and classes in the value, each once, in the order of the table. */
  readonly callables: Callable[] = [];
  readonly spawning: boolean;
  readonly cure: string | undefined;
  readonly host: string | null;
  readonly #handles: number[] | undefined;
  #candidates: string[] | undefined;

  constructor({ handles, cure, host = null }: DumpOptions) {
    this.cure = cure;
    this.host = host;
    this.#handles = handles;
    this.spawning = handles !== undefined;
  }

  /** The modules to search for functions; found once, as it needs the stack. */
  candidates(): string[] {
    return this.#candidates ??= candidates();
  }

  inherit(handle: number): void {
    if (!this.#handles?.includes(handle)) this.#handles?.push(handle);
  }

  reduce(value: object): Reduced {
    if (isCallable(value)) return this.#callable(value);
    if (REDUCE_SHARED in value) return reduceTransferable(value as Transferable, this);
    return reduceByHook(value) ?? reduceTemporal(value) ??
      (isError(value) ? reduceError(value) : reduceInstance(value));
  }

  #callable(callable: Callable): Reduced {
    const parts = boundParts(callable);
    if (parts !== undefined) return { kind: ReducedKind.Bound, head: parts };
    refuseThenable(callable);
    if (isMock(callable, false)) throw ofMock(callable);
    findNow(callable, () => this.candidates());
    return { kind: ReducedKind.Callable, head: this.callables.push(callable) - 1 };
  }
}
